package apply_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
)

// distribution is a policy that changes nothing but how a group buys its instances.
func distribution(d types.InstancesDistribution) *types.MixedInstancesPolicy {
	return &types.MixedInstancesPolicy{InstancesDistribution: &d}
}

// launches is a policy that changes nothing but what a group launches.
func launches(t types.LaunchTemplate) *types.MixedInstancesPolicy {
	return &types.MixedInstancesPolicy{LaunchTemplate: &t}
}

func TestAGroupChangedBehindTheBackIsSeenAndMended(t *testing.T) {
	a := newAccount(t, nil)
	other := do(a, a.cloud.EC2.CreateLaunchTemplate, &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: aws.String("theirs"), LaunchTemplateData: &ec2types.RequestLaunchTemplateData{ImageId: aws.String("ami-1")},
	}).LaunchTemplate
	own := aws.String(a.have.ID(model.TemplateKey("default")))
	for name, one := range map[string]struct {
		group  string
		change autoscaling.UpdateAutoScalingGroupInput
		drift  []string
	}{
		"template of others": {"default", autoscaling.UpdateAutoScalingGroupInput{MixedInstancesPolicy: launches(types.LaunchTemplate{
			LaunchTemplateSpecification: &types.LaunchTemplateSpecification{LaunchTemplateId: other.LaunchTemplateId, Version: aws.String("1")},
		})}, []string{"launch_template"}},
		"no numbered version": {"default", autoscaling.UpdateAutoScalingGroupInput{MixedInstancesPolicy: launches(types.LaunchTemplate{
			LaunchTemplateSpecification: &types.LaunchTemplateSpecification{LaunchTemplateId: own, Version: aws.String("$Latest")},
		})}, []string{"launch_template"}},
		"no policy, $Default": {"batch", autoscaling.UpdateAutoScalingGroupInput{
			LaunchTemplate: &types.LaunchTemplateSpecification{LaunchTemplateName: aws.String("prod_shop_batch")},
		}, []string{"launch_template", "instance_types", "spot", "spot_allocation_strategy", "on_demand_percentage"}},
		"types": {"default", autoscaling.UpdateAutoScalingGroupInput{MixedInstancesPolicy: launches(types.LaunchTemplate{
			Overrides: []types.LaunchTemplateOverrides{{InstanceType: aws.String("m7i.xlarge")}},
		})}, []string{"instance_types"}},
		"order of types": {"batch", autoscaling.UpdateAutoScalingGroupInput{MixedInstancesPolicy: launches(types.LaunchTemplate{
			Overrides: []types.LaunchTemplateOverrides{{InstanceType: aws.String("c6g.large")}, {InstanceType: aws.String("c7g.large")}},
		})}, []string{"instance_types"}},
		"weights": {"default", autoscaling.UpdateAutoScalingGroupInput{MixedInstancesPolicy: launches(types.LaunchTemplate{
			Overrides: []types.LaunchTemplateOverrides{{InstanceType: aws.String("m7i.large"), WeightedCapacity: aws.String("1")}},
		})}, []string{"instance_types"}},
		"half Spot": {"default", autoscaling.UpdateAutoScalingGroupInput{MixedInstancesPolicy: distribution(types.InstancesDistribution{
			OnDemandPercentageAboveBaseCapacity: aws.Int32(50),
		})}, []string{"spot", "spot_allocation_strategy", "on_demand_percentage"}},
		"no Spot": {"batch", autoscaling.UpdateAutoScalingGroupInput{MixedInstancesPolicy: distribution(types.InstancesDistribution{
			OnDemandPercentageAboveBaseCapacity: aws.Int32(100),
		})}, []string{"spot", "spot_allocation_strategy", "on_demand_percentage"}},
		"a share on demand": {"batch", autoscaling.UpdateAutoScalingGroupInput{MixedInstancesPolicy: distribution(types.InstancesDistribution{
			OnDemandPercentageAboveBaseCapacity: aws.Int32(30),
		})}, []string{"on_demand_percentage"}},
		"the cheapest on demand": {"default", autoscaling.UpdateAutoScalingGroupInput{MixedInstancesPolicy: distribution(types.InstancesDistribution{
			OnDemandAllocationStrategy: aws.String("lowest-price"),
		})}, []string{"on_demand_allocation_strategy"}},
		"a base on demand": {"batch", autoscaling.UpdateAutoScalingGroupInput{MixedInstancesPolicy: distribution(types.InstancesDistribution{
			OnDemandBaseCapacity: aws.Int32(1),
		})}, []string{"on_demand_base"}},
		"a price": {"batch", autoscaling.UpdateAutoScalingGroupInput{MixedInstancesPolicy: distribution(types.InstancesDistribution{
			SpotMaxPrice: aws.String("0.05"),
		})}, []string{"spot_allocation_strategy"}},
		"strategy": {"batch", autoscaling.UpdateAutoScalingGroupInput{MixedInstancesPolicy: distribution(types.InstancesDistribution{
			SpotAllocationStrategy: aws.String("lowest-price"),
		})}, []string{"spot_allocation_strategy"}},
		"rebalance":      {"batch", autoscaling.UpdateAutoScalingGroupInput{CapacityRebalance: aws.Bool(false)}, []string{"capacity_rebalance"}},
		"maximum":        {"default", autoscaling.UpdateAutoScalingGroupInput{MaxSize: aws.Int32(9)}, []string{"max_size"}},
		"check":          {"default", autoscaling.UpdateAutoScalingGroupInput{HealthCheckType: aws.String("ELB")}, []string{"health_check_type"}},
		"grace":          {"default", autoscaling.UpdateAutoScalingGroupInput{HealthCheckGracePeriod: aws.Int32(5)}, []string{"health_check_grace_seconds"}},
		"maintenance":    {"default", autoscaling.UpdateAutoScalingGroupInput{InstanceMaintenancePolicy: &types.InstanceMaintenancePolicy{MinHealthyPercentage: aws.Int32(90), MaxHealthyPercentage: aws.Int32(120)}}, []string{"maintenance.min_healthy_percent", "maintenance.max_healthy_percent"}},
		"no maintenance": {"default", autoscaling.UpdateAutoScalingGroupInput{InstanceMaintenancePolicy: &types.InstanceMaintenancePolicy{MinHealthyPercentage: aws.Int32(-1), MaxHealthyPercentage: aws.Int32(-1)}}, []string{"maintenance.min_healthy_percent", "maintenance.max_healthy_percent"}},
		"protection":     {"default", autoscaling.UpdateAutoScalingGroupInput{NewInstancesProtectedFromScaleIn: aws.Bool(false)}, []string{"new_instances_protected_from_scale_in"}},
		"deletion":       {"default", autoscaling.UpdateAutoScalingGroupInput{DeletionProtection: types.DeletionProtectionNone}, []string{"deletion_protection"}},
		"two at once":    {"default", autoscaling.UpdateAutoScalingGroupInput{MaxSize: aws.Int32(9), HealthCheckGracePeriod: aws.Int32(5)}, []string{"max_size", "health_check_grace_seconds"}},
	} {
		t.Run(name, func(t *testing.T) {
			a.t = t
			one.change.AutoScalingGroupName = aws.String("prod_shop_" + one.group)
			a.mends(model.GroupKey(one.group), func() { do(a, a.cloud.Groups.UpdateAutoScalingGroup, &one.change) }, one.drift...)
			if s := a.group(one.group).MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification; aws.ToString(s.Version) != "1" {
				t.Errorf("the group launches from version %s", aws.ToString(s.Version))
			}
		})
	}
}

