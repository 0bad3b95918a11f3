package ecs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	types2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/ecs/history"
	"berth/internal/sim/elb"
	"berth/internal/sim/world"
)

// subnets are all of the stage's.
func (s *stage) subnets() []string {
	var out []string
	for id := range s.Region.EC2.Subnets.All() {
		out = append(out, id)
	}
	return out
}

func (s *stage) vpc() *string {
	sub, _ := s.Region.EC2.Subnets.Get(*s.subnet)
	return &sub.VPCID
}

// groupOf makes a target group that drains for 30 seconds, checks every 10, and belongs to no load balancer.
func (s *stage) groupOf(name string, kind types2.TargetTypeEnum) string {
	s.t.Helper()
	all := elb.OperationsV2()
	arn := *run[elbv2.CreateTargetGroupOutput](s, all, "CreateTargetGroup", &elbv2.CreateTargetGroupInput{
		Name: aws.String(name), Protocol: types2.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: s.vpc(), TargetType: kind,
		HealthCheckIntervalSeconds: aws.Int32(10), UnhealthyThresholdCount: aws.Int32(2), HealthyThresholdCount: aws.Int32(2),
	}).TargetGroups[0].TargetGroupArn
	run[elbv2.ModifyTargetGroupAttributesOutput](s, all, "ModifyTargetGroupAttributes", &elbv2.ModifyTargetGroupAttributesInput{
		TargetGroupArn: aws.String(arn), Attributes: []types2.TargetGroupAttribute{{Key: aws.String("deregistration_delay.timeout_seconds"), Value: aws.String("30")}},
	})
	return arn
}

// balanced makes a target group behind an active application load balancer.
func (s *stage) balanced(name string, kind types2.TargetTypeEnum) string {
	s.t.Helper()
	all, arn := elb.OperationsV2(), s.groupOf(name, kind)
	lb := run[elbv2.CreateLoadBalancerOutput](s, all, "CreateLoadBalancer", &elbv2.CreateLoadBalancerInput{
		Name: aws.String(name), Subnets: s.subnets(),
	}).LoadBalancers[0].LoadBalancerArn
	run[elbv2.CreateListenerOutput](s, all, "CreateListener", &elbv2.CreateListenerInput{
		LoadBalancerArn: lb, Port: aws.Int32(80), Protocol: types2.ProtocolEnumHttp,
		DefaultActions: []types2.Action{{Type: types2.ActionTypeEnumForward, TargetGroupArn: aws.String(arn)}},
	})
	s.Advance(5 * time.Minute)
	return arn
}

// behind puts the container web of a service behind target groups.
func behind(groups ...string) func(*ecs.CreateServiceInput) {
	return func(in *ecs.CreateServiceInput) {
		for _, g := range groups {
			in.LoadBalancers = append(in.LoadBalancers, types.LoadBalancer{
				TargetGroupArn: aws.String(g), ContainerName: aws.String("web"), ContainerPort: aws.Int32(80),
			})
		}
	}
}

func grace(seconds int32) func(*ecs.CreateServiceInput) {
	return func(in *ecs.CreateServiceInput) { in.HealthCheckGracePeriodSeconds = aws.Int32(seconds) }
}

// targets are how many targets a group has by their states.
func (s *stage) targets(group string) map[string]int {
	s.t.Helper()
	out := map[string]int{}
	for _, d := range run[elbv2.DescribeTargetHealthOutput](s, elb.OperationsV2(), "DescribeTargetHealth",
		&elbv2.DescribeTargetHealthInput{TargetGroupArn: aws.String(group)}).TargetHealthDescriptions {
		out[string(d.TargetHealth.State)]++
	}
	return out
}

