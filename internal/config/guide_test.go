package config_test

import (
	"fmt"
	"os"
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

// Every piece of a file that the guide shows can be pasted into one. The exception is what used to be written.
func TestTheSettingsOfTheGuideAreRight(t *testing.T) {
	pages, err := os.ReadDir("../../docs/guide")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, page := range pages {
		for i, text := range snippets(t, page.Name(), "hcl") {
			shown++
			t.Run(fmt.Sprintf("%s %d", page.Name(), i+1), func(t *testing.T) {
				write(t, map[string]string{"ecs.tfvars": text + "\n"})
				_, faults := config.Load(config.Sources{Files: []string{"ecs.tfvars"}, Environ: base()})
				if old := strings.Contains(text, "aws s3 cp"); old && (len(faults) != 1 || faults[0].Code != "CFG012") || !old && len(faults) > 0 {
					t.Errorf("%s\n%s", text, faults)
				}
			})
		}
	}
	if shown < 20 {
		t.Errorf("only %d pieces were found", shown)
	}
}
