package fit

import (
	"iter"
	"slices"

	"berth/internal/live"
	"berth/internal/placement"
)

// tally is how many tasks of the group of one want are where.
type tally struct {
	want   *want
	peers  []int32        // by seat
	values [][]int32      // by rank and number of the value
	shares map[string]int // by capacity provider
}

func (t *tally) forget() { t.want, t.peers = nil, nil }

// face counts for a want; what was counted for it before still holds.
func (b *Board) face(w *want) {
	t := &b.now
	if t.want == w && w != nil {
		return
	}
	if t.want != nil {
		for _, n := range b.members[t.want.demand.Group] {
			t.peers[n] = 0
		}
	}
	if len(t.peers) != len(b.seats) {
		t.peers = make([]int32, len(b.seats))
	}
	t.want, t.values, t.shares = w, make([][]int32, len(w.ranks)), map[string]int{}
	for k := range w.ranks {
		if r := &w.ranks[k]; r.by == byValue && len(b.kinds.all) > 0 {
			r.value(b.kinds.all, int32(len(b.kinds.all)-1))
			t.values[k] = make([]int32, len(r.keys))
		}
	}
	for _, n := range b.members[w.demand.Group] {
		t.add(b, n, 1)
	}
}

func (t *tally) add(b *Board, n int32, by int32) {
	t.peers[n] += by
	kind := b.seats[n].kind
	t.shares[b.kinds.all[kind].Provider] += int(by)
	for k := range t.want.ranks {
		if r := &t.want.ranks[k]; r.by == byValue {
			t.values[k][r.of[kind]] += by
		}
	}
}

// count tells that a group has one task more or less on a seat.
func (b *Board) count(group string, n int32, by int32) {
	if b.now.want != nil && b.now.want.demand.Group == group {
		b.now.add(b, n, by)
	}
	all := b.members[group]
	if by > 0 {
		b.members[group] = append(all, n)
		return
	}
	if at := slices.Index(all, n); at >= 0 {
		all[at] = all[len(all)-1]
		b.members[group] = all[:len(all)-1]
	}
}

// land finds a seat for a task that has left its own.
func (b *Board) land(d *departure) Move {
	m := Move{Task: d.task.ARN, Group: d.task.Group, Known: d.want.known}
	if !m.Known {
		m.Why = "its task definition could not be read"
		return m
	}
	b.face(d.want)
	provider := b.provider(d.want.demand.Providers)
	d.to = b.choose(d.want, provider)
	if d.to == nobody {
		all := 0
		m.Lacks, all = b.lacks(d.want, provider)
		m.Why = placement.Told(m.Lacks, all)
		return m
	}
	m.To, m.Zone = b.instances[d.to].ID, b.instances[d.to].Zone
	b.take(d, d.to)
	return m
}

func (b *Board) take(d *departure, n int32) {
	s, r := &b.seats[n], &d.want.demand.Room
	s.cpu, s.memory, s.gpus, s.enis = s.cpu-r.CPU, s.memory-r.Memory, s.gpus-r.GPUs, s.enis-r.ENIs
	s.landed = append(s.landed, arrival{d.task, d.want})
	b.count(d.task.Group, n, 1)
}

func (b *Board) takeBack(d *departure, n int32) {
	s, r := &b.seats[n], &d.want.demand.Room
	s.cpu, s.memory, s.gpus, s.enis = s.cpu+r.CPU, s.memory+r.Memory, s.gpus+r.GPUs, s.enis+r.ENIs
	at := slices.Index(s.landed, arrival{d.task, d.want})
	s.landed = slices.Delete(slices.Clone(s.landed), at, at+1)
	b.count(d.task.Group, n, -1)
}

// provider is the one of the next task: first those whose base is not reached, then the one that is the furthest from its weight's
// share (ECS API reference, CapacityProviderStrategyItem); empty: any.
func (b *Board) provider(all []placement.Provider) string {
	var best *placement.Provider
	behind := func(p *placement.Provider) float64 { return float64(b.now.shares[p.Name]-p.Base+1) / float64(p.Weight) }
	for n := range all {
		p := &all[n]
		if b.now.shares[p.Name] < p.Base {
			return p.Name
		}
		if p.Weight > 0 && (best == nil || behind(p) < behind(best)) {
			best = p
		}
	}
	if best == nil {
		return ""
	}
	return best.Name
}

