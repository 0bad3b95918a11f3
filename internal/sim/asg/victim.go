package asg

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"berth/internal/sim/world"
)

// victim picks the member that a scale-in terminates, or nil when all are protected: zones first, then the purchase
// option, then the termination policies one after the other, then the lowest id (Auto Scaling user guide, "Work with
// Amazon EC2 Auto Scaling termination policies").
func (g group) victim() *world.GroupMember {
	var open []*world.GroupMember
	for m := range g.Members.Rows() {
		if stays(m) && !m.Protected {
			open = append(open, m)
		}
	}
	if len(open) == 0 {
		return nil
	}
	open = least(open, g.zoneRank())
	if g.Mixed != nil {
		open = least(open, g.purchaseRank())
	}
	for _, policy := range g.Settings.TerminationPolicies {
		open = g.narrow(open, policy)
	}
	return slices.MinFunc(open, func(a, b *world.GroupMember) int { return cmp.Compare(a.ID, b.ID) })
}

// least keeps the members with the lowest rank.
func least[N cmp.Ordered](all []*world.GroupMember, rank func(*world.GroupMember) N) []*world.GroupMember {
	low := rank(all[0])
	for _, m := range all[1:] {
		low = min(low, rank(m))
	}
	return slices.DeleteFunc(slices.Clone(all), func(m *world.GroupMember) bool { return rank(m) != low })
}

// zoneRank puts members of zones that the group left before all, then those of the fullest zones.
func (g group) zoneRank() func(*world.GroupMember) int {
	n := g.counts()
	return func(m *world.GroupMember) int {
		if !slices.Contains(g.Zones, m.Zone) {
			return math.MinInt
		}
		return -n[m.Zone]
	}
}

// purchaseRank puts members first whose purchase option the group has too much of.
func (g group) purchaseRank() func(*world.GroupMember) int {
	total, onDemand := g.shares()
	tooMuchOnDemand := onDemand > onDemandShare(g.Mixed, total-1)
	return func(m *world.GroupMember) int {
		if m.Spot != tooMuchOnDemand {
			return 0
		}
		return 1
	}
}

// narrow keeps the members that one policy would terminate first.
func (g group) narrow(open []*world.GroupMember, policy string) []*world.GroupMember {
	switch policy {
	case "OldestInstance":
		return least(open, func(m *world.GroupMember) int64 { return m.Launched.UnixNano() })
	case "NewestInstance":
		return least(open, func(m *world.GroupMember) int64 { return -m.Launched.UnixNano() })
	case "OldestLaunchTemplate":
		return g.oldestTemplate(open)
	case "OldestLaunchConfiguration":
		return g.oldestConfiguration(open)
	case "AllocationStrategy":
		return g.leastWanted(open)
	case "ClosestToNextInstanceHour":
		return least(open, g.untilNextHour)
	case "Default":
		if g.Mixed != nil {
			open = g.leastWanted(open)
		}
		return least(g.oldestTemplate(g.oldestConfiguration(open)), g.untilNextHour)
	default:
		return open
	}
}

// oldestConfiguration keeps the members of the oldest launch configuration; one that is deleted is older than any. Members
// of launch templates come after all.
func (g group) oldestConfiguration(open []*world.GroupMember) []*world.GroupMember {
	return least(open, func(m *world.GroupMember) int64 {
		if m.Configuration == "" {
			return math.MaxInt64
		}
		if row, ok := g.r.AutoScaling.Configurations.Get(m.Configuration); ok {
			return row.Created.UnixNano()
		}
		return math.MinInt64
	})
}

// leastWanted keeps the members whose instance type stands last in a list that says what is preferred; other strategies go
// by prices, which nothing here has.
func (g group) leastWanted(open []*world.GroupMember) []*world.GroupMember {
	if g.Mixed == nil {
		return open
	}
	return least(open, func(m *world.GroupMember) int {
		ordered := g.Mixed.OnDemandStrategy == "prioritized"
		if m.Spot {
			ordered = g.Mixed.SpotStrategy == "capacity-optimized-prioritized"
		}
		if !ordered {
			return 0
		}
		return -slices.IndexFunc(g.Mixed.Overrides, func(o world.InstanceOverride) bool { return o.Type == m.Type })
	})
}

// oldestTemplate keeps the members of templates that the group no longer uses, or else those of the lowest version.
func (g group) oldestTemplate(open []*world.GroupMember) []*world.GroupMember {
	used := g.offers()
	open = least(open, func(m *world.GroupMember) int {
		if slices.ContainsFunc(used, func(o offer) bool { return o.template.ID == m.Template.ID }) {
			return 1
		}
		return 0
	})
	return least(open, func(m *world.GroupMember) int {
		n, _ := strconv.Atoi(m.Template.Version) // members have numbers
		return n
	})
}

// untilNextHour is how long a member's current hour since its launch still lasts.
func (g group) untilNextHour(m *world.GroupMember) time.Duration {
	return time.Hour - g.w.Now().Sub(m.Launched)%time.Hour
}
