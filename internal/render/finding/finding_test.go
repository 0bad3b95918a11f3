package finding

import (
	"encoding/json"
	"flag"
	"os"
	"testing"

	"berth/internal/check"
	"berth/internal/config"
	"berth/internal/render/ink"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

// golden compares with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", name, got)
	}
}

func found() []check.Finding {
	return []check.Finding{
		{
			Code: "HA101", Severity: check.Error, Text: "the cluster stands in one zone: when it fails, so does everything",
			Fix: "name a second zone in availability_zones", Where: config.Range{File: "ecs.tfvars", Line: 10, Column: 22},
			Snippet: "  10 | availability_zones = [\"eu-west-1a\"]\n     |                       ^^^^^^^^^^^^^^",
		},
		{Code: "HA104", Severity: check.Warning, Text: "one NAT gateway serves three zones", Fix: "set nat = \"per_az\"\nor live with it"},
		{Code: "AMI001", Severity: check.Info, Text: "a newer AMI is out: \x1b[31mami-0def\x1b[0m"},
	}
}

func TestFindingsReadAsBefore(t *testing.T) {
	golden(t, "findings.txt", Text(found(), ink.Style{}))
}

func TestNoFindingsSayNothing(t *testing.T) {
	if got := Text(nil, ink.Style{}); got != "" {
		t.Errorf("got %q", got)
	}
	p := ink.NewPage(ink.Style{})
	if Part(p, nil); p.String() != "" {
		t.Errorf("on a page: %q", p.String())
	}
}

func TestAPartLeavesOutTheLinesOfTheFile(t *testing.T) {
	p := ink.NewPage(ink.Style{})
	Part(p, found())
	golden(t, "part.txt", p.String())
}

func TestFindingsForProgramsKeepTheirShapeAndTheirLines(t *testing.T) {
	b, err := json.MarshalIndent(ForPrograms(found()), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "findings.json", string(b)+"\n")
	if none := ForPrograms(nil); none == nil {
		t.Error("no findings are null, not an empty list")
	}
}