func TestServiceRegistersItsTasksWithTheirDynamicPorts(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	g := s.balanced("web", types2.TargetTypeEnumInstance)
	must(s, 0, s.create(3, behind(g), grace(60)))
	seen := map[string]bool{}
	s.until("three are healthy", func() bool {
		for _, v := range s.tasks(s.list()...) {
			seen[*v.LastStatus] = true
		}
		return s.targets(g)["healthy"] == 3
	})
	s.steady("api")
	s.equal(seen, "map[ACTIVATING:true PENDING:true RUNNING:true]")
	v := s.service("api")
	s.equal([]any{*v.LoadBalancers[0].TargetGroupArn, *v.LoadBalancers[0].ContainerName, *v.LoadBalancers[0].ContainerPort, *v.HealthCheckGracePeriodSeconds},
		"["+g+" web 80 60]")
	s.equal(strings.HasSuffix(*v.RoleArn, "AWSServiceRoleForECS"), true)
	s.equal(s.heard("api", "targets in (target-group "+g+")") > 0, true)
	s.equal(strings.Contains(strings.Join(s.said("api"), " "), "registered "), true)
	for _, task := range s.tasks(s.list()...) {
		port := *task.Containers[0].NetworkBindings[0].HostPort
		state, _ := elb.Health(s.World, s.Region, g, elb.TargetAddress{ID: *s.instanceOf(task), Port: port})
		s.equal([]any{port >= 32768, state}, "[true healthy]")
	}
	must(s, 0, s.drop("api", true))
	s.until("it is gone", func() bool { return *s.service("api").Status == "INACTIVE" })
	s.Advance(time.Minute)
	s.equal([]any{len(s.targets(g)), s.answers()}, "[0 0]")
	quiet(t, s)
}

// ECS developer guide, "Amazon ECS task lifecycle": a task is told to end after its targets have drained.
func TestTaskDrainsBeforeItIsToldToEnd(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	g := s.balanced("web", types2.TargetTypeEnumInstance)
	must(s, 0, s.create(2, behind(g)))
	s.steady("api")
	s.scale(1)
	var leaves types.Task
	s.until("one drains", func() bool {
		for _, v := range s.tasks(s.list(halted)...) {
			leaves = v
			return *v.LastStatus == "DEACTIVATING"
		}
		return false
	})
	s.equal([]any{s.targets(g), s.answers(), s.service("api").RunningCount}, "[map[draining:1 healthy:1] 2 1]")
	from := s.Now()
	s.until("it is told to end", func() bool { return *s.tasks(*leaves.TaskArn)[0].LastStatus == "STOPPING" })
	if took := s.Now().Sub(from); took < 29*time.Second || took > 31*time.Second {
		t.Errorf("it drained for %s", took)
	}
	s.equal(s.targets(g), "map[healthy:1]")
	s.steady("api")
	s.equal([]int{s.heard("api", "deregistered 1 targets in (target-group "+g+")"), s.heard("api", "has begun draining connections on 1 tasks.")}, "[1 1]")
	quiet(t, s)
}

func TestTaskThatCrashesDoesNotWaitForItsTargets(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	g := s.balanced("web", types2.TargetTypeEnumInstance)
	s.definition(image("web?crash=2m"))
	must(s, 0, s.create(1, behind(g)))
	s.until("it runs", func() bool { return s.targets(g)["healthy"] == 1 })
	s.until("it has stopped", func() bool {
		for _, v := range s.tasks(s.list(halted)...) {
			return *v.LastStatus == "STOPPED"
		}
		return false
	})
	s.equal(s.targets(g)["draining"], 1)
	v := s.tasks(s.list(halted)...)[0]
	s.equal([]any{v.StopCode, *v.StoppedReason}, "[EssentialContainerExited Essential container in task exited]")
}

// ECS developer guide, "Determine Amazon ECS service health using service events"; C: grace period.
func TestServiceReplacesTasksThatFailTheirLoadBalancersChecks(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	g := s.balanced("web", types2.TargetTypeEnumInstance)
	s.definition(image("web?unhealthy=3m"))
	must(s, 0, s.create(1, behind(g)))
	s.steady("api")
	before := s.tasks(s.list()...)[0]
	s.until("another one is there", func() bool { return s.service("api").RunningCount == 2 })
	s.until("the old one is stopped", func() bool { return *s.tasks(*before.TaskArn)[0].DesiredStatus == "STOPPED" })
	v := s.tasks(*before.TaskArn)[0]
	s.equal([]any{v.StopCode, *v.StoppedReason}, "[ServiceSchedulerInitiated Task failed ELB health checks in (target-group "+g+")]")
	s.equal(s.heard("api", fmt.Sprintf("(instance %s) (port %d) is unhealthy in (target-group %s) due to (reason Health checks failed with these codes: [500])",
		*s.instanceOf(before), *before.Containers[0].NetworkBindings[0].HostPort, g)), 1)
}

