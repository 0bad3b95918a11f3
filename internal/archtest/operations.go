package archtest

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

// callers is where the tool calls AWS.
const callers = `internal/observe/... internal/apply/... internal/lease/... internal/cloud/... internal/drive/... internal/notify/... internal/cli/...`

// Operations finds every call of an operation of the AWS SDK by the tool; the
// text of a finding is the operation, "EC2.CreateVpc", with the service as the
// SDK names it.
func Operations(m *Module) ([]Finding, error) {
	return inspect(m, strings.Fields(callers), func(c *checked, n ast.Node) string {
		sel, isSel := n.(*ast.SelectorExpr)
		if !isSel || c.info.Selections[sel] == nil || !isClient(c.info.TypeOf(sel.X)) || sel.Sel.Name == "Options" {
			return ""
		}
		return serviceOf(c.info.TypeOf(sel.X)) + "." + sel.Sel.Name
	})
}

// serviceOf is the SDK's name of a client's service.
func serviceOf(client types.Type) string {
	if p, isPointer := client.Underlying().(*types.Pointer); isPointer {
		client = p.Elem()
	}
	named, isNamed := types.Unalias(client).(*types.Named)
	if !isNamed {
		return ""
	}
	id, isConst := named.Obj().Pkg().Scope().Lookup("ServiceID").(*types.Const)
	if !isConst {
		return named.Obj().Pkg().Name()
	}
	return constant.StringVal(id.Val())
}
