package deploy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/document"
	"berth/internal/live"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

const arns = "arn:aws:ecs:eu-west-1:123456789012:"

// revision is the n-th revision of the family web.
func revision(n int) Revision {
	return Revision{
		ARN: fmt.Sprintf("%stask-definition/web:%d", arns, n),
		Spec: document.New("family", document.Of("web"), "containerDefinitions", document.Items(
			document.New("name", document.Of("web"), "image", document.Of(fmt.Sprintf("web:%d", n))))),
	}
}

// order wants the n-th revision with so many tasks.
func order(n, tasks int) Order {
	return Order{
		Cluster: "shop", Service: "web", Definition: revision(n).Spec, Policy: Policy{Timeout: 15 * time.Minute},
		Spec: document.New("desiredCount", document.Int(tasks)),
	}
}

// snapshots are what a run may see, likely or not.
func snapshots() *rapid.Generator[Snapshot] {
	return rapid.Custom(func(t *rapid.T) Snapshot {
		s := Snapshot{At: noon, Order: order(rapid.IntRange(1, 3).Draw(t, "wanted"), rapid.IntRange(0, 2).Draw(t, "tasks"))}
		s.Order.Goal = rapid.SampledFrom([]Goal{Forward, Forward, Back, Cancel}).Draw(t, "goal")
		s.Order.Policy = Policy{
			Timeout: rapid.SampledFrom([]time.Duration{time.Minute, time.Hour}).Draw(t, "timeout"), Force: rapid.Bool().Draw(t, "force"),
			RollbackOnInterrupt: rapid.Bool().Draw(t, "back"),
		}
		s.Run = Run{Began: noon.Add(-time.Duration(rapid.IntRange(1, 100).Draw(t, "age")) * time.Minute), Interrupted: rapid.IntRange(0, 3).Draw(t, "interrupted") == 0}
		if rapid.Bool().Draw(t, "family") {
			s.Latest = revision(rapid.IntRange(1, 3).Draw(t, "latest"))
		}
		if rapid.IntRange(0, 5).Draw(t, "service") == 0 {
			return s
		}
		runs := rapid.IntRange(1, 3).Draw(t, "runs")
		s.Running = revision(runs)
		sv := live.Service{
			Name: "web", ARN: arns + "service/shop/web", Status: "ACTIVE", Definition: s.Running.ARN, Desired: rapid.IntRange(0, 2).Draw(t, "desired"),
			Tags: map[string]string{},
		}
		on := rapid.Bool().Draw(t, "breaker")
		sv.Spec = document.New("desiredCount", document.Int(sv.Desired), "deploymentConfiguration", document.New(
			"deploymentCircuitBreaker", document.New("enable", document.Flag(on), "rollback", document.Flag(on))))
		for i := range rapid.IntRange(0, 4).Draw(t, "deployments") {
			s.Found.Deployments = append(s.Found.Deployments, live.Deployment{
				ARN: fmt.Sprintf("%sservice-deployment/shop/web/%d", arns, i), Service: "web", Definition: revision(rapid.IntRange(1, 3).Draw(t, "brings")).ARN,
				Created: noon.Add(-time.Duration(i+1) * time.Minute), Status: rapid.SampledFrom([]string{
					"PENDING", "IN_PROGRESS", "SUCCESSFUL", "STOPPED", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED",
				}).Draw(t, "status"),
			})
		}
		if n := len(s.Found.Deployments); n > 0 && rapid.Bool().Draw(t, "follows") {
			s.Run.Following = s.Found.Deployments[rapid.IntRange(0, n-1).Draw(t, "which")].ARN
		}
		for i := range rapid.IntRange(0, 5).Draw(t, "tasks seen") {
			task := live.Task{
				ID: fmt.Sprint(i), Group: "service:web", Definition: revision(rapid.IntRange(1, 3).Draw(t, "of")).ARN,
				Last: rapid.SampledFrom([]string{"PENDING", "RUNNING", "STOPPED"}).Draw(t, "last"), Desired: "RUNNING",
				Health: rapid.SampledFrom([]string{"", "HEALTHY", "UNHEALTHY"}).Draw(t, "health"), Started: noon.Add(-time.Duration(rapid.IntRange(0, 90).Draw(t, "since")) * time.Second),
			}
			switch task.Last {
			case "STOPPED":
				task.Desired, task.StopCode = "STOPPED", rapid.SampledFrom([]string{"TaskFailedToStart", "EssentialContainerExited", "UserInitiated"}).Draw(t, "code")
			case "RUNNING":
				sv.Running++
			}
			s.Found.Tasks = append(s.Found.Tasks, task)
		}
		if rapid.IntRange(0, 4).Draw(t, "tagged") == 0 && len(s.Found.Deployments) > 0 {
			sv.Tags[TagRollback] = rapid.SampledFrom([]string{s.Found.Deployments[0].ARN, s.Found.Deployments[0].Definition, revision(1).ARN}).Draw(t, "tag")
		}
		s.Found.Services = []live.Service{sv}
		return s
	})
}

