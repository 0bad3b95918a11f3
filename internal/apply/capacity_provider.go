package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func providerEntry() entry { return typed(createProvider, updateProvider, deleteProvider) }

func createProvider(ctx context.Context, j *job, p model.Provider) (model.Handle, error) {
	out, err := cloud.Write(ctx, j.c, j.c.ECS.CreateCapacityProvider, &ecs.CreateCapacityProviderInput{
		Name: aws.String(p.Name), Tags: ecsTags(p.Tags),
		AutoScalingGroupProvider: &types.AutoScalingGroupProvider{
			// A group's name will do as well (ECS API reference, AutoScalingGroupProvider).
			AutoScalingGroupArn: aws.String(j.have.ID(p.AutoScalingGroup)), ManagedScaling: scaling(p),
			ManagedTerminationProtection: protection(p), ManagedDraining: draining(p),
		},
	})
	if err != nil {
		return model.Handle{}, err
	}
	h := model.Handle{ID: p.Name, ARN: aws.ToString(out.CapacityProvider.CapacityProviderArn)}
	if out.CapacityProvider.Status == types.CapacityProviderStatusProvisioning {
		h.Status = model.Pending
	}
	return h, nil
}

func scaling(p model.Provider) *types.ManagedScaling {
	s := &types.ManagedScaling{
		Status: types.ManagedScalingStatusDisabled, TargetCapacity: aws.Int32(int32(p.TargetCapacity)),
		MinimumScalingStepSize: aws.Int32(int32(p.MinStep)), MaximumScalingStepSize: aws.Int32(int32(p.MaxStep)),
		InstanceWarmupPeriod: aws.Int32(int32(p.WarmupSeconds)),
	}
	if p.ManagedScaling {
		s.Status = types.ManagedScalingStatusEnabled
	}
	return s
}

func protection(p model.Provider) types.ManagedTerminationProtection {
	if p.TerminationProtection {
		return types.ManagedTerminationProtectionEnabled
	}
	return types.ManagedTerminationProtectionDisabled
}

func draining(p model.Provider) types.ManagedDraining {
	if p.Draining {
		return types.ManagedDrainingEnabled
	}
	return types.ManagedDrainingDisabled
}

func updateProvider(ctx context.Context, j *job, p model.Provider) (model.Handle, error) {
	h := j.handle()
	u := &types.AutoScalingGroupProviderUpdate{}
	if j.differs("managed_scaling", "target_capacity", "minimum_scaling_step", "maximum_scaling_step", "instance_warmup_seconds") {
		u.ManagedScaling = scaling(p)
	}
	if j.differs("managed_termination_protection") {
		u.ManagedTerminationProtection = protection(p)
	}
	if j.differs("managed_draining") {
		u.ManagedDraining = draining(p)
	}
	if u.ManagedScaling != nil || u.ManagedTerminationProtection != "" || u.ManagedDraining != "" {
		in := &ecs.UpdateCapacityProviderInput{Name: aws.String(p.Name), AutoScalingGroupProvider: u}
		if _, err := cloud.Repeat(ctx, j.c, j.c.ECS.UpdateCapacityProvider, in); err != nil {
			return h, err
		}
		h.Status = model.Pending
	}
	return h, j.retagECS(ctx, h.ARN, j.change.From.(model.Provider).Tags, p.Tags)
}

func deleteProvider(ctx context.Context, j *job, p model.Provider) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.ECS.DeleteCapacityProvider, &ecs.DeleteCapacityProviderInput{CapacityProvider: aws.String(p.Name)})
	if err != nil {
		return model.Handle{}, gone(err)
	}
	h := j.handle()
	h.Status = model.Leaving
	return h, nil
}
