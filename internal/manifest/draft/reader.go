package draft

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
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
	Sheet
	sources    Sources
	file       fault.File
	variables  map[string]string
	given      []string // by --set, in order
	used       map[string]bool
	references []Reference
}

// Read reads a folder; the report has what is wrong so far.
func Read(s Sources) (Folder, *fault.Report) {
	r := &reader{sources: s, variables: map[string]string{}, used: map[string]bool{}, Sheet: newSheet(s)}
	r.Report = fault.NewReport(r.Sheet.Book)
	r.readVariables()
	f := Folder{Sheet: r.Sheet}
	f.Definition = r.document(s.Definition, definitionShape())
	if s.Service.Name != "" {
		f.Service = r.document(s.Service, serviceShape())
	}
	r.checkUsed()
	f.Name, f.References = nameOf(f, s.Folder), r.references
	return f, r.Report
}

// nameOf is how the service is called: its own name, else the family's, else the folder's.
func nameOf(f Folder, folder string) string {
	for _, name := range []string{Text(f.Service, "serviceName"), Text(f.Definition, "family")} {
		if name != "" {
			return name
		}
	}
	return folder
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
			r.Fail(document.Position{}, fault.Fault{
				Code: fault.CodeSet, Summary: "--set does not name a variable and its value",
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
		f := fault.Fault{Code: fault.CodeSet, Summary: "no text asks for the variable " + name + " of --set", Hint: "leave it out"}
		if near := spell.Nearest(name, asked); near != "" {
			f.Hint = "did you mean --set " + near + "=…?"
		}
		r.Warn(document.Position{}, f)
	}
}

// document reads one file; what cannot be read at all is absent.
func (r *reader) document(file fault.File, s frame) document.Value {
	r.file = file
	if len(file.Text) > biggest {
		r.Fail(document.Position{File: file.Name}, fault.Fault{
			Code: fault.CodeSyntax, Summary: "the file is larger than 1 MB", Detail: "ECS takes 64 KiB of a task definition: this is another file.",
		})
		return document.Value{}
	}
	v, err := document.Parse(file.Name, []byte(file.Text))
	if err != nil {
		r.syntax(err, s)
		return document.Value{}
	}
	if !r.unwrapped(v, s) {
		return document.Value{}
	}
	r.hideEnvironment(v)
	v = v.Map(r.expand)
	return misfits{r.Report, r.Sheet}.check(v.With(s.name, orGiven(v.Get(s.name), r.sources.Folder)), s, r.leeway)
}

// orGiven is the value, or the folder's name where there is none.
func orGiven(v document.Value, name string) document.Value {
	if v.There() {
		return v
	}
	return document.Of(name)
}

// syntax tells why a file is no JSON. A line that may hold the value of an environment variable is not shown.
func (r *reader) syntax(err error, s frame) {
	var bad *document.Error
	if !errors.As(err, &bad) {
		return
	}
	f := fault.Fault{Code: fault.CodeSyntax, Summary: "not JSON: " + bad.Text, Hint: mend(bad.Text)}
	switch {
	case strings.Contains(bad.Text, "a second time"):
		f.Summary = bad.Text
	case strings.TrimSpace(r.file.Text) == "":
		f.Summary, f.Hint = "the file is empty", "begin with { and "+s.begin
	}
	if r.delicate(bad.At.Line) {
		f.Snippet = "  " + strconv.Itoa(bad.At.Line) + " | (not shown: there may be the value of an environment variable in it)"
	}
	r.Fail(bad.At, f)
}

// harmless is what a line may hold when nothing is known of the structure around it: names, brackets, true and false.
var harmless = regexp.MustCompile(`"[^"]*"\s*:|true|false|null|[\s{}\[\]:,]+`)

// suspect is what tells that a file has got to its environment variables, with room for a slip of the pen.
var suspect = regexp.MustCompile(`env|vir|ronm|value`)

// delicate tells whether a line may hold the value of an environment variable: the structure of the file is not known, and there is
// an environment somewhere before its end.
func (r *reader) delicate(line int) bool {
	lines := strings.Split(r.file.Text, "\n")
	line = min(max(line, 1), len(lines))
	above := strings.ToLower(strings.Join(lines[:line], "\n"))
	return suspect.MatchString(above) && harmless.ReplaceAllString(lines[line-1], "") != ""
}

// unwrapped tells whether the file holds the document itself.
func (r *reader) unwrapped(v document.Value, s frame) bool {
	inner := v.Get(s.wrapper)
	if s.wrapper == "services" {
		inner = inner.Get("0")
	}
	switch {
	case v.Kind != document.Object:
		r.Fail(v.At, fault.Fault{Code: fault.CodeShape, Summary: "the file must hold an object, not " + v.Kind.String(), Hint: "begin with { and " + s.begin})
	case inner.Kind == document.Object:
		r.Fail(inner.At, fault.Fault{
			Code: fault.CodeShape, Summary: "the file holds what " + s.describe + " answers",
			Detail: "What " + s.call + " takes stands inside it, with more that AWS adds.",
			Hint:   "keep this object alone, without the members that AWS adds",
		})
	default:
		return true
	}
	return false
}

// hideEnvironment hides the values of environment variables, however they are written and wherever they stand: all below what is
// called environment or nearly so, and each value beside a name.
func (r *reader) hideEnvironment(v document.Value) {
	for _, item := range v.Items {
		r.hideEnvironment(item)
	}
	for _, m := range v.Members {
		switch {
		case spell.Meant(m.Name, []string{"environment"}) != "" && m.Name != "environmentFiles":
			r.hide(m.Value)
		case m.Name == "value" && v.Get("name").There():
			r.hide(m.Value)
		default:
			r.hideEnvironment(m.Value)
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
	r.Sheet.Book.Mask(v)
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
	at := r.Sheet.Book.Inside(v, p.Piece)
	switch p.Kind {
	case placeholder.Unset:
		f := fault.Fault{
			Code: fault.CodeUnset, Summary: "the variable " + p.Name + " has no value",
			Hint: "give it one: " + p.Name + "=… in the environment, or --set " + p.Name + "=…",
		}
		f.Hint += "\nor give it a default: ${" + p.Name + ":-…}\nfor the container's own shell write $${" + p.Name + "}"
		r.Fail(at, f)
	case placeholder.NotReference:
		r.Fail(at, fault.Fault{Code: fault.CodeReference, Summary: p.Text, Hint: p.Hint})
	case placeholder.Malformed:
		r.Fail(at, fault.Fault{
			Code: fault.CodePlaceholder, Summary: "this is no placeholder", Hint: "write ${NAME}, ${NAME:-default} or ${berth.…}; for ${ itself write $${",
		})
	}
}

// leeway says how strictly a text is taken.
func (r *reader) leeway(v document.Value) shape.Leeway {
	switch {
	case r.open(v, r.references):
		return shape.Open
	case r.whole[v.At] && v.At.Line > 0:
		return shape.Loose
	}
	return shape.Strict
}

// mend is what to write instead of what is no JSON, by the words that encoding/json has for it.
func mend(text string) string {
	for _, known := range []struct{ words, hint string }{
		{"a second time", "keep one of the two"},
		{"after object key:value pair", "put a comma between two members, and } behind the last one"},
		{"after array element", "put a comma between two items, and ] behind the last one"},
		{"after object key", "put a colon between name and value"},
		{"in string literal", "write the character as \\u and four hexadecimal digits, a line break as \\n"},
		{"in string escape", "write a plain backslash as two"},
		{"looking for beginning", "JSON has no comma behind the last member or item, and puts names and texts in double quotes"},
		{"no comments", "take the comment away"},
		{"ends before", "close every bracket and every quote"},
		{"UTF-8", "save the file as UTF-8"},
		{"behind the end", "keep one value: take away what stands behind the last bracket"},
	} {
		if strings.Contains(text, known.words) {
			return known.hint
		}
	}
	return "taskdef.json and service.json are plain JSON, as aws ecs describe-task-definition prints it"
}
