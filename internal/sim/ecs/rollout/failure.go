package rollout

import (
	"strings"
	"time"

	"berth/internal/sim/world"
)

// Unhealthy tells whether a task was stopped because a health check failed, by its reason.
func Unhealthy(reason string) bool {
	return strings.HasPrefix(reason, "Task failed ELB health checks") || strings.HasPrefix(reason, "Task failed container health checks")
}

// Lost notes that a task of a service has ended. A deployment counts those that never ran, until one has, and those that a health
// check ended (ECS developer guide, "How the Amazon ECS deployment circuit breaker detects failures"). Tasks that somebody
// stopped before they ran, and those whose host went, are nobody's fault. It tells whether the deployment fails of it.
func Lost(w *world.World, s *world.Service, t *world.Task) bool {
	d := Of(s, t.Deployment)
	if d == nil {
		return false
	}
	early := t.StartedAt.IsZero() && t.StopCode != "ServiceSchedulerInitiated" && t.StopCode != "UserInitiated" && t.StopCode != "TerminationNotice"
	if early {
		s.Failures++
		if wait := Delay(s.Failures); wait > 0 {
			s.NotBefore = w.Now().Add(wait)
		}
	}
	if early && !d.Ran {
		d.Failed++
	}
	if !(early && !d.Ran) && !Unhealthy(t.StopReason) {
		return false
	}
	d.Failures++
	if h := counted(s, d); h != nil {
		h.Failures, h.UpdatedAt = d.Failures, w.Now()
	}
	return trips(s, d)
}

// counted is the record that shows how often tasks of a deployment have failed; nil: none does, since it is over or the way back.
func counted(s *world.Service, d *world.Deployment) *world.ServiceDeployment {
	if h := current(s); h != nil && h.Deployment == d.ID {
		return h
	}
	return nil
}

// Ran notes that a task of a service runs: the count of those that do not begins anew.
func Ran(s *world.Service, t *world.Task) {
	s.Failures, s.NotBefore = 0, time.Time{}
	if d := Of(s, t.Deployment); d != nil && !d.Ran {
		d.Ran, d.Failed = true, 0
		forgiven(s, d)
	}
}

// Proved notes that a task of a service is healthy for the first time, which resets the circuit breaker's count, unless it is
// told not to.
func Proved(s *world.Service, t *world.Task) {
	t.Proven = true
	if d := Of(s, t.Deployment); d != nil && (s.Breaker == nil || !s.Breaker.Keeps) {
		forgiven(s, d)
	}
}

// forgiven takes the circuit breaker's count back to none, where it is shown, too.
func forgiven(s *world.Service, d *world.Deployment) {
	d.Failures = 0
	if h := counted(s, d); h != nil {
		h.Failures = 0
	}
}

// threshold is how many failures fail a deployment, and whether anything counts them: half of the tasks, at least 3 and at most
// 200, unless the service says otherwise.
func threshold(s *world.Service) (int, bool) {
	b := s.Breaker
	if b == nil || !b.Enable {
		return 0, false
	}
	percent := b.Value
	switch b.Type {
	case "COUNT":
		return b.Value, true
	case "":
		percent = 50
	}
	n := (s.Desired*percent + 99) / 100
	if b.Type == "UNBOUNDED_PERCENT" {
		return max(n, 1), true
	}
	return min(max(n, 3), 200), true
}

// trips tells whether a deployment has failed too often. Only one that is under way can fail.
func trips(s *world.Service, d *world.Deployment) bool {
	n, counts := threshold(s)
	return counts && d.ID == s.Deployments[0].ID && !d.Completed && d.Halted == "" && d.Failures >= n
}

// patience is how many tasks in a row may end before they ran until a service is throttled, and longest how long it then waits
// at most (ECS developer guide, "Amazon ECS service throttle logic").
const (
	patience = 3
	shortest = 10 * time.Second
	longest  = 27 * time.Minute
)

// Delay is how long a service waits for the next task after so many in a row that ended before they ran.
func Delay(failures int) time.Duration {
	if failures < patience {
		return 0
	}
	return min(shortest<<min(failures-patience, 20), longest)
}
