package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"berth/internal/config"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// base makes every case below complete but for what it is about.
func base() []string {
	return []string{
		"TF_VAR_environment=acc", "TF_VAR_aws_region=eu-west-1", `TF_VAR_availability_zones=["eu-west-1a", "eu-west-1b"]`,
	}
}

// write puts files into a new folder and makes it the current one, so that faults show short names.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// Each archive in testdata/faults holds pairs of a case.tfvars and the case.want that it must be answered with.
func TestEveryFaultReadsAsItsGoldenText(t *testing.T) {
	archives, err := filepath.Glob("testdata/faults/*.txtar")
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
	want := map[string]string{}
	for _, f := range archive.Files {
		want[f.Name] = string(f.Data)
	}
	var out []txtar.File
	for _, f := range archive.Files {
		name, isCase := strings.CutSuffix(f.Name, ".tfvars")
		if !isCase {
			continue
		}
		got := ""
		t.Run(name, func(t *testing.T) {
			got = faultsOf(t, string(f.Data))
			if !*update && got != want[name+".want"] {
				t.Errorf("got:\n%swant:\n%s", got, want[name+".want"])
			}
		})
		out = append(out, f, txtar.File{Name: name + ".want", Data: []byte(got)})
	}
	if *update {
		archive.Files = out
		if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func faultsOf(t *testing.T, text string) string {
	t.Helper()
	write(t, map[string]string{"ecs.tfvars": text})
	c, faults := config.Load(config.Sources{Files: []string{"ecs.tfvars"}, Environ: base()})
	if len(faults) == 0 {
		t.Error("no fault was found")
	}
	if faults.Failed() == (c != nil) {
		t.Error("there is a Config exactly when there is no error")
	}
	return faults.String()
}
