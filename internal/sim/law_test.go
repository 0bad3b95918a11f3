package sim_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/sim/wire/wiretest"
	"berth/internal/sim/world"
)

// laws are what holds after every event in a world in which only ECS opens ports and registers targets. Broken ones are
// collected, the first of each kind.
type laws struct {
	broken  []string
	counted map[string]int  // tasks by service, after the event before
	kept    map[string]bool // ids of tasks that ran and were to go on, after the event before
}

func (l *laws) breaks(w *world.World, format string, a ...any) {
	text := fmt.Sprintf(format, a...)
	kind := strings.Fields(text)[0]
	if !slices.ContainsFunc(l.broken, func(b string) bool { return strings.Contains(b, ": "+kind+" ") }) {
		l.broken = append(l.broken, w.Now().Format(time.DateTime+".000")+": "+text)
	}
}

// hold looks at everything.
func (l *laws) hold(w *world.World) {
	r := w.Region(wiretest.Region)
	for g := range r.AutoScaling.Groups.Rows() {
		if g.Desired < g.Min || g.Desired > g.Max {
			l.breaks(w, "group %s wants %d, of %d to %d", g.Name, g.Desired, g.Min, g.Max)
		}
	}
	for k := range r.ECS.Clusters.Rows() {
		l.sums(w, k)
		l.holdings(w, r, k)
		l.bounds(w, k)
	}
}

// load is what tasks take of an instance.
type load struct{ running, pending, cpu, memory int }

func (l load) plus(t *world.Task) load {
	if starting(t) {
		l.pending++
	} else {
		l.running++
	}
	l.cpu, l.memory = l.cpu+t.CPU, l.memory+t.Memory
	return l
}

func starting(t *world.Task) bool {
	return t.Status == "PROVISIONING" || t.Status == "PENDING" || t.Status == "ACTIVATING"
}

// sums checks that every count is the sum over the tasks, and that what an instance has left is what they do not take.
func (l *laws) sums(w *world.World, k *world.Cluster) {
	var all load
	on := map[string]load{}
	for t := range k.Tasks.Rows() {
		if t.Status != "STOPPED" {
			all, on[t.Instance] = all.plus(t), on[t.Instance].plus(t)
		}
	}
	if all.running != k.RunningTasks || all.pending != k.PendingTasks {
		l.breaks(w, "cluster counts %d running and %d pending tasks, has %d and %d", k.RunningTasks, k.PendingTasks, all.running, all.pending)
	}
	for i := range k.Instances.Rows() {
		has := on[i.ID]
		if i.RunningTasks != has.running || i.PendingTasks != has.pending || len(i.Tasks) != has.running+has.pending {
			l.breaks(w, "instance %s counts %d and %d tasks and lists %d, has %+v", i.ID, i.RunningTasks, i.PendingTasks, len(i.Tasks), has)
		}
		for n, given := range i.Registered {
			taken := map[string]int{"CPU": has.cpu, "MEMORY": has.memory}[given.Name]
			if left := i.Remaining[n].Integer; left < 0 || left != given.Integer-taken {
				l.breaks(w, "resources of %s: %d of %d %s left, tasks take %d", i.ID, left, given.Integer, given.Name, taken)
			}
		}
	}
}

// holdings checks that every open port and every target is a task's.
func (l *laws) holdings(w *world.World, r *world.Region, k *world.Cluster) {
	ports, targets := l.held(w, k)
	for key := range r.Balancing.Answers.All() {
		if !ports[key] {
			l.breaks(w, "port %s is open, and no task's", key)
		}
	}
	for g := range r.Balancing.TargetGroups.Rows() {
		for key, x := range g.Targets.All() {
			if x.DrainUntil.IsZero() && !targets[g.ARN+key] {
				l.breaks(w, "target %s is no task's", key)
			}
		}
	}
	for b := range r.Balancing.Classics.Rows() {
		for key, x := range b.Targets.All() {
			if x.DrainUntil.IsZero() && !targets[b.Name+key+":0"] {
				l.breaks(w, "instance-target %s of %s is no task's", key, b.Name)
			}
		}
	}
}

// held are the ports that tasks serve, and the targets that they say they are.
func (l *laws) held(w *world.World, k *world.Cluster) (ports, targets map[string]bool) {
	ports, targets = map[string]bool{}, map[string]bool{}
	for t := range k.Tasks.Rows() {
		if t.Status == "STOPPED" {
			if len(t.Targets) > 0 {
				l.breaks(w, "targets %v of %s, which has stopped", t.Targets, t.ID)
			}
			continue
		}
		for _, x := range t.Targets {
			targets[fmt.Sprint(x.Group, x.Classic, x.ID, ":", x.Port)] = true
		}
		for _, c := range t.Containers {
			if c.Served == nil {
				continue
			}
			for _, p := range c.Ports {
				ports[fmt.Sprint(t.EC2ID, ":", p.Host)] = true
			}
			if t.Network != nil {
				ports[t.Interface.Address+":80"] = true
			}
		}
	}
	return ports, targets
}

// bounds checks that no service starts tasks beyond its maximumPercent, nor stops any that it needs for its
// minimumHealthyPercent (ECS API reference, DeploymentConfiguration).
func (l *laws) bounds(w *world.World, k *world.Cluster) {
	counted, kept := map[string]int{}, map[string]bool{}
	for s := range k.Services.Rows() {
		if s.Daemon || s.Status != "ACTIVE" {
			continue
		}
		running, stopping := 0, ""
		for _, id := range s.Tasks {
			t, _ := k.Tasks.Get(id)
			if starting(t) || t.Status == "RUNNING" {
				counted[s.Name]++
			}
			switch {
			case t.Status == "RUNNING" && t.Desired == "RUNNING":
				running++
				kept[t.ID] = true
			case l.kept[t.ID] && spared(t):
				stopping = t.ID
			}
		}
		l.within(w, s, counted[s.Name], running, stopping)
	}
	l.counted, l.kept = counted, kept
}

// spared tells whether the scheduler stops a task of its own will.
func spared(t *world.Task) bool {
	return t.StopCode == "ServiceSchedulerInitiated" && strings.HasPrefix(t.StopReason, "Scaling activity")
}

// within checks the bounds of one service: a task that was stopped just now is named.
func (l *laws) within(w *world.World, s *world.Service, counted, running int, stopping string) {
	least, most := (s.Desired*s.MinHealthy+99)/100, s.Desired*s.Max/100
	if before, ok := l.counted[s.Name]; ok && counted > most && counted > before {
		l.breaks(w, "maximum of %s is %d, it has %d tasks", s.Name, most, counted)
	}
	if stopping != "" && running < least {
		l.breaks(w, "minimum of %s is %d, it has stopped %s and %d run", s.Name, least, stopping, running)
	}
}
