package archtest

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	dependencyPage = "docs/dependencies.md"
	shortestWhy    = 20 // letters; less argues nothing
)

// argued is one line of the page: a list item that opens with a module's path.
var argued = regexp.MustCompile("^- `([^`]+)`:?\\s*(.*)$")

// Dependencies finds libraries that are imported but not argued for in
// docs/dependencies.md, and lines there that go.mod does not bear out.
func Dependencies(m *Module) ([]Finding, error) {
	data, err := os.ReadFile(filepath.Join(m.Root, filepath.FromSlash(dependencyPage)))
	if err != nil {
		return nil, err
	}
	used, found := m.libraries()
	page := map[string]bool{}
	line := 0
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		line++
		match := argued.FindStringSubmatch(s.Text())
		if match == nil {
			continue
		}
		page[match[1]] = true
		if text := m.faultOf(match[1], match[2], used); text != "" {
			found = append(found, Finding{File: dependencyPage, Line: line, Text: text})
		}
	}
	for _, r := range m.Requires {
		where, needed := used[r.Path]
		switch {
		case needed && !page[r.Path]:
			where.Text = "imports " + r.Path + ", which " + dependencyPage + " does not argue for"
			found = append(found, where)
		case !needed && !r.Indirect:
			found = append(found, Finding{File: "go.mod", Line: r.Line, Text: "nothing imports " + r.Path + ": go mod tidy"})
		}
	}
	return found, nil
}

// faultOf looks at one line of the page. While go.mod marks everything as
// indirect it has not been tidied, and what is not imported yet may stand.
func (m *Module) faultOf(module, why string, used map[string]Finding) string {
	at := slices.IndexFunc(m.Requires, func(r Requirement) bool { return r.Path == module })
	tidied := slices.ContainsFunc(m.Requires, func(r Requirement) bool { return !r.Indirect })
	_, needed := used[module]
	switch {
	case len(why) < shortestWhy:
		return module + " needs an argument"
	case at < 0:
		return module + " is not in go.mod: delete the line"
	case tidied && !needed:
		return "nothing imports " + module + ": delete the line"
	}
	return ""
}

// libraries gives the modules that the module's packages and their tests
// import, each with the first place, and the imports no module is known for.
func (m *Module) libraries() (used map[string]Finding, unknown []Finding) {
	used = map[string]Finding{}
	for _, p := range m.Packages {
		for _, f := range p.Files {
			for _, spec := range f.AST.Imports {
				imported, err := strconv.Unquote(spec.Path.Value)
				if err != nil || imported == m.Path || strings.HasPrefix(imported, m.Path+"/") ||
					!strings.Contains(strings.Split(imported, "/")[0], ".") {
					continue
				}
				at := Finding{File: f.Name, Line: m.line(spec.Pos())}
				module := m.providerOf(imported)
				if module == "" {
					at.Text = "no module in go.mod has " + imported
					unknown = append(unknown, at)
				} else if _, seen := used[module]; !seen {
					used[module] = at
				}
			}
		}
	}
	return used, unknown
}

// providerOf is the module that holds a package: the longest path wins.
func (m *Module) providerOf(imported string) string {
	best := ""
	for _, r := range m.Requires {
		if matches(r.Path+"/...", imported) && len(r.Path) > len(best) {
			best = r.Path
		}
	}
	return best
}
