// Package differ tells what differs between what a folder says and what AWS has.
//
// In: two documents in the shape of RegisterTaskDefinition or CreateService, one wanted, one described by AWS. Out: the fields
// that differ, by path. What AWS fills in by itself, the order of what has none, and other ways to write the same never show;
// what the folder leaves to others is not compared. It shows no value of an environment variable.
package differ

import (
	"slices"
	"strings"

	"berth/internal/document"
)

// Field is one difference. A side that is absent has no such thing.
type Field struct {
	Path   string // "containerDefinitions.web.image"; items of lists stand under what tells them apart
	Was    document.Value
	Want   document.Value
	Hidden bool // the values are nobody's business: say only that they differ
}

// Member is the member of the document's top level that the field is in.
func (f Field) Member() string {
	name, _, _ := strings.Cut(f.Path, ".")
	return name
}

// Definition compares a task definition with a revision; absent: there is none. Tags that others have set do not count.
func Definition(want, have document.Value) []Field {
	return compare(definitionShape, want, have)
}

// Service compares a service's settings with those of a service that stands; absent: there is none. What the wanted settings
// leave out and others may own (the number of tasks, what runs the tasks) is not compared, nor are tags of others.
func Service(want, have document.Value) []Field {
	return compare(serviceShape, want, have)
}

func compare(known func(document.Value) shape, want, have document.Value) []Field {
	w, h := known(want).whole(want), known(have).whole(have)
	for _, name := range known(want).owned {
		if !want.Get(name).There() {
			w, h = w.With(name, document.Value{}), h.With(name, document.Value{})
		}
	}
	return fields("", h, w)
}

// fields are the differences below a path, in the order of the wanted document, then what only stands.
func fields(path string, was, want document.Value) []Field {
	if was.Equal(want) {
		return nil
	}
	if tree(was) || tree(want) {
		return inside(path, was, want)
	}
	return []Field{{Path: path, Was: was, Want: want, Hidden: hidden(path)}}
}

// tree tells whether a value has parts with names.
func tree(v document.Value) bool { return v.Kind == document.Object && len(v.Members) > 0 }

func inside(path string, was, want document.Value) []Field {
	var names []string
	for _, m := range slices.Concat(want.Members, was.Members) {
		if !slices.Contains(names, m.Name) {
			names = append(names, m.Name)
		}
	}
	var out []Field
	for _, name := range names {
		at := name
		if path != "" {
			at = path + "." + name
		}
		if !foreignTag(at, want.Get(name)) {
			out = append(out, fields(at, was.Get(name), want.Get(name))...)
		}
	}
	return out
}

// foreignTag tells a tag that stands and that nobody here wants: others have set it.
func foreignTag(path string, want document.Value) bool {
	return strings.HasPrefix(path, "tags.") && !want.There()
}

// hidden tells what people may keep passwords in.
func hidden(path string) bool {
	words := strings.SplitN(path, ".", 5)
	if len(words) < 5 || words[0] != "containerDefinitions" {
		return false
	}
	return words[2] == "environment" || words[3] == "options" && secretive(words[4])
}

// secretive tells a log driver's option that is a login by its name: "splunk-token".
func secretive(option string) bool {
	return slices.ContainsFunc([]string{"token", "password", "secret", "apikey", "api_key"}, func(word string) bool {
		return strings.Contains(strings.ToLower(option), word)
	})
}
