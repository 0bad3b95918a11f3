package placement

import (
	"cmp"
	"slices"

	"berth/internal/sim/world"
)

// leaver is a task that could be stopped.
type leaver struct {
	task     *world.Task
	order    int
	instance *world.ContainerInstance // nil: it waits for one
	peers    *int32                   // on its instance
	freed    *[2]int                  // cpu and memory of those on its instance that have been picked
	thrown   int64
	counts   []*int32 // for each strategy the peers with its value
}

// Surplus picks n tasks of a service to stop, one after the other, in the order in which they are to go: by the given order
// the highest first, then by the strategies the other way round. Spread takes from where there are most (ECS API reference,
// UpdateService), binpack from the instance that has the most left when the task is gone (ECS developer guide, "Use
// strategies to define Amazon ECS task placement").
func Surplus(s Site, tasks []*world.Task, n int, strategy []world.PlacementStrategy, order func(*world.Task) int) []*world.Task {
	all := leavers(s, tasks, strategy, order)
	out := make([]*world.Task, 0, n)
	for range min(n, len(all)) {
		last := 0
		for i := 1; i < len(all); i++ {
			c := all[i].compare(all[last], strategy)
			if c > 0 || c == 0 && s.Ties == world.TiesOldest {
				last = i
			}
		}
		l := all[last]
		l.leave()
		out = append(out, l.task)
		all = slices.Delete(all, last, last+1)
	}
	return out
}

// leavers counts what the strategies go by.
func leavers(s Site, tasks []*world.Task, strategy []world.PlacementStrategy, order func(*world.Task) int) []*leaver {
	var seed uint64
	if s.Ties == world.TiesDice || slices.ContainsFunc(strategy, func(p world.PlacementStrategy) bool { return p.Type == Random }) {
		seed = s.Dice()
	}
	peers, freed := map[string]*int32{}, map[string]*[2]int{}
	values := make([]map[string]*int32, len(strategy))
	out := make([]*leaver, 0, len(tasks))
	for n, t := range tasks {
		l := &leaver{task: t, order: order(t), counts: make([]*int32, len(strategy))}
		l.instance, _ = s.Instances.Get(t.Instance)
		l.peers = counter(peers, t.Instance)
		if freed[t.Instance] == nil {
			freed[t.Instance] = &[2]int{}
		}
		l.freed = freed[t.Instance]
		for j, item := range strategy {
			if item.Type == Spread && item.Field != FieldInstance {
				if values[j] == nil {
					values[j] = map[string]*int32{}
				}
				value, _ := peerValue(s.Cluster, t, item.Field)
				l.counts[j] = counter(values[j], value)
			}
		}
		if seed != 0 {
			l.thrown = thrown(seed, 0, n)
		}
		out = append(out, l)
	}
	return out
}

// counter counts one more of a key.
func counter(of map[string]*int32, key string) *int32 {
	n, ok := of[key]
	if !ok {
		n = new(int32)
		of[key] = n
	}
	*n++
	return n
}

// leave takes a task out of the counts.
func (l *leaver) leave() {
	*l.peers--
	for _, c := range l.counts {
		if c != nil {
			*c--
		}
	}
	l.freed[0] += l.task.CPU
	l.freed[1] += l.task.Memory
}

// compare is above 0 when a task is to go before another.
func (l *leaver) compare(other *leaver, strategy []world.PlacementStrategy) int {
	if l.order != other.order {
		return l.order - other.order
	}
	for j, item := range strategy {
		switch {
		case item.Type == Random:
			return cmp.Compare(l.thrown, other.thrown)
		case item.Type == Binpack:
			if c := cmp.Compare(l.leaves(item.Field), other.leaves(item.Field)); c != 0 {
				return c
			}
		case item.Field == FieldInstance:
			if c := cmp.Compare(*l.peers, *other.peers); c != 0 {
				return c
			}
		default:
			if c := cmp.Compare(*l.counts[j], *other.counts[j]); c != 0 {
				return c
			}
		}
	}
	return cmp.Compare(l.thrown, other.thrown) // all 0 unless dice decide ties
}

// leaves is what an instance has left when the task is gone.
func (l *leaver) leaves(field string) int {
	if l.instance == nil {
		return 0
	}
	cpu, memory := left(l.instance)
	if field == FieldCPU {
		return cpu + l.freed[0] + l.task.CPU
	}
	return memory + l.freed[1] + l.task.Memory
}
