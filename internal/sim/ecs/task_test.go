package ecs

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/world"
)

func TestTaskLivesFromPendingToStoppedAndIsForgottenAfterAnHour(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	out, err := s.runTasks(func(in *ecs.RunTaskInput) { in.StartedBy = aws.String("me") })
	v := must(s, out, err).Tasks[0]
	s.equal([]any{*v.LastStatus, *v.DesiredStatus, v.LaunchType, *v.Group, *v.AvailabilityZone, v.Version}, "[PENDING RUNNING EC2 family:web "+s.instances()[0].Zone+" 2]")
	s.equal(*v.ContainerInstanceArn, s.instances()[0].ARN)
	s.equal([]any{s.instances()[0].PendingTasks, s.describe().PendingTasksCount}, "[1 1]")
	now := func() types.Task { return s.tasks(*v.TaskArn)[0] }
	s.until("it runs", func() bool { return *now().LastStatus == "RUNNING" })
	if took := now().StartedAt.Sub(*v.CreatedAt); took < 4*time.Second || took > 30*time.Second {
		t.Errorf("it took %s", took)
	}
	s.equal([]any{*now().Containers[0].LastStatus, now().Connectivity, len(*now().Containers[0].RuntimeId)}, "[RUNNING CONNECTED 64]")
	_, err = StopTask(s.Call, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: v.TaskArn})
	must(s, 0, err)
	seen := map[string]bool{}
	s.until("it stopped", func() bool {
		seen[*now().LastStatus] = true
		return *now().LastStatus == "STOPPED"
	})
	s.equal(seen, "map[RUNNING:true STOPPED:true STOPPING:true]")
	s.equal([]any{*now().StoppedReason, now().StopCode, *now().Containers[0].LastStatus, s.instances()[0].RunningTasks}, "[Task stopped by user UserInitiated STOPPED 0]")
	s.equal(len(now().Containers[0].NetworkBindings), 1)
	s.Advance(59 * time.Minute)
	s.equal(len(s.list(halted)), 1)
	s.Advance(2 * time.Minute)
	s.equal(len(s.list(halted)), 0)
	gone, err := DescribeTasks(s.Call, &ecs.DescribeTasksInput{Cluster: aws.String("shop"), Tasks: []string{*v.TaskArn}})
	s.equal(*must(s, gone, err).Failures[0].Reason, "MISSING")
	quiet(t, s)
}

func TestPendingTaskIsStoppedWithoutHavingRun(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	out, err := s.runTasks()
	v := must(s, out, err).Tasks[0]
	_, err = StopTask(s.Call, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: v.TaskArn})
	must(s, 0, err)
	s.Advance(3 * time.Second)
	now := s.tasks(*v.TaskArn)[0]
	s.equal([]any{*now.LastStatus, now.StartedAt == nil, now.Containers[0].ExitCode == nil}, "[STOPPED true true]")
	s.Advance(time.Minute)
	s.equal(*s.tasks(*v.TaskArn)[0].LastStatus, "STOPPED")
	s.honest()
}

func TestContainerThatTakesTooLongIsKilled(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	s.definition(func(in *ecs.RegisterTaskDefinitionInput) { in.ContainerDefinitions[0].StopTimeout = aws.Int32(2) })
	s.Tuning.Spans = map[string]world.Span{"ecs.task-exit": {Mean: time.Minute, Floor: time.Minute}}
	out, err := s.runTasks()
	id := *must(s, out, err).Tasks[0].TaskArn
	s.until("it runs", func() bool { return *s.tasks(id)[0].LastStatus == "RUNNING" })
	_, err = StopTask(s.Call, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: aws.String(id)})
	must(s, 0, err)
	s.Advance(5 * time.Second)
	s.equal([]any{*s.tasks(id)[0].LastStatus, *s.tasks(id)[0].Containers[0].ExitCode}, "[STOPPED 137]")
}

