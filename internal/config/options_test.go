package config

import (
	"os"
	"strings"
	"testing"

	"berth/internal/config/tfvars"
)

// example is a file in which an option's example stands where it may.
func example(o option, in scope) string {
	line := o.name + " = " + o.example + "\n"
	head := "environment = \"acc\"\naws_region = \"eu-west-1\"\navailability_zones = [\"eu-west-1a\", \"eu-west-1b\"]\n"
	beside := map[string]string{"arch": "instance_type = \"m7g.large\"\n", "instance_port": "type = \"classic\"\n"}[o.name]
	switch in {
	case inGroup:
		if o.name != "max_size" {
			beside += "max_size = 9\n"
		}
		return head + "load_balancers = { legacy = { type = \"classic\" } }\ninstance_groups = { batch = {\n" + line + beside + "} }\n"
	case inBalancer:
		return head + "load_balancers = { public = {\n" + line + beside + "} }\n"
	default:
		var kept []string
		for l := range strings.Lines(head) {
			if !strings.HasPrefix(l, o.name+" ") {
				kept = append(kept, l)
			}
		}
		return strings.Join(kept, "") + line + beside
	}
}

func TestTheReferencesExamplesWork(t *testing.T) {
	for _, in := range []scope{atTop, inGroup, inBalancer} {
		for _, o := range optionsIn(in) {
			t.Run(o.name, func(t *testing.T) {
				path := t.TempDir() + "/ecs.tfvars"
				if err := os.WriteFile(path, []byte(example(o, in)), 0o600); err != nil {
					t.Fatal(err)
				}
				if _, f := Load(Sources{Files: []string{path}}); len(f) > 0 {
					t.Errorf("%s\n%s", example(o, in), f)
				}
			})
		}
	}
}

func TestTheTableIsSound(t *testing.T) {
	for _, in := range []scope{atTop, inGroup, inBalancer} {
		seen := map[string]bool{}
		for _, name := range names(in, true) {
			if seen[name] {
				t.Error(name, "stands twice in one scope")
			}
			seen[name] = true
		}
	}
	for _, o := range options {
		if o.meaning == "" || o.example == "" || !o.required && o.def == "" && o.words == "" {
			t.Error(o.name, "lacks a meaning, an example or a default")
		}
		if o.required && o.def != "" {
			t.Error(o.name, "is required and has a default")
		}
	}
}

func TestTheNearestNameIsSuggested(t *testing.T) {
	for word, want := range map[string]string{
		"regon": "", "region": "aws_region", "aws_regin": "aws_region", "max_sise": "max_size", "clustername": "cluster_name", "zones": "availability_zones", "instancetype": "instance_type",
		"": "", "a": "", "spott": "spot", strings.Repeat("x", 10000): "",
	} {
		if got := tfvars.Nearest(word, names(atTop, true)); got != want {
			t.Errorf("%.20s: suggested %q, want %q", word, got, want)
		}
	}
}
