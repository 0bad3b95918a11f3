package placement

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"berth/internal/live"
)

// Lasting is what keeps a task off an instance as long as both are what they are: its provider, its zone, attributes, and
// expressions that do not look at tasks. Whether it drains, is full or answers does not matter.
func (j *Judge) Lasting(i *live.Instance) []Lack {
	var out []Lack
	if all := j.demand.Providers; len(all) > 0 && !slices.ContainsFunc(all, func(p Provider) bool { return p.Name == i.Provider }) {
		out = append(out, Lack{What: Capacity, Name: i.Provider, Ever: true})
	}
	if zones := j.demand.Zones; len(zones) > 0 && !slices.Contains(zones, i.Zone) {
		out = append(out, Lack{What: Zone, Name: i.Zone, Ever: true})
	}
	for _, name := range j.missing(i) {
		out = append(out, Lack{What: Attribute, Name: name, Ever: true})
	}
	for _, r := range j.rules {
		if !r.counts() && !r.admits(&seat{Instance: i}) {
			out = append(out, Lack{What: Expression, Name: r.text, Ever: r.lasts()})
		}
	}
	return out
}

// Alike tells whether Lasting says the same of all instances of one provider and zone that have the same attributes.
func (j *Judge) Alike() bool {
	return !slices.ContainsFunc(j.rules, func(r rule) bool { return !r.counts() && r.Expression != nil && !r.Alike() })
}

// Counting tells whether an expression looks at the tasks on an instance.
func (j *Judge) Counting() bool { return slices.ContainsFunc(j.rules, rule.counts) }

// Broken are the expressions that look at tasks and do not mean an instance that has tasks of these groups.
func (j *Judge) Broken(i *live.Instance, groups []string) []string {
	var out []string
	for _, r := range j.rules {
		if r.counts() && !r.admits(&seat{Instance: i, groups: groups}) {
			out = append(out, r.text)
		}
	}
	return out
}

// Distinct tells whether no two tasks of the demand's group may be on one instance.
func (j *Judge) Distinct() bool { return j.distinct }

// Count is how many instances lack something; of amounts it has the most that is free anywhere.
type Count struct {
	Lack

	Of int
}

// Told says in one line what so many instances lack.
func Told(counts []Count, all int) string {
	if all == 0 {
		return "there are no instances"
	}
	slices.SortFunc(counts, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Of, a.Of), strings.Compare(a.key(), b.key())) })
	var parts []string
	for _, c := range counts {
		parts = append(parts, fmt.Sprintf("%d of %d: %s", c.Of, all, c.among()))
	}
	return "no instance fits (" + strings.Join(parts, "; ") + ")"
}
