package hear

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"berth/internal/model"
	"berth/internal/watch"
)

var update = flag.Bool("update", false, "rewrite the golden signals")

// shop is the cluster of the golden files.
func shop() model.Scope {
	return model.Scope{Account: "123456789012", Region: "eu-west-1", Partition: "aws", Environment: "prod", Cluster: "shop"}
}

// spelled are signals as the golden files have them.
func spelled(signals []watch.Signal) string {
	var b strings.Builder
	for _, s := range signals {
		word := "bad"
		if s.Well {
			word = "well"
		}
		if s.Level {
			word += " (a state)"
		}
		fmt.Fprintf(&b, "%s: %s of %s/%s at %s\n", word, s.Member, s.Cause.Family, s.Cause.Scope, s.At.Format(time.RFC3339))
		if s.ID != "" {
			fmt.Fprintf(&b, "id: %s\n", s.ID)
		}
		if s.Code != "" {
			fmt.Fprintf(&b, "%s %s, held for %s\n", s.Code, []string{"info", "warning", "error"}[s.Severity], s.Hold)
		}
		for _, line := range append([]string{s.Text}, s.Evidence...) {
			if line != "" {
				fmt.Fprintf(&b, "- %s\n", line)
			}
		}
		if s.Fix != "" {
			fmt.Fprintf(&b, "fix: %s\n", s.Fix)
		}
	}
	return b.String()
}

// answer is what an event says, in words.
func answer(body []byte) string {
	h, err := Event(body, shop())
	if err != nil {
		return "refused: " + err.Error() + "\n"
	}
	text := spelled(h.Signals)
	if h.Test != nil {
		text += "a test: " + h.Test.ID + "\n"
	}
	if text == "" {
		return "nothing\n"
	}
	return text
}

// TestEveryEventSaysItsSignals holds events as AWS documents them, each with what is heard of it.
func TestEveryEventSaysItsSignals(t *testing.T) {
	files, err := filepath.Glob("testdata/event/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		agrees(t, file, answer)
	}
}

// agrees compares what a file's inputs, "NAME.json", say with what stands behind each of them as "NAME".
func agrees(t *testing.T, file string, say func([]byte) string) {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, f := range a.Files {
		want[f.Name] = string(f.Data)
	}
	var out []txtar.File
	for _, f := range a.Files {
		name, input := strings.CutSuffix(f.Name, ".json")
		if !input {
			continue
		}
		got := say(f.Data)
		if got != want[name] && !*update {
			t.Errorf("%s, %s:\n%s", file, name, got)
		}
		out = append(out, f, txtar.File{Name: name, Data: []byte(got)})
	}
	if *update {
		a.Files = out
		if err := os.WriteFile(file, txtar.Format(a), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
