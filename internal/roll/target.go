package roll

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/model"
)

// Targets are the instances that an order is about, in the order in which they go: those of its groups that are outdated, too
// old, or named. Instances that are about to go by themselves are none.
func Targets(s Snapshot) []Old {
	keys := map[string]string{}
	for _, g := range s.Groups {
		keys[g.Name] = g.Key
	}
	tasks := map[string]int{}
	for _, t := range s.Tasks {
		if t.Instance != "" && t.Last != TaskStopped {
			tasks[t.Instance]++
		}
	}
	var nodes []Node
	for _, n := range s.Nodes {
		key, ours := keys[n.Group]
		if !ours || len(s.Order.Groups) > 0 && !slices.Contains(s.Order.Groups, key) || LeavesAlone(n.State) {
			continue
		}
		if n.Outdated = s.Order.reasons(n, s.At); len(n.Outdated) > 0 {
			nodes = append(nodes, n)
		}
	}
	slices.SortStableFunc(nodes, func(a, b Node) int { return s.Order.compare(a, b, tasks) })
	out := make([]Old, 0, len(nodes))
	for _, n := range nodes {
		out = append(out, Old{ID: n.ID, ARN: n.ARN, Group: n.Group, Zone: n.Zone, Arch: n.Arch, Reasons: n.Outdated, State: Waiting})
	}
	return out
}

// LeavesAlone tells that an instance leaves its group already.
func LeavesAlone(state string) bool {
	return state == "" || strings.HasPrefix(state, "Terminat") || strings.HasPrefix(state, "Detach")
}

// reasons are why an instance is one of an order's; none: it is not.
func (o Order) reasons(n Node, at time.Time) []model.Reason {
	why := slices.Clone(n.Outdated)
	if age := at.Sub(n.Launched); o.MaxAge > 0 && !n.Launched.IsZero() && age > o.MaxAge {
		why = append(why, model.Reason{Kind: model.TooOld, Have: days(age), Want: "at most " + days(o.MaxAge)})
	}
	named := slices.Contains(o.Instances, n.ID)
	if len(o.Instances) > 0 && !named {
		return nil
	}
	if len(why) == 0 && (named || o.All) {
		why = append(why, model.Reason{Kind: model.Forced})
	}
	return why
}

func days(d time.Duration) string {
	if d < 48*time.Hour {
		return d.Truncate(time.Minute).String()
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

func (o Order) compare(a, b Node, tasks map[string]int) int {
	switch o.Sequence {
	case Emptiest:
		return cmp.Or(cmp.Compare(tasks[a.ARN], tasks[b.ARN]), a.Launched.Compare(b.Launched), cmp.Compare(a.ID, b.ID))
	case ByZone:
		return cmp.Or(cmp.Compare(a.Zone, b.Zone), a.Launched.Compare(b.Launched), cmp.Compare(a.ID, b.ID))
	default:
		return cmp.Or(a.Launched.Compare(b.Launched), cmp.Compare(a.ID, b.ID))
	}
}
