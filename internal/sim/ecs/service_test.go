package ecs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

func TestServiceStartsItsTasksSpreadOverZonesAndInstances(t *testing.T) {
	s := newStage(t)
	s.shopOf(4)
	must(s, 0, s.create(6))
	v := s.service("api")
	s.equal([]any{*v.Status, v.RunningCount, v.PendingCount, *v.Deployments[0].Status, v.Deployments[0].RolloutState}, "[ACTIVE 0 0 PRIMARY IN_PROGRESS]")
	s.until("all are pending", func() bool { return s.service("api").PendingCount == 6 })
	s.equal(s.describe().PendingTasksCount, 6)
	s.steady("api")
	var counts []int
	zones := map[string]int{}
	for _, i := range s.instances() {
		counts = append(counts, i.RunningTasks)
		zones[i.Zone] += i.RunningTasks
	}
	slices.Sort(counts)
	s.equal(counts, "[1 1 2 2]")
	s.equal(zones, "map[eu-west-1a:3 eu-west-1b:3]")
	v = s.service("api")
	s.equal([]any{v.LaunchType, *v.DeploymentConfiguration.MinimumHealthyPercent, *v.DeploymentConfiguration.MaximumPercent, v.SchedulingStrategy}, "[EC2 100 200 REPLICA]")
	s.equal(s.describe().RunningTasksCount, 6)
	s.equal(s.describe().ActiveServicesCount, 1)
	said := s.said("api")
	s.equal(len(said), 3)
	if !strings.HasPrefix(said[0], "has started 6 tasks: (task ") || said[2] != "has reached a steady state." ||
		said[1] != "(deployment "+*v.Deployments[0].Id+") deployment completed." {
		t.Error(said)
	}
	task := s.tasks(s.list()...)[0]
	s.equal([]any{*task.Group, *task.StartedBy, *task.LastStatus, *task.Cpu, *task.Memory}, fmt.Sprint([]any{"service:api", *v.Deployments[0].Id, "RUNNING", "256", "512"}))
	if p := *task.Containers[0].NetworkBindings[0].HostPort; p < 32768 || p > 60999 {
		t.Errorf("port %d", p)
	}
	quiet(t, s)
}

func TestServiceThatIsDeletedTakesItsTasksWithIt(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(3))
	s.steady("api")
	s.refused(s.drop("api", false), "InvalidParameterException", "The service cannot be stopped while it is scaled above 0.")
	s.refused(s.drop("none", true), "ServiceNotFoundException", "Service not found.")
	must(s, 0, s.drop("api", true))
	v := s.service("api")
	s.equal([]any{*v.Status, v.DesiredCount}, "[DRAINING 0]")
	s.equal(s.describe().ActiveServicesCount, 0)
	s.refused(s.create(1), "InvalidParameterException", "Creation of service was not idempotent.")
	s.refused(s.update(func(in *ecs.UpdateServiceInput) { in.DesiredCount = aws.Int32(1) }), "ServiceNotActiveException", "Service was not ACTIVE.")
	must(s, 0, s.drop("api", true))
	s.until("the service is gone", func() bool { return *s.service("api").Status == "INACTIVE" })
	s.Advance(time.Minute)
	s.equal(s.describe().RunningTasksCount, 0)
	s.equal([]int{len(s.list()), len(s.list(halted))}, "[0 3]")
	for _, task := range s.tasks(s.list(halted)...) {
		s.equal([]any{*task.LastStatus, task.StopCode, *task.Containers[0].ExitCode}, "[STOPPED ServiceSchedulerInitiated 0]")
		s.equal(*task.StoppedReason, "Scaling activity initiated by (deployment "+*task.StartedBy+")")
	}
	s.refused(s.drop("api", true), "ServiceNotFoundException", "")
	must(s, 0, s.create(1))
	s.steady("api")
	must(s, 0, s.drop("api", true))
	s.Advance(90 * time.Minute)
	out, err := DescribeServices(s.Call, &ecs.DescribeServicesInput{Cluster: aws.String("shop"), Services: []string{"api"}})
	s.equal(*must(s, out, err).Failures[0].Reason, "MISSING")
	s.equal(len(s.list(halted)), 0)
	quiet(t, s)
}

