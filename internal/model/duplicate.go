package model

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
