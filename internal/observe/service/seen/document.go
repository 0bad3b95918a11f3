package seen

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"berth/internal/document"
)

// Document is a value of the AWS SDK in the shape of the service's JSON, for services whose member names are the SDK's with a small
// first letter, as ECS's are. What is nil, empty, or the zero of what AWS always answers is left out.
func Document(v any) document.Value { return valueOf(reflect.ValueOf(v)) }

func valueOf(v reflect.Value) document.Value {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return document.Value{}
		}
		if inner := v.Elem(); inner.Kind() != reflect.Struct {
			return scalar(inner) // a pointer to zero was said
		}
		return valueOf(v.Elem())
	case reflect.Struct:
		return object(v)
	case reflect.Slice:
		return list(v)
	case reflect.Map:
		return mapping(v)
	default:
		if v.IsZero() {
			return document.Value{}
		}
		return scalar(v)
	}
}

func scalar(v reflect.Value) document.Value {
	switch v.Kind() {
	case reflect.String:
		return document.Of(v.String())
	case reflect.Bool:
		return document.Flag(v.Bool())
	case reflect.Int, reflect.Int32, reflect.Int64:
		return document.Value{Kind: document.Number, Text: strconv.FormatInt(v.Int(), 10)}
	case reflect.Float32, reflect.Float64:
		return document.Value{Kind: document.Number, Text: strconv.FormatFloat(v.Float(), 'g', -1, 64)}
	default:
		return document.Value{}
	}
}

func object(v reflect.Value) document.Value {
	if t, ok := v.Interface().(time.Time); ok {
		return document.Of(t.UTC().Format(time.RFC3339))
	}
	out := document.Value{Kind: document.Object}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" {
			continue
		}
		if value := valueOf(v.Field(i)); value.There() {
			out.Members = append(out.Members, document.Member{Name: small(f.Name), Value: value})
		}
	}
	if len(out.Members) == 0 {
		return document.Value{}
	}
	return out
}

func list(v reflect.Value) document.Value {
	out := document.Value{Kind: document.List}
	for i := range v.Len() {
		if value := valueOf(v.Index(i)); value.There() {
			out.Items = append(out.Items, value)
		}
	}
	if len(out.Items) == 0 {
		return document.Value{}
	}
	return out
}

func mapping(v reflect.Value) document.Value {
	out := document.Value{Kind: document.Object}
	for _, k := range v.MapKeys() {
		out.Members = append(out.Members, document.Member{Name: k.String(), Value: scalar(v.MapIndex(k))})
	}
	if len(out.Members) == 0 {
		return document.Value{}
	}
	slices.SortFunc(out.Members, func(a, b document.Member) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// small is a name with a small first letter.
func small(name string) string {
	r, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(r)) + name[n:]
}
