package config

import (
	"os"
	"strings"
	"testing"

	"berth/internal/config/option"
	"berth/internal/spell"
)

func TestTheReferencesExamplesWork(t *testing.T) {
	for _, place := range option.Places() {
		for _, o := range option.In(place.Scope) {
			t.Run(o.Name, func(t *testing.T) {
				path := t.TempDir() + "/ecs.tfvars"
				if err := os.WriteFile(path, []byte(place.File(o)), 0o600); err != nil {
					t.Fatal(err)
				}
				if _, f := Load(Sources{Files: []string{path}}); len(f) > 0 {
					t.Errorf("%s\n%s", place.File(o), f)
				}
			})
		}
	}
}

func TestTheNearestNameIsSuggested(t *testing.T) {
	for word, want := range map[string]string{
		"regon": "", "region": "aws_region", "aws_regin": "aws_region", "max_sise": "max_size", "clustername": "cluster_name", "zones": "availability_zones", "instancetype": "instance_type",
		"": "", "a": "", "spott": "spot", strings.Repeat("x", 10000): "",
	} {
		if got := spell.Nearest(word, option.Names(option.Top, true)); got != want {
			t.Errorf("%.20s: suggested %q, want %q", word, got, want)
		}
	}
}
