package plan_test

import (
	"fmt"
	"net/netip"
	"slices"

	"pgregory.net/rapid"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
)

// world carries plans out as AWS would and minds what AWS minds: nothing is made before what it refers to, nothing goes
// while something refers to it, no two subnets share addresses. Beyond that it minds what people mind: instances and
// load balancers always have their way out.
type world struct {
	t    *rapid.T
	have model.Inventory
	made int
	// calm is off when something stands broken at the start: then there may be instances without a way out.
	calm bool
}

// do carries a plan out in any order that the plan allows; each change begins at one time and ends at another, others in
// between. It stops after some steps, or at the end, and tells whether all is done.
func (w *world) do(p plan.Plan, steps int) bool {
	state := plan.State{}
	var running []plan.Change
	for ; steps != 0; steps-- {
		ready := plan.Next(p, state)
		if len(ready)+len(running) == 0 {
			break
		}
		i := rapid.IntRange(0, len(ready)+len(running)-1).Draw(w.t, "step")
		if i < len(ready) {
			w.begin(ready[i])
			state[ready[i].Step] = plan.Running
			running = append(running, ready[i])
			continue
		}
		i -= len(ready)
		w.end(running[i])
		if phase, why := plan.Settle(running[i], w.have); phase != plan.Done {
			w.t.Fatalf("%v is carried out, and the plan says phase %d: %s", running[i].Step, phase, why)
		}
		state[running[i].Step] = plan.Done
		running = slices.Delete(running, i, i+1)
	}
	for _, c := range running {
		w.interrupt(c)
	}
	open := slices.ContainsFunc(p.Changes, func(c plan.Change) bool { return state[c.Step] != plan.Done })
	if open && steps != 0 {
		w.t.Fatalf("nothing is ready, and %v never started", plan.Blocked(p, state))
	}
	return !open
}

func (w *world) begin(c plan.Change) {
	switch c.Verb {
	case plan.Create, plan.Update:
		for _, ref := range c.To.Refs() {
			if !w.have.Has(ref) || w.have.Handle(ref).Status != model.Ready {
				w.t.Fatalf("%s of %s begins before %s stands", c.Verb, c.Key, ref)
			}
		}
		if _, lasting := c.To.(model.DefaultGroup); c.Verb == plan.Update != w.have.Has(c.Key) && !lasting {
			w.t.Fatalf("%s of %s, which stands: %v", c.Verb, c.Key, w.have.Has(c.Key))
		}
		w.roomFor(c.To)
	case plan.Delete:
		w.unused(c)
	case plan.Wait:
		if w.have.Handle(c.Key).Status != model.Pending {
			w.t.Fatalf("%s is waited for and not on its way", c.Key)
		}
	}
}

func (w *world) end(c plan.Change) {
	switch c.Verb {
	case plan.Create, plan.Update:
		w.put(c.To, model.Ready)
	case plan.Delete:
		w.unused(c)
		w.have.Remove(c.Key)
		if c.Key == model.VPCKey() {
			w.have.Remove(model.DefaultGroupKey()) // it goes with the VPC
		}
	case plan.Wait:
		w.put(c.To, model.Ready)
	}
	if w.calm {
		w.waysOut(c)
	}
}

// interrupt leaves a change half done, as a killed run does: not begun, begun, or done without the run's knowledge.
func (w *world) interrupt(c plan.Change) {
	switch how := rapid.SampledFrom([]string{"nothing happened", "under way", "done"}).Draw(w.t, "interrupted"); {
	case how == "done":
		w.end(c)
	case how == "under way" && c.Verb == plan.Delete:
		w.put(c.From, model.Leaving)
	case how == "under way" && c.Verb == plan.Create:
		w.put(c.To, model.Pending)
	}
}

func (w *world) put(r model.Resource, s model.Status) {
	h := w.have.Handle(r.Key())
	if !w.have.Has(r.Key()) {
		w.made++
		h.ID = fmt.Sprintf("number %d", w.made)
	}
	h.Status = s
	w.have.Add(seen(r), h)
}

func (w *world) roomFor(r model.Resource) {
	mine, ok := r.(model.Subnet)
	if !ok {
		return
	}
	for other := range model.Every[model.Subnet](&w.have.Set) {
		if other.Key() != mine.Key() && netip.MustParsePrefix(other.CIDR).Overlaps(netip.MustParsePrefix(mine.CIDR)) {
			w.t.Fatalf("%s is made while %s has its addresses", mine.Key(), other.Key())
		}
	}
	if vpc, _ := model.Find[model.VPC](&w.have.Set, model.VPCKey()); !netip.MustParsePrefix(vpc.CIDR).Contains(netip.MustParsePrefix(mine.CIDR).Addr()) {
		w.t.Fatalf("%s lies outside the VPC", mine.Key())
	}
}

// unused looks for what still refers to a thing that goes.
func (w *world) unused(c plan.Change) {
	for r := range w.have.All() {
		if k := r.Key(); slices.Contains(r.Refs(), c.Key) && k.Kind != model.KindDefaultGroup && !w.mayDangle(k.Kind, c) {
			w.t.Fatalf("%s goes while %s refers to it", c.Key, k)
		}
	}
}

// mayDangle knows what AWS lets go although another thing names it. Where it is made anew, that one is tied to it again;
// else only what is broken excuses it.
func (w *world) mayDangle(kind model.Kind, c plan.Change) bool {
	switch {
	case kind == model.KindGroup && c.Key.Kind == model.KindClassic:
		return c.Replaces || !w.calm
	case kind == model.KindCapacity && c.Key.Kind == model.KindClusterProviders:
		return c.Replaces
	case kind == model.KindRoute && c.Key.Kind == model.KindNATGateway:
		return !w.calm
	case kind == model.KindTemplate && c.Key.Kind == model.KindKeyPair:
		return c.Replaces
	}
	return false
}

// waysOut looks for groups with instances, and load balancers that face the internet, in subnets without a way out.
func (w *world) waysOut(after plan.Change) {
	need := func(k model.Key, subnets []model.Key) {
		for _, s := range subnets {
			subnet, _ := model.Find[model.Subnet](&w.have.Set, s)
			route, ok := model.Find[model.Route](&w.have.Set, model.RouteKey(subnet.Tier, subnet.Zone))
			closed := subnet.Tier == model.Private && !ok && w.endpointsStand()
			if !closed && (!ok || !w.have.Has(route.Target)) {
				w.t.Fatalf("after %v %s stands in %s, which has no way out", after.Step, k, s)
			}
		}
	}
	for c := range model.Every[model.Capacity](&w.have.Set) {
		if g, ok := model.Find[model.Group](&w.have.Set, model.GroupKey(c.Group)); ok {
			need(g.Key(), g.Subnets)
		}
	}
	for lb := range model.Every[model.LoadBalancer](&w.have.Set) {
		if lb.Scheme == "internet-facing" {
			need(lb.Key(), lb.Subnets)
		}
	}
}

// endpointsStand tells whether instances get along without a way to the internet.
func (w *world) endpointsStand() bool {
	for _, s := range config.InstanceServices() {
		if k := model.EndpointKey(s); !w.have.Has(k) || w.have.Handle(k).Status != model.Ready {
			return false
		}
	}
	return true
}
