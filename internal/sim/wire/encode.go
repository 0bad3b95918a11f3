package wire

import (
	"cmp"
	"encoding/base64"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The two ways AWS writes a time in XML and in headers.
const (
	isoMillis = "2006-01-02T15:04:05.000Z"
	httpDate  = "Mon, 02 Jan 2006 15:04:05 GMT"
)

// schemaInstance is the namespace of attributes.
const schemaInstance = "http://www.w3.org/2001/XMLSchema-instance"

// encoder appends a value to an XML document.
type encoder func(b []byte, v reflect.Value) []byte

// encodePlan is how a structure is written into an answer.
type encodePlan struct {
	body       []encodeField
	attributes []encodeField // of the structure's element; their names have a prefix
	other      []encodeField // headers and whole body: rest-xml only
}

// encodeField is one field of a plan; its encoder writes the tags too, and nothing for a value that is not set.
type encodeField struct {
	*wireName
	index  int
	encode encoder
}

// encoder returns the plan of a structure.
func (c *codec) encoder(t reflect.Type) *encodePlan {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.compileEncoder(t)
}

// compileEncoder makes a structure's plan; it enters it before it goes into the fields, so that a type may contain itself.
func (c *codec) compileEncoder(t reflect.Type) *encodePlan {
	if p := c.encoders[t]; p != nil {
		return p
	}
	p := &encodePlan{}
	c.encoders[t] = p
	names := namesOf(t)
	for i := range t.NumField() {
		f := t.Field(i)
		w := names[f.Name].out
		switch {
		case w == nil:
		case w.place == inBody && strings.Contains(w.name, ":"):
			p.attributes = append(p.attributes, encodeField{w, i, scalarEncoder(f.Type)})
		case w.place == inBody:
			p.body = append(p.body, encodeField{w, i, c.elementEncoder(f.Type, w.name, w.levels)})
		case w.place == asWholeBody && w.name != "":
			p.other = append(p.other, encodeField{w, i, c.contentEncoder(f.Type.Elem(), nil)})
		default:
			p.other = append(p.other, encodeField{w, i, nil})
		}
	}
	return p
}

// members appends the body's fields of a structure.
func (p *encodePlan) members(b []byte, v reflect.Value) []byte {
	for i := range p.body {
		b = p.body[i].encode(b, v.Field(p.body[i].index))
	}
	return b
}

// elementEncoder compiles a field: its element, or nothing when it is not set.
func (c *codec) elementEncoder(t reflect.Type, tag string, levels []string) encoder {
	if t.Kind() == reflect.Slice && len(levels) > 0 && levels[0] == flatList {
		return c.flatEncoder(t, tag, levels[1:])
	}
	if t.Kind() == reflect.Map && len(levels) > 0 && levels[0] == flatList {
		return c.mapEncoder(t, tag, levels[1:])
	}
	whole := c.itemEncoder(t, tag, levels)
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return func(b []byte, v reflect.Value) []byte {
			if v.IsNil() {
				return b
			}
			return whole(b, v)
		}
	case reflect.Interface: // a union, which XML can't carry here
		return func(b []byte, _ reflect.Value) []byte { return b }
	case reflect.String: // an enum
		return func(b []byte, v reflect.Value) []byte {
			if v.Len() == 0 {
				return b
			}
			return whole(b, v)
		}
	default:
		return whole
	}
}

// flatEncoder writes a list as repeated elements without one around them.
func (c *codec) flatEncoder(t reflect.Type, tag string, levels []string) encoder {
	item := c.itemEncoder(t.Elem(), tag, levels)
	return func(b []byte, v reflect.Value) []byte {
		for i := range v.Len() {
			b = item(b, v.Index(i))
		}
		return b
	}
}

// itemEncoder writes an element in any case.
func (c *codec) itemEncoder(t reflect.Type, tag string, levels []string) encoder {
	content := c.contentEncoder(t, levels)
	opening, closing := "<"+tag+">", "</"+tag+">"
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	plan := &encodePlan{}
	if t.Kind() == reflect.Struct && !isTime(t) {
		plan = c.compileEncoder(t)
	}
	return func(b []byte, v reflect.Value) []byte {
		b = append(b, opening...)
		if len(plan.attributes) > 0 {
			b = plan.withAttributes(b[:len(b)-1], v)
		}
		b = content(b, v)
		return append(b, closing...)
	}
}

