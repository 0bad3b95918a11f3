package dst

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"berth/internal/roll"
	simecs "berth/internal/sim/ecs"
	"berth/internal/sim/traffic"
	"berth/internal/sim/world"
)

// lookout sees everything that happens in a world while berth rolls its instances, and notes what berth must never do.
//
// Whose deed something is follows from when it happens: what changes while a call of berth's is carried out is berth's, what changes
// while somebody else acts is theirs, and what changes as time goes by is AWS's or fate's. Of AWS's own deeds one is berth's after all:
// what it does to the tasks of an instance that berth drains. But ECS keeps to a service's bounds while it does that, so that a service
// comes below its least number of healthy tasks through berth only in two ways: by a call that ends tasks, which is seen at that call
// (condemned), and, where nothing else happens that could take tasks away, in whatever way, which is seen after every event (calm).
//
// berth looks, and then acts. What somebody else or fate has taken away so shortly before that it could not have been seen counts as
// if it were still there: see blind.
type lookout struct {
	r      *Rig
	order  roll.Order
	calm   bool // nothing takes tasks or instances away but berth
	crimes []string

	spy      func(*world.World) // sees every event as well; nil: nobody does
	begin    facts
	now      facts               // at the last deed
	drained  map[string]string   // who has set a container instance to DRAINING, by ARN
	accounts map[string]*account // by group
	shielded map[string]bool     // instances that somebody else has protected from scale-in
	meant    map[string]serviceFact
	owed     map[string]owing // by service
	served   int64            // requests that had failed before
	tale     []string         // how the groups' sizes changed, for people
}

// account is what was done to a group's sizes, and by whom.
type account struct {
	desired   int
	berth     int // what berth has added to the desired capacity
	ended     int // the desired capacity when the roll was over
	shrunk    int // what others, autoscaling above all, have taken off it while there was something of berth's
	most      int // the maximum as others have it
	least     int // and the minimum
	suspended string
	taken     int            // instances that berth has taken out of work
	from      map[string]int // by zone
	past      []mark
}

// shrinks notes that others have taken something off a group. What they take while the surge is there they may take of the surge, and
// berth need not take it once more.
func (a *account) shrinks(by int) {
	if by > 0 && a.berth > 0 {
		a.shrunk += by
	}
}

// mark is a group at a moment.
type mark struct {
	at           time.Time
	ready, meant int
	idle         int // in service, and taken out of work by others or by fate
	zones        map[string]int
	taken        int
	from         map[string]int
}

// owing is how many healthy tasks a service must have: as many as its bounds say, of what it had when the roll began.
type owing struct{ healthy, desired int }

// resizes notes what berth has added to a group, or taken off it. Somebody may ask for more instances than the group's own maximum,
// while the surge has raised that. Nobody means them to stay: berth takes them away, and what it takes of those it owes nobody.
func (a *account) resizes(from, to int) {
	others := from - a.berth
	a.berth += to - from
	if a.berth < 0 && to < from {
		a.berth = min(0, a.berth+max(0, others-a.most))
	}
}

// blind is how old what berth goes by may be: a look that takes a while because calls fail and are made again, in the midst of reads
// that tell old news.
const blind = 90 * time.Second

// newLookout begins to look.
func newLookout(r *Rig, order roll.Order, calm bool) *lookout {
	l := &lookout{
		r: r, order: order, calm: calm, drained: map[string]string{}, accounts: map[string]*account{}, shielded: map[string]bool{},
		meant: map[string]serviceFact{}, owed: map[string]owing{},
	}
	r.Sim.With(func(w *world.World) {
		l.begin = factsOf(w)
		l.now = l.begin
		for name, g := range l.begin.groups { // unordered: into a map
			l.accounts[name] = &account{most: g.most, least: g.least, suspended: g.suspended, from: map[string]int{}}
		}
		for id, m := range l.begin.members { // unordered: into a map
			l.shielded[id] = m.protected
		}
		for arn, i := range l.begin.instances { // unordered: into a map
			if i.status == "DRAINING" {
				l.drained[arn] = "somebody"
			}
		}
		// unordered: into a map
		maps.Copy(l.meant, l.begin.services)
		region := w.Region("eu-west-1")
		k, _ := region.ECS.Clusters.Get("acc")
		for s := range k.Services.Rows() {
			if !s.Daemon && s.Status == "ACTIVE" {
				l.owed[s.Name] = owing{simecs.HealthyTasks(w, region, s), s.Desired}
			}
		}
		l.served, _ = traffic.Failed(w, region, "") // there is a load balancer, or there are no requests
		w.Watch(l.event)
		l.event(w)
	})
	return l
}

// ends notes that the roll is over: what others and autoscaling do to the groups afterwards it knows nothing of.
func (l *lookout) ends() {
	l.r.Sim.With(func(w *world.World) {
		for name, g := range factsOf(w).groups { // unordered: each of its own
			l.accounts[name].ended = g.desired
		}
	})
}

// attend begins to look again: what plays a scenario ends that.
func (l *lookout) attend() { l.r.Sim.With(func(w *world.World) { w.Watch(l.event) }) }

// accuse notes a crime, once.
func (l *lookout) accuse(at time.Time, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.ContainsFunc(l.crimes, func(c string) bool { return strings.HasSuffix(c, text) }) {
		l.crimes = append(l.crimes, at.Format("15:04:05 ")+text)
	}
}

