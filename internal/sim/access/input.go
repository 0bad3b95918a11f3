package access

import (
	"reflect"
	"slices"
	"strings"

	"berth/internal/sim/world"
)

// texts are the texts at a path of an input: member names with dots between; lists count by their elements. What is not set is
// not there.
func texts(in any, path string) []string {
	var out []string
	for _, v := range values(in, path) {
		if v.Kind() == reflect.String && v.Len() > 0 {
			out = append(out, v.String())
		}
	}
	return out
}

// values are what stands at a path of an input.
func values(in any, path string) []reflect.Value {
	found := elements(reflect.ValueOf(in))
	for name := range strings.SplitSeq(path, ".") {
		var next []reflect.Value
		for _, v := range found {
			if v.Kind() != reflect.Struct {
				continue
			}
			if m := v.FieldByName(name); m.IsValid() {
				next = append(next, elements(m)...)
			}
		}
		found = next
	}
	return found
}

// elements are what a value stands for: itself, what it points to, or the members of a list.
func elements(v reflect.Value) []reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return elements(v.Elem())
	case reflect.Slice:
		var out []reflect.Value
		for i := range v.Len() {
			out = append(out, elements(v.Index(i))...)
		}
		return out
	default:
		return []reflect.Value{v}
	}
}

// text is the first text at one of several paths.
func text(in any, paths ...string) string {
	for _, p := range paths {
		if found := texts(in, p); len(found) > 0 {
			return found[0]
		}
	}
	return ""
}

// requestTags are the tags that a request puts on what it makes; kind is that of an EC2 resource, whose tags stand in a list by
// kind.
func requestTags(in any, kind string) world.Tags {
	v := reflect.ValueOf(in).Elem()
	if specs := v.FieldByName("TagSpecifications"); specs.IsValid() {
		var out world.Tags
		for _, s := range elements(specs) {
			if s.FieldByName("ResourceType").String() == kind {
				out = append(out, pairs(s.FieldByName("Tags"))...)
			}
		}
		return out
	}
	for _, name := range []string{"Tags", "CreateBucketConfiguration"} {
		if tags := v.FieldByName(name); tags.IsValid() && name == "Tags" {
			return pairs(tags)
		} else if tags.IsValid() && !tags.IsNil() {
			return pairs(tags.Elem().FieldByName("Tags"))
		}
	}
	return nil
}

// pairs are tags in any of the shapes that AWS's APIs have for them.
func pairs(v reflect.Value) world.Tags {
	var out world.Tags
	if v.Kind() == reflect.Map {
		for _, k := range v.MapKeys() { // unordered: sorted below
			out = append(out, world.Tag{Key: k.String(), Value: v.MapIndex(k).String()})
		}
		slices.SortFunc(out, func(a, b world.Tag) int { return strings.Compare(a.Key, b.Key) })
		return out
	}
	for _, t := range elements(v) {
		if t.Kind() == reflect.Struct {
			one := t.Interface()
			out = append(out, world.Tag{Key: text(one, "Key", "TagKey"), Value: text(one, "Value", "TagValue")})
		}
	}
	return out
}