func TestSafetyASuccessIsNeverReportedUnlessHealthyTasksServe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		d := Decide(s)
		if d.Outcome != Succeeded && (d.Outcome != Unchanged || s.Order.Goal != Forward) || d.Run.Stopped {
			return
		}
		sv := s.Found.Services[0]
		want := sv.Definition
		if followed, ok := s.deployment(d.Run.Following); ok {
			want = followed.Definition
		} else if s.Order.Goal == Forward {
			want = s.wanted()
		}
		healthy := 0
		for _, task := range s.Found.Tasks {
			if task.Desired == "RUNNING" && task.Definition == want {
				if task.Last != "RUNNING" || task.Health == "UNHEALTHY" {
					t.Fatalf("%s, and task %s is %s %s", d.Outcome, task.ID, task.Last, task.Health)
				}
				healthy++
			}
		}
		if sv.Definition != want || healthy != sv.Desired {
			t.Fatalf("%s, and %d of %d tasks of %s serve", d.Outcome, healthy, sv.Desired, want)
		}
	})
}

func TestSafetyNothingIsRolledBackThatNobodyAskedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		asked := s.Order.Goal != Forward || s.Run.Interrupted && s.Order.Policy.RollbackOnInterrupt
		for _, a := range Decide(s).Actions {
			if a.Verb == StopDeployment && !asked {
				t.Fatal("a deployment is stopped")
			}
			if brings := a.Spec.Get("taskDefinition").Text; !asked && brings != "" && brings != s.wanted() {
				t.Fatalf("the service gets %s instead of %s", brings, s.wanted())
			}
		}
	})
}

func TestSafetyARunThatHasEndedDoesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Decide(snapshots().Draw(t, "snapshot"))
		if d.Outcome != Running && len(d.Actions) > 0 {
			t.Fatalf("%s, and %s", d.Outcome, d.Actions[0].Verb)
		}
	})
}

func TestSafetyAFollowedDeploymentIsNeverReplaced(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		for _, a := range Decide(s).Actions {
			if s.Run.Following != "" && a.Begins && s.Order.Goal == Forward {
				t.Fatalf("%s while %s is followed: two runs would fight", a.Verb, s.Run.Following)
			}
		}
	})
}

func TestLivenessWhatHasNotEndedLooksAgainAndSaysWhy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Decide(snapshots().Draw(t, "snapshot"))
		if d.Outcome == Running && d.Again <= 0 || len(d.Why) == 0 {
			t.Fatalf("%q again in %v, since %v", d.Outcome, d.Again, d.Why)
		}
	})
}

func TestSafetyTheSameSnapshotGivesTheSameDecision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		if a, b := fmt.Sprintf("%+v", Decide(s)), fmt.Sprintf("%+v", Decide(s)); a != b {
			t.Fatalf("%s\n%s", a, b)
		}
	})
}

// carried is what AWS shows once it has carried out the actions of a decision.
func carried(s Snapshot, d Decision) Snapshot {
	s.Run = d.Run
	s.Found.Deployments = slices.Clone(s.Found.Deployments)
	for _, a := range d.Actions {
		before := s
		switch a.Verb {
		case Register:
			s.Latest = Revision{ARN: arns + "task-definition/web:9", Spec: a.Spec}
			s.Run = s.Run.After(a, before, Made{ARN: s.Latest.ARN})
			continue
		case CreateService, UpdateService:
			s = updated(s, a)
		case Label, Unlabel:
			s = retagged(s, a)
		}
		s.Run = s.Run.After(a, before, Made{})
	}
	return s
}

