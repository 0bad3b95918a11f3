package dst

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/config"
	"berth/internal/sim/world"
)

// elastic is small with room to grow: at least one instance, two at the start, at most five.
const elastic = `
environment        = "acc"
aws_region         = "eu-west-1"
availability_zones = ["eu-west-1a", "eu-west-1b"]
min_size           = 1
desired_capacity   = 2
max_size           = 5
instance_type      = "t3.small"
`

func (r *Rig) pass(d time.Duration) { r.Sim.With(func(w *world.World) { w.Advance(d) }) }

// size is how many instances the default group wants.
func (r *Rig) size() int {
	n := 0
	r.group(func(g *world.ScalingGroup) { n = g.Desired })
	return n
}

// patient carries a configuration out and fails the test when a group's size is set while ECS still updates its provider.
func (r *Rig) patient(t *testing.T, c *config.Config) {
	t.Helper()
	trace := r.Sim.Record()
	r.Hook = func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(q *http.Request) (*http.Response, error) {
			before := len(trace.Entries)
			resp, err := next.RoundTrip(q)
			if slices.ContainsFunc(trace.Entries[before:], func(e world.Entry) bool { return operation(e.Name) == "UpdateAutoScalingGroup" }) {
				r.Sim.With(func(w *world.World) {
					for p := range w.Region("eu-west-1").ECS.Providers.Rows() {
						if p.UpdateStatus == "UPDATE_IN_PROGRESS" {
							t.Errorf("at %s the size is set, and %s is not updated yet", w.Now().Format(time.TimeOnly), p.Name)
						}
					}
				})
			}
			return resp, err
		})
	}
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Hook = nil
}

// ECS developer guide, "Updating managed scaling for Amazon ECS capacity providers".
func TestASizeIsSetWhenManagedScalingIsOffAndNotBefore(t *testing.T) {
	t.Parallel()
	idle, _ := standing(t, elastic)
	idle.pass(time.Hour)
	if n := idle.size(); n != 1 {
		t.Fatalf("an idle group has %d instances", n)
	}
	for _, size := range []string{"1", "3"} {
		c := Load(t, strings.Replace(elastic, "desired_capacity   = 2", "desired_capacity = "+size+"\nmanaged_scaling = false", 1))
		// The policy acts at whole minutes: some of these updates have one in their midst.
		for second := range 10 {
			r := idle.Fork(t)
			r.pass(time.Minute - r.Sim.Now().Sub(r.Sim.Now().Truncate(time.Minute)) + time.Duration(45+2*second)*time.Second)
			r.patient(t, c)
			r.Settle()
			if n := r.size(); fmt.Sprint(n) != size {
				t.Errorf("%d seconds later: %d instances, the file says %s", second, n, size)
			}
			r.Agrees(t, c, "after managed scaling was turned off")
		}
	}
}

// busy starts tasks in the cluster that need an instance each.
func (r *Rig) busy(t *testing.T, c *config.Config, n int32) {
	t.Helper()
	cluster, _ := r.cluster(c)
	api := cluster.Cloud.ECS
	if _, err := api.RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{
		Family: new("batch"), NetworkMode: types.NetworkModeBridge, RequiresCompatibilities: []types.Compatibility{types.CompatibilityEc2},
		ContainerDefinitions: []types.ContainerDefinition{{Name: new("app"), Image: new("app:1"), Memory: new(int32(1000)), Cpu: 1024}},
	}); err != nil {
		t.Fatal(err)
	}
	out, err := api.RunTask(t.Context(), &ecs.RunTaskInput{Cluster: &c.Cluster, TaskDefinition: new("batch"), Count: &n})
	if err != nil || len(out.Failures) > 0 {
		t.Fatal(err, out)
	}
}

func TestTwoHoursOfManagedScalingAreNoDrift(t *testing.T) {
	r, c := standing(t, elastic)
	for range 8 {
		r.pass(15 * time.Minute)
		r.Agrees(t, c, "while the group idles")
	}
	if n := r.size(); n != 1 {
		t.Fatalf("the idle group has %d instances", n)
	}
	r.busy(t, c, 4)
	grown := 0
	for range 20 {
		r.pass(30 * time.Second)
		r.Agrees(t, c, "while the group grows")
		if grown = r.size(); grown == 4 {
			break
		}
	}
	if grown != 4 {
		t.Fatalf("for four tasks there are %d instances", grown)
	}
	if err := r.Fork(t).Destroy(c); err != nil {
		t.Errorf("while the group grows: %v", err)
	}
	r.Settle()
	r.Agrees(t, c, "when it has grown")
	if err := r.Destroy(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.group(func(g *world.ScalingGroup) { t.Errorf("%s is left behind", g.Name) })
}
