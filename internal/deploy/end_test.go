package deploy

import (
	"fmt"
	"testing"
	"time"

	"berth/internal/document"
	"berth/internal/live"
)

// followed is a deployment of revision 2 in a state, whose one task runs behind a target group and is healthy there.
func followed(status string) Snapshot {
	s := begunService(status)
	s.Run = Run{Began: noon.Add(-time.Minute), Following: "new", Acted: true}
	sv := &s.Found.Services[0]
	sv.Running, sv.Spec = 1, document.New("desiredCount", document.Int(1), "loadBalancers", document.Items(document.New(
		"targetGroupArn", document.Of("tg"), "containerName", document.Of("web"), "containerPort", document.Int(80))))
	s.Order.Spec = sv.Spec
	s.Found.Instances = []live.Instance{{ID: "i-1", ARN: "host"}}
	s.Found.Targets = []live.Target{{Group: "tg", ID: "i-1", Port: 32000, State: "healthy"}}
	s.Found.Tasks = []live.Task{{
		ID: "one", Group: "service:web", Definition: revision(2).ARN, Last: "RUNNING", Desired: "RUNNING", Instance: "host", Started: noon.Add(-time.Second),
		Containers: []live.Container{{Name: "web", Ports: []live.Port{{Container: 80, Host: 32000}}}},
	}}
	return s
}

func TestASuccessIsBelievedOnlyWhenAllSpeaksForIt(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Snapshot)
		want   Outcome
	}{
		"all is well":                     {func(*Snapshot) {}, Succeeded},
		"another task is being started":   {func(s *Snapshot) { s.Found.Services[0].Pending = 1 }, Running},
		"tasks of another revision run":   {func(s *Snapshot) { s.Found.Services[0].Running = 2 }, Running},
		"the target is being registered":  {func(s *Snapshot) { s.Found.Targets[0].State = "initial" }, Running},
		"the target leaves":               {func(s *Snapshot) { s.Found.Targets[0].State = "draining" }, Running},
		"the target is another port":      {func(s *Snapshot) { s.Found.Targets[0].Port = 32001 }, Running},
		"the port is another container's": {func(s *Snapshot) { s.Found.Tasks[0].Containers[0].Name = "aide" }, Running},
		"the target is the task's address": {func(s *Snapshot) {
			s.Found.Tasks[0].Address, s.Found.Targets[0] = "10.0.0.1", live.Target{Group: "tg", ID: "10.0.0.1", Port: 80, State: "healthy"}
		}, Succeeded},
		"the target is another address":      {func(s *Snapshot) { s.Found.Tasks[0].Address, s.Found.Targets[0].ID = "10.0.0.1", "10.0.0.2" }, Running},
		"the container is unhealthy":         {func(s *Snapshot) { s.Found.Tasks[0].Health = "UNHEALTHY" }, Running},
		"another went back since":            {func(s *Snapshot) { s.later("ROLLBACK_IN_PROGRESS", 2) }, Superseded},
		"another of the same succeeded":      {func(s *Snapshot) { s.later("SUCCESSFUL", 2) }, Succeeded},
		"another revision came since":        {func(s *Snapshot) { s.later("PENDING", 3) }, Superseded},
		"nothing checks it and it has begun": {func(s *Snapshot) { s.unchecked() }, Running},
		"nothing checks it for long":         {func(s *Snapshot) { s.unchecked(); s.Found.Tasks[0].Started = noon.Add(-time.Minute) }, Succeeded},
	} {
		s := followed("SUCCESSFUL")
		c.change(&s)
		if d := Decide(s); d.Outcome != c.want || len(d.Actions) > 0 {
			t.Errorf("%s: %q, %v", name, d.Outcome, d.Why)
		}
	}
}

// later adds a deployment that began since.
func (s *Snapshot) later(status string, n int) {
	s.Found.Deployments = append(s.Found.Deployments, live.Deployment{ARN: "later", Service: "web", Definition: revision(n).ARN, Status: status, Created: noon.Add(time.Second)})
}

// unchecked takes the load balancer away.
func (s *Snapshot) unchecked() {
	s.Found.Services[0].Spec = document.New("desiredCount", document.Int(1))
	s.Order.Spec = s.Found.Services[0].Spec
}

// crash adds tasks of revision 2 that ended by themselves, and lets none run.
func (s *Snapshot) crash(n int, code, reason string) {
	s.Found.Tasks, s.Found.Services[0].Running = nil, 0
	for i := range n {
		s.Found.Tasks = append(s.Found.Tasks, live.Task{
			ID: fmt.Sprint(i), Group: "service:web", Definition: revision(2).ARN, Last: "STOPPED", Desired: "STOPPED", StopCode: code, Reason: reason,
			Started: noon.Add(-50 * time.Second), Stopping: noon.Add(-5 * time.Second),
		})
	}
}