func TestTasksWithoutRoomAreFailures(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	arn := s.instances()[0].ARN
	shape := func(change func(*types.ContainerDefinition)) {
		s.definition(func(in *ecs.RegisterTaskDefinitionInput) { change(&in.ContainerDefinitions[0]) })
	}
	fails := func(why string) {
		t.Helper()
		out, err := s.runTasks()
		s.equal(len(must(s, out, err).Tasks), 0)
		s.equal([]any{*out.Failures[0].Arn, *out.Failures[0].Reason}, fmt.Sprint([]any{arn, why}))
	}
	shape(func(c *types.ContainerDefinition) { c.Cpu = 4000 })
	fails("RESOURCE:CPU")
	shape(func(c *types.ContainerDefinition) { c.Memory = aws.Int32(64000) })
	fails("RESOURCE:MEMORY")
	shape(func(c *types.ContainerDefinition) { c.PortMappings[0].HostPort = aws.Int32(22) })
	fails("RESOURCE:PORTS")
	shape(func(c *types.ContainerDefinition) { c.LogConfiguration = &types.LogConfiguration{LogDriver: "splunk"} })
	fails("ATTRIBUTE")
	s.definition(func(in *ecs.RegisterTaskDefinitionInput) {
		in.RuntimePlatform = &types.RuntimePlatform{CpuArchitecture: "ARM64"}
	})
	fails("ATTRIBUTE")
	s.instances()[0].AgentConnected = false
	s.definition()
	fails("AGENT")
	s.instances()[0].AgentConnected = true
	s.drainNow(s.instances()[0].ID)
	_, err := s.runTasks()
	s.refused(err, "InvalidParameterException", "No Container Instances were found in your cluster.")
	s.honest()
}

func TestFixedPortIsTakenOnceOnEachInstance(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	for name, change := range map[string]func(*ecs.RegisterTaskDefinitionInput){
		"bridge": func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions[0].PortMappings[0].HostPort = aws.Int32(8080)
		},
		"host": func(in *ecs.RegisterTaskDefinitionInput) {
			in.NetworkMode, in.ContainerDefinitions[0].PortMappings[0].Protocol = types.NetworkModeHost, types.TransportProtocolUdp
		},
	} {
		d := s.definition(change)
		out, err := s.runTasks(func(in *ecs.RunTaskInput) { in.Count, in.TaskDefinition = aws.Int32(3), d.TaskDefinitionArn })
		s.equal([]any{name, len(must(s, out, err).Tasks), len(out.Failures), *out.Failures[0].Reason}, "["+name+" 2 2 RESOURCE:PORTS]")
		s.Advance(time.Minute)
		s.honest()
	}
	for _, i := range s.instances() {
		s.equal([]any{placement.Resource(i, "PORTS").Set, placement.Resource(i, "PORTS_UDP").Set}, "[[22 2375 2376 51678 51679 8080] [80]]")
	}
	for _, arn := range s.list() {
		_, err := StopTask(s.Call, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: aws.String(arn)})
		must(s, 0, err)
	}
	s.Advance(time.Minute)
	s.equal(s.instances()[0].Remaining, fmt.Sprint(s.instances()[0].Registered))
}

func TestTasksOfACapacityProviderWaitForRoom(t *testing.T) {
	s := newStage(t)
	s.drainingGroup(1)
	s.definition()
	out, err := s.runTasks(func(in *ecs.RunTaskInput) { in.Count, in.CapacityProviderStrategy = aws.Int32(9), use("web", 1) })
	v := must(s, out, err).Tasks[0]
	s.equal([]any{*v.LastStatus, *v.CapacityProviderName, v.ContainerInstanceArn == nil, v.LaunchType == "", len(out.Tasks)}, "[PROVISIONING web true true 9]")
	s.Advance(time.Minute)
	s.honest()
	s.equal([]any{s.describe().RunningTasksCount, s.describe().PendingTasksCount, len(s.k().Waiting)}, "[7 2 2]")
	s.refused(s.associate(), "ResourceInUseException", "in use")
	waits := s.k().Waiting[0]
	_, err = StopTask(s.Call, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: aws.String(waits)})
	must(s, 0, err)
	s.equal(*s.tasks(waits)[0].LastStatus, "STOPPED")
	s.desire("web", 2)
	s.Advance(3 * time.Minute)
	s.equal([]any{s.describe().RunningTasksCount, len(s.k().Waiting)}, "[8 0]")
	quiet(t, s)
}

