package pattern

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// The bounds of a pattern (EventBridge user guide, "Amazon EventBridge quotas", and the depth that JSON may have).
const (
	MostBytes        = 4096 // MostBytes is the largest pattern whose quota was raised; rules check the usual quota of 2,048.
	mostDepth        = 100
	mostAlternatives = 1000
)

// Pattern says which events match. It is made by Parse and never changes.
type Pattern struct {
	alternatives []*node // free of "$or": one of them must match
}

// node is what a value must be: an object with certain fields, or a leaf that passes every group of tests.
type node struct {
	names  []string // sorted
	fields map[string]*node
	leaf   [][]test // every group must hold, by one of its tests, for the same element
}

// invalid is why a text is no pattern.
type invalid struct{ reason string }

func (e *invalid) Error() string { return "Event pattern is not valid. Reason: " + e.reason }

func wrong(format string, a ...any) error { return &invalid{fmt.Sprintf(format, a...)} }

// Parse reads a pattern. The error's text is that of EventBridge's InvalidEventPatternException.
func Parse(text []byte) (*Pattern, error) {
	if len(text) > MostBytes {
		return nil, wrong("Event pattern is longer than %d characters", MostBytes)
	}
	v, err := Decode(text)
	if err != nil {
		return nil, err
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, wrong("Filter is not an object")
	}
	all, err := alternatives(object, 1)
	if err != nil {
		return nil, err
	}
	return &Pattern{all}, nil
}

// Decode reads exactly one JSON value as Matches wants it: numbers stay as they are written. The error is that of Parse.
func Decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, wrong("the text is not JSON: %v", err)
	}
	if d.More() {
		return nil, wrong("there is more after the JSON object")
	}
	return v, nil
}

// alternatives compiles an object. Its fields are all required, so the alternatives of each multiply.
func alternatives(object map[string]any, depth int) ([]*node, error) {
	if depth > mostDepth {
		return nil, wrong("Event pattern is nested too deep")
	}
	if len(object) == 0 {
		return nil, wrong("Empty objects are not allowed")
	}
	out := []*node{{fields: map[string]*node{}}}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		more, err := field(name, object[name], depth)
		if err != nil {
			return nil, err
		}
		if out, err = product(out, more); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// field compiles one field of an object into objects that have only that field.
func field(name string, value any, depth int) ([]*node, error) {
	switch v := value.(type) {
	case map[string]any:
		below, err := alternatives(v, depth+1)
		if err != nil {
			return nil, err
		}
		return wrap(name, below), nil
	case []any:
		if name == "$or" && isChoice(v) {
			return choice(v, depth)
		}
		tests, err := leaf(v)
		if err != nil {
			return nil, err
		}
		return wrap(name, []*node{{leaf: [][]test{tests}}}), nil
	}
	return nil, wrong("%q must be an object or an array", name)
}

func wrap(name string, below []*node) []*node {
	out := make([]*node, len(below))
	for i, n := range below {
		out[i] = &node{names: []string{name}, fields: map[string]*node{name: n}}
	}
	return out
}

// isChoice tells "$or" as the operator from a field of that name: it has at least two objects, none of which is a test.
func isChoice(list []any) bool {
	if len(list) < 2 {
		return false
	}
	for _, v := range list {
		object, ok := v.(map[string]any)
		if !ok || len(object) == 0 {
			return false
		}
		for _, operator := range operators() {
			if _, is := object[operator]; is {
				return false
			}
		}
	}
	return true
}

func choice(list []any, depth int) ([]*node, error) {
	var out []*node
	for _, v := range list {
		object, _ := v.(map[string]any) // isChoice has seen it
		more, err := alternatives(object, depth+1)
		if err != nil {
			return nil, err
		}
		if out = append(out, more...); len(out) > mostAlternatives {
			return nil, tooMany()
		}
	}
	return out, nil
}

func tooMany() error {
	return wrong("There are too many combinations of $or; the limit is %d", mostAlternatives)
}

// product is every pairing of one with another.
func product(a, b []*node) ([]*node, error) {
	if len(a)*len(b) > mostAlternatives {
		return nil, tooMany()
	}
	out := make([]*node, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, both(x, y))
		}
	}
	return out, nil
}

// both is the node that asks for what two ask for; a field that is an object here and a leaf there can never match.
func both(a, b *node) *node {
	out := &node{leaf: slices.Concat(a.leaf, b.leaf), fields: maps.Clone(a.fields)}
	if out.fields == nil && len(b.fields) > 0 {
		out.fields = map[string]*node{}
	}
	for _, name := range b.names {
		if have, ok := out.fields[name]; ok {
			out.fields[name] = both(have, b.fields[name])
		} else {
			out.fields[name] = b.fields[name]
		}
	}
	out.names = slices.Sorted(maps.Keys(out.fields))
	return out
}
