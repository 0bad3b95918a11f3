package tfvars

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func check(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
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

func faultsIn(file string) string {
	var r Report
	r.File(file)
	return r.Faults().String()
}

// read is the settings of one text, by name.
func read(t *testing.T, text string) map[string]Value {
	t.Helper()
	write(t, map[string]string{"ecs.tfvars": text})
	var r Report
	all, _ := r.File("ecs.tfvars")
	if f := r.Faults(); len(f) > 0 {
		t.Fatal(f)
	}
	out := map[string]Value{}
	for _, a := range all {
		out[a.Name] = a.Value.Named(a.Name)
	}
	return out
}

// The archive holds pairs of a case.tfvars and the case.want that it must be answered with.
func TestEverySyntaxFaultReadsAsItsGoldenText(t *testing.T) {
	path, err := filepath.Abs("testdata/syntax.txtar")
	if err != nil {
		t.Fatal(err)
	}
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []txtar.File
	for i, f := range archive.Files {
		name, isCase := strings.CutSuffix(f.Name, ".tfvars")
		if !isCase {
			continue
		}
		got, want := "", ""
		if i+1 < len(archive.Files) {
			want = string(archive.Files[i+1].Data)
		}
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{"ecs.tfvars": string(f.Data)})
			if got = faultsIn("ecs.tfvars"); got == "" || !*update && got != want {
				t.Errorf("got:\n%swant:\n%s", got, want)
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

func TestSettingsKeepTheirOrderAndPlaces(t *testing.T) {
	write(t, map[string]string{"ecs.tfvars": "b = 1\na = { x = [1, \"two\"] }\n"})
	var r Report
	all, end := r.File("ecs.tfvars")
	if len(all) != 2 || all[0].Name != "b" || all[1].Name != "a" {
		t.Fatal(all)
	}
	got := ""
	all[1].Value.Named("a").Walk(func(v Value) { got += v.Path + " " + v.At.Place().String() + " " + v.Describe() + "\n" })
	check(t, got, "a ecs.tfvars:2:5 a map\na.x ecs.tfvars:2:11 a list\na.x[0] ecs.tfvars:2:12 1\na.x[1] ecs.tfvars:2:15 \"two\"\n")
	if all[0].At.After(all[1].At) || !all[1].At.After(all[0].At) || (Origin{}).After(all[0].At) || !all[0].At.After(Origin{}) {
		t.Error("the order of places is wrong")
	}
	if end.Place() != (Range{File: "ecs.tfvars"}) || !end.After(all[1].Value.At) || end.Snippet() != "" {
		t.Error(end)
	}
}

func TestValuesConvertAsTerraformsDo(t *testing.T) {
	for _, c := range []struct{ written, text, whole, truth string }{
		{`"2"`, "2", "2", "no"},
		{"2", "2", "2", "no"},
		{"-2", "-2", "-2", "no"},
		{"(2.0)", "2", "2", "no"},
		{"2.5", "2.5", "no", "no"},
		{`"2.5"`, "2.5", "no", "no"},
		{"1e3", "1000", "1000", "no"},
		{"99999999999999999999", "99999999999999999999", "no", "no"},
		{"1e999999999", "no", "no", "no"},
		{"1e-999999999", "0", "0", "no"}, // HCL itself rounds it,
		{"1e400000", "no", "no", "no"},
		{"true", "true", "no", "true"},
		{`"false"`, "false", "no", "false"},
		{`"yes"`, "yes", "no", "no"},
		{`""`, "", "no", "no"},
		{"null", "no", "no", "no"},
		{"[1]", "no", "no", "no"},
		{"{}", "no", "no", "no"},
	} {
		v := read(t, "a = "+c.written)["a"]
		show := func(text string, ok bool) string {
			if !ok {
				return "no"
			}
			return text
		}
		text, isText := v.Text()
		n, isWhole := v.Whole()
		yes, isTruth := v.Truth()
		got := [3]string{show(text, isText), show(strconv.Itoa(n), isWhole), show(strconv.FormatBool(yes), isTruth)}
		if got != [3]string{c.text, c.whole, c.truth} {
			t.Errorf("%s is read as %q", c.written, got)
		}
	}
}

func TestConstantsHaveNoPlace(t *testing.T) {
	v := Constant(`{ a = ["b"] }`).Named("x")
	got := ""
	v.Walk(func(v Value) {
		got += v.Path + " "
		if !v.At.IsDefault() || v.At.Place() != (Range{}) {
			t.Error(v.Path, "has a place")
		}
	})
	check(t, got, "x x.a x.a[0] ")
}

func TestFaultsStandInTheOrderOfTheInputAndOnce(t *testing.T) {
	write(t, map[string]string{"ecs.tfvars": "a = 1\nb = 2\n"})
	var r Report
	all, end := r.File("ecs.tfvars")
	r.Fail(end, Fault{Summary: "last"})
	r.Fail(all[1].At, Fault{Summary: "second"})
	r.Warn(all[0].At, Fault{Summary: "first"})
	r.Fail(all[1].At, Fault{Summary: "second"})
	r.Fail(Origin{}, Fault{Summary: "nowhere"})
	var got []string
	for _, f := range r.Faults() {
		got = append(got, string(f.Severity)+" "+f.Summary)
	}
	check(t, strings.Join(got, ", "), "error nowhere, warning first, error second, error last")
	if (Faults{{Severity: Warning}}).Failed() || !r.Faults().Failed() {
		t.Error("errors fail, warnings do not")
	}
}
