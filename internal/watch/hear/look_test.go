package hear

import (
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/diagnose/reason"
	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/watch"
)

func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// web is a service that is well: two of two tasks, its deployment done.
func web() live.Service {
	return live.Service{
		Name: "web", Status: "ACTIVE", Desired: 2, Running: 2,
		Revisions: []live.RevisionRunning{{ID: "ecs-svc/1", Status: "PRIMARY", Rollout: "COMPLETED", Desired: 2, Running: 2}},
	}
}

func machine() live.Instance {
	return live.Instance{ID: "i-00000001", ARN: "arn:aws:ecs:eu-west-1:123456789012:container-instance/shop/c1", Status: "ACTIVE", Connected: true, Zone: "eu-west-1a", Group: "g"}
}

// of are the signals about a member in few words.
func of(signals []watch.Signal, member string) string {
	var words []string
	for _, s := range signals {
		switch {
		case nameOf(s.Member) != member:
		case s.Well && s.Cause.Family == "":
			words = append(words, "well")
		case s.Well:
			words = append(words, "well:"+s.Cause.Family)
		default:
			words = append(words, s.Code+"/"+s.Hold.String())
		}
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// TestAServiceThatIsAtWorkIsNotInTrouble: deployments, scaling and stopping are normal, and lasting lacks are not.
func TestAServiceThatIsAtWorkIsNotInTrouble(t *testing.T) {
	percent := func(n int) document.Value {
		return document.New("deploymentConfiguration", document.New("minimumHealthyPercent", document.Int(n)))
	}
	for name, one := range map[string]struct {
		change func(*live.Service)
		want   string
	}{
		"it runs what it should":   {func(*live.Service) {}, "well"},
		"nothing is wanted":        {func(s *live.Service) { s.Desired, s.Running, s.Revisions = 0, 0, nil }, "well"},
		"too many run for a while": {func(s *live.Service) { s.Running = 3 }, "well"},
		"it is being deleted":      {func(s *live.Service) { s.Status, s.Running = "DRAINING", 0 }, "well"},
		"a deployment within its bounds": {func(s *live.Service) {
			s.Spec, s.Running = percent(50), 1
			s.Revisions[0].Rollout, s.Revisions[0].Running = "IN_PROGRESS", 0
		}, "well:there"},
		"a deployment below its bounds": {func(s *live.Service) {
			s.Running = 1
			s.Revisions[0].Rollout = "IN_PROGRESS"
		}, "WHY999/5m0s well:there"},
		"a deployment that has all but a steady state": {func(s *live.Service) { s.Revisions[0].Rollout = "IN_PROGRESS" }, "well"},
		"a deployment whose tasks fail": {func(s *live.Service) {
			s.Revisions[0].Rollout, s.Revisions[0].Failed = "IN_PROGRESS", 2
		}, "well:there"},
		"one is missing":                {func(s *live.Service) { s.Running = 1 }, "WHY999/5m0s well:there"},
		"one is missing and on its way": {func(s *live.Service) { s.Running, s.Pending = 1, 1 }, "WHY999/15m0s well:there"},
		"a deployment that failed and stays": {func(s *live.Service) {
			s.Revisions[0].Rollout = "FAILED"
		}, "well:there"},
	} {
		s := web()
		one.change(&s)
		if got := of(Capture(live.Capture{At: noon(), Services: []live.Service{s}}, Facts{}), "web"); got != one.want {
			t.Errorf("%s: %s, want %s", name, got, one.want)
		}
	}
}

// TestATaskThatEndedLatelyIsNotWellYet: where there is no queue a look is all that tells of it.
func TestATaskThatEndedLatelyIsNotWellYet(t *testing.T) {
	task := live.Task{
		ID: "t1", ARN: "arn:aws:ecs:eu-west-1:123456789012:task/shop/t1", Group: "service:web", Last: "STOPPED", Desired: "STOPPED", StopCode: "EssentialContainerExited",
		Reason: "Essential container in task exited", Containers: []live.Container{{Name: "web", Exit: new(1)}},
	}
	for ago, want := range map[time.Duration]string{
		30 * time.Second: "WHY201/0s well:there",
		10 * time.Minute: "WHY201/0s well",
		2 * time.Hour:    "well",
	} {
		task.Stopped = noon().Add(-ago)
		c := live.Capture{At: noon(), Services: []live.Service{web()}, Tasks: []live.Task{task}}
		if got := of(Capture(c, Facts{}), "web"); got != want {
			t.Errorf("%s ago: %s, want %s", ago, got, want)
		}
	}
	task.Stopped = noon().Add(-10 * time.Minute)
	c := live.Capture{At: noon(), Services: []live.Service{web()}, Tasks: []live.Task{task}}
	if got := of(Capture(c, Facts{Since: noon().Add(-time.Minute)}), "web"); got != "well" {
		t.Errorf("what the look before told: %s", got)
	}
}

func TestInstancesAndGroupsSayHowTheyAre(t *testing.T) {
	running := live.Task{ID: "t1", Group: "service:web", Last: "RUNNING", Desired: "RUNNING", Instance: machine().ARN}
	group := live.Group{Name: "g", Desired: 1, Instances: 1, Max: 2}
	for name, one := range map[string]struct {
		change     func(*live.Instance, *live.Group, *live.Capture)
		host, pool string
	}{
		"all is well": {func(*live.Instance, *live.Group, *live.Capture) {}, "well:drain well:host", "well:age well:host well:launch well:there"},
		"no agent":    {func(i *live.Instance, _ *live.Group, _ *live.Capture) { i.Connected = false }, "WHY601/3m0s", "well:age well:host well:launch well:there"},
		"a drain that is done": {func(i *live.Instance, _ *live.Group, _ *live.Capture) {
			i.Status = "DRAINING"
		}, "well:drain well:host", "well:age well:host well:launch well:there"},
		"a drain that goes on": {func(i *live.Instance, _ *live.Group, c *live.Capture) {
			i.Status, i.Running, c.Tasks = "DRAINING", 1, []live.Task{running}
		}, "WHY999/30m0s well:host", "well:age well:host well:launch well:there"},
		"a drain with nothing but a daemon": {func(i *live.Instance, _ *live.Group, c *live.Capture) {
			i.Status, i.Running, c.Tasks, c.Services[0].Daemon = "DRAINING", 1, []live.Task{running}, true
		}, "well:drain well:host", "well:age well:host well:launch well:there"},
		"a drain that cannot end": {func(i *live.Instance, _ *live.Group, c *live.Capture) {
			protected := running
			protected.Protected = noon().Add(time.Hour)
			i.Status, i.Running, c.Tasks = "DRAINING", 1, []live.Task{protected}
		}, "WHY605/5m0s well:host", "well:age well:host well:launch well:there"},
		"one that is being registered": {func(i *live.Instance, _ *live.Group, _ *live.Capture) {
			i.Status = "REGISTERING"
		}, "well:there", "well:age well:host well:launch well:there"},
		"one that has not joined, by its id": {func(i *live.Instance, _ *live.Group, _ *live.Capture) {
			i.ARN, i.Status = "", "InService"
		}, "WHY610/10m0s", "well:age well:host well:launch well:there"},
		"a group with an instance that is none of the cluster": {func(_ *live.Instance, g *live.Group, _ *live.Capture) {
			g.Desired, g.Instances = 2, 2
		}, "well:drain well:host", "WHY610/10m0s well:age well:launch well:there"},
		"a group that grows": {func(_ *live.Instance, g *live.Group, _ *live.Capture) {
			g.Desired = 2
		}, "well:drain well:host", "well:age well:host well:there"},
		"a group that cannot": {func(_ *live.Instance, g *live.Group, _ *live.Capture) {
			g.Desired, g.Failures = 2, []live.Event{{At: noon().Add(-time.Minute), Text: "You have requested more vCPU capacity than your current vCPU limit"}}
		}, "well:drain well:host", "WHY603/0s well:age well:host well:there"},
	} {
		i, g := machine(), group
		c := live.Capture{At: noon(), Services: []live.Service{web()}}
		one.change(&i, &g, &c)
		c.Instances, c.Groups = []live.Instance{i}, []live.Group{g}
		got := Capture(c, Facts{})
		if host, pool := of(got, i.ID), of(got, "g"); host != one.host || pool != one.pool {
			t.Errorf("%s: instance %s, want %s; group %s, want %s", name, host, one.host, pool, one.pool)
		}
	}
}

func TestReceiversAndImagesAreTold(t *testing.T) {
	c := live.Capture{At: noon(), Groups: []live.Group{{Name: "g"}}}
	f := Facts{Unconfirmed: []string{"ops"}, Absent: []string{"night"}, EndOfLife: []Image{
		{Group: "g", AMI: "ami-1", Family: "al2", Since: noon().AddDate(0, 0, -3)}, {Group: "h", AMI: "ami-2", Since: noon().AddDate(0, 0, 9)}, {Group: "k", AMI: "ami-3", Gone: true},
	}}
	got := spelled(Capture(c, f))
	for _, want := range []string{
		"bad (a state): alert/ops of alert/alert/ops", "bad (a state): alert/night of alert/alert/night", "bad (a state): group/g of age/group/g", "AMI504 warning", "deprecated since 2026-02-26",
		"will be deprecated on 2026-03-10", "AMI504 error", "not there any more",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	if strings.Contains(got, "well (a state): group/g of age") {
		t.Errorf("an image at its end is well:\n%s", got)
	}
}

// members are the names of all that is in a capture.
func members(c live.Capture) []string {
	var names []string
	for _, s := range c.Services {
		names = append(names, "service/"+s.Name)
	}
	for _, i := range c.Instances {
		names = append(names, "instance/"+i.ID)
	}
	for _, g := range c.Groups {
		names = append(names, "group/"+g.Name)
	}
	return names
}

// lacks tells what a signal of a look should have, or should not; empty: it is as it should be.
func lacks(s watch.Signal) string {
	switch {
	case s.Member == "":
		return "no member"
	case !s.Well && s.Text == "":
		return "no text"
	case s.Level && s.ID != "":
		return "a state has no id"
	}
	return ""
}

// TestWhoeverIsThereHasASignal: what a look does not name is taken for gone. And nobody is well and in lasting trouble at once.
func TestWhoeverIsThereHasASignal(t *testing.T) {
	for name, c := range captured(t) {
		named, well, bad := map[string]bool{}, map[string]bool{}, map[string]bool{}
		for _, s := range Capture(c, Facts{}) {
			named[s.Member] = true
			well[s.Member] = well[s.Member] || s.Well && s.Cause.Family == ""
			bad[s.Member] = bad[s.Member] || s.Level && !s.Well
			if what := lacks(s); what != "" {
				t.Errorf("%s: %s: %+v", name, what, s)
			}
		}
		for _, member := range members(c) {
			if !named[member] || well[member] && bad[member] {
				t.Errorf("%s: %s is named: %v, well: %v, in trouble: %v", name, member, named[member], well[member], bad[member])
			}
		}
	}
}

// TestEveryCodeOfALookIsHeard: each case of package diagnose brings a signal with its code, but for what somebody did on purpose.
func TestEveryCodeOfALookIsHeard(t *testing.T) {
	purpose := []string{reason.Superseded, reason.Stopped, reason.ByHand}
	for name, c := range captured(t) {
		if len(name) != len("WHY101") || !strings.HasPrefix(name, "WHY") {
			continue
		}
		heard := slices.ContainsFunc(Capture(c, Facts{}), func(s watch.Signal) bool { return s.Code == name })
		if heard == slices.Contains(purpose, name) {
			t.Errorf("%s is heard: %v", name, heard)
		}
	}
}

// BenchmarkCapture looks at a thousand services with ten thousand tasks.
func BenchmarkCapture(b *testing.B) {
	c := live.Capture{At: noon()}
	for n := range 1000 {
		s := web()
		s.Name = "web" + string(rune('a'+n%26)) + time.Duration(n).String()
		c.Services = append(c.Services, s)
		for m := range 10 {
			c.Tasks = append(c.Tasks, live.Task{ID: s.Name + time.Duration(m).String(), Group: "service:" + s.Name, Last: "RUNNING", Desired: "RUNNING", Instance: machine().ARN})
		}
	}
	for b.Loop() {
		Capture(c, Facts{})
	}
}
