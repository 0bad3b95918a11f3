package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"berth/internal/cli/flag"
	"berth/internal/cli/manual"
	"berth/internal/config"
)

func TestTheManualIsUpToDate(t *testing.T) {
	const dir = "../../docs"
	want := append(Manual(), manual.Page{File: "../config.md", Text: config.Reference()}, manual.Page{File: "../simulator.md", Text: manual.Simulator()})
	for _, p := range want {
		got, err := os.ReadFile(filepath.Join(dir, "verbs", p.File))
		if err != nil || string(got) != p.Text {
			t.Errorf("%s is stale (%v): go generate ./internal/cli", p.File, err)
		}
	}
	entries, err := os.ReadDir(filepath.Join(dir, "verbs"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.ContainsFunc(want, func(p manual.Page) bool { return p.File == e.Name() }) {
			t.Errorf("docs/verbs/%s is about no verb", e.Name())
		}
	}
}

func TestEveryCommandInTheDocumentationParses(t *testing.T) {
	const root = "../.."
	files := []string{filepath.Join(root, "README.md"), filepath.Join(root, "examples", "scenarios", "README.md")}
	err := filepath.WalkDir(filepath.Join(root, "docs"), func(path string, e fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a checkout of the code alone
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range commands(string(text)) {
			seen++
			if err := parses(words(line)); err != nil {
				t.Errorf("%s: %s: %v", file, line, err)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d commands were found", seen)
	}
}

func TestCommandsThatWouldFailAreNoticed(t *testing.T) {
	for line, good := range map[string]bool{
		"berth plan --sim": true, "go run ./cmd/berth apply --sim --yes": true, "berth plan -var 'a=b c' | jq .": true,
		"berth plan -f x.tfvars --out p && berth apply p": true, "berth sim advance 10m # later": true,
		"berth plan --nonsense": false, "berth aply": false, "berth apply one two": false, "berth sim advance": false,
		"berth sim servve": false, "berth plan --sim && berth nonsense": false,
	} {
		var err error
		for _, one := range commands("```\n" + line + "\n```\n") {
			err = errors.Join(err, parses(words(one)))
		}
		if (err == nil) != good {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// parses tells whether berth takes a command line, without carrying it out.
func parses(args []string) error {
	root := (&app{}).root()
	c, rest, err := root.Find(flag.Terraform(root, args))
	if err != nil {
		return err
	}
	if err := c.ParseFlags(rest); err != nil {
		return err
	}
	return c.ValidateArgs(c.Flags().Args())
}

// commands are the command lines of berth in a document's blocks of code, without the program.
func commands(markdown string) []string {
	var out []string
	inside := false
	for line := range strings.Lines(strings.ReplaceAll(markdown, "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") {
			inside = !inside
			continue
		}
		if !inside {
			continue
		}
		line = strings.TrimPrefix(line, "$ ")
		for part := range strings.SplitSeq(strings.ReplaceAll(line, " && ", " | "), " | ") {
			for _, program := range []string{"berth", "./berth", "go run ./cmd/berth"} {
				if rest, ok := strings.CutPrefix(strings.TrimSpace(part), program); ok && (rest == "" || rest[0] == ' ') {
					out = append(out, strings.TrimSpace(rest))
				}
			}
		}
	}
	return out
}

// words splits a command line as a shell does, as far as documentation goes: quotes, comments, redirections.
func words(line string) []string {
	var out []string
	word, quote, open := "", rune(0), false
	flush := func() {
		if open {
			out = append(out, word)
		}
		word, open = "", false
	}
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word += string(r)
		case r == '\'' || r == '"':
			quote, open = r, true
		case r == ' ':
			flush()
		case (r == '#' || r == '>' || r == '&') && !open:
			return out
		default:
			word, open = word+string(r), true
		}
	}
	flush()
	return out
}
