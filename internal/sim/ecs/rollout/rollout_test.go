package rollout

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"pgregory.net/rapid"

	"berth/internal/sim/world"
)

// stage is a service whose deployments are played by hand.
type stage struct {
	*testing.T
	w *world.World
	s *world.Service
}

func newStage(t *testing.T, desired int) *stage {
	w := world.New(1)
	x := &stage{t, w, &world.Service{Name: "web", Cluster: "shop", Definition: "web:1", Desired: desired, MinHealthy: 100, Max: 200}}
	x.s.Breaker = &world.CircuitBreaker{Enable: true, Rollback: true}
	x.deploy("web:1")
	return x
}

func (x *stage) r() *world.Region { return x.w.Region("eu-west-1") }

func (x *stage) deploy(definition string) {
	x.s.Definition = definition
	Begin(x.w, x.r(), x.s)
	Started(x.w, x.r(), x.s)
}

// task is a task of the newest deployment.
func (x *stage) task() *world.Task { return &world.Task{Deployment: x.s.Deployments[0].ID} }

// dies ends a task before it ran; it tells whether the deployment fails of it.
func (x *stage) dies() bool {
	t := x.task()
	t.StopCode = "TaskFailedToStart"
	return Lost(x.w, x.s, t)
}

// sickens ends a task that ran and failed its health check.
func (x *stage) sickens() bool {
	t := x.task()
	Ran(x.s, t)
	t.StartedAt, t.StopCode, t.StopReason = x.w.Now(), "ServiceSchedulerInitiated", "Task failed ELB health checks in (target-group arn:x)"
	return Lost(x.w, x.s, t)
}

// thrice does something three times; each time it tells whether the deployment fails of it.
func thrice(f func() bool) string {
	var out []string
	for range 3 {
		out = append(out, map[bool]string{true: "yes", false: "no"}[f()])
	}
	return strings.Join(out, " ")
}

func (x *stage) last() world.ServiceDeployment { return x.s.History[len(x.s.History)-1] }

func (x *stage) status(want string) {
	x.Helper()
	if got := x.last().Status; got != want {
		x.Errorf("the deployment is %s, want %s", got, want)
	}
}

func TestThresholdIsHalfOfTheTasksWithinBounds(t *testing.T) {
	for _, c := range []struct {
		breaker *world.CircuitBreaker
		desired int
		want    int
		counts  bool
	}{
		{nil, 10, 0, false},
		{&world.CircuitBreaker{Rollback: true}, 10, 0, false},
		{&world.CircuitBreaker{Enable: true}, 1, 3, true}, // ECS developer guide, "Failure threshold"
		{&world.CircuitBreaker{Enable: true}, 25, 13, true},
		{&world.CircuitBreaker{Enable: true}, 400, 200, true},
		{&world.CircuitBreaker{Enable: true}, 800, 200, true},
		{&world.CircuitBreaker{Enable: true, Type: "BOUNDED_PERCENT", Value: 100}, 20, 20, true},
		{&world.CircuitBreaker{Enable: true, Type: "UNBOUNDED_PERCENT", Value: 100}, 800, 800, true},
		{&world.CircuitBreaker{Enable: true, Type: "UNBOUNDED_PERCENT", Value: 10}, 1, 1, true},
		{&world.CircuitBreaker{Enable: true, Type: "COUNT", Value: 2}, 100, 2, true},
	} {
		got, counts := threshold(&world.Service{Desired: c.desired, Breaker: c.breaker})
		if got != c.want || counts != c.counts {
			t.Errorf("%+v with %d tasks: %d %v, want %d", c.breaker, c.desired, got, counts, c.want)
		}
	}
}

func TestDeploymentFailsWhenTooManyTasksNeverRan(t *testing.T) {
	x := newStage(t, 2)
	Complete(x.w, x.r(), x.s)
	x.status(Successful)
	x.deploy("web:2")
	if got := thrice(x.dies); got != "no no yes" {
		t.Error("the third of three failures fails the deployment: ", got)
	}
	if d := x.s.Deployments[0]; d.Failed != 3 || x.last().Failures != 3 || x.last().Threshold != 3 {
		t.Errorf("counted %+v", d)
	}
}

func TestFailuresBeforeTheFirstTaskRanDoNotCountLater(t *testing.T) {
	x := newStage(t, 2)
	x.dies()
	x.dies()
	if n := x.last().Failures; n != 2 {
		t.Errorf("it shows %d failures", n)
	}
	Ran(x.s, x.task())
	if n := x.last().Failures; n != 0 {
		t.Errorf("it still shows %d failures", n)
	}
	if got := thrice(x.dies); got != "no no no" {
		t.Error("once a task ran, only health checks count: ", got)
	}
	if got := thrice(x.sickens); got != "no no yes" {
		t.Error("the third unhealthy task fails the deployment: ", got)
	}
}

