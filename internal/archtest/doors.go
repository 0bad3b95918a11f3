package archtest

import (
	"go/ast"
	"go/types"
	"strings"
)

// reads is how the operations begin that change nothing on AWS. Operations
// not named so are writes, and belong to internal/apply.
const reads = `Describe Get List Head BatchGet Search Simulate Receive Lookup Filter Options`

// Doors finds calls of the AWS SDK in internal/observe that write: it is the
// door for reading, and must be safe to run at any time, by anybody.
func Doors(m *Module) ([]Finding, error) {
	return inspect(m, []string{"internal/observe/..."}, func(c *checked, n ast.Node) string {
		sel, isSel := n.(*ast.SelectorExpr) // a call, or the method handed on as a value
		if !isSel || c.info.Selections[sel] == nil || !isClient(c.info.TypeOf(sel.X)) {
			return ""
		}
		for prefix := range strings.FieldsSeq(reads) {
			if strings.HasPrefix(sel.Sel.Name, prefix) {
				return ""
			}
		}
		return "observe only reads: " + sel.Sel.Name + " belongs to apply"
	})
}

// isClient tells a service's client of the SDK, or a pointer to one.
func isClient(t types.Type) bool {
	if t == nil {
		return false
	}
	if p, isPointer := t.Underlying().(*types.Pointer); isPointer {
		t = p.Elem()
	}
	named, isNamed := types.Unalias(t).(*types.Named)
	if !isNamed || named.Obj().Name() != "Client" || named.Obj().Pkg() == nil {
		return false
	}
	return strings.HasPrefix(named.Obj().Pkg().Path(), "github.com/aws/aws-sdk-go-v2/service/")
}
