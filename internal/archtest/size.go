package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
)

// Limits bounds the sizes, in lines, of what people wrote: tests and
// generated files are free.
type Limits struct {
	File     int
	Function int
	Package  int
	Grid     int      // for packages that hold a row for every kind of resource
	Grids    []string // which packages these are
}

// House is the limits of this module.
func House() Limits {
	return Limits{
		File: 500, Function: 60, Package: 2000, Grid: 5000,
		Grids: []string{
			"internal/config", "internal/model", "internal/desired/...", "internal/check", "internal/observe/...", "internal/apply/...",
			"internal/sim/...",
		},
	}
}

// Sizes finds files, functions and packages above the limits.
func Sizes(m *Module, lim Limits) []Finding {
	var found []Finding
	for _, p := range m.Packages {
		total := 0
		for _, f := range p.code() {
			total += f.Lines
			if f.Lines > lim.File {
				found = append(found, Finding{File: f.Name, Text: tooLong(f.Lines, lim.File, "split the file along its nouns")})
			}
			found = append(found, m.longFunctions(f, lim.Function)...)
		}
		if most := lim.of(p.Dir); total > most {
			found = append(found, Finding{File: p.Dir, Text: tooLong(total, most, "the package holds more than one idea")})
		}
	}
	return found
}

func (l Limits) of(dir string) int {
	if matchesAny(l.Grids, dir) {
		return l.Grid
	}
	return l.Package
}

// longFunctions looks at declared functions and at literals outside of them;
// a literal within a function counts as that function's lines.
func (m *Module) longFunctions(f *File, most int) []Finding {
	var found []Finding
	measure := func(name string, from, to token.Pos) {
		if n := m.line(to) - m.line(from) + 1; n > most {
			found = append(found, Finding{File: f.Name, Line: m.line(from), Text: tooLong(n, most, "split "+name)})
		}
	}
	ast.Inspect(f.AST, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			measure(n.Name.Name, n.Type.Pos(), n.End())
			return false
		case *ast.FuncLit:
			measure("the function", n.Pos(), n.End())
			return false
		}
		return true
	})
	return found
}

func tooLong(n, most int, advice string) string {
	return fmt.Sprintf("%d lines, at most %d: %s", n, most, advice)
}
