// Package option is the one list of the names that ecs.tfvars knows: where each may stand, its type, its default, what
// it means, and how it is written.
//
// In: nothing. Out: the table, and docs/config.md, which is written from it. It reads no file and judges no value. A
// file for each topic; a name whose feature does not exist is not in the table.
package option

import "slices"

// Kind is the type of an option, as docs/config.md words it.
type Kind string

// The types.
const (
	Text     Kind = "text"
	Number   Kind = "whole number"
	Bool     Kind = "true or false"
	List     Kind = "list of text"
	Flexible Kind = "text or list of text"
	TextMap  Kind = "map of text"
	Maps     Kind = "map of maps"
	Map      Kind = "map of settings" // one group, load balancer or VPC
)

// Scope is where an option may stand; scopes add up.
type Scope int

// The scopes.
const (
	Top Scope = 1 << iota
	Group
	Balancer
	Existing
	HealthCheck
	Deployer
	Volume
	Container
)

// Everywhere is all scopes at once.
const Everywhere = Top | Group | Balancer | Existing | HealthCheck | Deployer | Volume | Container

// Option is one name of the configuration.
type Option struct {
	Name     string
	Alias    string // an older spelling, also accepted
	Kind     Kind
	Scope    Scope
	Required bool
	Unless   string // a setting beside which it is not required
	// Def is the default as HCL; it is read like any other value. "" means that other settings decide, as Words says.
	Def     string
	Words   string // the default in words, where Def does not say it
	Choices []string
	Meaning string
	Example string // as HCL
	Beside  string // what must stand beside the example, as lines of HCL, for a file with both to be right
}

// Inherited is true for what a group that leaves it out takes from the top level.
func (o Option) Inherited() bool { return o.Scope == Top|Group }

// table is every option: it decides what is known, fills in defaults and writes docs/config.md.
//
//nolint:gochecknoglobals // a table
var table = slices.Concat(
	identity(), network(), way(), existing(), group(), image(), boot(), volume(), size(), purchase(), container(),
	balancer(), encryption(), healthCheck(), log(), access(), deployer(), ownership(),
)

// Find looks a name or alias up among the options of some scopes.
func Find(in Scope, name string) (Option, bool) {
	i := slices.IndexFunc(table, func(o Option) bool {
		return o.Scope&in != 0 && (o.Name == name || o.Alias != "" && o.Alias == name)
	})
	if i < 0 {
		return Option{}, false
	}
	return table[i], true
}

// Of finds the option of a name and type, wherever it stands.
func Of(name string, kind Kind) (Option, bool) {
	i := slices.IndexFunc(table, func(o Option) bool { return o.Name == name && o.Kind == kind })
	if i < 0 {
		return Option{}, false
	}
	return table[i], true
}

// Names lists the names of some scopes, with or without their aliases, in the order of the table.
func Names(in Scope, aliases bool) []string {
	var out []string
	for _, o := range In(in) {
		out = append(out, o.Name)
		if aliases && o.Alias != "" {
			out = append(out, o.Alias)
		}
	}
	return out
}

// In lists the options of some scopes.
func In(in Scope) []Option {
	return slices.DeleteFunc(slices.Clone(table), func(o Option) bool { return o.Scope&in == 0 })
}
