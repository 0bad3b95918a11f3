package tfvars

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Inline reads "PREFIXname=value" outside a file. As in Terraform the value is text as it stands, or an HCL
// expression: isHCL says which. False means that it is no such line, and is reported.
func (r *Report) Inline(label, line, prefix string, isHCL func(name, value string) bool) (Assignment, bool) {
	src := r.open(label, line)
	at := func(from, to int) Origin {
		return Origin{src: src, rng: hcl.Range{
			Filename: label,
			Start:    hcl.Pos{Line: 1, Column: from + 1, Byte: from},
			End:      hcl.Pos{Line: 1, Column: to + 1, Byte: to},
		}}
	}
	equals := strings.IndexByte(line, '=')
	if equals < len(prefix) || strings.TrimSpace(line[len(prefix):equals]) == "" {
		r.Fail(at(0, len(line)), Fault{
			Code: CodeVar, Summary: Quote(line) + " is not name=value", Hint: label + " name=value",
		})
		return Assignment{}, false
	}
	a := Assignment{Name: strings.TrimSpace(line[len(prefix):equals]), At: at(len(prefix), equals)}
	text, whole := line[equals+1:], at(equals+1, len(line))
	if isHCL(a.Name, text) {
		a.Value = r.expression(src, whole)
	} else {
		a.Value = Value{At: whole, Shape: Scalar, lit: cty.StringVal(text)}
	}
	return a, true
}

// expression reads the value at a place of a source as HCL.
func (r *Report) expression(src *source, at Origin) Value {
	if !r.isText(src) {
		return Value{At: at}
	}
	text, from := src.text[at.rng.Start.Byte:], at.rng.Start
	tokens, _ := hclsyntax.LexExpression(text, src.name, from)
	if !r.isShallow(src, tokens) {
		return Value{At: at}
	}
	expr, diags := hclsyntax.ParseExpression(text, src.name, from)
	r.syntax(src, diags)
	if diags.HasErrors() {
		return Value{At: at}
	}
	return r.convert(src, expr)
}

// Constant reads a value written in the program itself, such as a default. It has no place in the input.
func Constant(text string) Value {
	r := &Report{}
	v := r.expression(&source{text: []byte(text)}, Origin{rng: hcl.Range{Start: start()}})
	return v.withoutPlace()
}

func (v Value) withoutPlace() Value {
	v.At = Origin{}
	for i := range v.Items {
		v.Items[i] = v.Items[i].withoutPlace()
	}
	for i := range v.Entries {
		v.Entries[i].At = Origin{}
		v.Entries[i].Value = v.Entries[i].Value.withoutPlace()
	}
	return v
}
