// Package fault collects what is wrong with the files of a service folder, and shows it: the place, the line with a caret under
// it, the reason and what to write instead.
//
// In: the files' texts, and faults with their places. Out: the faults in the order of the files. It must never show the value
// of an environment variable of a container, nor send a character to a terminal that could steer it.
package fault

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"berth/internal/document"
)

// Severity says whether a fault stops everything or only deserves a look.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Fault is one thing wrong, where it stands and what to do about it.
type Fault struct {
	Code     string            // DEP0NN
	Severity Severity          //
	Summary  string            // one line, no full stop
	Detail   string            // the reason behind it, or ""
	At       document.Position // zero: no line is to blame
	Snippet  string            // the line and carets, or ""
	Hint     string            // what to write instead; lines are separated by \n
}

// Faults is everything wrong, in the order of the files.
type Faults []Fault

// Failed says whether one of the faults is an error.
func (f Faults) Failed() bool {
	return slices.ContainsFunc(f, func(one Fault) bool { return one.Severity == Error })
}

// String is the text for people: the faults one after the other, with a blank line between; "" when there is none.
func (f Faults) String() string {
	texts := make([]string, 0, len(f))
	for _, one := range f {
		texts = append(texts, one.String())
	}
	return strings.Join(texts, "\n")
}

// String is the text of one fault: place, summary, code, snippet, detail and hints, each line ended.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(string(f.Severity) + ": ")
	if place := f.At.String(); place != "" {
		b.WriteString(Printable(place) + ": ")
	}
	b.WriteString(f.Summary + " [" + f.Code + "]\n")
	if f.Snippet != "" {
		b.WriteString(f.Snippet + "\n")
	}
	if f.Detail != "" {
		b.WriteString("  " + f.Detail + "\n")
	}
	for line := range strings.Lines(f.Hint) {
		b.WriteString("hint: " + strings.TrimSuffix(line, "\n") + "\n")
	}
	return b.String()
}

// File is a file of the folder as it is.
type File struct {
	Name string
	Text string
}

// Book is the files that faults may stand in, and what of them must not be shown.
type Book struct {
	files []File
	masks map[document.Position]bool // where hidden values begin
}

// NewBook begins without hidden values.
func NewBook(files ...File) Book {
	return Book{files: files, masks: map[document.Position]bool{}}
}

// Mask hides a text, number or boolean from every snippet and quotation.
func (b Book) Mask(v document.Value) {
	if v.At.Line > 0 && v.Kind != document.Object && v.Kind != document.List {
		b.masks[v.At] = true
	}
}

// Masked tells whether a value is hidden.
func (b Book) Masked(v document.Value) bool { return b.masks[v.At] }

// Report collects faults.
type Report struct {
	Book
	found []Fault
	count map[Severity]int
}

// NewReport has no faults yet.
func NewReport(b Book) *Report { return &Report{Book: b} }

// Fail adds an error.
func (r *Report) Fail(at document.Position, f Fault) {
	f.Severity = Error
	r.add(at, f)
}

// Warn adds what deserves a look but stops nothing.
func (r *Report) Warn(at document.Position, f Fault) {
	f.Severity = Warning
	r.add(at, f)
}

// most is how many errors, and how many warnings, are told: nobody reads more, and a file of another kind can have a hundred
// thousand.
const most = 50

func (r *Report) add(at document.Position, f Fault) {
	if r.count == nil {
		r.count = map[Severity]int{}
	}
	if r.count[f.Severity]++; r.count[f.Severity] > most {
		return
	}
	f.At = at
	f.Summary, f.Detail, f.Hint = Printable(f.Summary), Printable(f.Detail), printableLines(f.Hint)
	if f.Snippet == "" {
		f.Snippet = r.snippet(at)
	}
	r.found = append(r.found, f)
}

// Faults are in the order of the files, those without a place first, none of them twice.
func (r *Report) Faults() Faults {
	rank := func(f Fault) int {
		return slices.IndexFunc(r.files, func(file File) bool { return file.Name == f.At.File })
	}
	slices.SortStableFunc(r.found, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
	var out Faults
	for _, f := range r.found {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	if more := r.count[Error] - most; more > 0 {
		out = append(out, Fault{Code: out[len(out)-1].Code, Severity: Error, Summary: fmt.Sprintf("and %d more: correct these first", more)})
	}
	return out
}

// Quote is Go's quoting, cut when the text is long: it keeps control characters off the terminal.
func Quote(text string) string {
	const limit = 80
	if runes := []rune(text); len(runes) > limit {
		return strconv.Quote(string(runes[:limit])) + "…"
	}
	return strconv.Quote(text)
}

// Printable takes what could steer a terminal out of text that we did not write.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || unicode.IsPrint(r) || unicode.Is(unicode.Mn, r) {
			return r
		}
		return '\uFFFD'
	}, text)
}

// printableLines is Printable for a text of several lines.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = Printable(lines[i])
	}
	return strings.Join(lines, "\n")
}
