package manifest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/fault"
	"berth/internal/manifest/placeholder"
	"berth/internal/manifest/shape"
	"berth/internal/spell"
)

// biggest is how large a file is read: ECS takes 64 KiB of a task definition.
const biggest = 1 << 20

// reader turns texts into documents.
type reader struct {
	*fault.Report
	sheet
	sources    Sources
	file       File
	variables  map[string]string
	given      []string // by --set, in order
	used       map[string]bool
	whole      map[document.Position]bool // texts that are one placeholder and nothing else
	references []Reference
}

// readVariables takes the variables of the environment, and those of --set over them.
func (r *reader) readVariables() {
	for _, pair := range r.sources.Environ {
		if name, value, ok := strings.Cut(pair, "="); ok {
			r.variables[name] = value
		}
	}
	for _, pair := range r.sources.Set {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || !variableName(name) {
			r.Fail(document.Position{}, Fault{
				Code: codeSet, Summary: "--set does not name a variable and its value",
				Detail: "A variable's name is made of letters, digits and underscores, and stands before an equals sign.",
				Hint:   "such as --set TAG=v2",
			})
			continue
		}
		r.variables[name] = value
		if !slices.Contains(r.given, name) {
			r.given = append(r.given, name)
		}
	}
}

func variableName(name string) bool {
	e, problems := placeholder.Expand("${"+name+"}", func(string) (string, bool) { return "", true })
	return len(problems) == 0 && e.Whole && slices.Equal(e.Variables, []string{name})
}

// checkUsed warns of a --set that no text asks for.
func (r *reader) checkUsed() {
	var asked []string
	for name := range r.used { // unordered: sorted below
		asked = append(asked, name)
	}
	slices.Sort(asked)
	for _, name := range r.given {
		if r.used[name] {
			continue
		}
		f := Fault{Code: codeSet, Summary: "no text asks for the variable " + name + " of --set", Hint: "leave it out"}
		if near := spell.Nearest(name, asked); near != "" {
			f.Hint = "did you mean --set " + near + "=…?"
		}
		r.Warn(document.Position{}, f)
	}
}

// document reads one file; what cannot be read at all is absent.
func (r *reader) document(file File, s frame) document.Value {
	r.file = file
	if len(file.Text) > biggest {
		r.Fail(document.Position{File: file.Name}, Fault{
			Code: codeSyntax, Summary: "the file is larger than 1 MB", Detail: "ECS takes 64 KiB of a task definition: this is another file.",
		})
		return document.Value{}
	}
	v, err := document.Parse(file.Name, []byte(file.Text))
	if err != nil {
		r.syntax(err)
		return document.Value{}
	}
	if !r.unwrapped(v, s) {
		return document.Value{}
	}
	r.hideEnvironment(v)
	v = v.Map(r.expand)
	fitted, found := shape.Check(s.shape, v.With(s.name, orGiven(v.Get(s.name), r.sources.Folder)), r.leeway)
	for _, p := range found {
		r.misfit(p, s)
	}
	return fitted
}

// orGiven is the value, or the folder's name where there is none.
func orGiven(v document.Value, name string) document.Value {
	if v.There() {
		return v
	}
	return document.Of(name)
}

// syntax tells why a file is no JSON. A line that may hold the value of an environment variable is not shown.
func (r *reader) syntax(err error) {
	var bad *document.Error
	if !errors.As(err, &bad) {
		return
	}
	f := Fault{Code: codeSyntax, Summary: "not JSON: " + bad.Text}
	if strings.Contains(bad.Text, "a second time") {
		f.Summary = bad.Text
	}
	if r.delicate(bad.At.Line) {
		f.Snippet = "  " + fmt.Sprint(bad.At.Line) + " | (a line with a value is not shown)"
	}
	r.Fail(bad.At, f)
}

// delicate tells whether a line, or the one before it, speaks of a value: the file's structure is not known.
func (r *reader) delicate(line int) bool {
	lines := strings.Split(r.file.Text, "\n")
	from, to := max(line-2, 0), min(line, len(lines))
	return from < to && strings.Contains(strings.ToLower(strings.Join(lines[from:to], " ")), "value")
}