func TestServiceFollowsItsCapacityProvidersStrategy(t *testing.T) {
	s := newStage(t)
	s.drainingGroup(1)
	s.group("bulk", 1, shop)
	s.provider("b", "bulk")
	_, err := PutClusterCapacityProviders(s.Call, &ecs.PutClusterCapacityProvidersInput{
		Cluster: aws.String("shop"), CapacityProviders: []string{"web", "b"},
		DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{
			{CapacityProvider: aws.String("web"), Base: 2, Weight: 1}, {CapacityProvider: aws.String("b"), Weight: 3},
		},
	})
	must(s, 0, err)
	s.Advance(20 * time.Second)
	s.desire("bulk", 2) // the first one was there before its provider
	s.Advance(3 * time.Minute)
	s.definition()
	s.refused(s.create(0, daemon), "InvalidParameterException", "Specifying a capacity provider strategy is not supported when you create a service using the DAEMON scheduling strategy.")
	must(s, 0, s.create(0, daemon, func(in *ecs.CreateServiceInput) { in.LaunchType = types.LaunchTypeEc2 }))
	must(s, 0, s.drop("agent", true))
	must(s, 0, s.create(6))
	s.steady("api")
	counts := map[string]int{}
	for _, task := range s.tasks(s.list()...) {
		counts[*task.CapacityProviderName]++
	}
	s.equal(counts, "map[b:3 web:3]")
	v := s.service("api")
	s.equal([]any{v.LaunchType == "", len(v.CapacityProviderStrategy), len(v.Deployments[0].CapacityProviderStrategy)}, "[true 2 2]")
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) { in.CapacityProviderStrategy = use("web", 1) }))
	s.steady("api")
	for _, task := range s.tasks(s.list()...) {
		s.equal(*task.CapacityProviderName, "web")
	}
	s.refused(s.create(1, func(in *ecs.CreateServiceInput) {
		in.ServiceName, in.CapacityProviderStrategy = aws.String("x"), use("web", 0)
	}),
		"InvalidParameterException", "weight greater than 0")
}

func TestTasksAreListedByWhatTheyAre(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(2))
	s.steady("api")
	s.definition(func(in *ecs.RegisterTaskDefinitionInput) { in.Family = aws.String("job") })
	_, err := s.runTasks(func(in *ecs.RunTaskInput) { in.TaskDefinition, in.StartedBy = aws.String("job"), aws.String("me") })
	must(s, 0, err)
	for want, change := range map[string]func(*ecs.ListTasksInput){
		"3 all":      func(*ecs.ListTasksInput) {},
		"2 service":  func(in *ecs.ListTasksInput) { in.ServiceName = aws.String("api") },
		"1 family":   func(in *ecs.ListTasksInput) { in.Family = aws.String("job") },
		"1 by":       func(in *ecs.ListTasksInput) { in.StartedBy = aws.String("me") },
		"0 stopped":  halted,
		"0 pending":  func(in *ecs.ListTasksInput) { in.DesiredStatus = types.DesiredStatusPending },
		"0 launched": func(in *ecs.ListTasksInput) { in.LaunchType = types.LaunchTypeFargate },
		"3 ec2":      func(in *ecs.ListTasksInput) { in.LaunchType = types.LaunchTypeEc2 },
	} {
		if n := len(s.list(change)); fmt.Sprint(n) != want[:1] {
			t.Errorf("%d listed, want %s", n, want)
		}
	}
	on := 0
	for _, i := range s.instances() {
		on += len(s.list(func(in *ecs.ListTasksInput) { in.ContainerInstance = aws.String(i.ID) }))
	}
	s.equal(on, 3)
	_, err = ListTasks(s.Call, &ecs.ListTasksInput{Cluster: aws.String("shop"), ServiceName: aws.String("none")})
	s.refused(err, "ServiceNotFoundException", "Service not found.")
	_, err = ListTasks(s.Call, &ecs.ListTasksInput{Cluster: aws.String("shop"), StartedBy: aws.String("me"), Family: aws.String("job")})
	s.refused(err, "InvalidParameterException", "StartedBy")
	one, err := ListTasks(s.Call, &ecs.ListTasksInput{Cluster: aws.String("shop"), MaxResults: aws.Int32(2)})
	s.equal(len(must(s, one, err).TaskArns), 2)
	_, err = StopTask(s.Call, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: aws.String("none")})
	s.refused(err, "InvalidParameterException", "The referenced task was not found.")
}

