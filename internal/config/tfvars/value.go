package tfvars

import (
	"math/big"
	"strconv"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Shape is what a value was written as.
type Shape int

// The shapes of values.
const (
	Broken Shape = iota // could not be read; its fault is already reported
	Null                // the word null: as if the name were left out
	Scalar              // text, a number, true or false
	List
	Table // a map, with its entries in order
)

// Value is one written value. Nested ones keep their own place.
type Value struct {
	Path    string // what messages call it: "vpc_cidr", "instance_groups.batch.max_size"
	At      Origin
	Shape   Shape
	Items   []Value   // of a list
	Entries []Entry   // of a table, in file order
	lit     cty.Value // of a scalar: a known string, number or bool
}

// Entry is one "key = value" of a table.
type Entry struct {
	Key   string
	At    Origin // the key
	Value Value
}

// Named gives the value and everything inside it their paths.
func (v Value) Named(path string) Value {
	v.Path = path
	items := make([]Value, len(v.Items))
	for i, item := range v.Items {
		items[i] = item.Named(path + "[" + strconv.Itoa(i) + "]")
	}
	entries := make([]Entry, len(v.Entries))
	for i, e := range v.Entries {
		e.Value = e.Value.Named(path + "." + e.Key)
		entries[i] = e
	}
	v.Items, v.Entries = items, entries
	return v
}

// Walk visits the value and everything inside it.
func (v Value) Walk(visit func(Value)) {
	visit(v)
	for _, item := range v.Items {
		item.Walk(visit)
	}
	for _, e := range v.Entries {
		e.Value.Walk(visit)
	}
}

// Text reads a scalar as text, as loosely as Terraform does: 2 is "2", true is "true".
func (v Value) Text() (string, bool) {
	if v.Shape != Scalar || v.isHuge() {
		return "", false
	}
	out, err := convert.Convert(v.lit, cty.String)
	if err != nil {
		return "", false
	}
	return out.AsString(), true
}

// Whole reads a scalar as a whole number: "2" and 2.0 are 2.
func (v Value) Whole() (int, bool) {
	if v.Shape != Scalar {
		return 0, false
	}
	out, err := convert.Convert(v.lit, cty.Number)
	if err != nil {
		return 0, false
	}
	n, exact := out.AsBigFloat().Int64()
	return int(n), exact == big.Exact
}

// Truth reads a scalar as true or false: "true" is true.
func (v Value) Truth() (yes, ok bool) {
	if v.Shape != Scalar {
		return false, false
	}
	out, err := convert.Convert(v.lit, cty.Bool)
	if err != nil {
		return false, false
	}
	return out.True(), true
}

// isHuge is true for numbers such as 1e999999999, which would take a gigabyte to write out.
func (v Value) isHuge() bool {
	if v.lit.Type() != cty.Number {
		return false
	}
	n := v.lit.AsBigFloat()
	exponent := n.MantExp(nil)
	return n.IsInf() || exponent > 512 || exponent < -512
}

// Describe names a value in a message about its type.
func (v Value) Describe() string {
	switch v.Shape {
	case List:
		return "a list"
	case Table:
		return "a map"
	case Null:
		return "null"
	case Broken:
		return "unreadable"
	case Scalar:
	}
	if v.isHuge() {
		return "a huge number"
	}
	text, _ := v.Text()
	if v.lit.Type() == cty.String {
		return Quote(text)
	}
	return text
}
