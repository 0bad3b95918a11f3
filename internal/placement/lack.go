package placement

import (
	"slices"
	"strconv"

	"berth/internal/live"
)

// Lack is one thing that keeps a task off an instance.
type Lack struct {
	What  string // one of the constants below
	Have  int    // of cpu, memory, gpu, eni and ports: what is free; of port: unused
	Want  int    // of cpu, memory, gpu, eni and ports: what is wanted; of port: the port
	Total int    // of cpu, memory, gpu and eni: what the instance has when it is empty
	Name  string // the attribute, the expression, the provider that it has, its zone, its status, or who is in the way
	Ever  bool   // also with the instance empty: no waiting helps
}

// What an instance can lack.
const (
	NotJoined  = "not joined" // it is not in the cluster; Name is its status
	Agent      = "agent"      // its agent does not answer
	Draining   = "draining"
	Capacity   = "provider" // it belongs to none of the capacity providers; Name is the one it has
	CPU        = "cpu"      // units
	Memory     = "memory"   // MiB
	GPU        = "gpu"
	Port       = "port" // Want is taken, by Name; Ever: the instance keeps it for itself
	UDPPort    = "udp port"
	Ports      = "ports" // ECS reserves at most 100 on an instance
	ENI        = "eni"
	Zone       = "zone" // none of the task's subnets is in its zone, Name
	Attribute  = "attribute"
	Distinct   = "distinct"   // a task of the service is there
	Expression = "constraint" // memberOf
)

// mostPorts is how many host ports ECS reserves on an instance (ECS API reference, PortMapping).
const mostPorts = 100

const active = "ACTIVE"

// Lacks says what keeps a task off an instance; nothing: it fits. Of many instances ask a Judge.
func Lacks(d Demand, i live.Instance, s Site) []Lack { return NewJudge(d, s).Lacks(&i) }

// Lacks says what keeps a task off an instance; nothing: it fits.
func (j *Judge) Lacks(i *live.Instance) []Lack {
	s := j.seat(i)
	return j.lacks(&s)
}

// Possible tells whether an instance could have the task if it were empty, its agent answered and it did not drain. Of one that
// has not joined nothing is known, so it could.
func Possible(lacks []Lack) bool {
	return !slices.ContainsFunc(lacks, func(l Lack) bool { return l.Ever })
}

func (j *Judge) lacks(s *seat) []Lack {
	if out := j.absent(s.Instance); out != nil {
		return out
	}
	out := j.state(s.Instance)
	out = append(out, j.room(s)...)
	if zones := j.demand.Zones; len(zones) > 0 && !slices.Contains(zones, s.Zone) {
		out = append(out, Lack{What: Zone, Name: s.Zone, Ever: true})
	}
	for _, name := range j.missing(s.Instance) {
		out = append(out, Lack{What: Attribute, Name: name, Ever: true})
	}
	if j.distinct && s.peers > 0 {
		out = append(out, Lack{What: Distinct, Name: j.demand.Name})
	}
	for _, r := range j.broken(s) {
		out = append(out, Lack{What: Expression, Name: r.text, Ever: r.lasts()})
	}
	return out
}

// absent tells that an instance is not in the cluster; nothing else is known of it then.
func (j *Judge) absent(i *live.Instance) []Lack {
	if i.ARN != "" && (i.Status == active || i.Status == "DRAINING") {
		return nil
	}
	return []Lack{{What: NotJoined, Name: i.Status}}
}

func (j *Judge) state(i *live.Instance) []Lack {
	var out []Lack
	if !i.Connected {
		out = append(out, Lack{What: Agent, Name: i.Agent})
	}
	if i.Status == "DRAINING" {
		out = append(out, Lack{What: Draining})
	}
	if all := j.demand.Providers; len(all) > 0 && !slices.ContainsFunc(all, func(p Provider) bool { return p.Name == i.Provider }) {
		out = append(out, Lack{What: Capacity, Name: i.Provider, Ever: true})
	}
	return out
}

// room is what is too small or taken.
func (j *Judge) room(s *seat) []Lack {
	var out []Lack
	want, all := j.demand.Room, s.Total
	for _, r := range [...]struct {
		what              string
		have, want, total int
	}{
		{CPU, s.cpu - s.kept.CPU, want.CPU, all.CPU},
		{Memory, s.memory - s.kept.Memory, want.Memory, all.Memory},
		{GPU, s.gpus - s.kept.GPUs, want.GPUs, all.GPUs},
		{ENI, s.enis - s.kept.ENIs, want.ENIs, all.ENIs},
	} {
		if r.what == ENI && r.total == 0 { // every type has some: nobody has looked
			continue
		}
		if r.want > r.have && r.want > 0 {
			out = append(out, Lack{What: r.what, Have: max(r.have, 0), Want: r.want, Total: r.total, Ever: r.want > r.total})
		}
	}
	if len(j.want) == 0 {
		return out
	}
	for _, p := range j.want {
		if who, taken := s.holder(p); taken {
			out = append(out, Lack{What: p.what(), Want: p.number, Name: who, Ever: s.own(p)})
		}
	}
	if free := mostPorts - len(s.Free.TCP) - len(s.Free.UDP); len(j.want) > free {
		own := len(all.TCP) + len(all.UDP)
		out = append(out, Lack{What: Ports, Have: free, Want: len(j.want), Ever: len(j.want)+own > mostPorts})
	}
	return out
}

func (p port) what() string {
	if p.udp {
		return UDPPort
	}
	return Port
}

func (p port) in(r live.Room) bool {
	if p.udp {
		return slices.Contains(r.UDP, p.number)
	}
	return slices.Contains(r.TCP, p.number)
}

// own tells whether the instance keeps a port for itself.
func (s *seat) own(p port) bool { return p.in(s.Total) }

// holder tells who has a port.
func (s *seat) holder(p port) (string, bool) {
	switch who, taken := s.ports[p]; {
	case s.own(p):
		return "the instance itself", true
	case taken:
		return who, true
	}
	return "another task", p.in(s.Free)
}

// String says what is lacking.
func (l Lack) String() string {
	switch l.What {
	case NotJoined:
		if l.Name == "" {
			return "it has not joined the cluster"
		}
		return "it is " + l.Name
	case Agent:
		return "its ECS agent does not answer"
	case Draining:
		return "it is draining"
	case Capacity:
		if l.Name == "" {
			return "it belongs to no capacity provider"
		}
		return "it belongs to the capacity provider " + l.Name
	case Zone:
		return "no subnet of the task is in " + l.Name
	case Attribute:
		return "it has no attribute " + l.Name
	case Distinct:
		return "a task of " + l.Name + " is there already"
	case Expression:
		return "it does not match " + l.Name
	case Port, UDPPort:
		return l.What + " " + strconv.Itoa(l.Want) + " is taken by " + l.Name
	case Ports:
		return strconv.Itoa(l.Want) + " host ports wanted, " + strconv.Itoa(l.Have) + " of 100 are free"
	}
	return l.unit(l.Want) + " wanted, " + strconv.Itoa(l.Have) + " of " + strconv.Itoa(l.Total) + " free"
}

// unit is an amount of what an instance has amounts of.
func (l Lack) unit(n int) string {
	text := strconv.Itoa(n)
	switch l.What {
	case CPU:
		return text + " CPU units"
	case Memory:
		return text + " MiB of memory"
	case GPU:
		return plural(n, "GPU", "GPUs")
	default:
		return plural(n, "network interface", "network interfaces")
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
