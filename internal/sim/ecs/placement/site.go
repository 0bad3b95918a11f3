package placement

import (
	"slices"
	"strconv"

	"berth/internal/sim/world"
)

// MostPorts is how many ports of an instance may be reserved at a time (ECS developer guide, "Port mappings").
const MostPorts = 100

// Site is a cluster with what its rows do not say.
type Site struct {
	*world.Cluster
	Alive      func(*world.ContainerInstance) bool // tells whether the agent can be told to start a task
	Interfaces func(*world.ContainerInstance) int  // how many network interfaces for tasks are free; nil: none
	Ahead      []Daemon                            // whose tasks come first
	Ties       world.Ties
	Dice       func() uint64 // throws dice; it is called when dice decide, and only then
}

// Daemon is a service with one task on every instance: what its task takes is not there for others, also before it comes.
type Daemon struct {
	CPU, Memory int
	Interface   bool                                // its task has a network interface of its own
	Coming      func(*world.ContainerInstance) bool // tells whether an instance is to have a task of it and has none
}

// Resource is the row of an instance's remaining resources with a name; every instance has CPU, MEMORY, PORTS and
// PORTS_UDP.
func Resource(i *world.ContainerInstance, name string) *world.ECSResource {
	for n := range i.Remaining {
		if i.Remaining[n].Name == name {
			return &i.Remaining[n]
		}
	}
	panic("placement: an instance without " + name)
}

// left gives what is left of an instance's cpu and memory. They are the first two resources of an instance.
func left(i *world.ContainerInstance) (cpu, memory int) {
	if r := i.Remaining; len(r) > 1 && r[0].Name == "CPU" && r[1].Name == "MEMORY" {
		return r[0].Integer, r[1].Integer
	}
	return Resource(i, "CPU").Integer, Resource(i, "MEMORY").Integer
}

// PortRow is the resource in which a port is reserved.
func PortRow(i *world.ContainerInstance, p world.PortBinding) *world.ECSResource {
	if p.Protocol == "udp" {
		return Resource(i, "PORTS_UDP")
	}
	return Resource(i, "PORTS")
}

// portText is a port of the host as resources have it.
func portText(p world.PortBinding) string { return strconv.Itoa(p.Host) }

// Bound are the ports of the host that tasks on an instance have, also those that the agent picked.
func Bound(k *world.Cluster, i *world.ContainerInstance) map[world.PortBinding]bool {
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

func portsFree(k *world.Cluster, i *world.ContainerInstance, ports []world.PortBinding) bool {
	if len(ports) == 0 {
		return true
	}
	if len(Resource(i, "PORTS").Set)+len(Resource(i, "PORTS_UDP").Set)+len(ports) > MostPorts {
		return false
	}
	bound := Bound(k, i)
	return !slices.ContainsFunc(ports, func(p world.PortBinding) bool {
		return slices.Contains(PortRow(i, p).Set, portText(p)) || bound[world.PortBinding{Host: p.Host, Protocol: p.Protocol}]
	})
}

// zoneOf is an instance's zone, also of one whose row does not say it.
func zoneOf(i *world.ContainerInstance) string {
	if i.Zone != "" {
		return i.Zone
	}
	zone, _ := valueOf(i, FieldZone[len(FieldAttribute):])
	return zone
}

// valueOf is the value of an instance's attribute. Those that differ between instances are the last ones.
func valueOf(i *world.ContainerInstance, name string) (string, bool) {
	for _, v := range slices.Backward(i.Attributes) {
		if v.Name == name {
			return v.Value, true
		}
	}
	return "", false
}
