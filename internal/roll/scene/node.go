package scene

import (
	"slices"

	"berth/internal/live"
	"berth/internal/roll"
)

// Idle tells whether an instance of the group takes no tasks for a reason that is not the roll's: somebody else drains it, or its agent
// does not answer. The roll can make up for its own doings only.
func (x *Scene) Idle(node *roll.Node) bool {
	if x.Fresh[node.ID] != nil || x.Going(node.ID) {
		return false
	}
	return node.State == roll.InService && node.ARN != "" && (node.Status != roll.NodeActive && node.DrainedBy() != x.Order.Run || !node.Connected)
}

// Ready tells whether an instance works: it is no new one that has still to prove itself, and none that is on its way out, whatever AWS
// shows yet.
func (x *Scene) Ready(node *roll.Node) bool {
	if one := x.Fresh[node.ID]; one != nil && one.State != roll.Working {
		return false
	}
	if o := x.Old[node.ID]; o != nil && (o.State == roll.Draining || o.State == roll.Drained || o.State == roll.Ending) {
		return false
	}
	return x.Works(node)
}

// LastOfZone tells whether a zone would be left without an instance that works, where there are others that have some. Where nothing can
// come before one goes, somebody may have said that a zone may be empty for a while.
func (x *Scene) LastOfZone(o *roll.Old) bool {
	others := false
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if node.Group != o.Group || node.ID == o.ID || !x.Ready(node) || x.Going(node.ID) {
			continue
		}
		if node.Zone == o.Zone {
			return false
		}
		others = true
	}
	if x.Surge(x.Pool(o.Group)) == 0 && x.Order.AllowOutage {
		return false
	}
	return others && x.Ready(x.Node[o.ID])
}

// Going tells whether an instance has just been chosen, or is on its way out.
func (x *Scene) Going(id string) bool {
	o := x.Old[id]
	return x.Taken[id] || o != nil && o.State != roll.Waiting && o.State != roll.Skipped && o.State != roll.Stuck
}

// Holds tells whether an instance has tasks that are no daemons.
func (x *Scene) Holds(node *roll.Node) bool {
	return slices.ContainsFunc(x.On[node.ARN], func(t *live.Task) bool { return !x.Daemon(t) && !x.Probing(t) })
}

// Hung tells whether anything hung on a drained instance: of one that never joined, or goes by force, nothing does.
func (x *Scene) Hung(o *roll.Old) bool { return len(o.Held) > 0 || o.ARN != "" }

// Leaving is how many terminations, each of which takes one off the surge, AWS has not taken yet.
func (x *Scene) Leaving(group string) int {
	n := 0
	for _, o := range x.M.Olds {
		if o.Group == group && o.State == roll.Ending && o.Minus && !o.Sure {
			n++
		}
	}
	for _, one := range x.M.News {
		if one.Group == group && one.State == roll.Retiring && !one.Began.IsZero() && !one.Sure {
			n++
		}
	}
	return n
}

// Places says how many new instances may come now, and how many each zone lacks: they come into the zones of those that they are for.
// One that stands in a zone where it is not needed any more, because the old one there stays or went by itself, is in nobody's way.
// For one that is broken another one comes, whatever the surge.
func (x *Scene) Places(p *roll.Pool) (names []string, zones map[string]int, want int) {
	zones = map[string]int{}
	limit := x.Surge(p)
	for _, o := range x.M.Olds {
		if o.Group != p.Group {
			continue
		}
		zone := x.Zone(p, o.Zone)
		if o.State == roll.Gone {
			zones[zone]++ // a new one there is for it
		}
		if !x.Turn(o) || want >= limit {
			continue
		}
		if !slices.Contains(names, zone) {
			names = append(names, zone)
		}
		zones[zone]++
		want++
	}
	for n := range x.M.News {
		switch one := &x.M.News[n]; {
		case one.Group != p.Group || one.State == roll.Ended:
		case x.Broken(one):
			if !slices.Contains(names, one.Zone) {
				names = append(names, one.Zone)
			}
			want++
		default:
			zones[one.Zone]--
		}
	}
	return names, zones, want
}

// Zone is where the instance comes that takes the place of one in a zone: there, unless the group has left that zone.
func (x *Scene) Zone(p *roll.Pool, old string) string {
	zones := x.Group[p.Group].Zones
	if len(zones) == 0 || slices.Contains(zones, old) {
		return old
	}
	return zones[0]
}

// Turn tells whether an old instance is one of those that go now.
func (x *Scene) Turn(o roll.Old) bool {
	switch o.State {
	case roll.Waiting, roll.Draining, roll.Drained:
		return x.M.Stage != roll.Canary || o.Canary
	default:
		return false
	}
}

// Shrunk tells whether somebody else has made a group smaller, and nothing is known yet that went for it.
func (x *Scene) Shrunk(p *roll.Pool) bool {
	return x.Group[p.Group] != nil && x.Meant(p)+x.Leaving(p.Group) < p.Base
}

// Retiring is how many new instances are to go that AWS has not been seen to take.
func (x *Scene) Retiring(group string) int {
	n := 0
	for _, one := range x.M.News {
		if one.Group == group && one.State == roll.Retiring && !one.Sure {
			n++
		}
	}
	return n
}

// Works tells whether tasks can be placed on an instance.
func (x *Scene) Works(n *roll.Node) bool {
	return n.State == roll.InService && n.ARN != "" && n.Status == roll.NodeActive && n.Connected
}

// Has tells whether a task of a service runs on an instance.
func (x *Scene) Has(node *roll.Node, name string) bool {
	return slices.ContainsFunc(x.On[node.ARN], func(t *live.Task) bool { return t.Group == "service:"+name && t.Last == roll.TaskRunning })
}

// Over is how many more instances a group has than it is to have: so many it is about to take away. Below 0 it is about to launch some.
func (x *Scene) Over(g *roll.Group) int {
	n := -g.Desired
	for k := range x.Nodes {
		if node := &x.Nodes[k]; node.Group == g.Name && !roll.LeavesAlone(node.State) {
			n++
		}
	}
	return n
}

// Stranger is an instance of a group that nobody knows and that was launched after one went.
func (x *Scene) Stranger(gone *roll.New) *roll.Node {
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if node.Group == gone.Group && x.Old[node.ID] == nil && x.Fresh[node.ID] == nil && !roll.LeavesAlone(node.State) &&
			(node.Launched.IsZero() || node.Launched.After(gone.At)) {
			return node
		}
	}
	return nil
}
