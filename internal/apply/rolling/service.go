package rolling

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	applied "berth/internal/apply/service"
	"berth/internal/cloud"
	"berth/internal/document"
	"berth/internal/roll"
)

var errProbe = errors.New("a probe runs on one instance, named by its ARN and by its EC2 id")

// edit changes how many tasks a service may have while ECS replaces them, where they may be, and whether it moves them between zones; nothing of that begins a deployment (ECS API
// reference, UpdateService). A deployment configuration is sent whole, as it was seen, so that nothing else of it is lost.
func (w *Writer) edit(ctx context.Context, a roll.Action) (roll.Made, error) {
	spec := document.New("cluster", document.Of(w.Cluster), "service", document.Of(a.Service))
	if a.Count != 0 {
		bounds := a.Bounds
		if !bounds.There() {
			bounds = document.New()
		}
		spec = spec.With("deploymentConfiguration", bounds.With("maximumPercent", document.Int(a.Count)))
	}
	in, err := applied.Input[ecs.UpdateServiceInput](spec)
	if err != nil {
		return roll.Made{}, err
	}
	if a.Constraints != nil {
		in.PlacementConstraints = []types.PlacementConstraint{}
		for _, c := range a.Constraints {
			one := types.PlacementConstraint{Type: types.PlacementConstraintType(c.Type)}
			if c.Expression != "" {
				one.Expression = &c.Expression
			}
			in.PlacementConstraints = append(in.PlacementConstraints, one)
		}
	}
	in.AvailabilityZoneRebalancing = types.AvailabilityZoneRebalancing(a.Zones)
	_, err = change(ctx, w, cloud.ServiceChanges, w.Cloud.ECS.UpdateService, in)
	if cloud.Missing(err) || cloud.Code(err) == "ServiceNotActiveException" {
		return refusals{a.Service: cloud.Message(err)}.made(roll.Made{}), nil // it is gone, with its settings
	}
	if a.Key == roll.Restore && err != nil && definite(err) { // what else somebody has set meanwhile may forbid it, for good
		return refusals{a.Service: cloud.Message(err)}.made(roll.Made{}), nil
	}
	return roll.Made{}, err
}
