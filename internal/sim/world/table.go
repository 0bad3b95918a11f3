package world

import (
	"encoding/json"
	"iter"
	"slices"
)

// Table keeps rows by key in the order in which they were made, so that every walk over it is the same walk.
// The zero Table is empty and ready.
type Table[T any] struct {
	order []string
	rows  map[string]*T
}

// Get finds a row.
func (t *Table[T]) Get(key string) (*T, bool) {
	r, ok := t.rows[key]
	return r, ok
}

// Put adds or replaces a row.
func (t *Table[T]) Put(key string, row *T) {
	if t.rows == nil {
		t.rows = map[string]*T{}
	}
	if _, ok := t.rows[key]; !ok {
		t.order = append(t.order, key)
	}
	t.rows[key] = row
}

// Delete removes a row; a walk that is under way is not disturbed.
func (t *Table[T]) Delete(key string) {
	if _, ok := t.rows[key]; !ok {
		return
	}
	delete(t.rows, key)
	i := slices.Index(t.order, key)
	t.order = slices.Concat(t.order[:i], t.order[i+1:])
}

// Len counts the rows.
func (t *Table[T]) Len() int { return len(t.order) }

// All walks the rows in the order in which they were made.
func (t *Table[T]) All() iter.Seq2[string, *T] {
	order := t.order
	return func(yield func(string, *T) bool) {
		for _, k := range order {
			if r, ok := t.rows[k]; ok && !yield(k, r) {
				return
			}
		}
	}
}

// Rows walks the rows without their keys.
func (t *Table[T]) Rows() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, r := range t.All() {
			if !yield(r) {
				return
			}
		}
	}
}

type savedRow[T any] struct {
	Key string
	Row *T
}

// MarshalJSON writes the rows as a list, in order.
func (t Table[T]) MarshalJSON() ([]byte, error) {
	out := make([]savedRow[T], 0, len(t.order))
	for k, r := range t.All() {
		out = append(out, savedRow[T]{k, r})
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Table[T]) UnmarshalJSON(b []byte) error {
	var in []savedRow[T]
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	*t = Table[T]{}
	for _, r := range in {
		t.Put(r.Key, r.Row)
	}
	return nil
}
