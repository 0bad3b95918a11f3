package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"time"
)

// jsonDecoder fills a value; token is the first of its text, never null.
type jsonDecoder func(d *jsonReader, token json.Token, v reflect.Value) error

// jsonPlan is how a structure is read: its fields by their names in small letters.
type jsonPlan struct{ fields map[string]jsonField }

type jsonField struct {
	index  int
	decode jsonDecoder
}

// tokens are a message as encoding/json's decoder tells it, whatever its format: '{' and '[' with what ends them, strings (an
// object's keys among them), numbers, booleans, nil; rawBytes where the format has them. io.EOF comes after the message.
type tokens interface {
	Token() (json.Token, error)
	More() bool // whether the object or list that is open has another member
}

// rawBytes is a token of formats that carry bytes as they are.
type rawBytes []byte

// jsonReader reads tokens and counts how deep it is.
type jsonReader struct {
	tokens
	depth int
}

// decodeJSON fills an input structure from a request body; an empty body is an empty input.
func (c *codec) decodeJSON(body []byte, v reflect.Value) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return c.decodeTokens(d, v)
}

// decodeTokens fills an input structure from a message.
func (c *codec) decodeTokens(t tokens, v reflect.Value) error {
	c.mu.Lock()
	plan := c.jsonPlan(v.Type())
	c.mu.Unlock()
	d := &jsonReader{tokens: t}
	token, err := d.Token()
	if err != nil {
		return err
	}
	if err := plan.fill(d, token, v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more after the object")
	}
	return nil
}

// jsonPlan makes or finds a structure's plan; it enters it before it goes into the fields, so that a type may contain itself.
func (c *codec) jsonPlan(t reflect.Type) *jsonPlan {
	if p := c.json[t]; p != nil {
		return p
	}
	p := &jsonPlan{fields: map[string]jsonField{}}
	c.json[t] = p
	for i := range t.NumField() {
		f := t.Field(i)
		if f.IsExported() && f.Name != "ResultMetadata" {
			name := strings.TrimSuffix(strings.ToLower(f.Name), "_") // the SDK appends it to Go's words
			p.fields[name] = jsonField{i, c.jsonDecoder(f.Type)}
		}
	}
	return p
}

// fill reads one object.
func (p *jsonPlan) fill(d *jsonReader, token json.Token, v reflect.Value) error {
	return d.object(token, func(key string, token json.Token) error {
		f, ok := p.fields[strings.ToLower(key)]
		if !ok {
			return d.skip(token)
		}
		if token == nil {
			return nil
		}
		return f.decode(d, token, v.Field(f.index))
	})
}

// object calls member for every key of an object, with the first token of its value.
func (d *jsonReader) object(token json.Token, member func(key string, token json.Token) error) error {
	return d.nested(token, '{', func(token json.Token) error {
		key, _ := token.(string)
		value, err := d.Token()
		if err != nil {
			return err
		}
		if err := member(key, value); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		return nil
	})
}

// nested calls item for the first token of everything in an object or list.
func (d *jsonReader) nested(token json.Token, opening json.Delim, item func(json.Token) error) error {
	if token != opening {
		return fmt.Errorf("%v where %v should be", token, opening)
	}
	if d.depth++; d.depth > maxDepth {
		return errors.New("nested too deeply")
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		if err := item(token); err != nil {
			return err
		}
	}
	d.depth--
	_, err := d.Token()
	return err
}

// skip passes over the rest of a value nobody asked for.
func (d *jsonReader) skip(token json.Token) error {
	for open := 0; ; {
		switch token {
		case json.Delim('{'), json.Delim('['):
			open++
		case json.Delim('}'), json.Delim(']'):
			open--
		}
		if open == 0 {
			return nil
		}
		var err error
		if token, err = d.Token(); err != nil {
			return err
		}
	}
}

