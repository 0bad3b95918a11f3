package world

import (
	"iter"
	"reflect"
)

// Table keeps rows by key in the order in which they were made, so that every walk over it is the same walk.
// The zero Table is empty and ready. A row is found, added and deleted in constant time, and a walk is one over memory: deleted
// rows leave holes behind, which close when there are more holes than rows.
type Table[T any] struct {
	list  []*entry[T]
	index map[string]*entry[T]
}

type entry[T any] struct {
	key string
	row *T // nil: a hole
}

// fewHoles is how many holes are not worth closing.
const fewHoles = 32

// Get finds a row.
func (t *Table[T]) Get(key string) (*T, bool) {
	e, ok := t.index[key]
	if !ok {
		return nil, false
	}
	return e.row, true
}

// Put adds or replaces a row.
func (t *Table[T]) Put(key string, row *T) {
	if e, ok := t.index[key]; ok {
		e.row = row
		return
	}
	if t.index == nil {
		t.index = map[string]*entry[T]{}
	}
	e := &entry[T]{key, row}
	t.index[key] = e
	t.list = append(t.list, e)
}

// Delete removes a row; a walk that is under way is not disturbed.
func (t *Table[T]) Delete(key string) {
	e, ok := t.index[key]
	if !ok {
		return
	}
	delete(t.index, key)
	e.row = nil
	if holes := len(t.list) - len(t.index); holes > fewHoles && holes > len(t.index) {
		t.close()
	}
}

// close makes a new list without holes; a walk that is under way goes on over the old one.
func (t *Table[T]) close() {
	list := make([]*entry[T], 0, len(t.index))
	for _, e := range t.list {
		if e.row != nil {
			list = append(list, e)
		}
	}
	t.list = list
}

// Len counts the rows.
func (t *Table[T]) Len() int { return len(t.index) }

// All walks the rows in the order in which they were made. Rows that are deleted on the way are passed over, rows that are
// added are not met.
func (t *Table[T]) All() iter.Seq2[string, *T] {
	list := t.list
	return func(yield func(string, *T) bool) {
		for _, e := range list {
			if e.row != nil && !yield(e.key, e.row) {
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

// MarshalJSON writes the rows as a list, in order.
func (t Table[T]) MarshalJSON() ([]byte, error) {
	e := newEncoder()
	t.encode(e)
	return e.all(), nil
}

func (t *Table[T]) encode(e *encoder) {
	of, before := e.plan(reflect.TypeFor[T]()), `[{"Key":`
	for k, r := range t.All() {
		e.out = append(e.out, before...)
		e.text(k)
		e.out = append(e.out, `,"Row":`...)
		of.write(e, reflect.ValueOf(r).Elem())
		e.out = append(e.out, '}')
		before = `,{"Key":`
		e.turn()
	}
	if t.Len() == 0 {
		e.out = append(e.out, '[')
	}
	e.out = append(e.out, ']')
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Table[T]) UnmarshalJSON(b []byte) error {
	return decode(b, t)
}

func (t *Table[T]) decode(d *decoder) error {
	*t = Table[T]{}
	of := d.reader(reflect.TypeFor[T]())
	return d.list(func() error {
		key, row := "", new(T)
		err := d.object(func(name []byte) (err error) {
			switch string(name) {
			case "Key":
				key, err = d.text()
			case "Row":
				err = d.value(of, reflect.ValueOf(row).Elem())
			default:
				d.raw()
			}
			return err
		})
		t.Put(key, row)
		return err
	})
}
