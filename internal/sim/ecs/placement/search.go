package placement

import (
	"slices"
	"strings"

	"berth/internal/sim/world"
)

// Search finds instances for equal tasks, one after the other. It is good while nothing happens to the cluster but that
// the tasks are placed, and each of them is told to it with Placed.
type Search struct {
	site  Site
	need  Need
	seats []seat
	ranks []rank
	on    map[*world.ContainerInstance]int32 // peers

	aheadCPU, aheadMemory int
	hints                 []int  // where the required attributes were on the instance before
	fixed                 []bool // which of the expressions do not look at tasks
}

// seat is an instance that could get a task.
type seat struct {
	instance *world.ContainerInstance
	peers    int32 // below 0: not counted yet
	suits    verdict
	admits   verdict
}

// rank is a strategy with what it counts by.
type rank struct {
	kind   byte
	field  string  // of byValue
	values numbers // that instances have
	keys   []int32 // for each seat the number of its attribute's value, or what is left there
	counts []int32 // peers by that number
}

const (
	byPeers byte = iota
	byValue
	byCPU
	byMemory
	byDice
)

// NewSearch begins a search among the ACTIVE instances of a cluster. The peers are the tasks that are to run and that have an
// instance, of the task's service or of its group.
func NewSearch(s Site, n Need, peers []*world.Task) *Search {
	out := prepare(s, n)
	for _, item := range n.Strategy {
		out.ranks = append(out.ranks, rankBy(item))
	}
	if s.Ties == world.TiesDice {
		out.ranks = append(out.ranks, rank{kind: byDice})
	}
	out.on = make(map[*world.ContainerInstance]int32, len(peers))
	for _, t := range peers {
		if i, ok := s.Instances.Get(t.Instance); ok {
			out.on[i]++
		}
	}
	out.sit()
	out.count(peers)
	return out
}

func prepare(s Site, n Need) *Search {
	out := &Search{site: s, need: n, hints: make([]int, len(n.Requires))}
	for _, d := range s.Ahead {
		out.aheadCPU, out.aheadMemory = out.aheadCPU+d.CPU, out.aheadMemory+d.Memory
	}
	for _, e := range n.Rules.members {
		out.fixed = append(out.fixed, !e.Dynamic())
	}
	return out
}

// sit finds the instances, in one walk over their rows: after it only those that could be chosen are touched.
func (s *Search) sit() {
	size, uncounted := s.site.Instances.Len(), int32(-1)
	if len(s.on) == 0 {
		uncounted = 0
	}
	s.seats = make([]seat, 0, size)
	for j := range s.ranks {
		if s.ranks[j].keyed() {
			s.ranks[j].keys = make([]int32, 0, size)
		}
	}
	for i := range s.site.Instances.Rows() {
		if i.Status != "ACTIVE" || s.need.Provider != "" && i.Provider != s.need.Provider {
			continue
		}
		s.seats = append(s.seats, seat{instance: i, peers: uncounted})
		for j := range s.ranks {
			if r := &s.ranks[j]; r.keyed() {
				r.keys = append(r.keys, r.key(i))
			}
		}
	}
}

// keyed tells whether a strategy goes by something that instances have.
func (r *rank) keyed() bool { return r.kind != byPeers && r.kind != byDice }

func (r *rank) key(i *world.ContainerInstance) int32 {
	if r.kind == byValue {
		return r.values.of(spreadValue(i, r.field))
	}
	cpu, memory := left(i)
	if r.kind == byCPU {
		return int32(cpu)
	}
	return int32(memory)
}

// count counts the peers by what the strategies spread over. Values that no instance has that could be chosen do not matter.
func (s *Search) count(peers []*world.Task) {
	for j := range s.ranks {
		r := &s.ranks[j]
		if r.kind != byValue {
			continue
		}
		r.counts = make([]int32, len(r.values.texts))
		for _, t := range peers {
			if text, ok := peerValue(s.site.Cluster, t, r.field); ok {
				if n := r.values.find(text); n >= 0 {
					r.counts[n]++
				}
			}
		}
	}
}

// peers counts the peers on an instance.
func (s *Search) peers(at *seat) int32 {
	if at.peers < 0 {
		at.peers = s.on[at.instance]
	}
	return at.peers
}

