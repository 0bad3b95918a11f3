package plan

import (
	"net/netip"
	"slices"
	"strings"

	"berth/internal/model"
)

// order puts the changes into an order, or answers with those that wait for each other. It is a gentle one, in which
// everything always has its way out and is let go before it goes; where that makes a circle, AWS's own demands must do.
func order(p Plan, want model.Set, have model.Inventory) []Step {
	link(p.Changes, want, have, true)
	if cycle(p) == nil {
		return nil
	}
	link(p.Changes, want, have, false)
	return cycle(p)
}

// link fills in what each change needs: what it stands on comes before it, what stood on it goes before it.
func link(changes []Change, want model.Set, have model.Inventory, gently bool) {
	w := web{want: want, have: have, gently: gently, steps: map[model.Key][]Step{}, dependants: map[model.Key][]model.Key{}}
	for _, c := range changes {
		w.steps[c.Key] = append(w.steps[c.Key], c.Step)
	}
	for r := range have.All() {
		for _, ref := range r.Refs() {
			w.dependants[ref] = append(w.dependants[ref], r.Key())
		}
	}
	for i := range changes {
		c := &changes[i]
		if c.Verb == Delete {
			c.Needs = w.leftFor(c, w.goneBefore(c))
			continue
		}
		c.Needs = slices.Concat(w.standsOn(c), w.ownedBefore(c), w.waysOut(c), w.roomFor(c), w.emptiedBefore(c), w.closedBefore(c))
	}
}

// web is what the order of a plan follows from.
type web struct {
	want       model.Set
	have       model.Inventory
	gently     bool
	steps      map[model.Key][]Step      // of the plan, by what they are about
	dependants map[model.Key][]model.Key // what refers to a thing that stands
}

// standsOn are the changes that make true what the change refers to, and its own deletion in a replacement.
func (w *web) standsOn(c *Change) []Step {
	var needs []Step
	for _, ref := range c.To.Refs() {
		for _, s := range w.toward(ref) {
			if !indifferent(c.Key.Kind, s) {
				needs = add(needs, s)
			}
		}
	}
	if own := (Step{Delete, c.Key}); slices.Contains(w.steps[c.Key], own) {
		needs = append(needs, own)
	}
	return needs
}

// indifferent tells where it does not matter whether a setting has been changed: a listener works with any of its load
// balancer's.
func indifferent(kind model.Kind, s Step) bool {
	return kind == model.KindListener && s == Step{Update, s.Key} && s.Key.Kind == model.KindLoadBalancer
}

// closedBefore are the deletions of listeners behind the ports that a security group shuts: as long as a port is open to
// clients, it answers, and whoever sends clients there stops that first.
func (w *web) closedBefore(c *Change) []Step {
	if !w.gently || c.Key.Kind != model.KindSecurityGroup || c.Verb != Update {
		return nil
	}
	var needs []Step
	for l := range model.Every[model.Listener](&w.have.Set) {
		closes := Step{Delete, l.Key()}
		if model.BalancerGroupKey(l.Balancer) == c.Key && slices.Contains(w.steps[l.Key()], closes) {
			needs = append(needs, closes)
		}
	}
	return needs
}

// toward are the changes after which a resource is as wanted.
func (w *web) toward(k model.Key) []Step {
	return slices.DeleteFunc(slices.Clone(w.steps[k]), func(s Step) bool { return s.Verb == Delete })
}

// ownedBefore are the changes of the provider that scales a capacity's group, if it stands already: until ECS is done with
// them its scaling policy may take a size back (ECS API reference, CapacityProvider, updateStatus).
func (w *web) ownedBefore(c *Change) []Step {
	if c.Key.Kind != model.KindCapacity {
		return nil
	}
	own := w.toward(model.ProviderKey(c.Key.Name))
	return slices.DeleteFunc(own, func(s Step) bool { return s.Verb == Create })
}

