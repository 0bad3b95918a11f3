package sim_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ec2/outage"
	"berth/internal/sim/world"
)

// seeds is how many histories are played, and firstSeed the first one's seed.
var (
	seeds     = flag.Int("seeds", 5, "how many seeds to play")
	firstSeed = flag.Uint64("seed", 1, "the first seed")
)

// steps is how many things happen in half of a history.
const steps = 25

// Every seed is played twice, and its second half once more from the saved world: traces and worlds are the same, to the
// byte, and the laws hold after every event. Left alone, the world comes to rest.
func TestSafetyTheSameSeedIsTheSameWorldAndLawsHold(t *testing.T) {
	for seed := *firstSeed; seed < *firstSeed+uint64(*seeds); seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("replay: go test ./internal/sim -run TestSafetyTheSameSeed -seeds 1 -seed %d", seed)
				}
			})
			one, other := tell(t, seed), tell(t, seed)
			same(t, "the trace of the first half", one.first, other.first)
			same(t, "the world in the middle", one.middle, other.middle)
			same(t, "the trace of the second half", one.second, other.second)
			same(t, "the world at the end", one.end, other.end)
			w, err := world.Load(one.middle)
			if err != nil {
				t.Fatal(err)
			}
			h, trace := enter(t, w)
			h.finish()
			same(t, "the trace after saving and loading", one.second, textOf(t, trace))
			same(t, "the world after saving and loading", one.end, h.save())
		})
	}
}

// tale is what is left of a history.
type tale struct{ first, middle, second, end []byte }

func tell(t *testing.T, seed uint64) tale {
	t.Helper()
	h, trace := enter(t, world.New(seed))
	h.build()
	h.live(steps)
	middle, first := h.save(), textOf(t, trace)
	h.finish()
	h.lawful()
	return tale{first, middle, textOf(t, trace)[len(first):], h.save()}
}

// finish plays the second half, heals everything, and leaves the world alone for two days.
func (h *history) finish() {
	h.t.Helper()
	h.live(steps)
	h.heal()
	h.wait(2 * time.Hour)
	h.served()
	h.wait(46 * time.Hour)
	h.rests()
}

// sick is what has to be mended, by id and name.
type sick struct {
	services, jobs, protected []string
	states                    map[string]ecstypes.ContainerInstanceStatus // of container instances that are to change
}

func (x *sick) look(r *world.Region) {
	k, _ := r.ECS.Clusters.Get("shop")
	for s := range k.Services.Rows() {
		if s.Status == "ACTIVE" {
			x.services = append(x.services, s.Name)
		}
	}
	for t := range k.Tasks.Rows() {
		if t.Service == "" && t.Desired == "RUNNING" {
			x.jobs = append(x.jobs, t.ID)
		} else if !t.ProtectedUntil.IsZero() && t.Status == "RUNNING" {
			x.protected = append(x.protected, t.ID)
		}
	}
	g, _ := r.AutoScaling.Groups.Get("web")
	for i := range k.Instances.Rows() {
		m, ok := g.Members.Get(i.EC2ID)
		switch {
		case !ok || i.Status == "INACTIVE":
		case m.State == "InService" && i.Status == "DRAINING":
			x.states[i.ID] = ecstypes.ContainerInstanceStatusActive
		case m.State != "InService": // or it would wait two days for its tasks
			x.states[i.ID] = ecstypes.ContainerInstanceStatusDraining
		}
	}
}

