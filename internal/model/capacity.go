package model

// Capacity is how many instances a group has at least, and how many it starts with. It is apart from the group so
// that instances launch only when their way to the internet and their capacity provider stand.
type Capacity struct {
	Group   string
	Min     int
	Desired int   // the starting size; observed: the one that was last applied, or the present one where nobody scales
	Routes  []Key // what instances need at their first boot, such as the ways out; wanted only
}

// CapacityKey names the capacity of a group.
func CapacityKey(group string) Key { return Key{KindCapacity, group} }

// Key is CapacityKey of its group.
func (c Capacity) Key() Key { return CapacityKey(c.Group) }

// Refs are the group, its provider in the cluster, and the routes.
func (c Capacity) Refs() []Key {
	return append([]Key{GroupKey(c.Group), ClusterProvidersKey()}, c.Routes...)
}

// Attrs lists the sizes.
func (c Capacity) Attrs() []Attr {
	var a attrs
	a.number("min_size", c.Min)
	a.number("desired_capacity", c.Desired)
	return a
}
