package dst

import (
	"fmt"
	"testing"

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
	s, err := r.Survey(c)
	fine(t, err)
	cluster, who := r.cluster(c)
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

func TestRollReplacesSixInstances(t *testing.T) {
	r, c := looped(t)
	run := r.roller(t, c)
	began := r.Sim.Now()
	looks, was := 0, ""
	run.Tell = func(s roll.Snapshot, d roll.Decision) {
		looks++
		if looks < 400 {
			g := s.Groups[0]
			now := fmt.Sprint(d.Memory.Stage, len(s.Nodes), g.Desired, g.Max, d.Memory.Pools[0].Launched, d.Memory.Pools[0].Left, d.Memory.Pools[0].Replaced)
			if now != was {
				t.Log(s.At.Sub(began), now, d.Outcome, len(d.Actions), d.Why)
				for _, o := range d.Memory.Olds {
					t.Log("       ", o.ID, o.State, o.Minus, o.Sure, o.Why)
				}
				for _, o := range d.Memory.News {
					t.Log("    new", o.ID, o.State, o.Why)
				}
			}
			was = now
		}
	}
	run.Did = func(a roll.Action, m roll.Made) { t.Log("   did", a.Verb, a.Group, a.Zone, a.Count, a.Instances, a.ARNs, m) }
	before := r.Sim.Figures().Count()
	_, d, err := run.Do(t.Context())
	fine(t, err)
	t.Log(d.Outcome, d.Memory.Why, d.Memory.Count, r.Sim.Now().Sub(began))
	after := r.Sim.Figures().Count().Since(before)
	t.Logf("%+v", after)
	if d.Outcome != roll.Replaced || len(after.Failed) > 0 {
		t.Error(unserved(r))
	}
	r.Agrees(t, c, "after the roll")
	_, d, err = r.roller(t, c).Do(t.Context())
	fine(t, err)
	if d.Outcome != roll.Nothing {
		t.Errorf("another roll comes to %s: %v", d.Outcome, d.Memory.Why)
	}
}