// waysOut are the routes, or without them the endpoints, of the subnets that something comes into which works there at once: a group that has its
// instances already, a load balancer that clients find. A new group has no instances before its capacity.
func (w *web) waysOut(c *Change) []Step {
	if !w.gently {
		return nil
	}
	var subnets []model.Key
	switch to := c.To.(type) {
	case model.Group:
		if c.Verb == Update {
			subnets = to.Subnets
		}
	case model.LoadBalancer:
		subnets = facing(to.Scheme, to.Subnets)
	case model.ClassicLoadBalancer:
		subnets = facing(to.Scheme, to.Subnets)
	}
	var needs []Step
	for _, s := range subnets {
		route := model.Key{Kind: model.KindRoute, Name: s.Name} // it has its subnet's name
		if needs = append(needs, w.toward(route)...); w.want.Has(route) {
			continue
		}
		for e := range model.Every[model.Endpoint](&w.want) {
			for _, s := range w.toward(e.Key()) {
				needs = add(needs, s)
			}
		}
	}
	return needs
}

// facing are the subnets of a load balancer that faces the internet; an internal one answers inside the VPC only.
func facing(scheme string, subnets []model.Key) []model.Key {
	if scheme == "internal" {
		return nil
	}
	return subnets
}

// emptiedBefore are the deletions of the capacities whose providers leave the cluster's list: ECS drains the instances
// of a group only as long as its provider is attached, and without it they would hang in their lifecycle hook.
func (w *web) emptiedBefore(c *Change) []Step {
	from, _ := c.From.(model.ClusterProviders)
	to, _ := c.To.(model.ClusterProviders)
	var needs []Step
	for _, p := range from.Providers {
		if leaves := (Step{Delete, model.CapacityKey(p.Name)}); !slices.Contains(to.Providers, p) && slices.Contains(w.steps[leaves.Key], leaves) {
			needs = append(needs, leaves)
		}
	}
	return needs
}

// roomFor are the deletions of subnets whose addresses a new subnet takes over.
func (w *web) roomFor(c *Change) []Step {
	mine, ok := c.To.(model.Subnet)
	if !ok || c.Verb != Create {
		return nil
	}
	var needs []Step
	for other := range model.Every[model.Subnet](&w.have.Set) {
		leaves := Step{Delete, other.Key()}
		if other.Key() != mine.Key() && slices.Contains(w.steps[leaves.Key], leaves) && overlap(mine.CIDR, other.CIDR) {
			needs = append(needs, leaves)
		}
	}
	return needs
}

func overlap(a, b string) bool {
	x, err1 := netip.ParsePrefix(a)
	y, err2 := netip.ParsePrefix(b)
	return err1 == nil && err2 == nil && x.Overlaps(y)
}

// goneBefore are the changes that free a resource: the deletion of what stands on it, or its update to stand
// elsewhere. A subnet's way out stays until nobody in the subnet needs it.
func (w *web) goneBefore(c *Change) []Step {
	var needs []Step
	for _, d := range w.dependants[c.Key] {
		leaves := Step{Delete, d}
		switch {
		case w.entwined(c.Key, d):
		case !c.Replaces || follows(d.Kind, c.Key.Kind) == Create:
			needs = w.leaving(needs, c.Key, d)
		case slices.Contains(w.steps[d], leaves) && !dangles(d.Kind, c.Key.Kind):
			needs = add(needs, leaves) // it could stay, but it goes for another reason
		}
	}
	if c.Key.Kind == model.KindKeyPair {
		needs = w.launchedOtherwise(needs, c.Key)
	}
	if w.gently {
		for _, subnet := range leadsFrom(c.From) {
			needs = w.left(needs, subnet)
		}
	}
	return needs
}

// goes tells whether a resource is deleted, be it to be made anew.
func (w *web) goes(k model.Key) bool { return slices.Contains(w.steps[k], Step{Delete, k}) }

// uprooted tells a route whose subnet or route table is deleted, be it to be made anew.
func (w *web) uprooted(k model.Key) bool {
	return k.Kind == model.KindRoute && (w.goes(model.Key{Kind: model.KindSubnet, Name: k.Name}) || w.goes(model.Key{Kind: model.KindRouteTable, Name: k.Name}))
}

// leadsFrom are the subnets that a way out leads from.
func leadsFrom(r model.Resource) []model.Key {
	var names []model.Key
	switch r := r.(type) {
	case model.Route:
		names = []model.Key{r.Key()}
	case model.Endpoint:
		names = slices.Concat(r.Subnets, r.RouteTables)
	}
	out := make([]model.Key, len(names))
	for i, k := range names {
		out[i] = model.Key{Kind: model.KindSubnet, Name: k.Name} // route tables and routes have their subnets' names
	}
	return out
}

