package pattern

import "encoding/json"

// absent stands for a field that the event does not have.
type absent struct{}

// Matches tells whether an event, as encoding/json reads one into an any, matches. Numbers compare by how they are written,
// so they should be read with UseNumber (EventBridge user guide, "Creating event patterns").
func (p *Pattern) Matches(event any) bool {
	if _, ok := event.(map[string]any); !ok {
		return false
	}
	for _, n := range p.alternatives {
		if n.matches(event, mostDepth*2) {
			return true
		}
	}
	return false
}

// MatchesJSON is Matches for an event's text; text that is no JSON matches nothing.
func (p *Pattern) MatchesJSON(event []byte) bool {
	v, err := Decode(event)
	return err == nil && p.Matches(v)
}

// matches looks at one value. Of an array one element must do; what is asked of its fields is asked of the same element. An
// empty array is no value at all. What is deeper than left is not looked at.
func (n *node) matches(v any, left int) bool {
	list, ok := v.([]any)
	switch {
	case left == 0:
		return false
	case ok && len(list) == 0:
		return n.one(absent{}, left-1)
	case !ok:
		return n.one(v, left-1)
	}
	for _, element := range list {
		if n.matches(element, left-1) {
			return true
		}
	}
	return false
}

// one looks at a value that is no array.
func (n *node) one(v any, left int) bool {
	for _, group := range n.leaf {
		if !passes(group, v) {
			return false
		}
	}
	object, _ := v.(map[string]any)
	for _, name := range n.names {
		value, ok := object[name]
		if !ok {
			value = absent{}
		}
		if !n.fields[name].matches(value, left) {
			return false
		}
	}
	return true
}

// passes tells whether one of the tests holds. An object is no leaf: for a test it is not there.
func passes(group []test, v any) bool {
	switch x := v.(type) {
	case map[string]any:
		v = absent{}
	case float64:
		b, err := json.Marshal(x)
		if err != nil {
			return false // it is no number that JSON knows
		}
		v = json.Number(b)
	}
	for _, t := range group {
		if t(v) {
			return true
		}
	}
	return false
}