func updated(s Snapshot, a Action) Snapshot {
	var sv live.Service
	if len(s.Found.Services) > 0 {
		sv = s.Found.Services[0]
	}
	sv.Name, sv.Status, sv.ARN = "web", "ACTIVE", arns+"service/shop/web"
	if a.Verb == CreateService {
		sv.Spec, sv.Tags = document.Value{Kind: document.Object}, map[string]string{}
	}
	for _, m := range a.Spec.Members {
		sv.Spec = sv.Spec.With(m.Name, m.Value)
	}
	if n, ok := a.Spec.Get("desiredCount").Number(); ok {
		sv.Desired = n
	}
	if def := a.Spec.Get("taskDefinition").Text; def != "" {
		sv.Definition = def
		for _, r := range []Revision{s.Latest, revision(1), revision(2), revision(3)} {
			if r.ARN == def {
				s.Running = r
			}
		}
	}
	if a.Begins {
		s.Found.Deployments = append([]live.Deployment{{
			ARN: arns + "service-deployment/shop/web/new", Service: "web", Definition: sv.Definition, Created: noon, Status: "PENDING", Sources: []string{"x"},
		}}, s.Found.Deployments...)
	}
	s.Found.Services = []live.Service{sv}
	return s
}

func retagged(s Snapshot, a Action) Snapshot {
	sv := s.Found.Services[0]
	tags := map[string]string{}
	maps.Copy(tags, sv.Tags)
	for _, tag := range a.Spec.Get("tags").Items {
		tags[tag.Get("key").Text] = tag.Get("value").Text
	}
	for _, key := range a.Spec.Get("tagKeys").Items {
		delete(tags, key.Text)
	}
	sv.Tags = tags
	s.Found.Services = []live.Service{sv}
	return s
}

func TestSafetyWhatIsDoneIsNotDoneAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		s.Run.Interrupted, s.Order.Goal = false, Forward
		seen := map[string]bool{}
		for range 8 {
			d := Decide(s)
			if len(d.Actions) == 0 {
				return
			}
			for _, a := range d.Actions {
				if seen[keyOf(a)] {
					t.Fatalf("%s a second time: %s", a.Verb, a.Spec.JSON())
				}
				seen[keyOf(a)] = true
			}
			s = carried(s, d)
		}
		t.Fatal("it never comes to rest")
	})
}

func TestARunThatDiedIsFinishedNotRepeated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		s.Run = Run{Began: noon}
		s.Order.Goal, s.Order.Policy.Force = Forward, false
		begun := 0
		for range 10 {
			d := Decide(s)
			if len(d.Actions) == 0 {
				break
			}
			for _, a := range d.Actions {
				if a.Begins {
					begun++
				}
			}
			s = carried(s, d)
			s.Run = Run{Began: noon} // it dies after every step, and the next one knows nothing
		}
		if begun > 1 {
			t.Fatalf("%d deployments were begun", begun)
		}
	})
}

func TestAnActionWithoutEffectIsGivenUp(t *testing.T) {
	s := Snapshot{At: noon, Order: order(1, 2), Run: Run{Began: noon}, Latest: revision(1)}
	s.Found.Services = []live.Service{{
		Name: "web", Status: "ACTIVE", Definition: revision(1).ARN, Desired: 1, Spec: document.New("desiredCount", document.Int(1)), Tags: map[string]string{},
	}}
	s.Running = revision(1)
	for range 20 {
		d := Decide(s)
		if d.Outcome == Failed && d.Code == "DEP207" {
			return
		}
		if len(d.Actions) != 1 {
			t.Fatalf("%+v", d)
		}
		s.Run = d.Run.After(d.Actions[0], s, Made{})
	}
	t.Error("it goes on for ever")
}

