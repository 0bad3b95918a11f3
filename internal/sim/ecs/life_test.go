package ecs

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

// image gives the containers of a definition images under berth.sim/, the first one first.
func image(names ...string) func(*ecs.RegisterTaskDefinitionInput) {
	return func(in *ecs.RegisterTaskDefinitionInput) {
		for n, name := range names {
			if n == len(in.ContainerDefinitions) {
				in.ContainerDefinitions = append(in.ContainerDefinitions, types.ContainerDefinition{
					Name: aws.String("side"), Memory: aws.Int32(64), Essential: aws.Bool(false),
				})
			}
			in.ContainerDefinitions[n].Image = aws.String("berth.sim/" + name)
		}
	}
}

// check gives the first container of a definition a health check: every 10 seconds, two failures.
func check(in *ecs.RegisterTaskDefinitionInput) {
	in.ContainerDefinitions[0].HealthCheck = &types.HealthCheck{
		Command: []string{"CMD", "x"}, Interval: aws.Int32(10), Timeout: aws.Int32(2), Retries: aws.Int32(2),
	}
}

// after lets the first container of a definition wait for the second one.
func after(condition types.ContainerCondition) func(*ecs.RegisterTaskDefinitionInput) {
	return func(in *ecs.RegisterTaskDefinitionInput) {
		in.ContainerDefinitions[0].DependsOn = []types.ContainerDependency{{ContainerName: aws.String("side"), Condition: condition}}
	}
}

// runOne runs a task of a definition on a cluster of one instance and gives how to look at it.
func (s *stage) runOne(change ...func(*ecs.RegisterTaskDefinitionInput)) func() types.Task {
	s.t.Helper()
	d := s.definition(change...)
	out, err := s.runTasks(func(in *ecs.RunTaskInput) { in.TaskDefinition = d.TaskDefinitionArn })
	arn := *must(s, out, err).Tasks[0].TaskArn
	return func() types.Task { return s.tasks(arn)[0] }
}

func (s *stage) comes(task func() types.Task, status string) {
	s.t.Helper()
	s.until("it is "+status, func() bool { return *task().LastStatus == status })
}

func (s *stage) stopOne(task types.Task) {
	s.t.Helper()
	_, err := StopTask(s.Call, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: task.TaskArn, Reason: aws.String("enough")})
	must(s, 0, err)
}

// answers are how many ports of a region are open.
func (s *stage) answers() int { return s.Region.Balancing.Answers.Len() }

func TestServerListensAfterItsBootUntilItIsToldToEnd(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	task := s.runOne(image("web?boot=30s&took=2s&status=404"))
	s.comes(task, "RUNNING")
	s.equal(s.answers(), 0)
	s.Advance(30 * time.Second)
	s.equal(s.answers(), 1)
	port := *task().Containers[0].NetworkBindings[0].HostPort
	a, ok := s.Region.Balancing.Answers.Get(*s.instanceOf(task()) + ":" + portText(world.PortBinding{Host: int(port)}))
	s.equal([]any{ok, *a}, "[true {404 false 2s false}]")
	v := task()
	if v.PullStartedAt.Before(*v.CreatedAt) || !v.PullStoppedAt.After(*v.PullStartedAt) || !v.StartedAt.After(*v.PullStoppedAt) {
		t.Errorf("created %s, pulled from %s to %s, started %s", v.CreatedAt, v.PullStartedAt, v.PullStoppedAt, v.StartedAt)
	}
	s.stopOne(v)
	s.comes(task, "STOPPING")
	for a := range s.Region.Balancing.Answers.Rows() {
		s.equal(a.Ending, true)
	}
	s.comes(task, "STOPPED")
	s.equal(s.answers(), 0)
	v = task()
	s.equal([]any{*v.StoppedReason, v.StopCode, *v.Containers[0].ExitCode}, "[enough UserInitiated 0]")
	if !v.StoppingAt.Before(*v.ExecutionStoppedAt) || v.StoppedAt.Before(*v.ExecutionStoppedAt) {
		t.Errorf("stopping %s, ended %s, stopped %s", v.StoppingAt, v.ExecutionStoppedAt, v.StoppedAt)
	}
	quiet(t, s)
}

