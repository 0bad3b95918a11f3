package placement

import (
	"cmp"
	"container/heap"
	"strconv"
)

// class is the instances among which only what each has for itself decides: they are of one capacity provider and have the same
// values of all attributes that strategies spread over. The best of them is on top, so that of many instances only one for each
// class is looked at.
type class struct {
	provider string
	seats    []*seat
	lander   *lander
}

// Len, Less, Swap, Push and Pop are for the heap.
func (c *class) Len() int           { return len(c.seats) }
func (c *class) Less(i, j int) bool { return c.lander.before(c.seats[i], c.seats[j]) }
func (c *class) Swap(i, j int)      { c.seats[i], c.seats[j] = c.seats[j], c.seats[i] }
func (c *class) Push(s any)         { c.seats = append(c.seats, s.(*seat)) }

func (c *class) Pop() any {
	last := len(c.seats) - 1
	s := c.seats[last]
	c.seats = c.seats[:last]
	return s
}

// before tells whether an instance comes before another one of its class, or before any that is equal otherwise.
func (l *lander) before(a, b *seat) bool {
	for n := range l.ranks {
		x, y := l.ranks[n].amount(a), l.ranks[n].amount(b)
		if x != y {
			return x < y
		}
	}
	return a.order < b.order
}

// amount is what an instance has for itself of what a strategy goes by.
func (r *rank) amount(at *seat) int {
	switch r.by {
	case byPeers:
		return at.peers
	case byCPU:
		return at.cpu
	case byMemory:
		return at.memory
	default:
		return 0
	}
}

// better tells whether an instance comes before another one by the strategies.
func (l *lander) better(a, b *seat) bool {
	for n := range l.ranks {
		r := &l.ranks[n]
		x, y := r.amount(a), r.amount(b)
		if r.by == byValue {
			x, y = r.counts[a.keys[n]], r.counts[b.keys[n]]
		}
		if x != y {
			return x < y
		}
	}
	return a.order < b.order
}

// join puts an instance into its class.
func (l *lander) join(at *seat) {
	name := append([]byte(at.Provider), 0)
	for n := range at.keys {
		name = append(strconv.AppendInt(name, int64(at.keys[n]), 10), ' ')
	}
	c := l.byName[string(name)]
	if c == nil {
		c = &class{provider: at.Provider, lander: l}
		l.byName[string(name)] = c
		l.classes = append(l.classes, c)
	}
	at.class = c
	heap.Push(c, at)
}

// best is the best instance of a class that takes one more; nil: there is none. Those that are full leave the class.
func (c *class) best() *seat {
	if c.lander.moving {
		return c.search()
	}
	for len(c.seats) > 0 {
		if c.lander.fits(c.seats[0]) {
			return c.seats[0]
		}
		heap.Pop(c)
	}
	return nil
}

// search is best where an instance that does not fit now may fit when more tasks have landed.
func (c *class) search() *seat {
	var best *seat
	for _, at := range c.seats {
		if (best == nil || c.lander.before(at, best)) && c.lander.fits(at) {
			best = at
		}
	}
	return best
}

// moved puts an instance where it belongs after a task has landed on it.
func (c *class) moved(at *seat) {
	if len(c.seats) > 0 && c.seats[0] == at {
		heap.Fix(c, 0)
	} else {
		heap.Init(c) // it was searched for
	}
}

// choose finds the best instance of a provider for the next task; nil: there is none.
func (l *lander) choose(provider string) *seat {
	var best *seat
	for _, c := range l.classes {
		if provider != "" && c.provider != provider {
			continue
		}
		if at := c.best(); at != nil && (best == nil || l.better(at, best)) {
			best = at
		}
	}
	return best
}

// order sorts instances that nothing else decides between.
func order(a, b *seat) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.ARN, b.ARN))
}
