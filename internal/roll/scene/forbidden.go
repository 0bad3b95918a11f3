package scene

import (
	"fmt"
	"slices"

	"berth/internal/roll"
)

// Forbidden is why the roll as a whole would lose availability, or cannot be done.
func (x *Scene) Forbidden() (why, fix string) {
	if x.Order.Strategy == roll.Terminate && !x.Order.AllowOutage {
		return "the strategy terminate ends what runs on the instances", "--allow-outage, or the strategy drain"
	}
	for _, p := range x.M.Pools {
		g := x.Group[p.Group]
		for _, process := range []string{"Launch", "Terminate"} {
			if slices.Contains(g.Suspended, process) {
				return fmt.Sprintf("the process %s of group %s is suspended", process, p), "aws autoscaling resume-processes --auto-scaling-group-name " + p.Group + " --scaling-processes " + process
			}
		}
		if g.Refresh != "" {
			return fmt.Sprintf("the instance refresh %s replaces the instances of group %s already", g.Refresh, p), "wait for it, or aws autoscaling cancel-instance-refresh --auto-scaling-group-name " + p.Group
		}
		olds := 0
		for _, o := range x.M.Olds {
			if o.Group == p.Group {
				olds++
			}
		}
		if n := x.Surge(&p); x.Order.Strategy == roll.Double && n < olds {
			return fmt.Sprintf("group %s may have no more than %d instances, too few for as many new ones as there are old ones", p, g.Max), moreRoom
		} else if n > 0 || x.Order.Strategy == roll.Terminate {
			continue
		}
		if x.Unavailable(&p) == 0 || x.Unavailable(&p) >= g.Desired {
			return fmt.Sprintf("group %s may have no more than %d instances, and none can be spared", p, g.Max), moreRoom
		}
		if why, fix := x.crowded(p); why != "" {
			return why, fix
		}
	}
	return "", ""
}

const moreRoom = "a larger max_size, or surge_beyond_max = true"

// crowded tells which instance of a group that gets no others could not be drained for want of room; empty: each could.
func (x *Scene) crowded(p roll.Pool) (why, fix string) {
	var board Board
	board.Open(x)
	for n := range x.M.Olds {
		o := &x.M.Olds[n]
		if o.Group != p.Group || o.ARN == "" {
			continue
		}
		why, fix := board.Move(o), moreRoom
		if board.Back(o); why == "" && x.LastOfZone(o) {
			why, fix = "no other instance works in "+o.Zone, moreRoom+", or --allow-outage"
		}
		if why != "" {
			return fmt.Sprintf("group %s may have no more than %d instances, and %s cannot be spared: %s", p, x.Group[p.Group].Max, o.ID, why), fix
		}
	}
	return "", ""
}
