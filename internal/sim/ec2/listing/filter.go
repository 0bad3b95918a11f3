package listing

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/world"
)

// field gives the values that a row has under a filter's name, and false for a name that its kind does not know.
type field func(name string) ([]string, bool)

// Fields are the filters that a kind of resource knows: name to the values of a row. Every function must bear the
// zero row, which is how names are checked when a region has none.
type Fields[T any] map[string]func(*T) []string

// of is what one row answers to filters.
func (f Fields[T]) of(row *T) field {
	return func(name string) ([]string, bool) {
		values, ok := f[name]
		if !ok {
			return nil, false
		}
		return values(row), true
	}
}

// Sift keeps the rows that every filter matches. An unknown filter name is refused even when there is no row.
func Sift[T any](rows iter.Seq[*T], filters []types.Filter, known Fields[T], tags func(*T) world.Tags) ([]*T, error) {
	if _, err := match(filters, nil, known.of(new(T))); err != nil {
		return nil, err
	}
	var out []*T
	for row := range rows {
		ok, err := match(filters, tags(row), known.of(row))
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, row)
		}
	}
	return out, nil
}

// match tells whether a row passes every filter: names are joined by and, the values of one by or; values may hold the
// wildcards * and ?. tag:KEY and tag-key work for every kind (EC2 API reference, "Filter").
func match(filters []types.Filter, tags world.Tags, value field) (bool, error) {
	all := true
	for _, f := range filters {
		name := aws.ToString(f.Name)
		if name == "" {
			return false, Missing("Filter.Name")
		}
		have, ok := tagValues(name, tags)
		if !ok {
			have, ok = value(name)
		}
		if !ok {
			return false, Invalid("The filter '%s' is invalid", name)
		}
		all = all && anyMatches(f.Values, have)
	}
	return all, nil
}

// tagValues answers the filters that every kind has.
func tagValues(name string, tags world.Tags) ([]string, bool) {
	if name == "tag-key" {
		out := make([]string, 0, len(tags))
		for _, t := range tags {
			out = append(out, t.Key)
		}
		return out, true
	}
	key, ok := strings.CutPrefix(name, "tag:")
	if !ok {
		return nil, false
	}
	if v, found := tags.Get(key); found {
		return []string{v}, true
	}
	return nil, true
}

func anyMatches(patterns, values []string) bool {
	for _, p := range patterns {
		if slices.ContainsFunc(values, func(v string) bool { return like(p, v) }) {
			return true
		}
	}
	return false
}

// like compares a value with a pattern: * is any run of bytes, ? any one, and a backslash takes the next as it is.
func like(pattern, value string) bool {
	if !strings.ContainsAny(pattern, `*?\`) {
		return pattern == value
	}
	p, v, star, resume := 0, 0, -1, 0
	for v < len(value) {
		width, wild := step(pattern[p:])
		switch {
		case wild == '*':
			star, resume = p, v
			p++
		case width > 0 && (wild == '?' || pattern[p+width-1] == value[v]):
			p, v = p+width, v+1
		case star >= 0:
			resume++
			p, v = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// step reads one element of a pattern: how many bytes it takes, and the wildcard it is, or 0.
func step(pattern string) (width int, wild byte) {
	switch {
	case pattern == "":
		return 0, 0
	case pattern[0] == '\\' && len(pattern) > 1:
		return 2, 0
	case pattern[0] == '*' || pattern[0] == '?':
		return 1, pattern[0]
	default:
		return 1, 0
	}
}

// One is a filter's single value, or none for an empty one.
func One[S ~string](v S) []string {
	if v == "" {
		return nil
	}
	return []string{string(v)}
}

// Yes is a filter's value for a flag.
func Yes(v bool) []string { return []string{strconv.FormatBool(v)} }

// Number is a filter's value for a count or a port.
func Number[N ~int | ~int32 | ~int64](v N) []string { return []string{strconv.FormatInt(int64(v), 10)} }

// Moment is a filter's value for a time, as the API prints it.
func Moment(t time.Time) []string {
	if t.IsZero() {
		return nil
	}
	return []string{t.UTC().Format("2006-01-02T15:04:05.000Z")}
}