// left adds the steps by which those who use a subnet's ways out leave it.
func (w *web) left(needs []Step, subnet model.Key) []Step {
	for _, d := range w.dependants[subnet] {
		if d.Kind != model.KindRouteTable && d.Kind != model.KindEndpoint {
			needs = w.leaving(needs, subnet, w.inside(d))
		}
	}
	return needs
}

// leftFor adds to the needs of a way out that goes the changes after which the other kind of way stands, where the file
// has one instead: endpoints before the NAT gateways' routes go, and those routes before the endpoints. So instances
// always have one.
func (w *web) leftFor(c *Change, needs []Step) []Step {
	var instead func(model.Key) bool
	subnet := model.Key{Kind: model.KindSubnet, Name: c.Key.Name}
	switch {
	case !w.gently || c.Replaces || w.goes(model.VPCKey()):
		return needs
	case c.Key.Kind == model.KindEndpoint:
		instead = func(k model.Key) bool {
			return k.Kind == model.KindRoute && strings.HasPrefix(k.Name, string(model.Private)+"/")
		}
	case c.Key.Kind == model.KindRoute && w.want.Has(subnet) && !w.uprooted(c.Key):
		instead = func(k model.Key) bool { return k.Kind == model.KindEndpoint }
	default:
		return needs
	}
	for r := range w.want.All() {
		if instead(r.Key()) && !w.goes(r.Key()) && !w.uprooted(r.Key()) { // what is made anew may wait for this to be gone
			for _, s := range w.toward(r.Key()) {
				needs = add(needs, s)
			}
		}
	}
	return needs
}

// launchedOtherwise adds the updates of the groups whose template has a key pair now: until then they launch from a version
// that names it.
func (w *web) launchedOtherwise(needs []Step, pair model.Key) []Step {
	for _, d := range w.dependants[pair] {
		after, _ := w.want.Get(d)
		update := Step{Update, model.GroupKey(d.Name)}
		if d.Kind == model.KindTemplate && slices.Contains(w.steps[update.Key], update) && after != nil && !slices.Contains(after.Refs(), pair) {
			needs = add(needs, update)
		}
	}
	return needs
}

// inside is what of a resource uses its subnet's way out: of a group its instances, which are its capacity.
func (w *web) inside(k model.Key) model.Key {
	capacity := model.CapacityKey(k.Name)
	if k.Kind == model.KindGroup && slices.Contains(w.steps[capacity], Step{Delete, capacity}) {
		return capacity
	}
	return k
}

// leaving adds the step by which a dependant lets a resource go: its deletion, or an update after which it stands
// elsewhere.
func (w *web) leaving(needs []Step, k, dependant model.Key) []Step {
	after, _ := w.want.Get(dependant)
	for _, s := range w.steps[dependant] {
		lets := s.Verb == Delete || s.Verb == Update && !slices.Contains(after.Refs(), k)
		if lets && (w.gently || !dangles(dependant.Kind, k.Kind)) {
			needs = add(needs, s)
		}
	}
	return needs
}

// dangles tells where AWS lets a thing go that another still names: a route leads nowhere then, and an Auto Scaling group
// has nowhere to register its instances with.
func dangles(kind, ref model.Kind) bool {
	return kind == model.KindTemplate && ref == model.KindKeyPair || kind == model.KindRoute && ref == model.KindNATGateway || kind == model.KindGroup && ref == model.KindClassic
}

// entwined tells whether the rules of two security groups name each other, be it by way of others. No order frees such
// groups: each must drop its rules before any of them can go.
func (w *web) entwined(a, b model.Key) bool {
	if a.Kind != model.KindSecurityGroup || b.Kind != model.KindSecurityGroup {
		return false
	}
	seen, next := map[model.Key]bool{}, []model.Key{a}
	for len(next) > 0 {
		k := next[0]
		next = next[1:]
		if k == b {
			return true
		}
		if r, ok := w.have.Get(k); ok && !seen[k] {
			next = append(next, slices.DeleteFunc(r.Refs(), func(ref model.Key) bool { return ref.Kind != model.KindSecurityGroup })...)
		}
		seen[k] = true
	}
	return false
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
