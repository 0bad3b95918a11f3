package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// source is what the SDK's schemas do not say and its source does.
type source struct {
	required map[string]bool     // by structure, a dot and the member in small letters
	choices  map[string][]string // the values of an enumeration, in the order of the source
}

// sdkSource reads the files of the SDK's package ecs, as go.mod has it.
func sdkSource() (source, error) {
	s := source{required: map[string]bool{}, choices: map[string][]string{}}
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go-v2/service/ecs").Output()
	if err != nil {
		return s, err
	}
	for _, name := range []string{"types/types.go", "types/enums.go", "api_op_RegisterTaskDefinition.go", "api_op_CreateService.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), name), nil, parser.ParseComments)
		if err != nil {
			return s, err
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				s.read(g)
			}
		}
	}
	return s, nil
}

func (s source) read(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if of, ok := spec.Type.(*ast.StructType); ok {
				s.structure(spec.Name.Name, of)
			}
		case *ast.ValueSpec:
			s.constant(spec)
		}
	}
}

// structure notes the members that the SDK says are required. An operation's input is called a request in the schemas.
func (s source) structure(name string, of *ast.StructType) {
	if operation, ok := strings.CutSuffix(name, "Input"); ok {
		name = operation + "Request"
	}
	for _, f := range of.Fields.List {
		for _, n := range f.Names {
			if strings.Contains(f.Doc.Text(), "This member is required.") {
				s.required[name+"."+strings.ToLower(n.Name)] = true
			}
		}
	}
}

// constant notes one value of an enumeration.
func (s source) constant(spec *ast.ValueSpec) {
	of, ok := spec.Type.(*ast.Ident)
	if !ok || len(spec.Values) != 1 {
		return
	}
	if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
		if text, err := strconv.Unquote(literal.Value); err == nil {
			s.choices[of.Name] = append(s.choices[of.Name], text)
		}
	}
}