// event looks at the world after something has happened.
func (l *lookout) event(w *world.World) {
	if l.spy != nil {
		l.spy(w)
	}
	region := w.Region("eu-west-1")
	k, ok := region.ECS.Clusters.Get("acc")
	if !ok {
		return
	}
	works, idle := map[string]bool{}, map[string]bool{}
	for i := range k.Instances.Rows() {
		works[i.EC2ID] = i.Status == "ACTIVE" && i.AgentConnected
		idle[i.EC2ID] = i.Status != "INACTIVE" && !works[i.EC2ID] && (i.Status == "ACTIVE" || l.drained[i.ARN] != "berth")
	}
	for g := range region.AutoScaling.Groups.Rows() {
		if a := l.accounts[g.Name]; a != nil {
			if a.desired != g.Desired {
				l.tale = append(l.tale, fmt.Sprintf("%s %s: desired %d, berth's %+d, ready %v", w.Now().Format("15:04:05"), g.Name, g.Desired, a.berth, readyOf(g, works)))
				a.desired = g.Desired
			}
			a.note(mark{at: w.Now(), meant: min(g.Desired-a.berth, a.most), zones: readyOf(g, works), idle: sum(readyOf(g, idle))})
		}
	}
	if l.calm {
		l.health(w, region, k)
	}
}

// note remembers how a group is, where it has changed.
func (a *account) note(m mark) {
	m.ready, m.taken, m.from = sum(m.zones), a.taken, mapCopy(a.from)
	if n := len(a.past); n > 0 {
		p := a.past[n-1]
		if p.ready == m.ready && p.meant == m.meant && p.idle == m.idle && p.taken == m.taken && fmt.Sprint(p.zones) == fmt.Sprint(m.zones) {
			return
		}
	}
	a.past = append(a.past, m)
}

func mapCopy(m map[string]int) map[string]int {
	out := make(map[string]int, len(m))
	// unordered: into a map
	maps.Copy(out, m)
	return out
}

// recent are the marks of a group that berth may go by: those since blind ago, and the one that held then.
func (a *account) recent(now time.Time) []mark {
	first := 0
	for n, m := range a.past {
		if !m.at.After(now.Add(-blind)) {
			first = n
		}
	}
	return a.past[first:]
}

// health looks at the services of a world in which only berth takes something away.
func (l *lookout) health(w *world.World, region *world.Region, k *world.Cluster) {
	for s := range k.Services.Rows() {
		o, known := l.owed[s.Name]
		if !known || s.Status != "ACTIVE" {
			continue
		}
		least := min(o.healthy, (min(s.Desired, o.desired)*s.MinHealthy+99)/100)
		if least == 0 {
			continue
		}
		if n := simecs.HealthyTasks(w, region, s); n < least {
			l.accuse(w.Now(), "service %s has %d healthy tasks, and must have %d", s.Name, n, least)
		}
	}
}

// acts carries out what somebody does, and notes what came of it. Who is "berth" or anybody else.
func (l *lookout) acts(who string, f func()) {
	l.r.Sim.With(func(*world.World) {}) // what is due by now happens first
	l.r.Sim.With(func(w *world.World) {
		before := factsOf(w)
		l.passed(before)
	})
	before := l.now
	f()
	l.r.Sim.With(func(w *world.World) {
		l.now = factsOf(w)
		if who == "berth" {
			l.judge(w, before, l.now)
		} else {
			l.theirs(who, before, l.now)
		}
		l.event(w)
	})
}

// passed takes over what AWS has done since the last deed.
func (l *lookout) passed(next facts) {
	for arn, i := range next.instances { // unordered: each of its own
		if was := l.now.instances[arn]; was.status != i.status {
			l.drained[arn] = "AWS"
		}
	}
	for name, g := range next.groups { // unordered: each of its own
		was, a := l.now.groups[name], l.accounts[name]
		if was.most != g.most {
			a.most = g.most
		}
		if was.least != g.least {
			a.least = g.least
		}
		a.shrinks(was.desired - g.desired)
	}
	for id, m := range l.now.members { // unordered: counted
		if is, there := next.members[id]; l.now.groups[m.group].managed && !m.going() && (!there || is.going()) {
			l.accounts[m.group].shrinks(1) // autoscaling has had more instances than it wants, and has taken one: of the surge, perhaps
		}
	}
	l.now = next
}

// theirs takes over what somebody else has done.
func (l *lookout) theirs(who string, before, after facts) {
	for arn, i := range after.instances { // unordered: each of its own
		if before.instances[arn].status != i.status {
			l.drained[arn] = who
		}
	}
	for name, g := range after.groups { // unordered: each of its own
		was, a := before.groups[name], l.accounts[name]
		if was.most != g.most {
			a.most = g.most
		}
		if was.least != g.least {
			a.least = g.least
		}
		if was.suspended != g.suspended {
			a.suspended = g.suspended
		}
		a.shrinks(was.desired - g.desired)
	}
	for id, m := range after.members { // unordered: each of its own
		if before.members[id].protected != m.protected {
			l.shielded[id] = m.protected
		}
	}
	for name, s := range after.services { // unordered: each of its own
		if before.services[name] != s {
			l.meant[name] = s
		}
	}
}
