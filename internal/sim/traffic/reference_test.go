package traffic

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/sim/elb"
	"berth/internal/sim/world"
)

// player is the slow, obvious way to the same figures: it plays every request by itself. Each has its own moment, goes where
// whoever is owed most of a turn is, is being worked on for a while, and is lost if its program goes away meanwhile.
type player struct {
	now    time.Time
	phase  int64 // billionths of a request since the last one came
	rate   int64
	paths  []world.Path
	work   []job
	counts map[string]Counts // by group
}

type job struct {
	group, target string
	over          time.Time
}

// turn picks one of some shares for one request: each is owed its weight with every request that comes to it.
func turnOf(n int, share func(int) *world.Share) int {
	rest := int64(0)
	for i := range n {
		rest += share(i).Weight
	}
	for i := range n - 1 {
		s := share(i)
		s.Credit += s.Weight
		if s.Credit >= rest {
			s.Credit -= rest
			return i
		}
		rest -= s.Weight
	}
	return n - 1
}

// until plays the requests that come up to a moment.
func (p *player) until(end time.Time) {
	for p.rate > 0 {
		left := second - p.phase
		next := p.now.Add(time.Duration((left + p.rate - 1) / p.rate))
		if next.After(end) {
			break
		}
		p.phase = int64(next.Sub(p.now))*p.rate - left
		p.now = next
		p.request()
	}
	p.phase += int64(end.Sub(p.now)) * p.rate
	p.now = end
}

func (p *player) request() {
	p.grow(p.now) // a step of a slow start counts for what comes after it
	path := &p.paths[turnOf(len(p.paths), func(i int) *world.Share { return &p.paths[i].Share })]
	node := &path.Nodes[turnOf(len(path.Nodes), func(i int) *world.Share { return &path.Nodes[i].Share })]
	lane := &node.Lanes[turnOf(len(node.Lanes), func(i int) *world.Share { return &node.Lanes[i].Share })]
	c := p.counts[path.Key]
	c.Offered++
	switch lane.Outcome {
	case NoTarget:
		c.NoTarget++
	case Refused:
		c.Refused++
	case Errors:
		c.Errors++
	default:
		c.InFlight++
		p.work = append(p.work, job{path.Key, lane.Key, p.now.Add(lane.Took)})
	}
	p.counts[path.Key] = c
}

// finish ends what is done by now; what is not, of programs that are dead, is lost.
func (p *player) finish(dead func(group, target string) bool) {
	var left []job
	for _, j := range p.work {
		c := p.counts[j.group]
		switch {
		case !j.over.After(p.now):
			c.InFlight, c.Served = c.InFlight-1, c.Served+1
		case j.target != "" && dead(j.group, j.target):
			c.InFlight, c.Cut = c.InFlight-1, c.Cut+1
		default:
			left = append(left, j)
		}
		p.counts[j.group] = c
	}
	p.work = left
}

// grow lets slow starts make their steps before a moment; debts stay the same part of a turn.
func (p *player) grow(before time.Time) {
	for {
		at := nextStep(&world.Spell{Paths: p.paths})
		if at.IsZero() || !at.Before(before) {
			return
		}
		next := fresh(p.paths)
		for _, l := range lanes(&world.Spell{Paths: next}) {
			l.Weight = weightAt(l.Lane, at)
		}
		p.change(p.rate, next)
	}
}

func (p *player) change(rate int64, paths []world.Path) {
	inherit(paths, p.paths)
	p.rate, p.paths = rate, paths
}

// drawPaths makes up a way to deal out requests.
func drawPaths(t *rapid.T, now time.Time) []world.Path {
	var out []world.Path
	for g := range rapid.IntRange(1, 2).Draw(t, "groups") {
		path := world.Path{Share: world.Share{Key: fmt.Sprint("group", g), Weight: rapid.Int64Range(1, 5).Draw(t, "weight")}}
		for z := range rapid.IntRange(1, 2).Draw(t, "zones") {
			n := world.TrafficNode{Share: world.Share{Key: fmt.Sprint("zone", z), Weight: 1}}
			for range rapid.IntRange(1, 3).Draw(t, "targets") {
				n.Lanes = append(n.Lanes, drawLane(t, now, strconv.Itoa(len(n.Lanes))))
			}
			path.Nodes = append(path.Nodes, n)
		}
		out = append(out, path)
	}
	return out
}

