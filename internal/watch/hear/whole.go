package hear

import (
	"fmt"
	"time"

	"berth/internal/live"
	"berth/internal/watch"
)

// whole tells whether a service runs what it should, and nothing of it is under way.
func whole(sv *live.Service) bool {
	p := sv.Primary()
	switch {
	case sv.Running < sv.Desired, p.Rollout == "FAILED":
		return false
	case deploying(sv):
		return p.Failed == 0 && p.Running >= p.Desired
	}
	return true
}

// deploying tells whether a service changes from one revision to another, or comes to its first.
func deploying(sv *live.Service) bool { return sv.Primary().Rollout == "IN_PROGRESS" }

// short tells whether a service runs fewer tasks than it may: while it is deployed it may have as few as its minimumHealthyPercent.
func short(sv *live.Service) bool {
	if sv.Status != "ACTIVE" || sv.Running >= sv.Desired {
		return false
	}
	if !deploying(sv) || sv.Primary().Failed > 0 {
		return true
	}
	return sv.Running < (sv.Desired*least(sv)+99)/100
}

// least is a service's minimumHealthyPercent (ECS API reference, DeploymentConfiguration).
func least(sv *live.Service) int {
	if n, ok := sv.Spec.Get("deploymentConfiguration", "minimumHealthyPercent").Number(); ok {
		return n
	}
	if sv.Daemon {
		return 0
	}
	return 100
}

// starting is for how long tasks that are on their way may stay there: images are pulled, instances come.
const starting = 15 * time.Minute

// urgent is how soon, and how loudly, people are told of a service that has too few tasks.
func (k *sight) urgent(s watch.Signal, sv *live.Service) watch.Signal {
	if sv.Running == 0 && sv.Desired > 0 {
		s.Severity = watch.Error
	}
	if sv.Pending > 0 && sv.Running+sv.Pending >= sv.Desired && sv.Primary().Failed == 0 {
		s.Hold = starting
	}
	return s
}

func counts(sv *live.Service) []string {
	return []string{fmt.Sprintf("%s runs %d of %d tasks, %d are pending", sv.Name, sv.Running, sv.Desired, sv.Pending)}
}
