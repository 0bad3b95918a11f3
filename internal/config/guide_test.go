package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/config"
)

// snippets are the pieces of a page that are written in a language.
func snippets(t *testing.T, page, language string) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/guide/" + page)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, part := range strings.Split(string(text), "\n```"+language+"\n")[1:] {
		snippet, _, _ := strings.Cut(part, "\n```")
		out = append(out, snippet)
	}
	return out
}

func TestTheSettingsOfTheGuideAreRight(t *testing.T) {
	pages, err := filepath.Glob("../../docs/guide/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, page := range pages {
		all = append(all, snippets(t, filepath.Base(page), "hcl")...)
	}
	if len(all) < 20 {
		t.Errorf("the guide shows %d settings", len(all))
	}
	for _, text := range all {
		if strings.HasPrefix(text, "default = {") { // a part of a setting
			text = "load_balancers = {\n" + text + "\n}"
		}
		write(t, map[string]string{"ecs.tfvars": text + "\n"})
		_, faults := config.Load(config.Sources{Files: []string{"ecs.tfvars"}, Environ: base()})
		if old := strings.Contains(text, "aws s3 cp"); old && (len(faults) != 1 || faults[0].Code != "CFG012") || !old && len(faults) > 0 {
			t.Errorf("%s\n%s", text, faults)
		}
	}
}
