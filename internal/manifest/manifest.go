// Package manifest reads service folders: taskdef.json and service.json in the shapes that AWS's own tools take, with
// placeholders for variables and for what the cluster knows.
//
// In: the files' texts, the variables, and, for the questions that need them, facts about the cluster as plain data. Out: documents
// that ECS will take, or every fault at once, each with its place and the line to write. It must never ask AWS, nor put the value
// of a container's environment variable into a fault.
package manifest

import (
	"regexp"
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

// File is a file as it is; its name is for faults.
type File = fault.File

// Fault is one thing wrong, Faults is everything.
type (
	Fault  = fault.Fault
	Faults = fault.Faults
)

// Reference is a ${berth.…} that the cluster must answer, Rule what a target group of the service's own is like.
type (
	Reference = placeholder.Reference
	Rule      = placeholder.Rule
)

// Sources is what a folder is read from.
type Sources struct {
	Folder     string   // its name, without the path: what serviceName and family are when they are left out
	Definition File     // the input of RegisterTaskDefinition
	Service    File     // the input of CreateService; its name is empty when there is none
	Environ    []string // NAME=value
	Set        []string // NAME=value; goes before Environ, and each before those left of it
	// Expression says what is wrong with an expression in the cluster query language; nil: nothing is.
	Expression func(string) error
}

// Folder is what shall run. Texts with references stand in the documents as they were written until they are resolved.
type Folder struct {
	Name       string         // of the service; of a task that runs once its family
	Definition document.Value // in RegisterTaskDefinition's shape
	Service    document.Value // in CreateService's shape; absent: a task that runs once
	References []Reference    // those that are not resolved yet, in the order of the files

	files [2]string // the names of the two files
	sheet
}

// Once tells whether the folder is a task that runs once.
func (f Folder) Once() bool { return !f.Service.There() }

// sheet is what is remembered of the files for the faults.
type sheet struct {
	book  fault.Book
	from  map[document.Position]bool // values that variables are part of
	unset map[document.Position]bool // those of which one has no value
}

// Read reads a folder. The Folder is of use when the faults have not failed.
func Read(s Sources) (Folder, Faults) {
	r := &reader{
		sources: s, variables: map[string]string{}, used: map[string]bool{}, whole: map[document.Position]bool{}, file: s.Definition,
		sheet: sheet{book: fault.NewBook(s.Definition, s.Service), from: map[document.Position]bool{}, unset: map[document.Position]bool{}},
	}
	r.Report = fault.NewReport(r.book)
	r.readVariables()
	f := Folder{files: [2]string{s.Definition.Name, s.Service.Name}}
	f.Definition = r.document(s.Definition, definitionShape())
	if s.Service.Name != "" {
		f.Service = r.document(s.Service, serviceShape())
	}
	r.checkUsed()
	f.Name = nameOf(f, s.Folder)
	f.References, f.sheet = r.references, r.sheet
	c := checker{reader: r, f: f}
	c.names(&f)
	if f.Definition.There() {
		c.f = f
		c.definition()
		c.service()
	}
	return f, r.Faults()
}

// nameOf is how the service is called: its own name, else the family's, else the folder's.
func nameOf(f Folder, folder string) string {
	for _, v := range []document.Value{f.Service.Get("serviceName"), f.Definition.Get("family")} {
		if v.Kind == document.Text && v.Text != "" {
			return v.Text
		}
	}
	return folder
}

// identifier is what ECS takes as the name of a service, a family or a container (ECS API reference, CreateService).
var identifier = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,255}$`)

// suggestion is a legal name that is close to an illegal one; empty when there is none.
func suggestion(name string) string {
	legal := strings.Map(func(r rune) rune {
		if r < 128 && identifier.MatchString(string(r)) {
			return r
		}
		return '-'
	}, name)
	legal = strings.Trim(legal[:min(len(legal), 255)], "-")
	return legal
}
