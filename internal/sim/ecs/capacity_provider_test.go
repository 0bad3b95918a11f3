package ecs

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/asg"
	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

func (s *stage) removeProvider(name string) *types.CapacityProvider {
	s.t.Helper()
	out, err := DeleteCapacityProvider(s.Call, &ecs.DeleteCapacityProviderInput{CapacityProvider: aws.String(name)})
	return must(s, out, err).CapacityProvider
}

func protected(in *autoscaling.CreateAutoScalingGroupInput) {
	in.NewInstancesProtectedFromScaleIn = aws.Bool(true)
}

func TestProviderHasAWSsDefaultsAndMarksItsGroup(t *testing.T) {
	s := newStage(t)
	g := s.group("web", 0, shop)
	out, err := CreateCapacityProvider(s.Call, &ecs.CreateCapacityProviderInput{
		Name: aws.String("web"), AutoScalingGroupProvider: &types.AutoScalingGroupProvider{AutoScalingGroupArn: aws.String(g.ARN)},
	})
	p := must(s, out, err).CapacityProvider
	a := p.AutoScalingGroupProvider
	s.equal([]any{p.Status, a.ManagedDraining, a.ManagedTerminationProtection, a.ManagedScaling.Status}, "[ACTIVE ENABLED DISABLED DISABLED]")
	s.equal([]int32{*a.ManagedScaling.TargetCapacity, *a.ManagedScaling.MinimumScalingStepSize, *a.ManagedScaling.MaximumScalingStepSize, *a.ManagedScaling.InstanceWarmupPeriod}, "[100 1 10000 300]")
	s.equal(g.Tags[1], "{AmazonECSManaged  true}")
	all, err := DescribeCapacityProviders(s.Call, &ecs.DescribeCapacityProvidersInput{})
	s.equal(len(must(s, all, err).CapacityProviders), 3)
	one, err := DescribeCapacityProviders(s.Call, &ecs.DescribeCapacityProvidersInput{CapacityProviders: []string{*p.CapacityProviderArn, "none"}})
	s.equal(*must(s, one, err).CapacityProviders[0].Name+*one.Failures[0].Reason, "webMISSING")
}

func TestBadProvidersAreRefused(t *testing.T) {
	s := newStage(t)
	s.group("web", 0, shop)
	s.group("other", 0, shop, protected)
	s.provider("web", "web")
	create := func(name, group string, change ...func(*types.AutoScalingGroupProvider)) error {
		set := &types.AutoScalingGroupProvider{AutoScalingGroupArn: aws.String(group)}
		for _, f := range change {
			f(set)
		}
		_, err := CreateCapacityProvider(s.Call, &ecs.CreateCapacityProviderInput{Name: aws.String(name), AutoScalingGroupProvider: set})
		return err
	}
	protect := func(p *types.AutoScalingGroupProvider) {
		p.ManagedTerminationProtection = types.ManagedTerminationProtectionEnabled
	}
	scale := func(p *types.AutoScalingGroupProvider) {
		p.ManagedScaling = &types.ManagedScaling{Status: types.ManagedScalingStatusEnabled}
	}
	s.refused(create("web", "other"), "ClientException", "The specified capacity provider already exists. To change the configuration of an existing capacity provider, update the capacity provider.")
	s.refused(create("second", "web"), "ClientException", "The specified Auto Scaling group ARN is already being used by another capacity provider. Specify a unique Auto Scaling group ARN and try again.")
	s.refused(create("ecs-web", "other"), "InvalidParameterException", "The name cannot be prefixed with \"aws\", \"ecs\", or \"fargate\".")
	s.refused(create("a b", "other"), "InvalidParameterException", "The specified capacity provider name is invalid.")
	s.refused(create("third", "none"), "ClientException", "The specified Auto Scaling group ARN does not exist.")
	s.refused(create("third", "other", protect), "ClientException", "managed scaling must be enabled")
	s.refused(create("third", "other", scale, func(p *types.AutoScalingGroupProvider) { p.ManagedScaling.TargetCapacity = aws.Int32(101) }), "InvalidParameterException", "target capacity")
	must(s, 0, create("third", "other", scale, protect))
	set := &types.AutoScalingGroupProviderUpdate{ManagedTerminationProtection: types.ManagedTerminationProtectionEnabled}
	_, err := UpdateCapacityProvider(s.Call, &ecs.UpdateCapacityProviderInput{Name: aws.String("web"), AutoScalingGroupProvider: set})
	s.refused(err, "ClientException", "The managed termination protection setting for the capacity provider is invalid. "+
		"To enable managed termination protection for a capacity provider, the Auto Scaling group must have instance protection from scale in enabled.")
	_, err = CreateCapacityProvider(s.Call, &ecs.CreateCapacityProviderInput{Name: aws.String("mi"), ManagedInstancesProvider: &types.CreateManagedInstancesProviderConfiguration{}})
	s.refused(err, "UnsupportedFeatureException", "Managed Instances")
}

