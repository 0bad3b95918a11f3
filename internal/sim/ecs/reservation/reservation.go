// Package reservation computes how much of a capacity provider's Auto Scaling group its tasks need: CapacityProviderReservation.
//
// In go the group's instances, the tasks that wait for room, and what one instance offers; out comes how many instances are needed
// and the metric's value (AWS containers blog, "Deep dive on Amazon ECS cluster auto scaling"; ECS developer guide, "Managed
// scaling behavior"). It is pure: it must never know of clusters, groups or time.
package reservation

import (
	"cmp"
	"slices"
)

// Size is what a task takes of an instance, or what an instance offers.
type Size struct {
	CPU, Memory int  // units, MiB
	Alone       bool // of a task: it has a port of the host, and there is only one of its kind on an instance
}

// Settings are those of a capacity provider.
type Settings struct {
	Target           int // percent
	MinStep, MaxStep int // instances
}

// Input is what the metric of one capacity provider is computed from.
type Input struct {
	Settings
	Instances int    // of the group, in service
	Empty     int    // of them, without a task that is not a daemon's
	Waiting   []Size // of every task in PROVISIONING
	Offers    []Size // of the instance types that the group may launch, less what daemons take
}

// Output is what is needed.
type Output struct {
	Needed int     // instances: M
	Value  float64 // of CapacityProviderReservation, percent
}

// Compute gives the metric. Tasks that do not fit on the smallest of the group's types are left out; with no others waiting
// the value is the target, and nothing is scaled.
func Compute(in Input) Output {
	n := in.Instances
	if len(in.Waiting) == 0 {
		return share(n-in.Empty, n)
	}
	more := 0
	for _, g := range groups(in.Waiting) {
		more = max(more, g.instances(in.Offers))
	}
	if more == 0 {
		return Output{Needed: n, Value: float64(in.Target)}
	}
	return share(n+min(max(more, in.MinStep), in.MaxStep), n)
}

// share is the value for m needed and n present instances. Without any present the ratio has no meaning: it is 100 when
// nothing is needed, and 200 when something is.
func share(m, n int) Output {
	switch {
	case n > 0:
		return Output{m, float64(m) / float64(n) * 100}
	case m > 0:
		return Output{m, 200}
	default:
		return Output{0, 100}
	}
}

// group are waiting tasks of one size.
type group struct {
	Size
	tasks int
}

func groups(waiting []Size) []group {
	sorted := slices.SortedFunc(slices.Values(waiting), func(a, b Size) int {
		alone := func(s Size) int {
			if s.Alone {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(a.CPU, b.CPU), cmp.Compare(a.Memory, b.Memory), cmp.Compare(alone(a), alone(b)))
	})
	var out []group
	for _, s := range sorted {
		if n := len(out); n > 0 && out[n-1].Size == s {
			out[n-1].tasks++
		} else {
			out = append(out, group{s, 1})
		}
	}
	return out
}

// instances is the least number of new instances that could hold a group of tasks: of the largest type. It is none when the
// smallest type does not hold one task.
func (g group) instances(offers []Size) int {
	if len(offers) == 0 {
		return 0
	}
	least, most := holds(offers[0], g.Size), 0
	for _, o := range offers {
		least, most = min(least, holds(o, g.Size)), max(most, holds(o, g.Size))
	}
	if least == 0 {
		return 0
	}
	return (g.tasks + most - 1) / most
}

// holds is how many tasks of a size an empty instance holds.
func holds(offer, task Size) int {
	const many = 1 << 20 // of tasks that take nothing
	n := many
	if task.CPU > 0 {
		n = min(n, offer.CPU/task.CPU)
	}
	if task.Memory > 0 {
		n = min(n, offer.Memory/task.Memory)
	}
	if task.Alone {
		n = min(n, 1)
	}
	return max(n, 0)
}