func TestClusterIsDeletedAfterItsServicesAndTheirTasks(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	must(s, 0, s.create(1))
	s.steady("api")
	for _, i := range s.instances() {
		_, err := DeregisterContainerInstance(s.Call, &ecs.DeregisterContainerInstanceInput{Cluster: aws.String("shop"), ContainerInstance: aws.String(i.ID)})
		s.refused(err, "InvalidParameterException", "Found running tasks on the instance.")
		_, err = DeregisterContainerInstance(s.Call, &ecs.DeregisterContainerInstanceInput{Cluster: aws.String("shop"), ContainerInstance: aws.String(i.ID), Force: aws.Bool(true)})
		must(s, 0, err)
	}
	s.honest()
	lost := s.tasks(s.list(halted)...)[0]
	s.equal([]any{*lost.LastStatus, *lost.StoppedReason}, "[STOPPED Container instance deregistration forced by user]")
	s.refused(s.remove(), "ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
	s.Advance(time.Minute)
	s.equal(s.heard("api", "Reason: No Container Instances were found in your cluster."), 1)
	must(s, 0, s.drop("api", true))
	s.refused(s.remove(), "ClusterContainsServicesException", "")
	s.Advance(time.Minute)
	must(s, 0, s.remove())
}

func TestServiceScalesAndKeepsItsZonesEven(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(2))
	s.steady("api")
	s.scale(5)
	s.steady("api")
	s.scale(2)
	s.steady("api")
	zones := map[string]int{}
	for _, i := range s.instances() {
		zones[i.Zone] = i.RunningTasks
	}
	s.equal(zones, "map[eu-west-1a:1 eu-west-1b:1]")
	s.equal(s.heard("api", "has stopped 3 running tasks: (task "), 1)
	s.scale(0)
	s.steady("api")
	must(s, 0, s.drop("api", false))
	quiet(t, s)
}

func TestServiceWithoutRoomSaysWhyAndGoesOnWhenThereIsRoom(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	must(s, 0, s.create(9)) // the memory is for seven
	s.until("it has complained", func() bool { return s.heard("api", "was unable to place a task") == 1 })
	s.equal(s.heard("api", "The closest matching (container-instance "+s.instances()[0].ID+") has insufficient memory available. For more"), 1)
	s.Advance(time.Minute)
	s.equal([]any{s.service("api").RunningCount, s.heard("api", "was unable")}, "[7 1]")
	if _, ok := s.NextEvent(); ok && s.k().Due.IsZero() {
		s.Advance(10 * time.Minute)
		s.equal(s.heard("api", "was unable"), 1)
	}
	s.desire("web", 2)
	s.steady("api")
}

func TestDeploymentReplacesTasksWithinItsBounds(t *testing.T) {
	tests := map[string]struct {
		least, most      int32
		fewest, greatest int32 // running tasks seen, and tasks that pend or run
	}{
		"start first": {100, 200, 4, 8},
		"stop first":  {50, 100, 2, 4},
		"both":        {75, 125, 3, 5},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.shopOf(2)
			must(s, 0, s.create(4, percent(test.least, test.most)))
			s.steady("api")
			s.Advance(time.Minute)
			old := s.list()
			s.definition()
			must(s, 0, s.update(func(in *ecs.UpdateServiceInput) { in.TaskDefinition = aws.String("web:2") }))
			v := s.service("api")
			s.equal([]any{len(v.Deployments), *v.Deployments[0].Status, *v.Deployments[1].Status, v.Deployments[0].RolloutState}, "[2 PRIMARY ACTIVE IN_PROGRESS]")
			s.refused(s.drop("api", false), "InvalidParameterException", "scaled above 0")
			fewest, greatest := int32(99), int32(0)
			s.until("the deployment is done", func() bool {
				v := s.service("api")
				fewest, greatest = min(fewest, v.RunningCount), max(greatest, v.RunningCount+v.PendingCount)
				return len(v.Deployments) == 1 && v.Deployments[0].RolloutState == types.DeploymentRolloutStateCompleted
			})
			if fewest < test.fewest || greatest > test.greatest || greatest == 4 && fewest == 4 {
				t.Errorf("between %d running and %d in all, want %d and %d", fewest, greatest, test.fewest, test.greatest)
			}
			for _, task := range s.tasks(s.list()...) {
				s.equal(*task.TaskDefinitionArn, "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:2")
				if slices.Contains(old, *task.TaskArn) {
					t.Error("an old task is still there")
				}
			}
			quiet(t, s)
		})
	}
}