func drawLane(t *rapid.T, now time.Time, key string) world.Lane {
	l := world.Lane{Share: world.Share{Key: key}}
	l.Outcome = rapid.SampledFrom([]string{"", "", "", NoTarget, Refused, Errors}).Draw(t, "outcome")
	l.Took = rapid.SampledFrom([]time.Duration{0, world.UsualTook, 700 * time.Millisecond, 40 * time.Second}).Draw(t, "took")
	if rapid.IntRange(0, 3).Draw(t, "slow") == 0 {
		l.SlowFrom = now.Add(-time.Duration(rapid.IntRange(0, 20).Draw(t, "since")) * time.Second)
		l.SlowFor = time.Duration(rapid.IntRange(30, 60).Draw(t, "lasts")) * time.Second
	}
	l.Weight = weightAt(&l, now)
	return l
}

// Every count is the same, to the last request.
func TestFiguresAreThoseOfSingleRequests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		begin := world.Epoch()
		f := &world.Flow{Rule: "rule", Spells: []world.Spell{{From: begin}}}
		p := &player{now: begin, counts: map[string]Counts{}}
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			now := p.now.Add(time.Duration(rapid.Int64Range(0, int64(30*time.Second)).Draw(t, "after")))
			rate := rapid.SampledFrom([]int64{0, 1, 3, 10, 97}).Draw(t, "rate")
			paths := drawPaths(t, now)
			dies := rapid.SampledFrom([]string{"", "0", "1", "2"}).Draw(t, "dies")
			dead := func(_, target string) bool { return target == dies }
			p.until(now)
			p.grow(now.Add(1))
			p.finish(dead)
			advance(f, now)
			turn(f, now, rate, fresh(paths))
			cut(f, now, dead)
			p.change(rate, paths)
			agree(t, f, p)
		}
	})
}

func agree(t *rapid.T, f *world.Flow, p *player) {
	w := world.New(1)
	w.Time = p.now
	r := w.Region("eu-west-1")
	r.Traffic.Flows.Put("flow", f)
	for _, x := range figuresOf(w, r, "flow") {
		if want := p.counts[x.Group]; x.Counts != want {
			t.Fatalf("%s: %+v, single requests %+v", x.Group, x.Counts, want)
		}
	}
}

// A second way to pick targets, by what the API says of their health: the next healthy one, or the next of all. Every change
// may shift a request or two from one target to another.
func TestFiguresOfAWorldAreThoseOfSingleRequests(t *testing.T) {
	top := t
	rapid.Check(t, func(t *rapid.T) {
		s := newStage(top)
		s.set(s.group, "deregistration_delay.timeout_seconds", rapid.SampledFrom([]string{"0", "5", "300"}).Draw(t, "delay"))
		s.Advance(123457 * time.Nanosecond) // so that requests come at moments of their own
		s.complete(web)
		n := &naive{stage: s}
		s.Watch(func(*world.World) { n.notice() })
		steps := rapid.IntRange(1, 15).Draw(t, "steps")
		for range steps {
			n.act(t)
			for range rapid.IntRange(1, 300).Draw(t, "requests") {
				n.request()
			}
		}
		got, slack := s.sum(), int64(3*(n.changes+1))
		for _, c := range [][2]int64{
			{got.Served + got.InFlight, n.count.Served},
			{got.NoTarget, n.count.NoTarget},
			{got.Refused, n.count.Refused},
			{got.Errors, n.count.Errors},
			{got.Cut, n.count.Cut},
		} {
			if d := c[0] - c[1]; d < -slack || d > slack {
				t.Fatalf("%+v, single requests %+v", got, n.count)
			}
		}
		if got.Offered != n.count.Offered {
			t.Fatalf("%d requests, want %d", got.Offered, n.count.Offered)
		}
	})
}

// naive sends one request after the other to the targets of a stage. It counts as served what is being worked on.
type naive struct {
	*stage
	next    int
	changes int
	split   string
	work    []job
	count   Counts
}

