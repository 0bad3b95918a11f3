package ecs

import (
	"cmp"
	"slices"

	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/ecs/eni"
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

// mostPorts is how many ports of an instance may be reserved at a time (ECS developer guide, "Port mappings").
const mostPorts = 100

// Why an instance does not take a task, in the order in which it is found out (ECS developer guide, "API failure reasons").
const (
	lacksAgent     = "AGENT"
	lacksCPU       = "RESOURCE:CPU"
	lacksMemory    = "RESOURCE:MEMORY"
	lacksPorts     = "RESOURCE:PORTS"
	lacksENI       = "RESOURCE:ENI"
	lacksLocation  = "LOCATION"
	lacksAttribute = "ATTRIBUTE"
)

// need is what a task asks of an instance.
type need struct {
	cpu, memory int
	ports       []world.PortBinding // of the host, that must be free
	requires    []world.ECSAttribute
	provider    string             // capacity provider that the instance must be of; empty: any
	network     *world.TaskNetwork // of the interface that the task has; nil: it has none
}

// needOf is what a task asks of an instance.
func (k cluster) needOf(t *world.Task) need {
	d, _ := k.r.ECS.Definitions.Get(t.Definition) // definitions are never deleted
	n := need{cpu: t.CPU, memory: t.Memory, requires: d.Requires, provider: t.Provider, network: t.Network}
	n.ports = definition.FixedPorts(d)
	return n
}

// alive tells whether an instance's agent can be told to start or stop something.
func (k cluster) alive(i *world.ContainerInstance) bool {
	row, ok := k.r.EC2.Instances.Get(i.EC2ID)
	return ok && row.State == world.InstanceRunning && i.AgentConnected
}

func (k cluster) zoneOf(i *world.ContainerInstance) string {
	if row, ok := k.r.EC2.Instances.Get(i.EC2ID); ok {
		return row.Zone
	}
	return ""
}

// resource is the row of an instance's remaining resources with a name.
func resource(i *world.ContainerInstance, name string) *world.ECSResource {
	for n := range i.Remaining {
		if i.Remaining[n].Name == name {
			return &i.Remaining[n]
		}
	}
	panic("ecs: an instance without " + name) // resources makes them all
}

// portRow is the resource in which a port is reserved.
func portRow(i *world.ContainerInstance, p world.PortBinding) *world.ECSResource {
	if p.Protocol == "udp" {
		return resource(i, "PORTS_UDP")
	}
	return resource(i, "PORTS")
}

// suits tells whether an instance has the attributes that a task requires.
func suits(i *world.ContainerInstance, requires []world.ECSAttribute) bool {
	for _, want := range requires {
		if !slices.ContainsFunc(i.Attributes, func(a world.ECSAttribute) bool {
			return a.Name == want.Name && (!want.HasValue || a.Value == want.Value)
		}) {
			return false
		}
	}
	return true
}

// lacks tells why an ACTIVE instance does not take a task; empty: it does. What daemons still have coming to them on the
// instance is not there for others.
func (k cluster) lacks(i *world.ContainerInstance, n need, coming []need) string {
	cpu, memory := resource(i, "CPU").Integer, resource(i, "MEMORY").Integer
	for _, d := range coming {
		cpu, memory = cpu-d.cpu, memory-d.memory
	}
	switch {
	case !k.alive(i):
		return lacksAgent
	case n.cpu > cpu:
		return lacksCPU
	case n.memory > memory:
		return lacksMemory
	case !k.portsFree(i, n.ports):
		return lacksPorts
	case !suits(i, n.requires):
		return lacksAttribute
	}
	return k.lacksInterface(i, n, coming)
}

// lacksInterface tells why a task that has an interface of its own cannot have it on an instance; empty: it can.
func (k cluster) lacksInterface(i *world.ContainerInstance, n need, coming []need) string {
	if n.network == nil {
		return ""
	}
	slots := eni.Slots(k.r, i)
	for _, d := range coming {
		if d.network != nil {
			slots--
		}
	}
	for _, id := range i.Tasks {
		if t, ok := k.Tasks.Get(id); ok && t.Network != nil {
			slots--
		}
	}
	switch {
	case slots < 1:
		return lacksENI
	case !eni.Reaches(k.r, n.network, i):
		return lacksLocation
	}
	return ""
}

func (k cluster) portsFree(i *world.ContainerInstance, ports []world.PortBinding) bool {
	if len(ports) == 0 {
		return true
	}
	if len(resource(i, "PORTS").Set)+len(resource(i, "PORTS_UDP").Set)+len(ports) > mostPorts {
		return false
	}
	bound := k.bound(i)
	for _, p := range ports {
		if slices.Contains(portRow(i, p).Set, portText(p)) || bound[world.PortBinding{Host: p.Host, Protocol: p.Protocol}] {
			return false
		}
	}
	return true
}

// bound are the ports of the host that tasks on an instance have, also those that the agent picked.
func (k cluster) bound(i *world.ContainerInstance) map[world.PortBinding]bool {
	out := map[world.PortBinding]bool{}
	for _, id := range i.Tasks {
		if t, ok := k.Tasks.Get(id); ok {
			for _, c := range t.Containers {
				for _, p := range c.Ports {
					out[world.PortBinding{Host: p.Host, Protocol: p.Protocol}] = true
				}
			}
		}
	}
	return out
}

// misfit is an instance that does not take a task, and why.
type misfit struct {
	instance *world.ContainerInstance
	why      string
}

// choose finds the instance for a task: in the zone with the fewest of its peers the one with the fewest (ECS API
// reference, UpdateService). Without one it gives all that were looked at. Of instances that are equal the first one
// registered is taken.
func (k cluster) choose(n need, peers []*world.Task) (*world.ContainerInstance, []misfit) {
	zones, instances := map[string]int{}, map[string]int{}
	for _, t := range peers {
		zones[t.Zone]++
		instances[t.Instance]++
	}
	daemons := k.daemons()
	var best *world.ContainerInstance
	var misfits []misfit
	for i := range k.Instances.Rows() {
		if i.Status != active || n.provider != "" && i.Provider != n.provider {
			continue
		}
		if why := k.lacks(i, n, k.coming(daemons, i)); why != "" {
			misfits = append(misfits, misfit{i, why})
			continue
		}
		if best == nil || cmp.Or(
			cmp.Compare(zones[k.zoneOf(i)], zones[k.zoneOf(best)]), cmp.Compare(k.zoneOf(i), k.zoneOf(best)),
			cmp.Compare(instances[i.ID], instances[best.ID])) < 0 {
			best = i
		}
	}
	return best, misfits
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

// coming is what those daemons need on an instance that are not there yet.
func (k cluster) coming(daemons []*world.Service, i *world.ContainerInstance) []need {
	var out []need
	for _, s := range daemons {
		d, _ := k.r.ECS.Definitions.Get(s.Definition)
		if slices.ContainsFunc(i.Tasks, func(id string) bool {
			t, ok := k.Tasks.Get(id)
			return ok && t.Service == s.Name
		}) || !suits(i, d.Requires) {
			continue
		}
		cpu, memory := definition.Reservation(d)
		out = append(out, need{cpu: cpu, memory: memory, network: s.Network})
	}
	return out
}

// closest is the instance that came closest to taking a task.
func closest(misfits []misfit) misfit {
	order := []string{lacksAgent, lacksCPU, lacksMemory, lacksPorts, lacksAttribute, lacksENI, lacksLocation}
	return slices.MaxFunc(misfits, func(a, b misfit) int { return cmp.Compare(slices.Index(order, a.why), slices.Index(order, b.why)) })
}

// reserve takes what a task needs from its instance (sign 1), or gives it back (sign -1).
func (k cluster) reserve(i *world.ContainerInstance, t *world.Task, sign int) {
	resource(i, "CPU").Integer -= sign * t.CPU
	resource(i, "MEMORY").Integer -= sign * t.Memory
	for _, p := range k.needOf(t).ports {
		row := portRow(i, p)
		if sign > 0 {
			row.Set = append(row.Set, portText(p))
		} else if n := slices.Index(row.Set, portText(p)); n >= 0 {
			row.Set = slices.Delete(row.Set, n, n+1)
		}
	}
	i.Version++
	k.saidOf(i)
}

// firstDynamic and lastDynamic bound the ports that the agent picks: the kernel's ephemeral ports on ECS's images.
const (
	firstDynamic = 32768
	lastDynamic  = 60999
)

// bind gives the ports of a container as they are once it runs: those that the definition leaves open are the lowest
// that are free.
func bind(i *world.ContainerInstance, bound map[world.PortBinding]bool, ports []world.PortBinding) []world.PortBinding {
	out := slices.Clone(ports)
	for n := range out {
		for host := firstDynamic; out[n].Host == 0 && host <= lastDynamic; host++ {
			p := world.PortBinding{Host: host, Protocol: out[n].Protocol}
			if !bound[p] && !slices.Contains(portRow(i, p).Set, portText(p)) {
				out[n].Host, bound[p] = host, true
			}
		}
	}
	return out
}
