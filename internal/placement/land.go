package placement

import (
	"slices"

	"berth/internal/live"
)

// Landing is where one task comes.
type Landing struct {
	Instance string  // EC2's id; empty: it finds none now
	Zone     string  // of the instance
	Why      string  // which strategy chose it, with figures; or why it finds none
	Unfit    []Unfit // where it finds none: what each instance lacks; tasks that find none for the same reasons share it
	Comes    *Growth // where it finds none, and a group will grow for it
}

// Unfit is an instance that cannot have a task, and why.
type Unfit struct {
	Instance string
	Zone     string
	Lacks    []Lack
}

// Land says where each of n tasks comes, one after the other, as ECS chooses by the demand's strategies. The tasks of its
// group that are there already count. Of a daemon n does not matter: one comes to each instance that suits and has none.
// Where ECS leaves open which of equal instances it takes, the one with the lowest id is named.
func Land(d Demand, n int, s Site) []Landing {
	l := newLander(d, s)
	if d.Daemon {
		return l.everywhere()
	}
	var out []Landing
	waiting := map[string][]int{} // tasks that found none, by provider
	var order []string
	for range n {
		p := l.next()
		at := l.choose(p)
		if at == nil {
			if waiting[p] == nil {
				order = append(order, p)
			}
			waiting[p] = append(waiting[p], len(out))
			out = append(out, Landing{})
			continue
		}
		out = append(out, Landing{Instance: at.ID, Zone: at.Zone, Why: l.why(at, p)})
		l.land(at)
	}
	for _, p := range order {
		l.wait(out, waiting[p], p)
	}
	return out
}

// lander lands tasks of one demand, one after the other.
type lander struct {
	*Judge

	site    Site
	seats   []*seat  // all instances, by id
	classes []*class // those that may take one more
	byName  map[string]*class
	ranks   []rank
	shares  map[string]int // tasks of the group by provider
	moving  bool           // an expression looks at tasks
}

func newLander(d Demand, s Site) *lander {
	l := &lander{Judge: NewJudge(d, s), site: s, shares: map[string]int{}, byName: map[string]*class{}}
	l.moving = slices.ContainsFunc(l.rules, rule.counts)
	for _, one := range d.strategy() {
		if r, decides := newRank(one); decides {
			l.ranks = append(l.ranks, r)
		}
	}
	all := make([]seat, len(s.Instances))
	for n := range s.Instances {
		all[n] = l.seat(&s.Instances[n])
		l.seats = append(l.seats, &all[n])
	}
	slices.SortFunc(l.seats, order)
	for n, at := range l.seats {
		at.order = n
		l.add(at)
	}
	return l
}

// add lets the strategies see an instance, and keeps it if it may take a task.
func (l *lander) add(at *seat) {
	at.keys = make([]int, len(l.ranks))
	for n := range l.ranks {
		at.keys[n] = l.ranks[n].add(at)
	}
	l.shares[at.Provider] += at.peers
	if l.suitable(at) {
		l.join(at)
	}
}

// suitable tells whether an instance lacks nothing that lasts while tasks land.
func (l *lander) suitable(at *seat) bool {
	if at.suits == unasked {
		at.suits = no
		zones := l.demand.Zones
		if l.absent(at.Instance) == nil && l.state(at.Instance) == nil && (len(zones) == 0 || slices.Contains(zones, at.Zone)) &&
			l.missing(at.Instance) == nil && !slices.ContainsFunc(l.rules, func(r rule) bool { return !r.counts() && !r.admits(at) }) {
			at.suits = yes
		}
	}
	return at.suits == yes
}

// fits tells whether an instance that is suitable takes one more.
func (l *lander) fits(at *seat) bool {
	want := &l.demand.Room
	if at.cpu-at.kept.CPU < want.CPU || at.memory-at.kept.Memory < want.Memory || l.distinct && at.peers > 0 ||
		(want.GPUs > 0 || want.ENIs > 0 || len(l.want) > 0) && len(l.room(at)) > 0 {
		return false
	}
	return !slices.ContainsFunc(l.rules, func(r rule) bool { return r.counts() && !r.admits(at) })
}

// land takes what a task takes, and lets the strategies count it.
func (l *lander) land(at *seat) {
	l.Judge.land(at)
	for n := range l.ranks {
		if r := &l.ranks[n]; r.by == byValue {
			r.counts[at.keys[n]]++
		}
	}
	at.class.moved(at)
}

// next is the capacity provider of the next task, which counts for it whether it finds an instance or waits: first those with
// a base that is not reached, then the one that is the furthest from its weight's share (ECS API reference,
// CapacityProviderStrategyItem). Without a strategy it is "".
func (l *lander) next() string {
	var best *Provider
	all := l.demand.Providers
	for n := range all {
		p := &all[n]
		if l.shares[p.Name] < p.Base {
			best = p
			break
		}
		if p.Weight > 0 && (best == nil || l.behind(p) < l.behind(best)) {
			best = p
		}
	}
	if best == nil {
		return ""
	}
	l.shares[best.Name]++
	return best.Name
}

func (l *lander) behind(p *Provider) float64 {
	return float64(l.shares[p.Name]-p.Base+1) / float64(p.Weight)
}

// everywhere lands a daemon.
func (l *lander) everywhere() []Landing {
	var out []Landing
	for _, at := range l.seats {
		if at.peers > 0 || !l.suitable(at) || slices.ContainsFunc(l.rules, func(r rule) bool { return !r.admits(at) }) {
			continue
		}
		lacks := l.lacks(at)
		if len(lacks) == 0 {
			out = append(out, Landing{Instance: at.ID, Zone: at.Zone, Why: "a daemon runs on every instance that suits"})
			continue
		}
		out = append(out, Landing{Zone: at.Zone, Why: at.ID + " is to have one: " + sentence(lacks), Unfit: []Unfit{{at.ID, at.Zone, lacks}}})
	}
	return out
}

// unfit says of every instance what it lacks for one more task of a provider.
func (l *lander) unfit(provider string) []Unfit {
	var out []Unfit
	for _, at := range l.seats {
		if at.virtual {
			continue
		}
		lacks := l.lacks(at)
		if provider != "" && at.Provider != provider && at.ARN != "" && !slices.ContainsFunc(lacks, func(k Lack) bool { return k.What == Capacity }) {
			lacks = append(lacks, Lack{What: Capacity, Name: at.Provider, Ever: true})
		}
		out = append(out, Unfit{at.ID, at.Zone, lacks})
	}
	return out
}

// peersOf are the tasks of a group that are there and are to stay.
func (s Site) peersOf(group string) []live.Task {
	var out []live.Task
	for _, t := range s.Tasks {
		if t.Group == group && t.Instance != "" && t.Last != stopped && t.Desired != stopped {
			out = append(out, t)
		}
	}
	return out
}
