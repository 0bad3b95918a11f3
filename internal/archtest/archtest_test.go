package archtest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the want sections of testdata")

// check is one rule of the house. Its planted tree is testdata/NAME.txtar.
type check struct {
	name string
	run  func(*Module) ([]Finding, error)
}

func checks(lim Limits) []check {
	return []check{
		{"imports", func(m *Module) ([]Finding, error) { return Imports(m), nil }},
		{"bans", func(m *Module) ([]Finding, error) { return Bans(m), nil }},
		{"size", func(m *Module) ([]Finding, error) { return Sizes(m, lim), nil }},
		{"order", Order},
		{"doors", Doors},
		{"dependencies", Dependencies},
	}
}

func TestThisModuleKeepsItsArchitecture(t *testing.T) {
	m, err := Load(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if m.Path != "berth" || m.find("internal/archtest") == nil {
		t.Fatalf("this is not our module: %q with %d packages", m.Path, len(m.Packages))
	}
	for _, c := range checks(House()) {
		t.Run(c.name, func(t *testing.T) {
			found, err := c.run(m)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				t.Error(f)
			}
		})
	}
}

// The archives hold a small module each, with what is allowed and what is
// not; the file called want holds the findings.
func TestPlantedViolationsAreFound(t *testing.T) {
	small := Limits{File: 12, Function: 4, Package: 20, Grid: 30, Grids: []string{"internal/observe"}}
	for _, c := range checks(small) {
		t.Run(c.name, func(t *testing.T) {
			name := filepath.Join("testdata", c.name+".txtar")
			tree, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := findIn(t, tree, c)
			want := section(tree, "want")
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(tree), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got != string(want.Data) || got == "" {
				t.Errorf("found:\n%swant:\n%s", got, want.Data)
			}
		})
	}
}

func findIn(t *testing.T, tree *txtar.Archive, c check) string {
	t.Helper()
	root := t.TempDir()
	if err := txtar.Write(tree, root); err != nil {
		t.Fatal(err)
	}
	m, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	found, err := c.run(m)
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, f := range found {
		lines.WriteString(f.String() + "\n")
	}
	return lines.String()
}

func section(tree *txtar.Archive, name string) *txtar.File {
	for i := range tree.Files {
		if tree.Files[i].Name == name {
			return &tree.Files[i]
		}
	}
	tree.Files = append(tree.Files, txtar.File{Name: name})
	return &tree.Files[len(tree.Files)-1]
}

func TestPackageThatDoesNotCompileIsAFinding(t *testing.T) {
	root := t.TempDir()
	tree := txtar.Parse([]byte(`
-- go.mod --
module berth
go 1.26.0
-- internal/plan/plan.go --
package plan

var Count int = "three"
`))
	if err := txtar.Write(tree, root); err != nil {
		t.Fatal(err)
	}
	m, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	found, err := Order(m)
	if err != nil || len(found) != 1 || !strings.Contains(found[0].Text, "does not compile") {
		t.Errorf("Order = %v, %v; want one finding that says it does not compile", found, err)
	}
}

func TestFileThatDoesNotParseIsAnError(t *testing.T) {
	root := t.TempDir()
	tree := txtar.Parse([]byte("-- go.mod --\nmodule berth\n-- a.go --\npackage\n"))
	if err := txtar.Write(tree, root); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(root); err == nil {
		t.Error("Load accepts a file without a package name")
	}
}

func TestEveryPureRowIsKeptInOrder(t *testing.T) {
	for line := range strings.Lines(layers) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[1] != "pure" && fields[1] != "service" {
			continue
		}
		if dir := strings.TrimSuffix(fields[0], "/..."); !matchesAny(strings.Fields(ordered), dir) {
			t.Errorf("%s is pure, but maps may be ranged over in it", dir)
		}
	}
}
