package sim

import (
	"fmt"
	"strings"
	"time"

	"berth/internal/sim/ecs"
	"berth/internal/sim/scenario"
	"berth/internal/sim/traffic"
	"berth/internal/sim/world"
)

// attend lets promises be looked at after everything that happens, as long as there are some.
func (s *Sim) attend() {
	if len(s.world.Promises) == 0 {
		s.world.Watch(nil)
		return
	}
	s.world.Watch(keepPromises)
	keepPromises(s.world)
}

// keepPromises notes which promises the world breaks at this moment.
func keepPromises(w *world.World) {
	for n := range w.Promises {
		p := &w.Promises[n]
		if p.Broken != "" || p.Once && p.Kept {
			continue
		}
		sentence, err := scenario.Parse(p.Text)
		if err == nil {
			p.Kept, p.Broken = judge(w, p, sentence)
		} else {
			p.Broken = err.Error()
		}
		if p.Broken != "" {
			p.At = w.Now()
		}
	}
}

// nobodyCanTell is what becomes of a promise that has no meaning here.
const nobodyCanTell = "nobody here can tell"

// promise makes a promise of what a sentence says. One about requests does not count those that have failed already.
func promise(w *world.World, region, text string, s scenario.Sentence) (world.Promise, error) {
	p := world.Promise{Region: region, Text: text, From: w.Now()}
	switch s.Form {
	case noRequestFails, fewRequestsFail:
		failed, err := traffic.Failed(w, w.Region(region), s.Words["NAME"])
		p.Before = failed
		return p, err
	}
	switch s.Form {
	case steadyWithin:
		p.Once = true
		w.Schedule(s.Time(), world.Event{Kind: promiseDue, Region: region})
	case noTaskStops:
		n, err := stoppedSince(w.Region(region), p.From, s.Words["NAME"])
		p.Before = int64(n)
		return p, err
	default:
		p.Once = !strings.Contains(s.Form, "never")
	}
	return p, nil
}

// promiseDue is the event of a moment at which a promise must be looked at though nothing else happens.
const promiseDue world.Kind = "sim.promise-due"

// judge tells whether a promise holds by now, and how the world breaks it. One with a time limit does neither until then.
func judge(w *world.World, p *world.Promise, s scenario.Sentence) (kept bool, why string) {
	if s.Form != steadyWithin {
		return true, broken(w, p, s)
	}
	why, err := unsteady(w.Region(p.Region), s.Words["NAME"])
	switch {
	case err != nil:
		return false, err.Error()
	case why == "":
		return true, ""
	case w.Now().Before(p.From.Add(s.Time())):
		return false, ""
	}
	return false, why
}

// The promises that are not only about a least number at every moment.
const (
	runsExactly     = "assert service NAME runs COUNT"
	steadyWithin    = "assert service NAME reaches a steady state within TIME"
	noTaskStops     = "assert no task of NAME stops"
	noRequestFails  = "assert no request fails [of NAME]"
	fewRequestsFail = "assert fewer than COUNT requests fail [of NAME]"
)

// broken tells how the world breaks a promise; empty: it does not.
func broken(w *world.World, p *world.Promise, s scenario.Sentence) string {
	r := w.Region(p.Region)
	switch s.Form {
	case noRequestFails:
		return fails(w, p, s.Words["NAME"], 1)
	case fewRequestsFail:
		return fails(w, p, s.Words["NAME"], int64(s.Count()))
	case noTaskStops:
		n, err := stoppedSince(r, p.From, s.Words["NAME"])
		if err != nil || int64(n) > p.Before {
			return fewer(n-int(p.Before), "stopped", err)
		}
		return ""
	}
	return miscounted(w, r, s)
}