// instanceOf is the EC2 instance of a task.
func (s *stage) instanceOf(task types.Task) *string {
	i, _ := instanceOf(s.k().Cluster, *task.ContainerInstanceArn)
	return &i.EC2ID
}

func TestTaskEndsWithItsEssentialContainer(t *testing.T) {
	for image, want := range map[string]struct {
		code   int32
		reason string
		after  time.Duration
	}{
		"web?crash=60s&exit=3": {3, "", time.Minute},
		"job?once=5s":          {0, "", 5 * time.Second},
		"web?oom=20s":          {137, "OutOfMemoryError: Container killed due to memory usage", 20 * time.Second},
	} {
		s := newStage(t)
		s.shopOf(1)
		task := s.runOne(func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions[0].Image = aws.String("berth.sim/" + image)
		})
		s.comes(task, "STOPPED")
		v := task()
		s.equal([]any{v.StopCode, *v.StoppedReason, *v.Containers[0].ExitCode, aws.ToString(v.Containers[0].Reason)},
			"[EssentialContainerExited Essential container in task exited "+strings.TrimSpace(s.show(want.code))+" "+want.reason+"]")
		s.equal([]any{v.ExecutionStoppedAt.Sub(*v.StartedAt), s.answers()}, "["+want.after.String()+" 0]")
		quiet(t, s)
	}
}

func (s *stage) show(n int32) string { return portText(world.PortBinding{Host: int(n)}) }

func TestTaskEndsAsItsProgramObeysSIGTERM(t *testing.T) {
	for image, want := range map[string]struct {
		least, most time.Duration
		code        string
		open        int // ports, while it ends
	}{
		"web":                {time.Second / 2, 6 * time.Second, "0", 1},
		"web?drop":           {time.Second / 2, 6 * time.Second, "0", 0},
		"web?slowstop=20s":   {20 * time.Second, 20 * time.Second, "0", 1},
		"web?slowstop=99s":   {30 * time.Second, 30 * time.Second, "137", 1},
		"web?ignore-sigterm": {30 * time.Second, 30 * time.Second, "137", 1},
	} {
		s := newStage(t)
		s.shopOf(1)
		task := s.runOne(func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions[0].Image = aws.String("berth.sim/" + image)
		})
		s.comes(task, "RUNNING")
		s.stopOne(task())
		for *task().LastStatus == "RUNNING" {
			s.Advance(time.Millisecond)
		}
		from := s.Now()
		s.equal([]any{image, s.answers()}, "["+image+" "+s.show(int32(want.open))+"]")
		for a := range s.Region.Balancing.Answers.Rows() {
			s.equal(a.Ending, image != "web?ignore-sigterm")
		}
		s.comes(task, "STOPPED")
		v := task()
		s.equal(s.show(*v.Containers[0].ExitCode), want.code)
		if took := v.ExecutionStoppedAt.Sub(from); took < want.least || took > want.most {
			t.Errorf("%s took %s", image, took)
		}
	}
}