func TestTaskWithoutHealthChecksCountsAfterFortySeconds(t *testing.T) {
	for name, every := range map[string]int32{"none": 0, "checked": 100} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.shopOf(1)
			if every > 0 {
				s.definition(func(in *ecs.RegisterTaskDefinitionInput) {
					in.ContainerDefinitions[0].HealthCheck = &types.HealthCheck{Command: []string{"CMD", "true"}, Interval: aws.Int32(every)}
				})
			}
			must(s, 0, s.create(1))
			s.steady("api")
			s.Advance(2 * time.Minute)
			old := s.list()
			must(s, 0, s.update(func(in *ecs.UpdateServiceInput) { in.ForceNewDeployment = true }))
			s.until("the old task is stopped", func() bool { return !slices.Contains(s.list(), old[0]) })
			fresh := s.tasks(s.list()...)[0]
			alone, least := s.Now().Sub(*fresh.StartedAt), max(40*time.Second, time.Duration(every)*time.Second)
			if alone < least || alone > least+15*time.Second {
				t.Errorf("the old task stopped %s after the new one ran", alone)
			}
			if every > 0 {
				s.equal([]any{fresh.HealthStatus, fresh.Containers[0].HealthStatus}, "[HEALTHY HEALTHY]")
			}
		})
	}
}

func TestDeploymentThatMayNeitherStartNorStopSaysSo(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(2, percent(100, 100)))
	s.steady("api")
	s.Advance(time.Minute)
	before := s.list()
	s.drainNow(s.instances()[0].ID)
	s.Advance(10 * time.Minute)
	s.equal(s.heard("api", "was unable to stop or start tasks during a deployment because of the service deployment configuration."), 1)
	s.equal(s.list(), before)
	quiet(t, s)
}

func TestStoppedTaskOfAServiceIsReplaced(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	must(s, 0, s.create(1))
	s.steady("api")
	old := s.list()[0]
	out, err := StopTask(s.Call, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: aws.String(old), Reason: aws.String("because")})
	v := must(s, out, err).Task
	s.equal([]any{*v.LastStatus, *v.DesiredStatus, v.StopCode, *v.StoppedReason}, "[RUNNING STOPPED UserInitiated because]")
	s.until("another one runs", func() bool { return len(s.list()) == 1 && s.service("api").RunningCount == 1 && s.list()[0] != old })
	s.steady("api")
	s.equal(s.heard("api", "deployment completed."), 1)
	s.equal(s.heard("api", "has reached a steady state."), 2)
}

func TestLostInstancesTasksStopAndAreReplaced(t *testing.T) {
	for name, lose := range map[string]func(*stage, string){
		"terminated": func(s *stage, id string) { ec2.Terminate(s.World, s.Region, id) },
		"stopped":    func(s *stage, id string) { ec2.Stop(s.World, s.Region, id) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			g := s.shopOf(2)
			g.Suspended = []world.SuspendedProcess{{Name: "Launch"}, {Name: "ReplaceUnhealthy"}}
			must(s, 0, s.create(4))
			s.steady("api")
			lost := s.instances()[0].EC2ID
			lose(s, lost)
			s.Advance(10 * time.Second)
			_, err := s.runTasks()
			must(s, 0, err)
			for _, task := range s.tasks(s.list(func(in *ecs.ListTasksInput) { in.Family, in.StartedBy = aws.String("web"), nil })...) {
				if *task.Group == "family:web" && *task.ContainerInstanceArn == s.instances()[0].ARN {
					t.Error("a task was placed on an instance that goes down")
				}
			}
			s.Advance(40 * time.Second)
			s.honest()
			for _, task := range s.tasks(s.list(halted)...) {
				s.equal([]any{*task.LastStatus, task.StopCode, *task.StoppedReason}, "[STOPPED TerminationNotice Host EC2 (instance "+lost+") "+name+".]")
			}
			s.equal(len(s.list(halted)), 2)
			s.steady("api")
		})
	}
}

