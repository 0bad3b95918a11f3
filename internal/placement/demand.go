package placement

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"berth/internal/document"
	"berth/internal/live"
)

// DemandOf is what a task of a definition wants, in the shapes of RegisterTaskDefinition and CreateService; service is absent
// for a task that runs once. The zones of its subnets are not in these documents: whoever knows them sets Zones. Both must have
// been checked: what is no number counts as none.
func DemandOf(definition, service document.Value) Demand {
	d := Demand{
		Name: service.Get("serviceName").Text, Room: roomOf(definition), Requires: requires(definition),
		Daemon: service.Get("schedulingStrategy").Text == "DAEMON",
	}
	d.Group = "service:" + d.Name
	if !service.There() {
		d.Name = definition.Get("family").Text
		d.Group = "family:" + d.Name
	}
	for _, c := range slices.Concat(definition.Get("placementConstraints").Items, service.Get("placementConstraints").Items) {
		d.Constraints = append(d.Constraints, Constraint{c.Get("type").Text, c.Get("expression").Text})
	}
	for _, s := range service.Get("placementStrategy").Items {
		d.Strategy = append(d.Strategy, strategyOf(s))
	}
	for _, p := range service.Get("capacityProviderStrategy").Items {
		base, _ := p.Get("base").Number()
		weight, _ := p.Get("weight").Number()
		d.Providers = append(d.Providers, Provider{Name: p.Get("capacityProvider").Text, Base: base, Weight: weight})
	}
	return d
}

// strategyOf reads a strategy as ECS does: the fields of binpack in any case, and host for instanceId.
func strategyOf(v document.Value) Strategy {
	s := Strategy{v.Get("type").Text, v.Get("field").Text}
	switch {
	case s.Type == "random":
		s.Field = ""
	case s.Type == "binpack":
		s.Field = strings.ToLower(s.Field)
	case s.Field == "host":
		s.Field = fieldInstance
	}
	return s
}

// roomOf is what ECS reserves for a task: what is set for the task as a whole, else the sum of its containers, of whose
// memory the soft limit goes before the hard one (ECS API reference, ContainerDefinition).
func roomOf(definition document.Value) live.Room {
	var r live.Room
	for _, c := range definition.Get("containerDefinitions").Items {
		cpu, _ := c.Get("cpu").Number()
		memory, soft := c.Get("memoryReservation").Number()
		if !soft || memory == 0 {
			memory, _ = c.Get("memory").Number()
		}
		r.CPU, r.Memory, r.GPUs = r.CPU+cpu, r.Memory+memory, r.GPUs+gpus(c)
		hostPorts(&r, definition.Get("networkMode").Text, c)
	}
	if n := Amount(definition.Get("cpu").Text, "vcpu"); n > 0 {
		r.CPU = n
	}
	if n := Amount(definition.Get("memory").Text, "gb"); n > 0 {
		r.Memory = n
	}
	if definition.Get("networkMode").Text == "awsvpc" {
		r.ENIs = 1
	}
	return r
}

// Amount reads the size of a whole task: a number of units or MiB, or of 1,024 of them when a unit ("vcpu", "gb") stands
// behind it. What is no whole number above 0 is 0.
func Amount(text, unit string) int {
	text = strings.ToLower(strings.ReplaceAll(text, " ", ""))
	times := 1.0
	if number, ok := strings.CutSuffix(text, unit); ok {
		text, times = number, 1024
	}
	n, err := strconv.ParseFloat(text, 64)
	if n *= times; err != nil || n < 1 || n > 1<<30 || n != math.Trunc(n) {
		return 0
	}
	return int(n)
}

func gpus(container document.Value) int {
	n := 0
	for _, r := range container.Get("resourceRequirements").Items {
		if r.Get("type").Text == "GPU" {
			count, _ := r.Get("value").Number()
			n += count
		}
	}
	return n
}

// hostPorts adds the ports of the host that a container must have. In the mode host they are its own ones; in bridge those
// that are given, since the agent chooses the others; tasks with a network interface of their own need none.
func hostPorts(r *live.Room, mode string, container document.Value) {
	for _, m := range container.Get("portMappings").Items {
		first, _ := m.Get("hostPort").Number()
		last := first
		if mode == "host" && first == 0 {
			first, last = ownPorts(m)
		}
		if mode == "awsvpc" || mode == "none" || first == 0 {
			continue
		}
		list := &r.TCP
		if m.Get("protocol").Text == "udp" {
			list = &r.UDP
		}
		for p := first; p <= min(last, 1<<16-1); p++ {
			if !slices.Contains(*list, p) {
				*list = append(*list, p)
			}
		}
	}
	slices.Sort(r.TCP)
	slices.Sort(r.UDP)
}

// ownPorts are the ports of a container: one, or a range.
func ownPorts(mapping document.Value) (first, last int) {
	if from, to, ranged := strings.Cut(mapping.Get("containerPortRange").Text, "-"); ranged {
		a, err := strconv.Atoi(from)
		b, err2 := strconv.Atoi(to)
		if err == nil && err2 == nil {
			return a, b
		}
	}
	n, _ := mapping.Get("containerPort").Number()
	return n, n
}
