package dst

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"berth/internal/roll"
	"berth/internal/sim/world"
)

// duty is what must hold at every call of a roll, whatever happens.
type duty struct {
	loose bool // others take instances away, so that nobody counts those that are ready
	lossy bool // instances may be terminated with what runs there: the order says so

	floor map[string]int             // how many ready instances a group must have at least
	zones map[string]map[string]bool // in which zones
	alone map[string]bool            // tasks of no service that ran when it began
}

// vow is what must hold from now on: no group has fewer ready instances than it wants and the order allows, no zone loses its last one.
func (r *rota) vow() {
	r.floor, r.zones, r.alone = map[string]int{}, map[string]map[string]bool{}, map[string]bool{}
	for _, n := range r.nodes() {
		if r.zones[n.group] == nil {
			r.zones[n.group] = map[string]bool{}
		}
		if n.ready {
			r.zones[n.group][n.zone] = true
			r.floor[n.group]++
		}
	}
	for g, n := range r.floor { // unordered: each for itself
		r.floor[g] = n - r.order.MaxUnavailable.Of(n)
	}
	r.Sim.With(func(w *world.World) {
		for k := range w.Region("eu-west-1").ECS.Clusters.Rows() {
			for t := range k.Tasks.Rows() {
				if t.Service == "" && t.Status == "RUNNING" {
					r.alone[t.ID] = true
				}
			}
		}
	})
}

// watch looks whether there are as many ready instances as there must be.
func (r *rota) watch() {
	if r.loose || r.t.Failed() {
		return
	}
	have, zones := map[string]int{}, map[string]map[string]bool{}
	for _, n := range r.nodes() {
		if zones[n.group] == nil {
			zones[n.group] = map[string]bool{}
		}
		if n.ready {
			have[n.group]++
			zones[n.group][n.zone] = true
		}
	}
	for _, g := range slices.Sorted(maps.Keys(r.floor)) {
		if have[g] < r.floor[g] {
			r.t.Errorf("%v: %s has %d instances that are ready, and must have %d\n%s", r.Sim.Now().Sub(r.began), g, have[g], r.floor[g], r.story())
		}
		for _, z := range slices.Sorted(maps.Keys(r.zones[g])) {
			if r.floor[g] > 1 && !zones[g][z] {
				r.t.Errorf("%v: %s has no instance in %s any more\n%s", r.Sim.Now().Sub(r.began), g, z, r.story())
			}
		}
	}
}

// judges looks whether the roll may make a call.
func (r *rota) judges(c wire) {
	if c.code != "" || r.t.Failed() {
		return
	}
	switch c.operation {
	case "TerminateInstanceInAutoScalingGroup":
		id := fmt.Sprint(c.member("InstanceId"))
		if left := r.unfinished(id); len(left) > 0 && !r.lossy && !slices.Contains(r.order.Force, id) {
			r.t.Errorf("%s is terminated, and %v have not stopped\n%s", id, left, r.story())
		}
	case "DetachInstances", "SetDesiredCapacity", "EnterStandby", "TerminateInstances":
		r.t.Errorf("the roll calls %s\n%s", c.operation, r.story())
	case "StopTask":
		if r.order.Standalone != roll.StopThem {
			r.t.Errorf("the roll stops a task: %s\n%s", c.in, r.story())
		}
	case "UpdateAutoScalingGroup":
		if c.member("DesiredCapacity") != nil {
			r.t.Errorf("the roll sets sizes that are not its own: %s", c.in)
		}
	}
}

// unfinished are the tasks on an instance that have not stopped, though its agent could say so.
func (r *rota) unfinished(id string) (out []string) {
	r.Sim.With(func(w *world.World) {
		for k := range w.Region("eu-west-1").ECS.Clusters.Rows() {
			for t := range k.Tasks.Rows() {
				ci, _ := k.Instances.Get(t.Instance)
				if t.EC2ID == id && t.Status != "STOPPED" && ci != nil && ci.AgentConnected {
					out = append(out, cmp.Or(t.Service, t.Group)+" "+t.Status)
				}
			}
		}
	})
	return out
}

