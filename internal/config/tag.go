package config

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"berth/internal/config/tfvars"
)

var (
	// tagText is what every service takes (AWS General Reference, Tagging best practices).
	tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
	// attributeName and attributeText follow the Amazon ECS API reference, Attribute.
	attributeName = regexp.MustCompile(`^[a-zA-Z0-9_./\\-]{1,128}$`)
	attributeText = regexp.MustCompile(`^([a-zA-Z0-9_.@:/\\-]([a-zA-Z0-9_.@:/\\ -]*[a-zA-Z0-9_.@:/\\-])?)?$`)
)

// maxTags leaves ten of AWS's fifty to berth.
const maxTags = 40

// pairs reads a map of text, sorted by key, and hands each entry to a check.
func (s settings) pairs(name string, check func(e tfvars.Entry, text string)) []Tag {
	entries := s.table(name)
	var out []Tag
	for _, e := range entries {
		text, ok := s.asText(e.Value)
		if !ok {
			continue
		}
		check(e, text)
		out = append(out, Tag{e.Key, text})
	}
	slices.SortFunc(out, func(a, b Tag) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// tags reads tags. IAM compares keys without regard to case, so they must differ, and keep off ours, without it.
func (s settings) tags() []Tag {
	first := map[string]tfvars.Entry{}
	out := s.pairs("tags", func(e tfvars.Entry, text string) {
		folded := strings.ToLower(e.Key)
		if other, twice := first[folded]; twice {
			s.Fail(e.At, Fault{
				Code: tfvars.CodeTwice, Summary: "the tags " + tfvars.Quote(other.Key) + " and " + tfvars.Quote(e.Key) + " differ only in case",
				Detail: "IAM takes them for one.", Hint: "keep one of the two",
			})
		}
		first[folded] = e
		s.checkTag(e, text)
	})
	if len(out) > maxTags {
		s.Fail(s.values["tags"].At, Fault{
			Code: codeTooMany, Summary: "tags has " + strconv.Itoa(len(out)) + " entries, and " + strconv.Itoa(maxTags) + " are possible",
			Detail: "AWS allows 50 on a resource, of which berth needs ten.", Hint: "take " + strconv.Itoa(len(out)-maxTags) + " away",
		})
	}
	return out
}

func (s settings) checkTag(e tfvars.Entry, text string) {
	f := Fault{Code: codeIllegalText, Summary: "the tag " + tfvars.Quote(e.Key)}
	at := e.At
	switch {
	case isReservedTag(e.Key):
		f.Code, f.Summary = codeReserved, f.Summary+" is reserved"
		f.Detail = "AWS or berth sets it: Name, Environment, Cluster, InstanceGroup, AmazonECSManaged, aws:… and berth:…, in any case."
		f.Hint = "choose another key"
	case e.Key == "" || utf8.RuneCountInString(e.Key) > 128 || !tagText.MatchString(e.Key):
		f.Summary += " has no legal key"
		f.Hint = "1 to 128 letters, digits, spaces and _ . : / = + - @"
	case utf8.RuneCountInString(text) > 256 || !tagText.MatchString(text):
		at, f.Summary = e.Value.At, f.Summary+" has no legal value"
		f.Hint = "at most 256 letters, digits, spaces and _ . : / = + - @"
	default:
		return
	}
	s.Fail(at, f)
}

func isReservedTag(key string) bool {
	key = strings.ToLower(key)
	return strings.HasPrefix(key, "aws:") || strings.HasPrefix(key, "berth:") ||
		slices.Contains([]string{"name", "environment", "cluster", "instancegroup", "amazonecsmanaged"}, key)
}

// attributes reads the ECS attributes of a group's instances.
func (s settings) attributes() []Tag {
	return s.pairs("attributes", func(e tfvars.Entry, text string) {
		f := Fault{Code: codeIllegalText, Summary: "the attribute " + tfvars.Quote(e.Key)}
		at, lower := e.At, strings.ToLower(e.Key)
		switch {
		case strings.HasPrefix(lower, "ecs.") || strings.HasPrefix(lower, "com.amazonaws.") || strings.HasPrefix(lower, "berth."):
			f.Code, f.Summary, f.Hint = codeReserved, f.Summary+" is reserved", "choose a name that does not begin with ecs., com.amazonaws. or berth."
		case !attributeName.MatchString(e.Key):
			f.Summary, f.Hint = f.Summary+" has no legal name", `1 to 128 letters, digits and _ - . / \`
		case len(text) > 128 || !attributeText.MatchString(text):
			at, f.Summary = e.Value.At, f.Summary+" has no legal value"
			f.Hint = `at most 128 letters, digits, spaces and _ - . @ : / \, no space at either end`
		default:
			return
		}
		s.Fail(at, f)
	})
}
