package shape

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
)

// Mentions tells whether an expression names a group as a whole word.
func Mentions(expression, group string) bool {
	return slices.Contains(strings.FieldsFunc(expression, func(r rune) bool { return strings.ContainsRune(" ,[]", r) }), group)
}

// DaemonHandle tells how far the newest deployment is.
func DaemonHandle(s types.Service) model.Handle {
	h := ServiceHandle(s)
	if aws.ToString(s.Status) == "INACTIVE" {
		h.Status, h.Reason = model.Leaving, "its tasks are being stopped"
	}
	if h.Status == model.Leaving {
		return h
	}
	for _, d := range s.Deployments {
		switch {
		case d.RolloutState == types.DeploymentRolloutStateFailed:
			h.Status, h.Reason = model.Failed, aws.ToString(d.RolloutStateReason)
			return h
		case aws.ToString(d.Status) == "PRIMARY" && d.RolloutState == types.DeploymentRolloutStateInProgress:
			h.Status, h.Reason = model.Pending, fmt.Sprintf("it runs on %d of %d instances", d.RunningCount, max(d.DesiredCount, s.DesiredCount))
		}
	}
	return h
}

// Daemon is a daemon service in our words, less what it runs and where.
func Daemon(s types.Service) model.DaemonService {
	d := model.DaemonService{
		Name: aws.ToString(s.ServiceName), LaunchType: string(s.LaunchType), PropagateTags: string(s.PropagateTags),
		ManagedTags: s.EnableECSManagedTags, Tags: ECSTags(s.Tags).Own(),
	}
	if c := s.DeploymentConfiguration; c != nil {
		d.MinHealthyPercent, d.MaxPercent = int(aws.ToInt32(c.MinimumHealthyPercent)), int(aws.ToInt32(c.MaximumPercent))
		if b := c.DeploymentCircuitBreaker; b != nil {
			d.CircuitBreaker, d.Rollback = b.Enable, b.Rollback
		}
	}
	var expressions []string
	for _, p := range s.PlacementConstraints {
		expressions = append(expressions, aws.ToString(p.Expression))
	}
	d.Placement = strings.Join(expressions, " and ")
	return d
}
