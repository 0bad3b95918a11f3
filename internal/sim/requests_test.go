package sim_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"berth/internal/sim"
	"berth/internal/sim/scenario"
	"berth/internal/sim/world"
)

// balanced puts a service with one healthy target behind a load balancer, and lets its traffic begin.
func balanced(s *sim.Sim) {
	s.With(func(w *world.World) {
		r := w.Region("eu-west-1")
		r.EC2.Instances.Put("i-1", &world.Instance{ID: "i-1", State: world.InstanceRunning, Zone: "eu-west-1a"})
		b := &r.Balancing
		b.LoadBalancers.Put("lb", &world.LoadBalancer{
			ARN: "lb", Name: "public", Type: "application", State: world.BalancerActive, Zones: []world.BalancerZone{{Zone: "eu-west-1a"}},
		})
		b.Listeners.Put("listener", &world.Listener{ARN: "listener", LoadBalancer: "lb", Port: 80, DefaultRule: "rule"})
		b.Rules.Put("rule", &world.ListenerRule{
			ARN: "rule", Listener: "listener", Default: true,
			Actions: []world.RuleAction{{Type: "forward", Groups: []world.WeightedARN{{ARN: "group", Weight: 1}}}},
		})
		g := &world.TargetGroup{ARN: "group", Name: "web", Protocol: "HTTP", Port: 80, TargetType: "instance", LoadBalancer: "lb"}
		g.Targets.Put("i-1:80", &world.Target{ID: "i-1", Port: 80, Probe: world.Probe{State: world.ProbeHealthy}})
		b.TargetGroups.Put("group", g)
		b.Answers.Put("i-1:80", &world.Answer{})
		k := &world.Cluster{Name: "shop", Status: "ACTIVE"}
		k.Services.Put("web", &world.Service{Name: "web", Status: "ACTIVE", Balancers: []world.ServiceBalancer{{Group: "group"}}})
		r.ECS.Clusters.Put("shop", k)
		w.Schedule(0, world.Event{Kind: "ecs.deployment-completed", Region: r.Name, ID: "shop", Arg: "web"})
	})
}

func sleep(t *testing.T, s *sim.Sim, d time.Duration) {
	t.Helper()
	if err := s.Sleep(ctx(), d); err != nil {
		t.Fatal(err)
	}
}

func TestFiguresTellWhatBecameOfRequests(t *testing.T) {
	s, _ := embedded(1)
	balanced(s)
	play(t, s, "at 10s offer 100 requests per second to web")
	sleep(t, s, 20*time.Second)
	state := must[[]byte](t)(s.Save())
	for range 2 {
		got := s.Figures().Requests
		if len(got) != 1 || got[0].Offered != 1100 || got[0].Failed != 1100-got[0].Served-got[0].InFlight || got[0].Rate != 100 ||
			got[0].Service != "shop/web" || got[0].Balancer != "public" {
			t.Errorf("%+v", got)
		}
		if err := s.Load(state); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFiguresTellWhyRequestsFailed(t *testing.T) {
	s, _ := embedded(1)
	balanced(s)
	sleep(t, s, 10*time.Second)
	s.With(func(w *world.World) {
		w.Region("eu-west-1").Balancing.Answers.Delete("i-1:80")
		w.Schedule(0, world.Event{Kind: "elb.routes-changed", Region: "eu-west-1", ID: "group"})
	})
	sleep(t, s, 10*time.Second)
	text := string(must[[]byte](t)(json.Marshal(s.Figures().Requests)))
	for _, want := range []string{
		`"offered":200,"served":99,"in_flight":0,"failed":101,"reasons":[{"reason":"refused","count":100},{"reason":"cut","count":1}]`,
		`"first_failure":"2026-11-02T09:00:10Z","last_failure":"2026-11-02T09:00:20Z"`,
		`"failures":[{"reason":"cut","count":1,"from":"2026-11-02T09:00:10Z","to":"2026-11-02T09:00:10Z","target":"i-1:80"},{"reason":"refused","count":100`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s has no %s", text, want)
		}
	}
}

func TestPromisesAboutRequestsCountFromWhenTheyAreMade(t *testing.T) {
	s, _ := embedded(1)
	balanced(s)
	play(t, s, "assert no request fails\nassert no request fails of public\nassert fewer than 102 requests fail of web\nassert fewer than 101 requests fail")
	sleep(t, s, 10*time.Second)
	for _, p := range s.Figures().Promises {
		if p.Broken != "" {
			t.Errorf("%s: %s", p.Text, p.Broken)
		}
	}
	s.With(func(w *world.World) {
		w.Region("eu-west-1").Balancing.Answers.Delete("i-1:80")
		w.Schedule(0, world.Event{Kind: "elb.routes-changed", Region: "eu-west-1", ID: "group"})
	})
	sleep(t, s, 10*time.Second)
	var broken []string
	for _, p := range s.Figures().Promises {
		broken = append(broken, p.Broken)
	}
	if got := strings.Join(broken, ", "); got != "1 failed, 1 failed, , 101 failed" {
		t.Errorf("broken: %s", got)
	}
	play(t, s, "offer 0 requests per second to public\nassert no request fails")
	sleep(t, s, time.Hour)
	if p := s.Figures().Promises; p[2].Broken != "" || p[4].Broken != "" {
		t.Errorf("nothing is offered any more, and %+v, %+v", p[2], p[4])
	}
}

func TestPromiseAboutNobodysRequestsIsRefused(t *testing.T) {
	s, _ := embedded(1)
	steps := must[[]scenario.Step](t)(scenario.File("play", "assert no request fails of nobody"))
	if err := s.Play("eu-west-1", steps); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("%v", err)
	}
}

func TestCountsSaySinceWhen(t *testing.T) {
	figures := func(offered, served, refused, cut int64) sim.Figures {
		return sim.Figures{Requests: []sim.Requests{
			{Offered: offered, Served: served, Reasons: []sim.FailedFor{{"refused", refused}, {"cut", cut}}},
			{Offered: 5, Served: 5, Reasons: []sim.FailedFor{{"no_target", 2}, {"cut", 1}}},
		}}
	}
	before := figures(100, 90, 6, 4)
	for _, one := range []struct {
		after sim.Figures
		want  string
	}{
		{before, "0 requests served, 0 failed"},
		{figures(150, 140, 6, 4), "50 requests served, 0 failed"},
		{figures(150, 130, 16, 4), "40 requests served, 10 failed (10 refused)"},
		{figures(150, 100, 16, 34), "10 requests served, 40 failed (10 refused, 30 cut)"},
	} {
		if got := one.after.Count().Since(before.Count()).String(); got != one.want {
			t.Errorf("%q, want %q", got, one.want)
		}
	}
	if got := before.Count().String(); got != "95 requests served, 13 failed (6 refused, 5 cut, 2 no target)" {
		t.Errorf("%q", got)
	}
}