// choose is the seat that ECS would take: the best by the strategies of those that fit, of equals the one with the lowest id.
func (b *Board) choose(w *want, provider string) int32 {
	best, room := nobody, &w.demand.Room
	for _, n := range b.order {
		s := &b.seats[n]
		if !s.open || s.cpu < room.CPU || s.memory < room.Memory || !w.suitable(b, n) || provider != "" && b.instances[n].Provider != provider {
			continue
		}
		if (best == nobody || b.before(w, n, best)) && b.fits(w, n) {
			best = n
		}
	}
	return best
}

// before tells whether a seat comes before one with a lower id.
func (b *Board) before(w *want, n, best int32) bool {
	x, y := &b.seats[n], &b.seats[best]
	for k := range w.ranks {
		r := &w.ranks[k]
		var p, q int
		switch r.by {
		case byValue:
			p, q = int(b.now.values[k][r.of[x.kind]]), int(b.now.values[k][r.of[y.kind]])
		case byPeers:
			p, q = int(b.now.peers[n]), int(b.now.peers[best])
		case byCPU:
			p, q = x.cpu+x.keptCPU, y.cpu+y.keptCPU // ECS keeps nothing
		case byMemory:
			p, q = x.memory+x.keptMemory, y.memory+y.keptMemory
		}
		if p != q {
			return p < q
		}
	}
	return false
}

// fits asks a seat that has processor and memory enough for what is seldom wanted.
func (b *Board) fits(w *want, n int32) bool {
	s, r := &b.seats[n], &w.demand.Room
	return (r.GPUs == 0 || s.gpus >= r.GPUs) && (r.ENIs == 0 || s.enis >= r.ENIs || b.instances[n].Total.ENIs == 0) && !(w.judge.Distinct() && b.now.peers[n] > 0) &&
		(len(r.TCP)+len(r.UDP) == 0 || len(b.ports(w, n)) == 0) &&
		(!w.judge.Counting() || len(w.judge.Broken(&b.instances[n], b.groups(n))) == 0)
}

// groups are those of the tasks on a seat.
func (b *Board) groups(n int32) []string {
	var out []string
	for t := range b.there(n) {
		out = append(out, t.Group)
	}
	for _, a := range b.seats[n].landed {
		out = append(out, a.want.demand.Group)
	}
	return out
}

// there are the tasks that were on a seat from the start and have not left it.
func (b *Board) there(n int32) iter.Seq[*live.Task] {
	gone := b.left[b.instances[n].ARN]
	return func(yield func(*live.Task) bool) {
		for _, at := range b.on[n] {
			t := &b.tasks[at]
			if gone != nil && slices.ContainsFunc(gone.tasks, func(d departure) bool { return d.task == t }) {
				continue
			}
			if !yield(t) {
				return
			}
		}
	}
}

// prepare does what only a board on which something moves must know: which instances are alike, and what daemons take that are to
// come and have not.
func (b *Board) prepare() {
	if len(b.kinds.all) == 0 {
		for n := range b.seats {
			b.seats[n].kind = b.kinds.of(&b.instances[n])
		}
	}
	for len(b.guards) < len(b.daemons) {
		w := guard(b.daemons[len(b.guards)])
		b.guards = append(b.guards, w)
		for n := range b.seats {
			b.reserve(w, int32(n))
		}
	}
}

// guard is what a daemon wants wherever it may be.
func guard(d placement.Demand) *want {
	d.Providers, d.Zones = nil, nil
	w := &want{demand: d, known: true, judge: placement.NewJudge(d, placement.Site{})}
	w.alike = w.judge.Alike()
	return w
}

func (b *Board) reserve(w *want, n int32) {
	s, i, r := &b.seats[n], &b.instances[n], &w.demand.Room
	if i.Status != "ACTIVE" || !i.Connected || b.has(n, w.demand.Group) || !w.suitable(b, n) || r.CPU > i.Total.CPU || r.Memory > i.Total.Memory {
		return // of what does not fit on an empty instance nothing is kept for it
	}
	if !w.judge.Counting() || len(w.judge.Broken(i, b.groups(n))) == 0 {
		s.cpu, s.memory, s.gpus, s.enis = s.cpu-r.CPU, s.memory-r.Memory, s.gpus-r.GPUs, s.enis-r.ENIs
		s.keptCPU, s.keptMemory = s.keptCPU+r.CPU, s.keptMemory+r.Memory
	}
}

// has tells whether a task of a group was on a seat from the start.
func (b *Board) has(n int32, group string) bool {
	return slices.ContainsFunc(b.on[n], func(at int32) bool { return b.tasks[at].Group == group })
}
