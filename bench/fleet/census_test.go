package fleet

import (
	"slices"
	"strings"
	"time"

	"berth/internal/sim/elb/probe"
	"berth/internal/sim/traffic"
	"berth/internal/sim/world"
)

// census counts in the world itself, after every event.
type census struct {
	trace   *world.Trace
	meant   int // instances
	lowest  float64
	names   []string // of services, without the daemon
	people  people
	first   map[string]bool // ids of the services' tasks from before
	came    map[string]bool // and of those that were started since
	more    time.Duration
	surplus int
	last    time.Time
	before  requests
}

type requests struct{ served, failed int64 }

// attend begins to count.
func attend(w *world.World, trace *world.Trace, meant int) *census {
	c := &census{trace: trace, meant: meant, lowest: 100, first: map[string]bool{}, came: map[string]bool{}, last: w.Now()}
	c.people = people{map[string]home{}, map[string]bool{}, map[string]bool{}}
	k := c.cluster(w)
	for s := range k.Services.Rows() {
		if !s.Daemon && s.Status == "ACTIVE" {
			c.names = append(c.names, s.Name)
			c.people.routed[s.Name] = len(s.Balancers) > 0
		}
		for _, id := range s.Tasks {
			if t, ok := k.Tasks.Get(id); ok && s.Daemon {
				c.people.daemons[id] = true
			} else if ok {
				c.first[id], c.people.homes[id] = true, home{s.Name, t.EC2ID}
			}
		}
	}
	c.all(w)
	c.before = c.requests(w)
	w.Watch(c.happened)
	return c
}

func (c *census) cluster(w *world.World) *world.Cluster {
	k, _ := w.Region(region).ECS.Clusters.Get(cluster)
	return k
}

// happened looks at what an event may have changed.
func (c *census) happened(w *world.World) {
	e, there := c.event()
	if !there {
		return
	}
	c.spend(w.Now())
	k := c.cluster(w)
	switch {
	case strings.HasPrefix(e.Name, "ecs.task-"):
		if t, known := k.Tasks.Get(e.Detail); known {
			c.task(w, k, t)
		}
	case e.Name == "elb.target-changed":
		for _, name := range c.names {
			if s, ok := k.Services.Get(name); ok && len(s.Balancers) > 0 && s.Balancers[0].Group == e.Subject {
				c.service(w, k, s)
			}
		}
	case strings.HasPrefix(e.Name, "ec2.instance-"):
		c.machines(w)
		if e.Name == "ec2.instance-shutting-down" || e.Name == "ec2.instance-terminated" {
			c.all(w)
		}
	}
}

// event is the one that has just happened.
func (c *census) event() (world.Entry, bool) {
	for _, v := range slices.Backward(c.trace.Entries) {
		if e := v; e.What == "event" {
			return e, true
		}
	}
	return world.Entry{}, false
}

func (c *census) task(w *world.World, k *world.Cluster, t *world.Task) {
	s, ok := k.Services.Get(t.Service)
	switch {
	case !ok:
	case s.Daemon:
		c.people.daemons[t.ID] = true
	default:
		c.people.homes[t.ID] = home{s.Name, t.EC2ID}
		if t.Status == "RUNNING" && !c.first[t.ID] {
			c.came[t.ID] = true
		}
		c.service(w, k, s)
	}
}

// all counts every service.
func (c *census) all(w *world.World) {
	k := c.cluster(w)
	for _, name := range c.names {
		if s, ok := k.Services.Get(name); ok {
			c.service(w, k, s)
		}
	}
}

// service counts the tasks of a service that run on a machine that runs, and whose targets are healthy.
func (c *census) service(w *world.World, k *world.Cluster, s *world.Service) {
	r, healthy := w.Region(region), 0
	for _, id := range s.Tasks {
		if t, ok := k.Tasks.Get(id); ok && serves(r, s, t) {
			healthy++
		}
	}
	if s.Desired > 0 {
		c.lowest = min(c.lowest, 100*float64(healthy)/float64(s.Desired))
	}
}

func serves(r *world.Region, s *world.Service, t *world.Task) bool {
	host, ok := r.EC2.Instances.Get(t.EC2ID)
	if t.Status != "RUNNING" || !ok || host.State != world.InstanceRunning {
		return false
	}
	if len(s.Balancers) == 0 {
		return true
	}
	g, ok := r.Balancing.TargetGroups.Get(s.Balancers[0].Group)
	if !ok || len(t.Targets) == 0 {
		return false
	}
	for _, place := range t.Targets {
		target, there := g.Targets.Get(probe.Key(place.ID, place.Port))
		if !there || target.Probe.State != world.ProbeHealthy || !target.DrainUntil.IsZero() {
			return false
		}
	}
	return true
}

// machines counts the instances that somebody pays for.
func (c *census) machines(w *world.World) {
	n := 0
	for i := range w.Region(region).EC2.Instances.Rows() {
		if i.Owner != "" && (i.State == world.InstanceRunning || i.State == "pending") {
			n++
		}
	}
	c.surplus = max(0, n-c.meant)
}

// spend adds up what instances beyond those that are meant cost.
func (c *census) spend(now time.Time) {
	c.more += time.Duration(c.surplus) * now.Sub(c.last)
	c.last = now
}

func (c *census) requests(w *world.World) requests {
	var out requests
	for _, f := range traffic.Figures(w) {
		out.served += f.Served
		out.failed += f.Failed()
	}
	return out
}
