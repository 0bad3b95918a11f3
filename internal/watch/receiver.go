package watch

import (
	"path"
	"slices"
	"strings"
)

// Receiver is who wants to be told of what.
type Receiver struct {
	Name    string   // of the alert
	Least   Severity // nothing below
	Members []string // patterns of the names of services and families of tasks that it is about; none: all
	Codes   []string // patterns of codes; none: all
}

// Wants tells whether a change is for the receiver. Patterns are those of shells: "shop-*".
func (r Receiver) Wants(c Change) bool {
	i := c.Incident
	return i.Severity >= r.Least && fits(r.Codes, i.Code) &&
		(len(r.Members) == 0 || slices.ContainsFunc(i.Members, func(m Member) bool { return r.about(m.Name) }))
}

func fits(patterns []string, name string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool {
		ok, err := path.Match(p, name)
		return ok && err == nil
	})
}

// about tells whether a member has one of the names.
func (r Receiver) about(member string) bool {
	kind, name, _ := strings.Cut(member, "/")
	return (kind == "service" || kind == "family") && fits(r.Members, name)
}