func TestTaskFailsToStartWhenItsImageCannotBePulled(t *testing.T) {
	for kind, want := range map[string]string{
		"missing":      "CannotPullContainerError: Error response from daemon: manifest for berth.sim/web not found: manifest unknown",
		"unauthorized": "CannotPullContainerError: Error response from daemon: pull access denied for berth.sim/web, repository does not exist",
		"ratelimited":  "CannotPullContainerError: Error response from daemon: toomanyrequests: You have reached your pull rate limit.",
		"unreachable":  `CannotPullContainerError: Error response from daemon: Get "https://berth.sim/v2/": net/http: request canceled`,
		"wrong-arch":   "CannotStartContainerError: Error response from daemon: ",
	} {
		s := newStage(t)
		s.shopOf(1)
		task := s.runOne(image("web?pull=" + kind))
		s.comes(task, "STOPPED")
		v := task()
		s.equal([]any{v.StopCode, v.StartedAt == nil, v.Containers[0].ExitCode == nil, *v.StoppedReason == *v.Containers[0].Reason},
			"[TaskFailedToStart true true true]")
		if !strings.HasPrefix(*v.StoppedReason, want) {
			t.Errorf("%s: %s", kind, *v.StoppedReason)
		}
		s.equal(s.instances()[0].Remaining, s.instances()[0].Registered)
		quiet(t, s)
	}
}

func TestSlowPullTakesItsTime(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	task := s.runOne(image("web?pull=slow=90s"))
	s.Advance(90 * time.Second)
	s.equal(*task().LastStatus, "PENDING")
	s.comes(task, "RUNNING")
	if took := task().PullStoppedAt.Sub(*task().PullStartedAt); took < 92*time.Second {
		t.Errorf("the pull took %s", took)
	}
}

// ECS developer guide, ECS_IMAGE_PULL_BEHAVIOR: an image that is on the instance is used when its registry does not answer.
func TestBrokenRegistryKeepsNewImagesAwayForAsLongAsItLasts(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	s.comes(s.runOne(image("old:1")), "RUNNING")
	s.Region.ECS.Unpullable.Put("berth.sim/", &world.Outage{Kind: "unreachable", Until: s.Now().Add(10 * time.Minute)})
	fresh := s.runOne(image("new:1"))
	s.comes(fresh, "STOPPED")
	s.equal(fresh().StopCode, "TaskFailedToStart")
	s.comes(s.runOne(image("old:1")), "RUNNING")
	s.Advance(10 * time.Minute)
	s.comes(s.runOne(image("new:1")), "RUNNING")
}

func TestContainersWaitForOneAnother(t *testing.T) {
	for name, test := range map[string]struct {
		change []func(*ecs.RegisterTaskDefinitionInput)
		waits  time.Duration // until the task runs, counted from the second container's start; -1: it never does
	}{
		"start":    {[]func(*ecs.RegisterTaskDefinitionInput){image("web", "side"), after("START")}, 0},
		"complete": {[]func(*ecs.RegisterTaskDefinitionInput){image("web", "side?once=20s&exit=1"), after("COMPLETE")}, 20 * time.Second},
		"success":  {[]func(*ecs.RegisterTaskDefinitionInput){image("web", "side?once=20s"), after("SUCCESS")}, 20 * time.Second},
		"failure":  {[]func(*ecs.RegisterTaskDefinitionInput){image("web", "side?once=20s&exit=1"), after("SUCCESS")}, -1},
		"healthy": {[]func(*ecs.RegisterTaskDefinitionInput){image("web", "side?boot=25s"), after("HEALTHY"), func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions[1].HealthCheck = &types.HealthCheck{Command: []string{"CMD", "x"}, Interval: aws.Int32(10), Retries: aws.Int32(9)}
		}}, 30 * time.Second},
		"timeout": {[]func(*ecs.RegisterTaskDefinitionInput){image("web", "side"), after("SUCCESS"), func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions[1].StartTimeout = aws.Int32(40)
		}}, -1},
	} {
		s := newStage(t)
		s.shopOf(1)
		task := s.runOne(test.change...)
		row, _ := s.k().findTask(*task().TaskArn)
		s.until("the second one has started", func() bool { return !row.Containers[1].StartedAt.IsZero() })
		began := row.Containers[1].StartedAt
		if test.waits < 0 {
			s.comes(task, "STOPPED")
			s.equal([]any{name, task().StopCode, task().StartedAt == nil, *task().Containers[0].ExitCode}, "["+name+" TaskFailedToStart true 143]")
			if !strings.HasPrefix(*task().StoppedReason, "dependency graph: ") {
				t.Error(*task().StoppedReason)
			}
			continue
		}
		if test.waits > 0 {
			s.equal(*task().Containers[0].LastStatus, "PENDING")
		}
		s.comes(task, "RUNNING")
		s.equal([]any{name, task().StartedAt.Sub(began)}, "["+name+" "+test.waits.String()+"]")
		s.stopOne(task())
		s.comes(task, "STOPPED")
	}
}

