package manifest

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// plainDefinition makes cases complete that are about the service alone.
const plainDefinition = `{
  "containerDefinitions": [
    { "name": "web", "image": "nginx:1.29", "memory": 128, "portMappings": [{ "containerPort": 80 }] }
  ]
}
`

// sources are what a case reads. Its files are CASE/taskdef.json, CASE/service.json, and CASE/variables with a line for each
// variable of the environment, or of --set where it begins with two hyphens.
func sources(files map[string]string, name string) Sources {
	s := Sources{
		Folder: "web", Definition: File{Name: DefinitionFile, Text: plainDefinition},
		Expression: func(e string) (problem, hint string) {
			if strings.Contains(e, "??") {
				return `"??" is no operator`, "write =="
			}
			return "", ""
		},
	}
	if text, ok := files[name+"/"+DefinitionFile]; ok {
		s.Definition.Text = text
	}
	if text, ok := files[name+"/"+ServiceFile]; ok {
		s.Service = File{Name: ServiceFile, Text: text}
	}
	for line := range strings.Lines(files[name+"/variables"]) {
		line = strings.TrimSuffix(line, "\n")
		if set, ok := strings.CutPrefix(line, "--set "); ok {
			s.Set = append(s.Set, set)
		} else if folder, ok := strings.CutPrefix(line, "--folder "); ok {
			s.Folder = folder
		} else {
			s.Environ = append(s.Environ, line)
		}
	}
	return s
}

// Each archive in testdata/faults holds cases: files that begin with the case's name, and CASE/want, how they must be answered.
func TestEveryFaultReadsAsItsGoldenText(t *testing.T) {
	all := ""
	for _, path := range archives(t) {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var out []txtar.File
		for _, name := range cases(archive) {
			got := golden(t, archive, name)
			all += got
			out = append(out, kept(archive.Files, name, got)...)
		}
		if *update {
			archive.Files = out
			if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, e := range Codes() {
		if !strings.Contains(all, "["+e.Code+"]") {
			t.Errorf("no case has the code %s (%s)", e.Code, e.Title)
		}
	}
}

// cases are the names of an archive's cases, in order.
func cases(archive *txtar.Archive) []string {
	var out []string
	for _, f := range archive.Files {
		if name, _, _ := strings.Cut(f.Name, "/"); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// golden answers a case, and compares the answer with the one that is wanted.
func golden(t *testing.T, archive *txtar.Archive, name string) string {
	files := map[string]string{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	got := faultsOf(sources(files, name), name)
	t.Run(name, func(t *testing.T) {
		if want := files[name+"/want"]; !*update && got != want {
			t.Errorf("got:\n%swant:\n%s", got, want)
		}
		if strings.Contains(got, "hunter2") {
			t.Error("a secret is shown:\n" + got)
		}
	})
	return got
}

func archives(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/faults/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no archives", err)
	}
	return paths
}

// kept is a case with its new answer.
func kept(all []txtar.File, name, got string) []txtar.File {
	var out []txtar.File
	for _, f := range all {
		if strings.HasPrefix(f.Name, name+"/") && f.Name != name+"/want" {
			out = append(out, f)
		}
	}
	return append(out, txtar.File{Name: name + "/want", Data: []byte(got)})
}

// faultsOf reads the case; one whose name begins with cluster is checked against the cluster of the examples.
func faultsOf(s Sources, name string) string {
	f, faults := Read(s)
	if faults.Failed() || !strings.HasPrefix(name, "cluster") {
		return faults.String()
	}
	return Check(f, shop()).String()
}

func TestEveryCodeHasAPage(t *testing.T) {
	before := ""
	for _, e := range Codes() {
		if e.Code <= before || e.Title == "" || e.Text == "" || !strings.HasSuffix(e.Text, ".") {
			t.Errorf("the page of %s is not complete, or not in its place", e.Code)
		}
		before = e.Code
	}
	if _, ok := Explain("DEP000"); ok {
		t.Error("a code that there is not is explained")
	}
}
