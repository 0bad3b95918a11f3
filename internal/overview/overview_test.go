package overview

import (
	"slices"
	"testing"

	"berth/internal/diagnose"
	"berth/internal/document"
	"berth/internal/live"
)

func spec(t *testing.T, text string) document.Value {
	t.Helper()
	v, err := document.Parse("x.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// two is a service of two tasks behind a target group and a classic load balancer, on two instances in two zones.
func two(t *testing.T) live.Capture {
	task := func(id, instance string, port int) live.Task {
		return live.Task{
			ID: id, Group: "service:web", Definition: "arn:d/web:2", Instance: "arn:" + instance, Last: "RUNNING", Desired: "RUNNING", Health: "UNKNOWN",
			Containers: []live.Container{{Name: "web", Ports: []live.Port{{Container: 80, Host: port}}}},
		}
	}
	host := func(id, zone string) live.Instance {
		return live.Instance{ID: id, ARN: "arn:" + id, Zone: zone, Status: "ACTIVE", Connected: true, Attributes: map[string]string{"com.amazonaws.ecs.capability.docker-remote-api.1.18": "", "ecs.availability-zone": zone}, Total: live.Room{CPU: 1024, Memory: 1024}, Free: live.Room{CPU: 512, Memory: 512}}
	}
	return live.Capture{
		Services: []live.Service{{
			Name: "web", Desired: 2, Running: 2, Definition: "arn:d/web:2", Revisions: []live.RevisionRunning{{ID: "ecs-svc/1", Definition: "arn:d/web:2", Rollout: "COMPLETED"}},
			Spec: spec(t, `{"loadBalancers":[{"targetGroupArn":"arn:x:targetgroup/tg/1","containerName":"web","containerPort":80},{"loadBalancerName":"old","containerName":"web","containerPort":80}]}`),
		}},
		Tasks:     []live.Task{task("1", "i-1", 32768), task("2", "i-2", 32769), {ID: "3", Group: "service:web", Last: "STOPPED", Desired: "STOPPED"}},
		Instances: []live.Instance{host("i-1", "a"), host("i-2", "b")},
		Targets: []live.Target{
			{Group: "arn:x:targetgroup/tg/1", ID: "i-1", Port: 32768, State: "healthy"},
			{Group: "arn:x:targetgroup/tg/1", ID: "i-2", Port: 32769, State: "healthy"},
			{Group: "old", ID: "i-1", State: "healthy"},
			{Group: "old", ID: "i-2", State: "healthy"},
		},
		Definitions: []live.Definition{{ARN: "arn:d/web:2", Spec: spec(t, `{"containerDefinitions":[{"name":"web","cpu":256,"memory":256}]}`)}},
		Checks:      []live.Check{{Group: "arn:x:targetgroup/tg/1", Balancer: "public"}},
	}
}

func TestATaskIsHealthyOnlyWhereEverythingThatChecksItSaysSo(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*live.Capture)
		want   int
		by     string
	}{
		"all are":                               {func(*live.Capture) {}, 2, ByTargets},
		"one target group says no":              {func(c *live.Capture) { c.Targets[0].State = "unhealthy" }, 1, ByTargets},
		"a target of another port":              {func(c *live.Capture) { c.Targets[0].Port = 32770 }, 1, ByTargets},
		"a classic load balancer says no":       {func(c *live.Capture) { c.Targets[3].State = "unhealthy" }, 1, ByTargets},
		"one is not registered":                 {func(c *live.Capture) { c.Targets = c.Targets[:3] }, 1, ByTargets},
		"a container says no":                   {func(c *live.Capture) { c.Tasks[0].Health = "UNHEALTHY"; c.Tasks[1].Health = "HEALTHY" }, 1, ByTargets},
		"a container has not said anything yet": {func(c *live.Capture) { c.Tasks[0].Health = "HEALTHY" }, 1, ByTargets},
		"a check that the definition names": {func(c *live.Capture) {
			c.Definitions[0].Spec = spec(t, `{"containerDefinitions":[{"healthCheck":{"command":["x"]}}]}`)
		}, 0, ByTargets},
		"nothing checks":  {func(c *live.Capture) { c.Services[0].Spec = document.Value{} }, 2, ByTasks},
		"containers only": {func(c *live.Capture) { c.Services[0].Spec = document.Value{}; c.Tasks[0].Health = "HEALTHY" }, 1, ByContainers},
		"one still comes": {func(c *live.Capture) { c.Tasks[1].Last = "PENDING" }, 1, ByTargets},
	} {
		t.Run(name, func(t *testing.T) {
			given := two(t)
			c.change(&given)
			got := Of(given, nil, nil)[0]
			if got.Healthy != c.want || got.By != c.by {
				t.Errorf("%d healthy by %s, want %d by %s", got.Healthy, got.By, c.want, c.by)
			}
		})
	}
}

