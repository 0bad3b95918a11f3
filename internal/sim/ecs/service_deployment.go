package ecs

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/history"
	"berth/internal/sim/ecs/rollout"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// StopServiceDeployment stops a deployment that is under way: with ROLLBACK the service goes back to the last revision whose
// deployment completed, with ABORT it stays as it is.
func StopServiceDeployment(c *world.Call, in *ecs.StopServiceDeploymentInput) (*ecs.StopServiceDeploymentOutput, error) {
	arn := aws.ToString(in.ServiceDeploymentArn)
	if arn == "" {
		return nil, missing("Service deployment ARN")
	}
	if in.StopType != "" && !slices.Contains(in.StopType.Values(), in.StopType) {
		return nil, invalid("Invalid stopType %s. Valid values are: ABORT, ROLLBACK.", in.StopType)
	}
	row, s, h := history.Record(c, arn)
	if h == nil {
		return nil, wire.Errorf("ServiceDeploymentNotFoundException", "Service deployment not found.")
	}
	out := &ecs.StopServiceDeploymentOutput{ServiceDeploymentArn: aws.String(arn)}
	switch h.Status {
	case rollout.RollbackInProgress:
		return out, nil
	case rollout.Pending, rollout.InProgress:
		cluster{row, c.World, c.Region}.fail(s, rollout.Halted(in.StopType != types.StopServiceDeploymentStopTypeAbort))
		return out, nil
	}
	return nil, wire.Errorf("ConflictException", "The service deployment is in the %s state and cannot be stopped.", h.Status)
}
