package wire

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// decoder fills a value from the nodes of one name: one for most, several for a list without an element around it.
type decoder func(nodes []*node, v reflect.Value) error

// decodePlan is how a structure is read from a request.
type decodePlan struct {
	body  []decodeField
	other []decodeField // headers, query, path, whole body: rest-xml only
}

// decodeField is one field of a plan.
type decodeField struct {
	*wireName
	index  int
	typ    reflect.Type
	decode decoder
}

// decoder returns the plan of a structure.
func (c *codec) decoder(t reflect.Type) *decodePlan {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.compileDecoder(t)
}

// compileDecoder makes a structure's plan; it enters it before it goes into the fields, so that a type may contain itself.
func (c *codec) compileDecoder(t reflect.Type) *decodePlan {
	if p := c.decoders[t]; p != nil {
		return p
	}
	p := &decodePlan{}
	c.decoders[t] = p
	names := namesOf(t)
	for i := range t.NumField() {
		f := t.Field(i)
		w := names[f.Name].in
		switch {
		case w == nil:
		case w.place == inBody:
			p.body = append(p.body, decodeField{w, i, f.Type, c.valueDecoder(f.Type, w.levels)})
		case w.place == asWholeBody && w.name == "":
			p.other = append(p.other, decodeField{w, i, f.Type, nil})
		case w.place == inHeaders:
			p.other = append(p.other, decodeField{w, i, f.Type, nil})
		case f.Type.Kind() == reflect.Slice: // in one header or query value, between commas
			p.other = append(p.other, decodeField{w, i, f.Type, c.listDecoder(f.Type, []string{flatList})})
		default:
			p.other = append(p.other, decodeField{w, i, f.Type, c.valueDecoder(f.Type, w.levels)})
		}
	}
	return p
}

// fill reads the body's fields of a structure.
func (p *decodePlan) fill(n *node, v reflect.Value) error {
	for i := range p.body {
		f := &p.body[i]
		if nodes := n.all(f.name); nodes != nil {
			if err := f.decode(nodes, v.Field(f.index)); err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
		}
	}
	return nil
}

// valueDecoder compiles the decoder of any type.
func (c *codec) valueDecoder(t reflect.Type, levels []string) decoder {
	switch {
	case t.Kind() == reflect.Pointer:
		return c.pointerDecoder(t, levels)
	case t.Kind() == reflect.Slice && !isBytes(t) && len(levels) > 0:
		return c.listDecoder(t, levels)
	case t.Kind() == reflect.Map && len(levels) > 0:
		return c.mapDecoder(t, levels)
	case t.Kind() == reflect.Struct && !isTime(t):
		p := c.compileDecoder(t)
		return func(nodes []*node, v reflect.Value) error { return p.fill(nodes[0], v) }
	}
	read := scalarDecoder(t)
	return func(nodes []*node, v reflect.Value) error { return read(nodes[0].text, v) }
}

func (c *codec) pointerDecoder(t reflect.Type, levels []string) decoder {
	elem := c.valueDecoder(t.Elem(), levels)
	return func(nodes []*node, v reflect.Value) error {
		v.Set(reflect.New(t.Elem()))
		return elem(nodes, v.Elem())
	}
}

func (c *codec) listDecoder(t reflect.Type, levels []string) decoder {
	elem, tag := c.valueDecoder(t.Elem(), levels[1:]), levels[0]
	return func(nodes []*node, v reflect.Value) error {
		switch {
		case tag != flatList:
			nodes = nodes[0].all(tag)
		case isEmptyList(nodes):
			nodes = nil
		}
		list := reflect.MakeSlice(t, len(nodes), len(nodes))
		for i := range nodes {
			if err := elem(nodes[i:i+1], list.Index(i)); err != nil {
				return fmt.Errorf("%d: %w", i+1, err)
			}
		}
		v.Set(list)
		return nil
	}
}

func (c *codec) mapDecoder(t reflect.Type, levels []string) decoder {
	flat := levels[0] == flatList
	if flat {
		levels = levels[1:]
	}
	keyTag, valueTag, _ := strings.Cut(levels[0], ",")
	elem := c.valueDecoder(t.Elem(), levels[1:])
	return func(nodes []*node, v reflect.Value) error {
		m := reflect.MakeMap(t)
		if !flat {
			nodes = nodes[0].all(mapEntry)
		}
		for _, entry := range nodes {
			key := reflect.New(t.Key()).Elem()
			if k := entry.all(keyTag); k != nil {
				key.SetString(k[0].text)
			}
			value := reflect.New(t.Elem()).Elem()
			if nodes := entry.all(valueTag); nodes != nil {
				if err := elem(nodes, value); err != nil {
					return fmt.Errorf("%s: %w", key.String(), err)
				}
			}
			m.SetMapIndex(key, value)
		}
		v.Set(m)
		return nil
	}
}

// scalarDecoder returns how a text becomes a value of the type.
func scalarDecoder(t reflect.Type) func(text string, v reflect.Value) error {
	switch {
	case isTime(t):
		return decodeTime
	case isBytes(t):
		return decodeBytes
	}
	switch t.Kind() {
	case reflect.String:
		return func(text string, v reflect.Value) error { v.SetString(text); return nil }
	case reflect.Bool:
		return decodeBool
	case reflect.Int, reflect.Int32, reflect.Int64:
		return func(text string, v reflect.Value) error { return decodeInt(text, v, t.Bits()) }
	case reflect.Float32, reflect.Float64:
		return func(text string, v reflect.Value) error { return decodeFloat(text, v, t.Bits()) }
	default:
		return func(string, reflect.Value) error { return fmt.Errorf("a %s can't be read", t) }
	}
}

// decodeTime reads an ISO 8601 date, or the date form of HTTP headers.
func decodeTime(text string, v reflect.Value) error {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		at, err = time.Parse(httpDate, text)
	}
	if err != nil {
		return fmt.Errorf("%q is no date", text)
	}
	v.Set(reflect.ValueOf(at.UTC()))
	return nil
}

func decodeBytes(text string, v reflect.Value) error {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("%q is no base64", text)
	}
	v.SetBytes(b)
	return nil
}

func decodeBool(text string, v reflect.Value) error {
	b, err := strconv.ParseBool(text)
	if err != nil {
		return fmt.Errorf("%q is no boolean", text)
	}
	v.SetBool(b)
	return nil
}

func decodeInt(text string, v reflect.Value, bits int) error {
	i, err := strconv.ParseInt(text, 10, bits)
	if err != nil {
		return fmt.Errorf("%q is no integer", text)
	}
	v.SetInt(i)
	return nil
}

func decodeFloat(text string, v reflect.Value, bits int) error {
	f, err := strconv.ParseFloat(text, bits)
	if err != nil {
		return fmt.Errorf("%q is no number", text)
	}
	v.SetFloat(f)
	return nil
}