func TestGracePeriodOverlooksTargetsThatFailAtFirst(t *testing.T) {
	for seconds, survives := range map[int32]bool{0: false, 120: true} {
		s := newStage(t)
		s.shopOf(1)
		g := s.balanced("web", types2.TargetTypeEnumInstance)
		s.definition(image("web?boot=60s"))
		must(s, 0, s.create(1, behind(g), grace(seconds)))
		s.Advance(4 * time.Minute)
		s.equal([]any{seconds, len(s.list(halted)) == 0}, fmt.Sprint([]any{seconds, survives}))
		if survives {
			s.steady("api")
			s.equal(s.targets(g), "map[healthy:1]")
		}
	}
}

func TestGracePeriodEndsForTargetsThatNeverBecomeHealthy(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	g := s.balanced("web", types2.TargetTypeEnumInstance)
	s.definition(image("web?status=503"))
	must(s, 0, s.create(1, behind(g), grace(200)))
	s.until("it runs", func() bool { return s.service("api").RunningCount == 1 })
	first := s.list()[0]
	s.Advance(190 * time.Second)
	s.equal(*s.tasks(first)[0].DesiredStatus, "RUNNING")
	s.until("it is replaced", func() bool { return *s.tasks(first)[0].DesiredStatus == "STOPPED" })
	if after := s.tasks(first)[0].StoppingAt.Sub(*s.tasks(first)[0].StartedAt); after < 200*time.Second {
		t.Errorf("it was stopped after %s", after)
	}
}

// The deployment is complete when the new tasks' targets are healthy, and the old ones have drained.
func TestDeploymentBehindALoadBalancerLosesNoHealthyTarget(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	g := s.balanced("web", types2.TargetTypeEnumInstance)
	must(s, 0, s.create(2, behind(g)))
	s.steady("api")
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) { in.ForceNewDeployment = true }))
	fewest := 2
	s.until("it is done", func() bool {
		fewest = min(fewest, s.targets(g)["healthy"])
		return len(s.service("api").Deployments) == 1 && s.service("api").Deployments[0].RolloutState == types.DeploymentRolloutStateCompleted
	})
	s.equal([]any{fewest, s.targets(g)}, "[2 map[healthy:2]]")
}

func TestServiceChangesItsLoadBalancersByADeployment(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	one, two := s.balanced("one", types2.TargetTypeEnumInstance), s.balanced("two", types2.TargetTypeEnumInstance)
	must(s, 0, s.create(2, behind(one)))
	s.steady("api")
	in := &ecs.CreateServiceInput{}
	behind(one, two)(in)
	must(s, 0, s.update(func(u *ecs.UpdateServiceInput) { u.LoadBalancers = in.LoadBalancers }))
	s.equal(len(s.service("api").Deployments), 2)
	s.steady("api")
	s.equal([]any{s.targets(one), s.targets(two)}, "[map[healthy:2] map[healthy:2]]")
	must(s, 0, s.update(func(u *ecs.UpdateServiceInput) { u.LoadBalancers = []types.LoadBalancer{} }))
	s.steady("api")
	s.Advance(time.Minute)
	s.equal([]any{len(s.targets(one)), len(s.targets(two))}, "[0 0]")
	quiet(t, s)
}

func TestTargetWhereItsLoadBalancerDoesNotReachIsUnhealthy(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	g := s.balanced("web", types2.TargetTypeEnumInstance)
	lb, _ := s.Region.Balancing.TargetGroups.Get(g)
	row, _ := s.Region.Balancing.LoadBalancers.Get(lb.LoadBalancer)
	row.Zones = row.Zones[:1]
	must(s, 0, s.create(2, behind(g)))
	s.until("it has complained", func() bool {
		return s.heard("api", "due to (reason Target is in an Availability Zone that is not enabled for the load balancer)") > 0
	})
}