// jsonDecoder compiles the decoder of any type.
func (c *codec) jsonDecoder(t reflect.Type) jsonDecoder {
	switch {
	case isTime(t):
		return jsonTime
	case isBytes(t):
		return jsonBytes
	}
	switch t.Kind() {
	case reflect.Pointer:
		return c.jsonPointer(t)
	case reflect.Struct:
		return c.jsonPlan(t).fill
	case reflect.Slice:
		return c.jsonList(t)
	case reflect.Map:
		return c.jsonMap(t)
	case reflect.String:
		return jsonText(scalarDecoder(t))
	case reflect.Bool:
		return jsonBool
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Float32, reflect.Float64:
		return jsonNumber(scalarDecoder(t))
	default: // a union or a document
		return func(*jsonReader, json.Token, reflect.Value) error { return fmt.Errorf("a %s can't be read", t) }
	}
}

func (c *codec) jsonPointer(t reflect.Type) jsonDecoder {
	elem := c.jsonDecoder(t.Elem())
	return func(d *jsonReader, token json.Token, v reflect.Value) error {
		v.Set(reflect.New(t.Elem()))
		return elem(d, token, v.Elem())
	}
}

// jsonList reads a list; null in it is a zero value.
func (c *codec) jsonList(t reflect.Type) jsonDecoder {
	elem := c.jsonDecoder(t.Elem())
	return func(d *jsonReader, token json.Token, v reflect.Value) error {
		list := reflect.MakeSlice(t, 0, 0)
		err := d.nested(token, '[', func(token json.Token) error {
			list = reflect.Append(list, reflect.Zero(t.Elem()))
			if token == nil {
				return nil
			}
			return elem(d, token, list.Index(list.Len()-1))
		})
		v.Set(list)
		return err
	}
}

// jsonMap reads a map; null in it is a zero value.
func (c *codec) jsonMap(t reflect.Type) jsonDecoder {
	elem := c.jsonDecoder(t.Elem())
	return func(d *jsonReader, token json.Token, v reflect.Value) error {
		m := reflect.MakeMap(t)
		err := d.object(token, func(key string, token json.Token) error {
			value := reflect.New(t.Elem()).Elem()
			if token != nil {
				if err := elem(d, token, value); err != nil {
					return err
				}
			}
			m.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), value)
			return nil
		})
		v.Set(m)
		return err
	}
}

// jsonText reads a string with the decoder of its type.
func jsonText(read func(string, reflect.Value) error) jsonDecoder {
	return func(_ *jsonReader, token json.Token, v reflect.Value) error {
		text, ok := token.(string)
		if !ok {
			return fmt.Errorf("%v is no string", token)
		}
		return read(text, v)
	}
}

// jsonBytes reads bytes, which JSON has as base64.
func jsonBytes(d *jsonReader, token json.Token, v reflect.Value) error {
	if b, ok := token.(rawBytes); ok {
		v.SetBytes(b)
		return nil
	}
	return jsonText(decodeBytes)(d, token, v)
}

// jsonNumber reads a number with the decoder of its type.
func jsonNumber(read func(string, reflect.Value) error) jsonDecoder {
	return func(_ *jsonReader, token json.Token, v reflect.Value) error {
		n, ok := token.(json.Number)
		if !ok {
			return fmt.Errorf("%v is no number", token)
		}
		return read(n.String(), v)
	}
}

func jsonBool(_ *jsonReader, token json.Token, v reflect.Value) error {
	b, ok := token.(bool)
	if !ok {
		return fmt.Errorf("%v is no boolean", token)
	}
	v.SetBool(b)
	return nil
}

// jsonTime reads seconds since 1970, with a fraction down to milliseconds.
func jsonTime(_ *jsonReader, token json.Token, v reflect.Value) error {
	n, ok := token.(json.Number)
	if !ok {
		return fmt.Errorf("%v is no time", token)
	}
	seconds, err := n.Float64()
	if err != nil || math.Abs(seconds) > 1e12 {
		return fmt.Errorf("%v is no time", token)
	}
	v.Set(reflect.ValueOf(time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()))
	return nil
}
