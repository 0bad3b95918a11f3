package policy

import (
	"maps"
	"slices"
	"strings"
)

// compare tells whether a value of the context is what a condition says.
type compare func(said, value string) bool

// comparison finds a condition operator; negated ones hold when no value is equal (IAM user guide, "IAM JSON policy elements:
// Condition operators").
func comparison(operator string) (is compare, negated, ok bool) {
	switch strings.TrimSuffix(operator, "IfExists") {
	case "StringEquals":
		return equal, false, true
	case "StringNotEquals":
		return equal, true, true
	case "StringEqualsIgnoreCase", "Bool":
		return strings.EqualFold, false, true
	case "StringNotEqualsIgnoreCase":
		return strings.EqualFold, true, true
	case "StringLike":
		return like, false, true
	case "StringNotLike":
		return like, true, true
	case "ArnEquals", "ArnLike":
		return arnLike, false, true
	case "ArnNotEquals", "ArnNotLike":
		return arnLike, true, true
	case "Null":
		return nil, false, operator == "Null"
	}
	return nil, false, false
}

func equal(said, value string) bool { return said == value }

// holds tells whether all conditions of a statement hold.
func (s statement) holds(r Request) bool {
	for operator, keys := range s.Condition { // unordered: all must hold
		for key, said := range keys { // unordered: all must hold
			if !one(operator, said, r.find(key)) {
				return false
			}
		}
	}
	return true
}

// find looks a key of the context up; their case does not matter.
func (r Request) find(key string) *string {
	v, ok := r.Context[key]
	if !ok && r.Key != nil {
		v, ok = r.Key(key)
	}
	if ok {
		return &v
	}
	for _, k := range slices.Sorted(maps.Keys(r.Context)) {
		if strings.EqualFold(k, key) {
			v := r.Context[k]
			return &v
		}
	}
	return nil
}

// one tells whether one condition on one key holds. A key that is not there makes a condition fail, unless it is negated or
// ends in IfExists.
func one(operator string, said words, value *string) bool {
	if operator == "Null" {
		return slices.ContainsFunc(said, func(s string) bool { return strings.EqualFold(s, "true") == (value == nil) })
	}
	is, negated, _ := comparison(operator)
	if value == nil {
		return negated || strings.HasSuffix(operator, "IfExists")
	}
	return negated != slices.ContainsFunc(said, func(s string) bool { return is(s, *value) })
}

// arnLike compares two ARNs part by part; wildcards do not reach over the first five colons.
func arnLike(said, value string) bool {
	a, b := strings.SplitN(said, ":", 6), strings.SplitN(value, ":", 6)
	if len(a) != len(b) {
		return said == "*"
	}
	for i := range a {
		if !like(a[i], b[i]) {
			return false
		}
	}
	return true
}

// like tells whether a text fits a pattern: a star is any text, a question mark any character.
func like(pattern, text string) bool {
	star, back := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, back = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p, t = p+1, t+1
		case star >= 0:
			back++
			p, t = star+1, back
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
