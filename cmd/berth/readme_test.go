package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// commandLine is a command of berth, behind variables for it alone.
var commandLine = regexp.MustCompile(`^((?:[A-Z_]+=\S+ )*)(berth .*)$`)

// TestTheTourOfTheREADMERunsAsItIsPrinted runs every command of the tour, in order, in a folder with nothing but the
// files that the tour names.
func TestTheTourOfTheREADMERunsAsItIsPrinted(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "\n## A tour of five minutes\n")
	tour, _, _ := strings.Cut(rest, "\n## ")
	script := []string{
		"mkdir examples/web", "cp $ROOT/ecs.tfvars ecs.tfvars", "cp $ROOT/examples/ecs.tfvars examples/ecs.tfvars",
		"cp $ROOT/examples/web/taskdef.json examples/web", "cp $ROOT/examples/web/service.json examples/web",
	}
	for line := range strings.Lines(tour) {
		if m := commandLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			variables := strings.Fields(m[1])
			for _, v := range variables {
				script = append(script, "env "+v)
			}
			script = append(script, "exec "+m[2])
			for _, v := range variables {
				name, _, _ := strings.Cut(v, "=")
				script = append(script, "env "+name+"=")
			}
		}
	}
	if !found || len(script) < 12 {
		t.Fatalf("the README has no tour any more, or a short one: %v", script)
	}
	file := filepath.Join(t.TempDir(), "tour.txtar")
	if err := os.WriteFile(file, []byte(strings.Join(script, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Files: []string{file}, Setup: func(e *testscript.Env) error {
		e.Setenv("ROOT", root)
		return nil
	}})
}