// meant is what a roll must leave as it was: sizes, protection, suspended processes, tags, hooks, services, attributes, and how much
// of everything there is.
func (r *Rig) meant() string {
	var b strings.Builder
	r.Sim.With(func(w *world.World) {
		region := w.Region("eu-west-1")
		for g := range region.AutoScaling.Groups.Rows() {
			groupMeant(&b, g)
		}
		some := map[string]int{}
		for k := range region.ECS.Clusters.Rows() {
			for s := range k.Services.Rows() {
				if s.Status == "ACTIVE" {
					fmt.Fprintf(&b, "service %s %d of %s, %d%% to %d%%, %v %v, zones %v, %d deployments\n", s.Name, s.Desired, s.Definition, s.MinHealthy, s.Max, s.Constraints, s.Placement, s.Rebalances, len(s.Deployments))
				}
			}
			clusterMeant(some, k)
		}
		for o := range leases(w) {
			fmt.Fprintf(&b, "lease %s\n", o)
		}
		for _, n := range nodesOf(w) {
			some[fmt.Sprintf("instances of %s in %s: %s, protected: %v", n.group, n.zone, n.state, n.protected)]++
			if n.ContainerInstance == nil {
				some["instances that have not joined"]++
			}
		}
		for _, line := range slices.Sorted(maps.Keys(some)) {
			fmt.Fprintf(&b, "%s: %d\n", line, some[line])
		}
	})
	return b.String()
}

func groupMeant(b *strings.Builder, g *world.ScalingGroup) {
	fmt.Fprintf(b, "group %s %d ≤ %d ≤ %d, protects new ones: %v\n", g.Name, g.Min, g.Desired, g.Max, g.Settings.Protected)
	for _, p := range g.Suspended {
		fmt.Fprintf(b, "group %s suspends %s\n", g.Name, p.Name)
	}
	for _, t := range g.Tags {
		fmt.Fprintf(b, "group %s tag %s=%s\n", g.Name, t.Key, t.Value)
	}
	for h := range g.Hooks.Rows() {
		fmt.Fprintf(b, "group %s hook %s %s %d\n", g.Name, h.Name, h.DefaultResult, h.Heartbeat)
	}
}

// clusterMeant counts the container instances, what they are marked with, and the tasks.
func clusterMeant(some map[string]int, k *world.Cluster) {
	for ci := range k.Instances.Rows() {
		if ci.Status == "INACTIVE" {
			continue
		}
		some["container instances "+ci.Status]++
		for _, a := range ci.Attributes {
			if a.Custom {
				some["attribute "+a.Name+"="+a.Value]++
			}
		}
	}
	for t := range k.Tasks.Rows() {
		if t.Status != "STOPPED" {
			some["tasks of "+cmp.Or(t.Service, t.Group)+" "+t.Status]++
		}
	}
}

// leases are the keys of leases that somebody holds.
func leases(w *world.World) func(func(string) bool) {
	return func(yield func(string) bool) {
		for b := range w.S3.Buckets.Rows() {
			for o, head := range b.Objects.All() {
				there := len(head.Versions) > 0 && !head.Versions[0].Marker
				if there && strings.HasPrefix(o, "lease/") && !strings.HasSuffix(o, "memory.json") && !yield(o) {
					return
				}
			}
		}
	}
}

// asBefore wants everything that a roll must put back to be as it was.
func (r *rota) asBefore() {
	r.t.Helper()
	r.Settle()
	r.like(r.before)
}

// like wants all that a roll must put back to be as somebody has it.
func (r *rota) like(want string) {
	r.t.Helper()
	got := r.meant()
	if got == want {
		return
	}
	lines := func(a, b string) (out []string) {
		for line := range strings.Lines(a) {
			if !strings.Contains("\n"+b, "\n"+line) {
				out = append(out, strings.TrimSpace(line))
			}
		}
		return out
	}
	r.t.Errorf("it is not as before:\n  there is  %s\n  there was %s\n%s", strings.Join(lines(got, want), "\n            "), strings.Join(lines(want, got), "\n            "), r.story())
}
