package rollout

import (
	"slices"

	"berth/internal/sim/ecs/notice"
	"berth/internal/sim/world"
)

// The states of the record of a deployment (ECS developer guide, "View service history using Amazon ECS service deployments").
const (
	Pending            = "PENDING"
	InProgress         = "IN_PROGRESS"
	Successful         = "SUCCESSFUL"
	Stopped            = "STOPPED"
	RollbackInProgress = "ROLLBACK_IN_PROGRESS"
	RollbackSuccessful = "ROLLBACK_SUCCESSFUL"
	RollbackFailed     = "ROLLBACK_FAILED"
)

// The states of what watches over a deployment.
const (
	disabled   = "DISABLED"
	monitoring = "MONITORING"
	triggered  = "TRIGGERED"
	watched    = "MONITORING_COMPLETE"
)

// record is the beginning of a deployment's record.
func record(w *world.World, r *world.Region, s *world.Service, d world.Deployment, sources []string) world.ServiceDeployment {
	out := world.ServiceDeployment{
		ARN:        "arn:aws:ecs:" + r.Name + ":" + world.Account + ":service-deployment/" + s.Cluster + "/" + s.Name + "/" + w.Hex(21),
		Deployment: d.ID, Status: Pending, Sources: sources, Target: d.Revision, MinHealthy: s.MinHealthy, Max: s.Max,
		Breaker: s.Breaker, Alarms: s.Alarms, BreakerStatus: disabled, AlarmStatus: disabled,
		CreatedAt: w.Now(), UpdatedAt: w.Now(),
	}
	if s.Breaker != nil && s.Breaker.Enable {
		out.BreakerStatus = monitoring
		out.Threshold, _ = threshold(s)
	}
	if s.Alarms != nil && s.Alarms.Enable {
		out.AlarmStatus = monitoring
	}
	return out
}

// current is the record of the deployment that is under way; nil when none is.
func current(s *world.Service) *world.ServiceDeployment {
	if len(s.History) == 0 {
		return nil
	}
	if h := &s.History[len(s.History)-1]; slices.Contains([]string{Pending, InProgress, RollbackInProgress}, h.Status) {
		return h
	}
	return nil
}

// Started notes that a service's scheduler has begun with the newest deployment.
func Started(w *world.World, r *world.Region, s *world.Service) {
	h := current(s)
	if h == nil || h.Status != Pending {
		return
	}
	h.Status, h.StartedAt, h.UpdatedAt = InProgress, w.Now(), w.Now()
	notice.Deployment(w, r, s, notice.Turn{
		Deployment: h.Deployment, State: notice.DeploymentInProgress, Reason: "ECS deployment " + h.Deployment + " in progress.",
	})
}

// supersede ends the record of a deployment that another one replaces before it was done.
func supersede(w *world.World, s *world.Service) {
	if h := current(s); h != nil {
		end(w, h, Stopped, "The service was updated while the deployment was in progress.")
		h.StoppedAt = w.Now()
	}
}

// finish ends the record of a deployment, or of its way back, that has reached its aim.
func finish(w *world.World, s *world.Service) {
	h := current(s)
	if h == nil {
		return
	}
	status := Successful
	if h.Status == RollbackInProgress {
		status = RollbackSuccessful
	}
	end(w, h, status, h.Reason)
}

func end(w *world.World, h *world.ServiceDeployment, status, reason string) {
	h.Status, h.Reason, h.FinishedAt, h.UpdatedAt = status, reason, w.Now(), w.Now()
	if h.StartedAt.IsZero() {
		h.StartedAt = w.Now()
	}
	for _, watch := range []*string{&h.BreakerStatus, &h.AlarmStatus} {
		if *watch == monitoring {
			*watch = watched
		}
	}
}
