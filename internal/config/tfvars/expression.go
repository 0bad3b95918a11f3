package tfvars

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

func literal(at Origin, e *hclsyntax.LiteralValueExpr) Value {
	switch {
	case !e.Val.IsKnown():
		return Value{At: at}
	case e.Val.IsNull():
		return Value{At: at, Shape: Null}
	default:
		return Value{At: at, Shape: Scalar, lit: e.Val}
	}
}

// template joins the parts of a quoted text or heredoc, which must all be literal.
func (r *Report) template(at Origin, e *hclsyntax.TemplateExpr) Value {
	var text strings.Builder
	for _, part := range e.Parts {
		lit, ok := part.(*hclsyntax.LiteralValueExpr)
		if !ok || !lit.Val.IsKnown() || lit.Val.Type() != cty.String {
			return r.notPlain(Origin{src: at.src, rng: part.Range()}, e)
		}
		text.WriteString(lit.Val.AsString())
	}
	return Value{At: at, Shape: Scalar, lit: cty.StringVal(text.String())}
}

// negative is "-2", the one operator that a literal may carry.
func (r *Report) negative(at Origin, e *hclsyntax.UnaryOpExpr) Value {
	lit, ok := e.Val.(*hclsyntax.LiteralValueExpr)
	if e.Op != hclsyntax.OpNegate || !ok || !lit.Val.IsKnown() || lit.Val.IsNull() || lit.Val.Type() != cty.Number {
		return r.notPlain(at, e)
	}
	return Value{At: at, Shape: Scalar, lit: lit.Val.Negate()}
}

func (r *Report) object(at Origin, e *hclsyntax.ObjectConsExpr) Value {
	out := Value{At: at, Shape: Table}
	first := map[string]Origin{}
	for _, item := range e.Items {
		keyAt := Origin{src: at.src, rng: item.KeyExpr.Range()}
		key, ok := r.key(at.src, item.KeyExpr)
		if !ok {
			continue
		}
		if _, twice := first[key]; twice {
			r.Fail(keyAt, Fault{
				Code: CodeTwice, Summary: Quote(key) + " is given twice in this map", Hint: "keep one of the two",
				Detail: "The first one stands at " + first[key].Place().String() + ".",
			})
			continue
		}
		first[key] = keyAt
		out.Entries = append(out.Entries, Entry{Key: key, At: keyAt, Value: r.convert(at.src, item.ValueExpr)})
	}
	return out
}

// key is a map's key: a bare word, or a literal.
func (r *Report) key(src *source, expr hclsyntax.Expression) (string, bool) {
	wrapped := expr
	if e, ok := expr.(*hclsyntax.ObjectConsKeyExpr); ok {
		if word := hcl.ExprAsKeyword(e.Wrapped); word != "" && !e.ForceNonLiteral {
			return word, true
		}
		wrapped = e.Wrapped
	}
	v := r.convert(src, wrapped)
	if v.Shape == Broken {
		return "", false
	}
	text, ok := v.Text()
	if !ok {
		r.Fail(v.At, Fault{
			Code: CodeWrongType, Summary: "a map's key must be text, not " + v.Describe(),
			Hint: `write the key as a word or in quotes: { key = … } or { "key" = … }`,
		})
	}
	return text, ok
}

// notPlain reports what would have to be evaluated; the value is broken.
func (r *Report) notPlain(at Origin, expr hclsyntax.Expression) Value {
	fault := Fault{Code: CodeNotPlain, Hint: "write the value itself"}
	switch e := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		fault.Summary = "this is a reference, and a setting must be a plain value"
		if len(e.Traversal) == 1 {
			word := e.Traversal.RootName()
			if at.secret() {
				word = "…"
			}
			fault.Summary = word + " is no plain value: text stands in quotes"
			fault.Hint = `write "` + word + `"`
		}
	case *hclsyntax.FunctionCallExpr:
		fault.Summary = e.Name + "(…) is a function call, and a setting must be a plain value"
	case *hclsyntax.TemplateExpr, *hclsyntax.TemplateWrapExpr:
		fault.Summary = "this text holds an interpolation, and a setting must be a plain value"
		fault.Hint = "write the value itself, or $${ for a literal ${ and %%{ for a literal %{"
	default:
		fault.Summary = "this is an expression, and a setting must be a plain value"
	}
	fault.Detail = "The file has no functions, variables or operators, so that it means the same everywhere."
	r.Fail(at, fault)
	return Value{At: at}
}
