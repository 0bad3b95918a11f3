package diagnose

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/diagnose/reason"
	"berth/internal/document"
	"berth/internal/live"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// a moment around noon, or none.
func moment(t *rapid.T, label string) time.Time {
	if rapid.Bool().Draw(t, label+" there") {
		return noon.Add(time.Duration(rapid.IntRange(-7200, 600).Draw(t, label)) * time.Second)
	}
	return time.Time{}
}

// words are AWS's, and nobody's.
func words() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"", "CannotPullContainerError: manifest unknown", "CannotPullContainerError: toomanyrequests", "OutOfMemoryError: x", "Task failed ELB health checks in (target-group tg)",
		"Task failed container health checks", "RESOURCE:MEMORY", "(service web) was unable to place a task because … insufficient memory available", "Essential container in task exited",
		"ResourceInitializationError: unable to retrieve secret from asm: arn:aws:secretsmanager:eu-west-1:1:secret:x AccessDenied", "ECS was unable to assume the role",
		"is unhealthy in (target-group tg) due to (reason Health checks failed)", "has reached a steady state.", "due to (reason", "(target-group ", "circuit breaker",
	}))
}

// anyTask is a task as AWS may tell of one, or not.
func anyTask(t *rapid.T, n int) live.Task {
	pick := func(label string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label) }
	out := live.Task{
		ID: fmt.Sprintf("%032x", n), Group: pick("group", "service:web", "service:api", "family:job", ""), Definition: pick("definition", "d1", "d2", ""),
		Last: pick("last", "PROVISIONING", "PENDING", "RUNNING", "STOPPED"), Desired: pick("desired", "RUNNING", "STOPPED"),
		StopCode: pick("code", "", "TaskFailedToStart", "EssentialContainerExited", "ServiceSchedulerInitiated", "UserInitiated", "SpotInterruption", "TerminationNotice"),
		Reason:   words().Draw(t, "reason"), Instance: pick("instance", "", "c0", "c1"), Health: pick("health", "", "UNHEALTHY", "UNKNOWN"),
		Created: moment(t, "created"), Started: moment(t, "started"), Stopping: moment(t, "stopping"), Stopped: moment(t, "stopped"), Protected: moment(t, "protected"),
	}
	for range rapid.IntRange(0, 2).Draw(t, "containers") {
		c := live.Container{Name: pick("name", "web", "sidecar"), Image: pick("image", "a/b:1", "", "nginx"), Reason: words().Draw(t, "container's reason")}
		if rapid.Bool().Draw(t, "exited") {
			c.Exit = new(rapid.SampledFrom([]int{0, 1, 126, 127, 137, 139, 143, 255, -1}).Draw(t, "exit"))
		}
		out.Containers = append(out.Containers, c)
	}
	return out
}

// anyCapture is what a look may bring, and what a file may say.
func anyCapture(t *rapid.T) live.Capture {
	pick := func(label string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label) }
	c := live.Capture{At: noon, Cluster: "shop", Subject: live.Subject{Kind: pick("kind", "service", "deployment", "task", "instance"), Name: pick("subject", "web", "a/dep1")}}
	spec := document.New("loadBalancers", document.Items(document.New("targetGroupArn", document.Of("tg"))),
		"deploymentConfiguration", document.New("minimumHealthyPercent", document.Int(100), "maximumPercent", document.Int(100)))
	for _, name := range []string{"web", "api"} {
		s := live.Service{Name: name, Status: pick("status", "ACTIVE", "DRAINING"), Desired: rapid.IntRange(0, 3).Draw(t, "wanted"), Running: rapid.IntRange(0, 3).Draw(t, "running"), Definition: "d1"}
		if rapid.Bool().Draw(t, "spec") && name == "web" {
			s.Spec = spec
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "events") {
			s.Events = append(s.Events, live.Event{ID: fmt.Sprint(i), At: moment(t, "event"), Text: words().Draw(t, "text")})
		}
		c.Services = append(c.Services, s)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "deployments") {
		c.Deployments = append(c.Deployments, live.Deployment{
			ARN: fmt.Sprintf("a/dep%d", i), Service: pick("of", "web", "api", "gone"), Status: pick("state", "IN_PROGRESS", "SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"),
			Reason: words().Draw(t, "why"), Created: moment(t, "made"), Finished: moment(t, "finished"), Definition: "d1",
		})
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "tasks") {
		c.Tasks = append(c.Tasks, anyTask(t, i))
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "instances") {
		c.Instances = append(c.Instances, live.Instance{
			ID: fmt.Sprintf("i-%d", i), ARN: pick("arn", "", fmt.Sprintf("c%d", i)), Status: pick("is", "ACTIVE", "DRAINING", "x"), Connected: rapid.Bool().Draw(t, "connected"), Zone: pick("zone", "a", "b"),
		})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "targets") {
		c.Targets = append(c.Targets, live.Target{Group: "tg", ID: fmt.Sprint(i), State: pick("health", "healthy", "unhealthy", "unused"), Reason: pick("because", "", "Target.NotInUse", "Target.ResponseCodeMismatch")})
	}
	if rapid.Bool().Draw(t, "check") {
		c.Checks = []live.Check{{Group: "tg", Interval: 30, Unhealthy: 2}}
	}
	c.Definitions = []live.Definition{{ARN: "d1", Spec: document.New("containerDefinitions", document.Items(document.New("name", document.Of("web"), "memory", document.Int(512))))}}
	c.Groups = []live.Group{{Name: "g", Desired: 2, Max: 2, Instances: 1, Zones: []string{"a"}, Failures: []live.Event{{At: noon, Text: words().Draw(t, "failure")}}}}
	return c
}

