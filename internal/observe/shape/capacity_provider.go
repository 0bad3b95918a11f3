package shape

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
)

// Provider is a capacity provider; group tells a group's key by its ARN.
func Provider(groupOf Keys, p types.CapacityProvider, group string, tags model.Tags) model.Provider {
	r := model.Provider{Group: group, Name: aws.ToString(p.Name), Tags: tags.Own()}
	a := p.AutoScalingGroupProvider
	if a == nil {
		return r
	}
	r.AutoScalingGroup = groupOf(aws.ToString(a.AutoScalingGroupArn))
	r.TerminationProtection = a.ManagedTerminationProtection == types.ManagedTerminationProtectionEnabled
	r.Draining = a.ManagedDraining == types.ManagedDrainingEnabled
	if s := a.ManagedScaling; s != nil {
		r.ManagedScaling = s.Status == types.ManagedScalingStatusEnabled
		r.TargetCapacity, r.MinStep = usually(s.TargetCapacity, 100), usually(s.MinimumScalingStepSize, 1)
		r.MaxStep, r.WarmupSeconds = usually(s.MaximumScalingStepSize, 10000), usually(s.InstanceWarmupPeriod, 300)
	}
	return r
}

// usually is a setting of managed scaling, or AWS's default where the answer leaves it out.
func usually(n *int32, otherwise int) int {
	if n == nil {
		return otherwise
	}
	return int(*n)
}

// ProviderStatus follows what ECS does with the provider, and else what it says of it. An update or a deletion that
// failed leaves a provider that works.
func ProviderStatus(p types.CapacityProvider) model.Status {
	switch p.UpdateStatus {
	case types.CapacityProviderUpdateStatusCreateFailed:
		return model.Failed
	case types.CapacityProviderUpdateStatusDeleteInProgress:
		return model.Leaving
	case types.CapacityProviderUpdateStatusCreateInProgress, types.CapacityProviderUpdateStatusUpdateInProgress:
		return model.Pending
	default:
		return standing(p.Status)
	}
}

func standing(s types.CapacityProviderStatus) model.Status {
	switch s {
	case types.CapacityProviderStatusProvisioning:
		return model.Pending
	case types.CapacityProviderStatusDeprovisioning:
		return model.Leaving
	default:
		return model.Ready
	}
}