func TestAssociationPutsPolicyAndHookOntoTheGroup(t *testing.T) {
	s := newStage(t)
	s.cluster()
	g := s.group("web", 0, shop)
	s.provider("web", "web", func(p *types.AutoScalingGroupProvider) { p.ManagedScaling.TargetCapacity = aws.Int32(90) })
	must(s, 0, s.associate("web", "FARGATE"))
	c := s.describe(types.ClusterFieldAttachments)
	s.equal(*c.AttachmentsStatus+*c.Status, "UPDATE_IN_PROGRESSACTIVE")
	s.equal(c.CapacityProviders, "[web FARGATE]")
	s.refused(s.associate(), "UpdateInProgressException", "The specified cluster is in a busy state.")
	s.refused(s.remove(), "UpdateInProgressException", "busy")
	s.equal(g.Hooks.Len()+g.Policies.Len(), 0)
	s.Advance(20 * time.Second)
	c = s.describe(types.ClusterFieldAttachments)
	s.equal(*c.AttachmentsStatus, "UPDATE_COMPLETE")
	s.equal(*c.Attachments[0].Type+*c.Attachments[0].Details[0].Value, "as_policyweb")
	s.equal(*c.Attachments[1].Type+*c.Attachments[1].Details[1].Value, "managed_drainingecs-managed-draining-termination-hook")
	h, _ := g.Hooks.Get("ecs-managed-draining-termination-hook")
	s.equal([]any{h.Transition, h.DefaultResult, h.Heartbeat}, "[autoscaling:EC2_INSTANCE_TERMINATING CONTINUE 3600]")
	policy, ok := g.Policies.Get(*c.Attachments[0].Details[1].Value)
	if !ok || !strings.HasPrefix(policy.Name, "ECSManagedAutoScalingPolicy-") {
		t.Fatal("the group has no policy of ECS's")
	}
	s.equal([]any{policy.Target, policy.Metric, policy.Dimensions}, "[90 CapacityProviderReservation [{CapacityProviderName web} {ClusterName shop}]]")
	must(s, 0, s.associate())
	s.Advance(20 * time.Second)
	s.equal([]int{g.Hooks.Len(), g.Policies.Len(), len(s.describe(types.ClusterFieldAttachments).Attachments)}, "[1 0 0]")
	_, err := PutClusterCapacityProviders(s.Call, &ecs.PutClusterCapacityProvidersInput{Cluster: aws.String("shop"), CapacityProviders: []string{}})
	s.refused(err, "InvalidParameterException", "strategy")
}

func TestStrategiesAreChecked(t *testing.T) {
	s := newStage(t)
	s.cluster()
	for _, name := range []string{"a", "b"} {
		s.group("group-"+name, 0, shop)
		s.provider(name, "group-"+name)
	}
	put := func(items ...types.CapacityProviderStrategyItem) error {
		_, err := PutClusterCapacityProviders(s.Call, &ecs.PutClusterCapacityProvidersInput{
			Cluster: aws.String("shop"), CapacityProviders: []string{"a", "b", "FARGATE"}, DefaultCapacityProviderStrategy: items,
		})
		return err
	}
	item := func(name string, base, weight int32) types.CapacityProviderStrategyItem {
		return types.CapacityProviderStrategyItem{CapacityProvider: aws.String(name), Base: base, Weight: weight}
	}
	s.refused(put(item("a", 1, 1), item("b", 1, 1)), "InvalidParameterException", "only one capacity provider with a base")
	s.refused(put(item("a", 0, 1), item("a", 0, 1)), "InvalidParameterException", "duplicate")
	s.refused(put(item("a", 0, 1), item("FARGATE", 0, 1)), "InvalidParameterException", "both Fargate and Auto Scaling")
	s.refused(put(item("FARGATE_SPOT", 0, 1)), "InvalidParameterException", "not associated with the cluster")
	s.refused(put(item("c", 0, 1)), "InvalidParameterException", "The specified capacity provider 'c' was not found. Specify a valid name or ARN and try again.")
	s.refused(put(item("a", 0, 1001)), "InvalidParameterException", "weight")
	must(s, 0, put(item("a", 1, 2), item("b", 0, 1)))
	s.equal(len(s.describe().DefaultCapacityProviderStrategy), 2)
}

