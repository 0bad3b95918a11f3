package transform

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// path is a JSON path as EventBridge reads it: dots, names in brackets, indices, and wildcards.
type path []step

// step is a field, an element, or with all every one of them.
type step struct {
	field string
	index int // of an array; -1 for a field
	all   bool
}

// parsePath reads a path that begins with $.
func parsePath(text string) (path, error) {
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return nil, fmt.Errorf("Invalid JSON path: %s", text) //nolint:staticcheck // part of AWS's sentence
	}
	var out path
	for rest != "" {
		s, more, ok := next(rest)
		if !ok {
			return nil, fmt.Errorf("Invalid JSON path: %s", text) //nolint:staticcheck // part of AWS's sentence
		}
		out, rest = append(out, s), more
	}
	return out, nil
}

// next cuts the first step off.
func next(text string) (s step, rest string, ok bool) {
	if inner, found := strings.CutPrefix(text, "["); found {
		inside, rest, closed := strings.Cut(inner, "]")
		s, ok := bracket(inside)
		return s, rest, closed && ok
	}
	name, found := strings.CutPrefix(text, ".")
	end := strings.IndexAny(name, ".[")
	if end < 0 {
		end = len(name)
	}
	name, rest = name[:end], name[end:]
	if name == "*" {
		return step{all: true}, rest, found
	}
	return step{field: name, index: -1}, rest, found && name != "" && !strings.ContainsAny(name, "]'\"*?@() ")
}

// bracket reads what stands between brackets.
func bracket(text string) (step, bool) {
	if text == "*" {
		return step{all: true}, true
	}
	if n := len(text); n > 2 && (text[0] == '\'' || text[0] == '"') && text[n-1] == text[0] {
		return step{field: text[1 : n-1], index: -1}, true
	}
	i, err := strconv.Atoi(text)
	return step{index: i}, err == nil && i >= 0
}

// find takes what the path leads to; of a wildcard that is a list.
func (p path) find(v any) (any, bool) {
	for i, s := range p {
		if s.all {
			return p[i+1:].each(v)
		}
		ok := false
		if list, isList := v.([]any); isList && s.index >= 0 {
			if ok = s.index < len(list); ok {
				v = list[s.index]
			}
		} else if object, isObject := v.(map[string]any); isObject && s.index < 0 {
			v, ok = object[s.field]
		}
		if !ok {
			return nil, false
		}
	}
	return v, true
}

// each takes what the path leads to from every element of a list, or every field of an object.
func (p path) each(v any) (any, bool) {
	var all []any
	switch x := v.(type) {
	case []any:
		all = x
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(x)) {
			all = append(all, x[k])
		}
	default:
		return nil, false
	}
	found := []any{}
	for _, e := range all {
		if below, ok := p.find(e); ok {
			found = append(found, below)
		}
	}
	return found, true
}
