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
