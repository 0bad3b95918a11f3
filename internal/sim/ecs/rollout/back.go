package rollout

import (
	"time"

	"berth/internal/sim/ecs/notice"
	"berth/internal/sim/world"
)

// What notices that a deployment fails.
const (
	byBreaker = "circuit breaker"
	byAlarm   = "alarm"
	byUser    = "user"
)

// Cause is what fails a deployment, in the words of its events.
type Cause struct {
	Reason   string // of the deployment: "ECS deployment circuit breaker: tasks failed to start."
	Short    string // of the service's event: "tasks failed to start."
	Back     string // what events say of the way back, before the deployment's id
	By       string // what noticed
	Rollback bool
	Alarms   []string
}

// Broke is the cause of a deployment whose tasks failed too often.
func Broke(s *world.Service) Cause {
	return Cause{
		Reason: "ECS deployment circuit breaker: tasks failed to start.", Short: "tasks failed to start.", By: byBreaker,
		Back:     "ECS deployment circuit breaker: rolling back to deploymentId ",
		Rollback: s.Breaker != nil && s.Breaker.Rollback,
	}
}

// Alarmed is the cause of a deployment during which alarms went off.
func Alarmed(s *world.Service, names ...string) Cause {
	return Cause{
		Reason: "ECS deployment failed: alarm detected.", Short: "alarm detected.", By: byAlarm,
		Back:     "ECS deployment alarm: rolling back to deploymentId ",
		Rollback: s.Alarms != nil && s.Alarms.Rollback, Alarms: names,
	}
}

// Halted is the cause of a deployment that somebody stopped.
func Halted(rollback bool) Cause {
	return Cause{Reason: "Service deployment stopped by user.", Short: "stopped by user.", By: byUser, Back: "ECS deployment stopped by user: rolling back to deploymentId ", Rollback: rollback}
}

// Fail ends the newest deployment of a service: no more tasks of it are started. With a rollback the last revision whose
// deployment completed is deployed again, by its own deployment if that has tasks still; its id is the answer. Without one, or
// when no deployment ever completed, the service stays as it is, and the answer is empty.
func Fail(w *world.World, r *world.Region, s *world.Service, why Cause) (back string) {
	failed := &s.Deployments[0]
	failed.Halted, failed.UpdatedAt = why.Reason, w.Now()
	h := current(s)
	if h != nil {
		observe(h, why)
		h.UpdatedAt = w.Now()
	}
	if why.By != byUser {
		notice.Deployment(w, r, s, notice.Turn{Deployment: failed.ID, State: notice.DeploymentFailed, Reason: why.Reason})
	}
	rev, known := Revision(s, s.Good)
	if !why.Rollback || !known || rev.ARN == failed.Revision {
		if h != nil {
			status := Stopped
			if why.Rollback {
				status = RollbackFailed
			}
			end(w, h, status, why.Reason)
			h.StoppedAt = w.Now()
		}
		return ""
	}
	if h != nil {
		h.Status, h.Reason, h.RollbackReason, h.RollbackTo, h.RollbackAt = RollbackInProgress, why.Reason, why.Reason, rev.ARN, w.Now()
	}
	back = goBack(w, s, rev)
	notice.Deployment(w, r, s, notice.Turn{Deployment: back, State: notice.DeploymentInProgress, Reason: why.Back + back + "."})
	return back
}

// observe writes down what noticed the failure.
func observe(h *world.ServiceDeployment, why Cause) {
	switch why.By {
	case byBreaker:
		h.BreakerStatus = triggered
	case byAlarm:
		h.AlarmStatus, h.Triggered = triggered, why.Alarms
	}
}

// goBack makes the deployment of a revision the newest one again.
func goBack(w *world.World, s *world.Service, rev world.ServiceRevision) string {
	failing := s.Deployments[0]
	failing.Status = Active
	next := deployment(w, rev)
	rest := []world.Deployment{failing}
	for _, d := range s.Deployments[1:] {
		if d.Revision == rev.ARN {
			next = d
			continue
		}
		rest = append(rest, d)
	}
	next.Status, next.Completed, next.Halted, next.Failures, next.UpdatedAt = Primary, false, "", 0, w.Now()
	restore(s, rev)
	s.Deployments = append([]world.Deployment{next}, rest...)
	s.Failures, s.NotBefore, s.Steady = 0, time.Time{}, false
	return next.ID
}
