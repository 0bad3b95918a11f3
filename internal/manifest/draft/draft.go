// Package draft makes documents of the files of a service folder: it parses them, puts variables in, finds references to the
// cluster, and compares them with the shapes that ECS takes.
//
// In: texts and variables; later the cluster's answers. Out: a Folder, and faults about what is no document. It knows nothing of
// what the values mean together, and must never put the value of a variable into a fault.
package draft

import (
	"math"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/fault"
	"berth/internal/manifest/placeholder"
)

// The files of a folder. One without service.json is a task that runs once.
const (
	DefinitionFile = "taskdef.json"
	ServiceFile    = "service.json"
)

// Reference is a ${berth.…} that the cluster must answer.
type Reference = placeholder.Reference

// Sources is what a folder is read from.
type Sources struct {
	Folder     string     // its name, without the path: what serviceName and family are when they are left out
	Definition fault.File // the input of RegisterTaskDefinition
	Service    fault.File // the input of CreateService; its name is empty when there is none
	Environ    []string   // NAME=value
	Set        []string   // NAME=value; goes before Environ, and each before those left of it
	// Expression says what is wrong with an expression in the cluster query language, "" where nothing is, and what was meant.
	Expression func(string) (problem, hint string)
}

// Folder is what shall run. Texts with references stand in the documents as they were written until they are resolved.
type Folder struct {
	Name       string         // of the service; of a task that runs once its family
	Definition document.Value // in RegisterTaskDefinition's shape
	Service    document.Value // in CreateService's shape; absent: a task that runs once
	References []Reference    // those that are not resolved yet, in the order of the files

	Sheet
}

// Once tells whether the folder is a task that runs once.
func (f Folder) Once() bool { return !f.Service.There() }

// Open tells whether a value is not known yet: there is a reference in it, or a placeholder that has failed already.
func (f Folder) Open(v document.Value) bool { return f.open(v, f.References) }

// Sheet is what is remembered of the files for the faults.
type Sheet struct {
	Book       fault.Book
	Files      [2]string                           // the names of taskdef.json and service.json
	Expression func(string) (problem, hint string) // of Sources

	from  map[document.Position]bool // values that variables are part of
	unset map[document.Position]bool // those of which one has no value
	whole map[document.Position]bool // texts that are one placeholder and nothing else
}

func newSheet(s Sources) Sheet {
	return Sheet{
		Book: fault.NewBook(s.Definition, s.Service), Files: [2]string{s.Definition.Name, s.Service.Name}, Expression: s.Expression,
		from: map[document.Position]bool{}, unset: map[document.Position]bool{}, whole: map[document.Position]bool{},
	}
}

func (s Sheet) open(v document.Value, references []Reference) bool {
	if v.At.Line == 0 || v.Kind != document.Text {
		return false
	}
	return s.unset[v.At] || strings.Contains(v.Text, "${berth.") &&
		slices.ContainsFunc(references, func(r Reference) bool { return r.At == v.At })
}

// FromVariable tells whether a variable's value is part of the value.
func (s Sheet) FromVariable(v document.Value) bool { return s.from[v.At] }

// Failed tells whether a placeholder in the value could not be used, which was told already.
func (s Sheet) Failed(v document.Value) bool { return s.unset[v.At] }

// Whole tells whether the text at a place is one placeholder and nothing else.
func (s Sheet) Whole(at document.Position) bool { return s.whole[at] }

// Quote shows a value: hidden ones not at all, and what has a variable in it as it was written.
func (s Sheet) Quote(v document.Value) string {
	switch {
	case s.Book.Masked(v):
		return "what stands there"
	case v.Kind == document.Text && s.from[v.At]:
		return fault.Printable(s.Book.Written(v))
	case v.Kind == document.Text:
		return fault.Quote(v.Text)
	case v.Kind == document.Number || v.Kind == document.Bool:
		return v.Text
	}
	return v.Kind.String()
}

// Text is the text of a member, empty when it is none.
func Text(v document.Value, names ...string) string {
	if v = v.Get(names...); v.Kind == document.Text {
		return v.Text
	}
	return ""
}

// Number is the whole number of a member that is a number, as large as AWS takes them: the shape refuses others.
func Number(v document.Value, names ...string) (int, bool) {
	if v = v.Get(names...); v.Kind != document.Number {
		return 0, false
	}
	n, ok := v.Number()
	return n, ok && n >= math.MinInt32 && n <= math.MaxInt32
}