func TestCallsToRunTasksAreCheckedAndRepeated(t *testing.T) {
	s := newStage(t)
	s.cluster()
	s.definition()
	_, err := s.runTasks()
	s.refused(err, "InvalidParameterException", "No Container Instances were found in your cluster.")
	s.group("web", 1, shop)
	awsvpc := s.definition(func(in *ecs.RegisterTaskDefinitionInput) {
		in.Family, in.NetworkMode = aws.String("eni"), types.NetworkModeAwsvpc
	})
	override := func(o types.ContainerOverride) func(*ecs.RunTaskInput) {
		return func(in *ecs.RunTaskInput) {
			in.Overrides = &types.TaskOverride{ContainerOverrides: []types.ContainerOverride{o}}
		}
	}
	tests := map[string]struct {
		change     func(*ecs.RunTaskInput)
		code, text string
	}{
		"count":      {func(in *ecs.RunTaskInput) { in.Count = aws.Int32(11) }, "InvalidParameterException", "Count"},
		"group":      {func(in *ecs.RunTaskInput) { in.Group = aws.String("service:api") }, "InvalidParameterException", "reserved"},
		"awsvpc":     {func(in *ecs.RunTaskInput) { in.TaskDefinition = awsvpc.TaskDefinitionArn }, "InvalidParameterException", "Network Configuration must be provided"},
		"constraint": {func(in *ecs.RunTaskInput) { in.PlacementConstraints = []types.PlacementConstraint{{}} }, "InvalidParameterException", "Placement constraint type"},
		"strategy":   {func(in *ecs.RunTaskInput) { in.PlacementStrategy = []types.PlacementStrategy{{Type: "spread"}} }, "InvalidParameterException", "Placement strategy field"},
		"container":  {override(types.ContainerOverride{Name: aws.String("x")}), "InvalidParameterException", "Override for container named x is not a container in the TaskDefinition."},
		"service":    {func(in *ecs.RunTaskInput) { in.PropagateTags = types.PropagateTagsService }, "InvalidParameterException", "propagateTags"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := s.runTasks(test.change)
			s.refused(err, test.code, test.text)
		})
	}
	out, err := s.runTasks(override(types.ContainerOverride{Name: aws.String("web"), Memory: aws.Int32(1000), Command: []string{"x"}}))
	v := must(s, out, err).Tasks[0]
	s.equal([]any{*v.Memory, *v.Containers[0].Memory, v.Overrides.ContainerOverrides[0].Command}, "[1000 1000 [x]]")
	token := func(in *ecs.RunTaskInput) { in.ClientToken = aws.String("t") }
	first, err := s.runTasks(token)
	second, again := s.runTasks(token)
	s.equal(*must(s, first, err).Tasks[0].TaskArn, *must(s, second, again).Tasks[0].TaskArn)
	_, err = s.runTasks(token, func(in *ecs.RunTaskInput) { in.Count = aws.Int32(2) })
	s.refused(err, "ConflictException", "token")
	s.equal(len(s.list()), 2)
	s.honest()
}
