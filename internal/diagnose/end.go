package diagnose

import (
	"strings"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
)

// ends looks at the tasks that ended, and finds why each did that should not have.
func ends(s *scene, found *causes) {
	for _, t := range s.tasks {
		if (t.Last == "STOPPED" || t.Desired == "STOPPED") && !ended(t).IsZero() && s.counts(t) {
			s.end(found, t)
		}
	}
}

// end finds why one task ended. AWS's stop codes say who ended it, and its reason says why (ECS developer guide, "Stopped tasks
// error codes").
func (s *scene) end(found *causes, t *live.Task) {
	switch t.StopCode {
	case "TaskFailedToStart":
		s.unstarted(found, t)
	case "EssentialContainerExited":
		s.exited(found, t)
	case "ServiceSchedulerInitiated":
		if strings.Contains(t.Reason, "health check") {
			s.unhealthy(found, t)
		}
	case "SpotInterruption":
		found.add(reason.SpotTaken, subjectOf(t), "").ends(t, t.Reason)
	case "TerminationNotice", "InfrastructureHealth":
		found.add(reason.HostGone, subjectOf(t), "").ends(t, t.Reason)
	case "UserInitiated":
		found.add(reason.ByHand, subjectOf(t), "").ends(t, t.Reason)
	default:
		s.codeless(found, t)
	}
}

// codeless is for tasks whose end AWS gives no code.
func (s *scene) codeless(found *causes, t *live.Task) {
	if cause, _ := culprit(s, t); t.Reason == "" && cause == nil {
		return
	}
	if t.Started.IsZero() {
		s.unstarted(found, t)
		return
	}
	s.exited(found, t)
}

// unstarted finds why a task never came to run.
func (s *scene) unstarted(found *causes, t *live.Task) {
	c, why := unstartable(t)
	subject := subjectOf(t)
	for _, know := range []func(*causes, string, *live.Task, *live.Container, string) bool{s.unpulled, s.unprovided, s.unplaced, s.unlaunched} {
		if know(found, subject, t, c, why) {
			return
		}
	}
	if x, _ := culprit(s, t); x != nil {
		s.exited(found, t)
		return
	}
	found.add(reason.Unknown, subject, why).ends(t, why)
}

// unstartable is the container that could not be started, and AWS's words for it: those of the container say more than the task's.
func unstartable(t *live.Task) (*live.Container, string) {
	for i := range t.Containers {
		if c := &t.Containers[i]; c.Reason != "" {
			return c, c.Reason
		}
	}
	return nil, t.Reason
}
