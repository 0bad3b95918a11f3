package model

import "slices"

// Duplicate is a second resource with a key that another one holds already, left behind by a create whose answer was
// lost. Nothing asks for it, so a plan deletes it.
type Duplicate struct {
	Resource
	ID string
}

// Key is the resource's own key with the AWS id behind it, so that both fit into one inventory.
func (d Duplicate) Key() Key {
	k := d.Resource.Key()
	return Key{k.Kind, k.Name + "#" + d.ID}
}

// Refs are the resource's own, less itself: a rule of a security group may name its group.
func (d Duplicate) Refs() []Key {
	return slices.DeleteFunc(d.Resource.Refs(), func(k Key) bool { return k == d.Key() })
}