func TestContainersEndInTheReverseOrder(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	task := s.runOne(image("web?slowstop=10s", "side?slowstop=5s"), after("START"))
	s.comes(task, "RUNNING")
	s.stopOne(task())
	row, _ := s.k().findTask(*task().TaskArn)
	s.comes(task, "STOPPED")
	s.equal(row.Containers[1].SignalAt.Sub(row.Containers[0].SignalAt), "10s")
	s.equal(row.ExecutionStoppedAt.Sub(row.Containers[0].SignalAt), "15s")
}

func TestTaskOutlivesContainersThatAreNotEssential(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	task := s.runOne(image("web", "side?crash=10s"))
	s.comes(task, "RUNNING")
	s.Advance(time.Minute)
	v := task()
	s.equal([]any{*v.LastStatus, *v.Containers[0].LastStatus, *v.Containers[1].LastStatus, *v.Containers[1].ExitCode}, "[RUNNING RUNNING STOPPED 1]")
}

// ECS developer guide, "Restart individual containers in Amazon ECS tasks with container restart policies".
func TestContainerIsStartedAgainWhereItsPolicySaysSo(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	policy := func(ignored ...int32) func(*ecs.RegisterTaskDefinitionInput) {
		return func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions[0].RestartPolicy = &types.ContainerRestartPolicy{Enabled: aws.Bool(true), RestartAttemptPeriod: aws.Int32(60), IgnoredExitCodes: ignored}
		}
	}
	again := s.runOne(image("web?crash=90s"), policy(2))
	ignored := s.runOne(image("web?crash=90s&exit=2"), policy(2))
	soon := s.runOne(image("web?crash=50s"), policy())
	s.Advance(4 * time.Minute)
	row, _ := s.k().findTask(*again().TaskArn)
	s.equal([]any{*again().LastStatus, row.Containers[0].Restarts, *ignored().LastStatus, *soon().LastStatus}, "[RUNNING 2 STOPPED STOPPED]")
}

// ECS API reference, HealthCheck.
func TestContainerHealthChecksFindOutAfterTheirIntervals(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	for _, test := range []struct {
		image string
		grace int32
		at    map[int]string // seconds after the start: health
	}{
		{"web", 0, map[int]string{9: "UNKNOWN", 10: "HEALTHY", 600: "HEALTHY"}},
		{"web?boot=15s", 0, map[int]string{19: "UNKNOWN", 20: "HEALTHY"}},
		{"web?boot=25s", 0, map[int]string{19: "UNKNOWN", 20: "UNHEALTHY", 29: "UNHEALTHY", 30: "HEALTHY"}},
		{"web?boot=25s", 60, map[int]string{29: "UNKNOWN", 30: "HEALTHY"}},
		{"web?status=500", 60, map[int]string{69: "UNKNOWN", 70: "UNHEALTHY"}},
		{"web?unhealthy=35s", 0, map[int]string{49: "HEALTHY", 50: "UNHEALTHY"}},
		{"web?silent", 0, map[int]string{21: "UNKNOWN", 22: "UNHEALTHY"}},
	} {
		task := s.runOne(image(test.image), check, func(in *ecs.RegisterTaskDefinitionInput) {
			in.ContainerDefinitions[0].HealthCheck.StartPeriod = aws.Int32(test.grace)
		})
		for *task().LastStatus != "RUNNING" {
			s.Advance(time.Millisecond)
		}
		start := *task().StartedAt
		for _, at := range slices.Sorted(mapKeys(test.at)) {
			s.Advance(start.Add(time.Duration(at)*time.Second + time.Millisecond).Sub(s.Now()))
			if got := task(); string(got.HealthStatus) != test.at[at] || got.Containers[0].HealthStatus != got.HealthStatus {
				t.Errorf("%s is %s after %d seconds, want %s", test.image, got.HealthStatus, at, test.at[at])
			}
		}
		s.stopOne(task())
		s.comes(task, "STOPPED")
	}
}