func TestProviderOfAClusterIsNotDeleted(t *testing.T) {
	s := newStage(t)
	row := s.cluster()
	s.group("web", 1, shop)
	s.provider("web", "web")
	must(s, 0, s.associate("web"))
	s.Advance(20 * time.Second)
	p := s.removeProvider("web")
	s.equal([]any{p.Status, p.UpdateStatus, *p.UpdateStatusReason}, "[ACTIVE DELETE_FAILED The capacity provider cannot be deleted because it is "+
		"associated with cluster: shop. Remove the capacity provider from the cluster and try again.]")
	row.Tasks.Put("1", &world.Task{Provider: "web", Status: running})
	s.refused(s.associate(), "ResourceInUseException", "The specified capacity provider is in use and cannot be removed.")
	row.Tasks.Delete("1")
	must(s, 0, s.associate())
	s.Advance(20 * time.Second)
	s.equal(s.removeProvider("web").UpdateStatus, "DELETE_IN_PROGRESS")
	s.Advance(20 * time.Second)
	out, err := DescribeCapacityProviders(s.Call, &ecs.DescribeCapacityProvidersInput{CapacityProviders: []string{"web"}})
	s.equal([]any{must(s, out, err).CapacityProviders[0].Status, out.CapacityProviders[0].UpdateStatus}, "[INACTIVE DELETE_COMPLETE]")
	_, err = DeleteCapacityProvider(s.Call, &ecs.DeleteCapacityProviderInput{CapacityProvider: aws.String("web")})
	s.refused(err, "ClientException", "was not found")
	s.provider("web", "web")
	s.equal(row.Status, "ACTIVE")
}

func TestUpdatedProviderChangesItsGroup(t *testing.T) {
	s := newStage(t)
	s.cluster()
	g := s.group("web", 0, shop)
	s.provider("web", "web")
	must(s, 0, s.associate("web"))
	s.Advance(20 * time.Second)
	update := func(set types.AutoScalingGroupProviderUpdate) error {
		_, err := UpdateCapacityProvider(s.Call, &ecs.UpdateCapacityProviderInput{Name: aws.String("web"), AutoScalingGroupProvider: &set})
		return err
	}
	must(s, 0, update(types.AutoScalingGroupProviderUpdate{ManagedScaling: &types.ManagedScaling{TargetCapacity: aws.Int32(50)}}))
	s.refused(update(types.AutoScalingGroupProviderUpdate{}), "UpdateInProgressException", "in progress")
	s.Advance(30 * time.Second)
	for p := range g.Policies.Rows() {
		s.equal(p.Target, 50)
	}
	must(s, 0, update(types.AutoScalingGroupProviderUpdate{ManagedDraining: types.ManagedDrainingDisabled, ManagedScaling: &types.ManagedScaling{Status: types.ManagedScalingStatusDisabled}}))
	s.Advance(30 * time.Second)
	s.equal([]int{g.Hooks.Len(), g.Policies.Len()}, "[0 0]")
	p, _ := s.Region.ECS.Providers.Get("web")
	s.equal(p.UpdateStatus, "UPDATE_COMPLETE")
}

func TestClusterMadeWithAProviderProvisionsAndDeprovisions(t *testing.T) {
	s := newStage(t)
	g := s.group("web", 0, shop)
	s.provider("web", "web")
	row := s.cluster(func(in *ecs.CreateClusterInput) { in.CapacityProviders = []string{"web"} })
	s.equal(row.Status, "PROVISIONING")
	s.refused(s.associate(), "ClientException", "Cluster was not ACTIVE.")
	s.Advance(20 * time.Second)
	s.equal(row.Status, "ACTIVE")
	s.equal(g.Policies.Len(), 1)
	must(s, 0, s.remove())
	s.equal(row.Status, "DEPROVISIONING")
	s.Advance(20 * time.Second)
	s.equal([]any{row.Status, g.Policies.Len(), g.Hooks.Len()}, "[INACTIVE 0 1]")
}

func TestInstanceKnowsItsProviderOnlyIfItRegistersAfterTheAssociation(t *testing.T) {
	s := newStage(t)
	s.cluster()
	s.group("web", 1, shop)
	s.provider("web", "web")
	must(s, 0, s.associate("web"))
	s.Advance(20 * time.Second)
	s.desire("web", 2)
	s.Advance(2 * time.Minute)
	s.equal([]string{s.instances()[0].Provider, s.instances()[1].Provider}, "[ web]")
}

