// Package placeholder reads the placeholders in the texts of a service folder: ${NAME}, ${NAME:-default}, $${ for ${ itself, and
// ${berth.…} for what the cluster knows.
//
// In: a text and the variables. Out: the text with its variables' values, and what it refers to in the cluster, as typed
// references. A value is never read for placeholders again. It must never put a value into a complaint.
package placeholder

import (
	"regexp"
	"strings"
)

// Expanded is a text with the values of its variables. References stand in it as they were written until they are resolved.
type Expanded struct {
	Text       string
	Variables  []string // whose values are in the text
	References []Reference
	Whole      bool // the text was one placeholder and nothing else
}

// Kind is what is wrong with a placeholder.
type Kind int

// What can be wrong.
const (
	Malformed    Kind = iota // no placeholder at all
	Unset                    // a variable without value
	NotReference             // a ${berth.…} that there is not
)

// Problem is one placeholder that cannot be used.
type Problem struct {
	Kind  Kind
	Piece string // the placeholder as it is written, as far as it goes
	Name  string // of Unset: the variable
	Text  string // of NotReference: what is wrong, without full stop
	Hint  string // what to write instead, or ""
}

var (
	variable = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*)(:-(.*))?$`)
	piece    = regexp.MustCompile(`^\$\{[^}]*\}?`)
)

// Expand puts variables' values in. A variable that is set but empty takes its default too, as in a shell.
func Expand(text string, variables func(name string) (string, bool)) (Expanded, []Problem) {
	var out Expanded
	var problems []Problem
	var b strings.Builder
	for rest := text; rest != ""; {
		i := strings.Index(rest, "${")
		if i < 0 {
			b.WriteString(rest)
			break
		}
		if i > 0 && rest[i-1] == '$' {
			b.WriteString(rest[:i-1] + "${")
			rest = rest[i+2:]
			continue
		}
		b.WriteString(rest[:i])
		p := piece.FindString(rest[i:])
		out.Whole = p == text
		rest = rest[i+len(p):]
		problems = append(problems, out.put(&b, p, variables)...)
	}
	out.Text = b.String()
	return out, problems
}

// put writes what stands for one placeholder.
func (e *Expanded) put(b *strings.Builder, p string, variables func(string) (string, bool)) []Problem {
	inner, closed := strings.CutSuffix(strings.TrimPrefix(p, "${"), "}")
	if rest, ok := strings.CutPrefix(inner, "berth."); ok && closed {
		r, problem, hint := Parse(rest)
		if problem != "" {
			return []Problem{{Kind: NotReference, Piece: p, Text: problem, Hint: hint}}
		}
		r.Start = b.Len()
		b.WriteString(p)
		r.End = b.Len()
		e.References = append(e.References, r)
		return nil
	}
	m := variable.FindStringSubmatch(inner)
	if m == nil || !closed {
		return []Problem{{Kind: Malformed, Piece: p}}
	}
	value, ok := variables(m[1])
	switch {
	case m[2] != "" && value == "":
		b.WriteString(m[3])
	case ok:
		b.WriteString(value)
		e.Variables = append(e.Variables, m[1])
	default:
		return []Problem{{Kind: Unset, Piece: p, Name: m[1]}}
	}
	return nil
}
