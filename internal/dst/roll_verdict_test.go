package dst

import (
	"maps"
	"slices"
	"strings"
	"time"

	"berth/internal/roll"
	"berth/internal/sim/traffic"
	"berth/internal/sim/world"
)

// judge looks at what one call of berth's has done.
func (l *lookout) judge(w *world.World, before, after facts) { //nolint:cyclop // one branch for each thing that must hold
	now := w.Now()
	for _, id := range slices.Sorted(maps.Keys(before.members)) {
		m, there := after.members[id]
		if !before.members[id].going() && (!there || m.going()) {
			l.condemned(now, id, before)
		}
	}
	for _, arn := range slices.Sorted(maps.Keys(before.instances)) {
		was, is := before.instances[arn], after.instances[arn]
		switch {
		case was.status == "ACTIVE" && is.status == "DRAINING":
			l.drained[arn] = "berth"
		case was.status == "DRAINING" && is.status == "ACTIVE" && l.drained[arn] != "berth":
			l.accuse(now, "%s works again, though berth has not drained it: %s has", was.ec2, l.drained[arn])
		case is.status != was.status && (is.status == "" || is.status == "INACTIVE"):
			if m, member := after.members[was.ec2]; member && !m.going() {
				l.condemned(now, was.ec2, before)
			}
		}
	}
	l.stopped(now, before, after)
	for _, name := range slices.Sorted(maps.Keys(after.services)) {
		if was, known := before.services[name]; known && was.least != after.services[name].least {
			l.accuse(now, "the minimum of service %s is changed", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after.groups)) {
		l.taken(now, name, before.groups[name], after.groups[name])
	}
}

// condemned looks at an instance that berth terminates, or takes out of the cluster.
func (l *lookout) condemned(now time.Time, id string, before facts) {
	if l.order.Strategy == roll.Terminate || slices.Contains(l.order.Force, id) {
		return
	}
	for arn, i := range before.instances { // unordered: at most one that is not gone
		if i.ec2 != id || i.status == "INACTIVE" {
			continue
		}
		if i.status != "DRAINING" {
			l.accuse(now, "%s goes while it is %s", id, i.status)
		}
		for _, task := range slices.Sorted(maps.Keys(before.tasks)) {
			t := before.tasks[task]
			if t.on != arn[strings.LastIndexByte(arn, '/')+1:] || !i.connected && (t.desired == "STOPPED" || t.daemon) {
				continue // of an agent that does not answer nobody hears when a task has ended, and ECS never puts another in a daemon's place
			}
			switch {
			case t.service == "":
				l.accuse(now, "%s goes with the stand-alone task %s, which is %s", id, task, t.status)
			case t.protected:
				l.accuse(now, "%s goes with the protected task %s of %s", id, task, t.service)
			default:
				l.accuse(now, "%s goes with the task %s of %s, which is %s", id, task, t.service, t.status)
			}
		}
	}
}

// stopped looks at tasks that berth has stopped by their names.
func (l *lookout) stopped(now time.Time, before, after facts) {
	for _, id := range slices.Sorted(maps.Keys(before.tasks)) {
		was, is := before.tasks[id], after.tasks[id]
		if was.desired != "RUNNING" || is.desired != "STOPPED" || is.code != "UserInitiated" || strings.HasPrefix(was.by, "berth-roll/") {
			continue
		}
		host := ""
		for arn, i := range before.instances { // unordered: one at most
			if strings.HasSuffix(arn, "/"+was.on) && i.status == "DRAINING" {
				host = l.drained[arn]
			}
		}
		switch {
		case was.service != "":
			l.accuse(now, "task %s of %s is stopped", id, was.service)
		case l.order.Standalone != roll.StopThem:
			l.accuse(now, "the stand-alone task %s is stopped", id)
		case host != "berth":
			l.accuse(now, "the stand-alone task %s is stopped, on an instance that berth does not drain", id)
		}
	}
}

// A zone may be emptied by who may have no instance more than the group's maximum and was allowed an outage: one at a time is the only
// way then. And where fewer instances are left to work than there are zones, because people want no more or have taken some out of work
// themselves, one of the zones has none, whoever chooses.

// taken looks at how many instances of a group are ready after a call of berth's, and takes its sizes over.
func (l *lookout) taken(now time.Time, name string, before, after groupFact) {
	a := l.accounts[name]
	a.resizes(before.desired, after.desired)
	lost := before.all() - after.all()
	if lost <= 0 {
		return
	}
	past := a.recent(now)
	a.taken += lost
	for zone, n := range before.ready { // unordered: each of its own
		if d := n - after.ready[zone]; d > 0 {
			a.from[zone] += d
		}
	}
	// What others, or fate, have taken out of work berth need not make up for: it must take no more than it has added.
	if !slices.ContainsFunc(past, func(m mark) bool { return m.ready+m.idle-(a.taken-m.taken) >= m.meant-l.spared(m.meant) }) {
		m := past[len(past)-1]
		l.accuse(now, "group %s has %d instances ready, %d are meant", name, after.all(), m.meant)
	}
	for _, zone := range slices.Sorted(maps.Keys(before.ready)) {
		empty := !slices.ContainsFunc(past, func(m mark) bool {
			return m.zones[zone]-(a.from[zone]-m.from[zone]) > 0 || m.meant-m.idle < len(before.ready)
		})
		if before.ready[zone] > after.ready[zone] && empty && after.all() > after.ready[zone] && l.order.Strategy != roll.Terminate && !l.order.AllowOutage {
			l.accuse(now, "group %s has no instance ready in %s any more", name, zone)
		}
	}
}

// spared is how many instances a group may lack.
func (l *lookout) spared(meant int) int {
	n := l.order.MaxUnavailable.Of(meant)
	if n == 0 && (l.order.Strategy == roll.Terminate || !l.order.BeyondMax && meant > 1) {
		return 1
	}
	return n
}

// ashore looks at what a roll that is over has left behind. Excused is what it says itself.
func (l *lookout) ashore(excused []string) {
	keeps := slices.ContainsFunc(excused, func(why string) bool { return strings.Contains(why, "more than it had") })
	l.r.Sim.With(func(w *world.World) {
		l.passed(factsOf(w))
		now := w.Now()
		for _, name := range slices.Sorted(maps.Keys(l.now.groups)) {
			l.groupAshore(now, name, keeps)
		}
		for _, id := range slices.Sorted(maps.Keys(l.now.members)) {
			m := l.now.members[id]
			if m.protected && !l.shielded[id] && !l.now.groups[m.group].shields {
				l.accuse(now, "%s is left protected from scale-in", id)
			}
		}
		for _, arn := range slices.Sorted(maps.Keys(l.now.instances)) {
			l.hostAshore(now, arn)
		}
		for _, name := range slices.Sorted(maps.Keys(l.now.services)) {
			if s, known := l.meant[name]; known && s != l.now.services[name] {
				l.accuse(now, "service %s is left with %+v, not %+v", name, l.now.services[name], s)
			}
		}
	})
}

func (l *lookout) groupAshore(now time.Time, name string, keeps bool) {
	g, a := l.now.groups[name], l.accounts[name]
	if a.berth < 0 || a.berth > a.shrunk && !keeps && g.desired > g.least {
		l.accuse(now, "group %s is left with %+d instances that berth has added", name, a.berth)
	}
	if g.most != a.most && g.most != max(a.most, a.ended) { // a maximum below the desired capacity would have cost instances
		l.accuse(now, "group %s is left with the maximum %d, not %d", name, g.most, a.most)
	}
	if g.suspended != a.suspended {
		l.accuse(now, "group %s is left with these processes suspended: %q, not %q", name, g.suspended, a.suspended)
	}
	if g.least != a.least {
		l.accuse(now, "group %s is left with the minimum %d, not %d", name, g.least, a.least)
	}
	if g.tag+g.surge+g.floor != "" {
		l.accuse(now, "group %s is left with the tags %q, %q and %q", name, g.tag, g.surge, g.floor)
	}
}

func (l *lookout) hostAshore(now time.Time, arn string) {
	i := l.now.instances[arn]
	if m, member := l.now.members[i.ec2]; i.status == "INACTIVE" || member && m.going() {
		return
	}
	if i.mark != "" || i.fence != "" {
		l.accuse(now, "%s is left with the attributes %q and %q", i.ec2, i.mark, i.fence)
	}
	if i.status == "DRAINING" && l.drained[arn] == "berth" {
		l.accuse(now, "%s is left DRAINING", i.ec2)
	}
}

// failed counts the requests that have failed since the beginning.
func (l *lookout) failed() (n int64) {
	l.r.Sim.With(func(w *world.World) {
		n, _ = traffic.Failed(w, w.Region("eu-west-1"), "")
	})
	return n - l.served
}
