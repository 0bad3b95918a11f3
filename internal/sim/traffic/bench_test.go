package traffic

import (
	"fmt"
	"testing"
	"time"

	"berth/internal/sim/world"
)

// crowd is a world with a thousand services of three healthy tasks, each with a rule and a target group of its own.
func crowd() *world.World {
	w := world.New(1)
	r := w.Region("eu-west-1")
	w.Attach(Handlers(), nil)
	b := &r.Balancing
	b.LoadBalancers.Put("lb", &world.LoadBalancer{
		ARN: "lb", Name: "public", Type: "application", State: world.BalancerActive, Zones: []world.BalancerZone{{Zone: "eu-west-1a"}},
	})
	b.Listeners.Put("listener", &world.Listener{ARN: "listener", LoadBalancer: "lb", Port: 80})
	k := &world.Cluster{Name: shop}
	r.ECS.Clusters.Put(shop, k)
	for n := range 1000 {
		name := fmt.Sprint("s", n)
		g := &world.TargetGroup{ARN: "group-" + name, Protocol: "HTTP", LoadBalancer: "lb"}
		for i := range 3 {
			id := fmt.Sprintf("i-%d", i)
			key := fmt.Sprintf("%s:%d", id, 10000+n)
			r.EC2.Instances.Put(id, &world.Instance{ID: id, Zone: "eu-west-1a", State: world.InstanceRunning})
			g.Targets.Put(key, &world.Target{ID: id, Port: int32(10000 + n), Probe: world.Probe{State: world.ProbeHealthy}})
			b.Answers.Put(key, &world.Answer{})
		}
		b.TargetGroups.Put(g.ARN, g)
		b.Rules.Put("rule-"+name, &world.ListenerRule{
			ARN: "rule-" + name, Listener: "listener", Priority: int32(n + 1),
			Actions: []world.RuleAction{{Type: "forward", Groups: []world.WeightedARN{{ARN: g.ARN, Weight: 1}}}},
		})
		k.Services.Put(name, &world.Service{Name: name, Status: "ACTIVE", Balancers: []world.ServiceBalancer{{Group: g.ARN}}})
		w.Schedule(0, world.Event{Kind: deploymentCompleted, Region: r.Name, ID: shop, Arg: name})
	}
	w.Settle()
	return w
}

func BenchmarkThousandServicesBegin(b *testing.B) {
	for b.Loop() {
		crowd()
	}
}

func BenchmarkOneTargetOfAThousandServicesChanges(b *testing.B) {
	w := crowd()
	r := w.Region("eu-west-1")
	n := 0
	for b.Loop() {
		g, _ := r.Balancing.TargetGroups.Get(fmt.Sprint("group-s", n%1000))
		for t := range g.Targets.Rows() {
			t.Probe.State = map[string]string{world.ProbeHealthy: world.ProbeUnhealthy, world.ProbeUnhealthy: world.ProbeHealthy}[t.Probe.State]
			break
		}
		onRoutes(w, world.Event{Region: r.Name, ID: g.ARN})
		w.Advance(time.Second)
		n++
	}
}

func BenchmarkFiguresOfAThousandServices(b *testing.B) {
	w := crowd()
	w.Advance(time.Hour)
	for b.Loop() {
		if Figures(w)[999].Offered != 36000 {
			b.Fatal("wrong")
		}
	}
}

func BenchmarkPromiseOverAThousandServices(b *testing.B) {
	w := crowd()
	w.Advance(time.Hour)
	for b.Loop() {
		if n, err := Failed(w, w.Region("eu-west-1"), ""); n != 0 || err != nil {
			b.Fatal(n, err)
		}
	}
}