func TestServiceCallsAreCheckedAndWhatIsNotThereIsRefused(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	tests := map[string]struct {
		change     func(*ecs.CreateServiceInput)
		code, text string
	}{
		"no name":          {func(in *ecs.CreateServiceInput) { in.ServiceName = nil }, "InvalidParameterException", "Service name"},
		"bad name":         {func(in *ecs.CreateServiceInput) { in.ServiceName = aws.String("a b") }, "InvalidParameterException", "Identifier"},
		"no cluster":       {func(in *ecs.CreateServiceInput) { in.Cluster = aws.String("none") }, "ClusterNotFoundException", "Cluster not found."},
		"no definition":    {func(in *ecs.CreateServiceInput) { in.TaskDefinition = nil }, "InvalidParameterException", "TaskDefinition"},
		"unknown family":   {func(in *ecs.CreateServiceInput) { in.TaskDefinition = aws.String("none") }, "ClientException", "TaskDefinition not found."},
		"no count":         {func(in *ecs.CreateServiceInput) { in.DesiredCount = nil }, "InvalidParameterException", "Desired count"},
		"counted daemon":   {func(in *ecs.CreateServiceInput) { in.SchedulingStrategy = "DAEMON" }, "InvalidParameterException", "does not support a desired count"},
		"greedy daemon":    {func(in *ecs.CreateServiceInput) { daemon(in); percent(0, 200)(in) }, "InvalidParameterException", "maximumPercent"},
		"both":             {func(in *ecs.CreateServiceInput) { in.LaunchType = "EC2"; in.CapacityProviderStrategy = use("x", 1) }, "InvalidParameterException", "Specifying both a launch type and capacity provider strategy is not supported."},
		"unknown provider": {func(in *ecs.CreateServiceInput) { in.CapacityProviderStrategy = use("x", 1) }, "InvalidParameterException", "'x' was not found"},
		"Fargate":          {func(in *ecs.CreateServiceInput) { in.LaunchType = "FARGATE" }, "UnsupportedFeatureException", "FARGATE"},
		"load balancer":    {func(in *ecs.CreateServiceInput) { in.LoadBalancers = []types.LoadBalancer{{}} }, "InvalidParameterException", "targetGroupArn"},
		"early success": {func(in *ecs.CreateServiceInput) {
			in.DeploymentConfiguration = &types.DeploymentConfiguration{EarlySuccessCriteria: &types.DeploymentEarlySuccessCriteria{}}
		}, "UnsupportedFeatureException", "early success"},
		"blue and green": {func(in *ecs.CreateServiceInput) {
			in.DeploymentConfiguration = &types.DeploymentConfiguration{Strategy: types.DeploymentStrategyBlueGreen}
		}, "UnsupportedFeatureException", "BLUE_GREEN"},
		"strategy": {func(in *ecs.CreateServiceInput) { in.PlacementStrategy = []types.PlacementStrategy{{Type: "near"}} }, "InvalidParameterException", "Placement strategy type near"},
		"constraint": {func(in *ecs.CreateServiceInput) {
			in.PlacementConstraints = []types.PlacementConstraint{{Type: "distinctInstance", Expression: aws.String("x")}}
		}, "InvalidParameterException", "distinctInstance expression should not be specified."},
		"rebalancing": {func(in *ecs.CreateServiceInput) { in.AvailabilityZoneRebalancing = "ENABLED"; percent(0, 100)(in) }, "InvalidParameterException", "maximumPercent of 100"},
		"exec":        {func(in *ecs.CreateServiceInput) { in.EnableExecuteCommand = true }, "UnsupportedFeatureException", "ECS Exec"},
		"controller": {func(in *ecs.CreateServiceInput) {
			in.DeploymentController = &types.DeploymentController{Type: "CODE_DEPLOY"}
		}, "UnsupportedFeatureException", "controller"},
		"network": {func(in *ecs.CreateServiceInput) { in.NetworkConfiguration = &types.NetworkConfiguration{} }, "InvalidParameterException", "Network Configuration is not valid"},
		"grace":   {func(in *ecs.CreateServiceInput) { in.HealthCheckGracePeriodSeconds = aws.Int32(5) }, "InvalidParameterException", "Health check grace period"},
		"bounds":  {percent(0, 99), "InvalidParameterException", "maximumPercent"},
		"tag":     {func(in *ecs.CreateServiceInput) { in.Tags = []types.Tag{{Key: aws.String("aws:x")}} }, "InvalidParameterException", "reserved"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { s.refused(s.create(1, test.change), test.code, test.text) })
	}
	s.equal(len(s.list()), 0)
	token := func(in *ecs.CreateServiceInput) { in.ClientToken = aws.String("t") }
	must(s, 0, s.create(1, token))
	must(s, 0, s.create(1, token))
	s.refused(s.create(2, token), "InvalidParameterException", "Creation of service was not idempotent.")
	s.refused(s.update(func(in *ecs.UpdateServiceInput) { in.LoadBalancers = []types.LoadBalancer{{}} }), "InvalidParameterException", "targetGroupArn")
	s.refused(s.update(func(in *ecs.UpdateServiceInput) { in.TaskDefinition = aws.String("web:9") }), "ClientException", "TaskDefinition not found.")
	s.refused(s.update(func(in *ecs.UpdateServiceInput) { in.DesiredCount = aws.Int32(-1) }), "InvalidParameterException", "negative")
	s.equal(len(s.service("api").Deployments), 1)
}

