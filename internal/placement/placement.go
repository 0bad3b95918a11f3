// Package placement says on which container instances a task can be, on which ECS would put it, what an instance lacks that
// cannot have it, and what a lost zone would leave.
//
// In: a demand, and a cluster as it was seen. Out: what each instance lacks, or where each task lands and why. It guesses
// nothing about what it was not told, and starts nothing: ECS does that, and may choose another among equals. ECS's order
// holds: what the task takes, then what it requires, then its constraints, then its strategies, each of which decides among
// those that are equal for the ones before it (ECS developer guide, "How Amazon ECS places tasks on container instances").
package placement

import (
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/live"
)

// Demand is what one task wants of an instance (ECS developer guide, "How Amazon ECS places tasks on container instances").
type Demand struct {
	Name        string       // of the service or family
	Group       string       // of its tasks: "service:NAME" or "family:NAME"
	Room        live.Room    // TCP and UDP are the host ports that it wants
	Requires    []string     // attributes that an instance must have: "NAME" or "NAME=VALUE"
	Zones       []string     // of the subnets for its own network interface; none: any zone does
	Constraints []Constraint // of the service and of the definition
	Strategy    []Strategy   // the first counts most; none: ECS's own, over the zones and then the instances
	Providers   []Provider   // its capacity provider strategy; none: any instance
	Daemon      bool         // one on each instance that suits
}

// Constraint is a placement constraint.
type Constraint struct {
	Type       string // "distinctInstance", "memberOf"
	Expression string // of memberOf, in the cluster query language
}

// Strategy is a placement strategy.
type Strategy struct {
	Type  string // "binpack", "random", "spread"
	Field string // "cpu", "memory", "instanceId", "attribute:NAME"
}

// String is the strategy as people write it.
func (s Strategy) String() string {
	if s.Field == "" {
		return s.Type
	}
	return s.Type + "(" + s.Field + ")"
}

// Provider is one item of a capacity provider strategy (ECS API reference, CapacityProviderStrategyItem).
type Provider struct {
	Name   string
	Base   int // so many tasks come first
	Weight int // share of the others
}

// Site is a cluster at one moment.
type Site struct {
	Instances []live.Instance
	Tasks     []live.Task     // those of the same group are spread; expressions ask for the groups of all; their ports are taken
	Groups    []live.Group    // that may grow
	Daemons   []Demand        // what they take is kept free where they are to be and are not yet
	Models    []live.Instance // what an instance of a group would be, for groups that have none; Group names it
}

// SiteOf is the cluster of a capture. Its daemons are those services of the capture whose task definitions it has.
func SiteOf(c live.Capture) Site {
	s := Site{Instances: c.Instances, Tasks: c.Tasks, Groups: c.Groups}
	specs := map[string]document.Value{}
	for _, d := range c.Definitions {
		specs[d.ARN] = d.Spec
	}
	for _, sv := range c.Services {
		if spec, known := specs[sv.Definition]; sv.Daemon && known && sv.Status == "ACTIVE" {
			s.Daemons = append(s.Daemons, DemandOf(spec, sv.Spec.With("serviceName", document.Of(sv.Name))))
		}
	}
	return s
}

// Without is the site as if the tasks of a group were gone and had given back what they took, so that a service can be placed
// anew. room tells what a task takes.
func (s Site) Without(group string, room func(live.Task) live.Room) Site {
	s.Instances = slices.Clone(s.Instances)
	at := make(map[string]*live.Instance, len(s.Instances))
	for n := range s.Instances {
		at[s.Instances[n].ARN] = &s.Instances[n]
	}
	tasks := s.Tasks
	s.Tasks = nil
	for _, t := range tasks {
		if t.Group != group {
			s.Tasks = append(s.Tasks, t)
			continue
		}
		if i, ok := at[t.Instance]; ok && t.Instance != "" && t.Last != stopped {
			vacate(i, t, room(t))
		}
	}
	return s
}

func vacate(i *live.Instance, t live.Task, r live.Room) {
	i.Free.CPU += r.CPU
	i.Free.Memory += r.Memory
	i.Free.GPUs += r.GPUs
	i.Free.ENIs += r.ENIs
	i.Free.TCP = lessPorts(i.Free.TCP, r.TCP)
	i.Free.UDP = lessPorts(i.Free.UDP, r.UDP)
	if t.Last == running {
		i.Running--
	} else {
		i.Pending--
	}
}

func lessPorts(all, gone []int) []int {
	return slices.DeleteFunc(slices.Clone(all), func(p int) bool { return slices.Contains(gone, p) })
}

// The states of tasks that matter here (ECS API reference, Task).
const (
	running = "RUNNING"
	stopped = "STOPPED"
)

// Once tells whether it is a task that runs once, and not one of a service.
func (d Demand) Once() bool { return strings.HasPrefix(d.Group, "family:") }

// strategy is the one that decides: that of the demand or ECS's own for services. Tasks that run once have none.
func (d Demand) strategy() []Strategy {
	if len(d.Strategy) > 0 || d.Once() {
		return d.Strategy
	}
	return []Strategy{{"spread", fieldZone}, {"spread", fieldInstance}}
}

// The fields of strategies (ECS API reference, PlacementStrategy).
const (
	fieldZone      = "attribute:ecs.availability-zone"
	fieldInstance  = "instanceId"
	fieldAttribute = "attribute:"
)

const distinctInstance, memberOf = "distinctInstance", "memberOf"
