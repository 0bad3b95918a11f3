package scene

import (
	"slices"

	"berth/internal/placement"
	"berth/internal/roll"
)

// Lacks is what keeps a new instance from being proved.
func (x *Scene) Lacks(n *roll.New) string {
	node := x.Node[n.ID]
	switch {
	case node == nil || node.ARN == "":
		return "it has not joined the cluster"
	case !node.Connected:
		return "its ECS agent does not answer"
	case node.Status != roll.NodeActive:
		return "it is " + node.Status
	case n.Why != "":
		return n.Why
	}
	return "it is " + node.State + " in its group"
}

// Refusal is why AWS has refused the last launch into a group.
func (x *Scene) Refusal(group string) string {
	for _, v := range slices.Backward(x.M.Launches) {
		if l := v; l.Group == group && l.Refused != "" {
			return l.Refused
		}
	}
	return "AWS does not say why"
}

// Unproved is what a new instance has still to show; empty: nothing.
func (x *Scene) Unproved(n *roll.New, node *roll.Node) string {
	for s := range x.Daemons() {
		if !x.Has(node, s.Name) && x.Wants(s, node) {
			return "the daemon " + s.Name + " does not run there yet"
		}
	}
	if x.Order.Probe == "" || !n.Canary {
		return ""
	}
	t := x.Task[n.Probe]
	switch {
	case n.Probe == "" || t == nil || t.Last != roll.TaskStopped:
		return "the probe has not ended"
	case !Succeeded(t):
		return "the probe failed: " + Failure(t)
	}
	return ""
}

// Daemons are the services that are to run on every instance that suits them.
func (x *Scene) Daemons() func(func(*roll.Service) bool) {
	return func(yield func(*roll.Service) bool) {
		for n := range x.Services {
			if s := &x.Services[n]; s.Daemon && s.Status == roll.NodeActive && !yield(s) {
				return
			}
		}
	}
}

// Wants tells whether a daemon is to run on an instance at all. One that never ran anywhere keeps nobody waiting: it was broken
// before.
func (x *Scene) Wants(s *roll.Service, node *roll.Node) bool {
	need := x.Demands[DemandKey(s)]
	if !need.Known || s.Running == 0 {
		return false
	}
	return placement.Possible(placement.Lacks(need.Demand, node.Instance, placement.Site{}))
}
