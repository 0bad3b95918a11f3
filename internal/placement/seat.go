package placement

import (
	"slices"

	"berth/internal/live"
)

// seat is an instance with what is there while tasks land on it.
type seat struct {
	*live.Instance

	cpu, memory, gpus, enis int             // that are free
	kept                    live.Room       // of these, what daemons will take
	ports                   map[port]string // taken ports that the instance does not list, or that have just been taken, and by whom
	groups                  []string        // of the tasks there
	peers                   int             // tasks of the demand's own group that are to run
	keys                    []int           // number of the value of each strategy that spreads over an attribute

	class   *class
	order   int     // among those that are equal
	suits   verdict // whether nothing that lasts is lacking
	virtual bool    // it is not there yet
}

type port struct {
	number int
	udp    bool
}

type verdict int8

const (
	unasked verdict = iota
	yes
	no
)

// Judge judges instances for one demand. It is cheap to ask about many.
type Judge struct {
	demand   Demand
	rules    []rule
	distinct bool
	requires []need
	want     []port
	tasks    map[string][]*live.Task // by the ARN of their instance
	daemons  []*Judge
}

// need is an attribute that must be there.
type need struct {
	name, value string
	valued      bool
}

// NewJudge prepares to judge for a demand in a cluster.
func NewJudge(d Demand, s Site) *Judge {
	tasks := make(map[string][]*live.Task, len(s.Instances))
	for n := range s.Tasks {
		if t := &s.Tasks[n]; t.Instance != "" && t.Last != stopped {
			tasks[t.Instance] = append(tasks[t.Instance], t)
		}
	}
	j := newJudge(d, tasks)
	for _, other := range s.Daemons {
		if !d.Daemon && other.Group != d.Group {
			j.daemons = append(j.daemons, newJudge(other, tasks))
		}
	}
	return j
}

func newJudge(d Demand, tasks map[string][]*live.Task) *Judge {
	j := &Judge{demand: d, tasks: tasks}
	for _, c := range d.Constraints {
		if c.Type == distinctInstance {
			j.distinct = true
		} else {
			j.rules = append(j.rules, newRule(c.Expression))
		}
	}
	for _, text := range d.Requires {
		j.requires = append(j.requires, newNeed(text))
	}
	for _, p := range d.Room.TCP {
		j.want = append(j.want, port{number: p})
	}
	for _, p := range d.Room.UDP {
		j.want = append(j.want, port{p, true})
	}
	return j
}

// seat looks at an instance and the tasks on it.
func (j *Judge) seat(i *live.Instance) seat {
	s := seat{Instance: i, cpu: i.Free.CPU, memory: i.Free.Memory, gpus: i.Free.GPUs, enis: i.Free.ENIs}
	if i.ARN == "" {
		return s
	}
	for _, t := range j.tasks[i.ARN] {
		s.groups = append(s.groups, t.Group)
		if t.Group == j.demand.Group && t.Desired != stopped {
			s.peers++
		}
		if len(j.want) > 0 {
			s.note(t)
		}
	}
	for _, d := range j.daemons {
		if d.comes(&s) {
			r := d.demand.Room
			s.kept.CPU, s.kept.Memory, s.kept.GPUs, s.kept.ENIs = s.kept.CPU+r.CPU, s.kept.Memory+r.Memory, s.kept.GPUs+r.GPUs, s.kept.ENIs+r.ENIs
		}
	}
	return s
}

// note keeps the ports that a task has bound, also those that its agent chose.
func (s *seat) note(t *live.Task) {
	for _, c := range t.Containers {
		for _, p := range c.Ports {
			s.take(port{p.Host, p.Protocol == "udp"}, "task "+t.ID+" of "+t.Group)
		}
	}
}

func (s *seat) take(p port, who string) {
	if s.ports == nil {
		s.ports = map[port]string{}
	}
	if p.number != 0 {
		s.ports[p] = who
	}
}

// comes tells whether a daemon that is not on an instance yet is to be there. One that the empty instance has not enough for never
// comes.
func (j *Judge) comes(s *seat) bool {
	return s.Status == active && s.Connected && !slices.Contains(s.groups, j.demand.Group) && j.missing(s.Instance) == nil && j.broken(s) == nil &&
		j.demand.Room.CPU <= s.Total.CPU && j.demand.Room.Memory <= s.Total.Memory
}

// land takes what a task takes.
func (j *Judge) land(s *seat) {
	r := j.demand.Room
	s.cpu, s.memory, s.gpus, s.enis = s.cpu-r.CPU, s.memory-r.Memory, s.gpus-r.GPUs, s.enis-r.ENIs
	for _, p := range j.want {
		s.take(p, "another task of "+j.demand.Name)
	}
	s.groups = append(s.groups, j.demand.Group)
	s.peers++
}
