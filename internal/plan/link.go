package plan

import (
	"net/netip"
	"slices"

	"berth/internal/model"
)

// link fills in what each change needs: what it stands on comes before it, what stood on it goes before it.
func link(changes []Change, want model.Set, have model.Inventory) {
	steps := map[model.Key][]Step{}
	for _, c := range changes {
		steps[c.Key] = append(steps[c.Key], c.Step)
	}
	dependants := map[model.Key][]model.Key{}
	for r := range have.All() {
		for _, ref := range r.Refs() {
			dependants[ref] = append(dependants[ref], r.Key())
		}
	}
	for i := range changes {
		c := &changes[i]
		if c.Verb == Delete {
			c.Needs = goneBefore(c, dependants, steps)
			continue
		}
		c.Needs = slices.Concat(standsOn(c, steps), roomFor(c, want, have), emptiedBefore(c, steps))
	}
}

// emptiedBefore are the deletions of the capacities whose providers leave the cluster's list: ECS drains the instances
// of a group only as long as its provider is attached, and without it they would hang in their lifecycle hook.
func emptiedBefore(c *Change, steps map[model.Key][]Step) []Step {
	from, _ := c.From.(model.ClusterProviders)
	to, _ := c.To.(model.ClusterProviders)
	var needs []Step
	for _, p := range from.Providers {
		if leaves := (Step{Delete, model.CapacityKey(p.Name)}); !slices.Contains(to.Providers, p) && slices.Contains(steps[leaves.Key], leaves) {
			needs = add(needs, leaves)
		}
	}
	return needs
}

// standsOn are the changes that make true what the change refers to, and its own deletion in a replacement.
func standsOn(c *Change, steps map[model.Key][]Step) []Step {
	var needs []Step
	for _, ref := range c.To.Refs() {
		for _, s := range steps[ref] {
			if s.Verb != Delete {
				needs = add(needs, s)
			}
		}
	}
	if own := (Step{Delete, c.Key}); slices.Contains(steps[c.Key], own) {
		needs = add(needs, own)
	}
	return needs
}

// goneBefore are the changes that free a resource: the deletion of what stands on it, or its update to stand
// elsewhere. A subnet's way out stays until nobody in the subnet needs it.
func goneBefore(c *Change, dependants map[model.Key][]model.Key, steps map[model.Key][]Step) []Step {
	var needs []Step
	for _, d := range dependants[c.Key] {
		if c.Replaces && follows(d.Kind, c.Key.Kind) != Create {
			continue
		}
		needs = leaving(needs, steps[d])
	}
	if r, ok := c.From.(model.Route); ok {
		for _, d := range dependants[model.SubnetKey(r.Tier, r.Zone)] {
			if d.Kind != model.KindRouteTable {
				needs = leaving(needs, steps[d])
			}
		}
	}
	return needs
}

func leaving(needs, steps []Step) []Step {
	for _, s := range steps {
		if s.Verb == Delete || s.Verb == Update {
			needs = add(needs, s)
		}
	}
	return needs
}

// roomFor are the deletions of subnets whose addresses a new subnet takes over.
func roomFor(c *Change, want model.Set, have model.Inventory) []Step {
	mine, ok := c.To.(model.Subnet)
	if !ok || c.Verb != Create {
		return nil
	}
	var needs []Step
	for other := range model.Every[model.Subnet](&have.Set) {
		kept, stays := model.Find[model.Subnet](&want, other.Key())
		if other.Key() == mine.Key() || stays && kept.CIDR == other.CIDR {
			continue
		}
		if overlap(mine.CIDR, other.CIDR) {
			needs = add(needs, Step{Delete, other.Key()})
		}
	}
	return needs
}

func overlap(a, b string) bool {
	x, err1 := netip.ParsePrefix(a)
	y, err2 := netip.ParsePrefix(b)
	return err1 == nil && err2 == nil && x.Overlaps(y)
}

func add(steps []Step, s Step) []Step {
	if slices.Contains(steps, s) {
		return steps
	}
	return append(steps, s)
}

// cycle finds steps that wait for each other, nil when there are none: it takes away what can be done until nothing
// more can.
func cycle(p Plan) []Step {
	done := State{}
	for {
		ready := Next(p, done)
		if len(ready) == 0 {
			break
		}
		for _, c := range ready {
			done[c.Step] = Done
		}
	}
	var stuck []Step
	for _, c := range p.Changes {
		if done[c.Step] != Done {
			stuck = append(stuck, c.Step)
		}
	}
	return stuck
}
