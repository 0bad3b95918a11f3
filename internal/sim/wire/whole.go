package wire

import (
	"reflect"
	"slices"

	"github.com/aws/smithy-go"
)

// The SDK's serializers leave numbers and truth values out that are zero and cannot be absent, because in a request they
// say nothing. AWS's answers have them: a client in another language that looks for runningCount must find 0.

// zeros are the members of each structure that are written even when they are zero.
type zeros map[smithy.ShapeID][]zero

// zero is such a member, and how to write it.
type zero struct {
	member *smithy.Schema
	write  func(smithy.ShapeSerializer, *smithy.Schema)
}

// whole is an output that writes those members too.
type whole struct {
	smithy.Serializable
	zeros zeros
}

// whole makes an output write its zeros; one that has no schema stays as it is.
func (c *codec) whole(out any) any {
	shape, ok := out.(smithy.Serializable)
	if !ok {
		return out
	}
	t := reflect.TypeOf(out)
	c.mu.Lock()
	defer c.mu.Unlock()
	z, ok := c.zeros[t]
	if !ok {
		z = zeros{}
		z.learn(t, map[reflect.Type]bool{})
		c.zeros[t] = z
	}
	return whole{shape, z}
}

// Serialize writes the output to s, and its zeros.
func (o whole) Serialize(s smithy.ShapeSerializer) {
	o.Serializable.Serialize(&wholeWriter{ShapeSerializer: s, zeros: o.zeros})
}

// learn finds out what a type and everything below it leave out, by letting one of each write ones and trues.
func (z zeros) learn(t reflect.Type, seen map[reflect.Type]bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] || isTime(t) {
		return
	}
	seen[t] = true
	one := reflect.New(t)
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			continue
		}
		f := one.Elem().Field(i)
		switch f.Kind() {
		case reflect.Int, reflect.Int32, reflect.Int64:
			f.SetInt(1)
		case reflect.Float32, reflect.Float64:
			f.SetFloat(1)
		case reflect.Bool:
			f.SetBool(true)
		default:
			z.learn(f.Type(), seen)
		}
	}
	if shape, ok := reflect.TypeAssert[smithy.Serializable](one); ok {
		shape.Serialize(&zeroFinder{zeros: z})
	}
}

// zeroFinder notes which members a structure writes. What is not a number, a truth value or the structure itself is not
// written by one that has nothing else.
type zeroFinder struct {
	smithy.ShapeSerializer
	zeros zeros
	shape smithy.ShapeID
}

func (f *zeroFinder) WriteStruct(s *smithy.Schema) { f.shape = shapeOf(s) }
func (f *zeroFinder) CloseStruct()                 {}

func (f *zeroFinder) note(s *smithy.Schema, write func(smithy.ShapeSerializer, *smithy.Schema)) {
	f.zeros[f.shape] = append(f.zeros[f.shape], zero{s, write})
}

func (f *zeroFinder) WriteInt32(s *smithy.Schema, _ int32) {
	f.note(s, func(to smithy.ShapeSerializer, s *smithy.Schema) { to.WriteInt32(s, 0) })
}

func (f *zeroFinder) WriteInt64(s *smithy.Schema, _ int64) {
	f.note(s, func(to smithy.ShapeSerializer, s *smithy.Schema) { to.WriteInt64(s, 0) })
}

func (f *zeroFinder) WriteFloat32(s *smithy.Schema, _ float32) {
	f.note(s, func(to smithy.ShapeSerializer, s *smithy.Schema) { to.WriteFloat32(s, 0) })
}

func (f *zeroFinder) WriteFloat64(s *smithy.Schema, _ float64) {
	f.note(s, func(to smithy.ShapeSerializer, s *smithy.Schema) { to.WriteFloat64(s, 0) })
}

func (f *zeroFinder) WriteBool(s *smithy.Schema, _ bool) {
	f.note(s, func(to smithy.ShapeSerializer, s *smithy.Schema) { to.WriteBool(s, false) })
}

// shapeOf is the structure that a schema stands for: itself, or what the member it is points to. An output without members
// has no schema.
func shapeOf(s *smithy.Schema) smithy.ShapeID {
	if s == nil {
		return smithy.ShapeID{}
	}
	if s.MemberName() != "" {
		return s.TargetID()
	}
	return s.ID()
}

// wholeWriter passes on what it is told to write, and at the end of a structure writes the zeros that were left out.
type wholeWriter struct {
	smithy.ShapeSerializer
	zeros zeros
	open  []openStruct
}

type openStruct struct {
	shape   smithy.ShapeID
	written []*smithy.Schema // of its members that could be zero
}

// WriteStruct begins a structure.
func (w *wholeWriter) WriteStruct(s *smithy.Schema) {
	w.open = append(w.open, openStruct{shape: shapeOf(s)})
	w.ShapeSerializer.WriteStruct(s)
}

// CloseStruct writes what is zero, and ends the structure.
func (w *wholeWriter) CloseStruct() {
	last := len(w.open) - 1
	now := w.open[last]
	w.open = w.open[:last]
	for _, z := range w.zeros[now.shape] {
		if !slices.Contains(now.written, z.member) {
			z.write(w.ShapeSerializer, z.member)
		}
	}
	w.ShapeSerializer.CloseStruct()
}

func (w *wholeWriter) wrote(s *smithy.Schema) {
	if n := len(w.open); n > 0 {
		w.open[n-1].written = append(w.open[n-1].written, s)
	}
}

// WriteInt32 writes a number.
func (w *wholeWriter) WriteInt32(s *smithy.Schema, v int32) {
	w.wrote(s)
	w.ShapeSerializer.WriteInt32(s, v)
}

// WriteInt64 writes a number.
func (w *wholeWriter) WriteInt64(s *smithy.Schema, v int64) {
	w.wrote(s)
	w.ShapeSerializer.WriteInt64(s, v)
}

// WriteFloat32 writes a number.
func (w *wholeWriter) WriteFloat32(s *smithy.Schema, v float32) {
	w.wrote(s)
	w.ShapeSerializer.WriteFloat32(s, v)
}

// WriteFloat64 writes a number.
func (w *wholeWriter) WriteFloat64(s *smithy.Schema, v float64) {
	w.wrote(s)
	w.ShapeSerializer.WriteFloat64(s, v)
}

// WriteBool writes a truth value.
func (w *wholeWriter) WriteBool(s *smithy.Schema, v bool) {
	w.wrote(s)
	w.ShapeSerializer.WriteBool(s, v)
}
