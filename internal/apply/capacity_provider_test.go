package apply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
	"berth/internal/plan"
)

func TestAProviderChangedBehindTheBackIsMended(t *testing.T) {
	a := newAccount(t, nil)
	for name, one := range map[string]struct {
		update types.AutoScalingGroupProviderUpdate
		drift  []string
	}{
		"target":   {types.AutoScalingGroupProviderUpdate{ManagedScaling: &types.ManagedScaling{TargetCapacity: aws.Int32(80)}}, []string{"target_capacity"}},
		"steps":    {types.AutoScalingGroupProviderUpdate{ManagedScaling: &types.ManagedScaling{MinimumScalingStepSize: aws.Int32(2), MaximumScalingStepSize: aws.Int32(5)}}, []string{"minimum_scaling_step", "maximum_scaling_step"}},
		"warmup":   {types.AutoScalingGroupProviderUpdate{ManagedScaling: &types.ManagedScaling{InstanceWarmupPeriod: aws.Int32(10)}}, []string{"instance_warmup_seconds"}},
		"draining": {types.AutoScalingGroupProviderUpdate{ManagedDraining: types.ManagedDrainingDisabled}, []string{"managed_draining"}},
		"protection": {
			types.AutoScalingGroupProviderUpdate{ManagedTerminationProtection: types.ManagedTerminationProtectionDisabled}, []string{"managed_termination_protection"},
		},
		"scaling": {types.AutoScalingGroupProviderUpdate{
			ManagedScaling:               &types.ManagedScaling{Status: types.ManagedScalingStatusDisabled},
			ManagedTerminationProtection: types.ManagedTerminationProtectionDisabled,
		}, []string{"managed_scaling", "managed_termination_protection"}},
	} {
		t.Run(name, func(t *testing.T) {
			a.t = t
			a.mends(model.ProviderKey("batch"), func() {
				do(a, a.cloud.ECS.UpdateCapacityProvider, &ecs.UpdateCapacityProviderInput{Name: aws.String("prod_shop_batch"), AutoScalingGroupProvider: &one.update})
				a.sleep(time.Minute)
			}, one.drift...)
			a.sleep(time.Minute)
		})
	}
}

func TestTagsOfAProviderAreMended(t *testing.T) {
	a := newAccount(t, nil)
	arn := aws.String(a.have.Handle(model.ProviderKey("default")).ARN)
	a.mends(model.ProviderKey("default"), func() {
		do(a, a.cloud.ECS.UntagResource, &ecs.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"team", model.TagKey}})
	}, "tags.berth:key", "tags.team")
}

func TestAProviderOfOthersStandsInTheWay(t *testing.T) {
	a := newAccount(t, nil)
	arn := aws.String(a.have.Handle(model.ProviderKey("default")).ARN)
	do(a, a.cloud.ECS.UntagResource, &ecs.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"team", model.TagKey, model.TagCluster, model.TagEnvironment}})
	a.look()
	_, err := plan.Make(a.want(), a.have)
	if err == nil || !strings.Contains(err.Error(), "capacity provider prod_shop_default is in the place of capacity_provider.default") {
		t.Errorf("the plan says %v", err)
	}
}

func TestTheListOfProvidersIsMended(t *testing.T) {
	a := newAccount(t, nil)
	a.mends(model.ClusterProvidersKey(), func() {
		do(a, a.cloud.ECS.PutClusterCapacityProviders, &ecs.PutClusterCapacityProvidersInput{
			Cluster: aws.String("shop"), CapacityProviders: []string{"prod_shop_default", "FARGATE"},
			DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE"), Weight: 2, Base: 1}},
		})
	}, "capacity_providers", "default_strategy")
}
