package wire

import (
	"reflect"
	"strings"
)

// A line of names_gen.go is TYPE|FIELD>REQUEST<ANSWER|FIELD…; a type of the SDK's types package starts with a dot.
// REQUEST and ANSWER are a place (none: the body; '@' header, '*' header prefix, '?' query, '#' path, '=' the whole body), a wire
// name (empty: the field's own; '~': the same with a small first letter; '-': none), and for lists a /tag per level ('-': no
// element around the list) or /key,value for maps (after a '-' where the map has no element around its entries). A line that starts with '!' is a rest operation, its method and its URI.

// The places of a field in a message.
const (
	inBody       = 0
	inHeader     = '@'
	inHeaders    = '*'
	inURLQuery   = '?'
	inPath       = '#'
	asWholeBody  = '='
	flatList     = "-"
	mapEntry     = "entry"
	sdkPath      = "github.com/aws/aws-sdk-go-v2/service/"
	typesPackage = "/types"
)

// wireName is where and how a field stands in a message of one direction.
type wireName struct {
	place  byte
	name   string
	levels []string // tags around list elements, outermost first; "key,value" for a map
}

// fieldNames are a field's names; nil where it doesn't occur.
type fieldNames struct{ in, out *wireName }

// table is the generated text of one SDK package, by the last element of its path.
func table(pkg string) string {
	switch pkg {
	case "autoscaling":
		return autoscalingNames
	case "ec2":
		return ec2Names
	case "elasticloadbalancing":
		return elasticloadbalancingNames
	case "elasticloadbalancingv2":
		return elasticloadbalancingv2Names
	case "iam":
		return iamNames
	case "s3":
		return s3Names
	case "sts":
		return stsNames
	}
	return ""
}

// namesOf returns the wire names of an SDK structure's fields, from the table or the SDK's schemas; none for a structure that
// neither knows.
func namesOf(t reflect.Type) map[string]fieldNames {
	pkg, ok := strings.CutPrefix(t.PkgPath(), sdkPath)
	if !ok {
		return nil
	}
	name := t.Name()
	if root, isType := strings.CutSuffix(pkg, typesPackage); isType {
		pkg, name = root, "."+name
	}
	known := table(pkg)
	if known == "" {
		return schemaNames(t)
	}
	_, rest, ok := strings.Cut(known, "\n"+name+"|")
	if !ok {
		return nil
	}
	line, _, _ := strings.Cut(rest, "\n")
	fields := map[string]fieldNames{}
	for text := range strings.SplitSeq(line, "|") {
		text, out, hasOut := strings.Cut(text, "<")
		field, in, hasIn := strings.Cut(text, ">")
		var f fieldNames
		if hasIn {
			f.in = parseName(field, in)
		}
		if hasOut {
			f.out = parseName(field, out)
		}
		fields[field] = f
	}
	return fields
}

// parseName reads one direction of one field.
func parseName(field, text string) *wireName {
	w := &wireName{}
	if text != "" && strings.IndexByte("@*?#=", text[0]) >= 0 {
		w.place, text = text[0], text[1:]
	}
	name, levels, nested := strings.Cut(text, "/")
	switch name {
	case "":
		w.name = field
	case "~":
		w.name = strings.ToLower(field[:1]) + field[1:]
	case "-":
	default:
		w.name = name
	}
	if nested {
		w.levels = strings.Split(levels, "/")
	}
	return w
}
