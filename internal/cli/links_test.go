package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// link is a Markdown link or picture, without its text.
var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// pages are the documentation's files, as paths from the root of the repository.
func pages(t *testing.T, root string) []string {
	t.Helper()
	out := []string{"README.md"}
	err := filepath.WalkDir(filepath.Join(root, "docs"), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && strings.HasSuffix(path, ".md") {
			path, err = filepath.Rel(root, path)
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEveryLinkOfTheDocumentationLeadsSomewhere(t *testing.T) {
	const root = "../.."
	linked := map[string]bool{}
	all := pages(t, root)
	for _, page := range all {
		text, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, ":") {
				continue // another site
			}
			to := page
			if target != "" {
				to = filepath.Join(filepath.Dir(page), target)
			}
			body, err := os.ReadFile(filepath.Join(root, to))
			if info, dir := os.Stat(filepath.Join(root, to)); dir == nil && info.IsDir() {
				err = nil
			}
			if err != nil {
				t.Errorf("%s: there is no %s", page, m[1])
			} else if anchor != "" && !headings(string(body))[anchor] {
				t.Errorf("%s: %s has no heading %q", page, to, anchor)
			}
			if page == filepath.Join("docs", "guide", "README.md") {
				linked[to] = true
			}
		}
	}
	for _, page := range all {
		if filepath.Dir(page) == filepath.Join("docs", "guide") && filepath.Base(page) != "README.md" && !linked[page] {
			t.Errorf("the guide's contents do not list %s", page)
		}
	}
}

// headings are a page's anchors as GitHub makes them: small letters, no signs, hyphens for blanks.
func headings(text string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(text) {
		title, is := strings.CutPrefix(strings.TrimLeft(line, "#"), " ")
		if !is || !strings.HasPrefix(line, "#") {
			continue
		}
		anchor := regexp.MustCompile(`[^\p{L}\p{N}_ -]`).ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), "")
		out[strings.ReplaceAll(anchor, " ", "-")] = true
	}
	return out
}