func TestHealthyTaskResetsTheCountUnlessToldNotTo(t *testing.T) {
	for _, keeps := range []bool{false, true} {
		x := newStage(t, 2)
		x.s.Breaker.Keeps = keeps
		x.sickens()
		x.sickens()
		Proved(x.s, x.task())
		if shown := x.last().Failures; (shown == 2) != keeps || (shown == 0) == keeps {
			t.Errorf("keeps %v: it shows %d failures", keeps, shown)
		}
		if got := x.sickens(); got != keeps {
			t.Errorf("keeps %v: the third failure fails the deployment: %v", keeps, got)
		}
	}
}

func TestNobodysFaultIsNotCounted(t *testing.T) {
	x := newStage(t, 2)
	for _, code := range []string{"ServiceSchedulerInitiated", "UserInitiated", "TerminationNotice"} {
		for range 5 {
			task := x.task()
			task.StopCode = code
			if Lost(x.w, x.s, task) {
				t.Errorf("%s fails the deployment", code)
			}
		}
	}
	if x.s.Failures != 0 || Lost(x.w, x.s, &world.Task{Deployment: "gone"}) {
		t.Error("they are counted")
	}
}

func TestFailedDeploymentGoesBackToItsOldOne(t *testing.T) {
	x := newStage(t, 2)
	Complete(x.w, x.r(), x.s)
	first := x.s.Deployments[0]
	x.deploy("web:2")
	thrice(x.sickens)
	back := Fail(x.w, x.r(), x.s, Broke(x.s))
	if Proved(x.s, &world.Task{Deployment: x.s.Deployments[0].ID}); x.last().Failures != 3 {
		t.Errorf("on the way back it shows %d failures", x.last().Failures)
	}
	if back != first.ID || x.s.Deployments[0].ID != first.ID || x.s.Deployments[0].Completed || x.s.Definition != "web:1" {
		t.Errorf("back to %s: %+v", back, x.s.Deployments)
	}
	if d := x.s.Deployments[1]; d.Halted != "ECS deployment circuit breaker: tasks failed to start." || d.Status != Active {
		t.Errorf("the failed one is %+v", d)
	}
	x.status(RollbackInProgress)
	if h := x.last(); h.BreakerStatus != triggered || h.RollbackTo != first.Revision {
		t.Errorf("%+v", h)
	}
	Complete(x.w, x.r(), x.s)
	x.status(RollbackSuccessful)
	if len(x.s.History) != 2 || x.s.Good != first.Revision {
		t.Errorf("%d records, good is %s", len(x.s.History), x.s.Good)
	}
}

func TestFailedDeploymentGoesBackToARevisionThatHasNoTasksAnyMore(t *testing.T) {
	x := newStage(t, 2)
	Complete(x.w, x.r(), x.s)
	good := x.s.Good
	x.deploy("web:2")
	x.s.Deployments = x.s.Deployments[:1] // all of the first one's tasks are gone
	back := Fail(x.w, x.r(), x.s, Alarmed(x.s))
	if back != "" {
		t.Error("alarms go back only when the service wants that")
	}
	x.s.Deployments[0].Halted = ""
	x.deploy("web:3")
	x.s.Deployments = x.s.Deployments[:1]
	x.s.Alarms = &world.DeploymentAlarms{Rollback: true}
	back = Fail(x.w, x.r(), x.s, Alarmed(x.s, "errors"))
	if back == "" || x.s.Deployments[0].Revision != good || x.s.Definition != "web:1" || x.s.Deployments[0].ID != back {
		t.Errorf("back to %q: %+v", back, x.s.Deployments)
	}
	if h := x.last(); !slices.Equal(h.Triggered, []string{"errors"}) {
		t.Errorf("%+v", h)
	}
}

func TestFirstDeploymentHasNowhereToGoBackTo(t *testing.T) {
	x := newStage(t, 2)
	if back := Fail(x.w, x.r(), x.s, Broke(x.s)); back != "" || x.s.Deployments[0].Halted == "" {
		t.Errorf("back to %q", back)
	}
	x.status(RollbackFailed)
	if got := thrice(x.dies); got != "no no no" {
		t.Error("it fails once only: ", got)
	}
}

func TestAnotherDeploymentEndsTheRecordOfTheOneUnderWay(t *testing.T) {
	x := newStage(t, 2)
	x.deploy("web:2")
	if got := x.s.History[0].Status; got != Stopped {
		t.Errorf("the first is %s", got)
	}
	x.status(InProgress)
	if h := x.last(); !slices.Equal(h.Sources, []string{x.s.History[0].Target}) {
		t.Errorf("it comes from %v", h.Sources)
	}
}