func TestWhatEndsByItselfIsALoopUnlessSomethingWasEverWell(t *testing.T) {
	for name, c := range map[string]struct {
		status, code, reason string
		change               func(*Snapshot)
		want                 Outcome
		fix                  string
	}{
		"targets fail after a success":    {"SUCCESSFUL", "ServiceSchedulerInitiated", "Task failed ELB health checks in (target-group tg)", nil, Failed, "berth rollback web"},
		"the service takes tasks away":    {"SUCCESSFUL", "ServiceSchedulerInitiated", "Scaling activity initiated by deployment", nil, Running, ""},
		"nothing to go back to":           {"SUCCESSFUL", "EssentialContainerExited", "x", func(s *Snapshot) { s.Found.Deployments = s.Found.Deployments[:1] }, Failed, ""},
		"unchecked and long-lived":        {"SUCCESSFUL", "EssentialContainerExited", "x", (*Snapshot).unchecked, Running, ""},
		"under way":                       {"IN_PROGRESS", "EssentialContainerExited", "x", nil, Failed, "berth rollback web"},
		"under way, an alarm goes back":   {"IN_PROGRESS", "EssentialContainerExited", "x", func(s *Snapshot) { s.watch("alarms", true) }, Running, ""},
		"under way, an alarm only stops":  {"IN_PROGRESS", "EssentialContainerExited", "x", func(s *Snapshot) { s.watch("alarms", false) }, Failed, "berth rollback web"},
		"the last one was rolled back":    {"IN_PROGRESS", "EssentialContainerExited", "x", func(s *Snapshot) { s.Found.Deployments[1].Status = "ROLLBACK_SUCCESSFUL" }, Failed, "berth rollback web"},
		"none before it, and of none":     {"IN_PROGRESS", "EssentialContainerExited", "x", func(s *Snapshot) { s.alone(nil) }, Failed, ""},
		"none before it, but it replaced": {"IN_PROGRESS", "EssentialContainerExited", "x", func(s *Snapshot) { s.alone([]string{"x"}) }, Failed, "berth rollback web"},
	} {
		s := followed(c.status)
		s.crash(enough, c.code, c.reason)
		if c.change != nil {
			c.change(&s)
		}
		if d := Decide(s); d.Outcome != c.want || d.Fix != c.fix {
			t.Errorf("%s: %q, %q: %v", name, d.Outcome, d.Fix, d.Why)
		}
	}
	s := followed("SUCCESSFUL")
	well := s.Found.Tasks[0]
	s.crash(enough, "EssentialContainerExited", "x")
	s.Found.Tasks = append(s.Found.Tasks, well)
	s.Found.Services[0].Desired = 2
	if d := Decide(s); d.Outcome != Running {
		t.Errorf("one is well: %q", d.Outcome)
	}
}

func (s *Snapshot) watch(by string, rollback bool) {
	sv := &s.Found.Services[0]
	sv.Spec = sv.Spec.With("deploymentConfiguration", document.New(by, document.New("enable", document.Flag(true), "rollback", document.Flag(rollback))))
}

func (s *Snapshot) alone(sources []string) {
	s.Found.Deployments = s.Found.Deployments[:1]
	s.Found.Deployments[0].Sources = sources
}

func TestWhatCannotBeDoneIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Snapshot)
		want   string
	}{
		"the cluster's own": {func(s *Snapshot) { s.Found.Services[0].Tags[tagKey] = "x" }, "DEP201"},
		"a daemon instead":  {func(s *Snapshot) { s.Order.Spec = s.Order.Spec.With("schedulingStrategy", document.Of("DAEMON")) }, "DEP202"},
		"nothing of it":     {func(*Snapshot) {}, ""},
	} {
		s := followed("SUCCESSFUL")
		s.Run = Run{Began: noon}
		c.change(&s)
		if d := Decide(s); d.Code != c.want {
			t.Errorf("%s: %s, %v", name, d.Code, d.Why)
		}
	}
}

func TestWhatBeginsAnewIsSaidToAWS(t *testing.T) {
	for status, anew := range map[string]bool{"SUCCESSFUL": false, "STOPPED": true, "ROLLBACK_FAILED": true} {
		s := followed(status)
		s.Run = Run{Began: noon}
		d := Decide(s)
		if got := len(d.Actions) == 1 && d.Actions[0].Spec.Get("forceNewDeployment").True(); got != anew {
			t.Errorf("%s: %+v", status, d.Actions)
		}
	}
	s := followed("SUCCESSFUL")
	s.Run = Run{Began: noon}
	s.Order.Spec = s.Order.Spec.With("capacityProviderStrategy", document.Items(document.New("capacityProvider", document.Of("a"), "weight", document.Int(1))))
	if d := Decide(s); len(d.Actions) != 1 || !d.Actions[0].Once {
		t.Errorf("other providers: %+v", d)
	}
	s = followed("SUCCESSFUL")
	s.Run = Run{Began: noon}
	s.Found.Services[0].Tags[TagRollback] = "x"
	if d := Decide(s); len(d.Actions) != 1 || d.Actions[0].Verb != Unlabel {
		t.Errorf("a rollback is over: %+v", d)
	}
	s = followed("ROLLBACK_IN_PROGRESS")
	s.Run = Run{Began: noon}
	if d := Decide(s); d.Run.Following != "new" || len(d.Actions) > 0 {
		t.Errorf("what goes back is followed: %+v", d)
	}
	s = begunService("")
	s.Run.Started, s.At = noon, noon.Add(listing+time.Second)
	if d := Decide(s); d.Outcome != Failed {
		t.Errorf("AWS has begun none: %+v", d)
	}
}