// unwrapped tells whether the file holds the document itself.
func (r *reader) unwrapped(v document.Value, s frame) bool {
	inner := v.Get(s.wrapper)
	if s.wrapper == "services" {
		inner = inner.Get("0")
	}
	switch {
	case v.Kind != document.Object:
		r.Fail(v.At, Fault{Code: codeShape, Summary: "the file must hold an object, not " + v.Kind.String(), Hint: "begin with { and " + s.begin})
	case inner.Kind == document.Object:
		r.Fail(inner.At, Fault{
			Code: codeShape, Summary: "the file holds what " + s.describe + " answers",
			Detail: "What " + s.call + " takes stands inside it, with more that AWS adds.",
			Hint:   "keep this object alone, without the members that AWS adds",
		})
	default:
		return true
	}
	return false
}

// hideEnvironment hides the values of the containers' environment variables, however they are written.
func (r *reader) hideEnvironment(v document.Value) {
	for _, c := range v.Get("containerDefinitions").Items {
		for _, m := range c.Members {
			if strings.EqualFold(m.Name, "environment") {
				r.hide(m.Value)
			}
		}
	}
}

// hide hides everything but the names of variables.
func (r *reader) hide(v document.Value) {
	for _, item := range v.Items {
		for _, m := range item.Members {
			if m.Name != "name" {
				r.hide(m.Value)
			}
		}
		if item.Kind != document.Object {
			r.hide(item)
		}
	}
	for _, m := range v.Members {
		r.hide(m.Value)
	}
	r.book.Mask(v)
}

// expand puts the variables into a text.
func (r *reader) expand(v document.Value) document.Value {
	if v.Kind != document.Text || !strings.Contains(v.Text, "${") {
		return v
	}
	e, problems := placeholder.Expand(v.Text, func(name string) (string, bool) {
		r.used[name] = true
		value, ok := r.variables[name]
		return value, ok
	})
	for _, p := range problems {
		r.misplaced(v, p)
	}
	for _, ref := range e.References {
		ref.At = v.At
		r.references = append(r.references, ref)
	}
	if len(e.Variables) > 0 || len(problems) > 0 {
		r.from[v.At] = true
	}
	r.whole[v.At], r.unset[v.At] = e.Whole, len(problems) > 0
	v.Text = e.Text
	return v
}

// misplaced tells of a placeholder that cannot be used.
func (r *reader) misplaced(v document.Value, p placeholder.Problem) {
	at := r.book.Inside(v, p.Piece)
	switch p.Kind {
	case placeholder.Unset:
		f := Fault{
			Code: codeUnset, Summary: "the variable " + p.Name + " has no value",
			Hint: "give it one: " + p.Name + "=… in the environment, or --set " + p.Name + "=…",
		}
		f.Hint += "\nor give it a default: ${" + p.Name + ":-…}\nfor the container's own shell write $${" + p.Name + "}"
		r.Fail(at, f)
	case placeholder.NotReference:
		r.Fail(at, Fault{Code: codeReference, Summary: p.Text, Hint: p.Hint})
	case placeholder.Malformed:
		r.Fail(at, Fault{
			Code: codePlaceholder, Summary: "this is no placeholder", Hint: "write ${NAME}, ${NAME:-default} or ${berth.…}; for ${ itself write $${",
		})
	}
}

// leeway says how strictly a text is taken.
func (r *reader) leeway(v document.Value) shape.Leeway {
	switch {
	case r.open(v):
		return shape.Open
	case r.whole[v.At] && v.At.Line > 0:
		return shape.Loose
	}
	return shape.Strict
}

// open tells whether the value is not known yet: there is a reference in it, or a placeholder that has failed already.
func (r *reader) open(v document.Value) bool {
	if v.At.Line == 0 || v.Kind != document.Text {
		return false
	}
	return strings.Contains(v.Text, "${berth.") && slices.ContainsFunc(r.references, func(ref Reference) bool { return ref.At == v.At }) ||
		r.unset[v.At]
}
