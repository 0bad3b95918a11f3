package world

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// filler sets every exported field of everything, so that what saving forgets shows.
type filler struct{ n int }

func (f *filler) fill(v reflect.Value) {
	f.n++
	if v.Kind() == reflect.Struct && v.Addr().MethodByName("Put").IsValid() {
		f.table(v)
		return
	}
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(Epoch().Add(time.Duration(f.n) * time.Millisecond)))
		return
	case json.RawMessage:
		v.Set(reflect.ValueOf(json.RawMessage(fmt.Sprintf(`{"n":%d}`, f.n))))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case reflect.Map:
		f.mapping(v)
	case reflect.Struct:
		for field, value := range v.Fields() {
			if field.IsExported() || field.Anonymous {
				f.fill(value)
			}
		}
	default:
		f.plain(v)
	}
}

func (f *filler) plain(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", f.n, " <&\u2028>"))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(f.n))
	case reflect.Uint8:
		v.SetUint(uint64(f.n % 256))
	case reflect.Uint64:
		v.SetUint(1<<63 + uint64(f.n)) // too large for a float
	case reflect.Float64:
		v.SetFloat(float64(f.n) / 3)
	default:
		panic("a world holds a " + v.Type().String())
	}
}

func (f *filler) table(v reflect.Value) {
	put := v.Addr().MethodByName("Put")
	for range 2 {
		row := reflect.New(put.Type().In(1).Elem())
		f.fill(row.Elem())
		put.Call([]reflect.Value{reflect.ValueOf(fmt.Sprint("key ", f.n)), row})
	}
}

func (f *filler) mapping(v reflect.Value) {
	v.Set(reflect.MakeMap(v.Type()))
	for range 2 {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key)
		f.fill(value)
		v.SetMapIndex(key, value)
	}
}

// full is a world in which every field of every kind of row is set.
func full(t *testing.T) *World {
	t.Helper()
	w := New(1)
	f := filler{}
	f.fill(reflect.ValueOf(w).Elem())
	w.Format = Version
	w.S3.Buckets.Put("b", &StorageBucket{})
	return w
}

func save(t *testing.T, w *World) []byte {
	t.Helper()
	b, err := w.Save()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// hidden finds fields that JSON does not see.
func hidden(typ reflect.Type, seen map[reflect.Type]bool) []string {
	if seen[typ] || typ.PkgPath() == "time" {
		return nil
	}
	seen[typ] = true
	var found []string
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice:
		return hidden(typ.Elem(), seen)
	case reflect.Map:
		return append(hidden(typ.Key(), seen), hidden(typ.Elem(), seen)...)
	case reflect.Interface, reflect.Func, reflect.Chan:
		return []string{typ.String()}
	case reflect.Struct:
		if put, ok := reflect.PointerTo(typ).MethodByName("Put"); ok {
			return hidden(put.Type.In(2), seen)
		}
		for field := range typ.Fields() {
			if !field.IsExported() {
				found = append(found, typ.Name()+"."+field.Name)
				continue
			}
			found = append(found, hidden(field.Type, seen)...)
		}
	default: // what is plain hides nothing
	}
	return found
}

func TestOnlyWhatIsNoDataIsHiddenFromSaving(t *testing.T) {
	if got := strings.Join(hidden(reflect.TypeFor[World](), map[reflect.Type]bool{}), " "); got != "World.handlers World.trace World.watch World.happened" {
		t.Errorf("hidden from saving: %s", got)
	}
}

func TestSavedWorldIsReadBackWhole(t *testing.T) {
	for name, w := range map[string]*World{"new": New(3), "full": full(t)} {
		b := save(t, w)
		again, err := Load(b)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(w, again) {
			t.Errorf("%s: what was read differs from what was saved", name)
		}
		if !bytes.Equal(save(t, again), b) {
			t.Errorf("%s: saved again it differs", name)
		}
	}
}

func TestForkIsEqualAndIndependent(t *testing.T) {
	w := full(t)
	w.Attach(Handlers{"x": nil}, &Trace{})
	fork, err := w.Fork()
	if err != nil {
		t.Fatal(err)
	}
	before := save(t, w)
	if !bytes.Equal(save(t, fork), before) {
		t.Error("a fork differs from the world that it was made of")
	}
	if _, ok := fork.handlers["x"]; !ok || fork.trace != nil {
		t.Error("a fork has the handlers and no trace")
	}
	changeAll(reflect.ValueOf(fork).Elem())
	if !bytes.Equal(save(t, w), before) {
		t.Error("a change to a fork changed the world that it was made of")
	}
	if bytes.Equal(save(t, fork), before) {
		t.Error("nothing was changed in the fork")
	}
}

// changeAll changes, in place, whatever a value leads to.
func changeAll(v reflect.Value) {
	if v.Kind() == reflect.Struct && v.Addr().MethodByName("Rows").IsValid() {
		rows := v.Addr().MethodByName("Rows").Call(nil)[0]
		for row := range rows.Seq() {
			changeAll(row.Elem())
		}
		return
	}
	if raw, ok := reflect.TypeAssert[json.RawMessage](v); ok {
		copy(raw, bytes.Repeat([]byte("7"), len(raw)))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			changeAll(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			changeAll(v.Index(i))
		}
	case reflect.Map:
		v.Clear()
	case reflect.Struct:
		for field, value := range v.Fields() {
			if field.IsExported() {
				changeAll(value)
			}
		}
	default:
		changePlain(v)
	}
}

func changePlain(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("changed")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Uint8, reflect.Uint64:
		v.SetUint(v.Uint() ^ 1)
	case reflect.Float64:
		v.SetFloat(v.Float() + 1)
	default:
		panic("a world holds a " + v.Type().String())
	}
}

func TestWorldOfAnotherVersionIsRefused(t *testing.T) {
	for _, text := range []string{`{"Format":2}`, `{"Format":0}`, `{}`, `{"Format":99,"Regions":"of another shape"}`} {
		if _, err := Load([]byte(text)); !errors.Is(err, ErrVersion) {
			t.Errorf("Load(%s) = %v, want ErrVersion", text, err)
		}
	}
}

func TestWhatIsNoWorldIsRefused(t *testing.T) {
	for _, text := range []string{"", "world", `{"Format":1,"Regions":7}`, `{"Format":1`} {
		if _, err := Load([]byte(text)); err == nil || errors.Is(err, ErrVersion) {
			t.Errorf("Load(%q) = %v", text, err)
		}
	}
}
