package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is where the repository begins.
const root = "../.."

// link is a Markdown link or picture, without its text.
var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// pages are the documentation's files, as paths from the root of the repository.
func pages(t *testing.T) []string {
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
	contents := filepath.Join("docs", "guide", "README.md")
	listed := map[string]bool{}
	all := pages(t)
	for _, page := range all {
		text, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if target, _, _ := strings.Cut(m[1], "#"); strings.Contains(target, ":") {
				continue // another site
			}
			to := follow(t, page, m[1])
			listed[to] = listed[to] || page == contents
		}
	}
	for _, page := range all {
		if filepath.Dir(page) == filepath.Dir(contents) && page != contents && !listed[page] {
			t.Errorf("the guide's contents do not list %s", page)
		}
	}
}

// follow is the file that a page's link leads to; one that leads nowhere is told.
func follow(t *testing.T, page, link string) string {
	t.Helper()
	target, anchor, _ := strings.Cut(link, "#")
	to := page
	if target != "" {
		to = filepath.Join(filepath.Dir(page), target)
	}
	info, err := os.Stat(filepath.Join(root, to))
	if err != nil {
		t.Errorf("%s: there is no %s", page, link)
		return to
	}
	if anchor == "" || info.IsDir() {
		return to
	}
	if body, err := os.ReadFile(filepath.Join(root, to)); err != nil || !headings(string(body))[anchor] {
		t.Errorf("%s: %s has no heading %q (%v)", page, to, anchor, err)
	}
	return to
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
