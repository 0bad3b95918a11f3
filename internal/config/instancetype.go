package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"berth/internal/config/tfvars"
)

var (
	instanceType = regexp.MustCompile(`^[a-z0-9-]+\.[a-z0-9-]+$`)
	// graviton is a family with a g behind its generation: t4g, m7gd, c7gn, im4gn, is4gen, hpc7g.
	graviton = regexp.MustCompile(`^[a-z]+[0-9]+[a-z0-9-]*g`)
)

// maxTypes is Auto Scaling's limit of overrides in a mixed instances policy.
const maxTypes = 40

// Arch is the architecture of an instance type, told from its family alone (EC2 User Guide, instance type names).
func Arch(instanceType string) string {
	family, _, _ := strings.Cut(instanceType, ".")
	if family == "a1" || graviton.MatchString(family) {
		return ARM
	}
	return X86
}

// types reads instance_type and arch, which have to agree.
func (s settings) types() (types []string, arch string) {
	arch = s.choice("arch")
	list, ok := s.list("instance_type")
	v := s.values["instance_type"]
	if ok && (len(v.Items) > maxTypes || v.Shape == tfvars.List && len(v.Items) == 0) {
		s.Fail(v.At, Fault{
			Code: codeTooMany, Summary: v.Path + " names " + plural(len(v.Items), "type"), Hint: "name 1 to " + strconv.Itoa(maxTypes),
		})
	}
	var legal []written
	for _, w := range list {
		if s.checkType(w, types) {
			legal = append(legal, w)
			types = append(types, w.text)
		}
	}
	if arch != X86 && arch != ARM {
		return types, s.sameArch(legal)
	}
	for _, w := range legal {
		s.checkArch(w, arch)
	}
	return types, arch
}

func (s settings) checkType(w written, before []string) bool {
	f := Fault{Code: codeType, Summary: w.Path + " cannot be " + tfvars.Quote(w.text)}
	switch {
	case strings.ContainsAny(w.text, ", "):
		f.Detail, f.Hint = "Several types are a list.", listHint(w.text)
	case !instanceType.MatchString(w.text):
		f.Detail, f.Hint = "An instance type is a family, a dot and a size.", `such as "m7i.large"`
		if lower := strings.ToLower(w.text); instanceType.MatchString(lower) {
			f.Hint = "write " + tfvars.Quote(lower)
		}
	case slices.Contains(before, w.text):
		f.Code, f.Summary, f.Hint = tfvars.CodeTwice, w.Path+" "+tfvars.Quote(w.text)+" is named twice", "name each type once"
	default:
		return true
	}
	s.Fail(w.At, f)
	return false
}

// sameArch derives the architecture from the types, which must all have the first one's.
func (s settings) sameArch(types []written) string {
	if len(types) == 0 {
		return X86
	}
	arch := Arch(types[0].text)
	for _, w := range types {
		if Arch(w.text) != arch {
			s.Fail(w.At, Fault{
				Code: codeMixedArch, Summary: w.Path + " " + tfvars.Quote(w.text) + " is " + Arch(w.text) + ", and " + tfvars.Quote(types[0].text) + " is " + arch,
				Detail: "All instances of a group start from one image.", Hint: "move it to a group of its own in instance_groups",
			})
		}
	}
	return arch
}

func (s settings) checkArch(w written, arch string) {
	if Arch(w.text) == arch {
		return
	}
	at, v := w.At, s.values["arch"]
	if at.IsDefault() {
		at = v.At
	}
	s.Fail(at, Fault{
		Code: codeArch, Summary: tfvars.Quote(w.text) + " is " + Arch(w.text) + ", and " + v.Path + " is " + arch,
		Hint: "leave arch out: it follows from the types\nor choose " + arch + " types",
	})
}
