package roll

import (
	"fmt"
	"slices"
	"strconv"
)

// surge is how many instances a group may have beyond what is meant.
func (x *mind) surge(p *Pool) int {
	g, meant := x.groups[p.Group], x.meant(p)
	n := x.Order.Surge.Of(meant)
	switch x.Order.Strategy {
	case Double:
		n = len(x.m.Olds)
	case Terminate:
		return 0
	case Drain:
		if x.Order.Ramp {
			n = min(n, 2*max(1, p.Replaced))
		}
	}
	if !x.Order.BeyondMax {
		n = min(n, max(0, g.Max-meant))
	}
	return n
}

// unavailable is how many instances a group may lack: as ordered, and one where no other way is left.
func (x *mind) unavailable(p *Pool) int {
	meant := x.meant(p)
	n := x.Order.MaxUnavailable.Of(meant)
	if n == 0 && x.surge(p) == 0 && meant > 1 {
		n = 1
	}
	return n
}

// launch orders new instances where fewer stand by than there may be.
func (x *mind) launch() {
	for n := range x.m.Pools {
		p := &x.m.Pools[n]
		if x.unanswered(p) || x.At.Before(p.Retry) {
			continue
		}
		x.order(p)
	}
}

// unanswered asks once more for what AWS has not answered; it tells whether there was such a thing.
func (x *mind) unanswered(p *Pool) bool {
	found := false
	for _, l := range x.m.Launches {
		if l.Group == p.Group && l.Refused == "" {
			x.raise(p, l.Count)
			x.ask(l)
			found = true
		}
	}
	return found
}

// order decides how many new instances are to come, and where.
func (x *mind) order(p *Pool) {
	names, zones, missing := x.places(p)
	if g := x.groups[p.Group]; !x.Order.BeyondMax {
		missing = min(missing, g.Max-g.Desired)
	}
	total := 0
	var orders []Launch
	for _, zone := range names {
		for count := min(zones[zone], missing-total); count > 0; count = min(zones[zone], missing-total) {
			some := min(count, mostAtOnce)
			zones[zone] -= some
			total += some
			orders = append(orders, Launch{Group: p.Group, Zone: zone, Count: some, At: x.At, Canary: x.m.Stage == Canary})
		}
	}
	if total == 0 {
		return
	}
	x.raise(p, total)
	for _, l := range orders {
		x.m.Seq++
		l.Seq = x.m.Seq
		x.m.Launches = append(x.m.Launches, l)
		x.ask(l)
	}
}

// places says how many new instances may come now, and how many each zone lacks: they come into the zones of those that they are for.
// One that stands in a zone where it is not needed any more, because the old one there stays or went by itself, is in nobody's way.
func (x *mind) places(p *Pool) (names []string, zones map[string]int, want int) {
	zones = map[string]int{}
	limit := x.surge(p)
	for _, o := range x.m.Olds {
		if o.Group != p.Group {
			continue
		}
		zone := x.zone(p, o.Zone)
		if o.State == Gone {
			zones[zone]++ // a new one there is for it
		}
		if !x.turn(o) || want >= limit {
			continue
		}
		if !slices.Contains(names, zone) {
			names = append(names, zone)
		}
		zones[zone]++
		want++
	}
	for _, one := range x.m.News {
		if one.Group == p.Group && one.State != Ended {
			zones[one.Zone]--
		}
	}
	return names, zones, want
}

// zone is where the instance comes that takes the place of one in a zone: there, unless the group has left that zone.
func (x *mind) zone(p *Pool, old string) string {
	zones := x.groups[p.Group].Zones
	if len(zones) == 0 || slices.Contains(zones, old) {
		return old
	}
	return zones[0]
}

// mostAtOnce is how many instances one call launches (Auto Scaling API reference, LaunchInstances).
const mostAtOnce = 100

// turn tells whether an old instance is one of those that go now.
func (x *mind) turn(o Old) bool {
	switch o.State {
	case Waiting, Draining, Drained:
		return x.m.Stage != Canary || o.Canary
	default:
		return false
	}
}

func (x *mind) ask(l Launch) {
	x.say("", fmt.Sprintf("%d new %s in %s", l.Count, instances(l.Count), l.Zone))
	x.do(Action{Verb: LaunchNew, Group: l.Group, Zone: l.Zone, Count: l.Count, Token: x.Order.Run + "-" + strconv.Itoa(l.Seq)})
}

func instances(n int) string {
	if n == 1 {
		return "instance"
	}
	return "instances"
}

// raise makes room for more instances than the group's maximum. What the maximum was stands in a tag before it is raised. Where
// somebody else has set another one meanwhile, that counts from now on.
func (x *mind) raise(p *Pool, more int) {
	g := x.groups[p.Group]
	if g.Max < p.Max || g.Max > p.Max+p.Raised {
		p.Max, p.Raised = g.Max, 0
	}
	if need := g.Desired + more - p.Max; need > p.Raised && need > 0 {
		p.Raised = need
	}
	if p.Raised > 0 && g.Max < p.Max+p.Raised {
		x.do(Action{Verb: Mark, Group: p.Group, Key: TagSurge, Value: Surge{p.Raised, p.Max}.String()})
		x.do(Action{Verb: SetMax, Group: p.Group, Count: p.Max + p.Raised})
	}
}

// Surge is what the tag berth:surge says.
type Surge struct{ Delta, Max int }

// String is the tag's value.
func (s Surge) String() string { return fmt.Sprintf("%d of %d", s.Delta, s.Max) }

// ParseSurge reads the tag's value; false: nobody knows what it says.
func ParseSurge(text string) (Surge, bool) {
	var s Surge
	n, err := fmt.Sscanf(text, "%d of %d", &s.Delta, &s.Max)
	return s, err == nil && n == 2 && s.Delta > 0 && s.Max >= 0
}
