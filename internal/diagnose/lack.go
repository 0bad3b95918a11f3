package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"berth/internal/diagnose/reason"
	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/placement"
)

// refusal is one thing that instances lack, with those that lack it.
type refusal struct {
	placement.Lack
	text  string
	hosts []*live.Instance
}

// placed says of every instance what it lacks for a task of a service, and finds the code of what stands in the way most: what no
// waiting mends, then what most instances lack that have no other fault. It is empty where nobody knows what the task wants, or an
// instance has room.
func (s *scene) placed(c *cause, sv *live.Service) string {
	d := s.definitions[sv.Definition]
	if d == nil || len(s.machines) == 0 {
		return ""
	}
	demand := placement.DemandOf(d.Spec, sv.Spec.With("serviceName", document.Of(sv.Name)))
	judge := placement.NewJudge(demand, placement.SiteOf(s.Capture))
	var all []*refusal
	alone := map[string]int{} // how many instances lack nothing but that
	for _, i := range s.machines {
		lacks := judge.Lacks(i)
		if len(lacks) == 0 && demand.Room.ENIs > 0 && i.Total.ENIs == 0 {
			return "" // whether it has an interface is not known
		}
		if len(lacks) == 0 {
			c.note("%s", "instance "+i.ID+" has room now")
			return ""
		}
		if len(lacks) == 1 {
			alone[lacks[0].What]++
		}
		for _, l := range lacks {
			all = enlist(all, l, i)
		}
	}
	slices.SortStableFunc(all, func(a, b *refusal) int {
		return cmp.Or(cmp.Compare(alone[b.What], alone[a.What]), cmp.Compare(len(b.hosts), len(a.hosts)), cmp.Compare(a.text, b.text))
	})
	for n, r := range all {
		if n == mostRefusals {
			c.note("and %d more reasons", len(all)-n)
			break
		}
		c.note("%s: %s", hostsOf(r.hosts), r.text)
	}
	if r := all[0]; alone[r.What] > 0 {
		c.name = placement.Remedy([]placement.Lack{r.Lack}, *r.hosts[0])
		c.ever = r.Ever && len(r.hosts) == len(s.machines)
		return reason.Lack(r.What)
	}
	return ""
}

// mostRefusals is how many things that instances lack are told.
const mostRefusals = 5

// enlist adds an instance to those that lack the same.
func enlist(all []*refusal, l placement.Lack, i *live.Instance) []*refusal {
	text := l.String()
	if n := slices.IndexFunc(all, func(r *refusal) bool { return r.text == text }); n >= 0 {
		all[n].hosts = append(all[n].hosts, i)
		return all
	}
	if len(all) == mostKinds {
		return all
	}
	return append(all, &refusal{l, text, []*live.Instance{i}})
}

// mostKinds bounds how many kinds of refusals are told apart.
const mostKinds = 100

// hostsOf names a few instances.
func hostsOf(hosts []*live.Instance) string {
	switch {
	case len(hosts) == 1:
		return fmt.Sprintf("instance %s in %s", hosts[0].ID, hosts[0].Zone)
	case len(hosts) <= 3:
		var ids []string
		for _, i := range hosts {
			ids = append(ids, i.ID)
		}
		return "instances " + strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%d instances, %s among them", len(hosts), hosts[0].ID)
}
