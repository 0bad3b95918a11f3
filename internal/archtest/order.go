package archtest

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// ordered is where the order of a map may not leak out: the decisions and
// the simulator, which must answer the same twice.
const ordered = `internal/model internal/ami internal/spell internal/plain internal/phrase internal/config/... internal/desired/... internal/plan/... internal/check/... internal/permit/... internal/observe/shape internal/secret internal/pages internal/document internal/live internal/placement/... internal/overview internal/manifest/... internal/roll/...
	internal/deploy/... internal/diagnose/... internal/watch/... internal/sim/...`

// Order finds what would make two runs differ. That is Go's random order of
// maps: range over one, and the iterators of package maps and reflect, unless
// they go straight into a sort or another map. And it is the dice that every
// package shares, of math/rand and math/rand/v2. A comment "unordered: reason" on the
// line or the line above allows one.
func Order(m *Module) ([]Finding, error) {
	sorted := map[ast.Node]bool{} // calls found inside one that undoes the order
	found, err := inspect(m, strings.Fields(ordered), func(c *checked, n ast.Node) string {
		switch n := n.(type) {
		case *ast.RangeStmt:
			if isMap(c.info.TypeOf(n.X)) {
				return "range over a map: sort its keys, or say // unordered: and why"
			}
		case *ast.CallExpr:
			return chance(c, n, sorted)
		}
		return ""
	})
	excused := excuses(m)
	return slices.DeleteFunc(found, func(f Finding) bool {
		return slices.Contains(excused[f.File], f.Line) || slices.Contains(excused[f.File], f.Line-1)
	}), err
}

// isMap also knows a type parameter that can only be a map.
func isMap(t types.Type) bool {
	if t == nil {
		return false
	}
	if p, isParam := types.Unalias(t).(*types.TypeParam); isParam {
		i, _ := p.Constraint().Underlying().(*types.Interface)
		return i != nil && i.NumEmbeddeds() > 0 && isMap(i.EmbeddedType(0))
	}
	if u, isUnion := t.(*types.Union); isUnion {
		return u.Len() > 0 && isMap(u.Term(0).Type())
	}
	_, is := t.Underlying().(*types.Map)
	return is
}

// chance looks at a call. The outer call is seen before its arguments, so one
// that sorts marks them as harmless.
func chance(c *checked, call *ast.CallExpr, sorted map[ast.Node]bool) string {
	f := callee(c, call)
	if f == nil {
		return ""
	}
	name := f.Pkg().Path() + "." + f.Name()
	if strings.HasPrefix(name, "math/rand") && f.Signature().Recv() == nil && !strings.HasPrefix(f.Name(), "New") {
		return name + " throws dice without a seed"
	}
	switch name {
	case "slices.Sorted", "slices.SortedFunc", "maps.Collect", "maps.Insert":
		for _, arg := range call.Args {
			sorted[ast.Unparen(arg)] = true
		}
	case "maps.Keys", "maps.Values", "maps.All", "reflect.MapKeys", "reflect.MapRange":
		if !sorted[call] {
			return name + " gives a map's random order: sort it, or say // unordered: and why"
		}
	}
	return ""
}

// callee is the function or method called, nil when it is a value.
func callee(c *checked, call *ast.CallExpr) *types.Func {
	fun := ast.Unparen(call.Fun)
	switch index := fun.(type) { // explicit type arguments
	case *ast.IndexExpr:
		fun = index.X
	case *ast.IndexListExpr:
		fun = index.X
	}
	sel, isSel := fun.(*ast.SelectorExpr)
	if !isSel {
		return nil
	}
	f, isFunc := c.info.Uses[sel.Sel].(*types.Func)
	if !isFunc || f.Pkg() == nil { // error.Error has no package
		return nil
	}
	return f
}

// excuse is such a comment; gofumpt writes the space.
var excuse = regexp.MustCompile(`^// ?unordered: *\S`)

// excuses gives the lines that carry an excuse, by file.
func excuses(m *Module) map[string][]int {
	lines := map[string][]int{}
	for _, p := range m.Packages {
		for _, f := range p.Files {
			for _, group := range f.AST.Comments {
				for _, comment := range group.List {
					if excuse.MatchString(comment.Text) {
						lines[f.Name] = append(lines[f.Name], m.line(comment.Pos()))
					}
				}
			}
		}
	}
	return lines
}
