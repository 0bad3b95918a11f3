package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// typed type-checks packages of the module from source, and everything they
// import from outside from the compiler's export data, which the go command
// has in its build cache after any build with the same flags.
type typed struct {
	m      *Module
	outer  types.Importer
	done   map[string]*checked // by import path
	export map[string]string   // import path → file of export data
}

// checked is one package with the types of its expressions.
type checked struct {
	pkg   *types.Package
	info  *types.Info
	files []*File
	err   error // the first fault, when the package does not compile
}

// newTyped prepares to type-check the packages that match, with all that they
// import.
func newTyped(m *Module, patterns []string) (*typed, error) {
	t := &typed{m: m, done: map[string]*checked{}}
	export, err := exportData(m.Root, m.outside(patterns))
	if err != nil {
		return nil, err
	}
	t.export = export
	t.outer = importer.ForCompiler(m.Fset, "gc", t.open)
	return t, nil
}

// outside lists the import paths from outside the module that the matching
// packages reach, directly or through packages of the module.
func (m *Module) outside(patterns []string) []string {
	var todo, out []string
	for _, p := range m.Packages {
		if matchesAny(patterns, p.Dir) {
			todo = append(todo, p.Dir)
		}
	}
	for i := 0; i < len(todo); i++ {
		p := m.find(todo[i])
		if p == nil {
			continue // the type checker will say what is missing
		}
		for _, imported := range p.imports() {
			local, ours := strings.CutPrefix(imported, m.Path+"/")
			switch {
			case ours && !slices.Contains(todo, local):
				todo = append(todo, local)
			case !ours && imported != "unsafe":
				out = append(out, imported)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (m *Module) find(dir string) *Package {
	for _, p := range m.Packages {
		if p.Dir == dir {
			return p
		}
	}
	return nil
}

// imports lists what the package's code, tests apart, imports.
func (p *Package) imports() []string {
	var paths []string
	for _, f := range p.Files {
		for _, spec := range f.AST.Imports {
			if imported, err := strconv.Unquote(spec.Path.Value); err == nil && !f.Test {
				paths = append(paths, imported)
			}
		}
	}
	return paths
}

// exportData asks the go command where the export data of packages lies; it
// builds what is not built yet.
func exportData(root string, paths []string) (map[string]string, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	cmd := exec.Command("go", append([]string{"list", "-e", "-export", "-f", "{{.ImportPath}} {{.Export}}"}, paths...)...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("cannot get export data: %v\n%s", err, stderr.Bytes())
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if words := strings.Fields(line); len(words) == 2 {
			files[words[0]] = words[1]
		}
	}
	return files, nil
}

func (t *typed) open(imported string) (io.ReadCloser, error) {
	file, known := t.export[imported]
	if !known {
		return nil, fmt.Errorf("no export data for %s", imported)
	}
	return os.Open(file)
}

// Import implements types.Importer.
func (t *typed) Import(imported string) (*types.Package, error) {
	local, ours := strings.CutPrefix(imported, t.m.Path+"/")
	if !ours {
		return t.outer.Import(imported)
	}
	p := t.m.find(local)
	if p == nil {
		return nil, fmt.Errorf("no package %s", imported)
	}
	return t.check(p).pkg, nil
}

// check type-checks one package, tests apart. A package that does not
// compile is still returned, with its first fault.
func (t *typed) check(p *Package) *checked {
	imported := path.Join(t.m.Path, p.Dir)
	if c, done := t.done[imported]; done {
		return c
	}
	c := &checked{info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}}
	t.done[imported] = c
	var trees []*ast.File
	for _, f := range p.Files {
		if !f.Test && t.m.built(f) {
			c.files, trees = append(c.files, f), append(trees, f.AST)
		}
	}
	conf := types.Config{Importer: t, Error: func(err error) {
		if c.err == nil {
			c.err = err
		}
	}}
	c.pkg, _ = conf.Check(imported, t.m.Fset, trees, c.info) // its error is the first one given to Error
	return c
}

// built tells whether the file belongs to this system's build.
func (m *Module) built(f *File) bool {
	fits, err := build.Default.MatchFile(filepath.Join(m.Root, filepath.FromSlash(path.Dir(f.Name))), path.Base(f.Name))
	return fits || err != nil // unreadable ones are left for the type checker to name
}

// inspect type-checks every package that matches and shows look each node of
// the code people wrote. What look answers, unless empty, becomes a finding.
func inspect(m *Module, patterns []string, look func(*checked, ast.Node) string) ([]Finding, error) {
	t, err := newTyped(m, patterns)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, p := range m.Packages {
		if !matchesAny(patterns, p.Dir) {
			continue
		}
		c := t.check(p)
		if c.err != nil {
			found = append(found, Finding{File: p.Dir, Text: "does not compile: " + c.err.Error()})
		}
		for _, f := range c.files {
			found = append(found, m.look(c, f, look)...)
		}
	}
	return found, nil
}

func (m *Module) look(c *checked, f *File, look func(*checked, ast.Node) string) []Finding {
	if f.Generated {
		return nil
	}
	var found []Finding
	ast.Inspect(f.AST, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		if text := look(c, n); text != "" {
			found = append(found, Finding{File: f.Name, Line: m.line(n.Pos()), Text: text})
		}
		return true
	})
	return found
}
