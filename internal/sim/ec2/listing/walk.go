package listing

import "berth/internal/sim/world"

// Holds tells whether a table has a row that passes.
func Holds[T any](t *world.Table[T], pass func(*T) bool) bool {
	for row := range t.Rows() {
		if pass(row) {
			return true
		}
	}
	return false
}

// Count counts the rows of a table that pass.
func Count[T any](t *world.Table[T], pass func(*T) bool) int {
	n := 0
	for row := range t.Rows() {
		if pass(row) {
			n++
		}
	}
	return n
}

// Each turns rows into an answer's items.
func Each[T, O any](rows []*T, f func(*T) O) []O {
	out := make([]O, 0, len(rows))
	for _, row := range rows {
		out = append(out, f(row))
	}
	return out
}

// Gather takes one string out of every item and leaves out the empty ones.
func Gather[T any](items []T, f func(T) string) []string {
	var out []string
	for _, x := range items {
		if s := f(x); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Filled is a pointer to a text, or nil for an empty one.
func Filled(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// TextList is a list that is never nil, since clients tell an empty list from none.
func TextList(s []string) []string { return append([]string{}, s...) }
