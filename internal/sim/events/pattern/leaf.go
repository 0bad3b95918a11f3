package pattern

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
)

// test is one element of a leaf's array. It sees a string, a json.Number, a bool, nil or absent.
type test func(v any) bool

// operators are the names of the content filters (EventBridge user guide, "Comparison operators for use in event patterns").
func operators() []string {
	return []string{"anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard"}
}

// leaf compiles the array of a field.
func leaf(list []any) ([]test, error) {
	if len(list) == 0 {
		return nil, wrong("Empty arrays are not allowed")
	}
	out := make([]test, len(list))
	for i, v := range list {
		t, err := element(v)
		if err != nil {
			return nil, err
		}
		out[i] = t
	}
	return out, nil
}

func element(v any) (test, error) {
	switch x := v.(type) {
	case map[string]any:
		return filter(x)
	case []any:
		return nil, wrong("Match value must be String, number, true, false, or null")
	default:
		return func(v any) bool { return v == x }, nil // absent equals nothing that JSON has
	}
}

// filter compiles {"operator": argument}.
func filter(object map[string]any) (test, error) {
	if len(object) != 1 {
		return nil, wrong("Only one key allowed in match expression")
	}
	for operator, argument := range object { // unordered: there is one
		switch operator {
		case "exists":
			return exists(argument)
		case "numeric":
			return numeric(argument)
		case "cidr":
			return cidr(argument)
		case "anything-but":
			return anythingBut(argument)
		}
		return words(operator, argument)
	}
	return nil, wrong("Empty objects are not allowed")
}

func exists(argument any) (test, error) {
	want, ok := argument.(bool)
	if !ok {
		return nil, wrong("exists match pattern must be either true or false.")
	}
	return func(v any) bool {
		_, missing := v.(absent)
		return missing != want
	}, nil
}

// cidr takes IPv4 and IPv6 blocks, and single addresses.
func cidr(argument any) (test, error) {
	text, ok := argument.(string)
	if !ok {
		return nil, wrong("prefix match pattern must be a string")
	}
	if address, err := netip.ParseAddr(text); err == nil {
		return onText(func(s string) bool { other, err := netip.ParseAddr(s); return err == nil && other == address }), nil
	}
	block, err := netip.ParsePrefix(text)
	if err != nil {
		return nil, wrong("Malformed CIDR, one '/' required")
	}
	return onText(func(s string) bool {
		address, err := netip.ParseAddr(s)
		return err == nil && block.Contains(address)
	}), nil
}

// words compiles the operators on strings.
func words(operator string, argument any) (test, error) {
	is, err := compare(operator, argument)
	if err != nil {
		return nil, err
	}
	return onText(is), nil
}

func onText(is func(string) bool) test {
	return func(v any) bool {
		s, ok := v.(string)
		return ok && is(s)
	}
}

// compare compiles an operator on strings; prefix and suffix also come without regard to case.
func compare(operator string, argument any) (func(string) bool, error) {
	if !slices.Contains([]string{"prefix", "suffix", "equals-ignore-case", "wildcard"}, operator) {
		return nil, wrong("Unrecognized match type %s", operator)
	}
	text, fold, err := wanted(operator, argument)
	if err != nil {
		return nil, err
	}
	switch operator {
	case "prefix":
		return func(s string) bool {
			return strings.HasPrefix(s, text) || fold && len(s) >= len(text) && strings.EqualFold(s[:len(text)], text)
		}, nil
	case "suffix":
		return func(s string) bool {
			return strings.HasSuffix(s, text) || fold && len(s) >= len(text) && strings.EqualFold(s[len(s)-len(text):], text)
		}, nil
	case "equals-ignore-case":
		return func(s string) bool { return strings.EqualFold(s, text) }, nil
	}
	return wildcard(text)
}

// wanted is the text that an operator compares with, and whether case does not matter.
func wanted(operator string, argument any) (text string, fold bool, err error) {
	if object, ok := argument.(map[string]any); ok && (operator == "prefix" || operator == "suffix") {
		if argument, fold = object["equals-ignore-case"]; !fold || len(object) != 1 {
			return "", false, wrong("Unrecognized match type in %s", operator)
		}
	}
	text, ok := argument.(string)
	if !ok {
		return "", false, wrong("%s match pattern must be a string", operator)
	}
	return text, fold, nil
}

// anythingBut holds for values that are there and none of those named.
func anythingBut(argument any) (test, error) {
	switch x := argument.(type) {
	case map[string]any:
		return butWords(x)
	case []any:
		return butAny(x)
	case string, json.Number:
		return butAny([]any{x})
	}
	return nil, wrong("Value of anything-but must be an array or single string/number value.")
}

// butAny takes a list of strings only, or of numbers only.
func butAny(list []any) (test, error) {
	if len(list) == 0 {
		return nil, wrong("Empty arrays are not allowed")
	}
	_, texts := list[0].(string)
	for _, v := range list {
		_, isText := v.(string)
		_, isNumber := v.(json.Number)
		if !isText && !isNumber || isText != texts {
			return nil, wrong("Inside anything but list, either all values are number or string, mixed type is not supported")
		}
	}
	return func(v any) bool {
		_, missing := v.(absent)
		return !missing && !slices.Contains(list, v)
	}, nil
}

// butWords takes an operator on strings, whose argument may be a list.
func butWords(object map[string]any) (test, error) {
	if len(object) != 1 {
		return nil, wrong("Only one key allowed in match expression")
	}
	var not []func(string) bool
	for operator, argument := range object { // unordered: there is one
		list, ok := argument.([]any)
		if !ok {
			list = []any{argument}
		}
		if len(list) == 0 {
			return nil, wrong("Empty arrays are not allowed")
		}
		for _, one := range list {
			is, err := compare(operator, one)
			if err != nil {
				return nil, err
			}
			not = append(not, is)
		}
	}
	return func(v any) bool {
		s, isText := v.(string)
		_, missing := v.(absent)
		return !missing && !(isText && slices.ContainsFunc(not, func(is func(string) bool) bool { return is(s) }))
	}, nil
}
