package hear

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"berth/internal/live"
)

// captured are the captures of package diagnose, by name.
func captured(t *testing.T) map[string]live.Capture {
	t.Helper()
	files, err := filepath.Glob("../../diagnose/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	out := map[string]live.Capture{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c live.Capture
		if err := json.Unmarshal(a.Files[0].Data, &c); err != nil {
			t.Fatal(file, err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".txtar")] = c
	}
	return out
}

// TestEveryLookSaysItsSignals holds what is heard of each capture that package diagnose has a case of.
func TestEveryLookSaysItsSignals(t *testing.T) {
	all := captured(t)
	const golden = "testdata/captures.txtar"
	a, err := txtar.ParseFile(golden)
	if err != nil && !*update {
		t.Fatal(err)
	}
	want := map[string]string{}
	if a != nil {
		for _, f := range a.Files {
			want[f.Name] = string(f.Data)
		}
	}
	out := &txtar.Archive{Comment: []byte("What looks at the cluster say, by the names of package diagnose's cases.\n")}
	files, _ := filepath.Glob("../../diagnose/testdata/*.txtar")
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		got := spelled(Capture(all[name], Facts{}))
		if got != want[name] && !*update {
			t.Errorf("%s:\n%s", name, got)
		}
		out.Files = append(out.Files, txtar.File{Name: name, Data: []byte(got)})
	}
	if *update {
		if err := os.WriteFile(golden, txtar.Format(out), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
