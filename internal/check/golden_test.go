package check_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"berth/internal/check"
	"berth/internal/desired"
	"berth/internal/model"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Each archive holds cases: "CODE what it is about.tfvars", perhaps ".facts" (see alter), and ".want": the findings of
// that code, or the refusal for an FCT or CFG code and the first three of NET.
func TestEveryFindingReadsAsItsGoldenText(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range archives {
		path, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { checkArchive(t, path) })
	}
}

func checkArchive(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range archive.Files {
		parts[f.Name] = string(f.Data)
	}
	var out []txtar.File
	for _, f := range archive.Files {
		name, isCase := strings.CutSuffix(f.Name, ".tfvars")
		if !isCase {
			continue
		}
		got := ""
		t.Run(name, func(t *testing.T) {
			got = answer(t, name, string(f.Data), parts[name+".facts"])
			if !*update && got != parts[name+".want"] {
				t.Errorf("got:\n%swant:\n%s", got, parts[name+".want"])
			}
		})
		out = append(out, f)
		if facts, has := parts[name+".facts"]; has {
			out = append(out, txtar.File{Name: name + ".facts", Data: []byte(facts)})
		}
		out = append(out, txtar.File{Name: name + ".want", Data: []byte(got)})
	}
	if *update {
		archive.Files = out
		if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// answer is what the code that the case begins with has to say, "nothing" when it is silent.
func answer(t *testing.T, name, file, lines string) string {
	t.Helper()
	if code, _, _ := strings.Cut(name, " "); code == "HA121" || code == "HA122" {
		return aboutServices(code, lines)
	}
	c := load(t, file)
	facts, have := plain(c), model.Inventory{}
	alter(t, lines, &facts, &have)
	c = desired.Settle(c, facts)
	code, _, _ := strings.Cut(name, " ")
	refused := check.Refuse(c, facts)
	refusal := strings.HasPrefix(code, "FCT") || strings.HasPrefix(code, "CFG")
	if refusal || slices.Contains([]string{"NET601", "NET602", "NET610", "NET611", "NET612"}, code) {
		if refused == nil {
			return "nothing\n"
		}
		return refused.Error() + "\n"
	}
	if refused != nil {
		t.Fatalf("the case is refused: %v", refused)
	}
	all := check.All(look(t, c, facts, have))
	all = slices.DeleteFunc(all, func(f check.Finding) bool { return f.Code != code && code != "ALL" })
	if len(all) == 0 {
		return "nothing\n"
	}
	return text(all)
}

// aboutServices is what a code has to say about services, one in a line: its name, how many tasks it wants, and how many run in each
// zone; a daemon ends in the word.
func aboutServices(code, lines string) string {
	var all []check.Service
	for line := range strings.Lines(lines) {
		words := strings.Fields(line)
		one := check.Service{Name: words[0], Zones: map[string]int{}, Daemon: words[len(words)-1] == "daemon"}
		one.Wanted, _ = strconv.Atoi(words[1])
		for _, w := range words[2:] {
			if zone, count, is := strings.Cut(w, "="); is {
				one.Zones[zone], _ = strconv.Atoi(count)
			}
		}
		all = append(all, one)
	}
	found := slices.DeleteFunc(check.With(nil, all), func(f check.Finding) bool { return f.Code != code })
	if len(found) == 0 {
		return "nothing\n"
	}
	return text(found)
}
