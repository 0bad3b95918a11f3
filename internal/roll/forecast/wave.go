package forecast

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"berth/internal/live"
	"berth/internal/roll"
	"berth/internal/roll/fit"
)

// waves lets the roll happen on the board: new instances come, old ones go, wave after wave, as many at once as the order and the
// groups allow.
func (c *scene) waves() {
	c.set()
	for _, o := range c.olds {
		if c.Order.Strategy == roll.Terminate {
			break
		}
		if why := c.stays(o); why != "" {
			o.Fate, o.Why = Skipped, why
			continue
		}
		o.Why = c.sticks(o)
	}
	c.canaries()
	for _, p := range c.pools {
		p.waiting = slices.DeleteFunc(p.waiting, func(o *Old) bool { return o.Why != "" })
	}
	if c.Order.Strategy == roll.Terminate {
		c.strikes()
		return
	}
	if c.Order.Canary > 0 && c.Order.Strategy != roll.Double {
		for c.wave(true) { // where few may stand beside what is meant, the canaries come one after the other
		}
	}
	for c.wave(false) {
	}
}

// set sets up the board.
func (c *scene) set() {
	var nodes []live.Instance
	for n := range c.Nodes {
		one := &c.Nodes[n]
		if one.ARN == "" || leaves(one.State) && one.Group != "" {
			continue
		}
		i := one.Instance
		if c.Order.Fence && c.byID[one.ID] == nil {
			i.Attributes = maps.Clone(i.Attributes)
			if i.Attributes == nil {
				i.Attributes = map[string]string{}
			}
			i.Attributes[roll.AttrFence] = c.run()
		}
		nodes = append(nodes, i)
	}
	c.board = fit.New(nodes, c.Tasks, c.need)
	for n := range c.Services {
		s := &c.Services[n]
		if need := c.Demands[s.Definition+" "+s.Name]; s.Daemon && s.Status == active && need.Known && need.Daemon {
			c.board.Keep(need.Demand)
		}
	}
}

// leaves tells that an instance leaves its group already, or is in none.
func leaves(state string) bool {
	return state == "" || len(state) > 8 && state[:8] == "Terminat" || len(state) > 6 && state[:6] == "Detach"
}

// stays tells why an instance stays whatever happens; empty: it can go.
func (c *scene) stays(o *Old) string {
	n := c.nodes[o.ID]
	if c.foreign(n) {
		return "somebody else drains it"
	}
	for _, t := range o.Tasks {
		s := c.served[t.Name]
		switch {
		case t.Kind == StandAlone && c.Order.Standalone == roll.SkipThem:
			return "the stand-alone task " + t.ID + " of " + t.Name + " runs there"
		case t.Kind == OfService && s != nil && !movable(s, s.MaxPct) && !c.Order.Patch:
			return fmt.Sprintf("%s may neither start another task nor stop one (minimumHealthyPercent %d, maximumPercent %d of %d)", t.Name, s.MinPct, s.MaxPct, s.Desired)
		}
	}
	return ""
}

// foreign tells whether somebody else drains an instance.
func (c *scene) foreign(n *roll.Node) bool {
	return n.Status == draining && (c.Order.Run == "" || n.DrainedBy() != c.Order.Run)
}

// sticks tells why a drain would not end in time; empty: nothing is known that keeps it.
func (c *scene) sticks(o *Old) string {
	if slices.Contains(c.Order.Force, o.ID) {
		return ""
	}
	for _, t := range o.Tasks {
		if s := c.services[t.Name]; t.Kind == OfService && s.Start+s.Delay+s.Stop > seconds(c.Order.DrainTimeout) {
			return fmt.Sprintf("a task of %s takes longer to move than a drain may", t.Name)
		}
	}
	return ""
}

// canaries are the first of each architecture.
func (c *scene) canaries() {
	if c.Order.Strategy == roll.Terminate {
		return
	}
	chosen := map[string]int{}
	for _, waits := range []bool{false, true} { // those before others that need not be waited for
		for _, o := range c.olds {
			if o.Why == "" && chosen[o.Arch] < c.Order.Canary && waits == slices.ContainsFunc(o.Tasks, func(t Task) bool { return !t.Protected.IsZero() }) {
				o.Canary = true
				chosen[o.Arch]++
			}
		}
	}
}

// wave lets one wave happen; it is false when nothing can go any more.
func (c *scene) wave(canary bool) bool {
	w := Wave{N: len(c.waved) + 1, Canary: canary, Olds: []string{}, New: c.came}
	for _, p := range c.pools {
		c.come(p, &w)
		w.extra += p.extra
	}
	for _, p := range c.pools {
		c.drain(p, &w)
	}
	if c.came = w.New; len(w.Olds) == 0 {
		return false
	}
	c.came = nil
	c.waved = append(c.waved, w)
	return true
}

// come lets new instances of a group join, in the zones of those that go next.
func (c *scene) come(p *pool, w *Wave) {
	limit, want := c.surge(p, p.replaced), 0
	var zones []string
	for _, o := range p.waiting {
		if (!w.Canary || o.Canary) && want < limit {
			zones = append(zones, c.zone(p, o.Zone))
			want++
		}
	}
	for _, zone := range zones[min(p.extra, len(zones)):] {
		c.open(p, zone)
		p.extra++
		at := slices.IndexFunc(w.New, func(n New) bool { return n.Group == p.Key && n.Zone == zone })
		if at < 0 {
			w.New = append(w.New, New{Group: p.Key, Zone: zone})
			at = len(w.New) - 1
		}
		w.New[at].Count++
	}
}

