package pattern

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// gone is what a choice leaves of an empty array.
type gone struct{}

// choices are all ways to replace every array of a value by one of its elements.
func choices(v any) []any {
	switch x := v.(type) {
	case []any:
		if len(x) == 0 {
			return []any{gone{}}
		}
		var out []any
		for _, e := range x {
			out = append(out, choices(e)...)
		}
		return out
	case map[string]any:
		out := []any{map[string]any{}}
		for k, below := range x { // unordered: a test that only asks whether one of all fits
			var next []any
			for _, had := range out {
				for _, c := range choices(below) {
					m := map[string]any{k: c}
					maps.Copy(m, had.(map[string]any))
					next = append(next, m)
				}
			}
			out = next
		}
		return out
	}
	return []any{v}
}

// slowly is a second implementation: every choice of the event against the pattern as it is written.
func slowly(pattern, event any) bool {
	for _, c := range choices(event) {
		if fits(pattern.(map[string]any), c) {
			return true
		}
	}
	return false
}

func fits(pattern map[string]any, v any) bool {
	object, _ := v.(map[string]any)
	for name, want := range pattern { // unordered: all must hold
		if name == "$or" {
			some := false
			for _, alternative := range want.([]any) {
				some = some || fits(alternative.(map[string]any), v)
			}
			if !some {
				return false
			}
			continue
		}
		value, there := object[name]
		if _, isGone := value.(gone); isGone {
			there = false
		}
		if below, ok := want.(map[string]any); ok {
			if !fits(below, value) {
				return false
			}
			continue
		}
		_, isObject := value.(map[string]any)
		some := false
		for _, one := range want.([]any) {
			some = some || holds(one, value, there && !isObject)
		}
		if !some {
			return false
		}
	}
	return true
}

func holds(one, value any, there bool) bool {
	filter, ok := one.(map[string]any)
	if !ok {
		return there && fmt.Sprintf("%T %v", one, one) == fmt.Sprintf("%T %v", value, value)
	}
	if e, ok := filter["exists"]; ok {
		return e.(bool) == there
	}
	if but, ok := filter["anything-but"]; ok {
		list, isList := but.([]any)
		if !isList {
			list = []any{but}
		}
		for _, b := range list {
			if holds(b, value, there) {
				return false
			}
		}
		return there
	}
	if !there {
		return false
	}
	if list, ok := filter["numeric"]; ok {
		return within(list.([]any), value)
	}
	text, isText := value.(string)
	for operator, argument := range filter { // unordered: there is one
		if object, ok := argument.(map[string]any); ok {
			argument, text = strings.ToLower(object["equals-ignore-case"].(string)), strings.ToLower(text)
		}
		return isText && says(operator, argument.(string), text)
	}
	return false
}

func within(ops []any, value any) bool {
	n, isNumber := value.(json.Number)
	f, _ := n.Float64()
	for ; isNumber && len(ops) > 1; ops = ops[2:] {
		bound, _ := ops[1].(json.Number).Float64()
		if !map[string]bool{"=": f == bound, "<": f < bound, "<=": f <= bound, ">": f > bound, ">=": f >= bound}[ops[0].(string)] {
			return false
		}
	}
	return isNumber
}

func says(operator, want, text string) bool {
	if operator == "cidr" {
		address, err := netip.ParseAddr(text)
		return err == nil && netip.MustParsePrefix(want).Contains(address)
	}
	quoted := regexp.QuoteMeta(want)
	return regexp.MustCompile(map[string]string{
		"prefix": "(?s)^" + quoted, "suffix": "(?s)" + quoted + "$", "equals-ignore-case": "(?i)^" + quoted + "$",
		"wildcard": "(?s)^" + strings.ReplaceAll(quoted, `\*`, ".*") + "$",
	}[operator]).MatchString(text)
}

var scalars = rapid.OneOf(
	rapid.SampledFrom([]any{"a", "A", "ab", "aba", "10.0.0.1", "", nil, true, false}),
	rapid.Map(rapid.SampledFrom([]string{"0", "1", "1.0", "5", "-3"}), func(s string) any { return json.Number(s) }),
)

func eventValue(depth int) *rapid.Generator[any] {
	if depth == 0 {
		return scalars
	}
	return rapid.OneOf(scalars,
		rapid.Map(rapid.SliceOfN(rapid.Deferred(func() *rapid.Generator[any] { return eventValue(depth - 1) }), 0, 2), func(l []any) any { return l }),
		rapid.Map(eventObject(depth-1), func(m map[string]any) any { return m }))
}

func eventObject(depth int) *rapid.Generator[map[string]any] {
	return rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c"}), rapid.Deferred(func() *rapid.Generator[any] { return eventValue(depth) }), 0, 3)
}

var tests = rapid.OneOf(scalars, rapid.Map(rapid.SampledFrom([]string{
	`{"exists":true}`, `{"exists":false}`, `{"prefix":"a"}`, `{"prefix":{"equals-ignore-case":"AB"}}`, `{"suffix":"a"}`,
	`{"suffix":{"equals-ignore-case":"A"}}`, `{"equals-ignore-case":"a"}`, `{"wildcard":"a*a"}`, `{"wildcard":"*b*"}`,
	`{"cidr":"10.0.0.0/8"}`, `{"numeric":["=",1]}`, `{"numeric":[">",0,"<=",5]}`, `{"numeric":["<",1]}`, `{"numeric":[">=",1]}`,
	`{"anything-but":"a"}`, `{"anything-but":["a","ab"]}`, `{"anything-but":1}`, `{"anything-but":{"prefix":"a"}}`,
	`{"anything-but":{"suffix":"a"}}`, `{"anything-but":{"equals-ignore-case":"a"}}`, `{"anything-but":{"wildcard":"*b*"}}`,
}), func(s string) any {
	v, _ := Decode([]byte(s))
	return v
}))

func patternObject(depth int, or bool) *rapid.Generator[map[string]any] {
	return rapid.Custom(func(t *rapid.T) map[string]any {
		leaves := rapid.Map(rapid.SliceOfN(tests, 1, 2), func(l []any) any { return l })
		value := leaves
		if depth > 0 {
			value = rapid.OneOf(leaves, rapid.Map(patternObject(depth-1, or), func(m map[string]any) any { return m }))
		}
		out := rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c"}), value, 1, 2).Draw(t, "fields")
		if or && depth > 0 && rapid.Bool().Draw(t, "or") {
			list := rapid.SliceOfN(patternObject(depth-1, or), 2, 2).Draw(t, "alternatives")
			out["$or"] = []any{list[0], list[1]}
		}
		return out
	})
}

func TestMatchesAgreesWithASlowSecondImplementation(t *testing.T) {
	seen := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		written := patternObject(2, true).Draw(t, "pattern")
		text, err := json.Marshal(written)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for _, event := range rapid.SliceOfN(eventObject(2), 20, 20).Draw(t, "events") { // few match
			want := slowly(any(written), any(event))
			seen[want]++
			if got := p.Matches(event); got != want {
				said, _ := json.Marshal(event)
				t.Fatalf("%s on %s: %t, slowly %t", text, said, got, want)
			}
		}
	})
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("the property saw only one answer: %v", seen)
	}
}
