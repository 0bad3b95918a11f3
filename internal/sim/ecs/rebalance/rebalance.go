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

// Count counts tasks by the zones of a cluster's active instances, the emptiest zone first.
func Count(k *world.Cluster, tasks []*world.Task) []Zone {
	var out []Zone
	for i := range k.Instances.Rows() {
		if i.Status == "ACTIVE" && i.AgentConnected && !slices.ContainsFunc(out, func(z Zone) bool { return z.Name == i.Zone }) {
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
