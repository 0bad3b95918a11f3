package deploy

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/document"
	"berth/internal/live"
)

func TestLivenessARunEndsWhenItsTimeIsOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		if s.Run.Interrupted || s.At.Sub(s.Run.Began) < s.Order.Policy.Timeout {
			return
		}
		if d := Decide(s); d.Outcome == Running {
			t.Fatalf("%v after %v: %v, %v", s.At.Sub(s.Run.Began), s.Order.Policy.Timeout, d.Actions, d.Why)
		}
	})
}

func TestSafetyNothingHasBegunWhereAWSGoesBackOrHasFailed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		s.Order.Policy.NoWait, s.Order.Goal, s.Run.Interrupted = true, Forward, false
		d := Decide(s)
		if d.Outcome != Started {
			return
		}
		if followed, known := s.deployment(d.Run.Following); known && followed.Status != "SUCCESSFUL" && !goes(followed) {
			t.Fatalf("it has begun, they say, and it is %s", followed.Status)
		}
	})
}

func TestWhoDoesNotWaitIsNotKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		s.Order.Policy.NoWait, s.Order.Goal, s.Run.Interrupted, s.Run.Following = true, Forward, false, ""
		for range 8 {
			d := Decide(s)
			if d.Outcome != Running {
				return
			}
			if len(d.Actions) == 0 {
				t.Fatalf("it waits for %v", d.Why)
			}
			s = carried(s, d)
		}
	})
}

func TestARollbackIsDoneOnlyWhenWhatRanBeforeServes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		s.Order.Goal = rapid.SampledFrom([]Goal{Back, Cancel}).Draw(t, "back")
		d := Decide(s)
		if d.Outcome != Succeeded && (d.Outcome != Unchanged || d.Run.Following == "") {
			return
		}
		sv, n := s.Found.Services[0], 0
		for _, task := range s.Found.Tasks {
			if task.Definition == sv.Definition && task.Desired == "RUNNING" && task.Last == "RUNNING" && task.Health != "UNHEALTHY" {
				n++
			}
		}
		if n != sv.Desired {
			t.Fatalf("%s: %v; %d of %d tasks of what runs now serve", d.Outcome, d.Why, n, sv.Desired)
		}
	})
}

// begun is a service that was told to run revision 2, whose answer may have been lost.
func begunService(status string) Snapshot {
	s := Snapshot{At: noon, Order: order(2, 1), Latest: revision(2), Running: revision(2), Run: Run{Began: noon.Add(-time.Minute)}}
	s.Found.Services = []live.Service{{
		Name: "web", ARN: arns + "service/shop/web", Status: "ACTIVE", Definition: revision(2).ARN, Desired: 1, Spec: s.Order.Spec, Tags: map[string]string{},
	}}
	old := live.Deployment{ARN: "old", Service: "web", Definition: revision(1).ARN, Status: "SUCCESSFUL", Created: noon.Add(-time.Hour)}
	s.Run = s.Run.Unsure(Snapshot{At: noon, Found: live.Capture{Deployments: []live.Deployment{old}}})
	s.Found.Deployments = []live.Deployment{old}
	if status != "" {
		s.Found.Deployments = []live.Deployment{{ARN: "new", Service: "web", Definition: revision(2).ARN, Status: status, Created: noon, Sources: []string{"x"}}, old}
	}
	return s
}

func TestALostAnswerIsLookedForBeforeItIsAskedAgain(t *testing.T) {
	for _, status := range []string{"", "PENDING", "SUCCESSFUL", "ROLLBACK_SUCCESSFUL"} {
		s := begunService(status)
		s.Order.Policy.Force = true
		d := Decide(s)
		if len(d.Actions) > 0 || status != "" && d.Run.Following != "new" {
			t.Errorf("%q: %+v", status, d)
		}
	}
	s := begunService("")
	s.Order.Policy.Force = true
	s.At = s.At.Add(time.Minute)
	if d := Decide(s); len(d.Actions) != 1 {
		t.Errorf("nothing has come of it, and it is not asked again: %+v", d)
	}
}