// rankBy prepares a strategy.
func rankBy(item world.PlacementStrategy) rank {
	switch {
	case item.Type == Random:
		return rank{kind: byDice}
	case item.Type == Binpack && item.Field == FieldCPU:
		return rank{kind: byCPU}
	case item.Type == Binpack:
		return rank{kind: byMemory}
	case item.Field == FieldInstance:
		return rank{kind: byPeers}
	}
	return rank{kind: byValue, field: item.Field}
}

// absent stands for an attribute that an instance has not: those instances are spread over as if they had one value in
// common.
const absent = "\x00"

// spreadValue is what an instance has of the field of a spread.
func spreadValue(i *world.ContainerInstance, field string) string {
	if field == FieldZone {
		return zoneOf(i)
	}
	if value, ok := valueOf(i, strings.TrimPrefix(field, FieldAttribute)); ok {
		return value
	}
	return absent
}

// peerValue is spreadValue for the instance of a task.
func peerValue(k *world.Cluster, t *world.Task, field string) (string, bool) {
	if field == FieldZone && t.Zone != "" {
		return t.Zone, true
	}
	i, ok := k.Instances.Get(t.Instance)
	if !ok {
		return "", false
	}
	return spreadValue(i, field), true
}

// numbers gives texts numbers. There are mostly few.
type numbers struct {
	texts []string
	index map[string]int32
}

const fewTexts = 8

func (v *numbers) find(text string) int32 {
	if v.index == nil {
		for n, t := range v.texts {
			if len(t) == len(text) && (t == "" || t[len(t)-1] == text[len(t)-1] && t == text) { // zones differ at their ends
				return int32(n)
			}
		}
		return -1
	}
	if n, ok := v.index[text]; ok {
		return n
	}
	return -1
}

func (v *numbers) of(text string) int32 {
	if n := v.find(text); n >= 0 {
		return n
	}
	v.texts = append(v.texts, text)
	last := int32(len(v.texts) - 1)
	switch {
	case v.index != nil:
		v.index[text] = last
	case len(v.texts) > fewTexts:
		v.index = map[string]int32{}
		for n, t := range v.texts {
			v.index[t] = int32(n)
		}
	}
	return last
}

// Choose finds the best instance for the next task, nil if there is none. Only those that would be the best so far are
// looked at closely.
func (s *Search) Choose() *world.ContainerInstance {
	var seed uint64
	if slices.ContainsFunc(s.ranks, func(r rank) bool { return r.kind == byDice }) {
		seed = s.site.Dice()
	}
	var best *world.ContainerInstance
	score, next := make([]int64, len(s.ranks)), make([]int64, len(s.ranks))
	for step := range s.seats {
		n := step
		if s.site.Ties == world.TiesNewest {
			n = len(s.seats) - 1 - step
		}
		at := &s.seats[n]
		if !s.better(n, next, score, best == nil, seed) || !s.fits(at) {
			continue
		}
		best, score, next = at.instance, next, score
	}
	return best
}

// better fills in the score of a seat, as far as it is needed, and tells whether it is lower than the best one. It is the inner
// loop of a search, so it calls nothing that need not be called.
func (s *Search) better(n int, score, best []int64, first bool, seed uint64) bool {
	lower := first
	for j := range s.ranks {
		var v int64
		switch r := &s.ranks[j]; r.kind {
		case byPeers:
			v = int64(s.seats[n].peers)
			if v < 0 {
				v = int64(s.peers(&s.seats[n]))
			}
		case byValue:
			v = int64(r.counts[r.keys[n]])
		case byDice:
			v = thrown(seed, j, n)
		default:
			v = int64(r.keys[n])
		}
		score[j] = v
		if !lower {
			if v > best[j] {
				return false
			}
			lower = v < best[j]
		}
	}
	return lower
}

// thrown is a number for one of many, from one throw of the dice for them all (the finalizer of SplitMix64).
func thrown(seed uint64, place, n int) int64 {
	z := seed + 0x9e3779b97f4a7c15*uint64(n+1) + 0xd1342543de82ef95*uint64(place)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int64((z ^ z>>31) >> 1)
}

// Placed tells the search that a task has been placed onto an instance that it chose.
func (s *Search) Placed(i *world.ContainerInstance) {
	for n := range s.seats {
		if s.seats[n].instance == i {
			s.seats[n].peers = s.peers(&s.seats[n]) + 1
			for j := range s.ranks {
				switch r := &s.ranks[j]; r.kind {
				case byValue:
					r.counts[r.keys[n]]++
				case byCPU, byMemory:
					r.keys[n] = r.key(i)
				}
			}
			return
		}
	}
}
