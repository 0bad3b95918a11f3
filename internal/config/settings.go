package config

import (
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
	"berth/internal/spell"
)

// settings are the values of one scope: the top level, one group or one load balancer.
type settings struct {
	*tfvars.Report

	scope  option.Scope
	path   string        // "", or what the names stand in: "instance_groups.batch"
	at     tfvars.Origin // where a missing name is reported
	values map[string]tfvars.Value
}

// overlay lays one source's assignments over what is there; null takes a weaker source's value away.
func (s settings) overlay(from []tfvars.Assignment) {
	spelled := map[string]tfvars.Assignment{}
	for _, a := range from {
		o, ok := option.Find(s.scope, a.Name)
		if !ok {
			s.unknown(a)
			continue
		}
		if other, twice := spelled[o.Name]; twice && other.Name != a.Name {
			s.Fail(a.At, Fault{
				Code: codeAlias, Summary: a.Name + " and " + other.Name + " are the same setting, and both are given",
				Detail: "The other one stands at " + other.At.Place().String() + ".", Hint: "keep " + o.Name,
			})
		}
		spelled[o.Name] = a
		s.values[o.Name] = a.Value.Named(s.join(o.Name))
		if a.Value.Shape == tfvars.Null {
			delete(s.values, o.Name)
		}
	}
}

func (s settings) join(name string) string {
	if s.path == "" {
		return name
	}
	return s.path + "." + name
}

func (s settings) unknown(a tfvars.Assignment) {
	f := Fault{Code: codeUnknown, Summary: s.join(tfvars.Printable(a.Name)) + " is not a known setting"}
	near := spell.Nearest(a.Name, option.Names(s.scope, true))
	_, elsewhere := option.Find(option.Everywhere, a.Name)
	switch {
	case elsewhere:
		f.Hint = a.Name + " stands " + places(a.Name)
	case near != "":
		f.Hint = "did you mean " + near + "?"
	case s.scope == option.Top:
		f.Hint = "docs/config.md has all settings"
	default:
		f.Hint = "known here: " + strings.Join(option.Names(s.scope, false), ", ")
	}
	s.Fail(a.At, f)
}

// places says where a name may stand, for one that stands elsewhere.
func places(name string) string {
	var out []string
	for _, place := range option.Places() {
		if _, ok := option.Find(place.Scope, name); ok {
			out = append(out, place.Words)
		}
	}
	return strings.Join(out, " or ")
}

// finish fills in the defaults that the table states and reports what is missing.
func (s settings) finish() {
	for _, o := range option.In(s.scope) {
		if _, ok := s.values[o.Name]; ok {
			continue
		}
		switch {
		case o.Def != "":
			s.values[o.Name] = tfvars.Constant(o.Def).Named(s.join(o.Name))
		case o.Required && !s.Incomplete && !s.given(o.Unless):
			s.Fail(s.at, Fault{
				Code: codeMissing, Summary: s.join(o.Name) + " is missing", Detail: o.Meaning,
				Hint: "add a line such as " + o.Name + " = " + o.Example,
			})
		}
	}
}

// nested opens the map that a value holds as a scope of its own.
func (s settings) nested(in option.Scope, e tfvars.Entry) (settings, bool) {
	v := e.Value
	if v.Shape != tfvars.Table {
		s.wrong(v, option.Map)
		return settings{}, false
	}
	inner := settings{Report: s.Report, scope: in, path: v.Path, at: e.At, values: map[string]tfvars.Value{}}
	from := make([]tfvars.Assignment, 0, len(v.Entries))
	for _, e := range v.Entries {
		from = append(from, tfvars.Assignment{Name: e.Key, At: e.At, Value: e.Value})
	}
	inner.overlay(from)
	return inner, true
}

// text, number, truth, list and table read a setting; false (or none) means that it is absent, or wrong and reported.
func (s settings) text(name string) (string, bool) {
	v, ok := s.values[name]
	if !ok {
		return "", false
	}
	return s.asText(v)
}

func (s settings) asText(v tfvars.Value) (string, bool) {
	out, ok := v.Text()
	if !ok {
		s.wrong(v, option.Text)
	}
	return out, ok
}

func (s settings) number(name string) (int, bool) {
	v, ok := s.values[name]
	if !ok {
		return 0, false
	}
	out, ok := v.Whole()
	if !ok {
		s.wrong(v, option.Number)
	}
	return out, ok
}

