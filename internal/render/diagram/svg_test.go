package diagram

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"berth/internal/render/ink"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
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

func pictures() map[string]Scene {
	planned := zoned(2)
	planned.Planned = true
	planned.Groups[0].Instances = map[string]int{"eu-west-1a": 1}
	for i := range planned.Zones {
		planned.Zones[i].Address = ""
	}
	six := zoned(6)
	six.Cluster, six.Environment = "a-cluster-with-quite-a-long-name", "production"
	six.Groups = append(six.Groups, shop().Groups[1:]...)
	six.Groups[1].Instances["eu-west-1f"] = 2
	none := zoned(0)
	none.Groups, none.Balancers, none.S3 = nil, nil, false
	internal := zoned(2)
	internal.Balancers[0].Internal = true
	long := zoned(2)
	long.Cluster, long.Environment = "Wide-MMMMMMMMMMMM-WWWWWWWWWWWWWW", "an-environment-with-a-long-name"
	long.Balancers[0].Name = "an-environment-with-a-l-0f3c9a77"
	long.Groups[0].Types = []string{"m7i-flex.12xlarge", "m7a.12xlarge", "m6i.12xlarge", "m6a.12xlarge", "c7i.12xlarge"}
	long.Groups[0].Name = "a-group-with-quite-a-long-name__"
	long.Zones[1].Address = ""
	return map[string]Scene{
		"long-names": long,
		"planned":    planned, "one-zone": zoned(1), "two-zones": zoned(2), "three-zones": shop(), "six-zones": six, "no-zones": none, "internal": internal,
	}
}

func TestPicturesAreAsDrawnBefore(t *testing.T) {
	for name, s := range pictures() {
		t.Run(name, func(t *testing.T) { golden(t, name+".svg", SVG(s)) })
	}
}

func TestChartsAreAsDrawnBefore(t *testing.T) {
	for name, s := range pictures() {
		t.Run(name, func(t *testing.T) { golden(t, name+".mmd", Mermaid(s)) })
	}
}

func TestLinesAreAsDrawnBefore(t *testing.T) {
	for name, s := range pictures() {
		t.Run(name, func(t *testing.T) { golden(t, name+".txt", Lines(s, ink.Style{})) })
	}
}
