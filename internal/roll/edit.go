package roll

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/placement"
)

// edited notes that AWS has taken a change of a service's settings, or has refused for good to take it back.
func (m Memory) edited(a Action, made Made) Memory {
	n := slices.IndexFunc(m.Edits, func(e Edit) bool { return e.Service == a.Service })
	if n < 0 {
		return m
	}
	m.Edits = slices.Clone(m.Edits)
	e := &m.Edits[n]
	if a.Key != Restore {
		e.Made = true
		return m
	}
	if why, refused := made.Refused[a.Service]; refused {
		if names, _ := m.settings(a); len(names) > 1 {
			e.Apart = true
			return m
		}
		m = m.waived(a, why)
	}
	if a.Constraints != nil {
		e.Fence, e.Constraints = "", nil
	}
	if a.Zones != "" {
		e.Still = false
	}
	if a.Constraints == nil && (a.Zones == "" || !e.Apart) {
		e.MaxPct, e.SetPct = 0, 0
	}
	if e.Fence == "" && !e.Still && e.SetPct == 0 {
		m.Edits = slices.Delete(m.Edits, n, n+1)
	}
	return m
}

// waived gives up one setting of a service that AWS does not take back any more, because of what else somebody has changed of it
// meanwhile. The roll is not what it was to be, and says how to help.
func (m Memory) waived(a Action, why string) Memory {
	names, flags := m.settings(a)
	if len(names) == 0 {
		return m
	}
	fix := "aws ecs update-service" + m.cluster() + " --service " + a.Service + flags
	m.Why = append(slices.Clone(m.Why), fmt.Sprintf("service %s keeps the %s that it had during the roll, because AWS refuses to put it back (%s); once that is mended: %s", a.Service, names[0], why, fix))
	if m.End == Replaced || m.Fix == "" {
		m.Fix = fix
	}
	if m.End == Replaced {
		m.End = Incomplete
	}
	return m
}

// settings are what an action changes of a service, and how somebody does it by hand.
func (m Memory) settings(a Action) (names []string, flags string) {
	if a.Constraints != nil {
		names = append(names, "placementConstraints")
		flags += " --placement-constraints " + constraints(a.Constraints)
	}
	if a.Zones != "" {
		names = append(names, "availabilityZoneRebalancing")
		flags += " --availability-zone-rebalancing " + a.Zones
	}
	if a.Count != 0 {
		names = append(names, "maximumPercent")
		flags += fmt.Sprintf(" --deployment-configuration maximumPercent=%d", a.Count)
	}
	return names, flags
}

func constraints(all []placement.Constraint) string {
	if len(all) == 0 {
		return "'[]'"
	}
	var out []string
	for _, c := range all {
		if c.Expression == "" {
			out = append(out, "type="+c.Type)
		} else {
			out = append(out, "'type="+c.Type+`,expression="`+c.Expression+`"'`)
		}
	}
	return strings.Join(out, " ")
}

// cluster is how a command names the roll's cluster: as the ARNs of container instances do.
func (m Memory) cluster() string {
	for _, o := range m.Olds {
		if parts := strings.Split(o.ARN, "/"); len(parts) == 3 {
			return " --cluster " + parts[1]
		}
	}
	return ""
}
