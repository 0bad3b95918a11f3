package decide

import (
	"slices"

	"berth/internal/roll"
)

// forsake forgets groups that somebody has deleted meanwhile: their instances went with them, and there is nothing to put back.
func (x *mind) forsake() {
	gone := func(p roll.Pool) bool { return x.Group[p.Group] == nil }
	if !slices.ContainsFunc(x.M.Pools, gone) {
		return
	}
	x.M.Pools = slices.DeleteFunc(x.M.Pools, gone)
	x.M.Launches = slices.DeleteFunc(x.M.Launches, func(l roll.Launch) bool { return x.Group[l.Group] == nil })
	for n := range x.M.Olds {
		if o := &x.M.Olds[n]; x.Group[o.Group] == nil && o.State != roll.Gone {
			x.set(o, roll.Gone, "somebody has deleted its group")
		}
	}
	for n := range x.M.News {
		if one := &x.M.News[n]; x.Group[one.Group] == nil {
			x.put(one, roll.Ended, "somebody has deleted its group")
			one.Lost = false
		}
	}
}
