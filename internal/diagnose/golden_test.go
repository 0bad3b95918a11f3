package diagnose

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
)

var update = flag.Bool("update", false, "rewrite the golden diagnoses")

// spelled are diagnoses as the golden files have them.
func spelled(found []Diagnosis) string {
	text := ""
	for _, d := range found {
		final := ""
		if d.Final {
			final = " final"
		}
		text += fmt.Sprintf("%s %s x%d%s\n%s\n", d.Code, d.Subject, d.Count, final, d.Text)
		for _, e := range d.Evidence {
			text += "- " + e + "\n"
		}
		text += "fix: " + d.Fix + "\n"
	}
	return text
}

// TestEveryCaseReadsAsItsGoldenText holds one file per code: a capture, and what is diagnosed from it.
func TestEveryCaseReadsAsItsGoldenText(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	told := map[string]bool{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c live.Capture
		if err := json.Unmarshal(a.Files[0].Data, &c); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		found := Of(c)
		for _, d := range found {
			told[d.Code] = true
		}
		got := spelled(found)
		want := ""
		if len(a.Files) > 1 {
			want = string(a.Files[1].Data)
		}
		if *update && got != want {
			a.Files = append(a.Files[:1], txtar.File{Name: "diagnoses", Data: []byte(got)})
			if err := os.WriteFile(file, txtar.Format(a), 0o600); err != nil {
				t.Fatal(err)
			}
			want = got
		}
		if got != want {
			t.Errorf("%s:\n%s", file, got)
		}
		code := strings.TrimSuffix(filepath.Base(file), ".txtar")
		if len(code) == 6 && !slices.ContainsFunc(found, func(d Diagnosis) bool { return d.Code == code }) {
			t.Errorf("%s is not about its code", file)
		}
	}
	complete(t, told)
}

// complete wants a case and a page for every code.
func complete(t *testing.T, told map[string]bool) {
	t.Helper()
	for _, code := range reason.Codes() {
		if !told[code] && code >= "WHY100" {
			t.Errorf("no case has %s", code)
		}
	}
	for code := range tellers() {
		if _, ok := reason.Explain(code); !ok {
			t.Errorf("%s has no page", code)
		}
	}
}

func TestEveryPageSaysWhatItMeansAndWhatToDo(t *testing.T) {
	for _, code := range reason.Codes() {
		page, _ := reason.Explain(code)
		for _, part := range []string{code + ": ", "What it means", "What to do"} {
			if !strings.Contains(page, part) {
				t.Errorf("the page of %s does not have %q", code, part)
			}
		}
		for line := range strings.Lines(page) {
			if len(strings.TrimSuffix(line, "\n")) > 120 {
				t.Errorf("%s: a line is too long: %s", code, line)
			}
		}
		if _, known := tellers()[code]; !known && code >= "WHY100" {
			t.Errorf("nothing ever says %s", code)
		}
	}
}