// withAttributes ends an opening tag with the structure's attributes. AWS has one, S3's xsi:type.
func (p *encodePlan) withAttributes(b []byte, v reflect.Value) []byte {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	for _, f := range p.attributes {
		if !v.IsValid() || v.Field(f.index).IsZero() {
			continue
		}
		prefix, _, _ := strings.Cut(f.name, ":")
		text := strings.ReplaceAll(string(f.encode(nil, v.Field(f.index))), `"`, "&quot;")
		b = append(b, " xmlns:"+prefix+`="`+schemaInstance+`" `+f.name+`="`+text+`"`...)
	}
	return append(b, '>')
}

// contentEncoder writes what stands between the tags.
func (c *codec) contentEncoder(t reflect.Type, levels []string) encoder {
	switch {
	case t.Kind() == reflect.Pointer:
		elem := c.contentEncoder(t.Elem(), levels)
		return func(b []byte, v reflect.Value) []byte {
			if v.IsNil() {
				return b
			}
			return elem(b, v.Elem())
		}
	case t.Kind() == reflect.Slice && !isBytes(t) && len(levels) > 0:
		return c.flatEncoder(t, levels[0], levels[1:])
	case t.Kind() == reflect.Map && len(levels) > 0:
		return c.mapEncoder(t, mapEntry, levels)
	case t.Kind() == reflect.Struct && !isTime(t):
		return c.compileEncoder(t).members
	}
	return scalarEncoder(t)
}

// mapEncoder writes a map's entries in the order of their keys.
func (c *codec) mapEncoder(t reflect.Type, entry string, levels []string) encoder {
	keyTag, valueTag, _ := strings.Cut(levels[0], ",")
	key := c.itemEncoder(t.Key(), keyTag, nil)
	value := c.itemEncoder(t.Elem(), valueTag, levels[1:])
	return func(b []byte, v reflect.Value) []byte {
		keys := v.MapKeys() // unordered: sorted on the next line
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
		for _, k := range keys {
			b = append(b, "<"+entry+">"...)
			b = key(b, k)
			b = value(b, v.MapIndex(k))
			b = append(b, "</"+entry+">"...)
		}
		return b
	}
}

// scalarEncoder returns how a value of the type becomes text. A type that XML can't carry gives nothing.
func scalarEncoder(t reflect.Type) encoder {
	switch {
	case isTime(t):
		return func(b []byte, v reflect.Value) []byte { return timeOf(v).UTC().AppendFormat(b, isoMillis) }
	case isBytes(t):
		return func(b []byte, v reflect.Value) []byte { return base64.StdEncoding.AppendEncode(b, v.Bytes()) }
	}
	switch t.Kind() {
	case reflect.String:
		return func(b []byte, v reflect.Value) []byte { return appendText(b, v.String()) }
	case reflect.Bool:
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendBool(b, v.Bool()) }
	case reflect.Int, reflect.Int32, reflect.Int64:
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendInt(b, v.Int(), 10) }
	case reflect.Float32, reflect.Float64:
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendFloat(b, v.Float(), 'f', -1, t.Bits()) }
	default:
		return func(b []byte, _ reflect.Value) []byte { return b }
	}
}

// timeOf reads a time without copying it to the heap where that can be avoided.
func timeOf(v reflect.Value) time.Time {
	if v.CanAddr() {
		if at, ok := reflect.TypeAssert[*time.Time](v.Addr()); ok {
			return *at
		}
	}
	at, _ := reflect.TypeAssert[time.Time](v)
	return at
}

// appendText appends character data; what XML may not hold becomes U+FFFD.
func appendText(b []byte, s string) []byte {
	done := 0
	for i, r := range s {
		if r >= ' ' && r < utf8.RuneSelf && r != '&' && r != '<' && r != '>' {
			continue
		}
		esc := escape(r)
		if esc == "" {
			continue
		}
		b = append(b, s[done:i]...)
		b = append(b, esc...)
		done = i + utf8.RuneLen(r)
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			done = i + 1
		}
	}
	return append(b, s[done:]...)
}

// escape is what stands for a character in XML, or nothing when it stands for itself.
func escape(r rune) string {
	switch {
	case r == '&':
		return "&amp;"
	case r == '<':
		return "&lt;"
	case r == '>':
		return "&gt;"
	case r == '\r':
		return "&#xD;"
	case r == '\n', r == '\t':
		return ""
	case r < ' ', r == 0xFFFE, r == 0xFFFF, r == utf8.RuneError:
		return "\uFFFD"
	}
	return ""
}