func (s *stage) classic(port int32) {
	s.t.Helper()
	all := elb.Operations()
	run[elbv1.CreateLoadBalancerOutput](s, all, "CreateLoadBalancer", &elbv1.CreateLoadBalancerInput{
		LoadBalancerName: aws.String("old"), Subnets: s.subnets(),
		Listeners: []types1.Listener{{Protocol: aws.String("HTTP"), LoadBalancerPort: 80, InstanceProtocol: aws.String("HTTP"), InstancePort: aws.Int32(port)}},
	})
	run[elbv1.ConfigureHealthCheckOutput](s, all, "ConfigureHealthCheck", &elbv1.ConfigureHealthCheckInput{
		LoadBalancerName: aws.String("old"),
		HealthCheck: &types1.HealthCheck{
			Target: aws.String(fmt.Sprintf("HTTP:%d/", port)), Interval: aws.Int32(10), Timeout: aws.Int32(2),
			HealthyThreshold: aws.Int32(2), UnhealthyThreshold: aws.Int32(2),
		},
	})
}

func oldBalancer(in *ecs.CreateServiceInput) {
	in.LoadBalancers = []types.LoadBalancer{{LoadBalancerName: aws.String("old"), ContainerName: aws.String("web"), ContainerPort: aws.Int32(80)}}
}

func TestServiceBehindAClassicLoadBalancer(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	s.classic(8080)
	s.refused(s.create(1, oldBalancer), "InvalidParameterException", "A host port mapping for the container port 80 is required.")
	fixed := func(in *ecs.RegisterTaskDefinitionInput) {
		in.ContainerDefinitions[0].PortMappings[0].HostPort = aws.Int32(8080)
	}
	s.definition(fixed)
	must(s, 0, s.create(2, oldBalancer))
	s.until("both are in service", func() bool {
		n := 0
		for _, i := range s.instances() {
			if elb.InstanceHealth(s.World, s.Region, "old", i.EC2ID) {
				n++
			}
		}
		return n == 2
	})
	s.steady("api")
	s.equal(*s.service("api").LoadBalancers[0].LoadBalancerName, "old")
	s.definition(fixed, image("web?status=500"))
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) {
		in.TaskDefinition = aws.String("web")
		in.DeploymentConfiguration = &types.DeploymentConfiguration{MinimumHealthyPercent: aws.Int32(50)}
	}))
	s.until("it has complained", func() bool {
		return s.heard("api", "is unhealthy in (elb old) due to (reason Instance has failed at least the UnhealthyThreshold number of health checks consecutively.)") > 0
	})
}

func TestLoadBalancersOfServicesAreChecked(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	loose, ip, fine := s.groupOf("loose", types2.TargetTypeEnumInstance), s.balanced("ip", types2.TargetTypeEnumIp), s.balanced("fine", types2.TargetTypeEnumInstance)
	s.classic(8080)
	s.IAM.Roles.Put("old", &world.Role{Name: "old", ARN: "arn:aws:iam::123456789012:role/old"})
	other := func(change func(*types.LoadBalancer)) func(*ecs.CreateServiceInput) {
		return func(in *ecs.CreateServiceInput) {
			behind(fine)(in)
			change(&in.LoadBalancers[0])
		}
	}
	role := func(name string, groups ...string) func(*ecs.CreateServiceInput) {
		return func(in *ecs.CreateServiceInput) {
			behind(groups...)(in)
			in.Role = aws.String(name)
		}
	}
	for text, change := range map[string]func(*ecs.CreateServiceInput){
		"The target group with targetGroupArn " + loose + " does not have an associated load balancer.":                                                 behind(loose),
		"The target group with targetGroupArn arn:x does not exist.":                                                                                    behind("arn:x"),
		"The provided target group " + ip + " has target type ip, which is incompatible with the bridge network mode specified in the task definition.": behind(ip),
		"load balancers can have at most 5 items.":                                                                                                      behind(fine, fine, fine, fine, fine, fine),
		"The container api does not exist in the task definition.":                                                                                      other(func(b *types.LoadBalancer) { b.ContainerName = aws.String("api") }),
		"The container web did not have a container port 81 defined.":                                                                                   other(func(b *types.LoadBalancer) { b.ContainerPort = aws.Int32(81) }),
		"Container Name can not be blank.":                                                                                                              other(func(b *types.LoadBalancer) { b.ContainerName = nil }),
		"Container Port can not be blank.":                                                                                                              other(func(b *types.LoadBalancer) { b.ContainerPort = nil }),
		"Both targetGroupArn and loadBalancerName":                                                                                                      other(func(b *types.LoadBalancer) { b.LoadBalancerName = aws.String("old") }),
		"A service can have one Classic Load Balancer": func(in *ecs.CreateServiceInput) {
			behind(fine)(in)
			in.LoadBalancers = append(in.LoadBalancers, types.LoadBalancer{LoadBalancerName: aws.String("old"), ContainerName: aws.String("web"), ContainerPort: aws.Int32(80)})
		},
		"IAM roles are only valid for services configured to use load balancers.":                                                              role("old"),
		"You cannot specify an IAM role for services that require a service linked role.":                                                      role("old", fine, fine),
		"Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role being passed has the proper": role("none", fine),
	} {
		err := s.create(1, change)
		if err == nil {
			t.Errorf("not refused: %s", text)
			continue
		}
		if !strings.Contains(err.Error(), text) && !strings.Contains(err.Error(), "A host port mapping") {
			t.Errorf("%v, want %s", err, text)
		}
	}
	must(s, 0, s.create(1, role("arn:aws:iam::123456789012:role/old", fine)))
	s.equal(*s.service("api").RoleArn, "arn:aws:iam::123456789012:role/old")
	s.definition(func(in *ecs.RegisterTaskDefinitionInput) { in.ContainerDefinitions[0].Name = aws.String("other") })
	s.refused(s.update(func(in *ecs.UpdateServiceInput) { in.TaskDefinition = aws.String("web") }),
		"InvalidParameterException", "The container web does not exist in the task definition.")
}

