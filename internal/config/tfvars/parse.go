package tfvars

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

const (
	// maxDepth bounds nesting before HCL's recursive parser sees it: no setting nests deeper than three.
	maxDepth = 64
	// maxSyntaxFaults bounds what one broken file reports: after that many the rest is noise.
	maxSyntaxFaults = 20
)

func start() hcl.Pos { return hcl.Pos{Line: 1, Column: 1} }

// parseFile reads a whole file's settings, in file order.
func (r *Report) parseFile(src *source) []Assignment {
	src.text = bytes.TrimPrefix(src.text, []byte("\xef\xbb\xbf"))
	if !r.isText(src) {
		return nil
	}
	tokens, _ := hclsyntax.LexConfig(src.text, src.name, start())
	if !r.isShallow(src, tokens) {
		return nil
	}
	file, diags := hclsyntax.ParseConfig(src.text, src.name, start())
	r.syntax(src, diags)
	body := file.Body.(*hclsyntax.Body)
	if len(diags) == 0 && len(body.Attributes)+len(body.Blocks) == 0 {
		r.Incomplete = true
		r.Fail(Origin{src: src}, Fault{
			Code: CodeEmpty, Summary: "the file holds no settings",
			Hint: "it needs at least environment, aws_region and availability_zones",
		})
	}
	for _, b := range body.Blocks {
		r.block(src, b)
	}
	return r.attributes(src, body)
}

func (r *Report) attributes(src *source, body *hclsyntax.Body) []Assignment {
	out := make([]Assignment, 0, len(body.Attributes))
	for _, a := range body.Attributes { // unordered: sorted by place below
		out = append(out, Assignment{Name: a.Name, At: Origin{src: src, rng: a.NameRange}})
	}
	slices.SortFunc(out, func(a, b Assignment) int { return a.At.start() - b.At.start() })
	for i := range out {
		out[i].Value = r.convert(src, body.Attributes[out[i].Name].Expr)
	}
	return out
}

// isText refuses what an editor would not show as text, before HCL makes a hundred faults of it.
func (r *Report) isText(src *source) bool {
	fault := Fault{Code: CodeNotText, Hint: "save it as UTF-8 text, or name another file: berth validate -f FILE"}
	i := bytes.IndexByte(src.text, 0)
	switch {
	case i >= 0:
		fault.Summary = "this is binary, no text: it has a zero byte at offset " + strconv.Itoa(i)
	case !utf8.Valid(src.text):
		line := 1 + bytes.Count(src.text[:invalidAt(src.text)], []byte("\n"))
		fault.Summary = "this is not UTF-8: line " + strconv.Itoa(line) + " has a byte that is no character"
	default:
		return true
	}
	r.Incomplete = true
	r.Fail(Origin{src: src}, fault)
	return false
}

func invalidAt(text []byte) int {
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}

// isShallow refuses input that would take the recursive parser thousands of calls deep.
// Operators, conditions and splats recurse without a bracket; no setting needs a single one, so they are counted too.
func (r *Report) isShallow(src *source, tokens hclsyntax.Tokens) bool {
	depth, operators := 0, 0
	for _, t := range tokens {
		switch t.Type { //nolint:exhaustive // only what makes the parser recurse matters
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote,
			hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote,
			hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
			depth--
		case hclsyntax.TokenQuestion, hclsyntax.TokenBang, hclsyntax.TokenStar, hclsyntax.TokenTemplateControl, hclsyntax.TokenMinus:
			operators++
		}
		if depth > maxDepth || operators > 16*maxDepth {
			r.Incomplete = true
			r.Fail(Origin{src: src, rng: t.Range}, Fault{
				Code: CodeTooDeep, Summary: "this is nested too deeply to be a setting",
				Hint: "no setting nests deeper than a map of maps of lists",
			})
			return false
		}
	}
	return true
}

// syntax turns HCL's own diagnostics into faults.
func (r *Report) syntax(src *source, diags hcl.Diagnostics) {
	for i, d := range diags {
		if d.Severity != hcl.DiagError || i >= maxSyntaxFaults {
			continue
		}
		r.Incomplete = true
		at := Origin{src: src}
		if d.Subject != nil {
			at.rng = *d.Subject
		}
		code, hint := syntaxHint(d.Summary)
		r.Fail(at, Fault{Code: code, Summary: lowerFirst(oneLine(d.Summary)), Detail: oneLine(d.Detail), Hint: hint})
	}
}

func syntaxHint(summary string) (code, hint string) {
	switch summary {
	case "Attribute redefined":
		return CodeTwice, "keep one of the two"
	case "Invalid argument name":
		return CodeSyntax, "write the name without quotes"
	default:
		return CodeSyntax, `a setting is a line such as name = "text", name = 2, name = ["a", "b"] or name = { key = "text" }`
	}
}

func oneLine(text string) string { return Printable(strings.Join(strings.Fields(text), " ")) }

func lowerFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToLower(text[:1]) + text[1:]
}

func (r *Report) block(src *source, b *hclsyntax.Block) {
	r.Incomplete = true // what the block holds may be what is missing
	hint := "write " + b.Type + " = { … }"
	if len(b.Labels) > 0 {
		hint = "write " + b.Type + " = { " + oneLine(b.Labels[0]) + " = { … } }"
	}
	r.Fail(Origin{src: src, rng: b.DefRange()}, Fault{
		Code: CodeBlock, Summary: b.Type + " is written as a block, settings are attributes", Hint: hint,
		Detail: "Terraform reads variable files with attributes only, and so does berth.",
	})
}

// convert turns a literal expression into a value; whatever would need evaluating is a fault.
func (r *Report) convert(src *source, expr hclsyntax.Expression) Value {
	at := Origin{src: src, rng: expr.Range()}
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return r.convert(src, e.Expression)
	case *hclsyntax.LiteralValueExpr:
		return literal(at, e)
	case *hclsyntax.TemplateExpr:
		return r.template(at, e)
	case *hclsyntax.UnaryOpExpr:
		return r.negative(at, e)
	case *hclsyntax.TupleConsExpr:
		items := make([]Value, 0, len(e.Exprs))
		for _, item := range e.Exprs {
			items = append(items, r.convert(src, item))
		}
		return Value{At: at, Shape: List, Items: items}
	case *hclsyntax.ObjectConsExpr:
		return r.object(at, e)
	case *hclsyntax.ExprSyntaxError:
		return Value{At: at}
	default:
		return r.notPlain(at, expr)
	}
}