// heal ends all outages, gives every service a program that works, and the group room for it.
func (h *history) heal() {
	h.t.Helper()
	x := sick{states: map[string]ecstypes.ContainerInstanceStatus{}}
	h.region(func(w *world.World, r *world.Region) {
		w.Troubles = nil
		r.ECS.Unpullable = world.Table[world.Outage]{}
		for id := range r.EC2.Outages.All() {
			outage.End(w, r, id)
		}
		x.look(r)
	})
	must[*autoscaling.UpdateAutoScalingGroupOutput](h.t)(h.c.asg.UpdateAutoScalingGroup(ctx(), &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(3), MaxSize: aws.Int32(6),
	}))
	for _, id := range x.jobs {
		_, _ = h.c.ecs.StopTask(ctx(), &ecs.StopTaskInput{Cluster: shop, Task: &id})
	}
	for _, id := range x.protected {
		_, _ = h.c.ecs.UpdateTaskProtection(ctx(), &ecs.UpdateTaskProtectionInput{Cluster: shop, Tasks: []string{id}})
	}
	for _, name := range x.services {
		h.mend(name)
	}
	for _, id := range slices.Sorted(maps.Keys(x.states)) {
		_, _ = h.c.ecs.UpdateContainerInstancesState(ctx(), &ecs.UpdateContainerInstancesStateInput{
			Cluster: shop, ContainerInstances: []string{id}, Status: x.states[id],
		})
	}
}

// mend gives a service a program that works.
func (h *history) mend(name string) {
	h.t.Helper()
	family, daemon := "", false
	h.region(func(_ *world.World, r *world.Region) {
		k, _ := r.ECS.Clusters.Get("shop")
		s, _ := k.Services.Get(name)
		family, _, _ = strings.Cut(s.Definition, ":")
		daemon = s.Daemon
	})
	h.wait(time.Second) // the calls may be too many for the budget
	h.register(family, aws.String("berth.sim/web"))
	in := &ecs.UpdateServiceInput{Cluster: shop, Service: &name, TaskDefinition: &family, PlacementConstraints: []ecstypes.PlacementConstraint{}}
	if !daemon {
		in.DesiredCount = aws.Int32(1)
		in.DeploymentConfiguration = &ecstypes.DeploymentConfiguration{
			MinimumHealthyPercent: aws.Int32(0), MaximumPercent: aws.Int32(200),
			DeploymentCircuitBreaker: &ecstypes.DeploymentCircuitBreaker{},
		}
	}
	must[*ecs.UpdateServiceOutput](h.t)(h.c.ecs.UpdateService(ctx(), in))
}

// served checks that every service has what it is to have.
func (h *history) served() {
	h.t.Helper()
	bad := false
	h.region(func(_ *world.World, r *world.Region) {
		k, _ := r.ECS.Clusters.Get("shop")
		for s := range k.Services.Rows() {
			if s.Status == "ACTIVE" && !s.Steady {
				bad = true
				n := len(s.Events)
				h.t.Errorf("%s is not steady after two hours, %d tasks of %d, %d deployments: %+v", s.Name, len(s.Tasks), s.Desired, len(s.Deployments), s.Events[max(n-4, 0):])
			}
		}
	})
	if bad {
		h.lawful()
		h.t.FailNow()
	}
}

// rests checks that nothing but expiries waits to happen.
func (h *history) rests() {
	h.t.Helper()
	h.region(func(w *world.World, r *world.Region) {
		for _, e := range w.Queue.Events {
			if !strings.Contains(string(e.Kind), "forgotten") && !strings.Contains(string(e.Kind), "expire") {
				h.t.Errorf("%s of %s %s happens at %s although all is at rest", e.Kind, e.ID, e.Arg, e.At)
			}
		}
	})
}

func (h *history) lawful() {
	h.t.Helper()
	for _, b := range h.laws.broken {
		h.t.Error(b)
	}
}

func same(t *testing.T, what string, one, other []byte) {
	t.Helper()
	if bytes.Equal(one, other) {
		return
	}
	at := 0
	for at < min(len(one), len(other)) && one[at] == other[at] {
		at++
	}
	cut := func(b []byte) []byte { return b[max(at-300, 0):min(at+200, len(b))] }
	t.Errorf("%s differs:\n%s\n\n%s", what, cut(one), cut(other))
}