func TestMetricsOfAGroupAreMended(t *testing.T) {
	a := newAccount(t, nil)
	name := aws.String("prod_shop_default")
	a.mends(model.GroupKey("default"), func() {
		do(a, a.cloud.Groups.DisableMetricsCollection, &autoscaling.DisableMetricsCollectionInput{AutoScalingGroupName: name, Metrics: []string{"GroupMinSize"}})
		do(a, a.cloud.Groups.EnableMetricsCollection, &autoscaling.EnableMetricsCollectionInput{
			AutoScalingGroupName: name, Granularity: aws.String("1Minute"), Metrics: []string{"GroupTotalCapacity"},
		})
	}, "metrics")
}

func TestClassicLoadBalancersOfAGroupAreMended(t *testing.T) {
	a := newAccount(t, nil)
	name := aws.String("prod_shop_default")
	ours := a.group("default").LoadBalancerNames
	a.mends(model.GroupKey("default"), func() {
		do(a, a.cloud.Groups.DetachLoadBalancers, &autoscaling.DetachLoadBalancersInput{AutoScalingGroupName: name, LoadBalancerNames: ours})
		a.sleep(5 * time.Minute) // connections drain
	}, "classic_load_balancers")
	if got := a.group("default").LoadBalancerNames; !slices.Equal(got, ours) {
		t.Errorf("attached are %v, not %v", got, ours)
	}
}