func use(provider string, weight int32) []types.CapacityProviderStrategyItem {
	return []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String(provider), Weight: weight}}
}

func TestServicesComeByPageAndByKind(t *testing.T) {
	s := newStage(t)
	s.shopOf(0)
	for n := range 12 {
		must(s, 0, s.create(0, func(in *ecs.CreateServiceInput) { in.ServiceName = aws.String(fmt.Sprint("s", n)) }))
	}
	must(s, 0, s.create(0, daemon))
	list := func(in ecs.ListServicesInput) *ecs.ListServicesOutput {
		in.Cluster = aws.String("shop")
		out, err := ListServices(s.Call, &in)
		return must(s, out, err)
	}
	first := list(ecs.ListServicesInput{})
	s.equal([]int{len(first.ServiceArns), len(list(ecs.ListServicesInput{NextToken: first.NextToken}).ServiceArns)}, "[10 3]")
	s.equal(first.ServiceArns[0], "arn:aws:ecs:eu-west-1:123456789012:service/shop/s0")
	s.equal(len(list(ecs.ListServicesInput{MaxResults: aws.Int32(100)}).ServiceArns), 13)
	s.equal(len(list(ecs.ListServicesInput{SchedulingStrategy: types.SchedulingStrategyDaemon}).ServiceArns), 1)
	_, err := DescribeServices(s.Call, &ecs.DescribeServicesInput{Cluster: aws.String("shop"), Services: make([]string, 11)})
	s.refused(err, "InvalidParameterException", "10")
}

func TestTagsGoFromServicesAndDefinitionsToTasks(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	tags := func(v string) []types.Tag { return []types.Tag{{Key: aws.String("from"), Value: aws.String(v)}} }
	s.definition(func(in *ecs.RegisterTaskDefinitionInput) { in.Tags = tags("definition") })
	must(s, 0, s.create(1, func(in *ecs.CreateServiceInput) {
		in.Tags, in.PropagateTags, in.EnableECSManagedTags = tags("service"), types.PropagateTagsService, true
	}))
	s.steady("api")
	seen := map[string]string{}
	task := s.tasks(s.list()...)[0]
	for _, tag := range task.Tags {
		seen[*tag.Key] = *tag.Value
	}
	s.equal(seen, "map[aws:ecs:clusterName:shop aws:ecs:serviceName:api from:service]")
	out, err := s.runTasks(func(in *ecs.RunTaskInput) { in.PropagateTags = types.PropagateTagsTaskDefinition })
	s.equal(*must(s, out, err).Tasks[0].Tags[0].Value, "definition")
	for _, arn := range []*string{task.TaskArn, task.TaskDefinitionArn, s.service("api").ServiceArn} {
		_, err := TagResource(s.Call, &ecs.TagResourceInput{ResourceArn: arn, Tags: tags("me")})
		must(s, 0, err)
		out, err := ListTagsForResource(s.Call, &ecs.ListTagsForResourceInput{ResourceArn: arn})
		s.equal(*must(s, out, err).Tags[0].Value, "me")
	}
	_, err = TagResource(s.Call, &ecs.TagResourceInput{ResourceArn: aws.String(*task.TaskArn + "0"), Tags: tags("me")})
	s.refused(err, "ResourceNotFoundException", "")
}
