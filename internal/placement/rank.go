package placement

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// rank is a strategy with what it counts.
type rank struct {
	by     by
	of     Strategy
	values []string       // of the attribute, in the order in which they were seen
	index  map[string]int // of the values
	counts []int          // tasks of the group by value
}

type by byte

const (
	byValue by = iota
	byPeers
	byCPU
	byMemory
)

// newRank prepares a strategy; "random" decides nothing that could be foreseen.
func newRank(s Strategy) (rank, bool) {
	switch {
	case s.Type == "random":
		return rank{}, false
	case s.Type == "binpack" && s.Field == "cpu":
		return rank{by: byCPU, of: s}, true
	case s.Type == "binpack":
		return rank{by: byMemory, of: s}, true
	case s.Field == fieldInstance || s.Field == "host":
		return rank{by: byPeers, of: s}, true
	}
	return rank{by: byValue, of: s, index: map[string]int{}}, true
}

// add counts the tasks on an instance and gives the number of its value.
func (r *rank) add(at *seat) int {
	if r.by != byValue {
		return 0
	}
	value := r.value(at)
	n, known := r.index[value]
	if !known {
		n = len(r.values)
		r.index[value], r.values, r.counts = n, append(r.values, value), append(r.counts, 0)
	}
	r.counts[n] += at.peers
	return n
}

// absentValue is the one that all instances share that do not have the attribute.
const absentValue = "\x00"

func (r *rank) value(at *seat) string {
	if r.of.Field == fieldZone && at.Zone != "" {
		return at.Zone
	}
	if value, has := at.Attributes[r.attribute()]; has {
		return value
	}
	return absentValue
}

func (r *rank) attribute() string { return strings.TrimPrefix(r.of.Field, fieldAttribute) }

// why says by what an instance was chosen for the next task.
func (l *lander) why(at *seat, provider string) string {
	var parts []string
	if len(l.demand.Providers) > 1 {
		parts = append(parts, "capacity provider "+provider)
	}
	for n := range l.ranks {
		switch r := &l.ranks[n]; r.by {
		case byValue:
			parts = append(parts, "by "+r.label()+": "+r.tell(at.keys[n]))
		case byPeers:
			parts = append(parts, fmt.Sprintf("by instance: %d there", at.peers))
		case byCPU:
			parts = append(parts, fmt.Sprintf("by cpu: %d units free, the least that is enough", at.cpu))
		case byMemory:
			parts = append(parts, fmt.Sprintf("by memory: %d MiB free, the least that is enough", at.memory))
		}
	}
	all := l.demand.strategy()
	if len(all) == 0 || slices.ContainsFunc(all, func(s Strategy) bool { return s.Type == "random" }) {
		parts = append(parts, "by chance: ECS may take any other that fits")
	}
	return strings.Join(parts, "; ")
}

// label is what a strategy spreads over, in a word.
func (r *rank) label() string {
	if r.of.Field == fieldZone {
		return "zone"
	}
	return r.attribute()
}

// mostValues is how many values of an attribute are told one by one.
const mostValues = 6

// tell gives the counts of a spread: the chosen value's first.
func (r *rank) tell(chosen int) string {
	text := fmt.Sprintf("%s has %d", r.name(chosen), r.counts[chosen])
	if len(r.values) > mostValues {
		return text + fmt.Sprintf(", the %d others %d to %d", len(r.values)-1, slices.Min(r.counts), slices.Max(r.counts))
	}
	order := make([]int, len(r.values))
	for n := range order {
		order[n] = n
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(r.values[a], r.values[b]) })
	for _, n := range order {
		if n == chosen {
			continue
		}
		text += fmt.Sprintf(", %s %d", r.name(n), r.counts[n])
		if r.counts[n] < r.counts[chosen] {
			text += " but no room"
		}
	}
	return text
}

func (r *rank) name(n int) string {
	if r.values[n] == absentValue {
		return "without " + r.attribute()
	}
	return r.values[n]
}
