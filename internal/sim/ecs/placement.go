package ecs

import (
	"cmp"
	"fmt"
	"slices"

	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/world"
)

// cluster is a cluster with the world around it.
type cluster struct {
	*world.Cluster
	w *world.World
	r *world.Region
}

// clusterNamed finds the cluster of an event.
func clusterNamed(w *world.World, region, name string) (cluster, bool) {
	r := w.Region(region)
	row, ok := r.ECS.Clusters.Get(name)
	return cluster{row, w, r}, ok
}

// alive tells whether an instance's agent can be told to start or stop something.
func (k cluster) alive(i *world.ContainerInstance) bool {
	row, ok := k.r.EC2.Instances.Get(i.EC2ID)
	return ok && row.State == world.InstanceRunning && i.AgentConnected
}

// site is the cluster as placement looks at it.
func (k cluster) site() placement.Site {
	ahead := k.ahead()
	return placement.Site{
		Cluster: k.Cluster, Alive: k.alive, Ahead: ahead, Ties: k.w.Tuning.Ties,
		Dice:       func() uint64 { return k.w.Dice("ecs.placement").Uint64() },
		Interfaces: func(i *world.ContainerInstance) int { return k.interfaces(i, ahead) },
	}
}

// interfaces is how many more tasks with a network interface of their own an instance takes, when the daemons that come first
// have theirs.
func (k cluster) interfaces(i *world.ContainerInstance, ahead []placement.Daemon) int {
	slots := k.slots(i)
	for _, d := range ahead {
		if d.Interface && d.Coming(i) {
			slots--
		}
	}
	return slots
}

// slots is how many more tasks with a network interface of their own an instance takes.
func (k cluster) slots(i *world.ContainerInstance) int {
	slots := eni.Slots(k.r, i)
	for _, id := range i.Tasks {
		if t, ok := k.Tasks.Get(id); ok && t.Network != nil {
			slots--
		}
	}
	return slots
}

// daemons are the services that run one task on every instance.
func (k cluster) daemons() []*world.Service {
	var out []*world.Service
	for s := range k.Services.Rows() {
		if s.Daemon && s.Status == active {
			out = append(out, s)
		}
	}
	return out
}

// ahead is what those daemons keep free on instances where they have no task yet.
func (k cluster) ahead() []placement.Daemon {
	var out []placement.Daemon
	for _, s := range k.daemons() {
		d, _ := k.r.ECS.Definitions.Get(s.Definition)
		rules, group := rulesOf(d, s.Constraints), groupOf(s)
		cpu, memory := definition.Reservation(d)
		out = append(out, placement.Daemon{CPU: cpu, Memory: memory, Interface: s.Network != nil, Coming: func(i *world.ContainerInstance) bool {
			return !hasGroup(i, group) && placement.Suits(i, d.Requires) && rules.Admits(i)
		}})
	}
	return out
}

// groupOf is the group of a service's tasks.
func groupOf(s *world.Service) string { return "service:" + s.Name }

func hasGroup(i *world.ContainerInstance, name string) bool {
	return slices.ContainsFunc(i.Groups, func(g world.TaskGroup) bool { return g.Name == name })
}

// rulesOf are the constraints of a definition's tasks with those that a service or a call adds.
func rulesOf(d *world.TaskDefinition, own []world.PlacementConstraint) placement.Rules {
	out, err := placement.Read(d.Constraints, own)
	if err != nil {
		panic("ecs: a constraint that was taken cannot be read: " + err.Error()) // rule reads them as placement does
	}
	return out
}

// search begins to look for instances for tasks like one. Tasks of services go over the zones unless their service says
// otherwise, others anywhere (ECS developer guide, "Use strategies to define Amazon ECS task placement").
func (k cluster) search(t *world.Task) *placement.Search {
	return placement.NewSearch(k.site(), k.needOf(t), k.peers(t))
}

// needOf is what a task asks of an instance.
func (k cluster) needOf(t *world.Task) placement.Need {
	d, _ := k.r.ECS.Definitions.Get(t.Definition) // definitions are never deleted
	own, strategy := t.Constraints, t.Placement
	if s, ok := k.Services.Get(t.Service); ok {
		own, strategy = s.Constraints, strategyOf(s)
	} else if len(strategy) == 0 {
		strategy = []world.PlacementStrategy{{Type: placement.Random}}
	}
	interfaces := 0
	if t.Network != nil {
		interfaces = 1
	}
	return placement.Need{
		Interfaces: interfaces, Zones: eni.Zones(k.r, t.Network), CPU: t.CPU, Memory: t.Memory, Ports: definition.FixedPorts(d), Requires: d.Requires, Provider: t.Provider,
		Rules: rulesOf(d, own), Strategy: strategy,
	}
}

