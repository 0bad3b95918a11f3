// Package toml reads and writes TOML 1.0, in which Bottlerocket takes its settings.
//
// In: a text. Out: its tables, or the first fault with its place; and the other way round a text that every reader of TOML
// takes for the same tables. It knows no setting, and it refuses what no setting is: dates, infinities, what is no number.
package toml

import (
	"fmt"
	"maps"
	"slices"
)

// Table is a table by key. Its values are string, int64, float64, bool, Table, and []any of these.
type Table map[string]any

// Fault says where and why a text is no TOML. Line and Column count from 1, columns in characters.
type Fault struct {
	Line, Column int
	Text         string
}

// Error is the place and the reason.
func (f *Fault) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", f.Line, f.Column, f.Text)
}

// Keys are a table's keys in order.
func (t Table) Keys() []string { return slices.Sorted(maps.Keys(t)) }

// Find is the value that lies under a path of keys, and whether there is one.
func (t Table) Find(path ...string) (any, bool) {
	var at any = t
	for _, key := range path {
		inner, is := at.(Table)
		if !is {
			return nil, false
		}
		if at, is = inner[key]; !is {
			return nil, false
		}
	}
	return at, true
}

// Over lays a table over another: tables are joined, and of two values the upper one's holds. Neither is changed.
func (t Table) Over(base Table) Table {
	out := maps.Clone(base)
	if out == nil {
		out = Table{}
	}
	for _, key := range t.Keys() {
		above, isTable := t[key].(Table)
		below, both := out[key].(Table)
		if isTable && both {
			out[key] = above.Over(below)
		} else {
			out[key] = t[key]
		}
	}
	return out
}
