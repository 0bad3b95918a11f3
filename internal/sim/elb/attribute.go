package elb

import (
	"strconv"
	"strings"
)

// attribute is one setting of a load balancer, target group or listener: its default, and what it may be set to, as
// alternatives "a|b", each a word, a range "1..60", "bool", or "*" for any text.
type attribute struct{ key, usual, rule string }

// allows tells whether the attribute takes a value.
func (a attribute) allows(value string) bool {
	for rule := range strings.SplitSeq(a.rule, "|") {
		switch low, high, isRange := strings.Cut(rule, ".."); {
		case rule == "*", rule == value:
			return true
		case rule == "bool":
			if value == "true" || value == "false" {
				return true
			}
		case isRange && inRange(value, low, high):
			return true
		}
	}
	return false
}

func inRange(value, low, high string) bool {
	n, err := strconv.Atoi(value)
	if err != nil {
		return false
	}
	l, _ := strconv.Atoi(low) // the tables hold numbers
	h, _ := strconv.Atoi(high)
	return l <= n && n <= h
}

// setting is an attribute and its value.
type setting struct{ key, value string }

// settings lists all attributes of a table with what was set, in the table's order.
func settings(table []attribute, set map[string]string) []setting {
	out := make([]setting, 0, len(table))
	for _, a := range table {
		v, ok := set[a.key]
		if !ok {
			v = a.usual
		}
		out = append(out, setting{a.key, v})
	}
	return out
}

// change checks new settings against a table and gives the whole set with them; owner is what refusals call the thing.
func change(table []attribute, set map[string]string, owner string, changes []setting) (map[string]string, error) {
	out := make(map[string]string, len(set)+len(changes))
	for _, s := range settings(table, set) {
		if _, ok := set[s.key]; ok {
			out[s.key] = s.value
		}
	}
	for _, s := range changes {
		a, ok := attributeBy(table, s.key)
		if !ok {
			return nil, invalid("%s attribute key '%s' is not recognized", owner, s.key)
		}
		if !a.allows(s.value) {
			return nil, invalid("%s attribute value '%s' is not valid for key '%s'", owner, s.value, s.key)
		}
		out[s.key] = s.value
	}
	return out, nil
}

func attributeBy(table []attribute, key string) (attribute, bool) {
	for _, a := range table {
		if a.key == key {
			return a, true
		}
	}
	return attribute{}, false
}

// get is the value of one attribute, set or usual.
func get(table []attribute, set map[string]string, key string) string {
	if v, ok := set[key]; ok {
		return v
	}
	a, _ := attributeBy(table, key)
	return a.usual
}