// miscounted tells what there is too little of at this moment; empty: nothing.
func miscounted(w *world.World, r *world.Region, s scenario.Sentence) string {
	name := s.Words["NAME"]
	n, what, err := 0, "running", error(nil)
	switch s.Form {
	case "assert service NAME never below COUNT running", runsExactly:
		n, err = runningTasks(r, name)
	case "assert service NAME never below COUNT healthy":
		what = "healthy"
		n, err = healthyTasks(w, r, name)
	case "assert cluster NAME never below COUNT instances":
		what = "connected, active instances"
		n, err = activeInstances(r, name)
	default:
		return nobodyCanTell
	}
	if err != nil || n < s.Count() || s.Form == runsExactly && n != s.Count() {
		return fewer(n, what, err)
	}
	return ""
}

// fails tells whether so many requests have failed since a promise was made.
func fails(w *world.World, p *world.Promise, name string, most int64) string {
	n, err := traffic.Failed(w, w.Region(p.Region), name)
	switch n -= p.Before; {
	case err != nil:
		return err.Error()
	case n >= most:
		return fmt.Sprintf("%d failed", n)
	}
	return ""
}

func fewer(n int, what string, err error) string {
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d %s", n, what)
}

// runningTasks counts the running tasks of a service, "NAME" or "CLUSTER/NAME".
func runningTasks(r *world.Region, name string) (int, error) {
	k, s, err := findService(r, name)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, id := range s.Tasks {
		if t, ok := k.Tasks.Get(id); ok && t.Status == "RUNNING" {
			n++
		}
	}
	return n, nil
}

// healthyTasks counts the tasks of a service that ECS counts as healthy.
func healthyTasks(w *world.World, r *world.Region, name string) (int, error) {
	_, s, err := findService(r, name)
	if err != nil {
		return 0, err
	}
	return ecs.HealthyTasks(w, r, s), nil
}

// stoppedSince counts the tasks of a service that were told to stop, or ended, at a moment or later.
func stoppedSince(r *world.Region, from time.Time, name string) (int, error) {
	k, s, err := findService(r, name)
	if err != nil {
		return 0, err
	}
	n := 0
	for t := range k.Tasks.Rows() {
		if t.Service == s.Name && !t.StoppingAt.IsZero() && !t.StoppingAt.Before(from) {
			n++
		}
	}
	return n, nil
}

// unsteady tells what keeps a service from being steady; empty: nothing.
func unsteady(r *world.Region, name string) (string, error) {
	k, s, err := findService(r, name)
	if err != nil {
		return "", err
	}
	n := 0
	for _, id := range s.Tasks {
		if t, ok := k.Tasks.Get(id); ok && t.Status == "RUNNING" && t.Desired == "RUNNING" {
			n++
		}
	}
	switch {
	case len(s.Deployments) > 1:
		return "a deployment is under way", nil
	case n != s.Desired:
		return fmt.Sprintf("%d of %d running", n, s.Desired), nil
	case n != len(s.Tasks):
		return fmt.Sprintf("%d stopping", len(s.Tasks)-n), nil
	case !s.Steady:
		return "not steady yet", nil
	}
	return "", nil
}

// findService finds a service by its name, in the cluster before it or in the only one that has such a service.
func findService(r *world.Region, name string) (*world.Cluster, *world.Service, error) {
	in, service, qualified := strings.Cut(name, "/")
	if !qualified {
		in, service = "", name
	}
	var k *world.Cluster
	var found *world.Service
	for c := range r.ECS.Clusters.Rows() {
		s, ok := c.Services.Get(service)
		if !ok || in != "" && c.Name != in {
			continue
		}
		if found != nil {
			return nil, nil, fmt.Errorf("several clusters have a service %s: say CLUSTER/%s", service, service)
		}
		k, found = c, s
	}
	if found == nil {
		return nil, nil, fmt.Errorf("there is no service %s", name)
	}
	return k, found, nil
}

// activeInstances counts the active instances of a cluster whose agents are connected.
func activeInstances(r *world.Region, name string) (int, error) {
	k, ok := r.ECS.Clusters.Get(name)
	if !ok {
		return 0, fmt.Errorf("there is no cluster %s", name)
	}
	n := 0
	for i := range k.Instances.Rows() {
		if i.Status == "ACTIVE" && i.AgentConnected {
			n++
		}
	}
	return n, nil
}
