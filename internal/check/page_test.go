package check_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"berth/internal/check"
)

func TestEveryCodeHasItsPageAndEveryPageItsCode(t *testing.T) {
	used := check.CodesInUse()
	pages := check.Codes()
	for _, code := range used {
		if !slices.Contains(pages, code) {
			t.Errorf("%s is used and has no page", code)
		}
	}
	for i, code := range pages {
		if !slices.Contains(used, code) {
			t.Errorf("%s has a page and nothing uses it", code)
		}
		if slices.Contains(pages[:i], code) {
			t.Errorf("%s has two pages", code)
		}
	}
	for i, code := range used {
		if slices.Contains(used[:i], code) {
			t.Errorf("%s stands for two things", code)
		}
	}
}

func TestEveryPageSaysWhatItMeansAndWhatToDo(t *testing.T) {
	for _, code := range check.Codes() {
		page, ok := check.Explain(code)
		if !ok || !strings.HasPrefix(page, code+": ") || strings.Contains(page, "---") {
			t.Errorf("Explain(%s) is %t, %q", code, ok, page)
		}
		for _, part := range []string{"\n\nWhat it means   ", "\nWhat to do      "} {
			if !strings.Contains(page, part) {
				t.Errorf("the page of %s lacks %q", code, strings.TrimSpace(part))
			}
		}
		for line := range strings.Lines(page) {
			if len(line) > 123 || strings.TrimRight(line, " \n") != strings.TrimSuffix(line, "\n") {
				t.Errorf("%s: too long, or blanks at the end: %q", code, line)
			}
		}
	}
}

func TestForeignCodesAreNotExplainedHere(t *testing.T) {
	for _, code := range []string{"", "HA1", "HA999", "CFG001", "---"} {
		if page, ok := check.Explain(code); ok || page != "" {
			t.Errorf("Explain(%q) is %q", code, page)
		}
	}
}

// A code without a golden case that finds something is not tested.
func TestEveryCodeIsFoundInSomeGoldenCase(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var found strings.Builder
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".want") {
				found.Write(f.Data)
			}
		}
	}
	for _, code := range check.CodesInUse() {
		if !strings.Contains(found.String(), "["+code+"]") {
			t.Errorf("no golden case finds %s", code)
		}
	}
}
