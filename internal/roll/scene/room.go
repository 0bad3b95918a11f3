package scene

import (
	"time"

	"berth/internal/roll"
)

// Room is how many more instances of a group may be taken out of work now: others must work in their place. Those that the group is
// about to take away are none of these.
func (x *Scene) Room(p *roll.Pool) int {
	ready := 0
	for n := range x.Nodes {
		if node := &x.Nodes[n]; node.Group == p.Group && x.Ready(node) {
			ready++
		}
	}
	return ready - max(0, x.Over(x.Group[p.Group])) - (x.Meant(p) - x.Short(p)) + x.Unavailable(p)
}

// Short is how many instances a group lacks for a reason that is not the roll's.
func (x *Scene) Short(p *roll.Pool) int {
	n := 0
	for k := range x.Nodes {
		if node := &x.Nodes[k]; node.Group == p.Group && !x.Ready(node) && x.Idle(node) {
			n++
		}
	}
	return n
}

// Boots tells whether an instance of a group has not joined the cluster yet.
func (x *Scene) Boots(p *roll.Pool) bool {
	for n := range x.Nodes {
		if node := &x.Nodes[n]; node.Group == p.Group && node.ARN == "" && !roll.LeavesAlone(node.State) {
			return true
		}
	}
	return false
}

// Meant is how many instances a group is to have without the surge. An instance that AWS does not show yet is not in the desired
// capacity that it shows either.
func (x *Scene) Meant(p *roll.Pool) int {
	n := x.Group[p.Group].Desired - p.Extra()
	for _, one := range x.M.News {
		if one.Group == p.Group && one.State == roll.Booting && x.Node[one.ID] == nil {
			n++
		}
	}
	return n
}

// Surge is how many instances a group may have beyond what is meant.
func (x *Scene) Surge(p *roll.Pool) int {
	g, meant := x.Group[p.Group], x.Meant(p)
	n := x.Order.Surge.Of(meant)
	switch x.Order.Strategy {
	case roll.Double:
		n = len(x.M.Olds)
	case roll.Terminate:
		return 0
	case roll.Drain:
		if x.Order.Ramp {
			n = min(n, 2*max(1, p.Replaced))
		}
	}
	if !x.Order.BeyondMax {
		n = min(n, max(0, g.Max-meant))
	}
	return n
}

// Unavailable is how many instances a group may lack: as ordered, and one where no other way is left.
func (x *Scene) Unavailable(p *roll.Pool) int {
	meant := x.Meant(p)
	n := x.Order.MaxUnavailable.Of(meant)
	if n == 0 && x.Surge(p) == 0 && meant > 1 {
		n = 1
	}
	return n
}

// Zones are how many instances of a group work in each zone, and in which ones an old instance stays, whatever it is worth.
func (x *Scene) Zones(p *roll.Pool) (working map[string]int, stays map[string]bool) {
	working, stays = map[string]int{}, map[string]bool{}
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if node.Group != p.Group {
			continue
		}
		back := false
		if o := x.Old[node.ID]; o != nil {
			stays[node.Zone] = stays[node.Zone] || o.State == roll.Stuck || o.State == roll.Skipped
			back = (o.State == roll.Stuck || o.State == roll.Waiting) && node.State == roll.InService && node.Connected // it works again
		}
		if back || x.Ready(node) && !x.Going(node.ID) {
			working[node.Zone]++
		}
	}
	return working, stays
}

// Allowance is how many instances may be launched now within half of what EC2 lets pass: a thousand at once, and then one a second (EC2
// developer guide, "Request throttling", RunInstances).
func (x *Scene) Allowance() int {
	left, at := float64(launchBurst), x.M.Began
	fill := func(now time.Time) {
		left, at = min(launchBurst, left+launchesPerSecond*now.Sub(at).Seconds()), now
	}
	for _, one := range x.M.News {
		fill(one.At)
		left--
	}
	fill(x.At)
	for _, l := range x.M.Launches {
		if l.Refused == "" {
			left -= float64(l.Count)
		}
	}
	return max(0, int(left))
}

const (
	launchBurst       = 1000
	launchesPerSecond = 1.0
)