// strategyOf is the strategy by which a service's tasks come and go.
func strategyOf(s *world.Service) []world.PlacementStrategy {
	if len(s.Placement) == 0 {
		return placement.Default()
	}
	return s.Placement
}

// alike is the same for tasks that a search for one of them serves all.
func alike(t *world.Task) string {
	return fmt.Sprint(cmp.Or(t.Deployment, t.Group), " ", t.Definition, " ", t.Provider, " ", t.CPU, " ", t.Memory, t.Constraints, t.Placement, t.Network)
}

// placeWaiting puts the tasks that wait onto instances, oldest first. Where one found no room another one like it finds none,
// unless it wants to be where tasks are.
func (k cluster) placeWaiting() {
	var search *placement.Search
	last, full := "", map[string]bool{}
	for _, id := range k.Waiting {
		t, ok := k.Tasks.Get(id)
		kind := ""
		if ok {
			kind = alike(t)
		}
		if !ok || full[kind] {
			continue
		}
		if kind != last {
			search, last = k.search(t), kind
		}
		if i := search.Choose(); i != nil {
			k.Waiting = without(k.Waiting, id)
			k.place(t, i)
			search.Placed(i)
			continue
		}
		full[kind] = !k.wantsCompany(id)
		if s, ok := k.Services.Get(t.Service); ok {
			k.tell(s, "%s", noRoom(search, "capacity provider"))
		}
	}
}

// noRoom is the sentence about a task that found no instance.
func noRoom(search *placement.Search, where string) string {
	if m, ok := search.Closest(); ok {
		return noFit(m)
	}
	return noPlace + "Reason: No Container Instances were found in your " + where + guide
}

const (
	noPlace = "was unable to place a task because no container instance met all of its requirements. "
	guide   = ". For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."
)

// noFit is noRoom with the instance that came closest.
func noFit(m placement.Misfit) string {
	return noPlace + "The closest matching (container-instance " + m.Instance.ID + ") " + m.Sentence() + guide
}

// reserve takes what a task needs from its instance (sign 1), or gives it back (sign -1).
func (k cluster) reserve(i *world.ContainerInstance, t *world.Task, sign int) {
	placement.Resource(i, "CPU").Integer -= sign * t.CPU
	placement.Resource(i, "MEMORY").Integer -= sign * t.Memory
	d, _ := k.r.ECS.Definitions.Get(t.Definition)
	for _, p := range definition.FixedPorts(d) {
		row := placement.PortRow(i, p)
		if sign > 0 {
			row.Set = append(row.Set, portText(p))
		} else if n := slices.Index(row.Set, portText(p)); n >= 0 {
			row.Set = slices.Delete(row.Set, n, n+1)
		}
	}
	i.Version++
	regroup(i, t.Group, sign)
	k.saidOf(i)
	k.stirred()
}

// regroup counts a task of a group on an instance, or one less.
func regroup(i *world.ContainerInstance, name string, by int) {
	n := slices.IndexFunc(i.Groups, func(g world.TaskGroup) bool { return g.Name == name })
	if n < 0 {
		i.Groups = append(i.Groups, world.TaskGroup{Name: name, Tasks: by})
	} else if i.Groups[n].Tasks += by; i.Groups[n].Tasks == 0 {
		i.Groups = slices.Delete(i.Groups, n, n+1)
	}
}

// stirred lets those look again whose constraints look at tasks, because a task has come, has begun to run, or is gone.
func (k cluster) stirred() {
	for s := range k.Services.Rows() {
		if (s.Hungry || s.Daemon) && k.affine(s.Definition, s.Constraints) {
			k.wakeService(s)
		}
	}
	if k.Due.IsZero() && slices.ContainsFunc(k.Waiting, k.wantsCompany) {
		k.wake()
	}
}

// affine tells whether the constraints of a definition's tasks look at tasks.
func (k cluster) affine(name string, own []world.PlacementConstraint) bool {
	d, ok := k.r.ECS.Definitions.Get(name)
	return ok && placement.MentionsTasks(d.Constraints, own)
}

// wantsCompany is affine for a task that waits.
func (k cluster) wantsCompany(id string) bool {
	t, ok := k.Tasks.Get(id)
	if !ok {
		return false
	}
	own := t.Constraints
	if s, ok := k.Services.Get(t.Service); ok {
		own = s.Constraints
	}
	return k.affine(t.Definition, own)
}