// Targets of instances that die are no longer there, and their tasks are replaced.
func TestTasksOfAHostThatDiesLeaveNothingBehind(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	g := s.balanced("web", types2.TargetTypeEnumInstance)
	must(s, 0, s.create(4, behind(g)))
	s.steady("api")
	s.desire("web", 1)
	s.Advance(10 * time.Minute)
	s.steady("api")
	s.equal([]any{s.targets(g), s.answers()}, "[map[healthy:4] 4]")
}

func TestDeploymentIsNotCompleteBeforeItsTargetsAreHealthy(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	g := s.balanced("web", types2.TargetTypeEnumInstance)
	s.definition(image("web?boot=90s"))
	must(s, 0, s.create(1, behind(g), grace(300)))
	s.until("it runs", func() bool { return s.service("api").RunningCount == 1 })
	s.Advance(80 * time.Second)
	s.equal([]any{s.service("api").Deployments[0].RolloutState, s.targets(g)["unhealthy"]}, "[IN_PROGRESS 1]")
	s.steady("api")
	s.equal(s.targets(g), "map[healthy:1]")
}

// ECS developer guide, "How the Amazon ECS deployment circuit breaker detects failures": stage two counts failed health checks.
func TestRollbackAfterFailedHealthChecksBringsTheLoadBalancersBack(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	one, two := s.balanced("one", types2.TargetTypeEnumInstance), s.balanced("two", types2.TargetTypeEnumInstance)
	must(s, 0, s.create(2, behind(one), func(in *ecs.CreateServiceInput) {
		in.DeploymentConfiguration = &types.DeploymentConfiguration{DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: true}}
	}))
	s.steady("api")
	s.definition(image("web?status=500"))
	c := &ecs.CreateServiceInput{}
	behind(two)(c)
	must(s, 0, s.update(func(u *ecs.UpdateServiceInput) {
		u.TaskDefinition, u.LoadBalancers = aws.String("web"), c.LoadBalancers
	}))
	s.equal(*s.service("api").LoadBalancers[0].TargetGroupArn, two)
	for range 12 {
		s.Advance(time.Minute)
		s.equal(s.targets(one)["healthy"], 2)
	}
	s.steady("api")
	v := s.service("api")
	s.equal([]any{*v.LoadBalancers[0].TargetGroupArn == one, s.heard("api", "rolling back to deployment"), len(s.targets(two))}, "[true 1 0]")
	out, err := history.DescribeServiceRevisions(s.Call, &ecs.DescribeServiceRevisionsInput{ServiceRevisionArns: []string{s.k().mustService(t, "api").Revisions[1].ARN}})
	s.equal(*must(s, out, err).ServiceRevisions[0].LoadBalancers[0].TargetGroupArn, two)
}

func (k cluster) mustService(t *testing.T, name string) *world.Service {
	t.Helper()
	row, ok := k.Services.Get(name)
	if !ok {
		t.Fatal("no service")
	}
	return row
}