func (n *naive) request() {
	n.Advance(100 * time.Millisecond)
	n.count.Offered++
	healthy, all := n.targets()
	if split := fmt.Sprint(healthy, all); split != n.split {
		n.split, n.changes = split, n.changes+1
	}
	if len(healthy) == 0 {
		healthy = all
	}
	if len(healthy) == 0 {
		n.count.NoTarget++
		return
	}
	n.next++
	id := healthy[n.next%len(healthy)]
	a, ok := n.Region.Balancing.Answers.Get(id + ":80")
	switch {
	case !ok || a.Ending || !n.runs(id):
		n.count.Refused++
	case a.Silent || a.Status == 503:
		n.count.Errors++
	default:
		n.count.Served++
		took := a.Took
		if took == 0 {
			took = world.UsualTook
		}
		n.work = append(n.work, job{"", id, n.Now().Add(took)})
	}
}

func (n *naive) runs(id string) bool {
	i, _ := n.Region.EC2.Instances.Get(id)
	return i.State == world.InstanceRunning
}

func (n *naive) targets() (healthy, all []string) {
	g, _ := n.Region.Balancing.TargetGroups.Get(n.group)
	for t := range g.Targets.Rows() {
		switch state, _ := elb.Health(n.World, n.Region, n.group, elb.TargetAddress{ID: t.ID}); state {
		case "healthy":
			healthy = append(healthy, t.ID)
			all = append(all, t.ID)
		case "initial", "unhealthy":
			all = append(all, t.ID)
		}
	}
	return healthy, all
}

// notice loses what programs worked on that are gone, or that their load balancer has let go.
func (n *naive) notice() {
	g, _ := n.Region.Balancing.TargetGroups.Get(n.group)
	var left []job
	for _, j := range n.work {
		_, answers := n.Region.Balancing.Answers.Get(j.target + ":80")
		_, registered := g.Targets.Get(j.target + ":80")
		switch {
		case !j.over.After(n.Now()):
		case !answers || !registered || !n.runs(j.target):
			n.count.Served, n.count.Cut = n.count.Served-1, n.count.Cut+1
		default:
			left = append(left, j)
		}
	}
	n.work = left
}

// act changes something.
func (n *naive) act(t *rapid.T) {
	n.changes++
	id := rapid.SampledFrom([]string{"i-a1", "i-a2", "i-b1"}).Draw(t, "target")
	switch rapid.SampledFrom([]string{"register", "register", "deregister", "open", "open", "close", "stop", "start"}).Draw(t, "act") {
	case "register":
		if n.runs(id) {
			n.register(id)
		}
	case "deregister":
		n.deregister(id)
	case "open":
		n.open(rapid.SampledFrom([]world.Answer{
			{}, {Took: 3 * time.Second}, {Status: 404}, {Status: 503}, {Silent: true}, {Ending: true},
		}).Draw(t, "answer"), id)
	case "close":
		n.close(id)
	case "stop", "start":
		i, _ := n.Region.EC2.Instances.Get(id)
		i.State = world.InstanceRunning
		if rapid.Bool().Draw(t, "stops") {
			i.State = world.InstanceStopping
		}
		n.Schedule(0, world.Event{Kind: "ec2.instance-stopping", Region: n.Region.Name, ID: id})
		n.Settle()
	}
}

// What a share is owed goes over to the next spell: with a change after every request, both targets still get half of them.
func TestShortSpellsAreFair(t *testing.T) {
	now := world.Epoch()
	f := &world.Flow{Spells: []world.Spell{{From: now}}}
	for n := range 101 {
		lanes := []world.Lane{
			{Share: world.Share{Key: "a", Weight: steps}, Took: time.Duration(n)},
			{Share: world.Share{Key: "b", Weight: steps}, Outcome: Refused},
		}
		turn(f, now, Usual, []world.Path{{
			Share: world.Share{Key: "group", Weight: 1}, Nodes: []world.TrafficNode{{Share: world.Share{Weight: 1}, Lanes: lanes}},
		}})
		now = now.Add(100 * time.Millisecond)
	}
	if n := total(f, "group").Refused; n != 50 {
		t.Errorf("%d of 100 requests went to one of two targets", n)
	}
}
