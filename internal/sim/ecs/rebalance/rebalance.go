package rebalance

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Zone is how many of a service's tasks are in an Availability Zone.
type Zone struct {
	Name  string
	Tasks int
}

// Read reads whether a service moves tasks to other zones. Those that can do so do unless they are told not to (ECS
// API reference, CreateService).
func Read(s *world.Service, in types.AvailabilityZoneRebalancing, fresh bool) error {
	why := unmovable(s)
	switch in {
	case "":
		if fresh {
			s.Rebalances = why == ""
		}
		s.Rebalances = s.Rebalances && why == ""
	case types.AvailabilityZoneRebalancingEnabled:
		if why != "" {
			return wire.Errorf("InvalidParameterException", "Availability Zone rebalancing does not support %s.", why)
		}
		s.Rebalances = true
	case types.AvailabilityZoneRebalancingDisabled:
		s.Rebalances = false
	default:
		return wire.Errorf("InvalidParameterException", "Invalid availabilityZoneRebalancing value %s. Valid values are: ENABLED, DISABLED.", in)
	}
	return nil
}

// unmovable tells what keeps a service from moving tasks to other zones; empty: nothing.
func unmovable(s *world.Service) string {
	switch {
	case s.Daemon:
		return "the DAEMON scheduling strategy"
	case s.Max <= 100:
		return "a maximumPercent of 100"
	case len(s.Placement) > 0 && (s.Placement[0].Type != placement.Spread || s.Placement[0].Field != placement.FieldZone):
		return "a first placement strategy other than a spread over Availability Zones"
	case slices.ContainsFunc(s.Balancers, func(b world.ServiceBalancer) bool { return b.Classic != "" }):
		return "Classic Load Balancers"
	case slices.ContainsFunc(s.Constraints, func(c world.PlacementConstraint) bool { return strings.Contains(c.Expression, "ecs.availability-zone") }):
		return "placement constraints on Availability Zones"
	}
	return ""
}

// Count counts tasks by the zones in which a service can have them, the emptiest zone first: those of a cluster's active instances,
// and of the service's own subnets, if it has any.
func Count(k *world.Cluster, tasks []*world.Task, subnets []string) []Zone {
	var out []Zone
	for i := range k.Instances.Rows() {
		known := slices.ContainsFunc(out, func(z Zone) bool { return z.Name == i.Zone })
		if i.Status == "ACTIVE" && i.AgentConnected && !known && (len(subnets) == 0 || slices.Contains(subnets, i.Zone)) {
			out = append(out, Zone{Name: i.Zone})
		}
	}
	for _, t := range tasks {
		if n := slices.IndexFunc(out, func(z Zone) bool { return z.Name == t.Zone }); n >= 0 {
			out[n].Tasks++
		}
	}
	slices.SortFunc(out, func(a, b Zone) int { return cmp.Or(cmp.Compare(a.Tasks, b.Tasks), cmp.Compare(a.Name, b.Name)) })
	return out
}

// step is how many tasks fewer a zone has that one is moved to: with one fewer, nothing were more even afterwards.
const step = 2

// Even tells whether no task can move so that the zones are more even.
func Even(zones []Zone) bool {
	return len(zones) < 2 || zones[len(zones)-1].Tasks-zones[0].Tasks < step
}

// Poor are the zones that could have a task of the fullest one, the emptiest first.
func Poor(zones []Zone) []Zone {
	most := zones[len(zones)-1].Tasks
	return zones[:slices.IndexFunc(zones, func(z Zone) bool { return most-z.Tasks < step })]
}

// Rich are those of some tasks that are in the fullest zones: one of them goes when another one has come.
func Rich(zones []Zone, tasks []*world.Task) []*world.Task {
	most := zones[len(zones)-1].Tasks
	var out []*world.Task
	for _, t := range tasks {
		if slices.Contains(zones, Zone{t.Zone, most}) {
			out = append(out, t)
		}
	}
	return out
}

// The words of events that say how far a service has come with moving tasks, and why one of its tasks was stopped (ECS developer guide,
// "Track Amazon ECS Availability Zone rebalancing"). What protection is called there is not written anywhere.
const (
	Begins    = "is not AZ balanced with %s. AZ Rebalancing in progress."
	Starts    = "has started 1 tasks in %s to AZ Rebalance: (task %s)."
	Stops     = "has stopped 1 running tasks in %s due to AZ rebalancing: (task %s)."
	Ends      = "is AZ balanced with %s."
	NoRoom    = "is unable to place a task in %s because no container instance met all of its requirements."
	Protected = "was unable to AZ Rebalance because (taskSet %s) was unable to scale in due to task scale-in protection."
	GivesUp   = "stopped AZ Rebalancing."
	Reason    = "Availability-zone rebalancing initiated by (deployment %s)"
)

// Text is how an event counts tasks by zones.
func Text(zones []Zone) string {
	var words []string
	for _, z := range zones {
		words = append(words, fmt.Sprintf("%d tasks in %s", z.Tasks, z.Name))
	}
	slices.Sort(words)
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// View is the setting as ECS answers it.
func View(s *world.Service) types.AvailabilityZoneRebalancing {
	if s.Rebalances {
		return types.AvailabilityZoneRebalancingEnabled
	}
	return types.AvailabilityZoneRebalancingDisabled
}
