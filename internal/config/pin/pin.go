// Package pin writes one setting into the text of a variable file and leaves every other byte as it is.
//
// In: the text, the path of a setting such as instance_groups.batch.aws_ecs_ami, and its new value. Out: the new text, or that it
// cannot be done. It opens no file and knows no meaning. What it hands back was read again: the setting has the new value there, or
// there is an error.
package pin

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// ErrPlace says that the text has no place for the setting: what it stands in is not there, or not written as a map.
var ErrPlace = errors.New("there is no place for it")

// ErrText says that the text cannot be read, or could not be with the setting in it.
var ErrText = errors.New("the text cannot be read")

// Has tells whether the text sets what the path names. The last part of a path may have several spellings, parted by "|".
func Has(text []byte, path ...string) bool {
	at, err := find(trimmed(text), path)
	return err == nil && at.old != nil
}

// Holds tells whether the text has a place for it: what all but the last part of the path name is there, as a map.
func Holds(text []byte, path ...string) bool {
	_, err := find(trimmed(text), path)
	return err == nil
}

// Set is the text with the setting changed, or put in beside the others where there is none; line is where it stands, from 1.
func Set(text []byte, value string, path ...string) (out []byte, line int, err error) {
	body := trimmed(text)
	at, err := find(body, path)
	if err != nil {
		return nil, 0, err
	}
	quoted := strconv.Quote(value)
	var from, to int
	var put string
	if at.old != nil {
		from, to, put = at.old.Start.Byte, at.old.End.Byte, quoted
	} else {
		name, _, _ := strings.Cut(path[len(path)-1], "|")
		from, put = at.gap(body, name, quoted)
		to = from
	}
	changed := slices.Concat(body[:from], []byte(put), body[to:])
	if got, ok := read(changed, path); !ok || got != value {
		return nil, 0, ErrText
	}
	line = 1 + bytes.Count(changed[:from+strings.Index(put, quoted)], []byte("\n"))
	return slices.Concat(text[:len(text)-len(body)], changed), line, nil
}

// trimmed is the text without the mark that some editors begin UTF-8 with.
func trimmed(text []byte) []byte { return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) }

// place is where a setting stands, or where it would go.
type place struct {
	old  *hcl.Range // of its value; nil: it is not there
	last *hcl.Range // of the setting behind which it goes; nil: there is none
	key  hcl.Range  // of that setting's name
	open int        // the byte behind the bracket that opens the map; -1: it goes to the top level
	shut int        // the byte of the bracket that closes it
}

func find(body []byte, path []string) (place, error) {
	file, diags := hclsyntax.ParseConfig(body, "", hcl.InitialPos)
	if diags.HasErrors() {
		return place{}, ErrText
	}
	attributes := file.Body.(*hclsyntax.Body).Attributes
	if len(path) == 1 {
		return top(attributes, path[0]), nil
	}
	a, there := attributes[path[0]]
	if !there {
		return place{}, ErrPlace
	}
	object := table(a.Expr)
	for _, name := range path[1 : len(path)-1] {
		if object == nil {
			return place{}, ErrPlace
		}
		i := slices.IndexFunc(object.Items, func(i hclsyntax.ObjectConsItem) bool { return keyed(i, name) })
		if i < 0 {
			return place{}, ErrPlace
		}
		object = table(object.Items[i].ValueExpr)
	}
	if object == nil {
		return place{}, ErrPlace
	}
	return within(object, path[len(path)-1]), nil
}

// beside are the settings behind which a new one goes at the top level: the first of them that is there.
func beside() []string {
	return []string{"ami_family", "arch", "instance_type", "instance_group", "max_size", "desired_capacity", "min_size"}
}

func top(attributes hclsyntax.Attributes, name string) place {
	at := place{open: -1}
	for spelling := range strings.SplitSeq(name, "|") {
		if a, there := attributes[spelling]; there {
			r := a.Expr.Range()
			at.old = &r
			return at
		}
	}
	for _, other := range beside() {
		if a, there := attributes[other]; there {
			r := a.Expr.Range()
			at.last, at.key = &r, a.NameRange
			return at
		}
	}
	return at
}

func within(object *hclsyntax.ObjectConsExpr, name string) place {
	at := place{open: object.OpenRange.End.Byte, shut: object.SrcRange.End.Byte - 1}
	for _, i := range object.Items {
		r := i.ValueExpr.Range()
		at.last, at.key = &r, i.KeyExpr.Range()
		for spelling := range strings.SplitSeq(name, "|") {
			if keyed(i, spelling) {
				at.old = &r
				return at
			}
		}
	}
	return at
}

// table is a map that is written out, with or without parentheses around it.
func table(e hclsyntax.Expression) *hclsyntax.ObjectConsExpr {
	for {
		p, inner := e.(*hclsyntax.ParenthesesExpr)
		if !inner {
			break
		}
		e = p.Expression
	}
	o, _ := e.(*hclsyntax.ObjectConsExpr)
	return o
}

func keyed(i hclsyntax.ObjectConsItem, name string) bool {
	v, diags := i.KeyExpr.Value(nil)
	return !diags.HasErrors() && v.IsKnown() && !v.IsNull() && v.Type().FriendlyName() == "string" && v.AsString() == name
}

// read is the text value that stands at a path.
func read(body []byte, path []string) (string, bool) {
	at, err := find(body, path)
	if err != nil || at.old == nil {
		return "", false
	}
	e, diags := hclsyntax.ParseExpression(at.old.SliceBytes(body), "", hcl.InitialPos)
	if diags.HasErrors() {
		return "", false
	}
	v, diags := e.Value(nil)
	if diags.HasErrors() || v.IsNull() || v.Type().FriendlyName() != "string" {
		return "", false
	}
	return v.AsString(), true
}
