package scene

import (
	"berth/internal/roll"
)

// Edits are the settings of services that must be other ones during the roll.
func (x *Scene) Edits() []roll.Edit {
	var out []roll.Edit
	touched := x.Touched()
	for n := range x.Services {
		s := &x.Services[n]
		if !touched[s.Name] || s.Daemon {
			continue
		}
		e := roll.Edit{Service: s.Name}
		if x.Order.Patch && !Movable(s, s.MaxPct) {
			e.MaxPct, e.SetPct = s.MaxPct, Patched
		}
		if need := x.Demands[DemandKey(s)]; x.Order.Fence && need.Known && len(need.Constraints) < mostConstraints {
			e.Fence, e.Constraints = "attribute:"+roll.AttrFence+" == "+x.Order.Run, ConstraintsOf(s)
		}
		e.Still = x.Order.Still(s)
		if e.SetPct > 0 || e.Fence != "" || e.Still {
			out = append(out, e)
		}
	}
	return out
}

// mostConstraints is how many a task may have (ECS API reference, UpdateService).
const mostConstraints = 10
