package ecs

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/sim/ecs/balance"
	"berth/internal/sim/ecs/notice"
	"berth/internal/sim/ecs/rollout"
	"berth/internal/sim/world"
)

// passEvery is the least time between two looks of a service's scheduler at the service.
const passEvery = 10 * time.Second

// mostStarts is how many tasks a pass starts: a service gets 500 a minute at most (ECS service quotas).
const mostStarts = 80

// mostEvents is how many of its newest events a service keeps.
const mostEvents = 100

// mostWaiting is how many tasks of a cluster may wait for room (ECS service quotas).
const mostWaiting = 500

// wakeService lets a service's scheduler look at it soon.
func (k cluster) wakeService(s *world.Service) {
	soonest := s.Passed.Add(passEvery)
	if limit := k.w.Now().Add(4 * time.Second); limit.After(soonest) {
		soonest = limit
	}
	if s.Status == inactive || !s.Due.IsZero() && !s.Due.After(soonest) {
		return
	}
	at := k.w.Now().Add(k.w.Draw("ecs.service-pass", s.ARN, soon(2*time.Second)))
	if next := s.Passed.Add(passEvery); next.After(at) {
		at = next
	}
	k.look(s, at)
}

// look lets a service's scheduler look at it at a moment, unless it does so before.
func (k cluster) look(s *world.Service, at time.Time) {
	if !s.Due.IsZero() && !at.Before(s.Due) {
		return
	}
	s.Due = at
	k.w.Schedule(at.Sub(k.w.Now()), world.Event{Kind: "ecs.service-pass", Region: k.r.Name, ID: k.Name, Arg: s.Name})
}

// servicePass is one look of a service's scheduler.
func servicePass(w *world.World, e world.Event) {
	k, ok := clusterNamed(w, e.Region, e.ID)
	if !ok {
		return
	}
	s, ok := k.Services.Get(e.Arg)
	if !ok || s.Status == inactive || !w.Now().Equal(s.Due) {
		return // it has been moved
	}
	s.Due, s.Passed, s.Hungry = time.Time{}, w.Now(), false
	for _, words := range balance.Speak(s) {
		k.tell(s, "%s", words)
	}
	rollout.Started(w, k.r, s)
	if s.Status != draining && !s.Deployments[0].Completed {
		k.settle(s)
	}
	switch {
	case s.Status == draining:
		k.wind(s)
	case s.Daemon:
		k.spread(s)
	default:
		k.replicate(s)
	}
}

// wake lets a cluster look soon for room for the tasks that wait.
func (k cluster) wake() {
	if k.Due.IsZero() {
		wait := k.w.Draw("ecs.cluster-pass", k.Name, soon(time.Second))
		k.Due = k.w.Now().Add(wait)
		k.w.Schedule(wait, world.Event{Kind: "ecs.cluster-pass", Region: k.r.Name, ID: k.Name})
	}
}

// clusterPass puts tasks that wait onto instances of their capacity providers.
func clusterPass(w *world.World, e world.Event) {
	k, ok := clusterNamed(w, e.Region, e.ID)
	if !ok || !w.Now().Equal(k.Due) {
		return
	}
	k.Due = time.Time{}
	before := len(k.Waiting)
	k.placeWaiting()
	if len(k.Waiting) == before {
		return
	}
	for s := range k.Services.Rows() {
		if s.Hungry { // more tasks may wait again
			k.wakeService(s)
		}
	}
}

// peers are the tasks that a new one is spread with: those of its service, or else of its group.
func (k cluster) peers(t *world.Task) []*world.Task {
	var out []*world.Task
	if s, ok := k.Services.Get(t.Service); ok {
		for _, other := range k.tasks(s) {
			if other.Instance != "" && other.Desired == running {
				out = append(out, other)
			}
		}
		return out
	}
	for other := range k.Tasks.Rows() {
		if other.Group == t.Group && other.Instance != "" && other.Desired == running {
			out = append(out, other)
		}
	}
	return out
}

// tasks are those of a service that have not stopped.
func (k cluster) tasks(s *world.Service) []*world.Task {
	var out []*world.Task
	for _, id := range s.Tasks {
		if t, ok := k.Tasks.Get(id); ok {
			out = append(out, t)
		}
	}
	return out
}

// tell adds an event to a service. What it said within the last six hours, and nothing since, it does not say again.
func (k cluster) tell(s *world.Service, format string, a ...any) {
	text := "(service " + s.Name + ") " + fmt.Sprintf(format, a...)
	if n := len(s.Events); n > 0 && s.Events[n-1].Message == text && k.w.Now().Sub(s.Events[n-1].At) < 6*time.Hour {
		return
	}
	s.Events = append(s.Events, world.ServiceEvent{ID: k.w.UUID(), At: k.w.Now(), Message: text})
	s.Events = s.Events[max(len(s.Events)-mostEvents, 0):]
	notice.Said(k.w, k.r, s, text)
}

// list is how an event names tasks of some kind.
func list(ids []string, kind string) string {
	return fmt.Sprintf("%d %s: (task %s).", len(ids), kind, strings.Join(ids, ") (task "))
}

// quit stops tasks of a service.
func (k cluster) quit(s *world.Service, tasks []*world.Task) {
	var ids []string
	for _, t := range tasks {
		if t.Desired != stopped {
			k.stop(t, byScheduler, scaling(t.Deployment))
			ids = append(ids, t.ID)
		}
	}
	if len(ids) > 0 {
		k.tell(s, "has stopped %s", list(ids, "running tasks"))
	}
}

// wind ends a service that is deleted, once its tasks are at least stopping (ECS API reference, DeleteService).
func (k cluster) wind(s *world.Service) {
	all := k.tasks(s)
	k.quit(s, all)
	if slices.ContainsFunc(all, func(t *world.Task) bool {
		return t.Status != stoppingNow && t.Status != deprovisioning && t.Status != stopped
	}) {
		return // their next states wake the service
	}
	s.Status, s.DeletedAt, s.Deployments = inactive, k.w.Now(), nil
	k.w.Schedule(forgottenAfter, world.Event{Kind: "ecs.service-forgotten", Region: k.r.Name, ID: k.Name, Arg: s.Name})
}

// forgetService drops a service that was deleted an hour ago.
func forgetService(w *world.World, e world.Event) {
	k, ok := clusterNamed(w, e.Region, e.ID)
	if !ok {
		return
	}
	if s, ok := k.Services.Get(e.Arg); ok && s.Status == inactive && !w.Now().Before(s.DeletedAt.Add(forgottenAfter)) {
		k.Services.Delete(s.Name)
	}
}