func TestAnInterruptWhileAWSBeginsGoesBackToo(t *testing.T) {
	for _, c := range []struct {
		status string
		sure   bool
		goes   bool
		want   Outcome
		does   string
	}{
		{"", true, true, Running, ""},
		{"PENDING", true, true, Running, StopDeployment},
		{"", false, false, Interrupted, ""},
		{"PENDING", false, true, Running, StopDeployment},
		{"SUCCESSFUL", true, true, Interrupted, ""},
	} {
		s := begunService(c.status)
		s.Run.Interrupted, s.Order.Policy.RollbackOnInterrupt = true, true
		if c.sure {
			s.Run.Started = noon
		}
		if !c.goes { // AWS has not taken it
			s.Found.Services[0].Definition, s.Running = revision(1).ARN, revision(1)
		}
		d, does := Decide(s), ""
		for _, a := range d.Actions {
			does = a.Verb
		}
		if d.Outcome != c.want || does != c.does {
			t.Errorf("%q, sure %v: %q, %s: %v", c.status, c.sure, d.Outcome, does, d.Why)
		}
	}
}

func TestAnInterruptSaysWhatIsTrueOfTheDeployment(t *testing.T) {
	for status, want := range map[string]string{
		"PENDING": "goes on at AWS", "ROLLBACK_IN_PROGRESS": "AWS goes back", "SUCCESSFUL": "AWS calls the deployment new successful",
		"ROLLBACK_FAILED": "AWS calls the deployment new rollback failed",
	} {
		s := begunService(status)
		s.Run.Following, s.Run.Interrupted = "new", true
		if got := strings.Join(Decide(s).Why, "; "); !strings.Contains(got, want) {
			t.Errorf("%s: %s", status, got)
		}
	}
}

func TestAServiceThatIsBeingDeletedIsWaitedForWhateverDiffers(t *testing.T) {
	s := begunService("")
	s.Run = Run{Began: noon}
	s.Found.Services[0].Status = "DRAINING"
	s.Found.Services[0].Spec = document.New("schedulingStrategy", document.Of("DAEMON"))
	if d := Decide(s); d.Outcome != Running || len(d.Actions) > 0 {
		t.Errorf("%+v", d)
	}
	s.Order.Goal = Back
	if d := Decide(s); d.Code != "DEP203" {
		t.Errorf("there is nothing to take back: %+v", d)
	}
}

func TestAHealthCheckThatDoesNotCountForTheTaskIsNotWaitedFor(t *testing.T) {
	s := begunService("SUCCESSFUL")
	spec := func(essential bool) document.Value {
		return document.New("containerDefinitions", document.Items(document.New("name", document.Of("web")),
			document.New("name", document.Of("aide"), "essential", document.Flag(essential), "healthCheck", document.New("retries", document.Int(1)))))
	}
	task := live.Task{ID: "one", Group: "service:web", Definition: revision(2).ARN, Last: "RUNNING", Desired: "RUNNING", Health: "UNKNOWN", Started: noon.Add(-time.Hour)}
	for _, essential := range []bool{true, false} {
		s.Running.Spec = spec(essential)
		if waits := s.unwell(task) != (lack{}); waits != essential {
			t.Errorf("essential %v: waits %v", essential, waits)
		}
	}
}

func TestATagOfARollbackThatWasOvertakenDoesNotWaitForEver(t *testing.T) {
	s := begunService("")
	s.Run, s.Order.Goal = Run{Began: noon}, Back
	s.Running, s.Found.Services[0].Definition = revision(1), revision(1).ARN
	s.Found.Services[0].Tags[TagRollback] = revision(1).ARN
	s.Found.Deployments = []live.Deployment{
		{ARN: "later", Service: "web", Definition: revision(2).ARN, Status: "ROLLBACK_SUCCESSFUL", Created: noon.Add(-time.Minute)},
		{ARN: "old", Service: "web", Definition: revision(1).ARN, Status: "SUCCESSFUL", Created: noon.Add(-time.Hour)},
	}
	if d := Decide(s); d.Outcome != Running || len(d.Actions) > 0 {
		t.Errorf("AWS may not list it yet: %+v", d)
	}
	s.At = noon.Add(listing + time.Second)
	if d := Decide(s); d.Code != "DEP204" {
		t.Errorf("%+v", d)
	}
}

func TestADeploymentThatIsDoneBeforeItCouldBeStoppedIsNotCancelled(t *testing.T) {
	s := begunService("SUCCESSFUL")
	s.Run, s.Order.Goal = Run{Began: noon, Acted: true}, Cancel
	s.Found.Services[0].Tags[TagRollback] = "new"
	if d := Decide(s); d.Outcome != Failed || d.Fix == "" {
		t.Errorf("%+v", d)
	}
	s.Run.Acted = false
	if d := Decide(s); d.Outcome != Unchanged {
		t.Errorf("%+v", d)
	}
}