func mapKeys(m map[int]string) func(func(int) bool) {
	return func(yield func(int) bool) {
		for k := range m { // unordered: the caller sorts
			if !yield(k) {
				return
			}
		}
	}
}

// ECS developer guide, "Amazon ECS services": unhealthy tasks are replaced, first the new one, then the old one.
func TestServiceReplacesTasksThatFailTheirContainerHealthChecks(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	s.definition(image("web?unhealthy=5m"), check)
	must(s, 0, s.create(2))
	s.steady("api")
	fewest := int32(2)
	s.Advance(4 * time.Minute)
	s.until("all are replaced", func() bool {
		fewest = min(fewest, s.service("api").RunningCount)
		return len(s.list(halted)) == 2 && s.service("api").RunningCount == 2
	})
	s.equal(fewest, 2)
	for _, v := range s.tasks(s.list(halted)...) {
		s.equal([]any{v.StopCode, *v.StoppedReason, v.HealthStatus}, "[ServiceSchedulerInitiated Task failed container health checks UNHEALTHY]")
		s.equal(s.heard("api", "(task "+nameOf(*v.TaskArn)+") failed container health checks."), 1)
	}
}

func TestServiceReplacesUnhealthyTasksOneByOneWhereNoMoreAreAllowed(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	s.definition(image("web?unhealthy=5m"), check)
	must(s, 0, s.create(3, percent(0, 100)))
	s.steady("api")
	s.Advance(4 * time.Minute)
	most, fewest := int32(0), int32(3)
	s.until("all are replaced", func() bool {
		v := s.service("api")
		most, fewest = max(most, v.RunningCount+v.PendingCount), min(fewest, v.RunningCount)
		return len(s.list(halted)) == 3 && v.RunningCount == 3
	})
	s.equal([]any{most, fewest}, "[3 2]")
}

func TestDaemonThatFailsItsHealthChecksIsReplaced(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	s.definition(image("web?unhealthy=5m"), check)
	must(s, 0, s.create(0, daemon))
	s.steady("agent")
	s.Advance(4 * time.Minute)
	s.until("it is replaced", func() bool { return len(s.list(halted)) == 1 && s.service("agent").RunningCount == 1 })
}

func TestStandaloneTaskThatFailsItsHealthChecksRunsOn(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	task := s.runOne(image("web?unhealthy"), check)
	s.comes(task, "RUNNING")
	s.Advance(time.Hour)
	s.equal([]any{*task().LastStatus, task().HealthStatus}, "[RUNNING UNHEALTHY]")
	if at, ok := s.NextEvent(); ok {
		t.Errorf("something happens at %s", at)
	}
}

func TestAgentThatWasAwayIsToldWhatItMissed(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	task := s.runOne()
	s.comes(task, "RUNNING")
	i := s.instances()[0]
	i.AgentConnected = false
	s.stopOne(task())
	s.Advance(10 * time.Minute)
	s.equal([]any{*task().LastStatus, *task().DesiredStatus}, "[RUNNING STOPPED]")
	row, _ := s.Region.EC2.Instances.Get(i.EC2ID)
	agent, _ := s.Region.ECS.Agents.Get(i.EC2ID)
	must(s, 0, register(s.World, s.Region, row, agent))
	s.comes(task, "STOPPED")
}
