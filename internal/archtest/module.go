package archtest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Module is the source of one Go module, parsed and not yet type-checked.
type Module struct {
	Root     string // the folder of go.mod
	Path     string // the module's path
	Requires []Requirement
	Fset     *token.FileSet
	Packages []*Package // ordered by folder
}

// Requirement is one line of go.mod's require blocks.
type Requirement struct {
	Path     string
	Indirect bool // marked so: nothing in the module imports it
	Line     int
}

// Package is a folder with Go files; its external tests are counted in.
type Package struct {
	Dir   string // from Root, with slashes: "internal/model"
	Files []*File
}

// File is one Go file.
type File struct {
	Name      string // from Root, with slashes
	Test      bool
	Generated bool // opens with the standard "Code generated" line
	Lines     int
	AST       *ast.File
}

// Finding is one breach; Line is 0 when it concerns a whole file or package.
type Finding struct {
	File string
	Line int
	Text string
}

// String gives the finding as editors and people read it.
func (f Finding) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

// Load parses the module at root: every Go file that the go command would
// see, whatever its build constraints. Nested modules are left out.
func Load(root string) (*Module, error) {
	m := &Module{Root: root, Fset: token.NewFileSet()}
	if err := m.readGoMod(); err != nil {
		return nil, err
	}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && m.skips(name, d.Name()):
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		return m.add(name)
	})
	return m, err
}

// skips tells whether the go command, or this module, does not own the folder.
func (m *Module) skips(name, base string) bool {
	if name == m.Root {
		return false
	}
	if base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	return !errors.Is(err, fs.ErrNotExist)
}

func (m *Module) readGoMod() error {
	data, err := os.ReadFile(filepath.Join(m.Root, "go.mod"))
	if err != nil {
		return err
	}
	inRequire, line := false, 0
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		line++
		words := strings.Fields(s.Text())
		switch {
		case len(words) == 2 && words[0] == "module":
			m.Path = words[1]
		case len(words) == 2 && words[1] == "(":
			inRequire = words[0] == "require"
		case len(words) > 0 && words[0] == ")":
			inRequire = false
		case inRequire && len(words) >= 2:
			m.require(words, line)
		case len(words) >= 3 && words[0] == "require":
			m.require(words[1:], line)
		}
	}
	return nil
}

func (m *Module) require(words []string, line int) {
	indirect := slices.Contains(words, "indirect")
	m.Requires = append(m.Requires, Requirement{Path: words[0], Indirect: indirect, Line: line})
}

// add parses one file and puts it into its package. WalkDir comes by in
// lexical order but visits sub-folders in between, so the package is looked up.
func (m *Module) add(name string) error {
	if !strings.HasSuffix(name, ".go") {
		return nil
	}
	src, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(m.Root, name)
	if err != nil {
		return err
	}
	rel = filepath.ToSlash(rel)
	tree, err := parser.ParseFile(m.Fset, rel, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	p := m.packageAt(path.Dir(rel))
	p.Files = append(p.Files, &File{
		Name: rel, Test: strings.HasSuffix(rel, "_test.go"), Generated: ast.IsGenerated(tree),
		Lines: bytes.Count(src, []byte("\n")), AST: tree,
	})
	return nil
}

func (m *Module) packageAt(dir string) *Package {
	at, found := slices.BinarySearchFunc(m.Packages, dir, func(p *Package, dir string) int {
		return strings.Compare(p.Dir, dir)
	})
	if !found {
		m.Packages = slices.Insert(m.Packages, at, &Package{Dir: dir})
	}
	return m.Packages[at]
}

// code is the package's files that people wrote and that are not tests.
func (p *Package) code() []*File {
	var files []*File
	for _, f := range p.Files {
		if !f.Test && !f.Generated {
			files = append(files, f)
		}
	}
	return files
}

func (m *Module) line(pos token.Pos) int { return m.Fset.Position(pos).Line }

// matches tells whether a path fits a pattern: itself, or "dir/..." for a
// folder and everything below it.
func matches(pattern, name string) bool {
	dir, tree := strings.CutSuffix(pattern, "/...")
	return name == dir || tree && strings.HasPrefix(name, dir+"/")
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, name) })
}
