// Package shape knows which members ECS takes to register a task definition and to make a service, as the AWS SDK's schemas
// have them: names, types, what is required, and the choices of enumerations.
//
// In: a document. Out: what of it does not fit, each with its place. It knows nothing of what the values mean together, and must
// never let through what ECS would not know.
package shape

//go:generate go run ./gen

import (
	"slices"
	"strconv"
	"strings"

	"berth/internal/document"
)

// The shapes that a folder is written in (ECS API reference, RegisterTaskDefinition and CreateService).
const (
	TaskDefinition = "RegisterTaskDefinitionRequest"
	Service        = "CreateServiceRequest"
)

// Kind is what kind of misfit a Problem is.
type Kind int

// The misfits.
const (
	Unknown Kind = iota // there is no such member
	Type                // the value is of another kind
	Missing             // a required member is not there
	Choice              // the text is not one of the enumeration
)

// Problem is one thing that does not fit.
type Problem struct {
	Kind  Kind
	At    document.Position // of the member's name where it is unknown, of the object where a member is missing, else of the value
	In    string            // the path of the object or list around it, "" at the top: containerDefinitions[0]
	Name  string            // the member
	Known []string          // of Unknown the members that there are, of Choice the values, in the model's order
	Want  Want              // of Type: what the value must be
	Value document.Value    // what stands there; absent where it is missing
}

// Path is where the problem's member stands: containerDefinitions[0].cpu.
func (p Problem) Path() string {
	if p.In == "" || strings.HasPrefix(p.Name, "[") || p.Name == "" {
		return p.In + p.Name
	}
	return p.In + "." + p.Name
}

// Want is the kind of value that a member takes, in words: "a whole number", "a list of texts".
type Want string

// Leeway is how strictly a text is taken.
type Leeway int

const (
	// Strict means that the text is a text and nothing else.
	Strict Leeway = iota
	// Loose means that it may stand for a number, true or false: it is a variable's value.
	Loose
	// Open means that what will stand there is not known yet.
	Open
)

// Check compares a document with a shape. The result is the document, in which texts with leeway have become the numbers and
// booleans that their places want.
func Check(shape string, v document.Value, leeway func(document.Value) Leeway) (document.Value, []Problem) {
	c := &checker{lines: lines(), leeway: leeway}
	return c.fit(v, shape, "", ""), c.found
}

// lines is the table by its first words.
func lines() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(table) {
		if name, rest, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			out[name] = rest
		}
	}
	return out
}

type checker struct {
	lines  map[string]string
	leeway func(document.Value) Leeway
	found  []Problem
}

// fit compares a value with a word of the table; in and name say where it stands.
func (c *checker) fit(v document.Value, word, in, name string) document.Value {
	if !v.There() {
		return v
	}
	if v.Kind == document.Text {
		switch c.leeway(v) {
		case Open:
			return v
		case Loose:
			v = loosen(v, word)
		case Strict:
		}
	}
	if v.Kind != kindOf(word) && kindOf(word) != document.Absent || word == "i" && !whole(v) {
		c.found = append(c.found, Problem{Kind: Type, At: v.At, In: in, Name: name, Want: c.want(word), Value: v})
		return v
	}
	at := Problem{In: in, Name: name}.Path()
	switch word[0] {
	case '=':
		c.choice(v, word, in, name)
	case '[':
		return c.list(v, word[1:len(word)-1], at)
	case '{':
		return c.mapping(v, word[1:len(word)-1], at)
	}
	if kindOf(word) == document.Object {
		return c.structure(v, word, at)
	}
	return v
}

func (c *checker) list(v document.Value, word, at string) document.Value {
	items := make([]document.Value, len(v.Items))
	for i, item := range v.Items {
		name := "[" + strconv.Itoa(i) + "]"
		if !item.There() {
			c.found = append(c.found, Problem{Kind: Type, At: item.At, In: at, Name: name, Want: c.want(word), Value: item})
		}
		items[i] = c.fit(item, word, at, name)
	}
	v.Items = items
	return v
}

func (c *checker) mapping(v document.Value, word, at string) document.Value {
	members := make([]document.Member, len(v.Members))
	for i, m := range v.Members {
		m.Value = c.fit(m.Value, word, at, m.Name)
		members[i] = m
	}
	v.Members = members
	return v
}

func (c *checker) structure(v document.Value, name, at string) document.Value {
	words := strings.Fields(c.lines[name])
	members := make([]document.Member, len(v.Members))
	for i, m := range v.Members {
		members[i] = m
		word, known := find(words, m.Name)
		if !known {
			c.found = append(c.found, Problem{Kind: Unknown, At: m.At, In: at, Name: m.Name, Known: names(words), Value: m.Value})
			continue
		}
		members[i].Value = c.fit(m.Value, word, at, m.Name)
	}
	for _, word := range words {
		member, word, _ := strings.Cut(word, ":")
		if strings.HasSuffix(word, "*") && !v.Get(member).There() {
			c.found = append(c.found, Problem{Kind: Missing, At: v.At, In: at, Name: member, Want: c.want(strings.TrimSuffix(word, "*"))})
		}
	}
	v.Members = members
	return v
}

func (c *checker) choice(v document.Value, word, in, name string) {
	values := strings.Fields(c.lines[word])
	if slices.Contains(values, v.Text) {
		return
	}
	c.found = append(c.found, Problem{Kind: Choice, At: v.At, In: in, Name: name, Known: values, Value: v})
}

// find is the word of a member.
func find(words []string, member string) (string, bool) {
	for _, w := range words {
		if name, word, _ := strings.Cut(w, ":"); name == member {
			return strings.TrimSuffix(word, "*"), true
		}
	}
	return "", false
}

func names(words []string) []string {
	out := make([]string, 0, len(words))
	for _, w := range words {
		name, _, _ := strings.Cut(w, ":")
		out = append(out, name)
	}
	return out
}

// kindOf is the kind of JSON that a word of the table means; Absent: any.
func kindOf(word string) document.Kind {
	switch word[0] {
	case 's', '=':
		return document.Text
	case 'b':
		return document.Bool
	case 'i', 'f':
		return document.Number
	case 'd':
		return document.Absent
	case '[':
		return document.List
	}
	return document.Object
}

// whole tells whether a number has no fraction. AWS's whole numbers have 32 bits.
func whole(v document.Value) bool {
	_, err := strconv.ParseInt(v.Text, 10, 32)
	return err == nil
}

// loosen makes the number or boolean of a text that its place wants; what is none stays a text.
func loosen(v document.Value, word string) document.Value {
	switch {
	case word == "b" && (v.Text == "true" || v.Text == "false"):
		v.Kind = document.Bool
	case word == "i" && whole(v):
		n, _ := strconv.Atoi(v.Text)
		v.Kind, v.Text = document.Number, strconv.Itoa(n)
	case word == "f":
		if f, err := strconv.ParseFloat(v.Text, 64); err == nil && f-f == 0 { // neither infinite nor no number
			v.Kind, v.Text = document.Number, strconv.FormatFloat(f, 'f', -1, 64)
		}
	}
	return v
}

// want is a word of the table in plain words.
func (c *checker) want(word string) Want {
	switch word[0] {
	case 's', '=':
		return "a text"
	case 'b':
		return "true or false"
	case 'i':
		return "a whole number"
	case 'f':
		return "a number"
	case '[':
		return Want("a list of " + many(c.want(word[1:len(word)-1])))
	}
	return "an object"
}

func many(one Want) string {
	switch one {
	case "a text":
		return "texts"
	case "a whole number":
		return "whole numbers"
	}
	return "objects"
}