func TestSafetyNoCaptureMakesItPanicAndEveryDiagnosisIsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, d := range Of(anyCapture(t)) {
			if _, ok := reason.Explain(d.Code); !ok || d.Text == "" || d.Fix == "" || d.Subject == "" && d.Code != "" && len(d.Evidence) == 0 {
				t.Fatalf("%+v", d)
			}
		}
	})
}

func TestTheOrderOfACaptureDoesNotCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCapture(t)
		before, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		want := Of(c)
		if after, _ := json.Marshal(c); string(after) != string(before) {
			t.Fatal("the capture was changed")
		}
		dice := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "order")))
		shuffle(dice, c.Services)
		for i := range c.Services {
			c.Services[i].Events = slices.Clone(c.Services[i].Events)
			shuffle(dice, c.Services[i].Events)
		}
		shuffle(dice, c.Deployments)
		shuffle(dice, c.Tasks)
		shuffle(dice, c.Instances)
		shuffle(dice, c.Targets)
		if got := Of(c); !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\n\nwas\n\n%s", spelled(got), spelled(want))
		}
	})
}

func shuffle[T any](dice *rand.Rand, list []T) {
	dice.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
}

func TestThreeHundredTasksThatEndedAlikeAreOneDiagnosis(t *testing.T) {
	c := crowd(10, 300)
	if found := Of(c); len(found) != 2 || found[0].Code != "WHY101" || found[0].Count != 300 || found[1].Code != "WHY706" {
		t.Error(spelled(found))
	}
}

// crowd is a cluster of so many instances, on which so many tasks could not be started.
func crowd(instances, tasks int) live.Capture {
	c := live.Capture{At: noon, Cluster: "shop", Subject: live.Subject{Kind: "service", Name: "web"}}
	c.Services = []live.Service{{Name: "web", Status: "ACTIVE", Desired: tasks, Definition: "d1", Events: []live.Event{{At: noon, Text: "(service web) was unable to place a task because of insufficient memory available"}}}}
	if tasks < 1000 {
		c.Services[0].Events = nil
	}
	c.Definitions = []live.Definition{{ARN: "d1", Spec: document.New("containerDefinitions", document.Items(document.New("name", document.Of("web"), "memory", document.Int(9999))))}}
	for i := range instances {
		c.Instances = append(c.Instances, live.Instance{
			ID: fmt.Sprintf("i-%08d", i), ARN: fmt.Sprintf("c%d", i), Status: "ACTIVE", Connected: true, Zone: string(rune('a' + i%3)), Type: "m7i.large",
			Total: live.Room{CPU: 2048, Memory: 7680}, Free: live.Room{CPU: 1024, Memory: 4096 + i%7}, Attributes: map[string]string{"ecs.os-type": "linux", "com.amazonaws.ecs.capability.docker-remote-api.1.18": ""},
		})
	}
	for i := range tasks {
		c.Tasks = append(c.Tasks, live.Task{
			ID: fmt.Sprintf("%032x", i*7919), Group: "service:web", Definition: "d1", Last: "STOPPED", Desired: "STOPPED", StopCode: "TaskFailedToStart", Instance: fmt.Sprintf("c%d", i%instances),
			Zone: string(rune('a' + i%3)), Created: noon.Add(-time.Hour), Stopping: noon.Add(-time.Duration(i%600) * time.Second),
			Containers: []live.Container{{Name: "web", Image: "ghcr.io/acme/web:2", Reason: "CannotPullContainerError: Error response from daemon: manifest for ghcr.io/acme/web:2 not found: manifest unknown"}},
		})
	}
	return c
}

func BenchmarkDiagnosisOf5000InstancesAnd20000Tasks(b *testing.B) {
	c := crowd(5000, 20000)
	for b.Loop() {
		if len(Of(c)) < 2 {
			b.Fatal("nothing was found")
		}
	}
}
