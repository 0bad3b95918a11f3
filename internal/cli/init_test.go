package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInitAsksAPersonAndWritesWhatTheySay(t *testing.T) {
	p := newPerson(t)
	p.file = filepath.Join(t.TempDir(), "new.tfvars")
	p.stdin = strings.NewReader("shop\n" + strings.Repeat("\n", 12))
	if code := p.types(t.Context(), "init"); code != 0 {
		t.Fatal(code, p.stderr.String())
	}
	text, err := os.ReadFile(p.file)
	if err != nil || !strings.Contains(string(text), "\nenvironment = \"shop\"\n") || !strings.Contains(p.stderr.String(), "What is the cluster for?") {
		t.Error(err, p.stderr.String())
	}
}

func TestInitWritesNothingWhenItIsInterruptedOrNotAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		stop bool
		want int
	}{"interrupted": {true, 130}, "the end of input": {false, 1}} { // unordered: cases
		t.Run(name, func(t *testing.T) {
			p := newPerson(t)
			p.file = filepath.Join(t.TempDir(), "new.tfvars")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			p.stdin = r
			p.reads = func(said string) {
				switch {
				case c.stop && strings.Contains(said, "The region"):
					cancel()
				case strings.Contains(said, "What is the cluster for?"):
					_, _ = w.WriteString("shop\n")
				case strings.Contains(said, "The region"):
					_ = w.Close()
				}
			}
			if code := p.types(ctx, "init"); code != c.want {
				t.Error(code, p.stderr.String())
			}
			if left, _ := os.ReadDir(filepath.Dir(p.file)); len(left) != 0 {
				t.Error(left)
			}
		})
	}
}

func TestInitAsksNobodyWhereNobodyCanAnswer(t *testing.T) {
	for name, change := range map[string]func(*person) []string{ // unordered: cases
		"no terminal": func(p *person) []string { p.width = 0; return nil },
		"CI":          func(p *person) []string { p.environ = []string{"CI=true"}; return nil },
		"--yes":       func(*person) []string { return []string{"--yes"} },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPerson(t)
			p.file = filepath.Join(t.TempDir(), "new.tfvars")
			if code := p.types(t.Context(), append([]string{"init", "--var", "environment=prod"}, change(p)...)...); code != 0 {
				t.Fatal(code, p.stderr.String())
			}
			text, err := os.ReadFile(p.file)
			if err != nil || !strings.Contains(string(text), "environment = \"prod\"") || strings.Contains(p.stderr.String(), "?") {
				t.Error(err, p.stderr.String())
			}
		})
	}
}
