package model

import "slices"

// Role is an IAM role of the cluster.
type Role struct {
	What        string // "instance", "execution", "task", "deployer"
	Name        string
	Path        string
	Description string
	Trust       string   // canonical JSON
	Managed     []string // ARNs of attached managed policies
	Inline      []Policy
	Tags        Tags
}

// Policy is an inline policy.
type Policy struct{ Name, Document string } // Document: canonical JSON

// RoleKey names a role by what it is for.
func RoleKey(what string) Key { return Key{KindRole, what} }

// Key is RoleKey of what it is for.
func (r Role) Key() Key { return RoleKey(r.What) }

// Refs is empty.
func (r Role) Refs() []Key { return nil }

// Attrs lists the role's settings.
func (r Role) Attrs() []Attr {
	var a attrs
	a.text("name", r.Name)
	a.text("path", r.Path)
	a.text("description", r.Description)
	a.text("trust_policy", r.Trust)
	a.list("managed_policies", slices.Sorted(slices.Values(r.Managed)))
	for _, p := range r.Inline {
		a.text("policies."+p.Name, p.Document)
	}
	a.tags(r.Tags)
	return a
}
