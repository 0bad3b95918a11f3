package placement

import (
	"cmp"
	"slices"

	"berth/internal/sim/world"
)

// Why an instance does not take a task, in AWS's words and in the order in which it is found out (ECS developer guide, "API
// failure reasons").
const (
	LacksAgent      = "AGENT"
	LacksCPU        = "RESOURCE:CPU"
	LacksMemory     = "RESOURCE:MEMORY"
	LacksPorts      = "RESOURCE:PORTS"
	LacksInterfaces = "RESOURCE:ENI"
	LacksLocation   = "LOCATION"
	LacksAttribute  = "ATTRIBUTE"
	NotDistinct     = "DistinctInstance placement constraint unsatisfied."
	NotMember       = "MemberOf placement constraint unsatisfied."
)

// Misfit is an instance that does not take a task, and why.
type Misfit struct {
	Instance *world.ContainerInstance
	Why      string
}

// Misfits says of every instance that does not take the task why.
func (s *Search) Misfits() []Misfit {
	out := make([]Misfit, 0, len(s.seats))
	for n := range s.seats {
		if why := s.lacks(&s.seats[n]); why != "" {
			out = append(out, Misfit{s.seats[n].instance, why})
		}
	}
	return out
}

// Closest is the instance that came closest to taking the task, the first of several. There is none without instances.
func (s *Search) Closest() (Misfit, bool) {
	var best Misfit
	for n := 0; n < len(s.seats) && best.Why != NotMember; n++ {
		m := Misfit{s.seats[n].instance, s.lacks(&s.seats[n])}
		if best.Instance == nil || m.nearness() > best.nearness() {
			best = m
		}
	}
	return best, best.Instance != nil
}

// Closest is the one of several misfits that came closest to taking a task, the first of several; there must be one.
func Closest(misfits []Misfit) Misfit {
	return slices.MaxFunc(misfits, func(a, b Misfit) int { return cmp.Compare(a.nearness(), b.nearness()) })
}

// nearness is how far an instance came.
func (m Misfit) nearness() int {
	return slices.Index([]string{
		LacksAgent, LacksCPU, LacksMemory, LacksPorts, LacksInterfaces, LacksLocation, LacksAttribute, NotDistinct, NotMember,
	}, m.Why)
}

// Sentence is what a service's event says of an instance that came closest (ECS developer guide, "Amazon ECS service event
// messages").
func (m Misfit) Sentence() string {
	switch m.Why {
	case LacksCPU:
		return "has insufficient CPU units available"
	case LacksMemory:
		return "has insufficient memory available"
	case LacksPorts:
		return "is already using a port required by your task"
	case LacksAttribute:
		return "is missing an attribute required by your task"
	}
	return `encountered error "` + m.Why + `"`
}

// Lacks tells why an ACTIVE instance does not take a task that has no peers on it; empty: it does.
func Lacks(s Site, n Need, i *world.ContainerInstance) string {
	return prepare(s, n).lacks(&seat{instance: i})
}

// lacks tells why an instance does not take the task; empty: it does.
func (s *Search) lacks(at *seat) string {
	i, n := at.instance, s.need
	cpu, memory := s.spare(i)
	switch {
	case !s.site.Alive(i):
		return LacksAgent
	case n.CPU > cpu:
		return LacksCPU
	case n.Memory > memory:
		return LacksMemory
	case !portsFree(s.site.Cluster, i, n.Ports):
		return LacksPorts
	case n.Interfaces > 0 && (s.site.Interfaces == nil || s.site.Interfaces(i) < n.Interfaces):
		return LacksInterfaces
	case len(n.Zones) > 0 && !slices.Contains(n.Zones, zoneOf(i)):
		return LacksLocation
	case !s.suits(at):
		return LacksAttribute
	case n.Rules.distinct && s.peers(at) > 0:
		return NotDistinct
	case !s.admits(at):
		return NotMember
	}
	return ""
}

// fits is whether lacks finds nothing, with what is cheap to find out first.
func (s *Search) fits(at *seat) bool {
	cpu, memory := left(at.instance)
	return s.need.CPU <= cpu && s.need.Memory <= memory && !(s.need.Rules.distinct && s.peers(at) > 0) && s.admits(at) && s.lacks(at) == ""
}

// spare is what an instance has left for the task when the daemons that come first have what they need. Where there is
// plenty they need not be asked.
func (s *Search) spare(i *world.ContainerInstance) (cpu, memory int) {
	cpu, memory = left(i)
	if cpu-s.aheadCPU >= s.need.CPU && memory-s.aheadMemory >= s.need.Memory {
		return cpu, memory
	}
	for _, d := range s.site.Ahead {
		if d.Coming(i) {
			cpu, memory = cpu-d.CPU, memory-d.Memory
		}
	}
	return cpu, memory
}

// verdict is what is known of an instance while nothing happens but that tasks are placed.
type verdict int8

const (
	unknown verdict = iota
	yes
	no
)

func known(is bool) verdict {
	if is {
		return yes
	}
	return no
}

// suits is Suits. An attribute is mostly where it was on the instance before.
func (s *Search) suits(at *seat) bool {
	if at.suits == unknown {
		at.suits = known(s.has(at.instance.Attributes))
	}
	return at.suits == yes
}

func (s *Search) has(all []world.ECSAttribute) bool {
	for n, want := range s.need.Requires {
		if hint := s.hints[n]; hint < len(all) && satisfies(all[hint], want) {
			continue
		}
		found := slices.IndexFunc(all, func(a world.ECSAttribute) bool { return satisfies(a, want) })
		if found < 0 {
			return false
		}
		s.hints[n] = found
	}
	return true
}

// admits is Rules.Admits; expressions that do not look at tasks are asked once.
func (s *Search) admits(at *seat) bool {
	for n, e := range s.need.Rules.members {
		if s.fixed[n] {
			continue
		}
		if !e.Matches(at.instance) {
			return false
		}
	}
	if at.admits == unknown {
		at.admits = yes
		for n, e := range s.need.Rules.members {
			if s.fixed[n] && !e.Matches(at.instance) {
				at.admits = no
			}
		}
	}
	return at.admits == yes
}
