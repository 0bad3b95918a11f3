package diagnose

import (
	"time"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
)

// A loop is called one after this many equal ends within this time, whether or not a circuit breaker counts.
const (
	loopEnds   = 3
	loopWithin = 15 * time.Minute
)

// loops looks for services whose tasks end alike again and again while none of them stays.
func loops(s *scene, found *causes) {
	for _, c := range found.list {
		sv := s.services[c.subject]
		if sv == nil || len(c.tasks) < loopEnds || !failure(c.code) {
			continue
		}
		last := c.tasks[len(c.tasks)-1]
		alike := sameRevision(c.tasks, last.Definition)
		if len(alike) < loopEnds || s.some(last.Definition, alike) {
			continue
		}
		first := alike[len(alike)-loopEnds]
		took := ended(last).Sub(ended(first))
		if took > loopWithin || s.At.Sub(ended(last)) > loopWithin || s.over(sv.Name) {
			continue
		}
		l := found.add(reason.Looping, sv.Name, "")
		l.count = max(l.count, len(alike))
		l.note("the last %d of %s of %s ended alike within %s (%s)", loopEnds, several(len(alike), "task"), revision(last.Definition), span(took), c.code)
	}
}

// failure tells whether a cause is one of a task's end that comes again.
func failure(code string) bool { return code < "WHY400" || code >= "WHY500" && code < "WHY600" }

func sameRevision(tasks []*live.Task, definition string) []*live.Task {
	var out []*live.Task
	for _, t := range tasks {
		if t.Definition == definition {
			out = append(out, t)
		}
	}
	return out
}

// some tells whether a task of a revision runs for longer than those that ended did: then others end, but not all.
func (s *scene) some(definition string, ends []*live.Task) bool {
	_, longest, _ := lives(ends)
	for _, t := range s.tasks {
		if t.Definition == definition && t.Last == "RUNNING" && t.Desired != "STOPPED" && !t.Started.IsZero() && s.At.Sub(t.Started) > 2*longest+slack {
			return true
		}
	}
	return false
}

// over tells whether the deployment that failed is: what its tasks did, they do no more.
func (s *scene) over(service string) bool {
	d := s.newest[service]
	return d != nil && d.Status != "SUCCESSFUL" && !d.Finished.IsZero()
}
