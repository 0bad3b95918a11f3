package asg

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/world"
)

// SetInstanceProtection protects instances in service from scale-in, or no longer does. A group that is too large
// looks at itself again.
func SetInstanceProtection(c *world.Call, in *autoscaling.SetInstanceProtectionInput) (*autoscaling.SetInstanceProtectionOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	switch {
	case len(in.InstanceIds) == 0:
		return nil, missing("instanceIds")
	case len(in.InstanceIds) > 50:
		return nil, invalid("The number of instance ids that may be passed in is limited to 50")
	case in.ProtectedFromScaleIn == nil:
		return nil, missing("protectedFromScaleIn")
	}
	for _, id := range in.InstanceIds {
		m, ok := g.Members.Get(id)
		if !ok {
			return nil, invalid("The instance %s is not part of Auto Scaling group %s.", id, g.Name)
		}
		if !slices.Contains(protectable(), types.LifecycleState(m.State)) {
			return nil, invalid("The instance %s is not in InService or EnteringStandby or Standby.", id)
		}
	}
	g.protect(in.InstanceIds, *in.ProtectedFromScaleIn)
	return &autoscaling.SetInstanceProtectionOutput{}, nil
}

// protectable are the states in which protection from scale-in can be set.
func protectable() []types.LifecycleState {
	return []types.LifecycleState{types.LifecycleStateInService, types.LifecycleStateEnteringStandby, types.LifecycleStateStandby}
}

func (g group) protect(ids []string, protected bool) {
	for _, id := range ids {
		if m, ok := g.Members.Get(id); ok {
			m.Protected = protected
		}
	}
	if !protected && g.unsettled() {
		g.soon()
	}
}

// Protect sets the protection of instances from scale-in, or takes it off, as AWS's own services do.
func Protect(w *world.World, r *world.Region, row *world.ScalingGroup, on bool, ids ...string) {
	group{row, w, r}.protect(ids, on)
}
