package dst

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/drive/rolling"
	"berth/internal/model"
	"berth/internal/roll"
	"berth/internal/sim/world"
)

// fleetOfSix are six instances in two zones.
const fleetOfSix = `
load_balancers   = { public = {} }
instance_groups  = {}
instance_type    = "t3.large"
min_size         = 6
desired_capacity = 6
max_size         = 6
`

// newer makes instances that were launched before outdated.
const newer = `
custom_userdata = "echo newer"
`

// looped is a cluster with two services whose instances are all outdated.
func looped(t *testing.T) (*Rig, *config.Config) {
	t.Helper()
	r := NewRig(1)
	c := Load(t, small, fleetOfSix)
	fine(t, r.Apply(c))
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "berth.sim/web:1?boot=5s", service: `{"desiredCount": 4, "loadBalancers": [{"containerName": "web", "containerPort": 80,
		"targetGroupArn": "${berth.target_group.public?path=/web/*&priority=200&deregistration_delay=20}"}]}`})))
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "worker", release{image: "berth.sim/worker:1", service: `{"desiredCount": 3}`})))
	c = Load(t, small, fleetOfSix, newer)
	fine(t, r.Apply(c))
	r.Settle()
	return r, c
}

// roller is the roll that berth roll --yes makes of a file.
func (r *Rig) roller(t *testing.T, c *config.Config) *rolling.Roll {
	t.Helper()
	cluster, who := r.acting(c, "roll")
	s, err := cluster.Survey(t.Context())
	fine(t, err)
	who.Verb = "roll"
	scope := model.Scope{Account: world.Account, Region: c.Region, Partition: "aws", Environment: c.Environment, Cluster: c.Cluster}
	out := &rolling.Roll{Cloud: cluster.Cloud, Scope: scope, Order: roll.Defaults(), Who: who}
	for res := range s.Have.All() {
		if g, ok := res.(model.Group); ok {
			out.Groups = append(out.Groups, g)
		}
	}
	return out
}

// kept is what a roll must leave as it was: sizes, tags and processes of groups, attributes of instances, settings of services, and
// which instances there are that it is not to replace.
func kept(r *Rig) string {
	text := ""
	r.Sim.With(func(w *world.World) {
		for g := range w.Region("eu-west-1").AutoScaling.Groups.Rows() {
			text += fmt.Sprintln(g.Name, g.Min, g.Desired, g.Max, g.Tags, g.Suspended, g.Members.Len())
			for m := range g.Members.Rows() {
				text += fmt.Sprintln("  ", m.Zone, m.State, m.Protected)
			}
		}
		for k := range w.Region("eu-west-1").ECS.Clusters.Rows() {
			custom := 0
			for i := range k.Instances.Rows() {
				for _, a := range i.Attributes {
					if i.Status != "INACTIVE" && strings.HasPrefix(a.Name, "berth.") {
						custom++
					}
				}
			}
			text += fmt.Sprintln(custom, "attributes")
			for s := range k.Services.Rows() {
				text += fmt.Sprintln(s.Name, s.Desired, s.MinHealthy, s.Max, s.Constraints, s.Rebalances, len(s.History))
			}
		}
	})
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestRollReplacesSixInstances(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*roll.Order){
		"drain":  func(*roll.Order) {},
		"fence":  func(o *roll.Order) { o.Fence = true },
		"double": func(o *roll.Order) { o.Strategy = roll.Double },
		"probe":  func(o *roll.Order) { o.Probe = "probe" },
	} {
		t.Run(name, func(t *testing.T) {
			r, c := looped(t)
			fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "once", release{image: "berth.sim/once:1", service: `{"desiredCount": 1, "deploymentConfiguration": {"maximumPercent": 100}}`})))
			probes(t, r, "berth.sim/probe:1?once=20s&exit=0")
			run, was, before := r.roller(t, c), kept(r), r.Sim.Figures().Count()
			change(&run.Order)
			run.Order.Patch = true
			_, d, err := run.Do(t.Context())
			fine(t, err)
			r.Settle()
			after := r.Sim.Figures().Count().Since(before)
			if d.Outcome != roll.Replaced || d.Memory.Count.Replaced != 6 || len(after.Failed) > 0 || after.Served == 0 {
				t.Errorf("%s, %d replaced: %v %s; requests: %v\n%s", d.Outcome, d.Memory.Count.Replaced, d.Memory.Why, d.Memory.Fix, after, unserved(r))
			}
			if now := kept(r); now != was {
				t.Errorf("it was\n%s\nand is\n%s", was, now)
			}
			r.Agrees(t, c, "after the roll")
			_, d, err = r.roller(t, c).Do(t.Context())
			fine(t, err)
			if d.Outcome != roll.Nothing {
				t.Errorf("another roll comes to %s: %v", d.Outcome, d.Memory.Why)
			}
		})
	}
}

// probes registers what a canary is to run.
func probes(t *testing.T, r *Rig, image string) {
	t.Helper()
	_, err := standOf(t, r).ecs.RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{
		Family: new("probe"), ContainerDefinitions: []types.ContainerDefinition{{Name: new("probe"), Image: &image, Cpu: 64, Memory: new(int32(64))}},
	})
	fine(t, err)
}

func TestRollWhoseProbeDoesNotEndLeavesEverythingAsItWas(t *testing.T) {
	t.Parallel()
	for _, does := range []string{"", "?once=20s&exit=3"} {
		r, c := looped(t)
		probes(t, r, "berth.sim/probe:1"+does)
		run, was := r.roller(t, c), kept(r)
		run.Order.Probe = "probe"
		_, d, err := run.Do(t.Context())
		fine(t, err)
		r.Settle()
		if d.Outcome != roll.Failed || d.Memory.Count.Replaced > 0 || !strings.Contains(strings.Join(d.Memory.Why, " "), "probe") {
			t.Errorf("%q: %s, %d replaced: %v", does, d.Outcome, d.Memory.Count.Replaced, d.Memory.Why)
		}
		if now := kept(r); now != was {
			t.Errorf("%q: it was\n%s\nand is\n%s", does, was, now)
		}
	}
}
