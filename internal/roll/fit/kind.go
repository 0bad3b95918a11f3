package fit

import (
	"hash/maphash"
	"maps"

	"berth/internal/live"
)

// kinds numbers instances that no lasting wish of a task tells apart: those of one provider and zone with the same attributes.
type kinds struct {
	all  []*live.Instance // one of each
	seed maphash.Seed
	by   map[uint64][]int32
}

func newKinds() kinds { return kinds{seed: maphash.MakeSeed(), by: map[uint64][]int32{}} }

// of is the number of an instance's kind.
func (k *kinds) of(i *live.Instance) int32 {
	sum := maphash.String(k.seed, i.Provider) ^ maphash.String(k.seed, i.Zone)<<1
	for name, value := range i.Attributes { // unordered: a sum
		one := maphash.String(k.seed, name)
		if value != "" {
			one = one*3 ^ maphash.String(k.seed, value)
		}
		sum += one
	}
	for _, n := range k.by[sum] {
		if one := k.all[n]; one.Provider == i.Provider && one.Zone == i.Zone && maps.Equal(one.Attributes, i.Attributes) {
			return n
		}
	}
	n := int32(len(k.all))
	k.all = append(k.all, i)
	k.by[sum] = append(k.by[sum], n)
	return n
}
