package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"berth/internal/config"
)

func TestTheReferenceIsUpToDate(t *testing.T) {
	const path = "../../docs/config.md"
	if *update {
		if err := os.WriteFile(path, []byte(config.Reference()), 0o644); err != nil { //nolint:gosec // a public document
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != config.Reference() {
		t.Error("docs/config.md is stale: go test ./internal/config -run Reference -update")
	}
}

func TestEveryCodeHasATestAndAnExplanation(t *testing.T) {
	var text strings.Builder
	for _, pattern := range []string{"testdata/faults/*.txtar", "*_test.go", "tfvars/testdata/*.txtar", "tfvars/*_test.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			text.Write(data)
		}
	}
	codes := config.Codes()
	if !slices.IsSortedFunc(codes, func(a, b config.Explanation) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("the codes are out of order")
	}
	for i, e := range codes {
		if i > 0 && codes[i-1].Code == e.Code {
			t.Error(e.Code, "stands twice")
		}
		if !strings.Contains(text.String(), "["+e.Code+"]") {
			t.Error(e.Code, "has no golden text")
		}
		if got, ok := config.Explain(e.Code); !ok || got != e || e.Title == "" || e.Text == "" {
			t.Error(e.Code, "is not explained")
		}
	}
	if _, ok := config.Explain("CFG999"); ok {
		t.Error("CFG999 means nothing")
	}
}