func TestTagsOfAGroupAreMendedAndThoseOfOthersStay(t *testing.T) {
	a := newAccount(t, nil)
	tag := func(key, value string) types.Tag {
		return types.Tag{ResourceId: aws.String("prod_shop_default"), ResourceType: aws.String("auto-scaling-group"), Key: aws.String(key), Value: aws.String(value)}
	}
	a.mends(model.GroupKey("default"), func() {
		do(a, a.cloud.Groups.CreateOrUpdateTags, &autoscaling.CreateOrUpdateTagsInput{Tags: []types.Tag{tag("team", "x"), tag("theirs", "y")}})
		do(a, a.cloud.Groups.DeleteTags, &autoscaling.DeleteTagsInput{Tags: []types.Tag{{
			ResourceId: aws.String("prod_shop_default"), ResourceType: aws.String("auto-scaling-group"), Key: aws.String(model.TagManaged),
		}}})
	}, "tags.AmazonECSManaged", "tags.team")
	var keys []string
	for _, t := range a.group("default").Tags {
		keys = append(keys, aws.ToString(t.Key))
	}
	if !slices.Contains(keys, "theirs") || !slices.Contains(keys, model.TagDesired) {
		t.Errorf("tags left: %v", keys)
	}
}

func TestAGroupThatLostItsKeyIsStillOurs(t *testing.T) {
	a := newAccount(t, nil)
	a.mends(model.GroupKey("default"), func() {
		do(a, a.cloud.Groups.DeleteTags, &autoscaling.DeleteTagsInput{Tags: []types.Tag{{
			ResourceId: aws.String("prod_shop_default"), ResourceType: aws.String("auto-scaling-group"), Key: aws.String(model.TagKey),
		}}})
	}, "tags.berth:key")
}

func TestWhatBearsOurNameAndNoTagOfOursStandsInTheWay(t *testing.T) {
	a := newAccount(t, nil)
	in := &autoscaling.DeleteTagsInput{}
	for _, t := range a.group("default").Tags {
		in.Tags = append(in.Tags, types.Tag{ResourceId: t.ResourceId, ResourceType: t.ResourceType, Key: t.Key})
	}
	do(a, a.cloud.Groups.DeleteTags, in)
	do(a, a.cloud.EC2.DeleteTags, &ec2.DeleteTagsInput{Resources: []string{a.have.ID(model.TemplateKey("batch"))}})
	a.look()
	_, err := plan.Make(a.want(), a.have)
	if err == nil || !strings.Contains(err.Error(), "auto scaling group prod_shop_default is in the place of auto_scaling_group.default") ||
		!strings.Contains(err.Error(), "launch template prod_shop_batch is in the place of launch_template.batch") {
		t.Errorf("the plan says %v", err)
	}
}

func TestInstancesMoveBeforeTheirZoneGoes(t *testing.T) {
	a := newAccount(t, nil)
	a.file.Zones = a.file.Zones[:1]
	a.look()
	a.carryOut(a.plan())
	g := a.group("default")
	for _, i := range g.Instances {
		if aws.ToString(i.AvailabilityZone) != "eu-west-1a" {
			t.Errorf("%s stands in %s", aws.ToString(i.InstanceId), aws.ToString(i.AvailabilityZone))
		}
	}
	if len(g.Instances) != 2 {
		t.Errorf("%d instances", len(g.Instances))
	}
	a.look()
	if p := a.plan(); len(p.Changes) > 0 {
		t.Errorf("left over: %v", p.Changes)
	}
	if a.have.Has(model.SubnetKey(model.Private, "eu-west-1b")) {
		t.Error("the subnet of the zone that was left still stands")
	}
}

func TestARunThatDiedWhileInstancesMovedGoesOn(t *testing.T) {
	a := newAccount(t, nil)
	a.file.Zones = a.file.Zones[:1]
	do(a, a.cloud.Groups.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("prod_shop_default"), VPCZoneIdentifier: aws.String(a.have.ID(model.SubnetKey(model.Private, "eu-west-1a"))),
	})
	a.look()
	if got := a.differs(model.GroupKey("default")); !slices.Equal(got, []string{"subnets"}) {
		t.Fatalf("drift %v", got)
	}
	step, _ := a.plan().Find(plan.Step{Verb: plan.Delete, Key: model.SubnetKey(model.Private, "eu-west-1b")})
	if !slices.Contains(step.Needs, plan.Step{Verb: plan.Update, Key: model.GroupKey("default")}) {
		t.Errorf("the subnet goes before its instances: %v", step.Needs)
	}
	a.settle()
}