// open adds a new instance to the board. Where nobody knows what the group's instances are like, it holds nothing.
func (c *scene) open(p *pool, zone string) {
	c.fresh++
	p.works[zone]++
	if i, known := c.model(p, zone); known {
		i.ID = fmt.Sprintf("new-%d", c.fresh)
		i.ARN = i.ID
		c.board.Open(i)
	}
}

// zone is where the instance comes that takes the place of one in a zone.
func (c *scene) zone(p *pool, old string) string {
	if zones := p.group.Zones; len(zones) > 0 && !slices.Contains(zones, old) {
		return zones[0]
	}
	return old
}

// drain lets as many old instances of a group go as others work in their place. Where one cannot, the next one is tried.
func (c *scene) drain(p *pool, w *Wave) {
	room, gone := p.ready()-p.Desired+c.unavailable(p), 0
	var stay []*Old
	for queue := p.waiting; len(queue) > 0; {
		var batch, rest []*Old
		for _, o := range queue {
			idle := !works(c.nodes[o.ID])
			if w.Canary && !o.Canary || room <= 0 && !idle {
				rest = append(rest, o)
				continue
			}
			batch = append(batch, o)
			c.board.Close(o.ARN) // those that go together take nothing from one another
			if !idle {
				room--
			}
		}
		failed := 0
		for _, o := range batch {
			if c.leave(p, o, w) {
				gone++
				continue
			}
			failed++
			c.board.Reopen(o.ARN)
			stay = append(stay, o)
			if works(c.nodes[o.ID]) {
				room++
			}
		}
		if queue = rest; failed == 0 {
			stay = append(stay, rest...)
			break
		}
	}
	slices.SortFunc(stay, func(a, b *Old) int { return cmp.Compare(a.order, b.order) })
	p.waiting = stay
	c.given(p, w, gone)
}

// given settles a group after a wave: as many new instances as stand beyond what is meant take the places of those that went, and for
// the others the group gives some by itself.
func (c *scene) given(p *pool, w *Wave, gone int) {
	p.replaced += gone
	with := min(gone, p.extra)
	p.extra -= with
	for _, id := range w.Olds[len(w.Olds)-(gone-with):] {
		c.open(p, c.byID[id].Zone)
	}
}

// ready is how many instances of a group work.
func (p *pool) ready() int {
	n := 0
	for _, count := range p.works { // unordered: a sum
		n += count
	}
	return n
}

// lastOf tells whether a zone must keep the only instance that works there.
func (c *scene) lastOf(p *pool, zone string) bool {
	return p.works[zone] == 1 && p.ready() > 1 && (p.Surge > 0 || !c.Order.AllowOutage)
}

// leave lets one old instance go in a wave, if its tasks fit elsewhere and its zone keeps one that works.
func (c *scene) leave(p *pool, o *Old, w *Wave) bool {
	busy := works(c.nodes[o.ID])
	o.Why, o.last = "", busy && c.lastOf(p, o.Zone)
	if o.last {
		o.Why = "it is the only instance that works in " + o.Zone + ", and none comes beside it"
	}
	moves := c.board.Move(o.ARN)
	for _, m := range moves {
		t, stuck := c.landed[m.Task], m.Known && !m.Fits()
		if stuck && o.Why == "" {
			o.Why = "a task of " + m.Group[len("service:"):] + " fits nowhere else: " + m.Why
		}
		switch {
		case t == nil || t.To != "":
		case stuck:
			t.Why, t.Lacks = m.Why, m.Lacks
		default:
			t.Why, t.Lacks = "", nil
		}
	}
	if o.Why != "" {
		c.board.Back(o.ARN)
		return false
	}
	c.went(o, w, moves)
	if busy {
		p.works[o.Zone]--
	}
	return true
}

// went notes that an instance goes in a wave, and where its tasks go. One that another instance of the same wave was to get goes on at
// once: both drain at the same time.
func (c *scene) went(o *Old, w *Wave, moves []fit.Move) {
	o.Fate, o.Wave = Replaced, w.N
	w.Olds = append(w.Olds, o.ID)
	for _, m := range moves {
		t := c.landed[m.Task]
		if t == nil {
			continue // somebody else has drained its instance
		}
		if t.latest != w.N {
			w.Moves++
			c.services[t.Name].Moves++
		}
		if t.latest = w.N; t.first == 0 || t.first == w.N {
			t.first, t.To, t.Zone, t.Why = w.N, m.To, m.Zone, m.Why
		}
	}
}

// strikes terminates instances as they are, as many at once as a group may lack.
func (c *scene) strikes() {
	for len(c.waved) < len(c.olds) {
		w, lost := Wave{N: len(c.waved) + 1, Olds: []string{}}, map[string]int{}
		for _, p := range c.pools {
			least, gone := p.Desired-c.unavailable(p), 0
			for len(p.waiting) > 0 && (p.ready() > least || !works(c.nodes[p.waiting[0].ID])) {
				o := p.waiting[0]
				p.waiting = p.waiting[1:]
				c.lose(o, lost)
				c.went(o, &w, c.board.Move(o.ARN))
				if works(c.nodes[o.ID]) {
					p.works[o.Zone]--
				}
				gone++
			}
			c.given(p, &w, gone)
		}
		if len(w.Olds) == 0 {
			return
		}
		c.waved = append(c.waved, w)
	}
}

// lose counts the tasks of services that end together.
func (c *scene) lose(o *Old, lost map[string]int) {
	for _, t := range o.Tasks {
		if s := c.services[t.Name]; t.Kind == OfService && s != nil {
			lost[t.Name]++
			s.Lost = max(s.Lost, lost[t.Name])
			s.Lowest = max(0, min(s.Lowest, s.Healthy-lost[t.Name]))
		}
	}
}