func TestALoopIsCalledOneByItsEvidence(t *testing.T) {
	for _, c := range []struct {
		name          string
		ended         int
		healthy       bool
		breaker, good bool
		counted       int // by the breaker
		want          Outcome
	}{
		{"two are none yet", 2, false, false, true, 0, Running},
		{"three are, and nothing goes back", 3, false, false, true, 0, Failed},
		{"three, and AWS will go back", 3, false, true, true, 0, Running},
		{"three, and AWS has nothing to go back to", 3, false, true, false, 0, Failed},
		{"one became healthy", 5, true, false, true, 0, Running},
		{"six, of which the breaker has counted half", 6, false, true, true, 3, Running},
		{"six, of which the breaker has counted few", 6, false, true, true, 2, Failed},
		{"six that the breaker does not count, and one became healthy", 6, true, true, true, 0, Running},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Snapshot{At: noon, Order: order(2, 2), Latest: revision(2), Running: revision(2)}
			s.Run = Run{Began: noon.Add(-time.Minute), Following: "new", Revision: "ecs-svc/2"}
			s.Found.Deployments = []live.Deployment{{ARN: "new", Service: "web", Definition: revision(2).ARN, Status: "IN_PROGRESS", Created: noon.Add(-time.Minute)}}
			s.Found.Deployments[0].Breaker = live.Breaker{Status: "MONITORING", Failures: c.counted, Threshold: 3}
			if c.good {
				s.Found.Deployments = append(s.Found.Deployments, live.Deployment{ARN: "old", Service: "web", Definition: revision(1).ARN, Status: "SUCCESSFUL", Created: noon.Add(-time.Hour)})
			}
			sv := live.Service{Name: "web", Status: "ACTIVE", Definition: revision(2).ARN, Desired: 2}
			sv.Spec = document.New("deploymentConfiguration", document.New("deploymentCircuitBreaker", document.New(
				"enable", document.Flag(c.breaker), "rollback", document.Flag(c.breaker))))
			s.Found.Services = []live.Service{sv}
			for i := range c.ended {
				s.Found.Tasks = append(s.Found.Tasks, live.Task{
					ID: fmt.Sprint(i), Group: "service:web", StartedBy: "ecs-svc/2", Definition: revision(2).ARN, Last: "STOPPED", Desired: "STOPPED",
					StopCode: "EssentialContainerExited", Reason: "Essential container in task exited", Started: noon.Add(-30 * time.Second), Stopping: noon.Add(-20 * time.Second),
				})
			}
			if c.healthy {
				s.Found.Tasks = append(s.Found.Tasks, live.Task{
					ID: "well", Group: "service:web", StartedBy: "ecs-svc/2", Definition: revision(2).ARN, Last: "RUNNING", Desired: "RUNNING", Started: noon.Add(-time.Minute),
				})
			}
			d := Decide(s)
			if d.Outcome != c.want {
				t.Errorf("%q: %v", d.Outcome, d.Why)
			}
			if c.ended >= enough && !c.healthy && !strings.Contains(strings.Join(d.Why, "; "), "none became healthy") {
				t.Errorf("the evidence is not told: %v", d.Why)
			}
		})
	}
}

func TestTasksThatNeverRanAreLeftToTheBreaker(t *testing.T) {
	d := live.Deployment{Breaker: live.Breaker{Status: "MONITORING", Threshold: 50}}
	var failed []live.Task
	for range 20 {
		failed = append(failed, live.Task{StopCode: "TaskFailedToStart"})
	}
	if blind(d, failed) {
		t.Error("the breaker counts these, and shows it a moment later")
	}
}

func TestWhatTasksWaitForIsSaidOnceForAllThatAreAlike(t *testing.T) {
	s := Snapshot{At: noon, Order: order(1, 3)}
	s.Found.Services = []live.Service{{Name: "web", Status: "ACTIVE"}}
	task := func(id, last string) live.Task {
		return live.Task{ID: strings.Repeat(id, 32), Last: last, Desired: "RUNNING", Started: noon.Add(-time.Second)}
	}
	got := strings.Join(s.illness([]live.Task{task("a", "RUNNING"), task("b", "PENDING"), task("c", "RUNNING")}), "; ")
	if want := "2 tasks have just started; task bbbbbbbb is pending"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestSafetyANewServiceWithoutANumberOfTasksMakesNothing(t *testing.T) {
	s := Snapshot{At: noon, Order: order(1, 1), Run: Run{Began: noon}}
	s.Order.Spec = document.New("serviceName", document.Of("web"))
	if d := Decide(s); d.Outcome != Refused || d.Code != "DEP164" || len(d.Actions) > 0 || d.Fix == "" {
		t.Errorf("%+v", d)
	}
	s.Order.Spec = s.Order.Spec.With("schedulingStrategy", document.Of("DAEMON"))
	if d := Decide(s); d.Outcome == Refused {
		t.Errorf("a daemon: %+v", d)
	}
	s.Order.Spec = document.New("desiredCount", document.Int(0))
	if d := Decide(s); d.Outcome == Refused {
		t.Errorf("none wanted: %+v", d)
	}
}
