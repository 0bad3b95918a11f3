package tfvars

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Severity says whether a fault stops everything or only deserves a look.
type Severity string

const (
	// Error means that there is no Config.
	Error Severity = "error"
	// Warning means that the Config can be used as it is.
	Warning Severity = "warning"
)

// Fault is one thing wrong with the input, where it stands and what to do about it.
type Fault struct {
	Code     string // CFG0NN
	Severity Severity
	Summary  string // one line, no full stop
	Detail   string // the reason behind it, or ""
	Range    Range
	Snippet  string // the source line and carets, or ""
	Hint     string // what to write instead; lines are separated by \n
}

// Faults is everything wrong with the input, in the order of the input.
type Faults []Fault

// Failed says whether one of the faults is an error; with warnings alone Load still returns a Config.
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
	if place := f.Range.String(); place != "" {
		b.WriteString(place + ": ")
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

// Range is a place in the input: lines and columns count from 1. Line 0 is a file as a whole, a zero Range nowhere.
type Range struct {
	File         string
	Line, Column int
}

// String is file:line:column, the file alone when no line is to blame, or "" for a zero range.
func (r Range) String() string {
	if r.Line == 0 {
		return Printable(r.File)
	}
	return Printable(r.File) + ":" + strconv.Itoa(r.Line) + ":" + strconv.Itoa(r.Column)
}

// placed is a fault with what it is sorted by.
type placed struct {
	Fault
	rank, start int
}

// Report collects faults; its zero value is ready.
type Report struct {
	// Incomplete means that some input could not be read, so that a missing name proves nothing.
	Incomplete bool

	found   []placed
	sources int // how many were opened
}

// Fail adds an error at a place in the input; the zero Origin means that no place is to blame.
func (r *Report) Fail(at Origin, f Fault) {
	f.Severity = Error
	r.add(at, f)
}

// Warn adds what deserves a look but stops nothing.
func (r *Report) Warn(at Origin, f Fault) {
	f.Severity = Warning
	r.add(at, f)
}

func (r *Report) add(at Origin, f Fault) {
	f.Summary, f.Detail, f.Hint = Printable(unsecret(f.Summary)), Printable(unsecret(f.Detail)), printableLines(unsecret(f.Hint))
	p := placed{Fault: f}
	if at.src != nil {
		p.Range, p.Snippet = at.Place(), at.Snippet()
		p.rank, p.start = at.src.rank, at.start()
	}
	r.found = append(r.found, p)
}

// Faults are in the order of the input, without repetitions: what several groups take from the top level fails once.
func (r *Report) Faults() Faults {
	slices.SortStableFunc(r.found, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.start, b.start))
	})
	var out Faults
	seen := map[Fault]bool{}
	for _, p := range r.found {
		if !seen[p.Fault] {
			seen[p.Fault] = true
			out = append(out, p.Fault)
		}
	}
	return out
}

// Quote is Go's quoting, cut when the text is long: it keeps control characters off the terminal.
func Quote(text string) string {
	const limit = 80
	if IsPrivateKey(text) {
		return "a private key"
	}
	if runes := []rune(text); len(runes) > limit {
		return strconv.Quote(string(runes[:limit])) + "…"
	}
	return strconv.Quote(text)
}