func TestANewVersionReachesTheGroupAndLeavesItsInstances(t *testing.T) {
	a := newAccount(t, nil)
	before := a.group("default").Instances
	a.file.Groups[0].CustomUserData = "echo more"
	a.settle()
	g, _ := model.Find[model.Group](&a.have.Set, model.GroupKey("default"))
	if v := a.have.Handle(model.TemplateKey("default")).Version; v != 2 {
		t.Errorf("the newest version is %d", v)
	}
	for i, m := range g.Instances {
		if !m.Outdated() || m.Reasons[0].Kind != model.OldUserData || m.Reasons[0].Have != "" || m.TemplateVersion != 1 || m.ID != aws.ToString(before[i].InstanceId) {
			t.Errorf("instance %+v", m)
		}
	}
	if len(g.Instances) != 2 {
		t.Errorf("%d instances", len(g.Instances))
	}
}

func TestAMaximumMayFallBelowTheOldMinimum(t *testing.T) {
	a := newAccount(t, func(c *config.Config) { c.Groups[0].Min, c.Groups[0].Desired = 3, 3 })
	a.file.Groups[0].Min, a.file.Groups[0].Desired, a.file.Groups[0].Max = 1, 1, 2
	a.settle()
}

func TestWithoutManagedScalingInstancesAreNotProtected(t *testing.T) {
	a := newAccount(t, nil)
	a.file.Groups[0].ManagedScaling = false
	a.settle()
	for _, i := range a.group("default").Instances {
		if aws.ToBool(i.ProtectedFromScaleIn) {
			t.Errorf("%s is protected", aws.ToString(i.InstanceId))
		}
	}
	a.file.Groups[0].ManagedScaling = true
	a.settle()
	for _, i := range a.group("default").Instances {
		if !aws.ToBool(i.ProtectedFromScaleIn) {
			t.Errorf("%s is not protected", aws.ToString(i.InstanceId))
		}
	}
}

func TestAGroupThatLeavesTheFileGoesWithAllThatIsIts(t *testing.T) {
	a := newAccount(t, func(c *config.Config) { c.Groups[1].Min, c.Groups[1].Desired = 1, 2 })
	a.file.Groups = a.file.Groups[:1]
	a.settle()
	for _, k := range []model.Key{
		model.GroupKey("batch"), model.TemplateKey("batch"), model.ProviderKey("batch"), model.CapacityKey("batch"), model.InstanceGroupKey("batch"),
	} {
		if a.have.Has(k) {
			t.Errorf("%s is still there", k)
		}
	}
}

func TestAGroupThatOthersDeleteComesBack(t *testing.T) {
	a := newAccount(t, nil)
	name := aws.String("prod_shop_default")
	do(a, a.cloud.Groups.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: name, DeletionProtection: types.DeletionProtectionNone})
	do(a, a.cloud.Groups.DeleteAutoScalingGroup, &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: name, ForceDelete: aws.Bool(true)})
	a.settle()
	if n := len(a.group("default").Instances); n != 2 {
		t.Errorf("%d instances", n)
	}
}

func TestAClassicLoadBalancerThatIsMadeAnewIsAttachedAgain(t *testing.T) {
	a := newAccount(t, nil)
	name := a.have.ID(model.ClassicKey("legacy"))
	do(a, a.cloud.Classic.DeleteLoadBalancer, &elasticloadbalancing.DeleteLoadBalancerInput{LoadBalancerName: aws.String(name)})
	a.sleep(5 * time.Minute)
	a.settle()
	a.sleep(time.Minute)
	out := do(a, a.cloud.Classic.DescribeLoadBalancers, &elasticloadbalancing.DescribeLoadBalancersInput{LoadBalancerNames: []string{name}})
	if got := a.group("default").LoadBalancerNames; !slices.Equal(got, []string{name}) {
		t.Errorf("attached are %v", got)
	}
	if n := len(out.LoadBalancerDescriptions[0].Instances); n != 2 {
		t.Errorf("%d instances are registered", n)
	}
}

func TestAReplacedClassicLoadBalancerHasTheInstances(t *testing.T) {
	a := newAccount(t, nil)
	a.file.LoadBalancers[0].Scheme = config.Internal
	a.settle()
	a.sleep(time.Minute)
	out := do(a, a.cloud.Classic.DescribeLoadBalancers, &elasticloadbalancing.DescribeLoadBalancersInput{})
	if b := out.LoadBalancerDescriptions; len(b) != 1 || aws.ToString(b[0].Scheme) != "internal" || len(b[0].Instances) != 2 {
		t.Errorf("load balancers %+v", b)
	}
}