func (s settings) truth(name string) bool {
	v := s.values[name]
	out, ok := v.Truth()
	if !ok {
		s.wrong(v, option.Bool)
	}
	return out
}

// written is a text with the value that it was read from, for faults about it.
type written struct {
	text string
	tfvars.Value
}

// list reads a list of text, and for a flexible name a single text too. What is wrong in it is reported and left out.
func (s settings) list(name string) ([]written, bool) {
	v, ok := s.values[name]
	if !ok {
		return nil, false
	}
	o, _ := option.Find(s.scope, name)
	if v.Shape == tfvars.Scalar && o.Kind == option.Flexible {
		v.Items = []tfvars.Value{v}
	} else if v.Shape != tfvars.List {
		s.wrong(v, o.Kind)
		return nil, false
	}
	var out []written
	for _, item := range v.Items {
		if text, ok := s.asText(item); ok {
			out = append(out, written{text, item})
		}
	}
	return out, true
}

// table reads a map's entries, in file order.
func (s settings) table(name string) []tfvars.Entry {
	v, ok := s.values[name]
	if ok && v.Shape != tfvars.Table {
		o, _ := option.Find(s.scope, name)
		s.wrong(v, o.Kind)
	}
	return v.Entries
}

// choice reads a text with a fixed list of values.
func (s settings) choice(name string) string {
	text, ok := s.text(name)
	if ok {
		s.oneOf(name, written{text, s.values[name]})
	}
	return text
}

// alsoCalled are values by the names that they have elsewhere: at Docker, in AWS's API, in Terraform.
func alsoCalled() map[string]string {
	return map[string]string{
		"amd64": "x86_64", "x64": "x86_64", "intel": "x86_64", "aarch64": "arm64", "graviton": "arm64",
		"internet-facing": "external", "public": "external", "private": "internal", "alb": "application", "elb": "classic", "clb": "classic",
		"amazon-linux-2": "al2", "amazon-linux-2023": "al2023", "true": "enabled", "false": "none",
	}
}

func (s settings) oneOf(name string, w written) {
	o, _ := option.Find(s.scope, name)
	if slices.Contains(o.Choices, w.text) {
		return
	}
	f := Fault{Code: codeChoice, Summary: w.Path + " cannot be " + tfvars.Quote(w.text), Hint: "one of: " + strings.TrimPrefix(strings.Join(o.Choices, ", "), ", ")}
	near := spell.Nearest(w.text, o.Choices)
	if other := alsoCalled()[strings.ToLower(w.text)]; other != "" && slices.Contains(o.Choices, other) {
		near = other
	}
	if near != "" {
		f.Hint = "did you mean " + near + "?\n" + f.Hint
	}
	s.Fail(w.At, f)
}

// wrong reports a value of the wrong type; a broken one is reported already.
func (s settings) wrong(v tfvars.Value, want option.Kind) {
	if v.Shape == tfvars.Broken {
		return
	}
	article := "a "
	if want == option.Text || want == option.Bool || want == option.Flexible {
		article = ""
	}
	s.Fail(v.At, Fault{
		Code: tfvars.CodeWrongType, Summary: v.Path + " must be " + article + string(want) + ", not " + v.Describe(), Hint: typeHint(v, want),
	})
}

// listHint writes the list that a text with commas was meant to be.
func listHint(text string) string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if len(parts) == 0 {
		parts = []string{text}
	}
	for i := range parts {
		parts[i] = tfvars.Quote(wholeBlock(parts[i]))
	}
	return "write [" + strings.Join(parts, ", ") + "]"
}

// wholeBlock is a CIDR block with the first address of its range; any other text stays as it is.
func wholeBlock(text string) string {
	if block, err := netip.ParsePrefix(text); err == nil {
		return block.Masked().String()
	}
	return text
}

// typeHint shows the value rewritten where that is possible, else the table's example, else how the type is written.
func typeHint(v tfvars.Value, want option.Kind) string {
	if text, ok := v.Text(); ok && want == option.List {
		return listHint(text)
	}
	name := v.Path[strings.LastIndexByte(v.Path, '.')+1:]
	o, known := option.Of(name, want)
	switch {
	case known:
		return "such as " + name + " = " + o.Example
	case want == option.Text:
		return `text stands in quotes: "text"`
	default:
		return "settings stand in braces: { name = value }"
	}
}