func TestAServiceIsShownWithItsZonesLossesAndLoadBalancers(t *testing.T) {
	got := Of(two(t), []string{"c", "a"}, nil)[0]
	if want := []Zone{{"a", 1}, {"b", 1}, {"c", 0}}; !slices.Equal(got.Zones, want) {
		t.Errorf("zones %v", got.Zones)
	}
	if want := []Loss{{Zone: "a", Lost: 1, Left: 1, Known: true, Fits: 1}, {Zone: "b", Lost: 1, Left: 1, Known: true, Fits: 1}}; !slices.Equal(got.Loss, want) {
		t.Errorf("losses %+v", got.Loss)
	}
	if !slices.Equal(got.Balancers, []string{"old", "public"}) || got.Deployment.Revision != "web:2" || got.Trouble != nil {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsNotKnownOfALossIsNotGuessed(t *testing.T) {
	for name, change := range map[string]func(*live.Capture){
		"no definition": func(c *live.Capture) { c.Definitions = nil },
		"interfaces of its own": func(c *live.Capture) {
			c.Definitions[0].Spec = spec(t, `{"networkMode":"awsvpc","containerDefinitions":[{"name":"web"}]}`)
		},
	} {
		c := two(t)
		change(&c)
		for _, l := range Of(c, nil, nil)[0].Loss {
			if l.Known || l.Fits+l.Comes > 0 || l.Lost != 1 || l.Left != 1 {
				t.Errorf("%s: %+v", name, l)
			}
		}
	}
}

func TestTroubleIsTheFirstDiagnosisElseWhatTheCountsTell(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*live.Service)
		found  []diagnose.Diagnosis
		want   Trouble
	}{
		"a diagnosis":             {func(*live.Service) {}, []diagnose.Diagnosis{{Code: "WHY1", Subject: "api"}, {Code: "WHY2", Subject: "web", Text: "x"}, {Code: "WHY3", Subject: "web"}}, Trouble{"WHY2", "x"}},
		"too few":                 {func(s *live.Service) { s.Desired = 3 }, nil, Trouble{"", "2 of 3 tasks run"}},
		"a failed deployment":     {func(s *live.Service) { s.Revisions[0].Rollout = "FAILED" }, nil, Trouble{"", "the deployment of web:2 failed"}},
		"failures under way":      {func(s *live.Service) { s.Revisions[0].Rollout, s.Revisions[0].Failed = "IN_PROGRESS", 3 }, nil, Trouble{"", "3 tasks of web:2 failed to start"}},
		"a deployment under way":  {func(s *live.Service) { s.Desired, s.Revisions[0].Rollout = 3, "IN_PROGRESS" }, nil, Trouble{}},
		"nothing":                 {func(*live.Service) {}, nil, Trouble{}},
		"nothing is wanted of it": {func(s *live.Service) { s.Desired = 0 }, nil, Trouble{}},
	} {
		t.Run(name, func(t *testing.T) {
			given := two(t)
			c.change(&given.Services[0])
			got := Of(given, nil, c.found)[0].Trouble
			if got == nil {
				got = &Trouble{}
			}
			if *got != c.want {
				t.Errorf("%+v, want %+v", *got, c.want)
			}
		})
	}
}

func TestDetailOfACaptureWithoutServicesIsNone(t *testing.T) {
	if _, ok := DetailOf(live.Capture{}, nil, nil); ok {
		t.Error("there is one")
	}
	d, ok := DetailOf(two(t), nil, nil)
	if want := []Place{{"a", "i-1", "", 1, 0}, {"b", "i-2", "", 1, 0}}; !ok || !slices.Equal(d.Places, want) {
		t.Errorf("%+v", d.Places)
	}
}