func TestServiceWaitsLongerTheMoreTasksFail(t *testing.T) {
	for failures, want := range map[int]time.Duration{0: 0, 2: 0, 3: 10 * time.Second, 4: 20 * time.Second, 10: 1280 * time.Second, 11: 27 * time.Minute, 1000: 27 * time.Minute} {
		if got := Delay(failures); got != want {
			t.Errorf("after %d failures %v, want %v", failures, got, want)
		}
	}
	x := newStage(t, 2)
	x.s.Breaker = nil
	for range 4 {
		x.dies()
	}
	if got := x.s.NotBefore.Sub(x.w.Now()); got != 20*time.Second {
		t.Errorf("throttled for %v", got)
	}
	x.deploy("web:2")
	if !x.s.NotBefore.IsZero() {
		t.Error("a new deployment begins at once")
	}
	for range 4 {
		x.dies()
	}
	Ran(x.s, x.task())
	if !x.s.NotBefore.IsZero() || x.s.Failures != 0 {
		t.Error("a task that runs ends the throttling")
	}
}

func TestConfigurationRefusals(t *testing.T) {
	for want, in := range map[string]types.DeploymentConfiguration{
		"The deployment strategy CANARY is not available in this Region.": {Strategy: types.DeploymentStrategyCanary},
		"minimumHealthyPercent must be between 0 and 100.":                {MinimumHealthyPercent: aws.Int32(101)},
		"maximumPercent must be at least 100.":                            {MaximumPercent: aws.Int32(99)},
		"alarmNames cannot be empty when alarms are enabled.":             {Alarms: &types.DeploymentAlarms{Enable: true}},
		"Invalid threshold type X. Valid values are: BOUNDED_PERCENT, UNBOUNDED_PERCENT, COUNT.": {
			DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{ThresholdConfiguration: &types.ThresholdConfiguration{Type: "X", Value: 1}},
		},
		"The threshold value of the deployment circuit breaker must be at least 1.": {
			DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{ThresholdConfiguration: &types.ThresholdConfiguration{Type: "COUNT"}},
		},
	} {
		s := &world.Service{MinHealthy: 100, Max: 200}
		if err := Configure(s, &in); err == nil || !strings.HasSuffix(err.Error(), want) || s.Max != 200 {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Whatever happens, there is one PRIMARY deployment, at most one record is open, and a service goes back to what was good only.
func TestSafetyOfDeployments(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := newStage(t, rapid.IntRange(1, 10).Draw(rt, "tasks"))
		completed := map[string]bool{}
		for n := range rapid.IntRange(1, 60).Draw(rt, "steps") {
			x.w.Advance(time.Second)
			switch rapid.IntRange(0, 5).Draw(rt, "what") {
			case 0:
				x.deploy("web:" + string(rune('a'+n%26)))
			case 1:
				if d := x.s.Deployments[0]; d.Halted == "" && !d.Completed {
					Complete(x.w, x.r(), x.s)
					completed[d.Revision] = true
					x.s.Deployments = x.s.Deployments[:1]
				}
			case 2:
				x.fails(rt, x.dies(), completed)
			case 3:
				x.fails(rt, x.sickens(), completed)
			case 4:
				Ran(x.s, x.task())
			case 5:
				Proved(x.s, x.task())
			}
			x.holds(rt)
		}
	})
}

// fails lets the deployment fail, if it is to.
func (x *stage) fails(t *rapid.T, trips bool, completed map[string]bool) {
	if trips && Fail(x.w, x.r(), x.s, Broke(x.s)) != "" && !completed[x.s.Deployments[0].Revision] {
		t.Fatal("back to what never completed")
	}
}

func (x *stage) holds(t *rapid.T) {
	open := 0
	for n, h := range x.s.History {
		if slices.Contains([]string{Pending, InProgress, RollbackInProgress}, h.Status) {
			open++
		}
		if ended := !h.FinishedAt.IsZero(); ended == (open > 0 && n == len(x.s.History)-1) {
			t.Fatalf("%s, finished at %v", h.Status, h.FinishedAt)
		}
	}
	if open > 1 || x.s.Deployments[0].Status != Primary {
		t.Fatalf("%d deployments are under way, the first is %s", open, x.s.Deployments[0].Status)
	}
	for _, d := range x.s.Deployments[1:] {
		if d.Status != Active {
			t.Fatalf("an older deployment is %s", d.Status)
		}
	}
	if under := x.s.Deployments[0]; (open == 1) != (!under.Completed && under.Halted == "") {
		t.Fatalf("%d records are open, the deployment is %+v", open, under)
	}
}
