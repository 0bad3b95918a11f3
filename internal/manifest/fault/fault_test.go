package fault

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/document"
)

// shown is the snippet of a place in a file, with the values at the columns hidden.
func shown(line string, column int, hidden ...int) string {
	b := NewBook(File{Name: "f", Text: line})
	for _, at := range hidden {
		b.Mask(document.Value{Kind: document.Text, At: document.Position{File: "f", Line: 1, Column: at}})
	}
	return b.snippet(document.Position{File: "f", Line: 1, Column: column})
}

func TestSnippetsMarkWhatBeginsAtThePlace(t *testing.T) {
	for _, c := range []struct {
		line   string
		column int
		want   string
	}{
		{`{ "a": "x\"y" }`, 8, "  1 | { \"a\": \"x\\\"y\" }\n    |        ^^^^^^"},
		{`{ "a": 12.5, "b": 1 }`, 8, "  1 | { \"a\": 12.5, \"b\": 1 }\n    |        ^^^^"},
		{`{ "a": [1] }`, 8, "  1 | { \"a\": [1] }\n    |        ^"},
		{`{ "a": "x-${TAG}-y" }`, 11, "  1 | { \"a\": \"x-${TAG}-y\" }\n    |           ^^^^^^"},
		{"\t\"é\": true\r", 7, "  1 | \t\"é\": true\n    | \t     ^^^^"},
		{"\"\x1b[31m\": 1", 10, "  1 | \"\uFFFD[31m\": 1\n    |          ^"},
		{"", 1, "  1 | \n    | ^"},
		{"x", 9, ""},
		{strings.Repeat("a", 200) + ` "b"`, 202, "  1 | …" + strings.Repeat("a", 99) + ` "b"` + "\n    | " + strings.Repeat(" ", 101) + "^^^"},
	} {
		if got := shown(c.line, c.column); got != c.want {
			t.Errorf("%q at %d:\n%s\nwant\n%s", c.line, c.column, got, c.want)
		}
	}
}

func TestHiddenValuesAreNotShown(t *testing.T) {
	const line = `{ "name": "A", "value": "secret" }, { "x": 1 }`
	want := "  1 | { \"name\": \"A\", \"value\": \"…\" }, { \"x\": 1 }\n    |                                       ^^^"
	if got := shown(line, 44-5, 25); strings.Contains(got, "secret") || !strings.HasPrefix(got, want[:strings.Index(want, "\n")]) {
		t.Errorf("got\n%s", got)
	}
	if got := shown(line, 25, 25); strings.Contains(got, "secret") || !strings.HasSuffix(got, "^^^") {
		t.Errorf("the place itself: got\n%s", got)
	}
}

func TestFaultsComeInTheOrderOfTheFilesAndOnce(t *testing.T) {
	r := NewReport(NewBook(File{Name: "b", Text: "1\n2\n"}, File{Name: "a", Text: "3\n"}))
	at := func(file string, line int) document.Position {
		return document.Position{File: file, Line: line, Column: 1}
	}
	for _, p := range []document.Position{at("a", 1), at("b", 2), {}, at("b", 1), at("b", 2)} {
		r.Fail(p, Fault{Code: "DEP001", Summary: "s"})
	}
	var got []string
	for _, f := range r.Faults() {
		got = append(got, f.At.String())
	}
	if want := " b:1:1 b:2:1 a:1:1"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", strings.Join(got, " "), want)
	}
}

func TestWarningsAloneDoNotFail(t *testing.T) {
	r := NewReport(NewBook())
	r.Warn(document.Position{}, Fault{Code: "DEP001", Summary: "s"})
	if r.Faults().Failed() {
		t.Error("a warning fails")
	}
	r.Fail(document.Position{}, Fault{Code: "DEP002", Summary: "s\x1b[2J", Hint: "one\ntwo"})
	if got := r.Faults().String(); !r.Faults().Failed() || strings.Contains(got, "\x1b") || !strings.Contains(got, "hint: one\nhint: two\n") {
		t.Errorf("got %q", got)
	}
}

func TestNobodyMustReadAThousandFaults(t *testing.T) {
	r := NewReport(NewBook(File{Name: "f", Text: strings.Repeat("x\n", 1000)}))
	for line := range 1000 {
		r.Warn(document.Position{File: "f", Line: line + 1, Column: 1}, Fault{Code: "DEP001", Summary: "w"})
	}
	for line := range 1000 {
		r.Fail(document.Position{File: "f", Line: line + 1, Column: 1}, Fault{Code: "DEP002", Summary: "e"})
	}
	all := r.Faults()
	if last := all[len(all)-1]; len(all) != 101 || !all.Failed() || last.Summary != "and 950 more: correct these first" || last.Code == "" {
		t.Errorf("%d faults, the last is %+v", len(all), last)
	}
}

func TestSafetyNoPlaceBreaksTheSnippet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.OneOf(rapid.String(), rapid.StringMatching(`["\\{}$a: ,]{0,20}`)).Draw(t, "line")
		got := shown(line, rapid.IntRange(-2, 30).Draw(t, "column"), rapid.SliceOfN(rapid.IntRange(1, 30), 0, 3).Draw(t, "hidden")...)
		if got != "" && strings.Count(got, "\n") != 1 {
			t.Fatalf("%q is shown as %q", line, got)
		}
	})
}
