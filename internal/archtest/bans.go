package archtest

import (
	"go/ast"
	"path"
	"slices"
	"strings"
)

// goroutines is where a go statement may stand: the fan-out, the command
// line, the alert sinks and the simulator's HTTP server. Anywhere else the
// order of things would depend on the scheduler.
const goroutines = `internal/cloud/... internal/cli/... internal/notify/... internal/sim/server.go internal/sim/serve.go`

// Bans finds go statements outside their places, init functions, and names
// that say nothing.
func Bans(m *Module) []Finding {
	var found []Finding
	for _, p := range m.Packages {
		if vague(path.Base(p.Dir)) {
			found = append(found, Finding{File: p.Dir, Text: "a package is named for a noun of its own"})
		}
		for _, f := range p.Files {
			found = append(found, m.bansIn(f)...)
		}
	}
	return found
}

func (m *Module) bansIn(f *File) []Finding {
	var found []Finding
	if name := strings.TrimSuffix(path.Base(f.Name), ".go"); vague(strings.TrimSuffix(name, "_test")) {
		found = append(found, Finding{File: f.Name, Text: "a file is named for a noun of its own"})
	}
	ast.Inspect(f.AST, func(n ast.Node) bool {
		if text := banned(f, n); text != "" {
			found = append(found, Finding{File: f.Name, Line: m.line(n.Pos()), Text: text})
		}
		return true
	})
	return found
}

func banned(f *File, n ast.Node) string {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if n.Name.Name == "init" && n.Recv == nil {
			return "no init functions: wire it in cli, where it can be read"
		}
	case *ast.GoStmt:
		if !f.Test && !matchesAny(strings.Fields(goroutines), f.Name) {
			return "no go statement here: its order would be the scheduler's"
		}
	}
	return ""
}

func vague(name string) bool {
	return slices.Contains(strings.Fields("util utils common commons helper helpers misc"), name)
}