func TestWhereARollbackGoes(t *testing.T) {
	for name, c := range map[string]struct {
		status string
		change func(*Snapshot)
		want   Outcome
		code   string
		does   string
	}{
		"under way, untold":        {"IN_PROGRESS", func(*Snapshot) {}, Running, "", Label},
		"under way, told":          {"IN_PROGRESS", func(s *Snapshot) { s.Found.Services[0].Tags[TagRollback] = "new" }, Running, "", StopDeployment},
		"under way, the first":     {"IN_PROGRESS", func(s *Snapshot) { s.alone(nil) }, Refused, "DEP204", ""},
		"done":                     {"SUCCESSFUL", func(*Snapshot) {}, Running, "", Label},
		"done, told":               {"SUCCESSFUL", func(s *Snapshot) { s.Found.Services[0].Tags[TagRollback] = revision(1).ARN }, Running, "", UpdateService},
		"the former cannot be run": {"SUCCESSFUL", func(s *Snapshot) { s.Found.Definitions = []live.Definition{{ARN: revision(1).ARN, Status: "INACTIVE"}} }, Refused, "DEP204", ""},
		"the former failed":        {"SUCCESSFUL", func(s *Snapshot) { s.Found.Deployments[1].Status = "STOPPED" }, Refused, "DEP204", ""},
		"an earlier run stopped it": {"ROLLBACK_SUCCESSFUL", func(s *Snapshot) {
			s.Found.Services[0].Tags[TagRollback] = "new"
			s.Found.Deployments[0].BackTo, s.Found.Services[0].Definition, s.Found.Tasks[0].Definition = revision(1).ARN, revision(1).ARN, revision(1).ARN
		}, Unchanged, "", ""},
		"it was stopped, and does not serve": {"ROLLBACK_SUCCESSFUL", func(s *Snapshot) {
			s.Found.Services[0].Tags[TagRollback] = "new"
			s.Found.Deployments[0].BackTo, s.Found.Services[0].Definition = revision(1).ARN, revision(1).ARN
		}, Running, "", ""},
	} {
		s := followed(c.status)
		s.Run, s.Order.Goal = Run{Began: noon}, Back
		c.change(&s)
		d, does := Decide(s), ""
		for _, a := range d.Actions {
			does = a.Verb
		}
		if d.Outcome != c.want || d.Code != c.code || does != c.does {
			t.Errorf("%s: %q %s, %s: %v", name, d.Outcome, d.Code, does, d.Why)
		}
	}
	s := followed("IN_PROGRESS")
	s.Run.Interrupted, s.Order.Policy.RollbackOnInterrupt = true, true
	s.alone(nil)
	if d := Decide(s); d.Outcome != Interrupted {
		t.Errorf("the first one cannot go back: %+v", d)
	}
}

func TestTheTableCountsWhatIsHealthy(t *testing.T) {
	s := followed("IN_PROGRESS")
	s.Found.Services[0].Revisions = []live.RevisionRunning{{ID: "r", Definition: revision(2).ARN, Desired: 2, Running: 2}}
	s.Found.Tasks[0].StartedBy = "r"
	sick := s.Found.Tasks[0]
	sick.ID, sick.Health = "two", "UNHEALTHY"
	s.Found.Tasks = append(s.Found.Tasks, sick)
	if got := Table(s); len(got) != 1 || got[0].Healthy != 1 {
		t.Errorf("%+v", got)
	}
	if (Changes{Once: true, NewFamily: true}).Touches() {
		t.Error("a task that runs once only comes beside the others")
	}
}

func TestWhoTakesAServiceBackTakesNothingElseAway(t *testing.T) {
	for _, goal := range []Goal{Forward, Back, Cancel} {
		s := followed("SUCCESSFUL")
		s.Order.Goal = goal
		s.Standing = []Standing{{Kind: needTargetGroup, Name: "former", ARN: "former", Ours: true}}
		if d := Decide(s); len(d.Actions) > 0 != (goal == Forward) {
			t.Errorf("%s: %+v", goal, d.Actions)
		}
	}
}

func TestARollbackThatAWSTakesBackIsNone(t *testing.T) {
	for stopped, want := range map[bool]Outcome{true: Succeeded, false: RolledBack} {
		s := followed("ROLLBACK_SUCCESSFUL")
		s.Order.Goal, s.Run.Stopped = Back, stopped
		if d := Decide(s); d.Outcome != want {
			t.Errorf("this run stopped it: %v, and it is %q: %v", stopped, d.Outcome, d.Why)
		}
	}
}
