package sim

import (
	"fmt"
	"strings"

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
		p.Kept = true
		sentence, err := scenario.Parse(p.Text)
		if err == nil {
			p.Broken = broken(w, p, sentence)
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
	p.Once = !strings.Contains(s.Form, "never")
	return p, nil
}

// The promises about requests.
const (
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
	case "assert service NAME never below COUNT running":
		n, err := runningTasks(r, s.Words["NAME"])
		if err != nil || n < s.Count() {
			return fewer(n, "running", err)
		}
	case "assert service NAME runs COUNT":
		n, err := runningTasks(r, s.Words["NAME"])
		if err != nil || n != s.Count() {
			return fewer(n, "running", err)
		}
	case "assert cluster NAME never below COUNT instances":
		n, err := activeInstances(r, s.Words["NAME"])
		if err != nil || n < s.Count() {
			return fewer(n, "connected, active instances", err)
		}
	default:
		return nobodyCanTell
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