func (s *stage) desire(group string, n int32) {
	s.t.Helper()
	run[autoscaling.SetDesiredCapacityOutput](s, asg.Operations(), "SetDesiredCapacity", &autoscaling.SetDesiredCapacityInput{
		AutoScalingGroupName: aws.String(group), DesiredCapacity: aws.Int32(n),
	})
}

// drainingGroup is a group of n instances whose provider drains them.
func (s *stage) drainingGroup(n int32, change ...func(*autoscaling.CreateAutoScalingGroupInput)) *world.ScalingGroup {
	s.t.Helper()
	s.cluster()
	g := s.group("web", 0, shop, change...)
	s.provider("web", "web", func(p *types.AutoScalingGroupProvider) {
		if g.Settings.Protected {
			p.ManagedTerminationProtection = types.ManagedTerminationProtectionEnabled
		}
	})
	must(s, 0, s.associate("web"))
	s.Advance(20 * time.Second)
	s.desire("web", n)
	s.Advance(3 * time.Minute)
	s.equal(len(s.instances()), n)
	return g
}

func TestManagedDrainingDrainsAnInstanceAndLetsItGo(t *testing.T) {
	s := newStage(t)
	g := s.drainingGroup(2)
	s.desire("web", 1)
	seen := map[string]bool{}
	for range 60 {
		s.Advance(time.Second)
		for m := range g.Members.Rows() {
			seen[m.State] = true
		}
		for _, i := range s.instances() {
			seen[i.Status] = true
		}
	}
	s.Advance(2 * time.Minute)
	for _, state := range []string{"Terminating:Wait", "DRAINING"} {
		if !seen[state] {
			t.Errorf("nothing was ever %s", state)
		}
	}
	s.equal(g.Members.Len(), 1)
	s.equal(s.describe().RegisteredContainerInstancesCount, 1)
}

func TestInstanceWithTasksIsHeldByManagedDraining(t *testing.T) {
	s := newStage(t)
	g := s.drainingGroup(1)
	i := s.instances()[0]
	i.RunningTasks = 1
	s.desire("web", 0)
	s.Advance(10 * time.Minute)
	s.equal(i.Status, "DRAINING")
	s.equal(g.Members.Len(), 1)
	i.RunningTasks = 0
	drained(s.World, s.Region, i.EC2ID)
	s.Advance(2 * time.Minute)
	s.equal(g.Members.Len(), 0)
}

func TestInstanceHangsForTheHeartbeatHourWhenItsClusterNoLongerHasTheProvider(t *testing.T) {
	s := newStage(t)
	g := s.drainingGroup(1)
	must(s, 0, s.associate())
	s.Advance(20 * time.Second)
	s.desire("web", 0)
	s.Advance(59 * time.Minute)
	for m := range g.Members.Rows() {
		s.equal(m.State, "Terminating:Wait")
	}
	s.equal(g.Members.Len(), 1)
	s.Advance(5 * time.Minute)
	s.equal(g.Members.Len(), 0)
}

func TestOnlyManagedScalingLiftsTheProtectionOfEmptyInstances(t *testing.T) {
	s := newStage(t)
	g := s.drainingGroup(3, protected)
	s.definition()
	must(s, 0, s.create(0, daemon))
	s.steady("agent")
	out, err := s.runTasks()
	full := must(s, out, err).Tasks[0]
	s.desire("web", 1)
	s.Advance(30 * time.Minute)
	s.equal(g.Members.Len(), 3)
	s.desire("web", 3)
	s.Advance(time.Minute)
	for p := range g.Policies.Rows() {
		asg.ScaleByPolicy(s.World, s.Region, g, p.Name, 1)
	}
	s.Advance(5 * time.Minute)
	s.equal(g.Members.Len(), 1)
	if _, ok := g.Members.Get(s.on(full).EC2ID); !ok {
		t.Error("the instance with a task is gone")
	}
}

func TestLostInstanceOfADrainedGroupIsReplaced(t *testing.T) {
	s := newStage(t)
	g := s.drainingGroup(2)
	ec2.Terminate(s.World, s.Region, s.instances()[0].EC2ID)
	s.Advance(10 * time.Minute)
	s.equal(g.Members.Len(), 2)
	s.equal(s.describe().RegisteredContainerInstancesCount, 2)
}
