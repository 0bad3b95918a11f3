package dst

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	groups "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/roll"
	"berth/internal/sim/asg"
	simecs "berth/internal/sim/ecs"
	"berth/internal/sim/scenario"
	"berth/internal/sim/world"
)

// upset is what somebody else does, or what befalls a world, while berth rolls.
type upset struct {
	after time.Duration
	name  string
	rough bool // it takes something away, so that services may come below their bounds without berth
	does  func(*sea)
}

// sea is a world on its way.
type sea struct {
	*Rig

	t     *testing.T
	look  *lookout
	run   string
	began time.Time
	deeds []upset
	log   []string
}

// pass lets time go by, and does what is due meanwhile.
func (s *sea) pass(d time.Duration) {
	end := s.Sim.Now().Add(d)
	for len(s.deeds) > 0 && !s.began.Add(s.deeds[0].after).After(end) {
		next := s.deeds[0]
		s.deeds = s.deeds[1:]
		s.to(s.began.Add(next.after))
		s.log = append(s.log, s.Sim.Now().Format("15:04:05 ")+next.name)
		s.look.acts("somebody", func() { next.does(s) })
		s.look.attend()
	}
	s.to(end)
}

func (s *sea) to(at time.Time) {
	s.Sim.With(func(w *world.World) { w.Advance(at.Sub(w.Now())) })
}

// upsets are what may happen, at a moment that is chosen by lot.
func upsets(r *rand.Rand, rough bool) upset {
	n := r.IntN(1 << 20) // which one it strikes
	all := []upset{
		{name: "somebody asks for more instances", does: func(s *sea) { s.scale(n, 1+n%3) }},
		{name: "somebody drains an instance", does: func(s *sea) { s.drain(n) }},
		{name: "a service is deployed", does: func(s *sea) {
			s.update(n, &ecs.UpdateServiceInput{ForceNewDeployment: true})
		}},
		{name: "a service grows", does: func(s *sea) { s.resize(n, 1) }},
		{name: "a service shrinks", does: func(s *sea) { s.resize(n, -1) }},
		{name: "a task is protected", does: func(s *sea) { safe(s.t, s.Rig, s.service(n), 40*time.Minute) }},
		{name: "a task is run", does: func(s *sea) {
			r := rand.New(rand.NewPCG(uint64(n), 1))
			s.tried(lonely(r, 50+n%40).runs(s.t, s.Rig))
		}},
		{name: "somebody aborts", does: func(s *sea) { s.command("abort ") }},
		{name: "somebody undoes", does: func(s *sea) { s.command("undo ") }},
		{name: pauses, does: func(s *sea) { s.command("pause ") }},
		{name: "somebody goes on", does: func(s *sea) { s.command("") }},
		{name: "somebody protects an instance", does: func(s *sea) { s.shield(n) }},
		{name: "somebody asks for fewer instances", rough: true, does: func(s *sea) { s.scale(n, -1-n%2) }},
		{name: "a machine is lost", rough: true, does: func(s *sea) {
			if id := s.instance(n); id != "" {
				s.says("terminate instance " + id)
			}
		}},
		{name: "a zone is lost", rough: true, does: func(s *sea) { s.says("zone eu-west-1" + string(rune('a'+n%2)) + " down for 20m") }},
		{name: "an agent is gone", rough: true, does: func(s *sea) {
			if id := s.instance(n); id != "" {
				s.says("agent of " + id + " gone for " + fmt.Sprint(1+n%30) + "m")
			}
		}},
		{name: "there is no capacity", rough: true, does: func(s *sea) { s.says("no capacity in eu-west-1a for 15m") }},
		{name: "somebody stops a task", rough: true, does: func(s *sea) { s.stop(n) }},
		{name: "somebody sets another maximum", does: func(s *sea) { s.bound(n) }},
	}
	if !rough {
		all = slices.DeleteFunc(all, func(d upset) bool { return d.rough })
	}
	out := all[r.IntN(len(all))]
	out.after = time.Duration(r.IntN(45*60)) * time.Second
	return out
}

// pauses is what somebody must take back: a roll may pause for ever.
const pauses = "somebody pauses"

// says lets a sentence of a scenario come true. One that strikes nothing any more does nothing.
func (s *sea) says(text string) {
	steps, err := scenario.File("deed", text+"\n")
	fine(s.t, err)
	if err := s.Sim.Play("eu-west-1", steps); err != nil {
		s.log = append(s.log, err.Error())
	}
}

// tried notes what AWS has refused somebody: that is their own affair.
func (s *sea) tried(err error) {
	if err != nil {
		s.log = append(s.log, err.Error())
	}
}

// group is one of the groups.
func (s *sea) group(n int) (g world.ScalingGroup) {
	s.Sim.With(func(w *world.World) {
		all := slices.Collect(w.Region("eu-west-1").AutoScaling.Groups.Rows())
		g = *all[n%len(all)]
	})
	return g
}

func (s *sea) scale(n, by int) {
	g := s.group(n)
	want := min(max(g.Desired+by, g.Min), g.Max)
	if want == g.Desired {
		return
	}
	_, err := somebody(s.Rig, "autoscaling", "SetDesiredCapacity", asg.SetDesiredCapacity, &autoscaling.SetDesiredCapacityInput{
		AutoScalingGroupName: &g.Name, DesiredCapacity: new(int32(want)),
	})
	s.tried(err)
}

// bound sets another maximum, above what the group has.
func (s *sea) bound(n int) {
	g := s.group(n)
	_, err := somebody(s.Rig, "autoscaling", "UpdateAutoScalingGroup", asg.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: &g.Name, MaxSize: new(int32(g.Desired + 3 + n%4)),
	})
	s.tried(err)
}

// instance is one that works in the cluster, by its EC2 id; empty: none does.
func (s *sea) instance(n int) (id string) {
	s.Sim.With(func(w *world.World) {
		var all []string
		k, _ := w.Region("eu-west-1").ECS.Clusters.Get("acc")
		for i := range k.Instances.Rows() {
			if i.Status == "ACTIVE" && i.AgentConnected {
				all = append(all, i.EC2ID)
			}
		}
		if len(all) > 0 {
			id = all[n%len(all)]
		}
	})
	return id
}

func (s *sea) drain(n int) {
	id, arn := s.instance(n), ""
	s.Sim.With(func(w *world.World) {
		k, _ := w.Region("eu-west-1").ECS.Clusters.Get("acc")
		for i := range k.Instances.Rows() {
			if i.EC2ID == id && i.Status == "ACTIVE" {
				arn = i.ARN
			}
		}
	})
	if arn == "" {
		return
	}
	_, err := somebody(s.Rig, "ecs", "UpdateContainerInstancesState", simecs.UpdateContainerInstancesState, &ecs.UpdateContainerInstancesStateInput{
		Cluster: new("acc"), ContainerInstances: []string{arn}, Status: types.ContainerInstanceStatusDraining,
	})
	s.tried(err)
}

// shield protects an instance from scale-in.
func (s *sea) shield(n int) {
	g := s.group(n)
	for m := range g.Members.Rows() {
		if m.State == "InService" && !m.Protected {
			_, err := somebody(s.Rig, "autoscaling", "SetInstanceProtection", asg.SetInstanceProtection, &autoscaling.SetInstanceProtectionInput{
				AutoScalingGroupName: &g.Name, InstanceIds: []string{m.ID}, ProtectedFromScaleIn: new(true),
			})
			s.tried(err)
			return
		}
	}
}

// service is one with a number of tasks; empty: there is none.
func (s *sea) service(n int) (name string) {
	s.Sim.With(func(w *world.World) {
		var all []string
		k, _ := w.Region("eu-west-1").ECS.Clusters.Get("acc")
		for one := range k.Services.Rows() {
			if !one.Daemon && one.Status == "ACTIVE" {
				all = append(all, one.Name)
			}
		}
		if len(all) > 0 {
			name = all[n%len(all)]
		}
	})
	return name
}

func (s *sea) update(n int, in *ecs.UpdateServiceInput) {
	name := s.service(n)
	if name == "" {
		return
	}
	in.Cluster, in.Service = new("acc"), &name
	_, err := somebody(s.Rig, "ecs", "UpdateService", simecs.UpdateService, in)
	s.tried(err)
}

func (s *sea) resize(n, by int) {
	name, now := s.service(n), 0
	s.Sim.With(func(w *world.World) {
		k, _ := w.Region("eu-west-1").ECS.Clusters.Get("acc")
		if one, ok := k.Services.Get(name); ok {
			now = one.Desired
		}
	})
	s.update(n, &ecs.UpdateServiceInput{DesiredCount: new(int32(max(now+by, 1)))})
}

func (s *sea) stop(n int) {
	var id string
	s.Sim.With(func(w *world.World) {
		k, _ := w.Region("eu-west-1").ECS.Clusters.Get("acc")
		var all []string
		for t := range k.Tasks.Rows() {
			if t.Status == "RUNNING" {
				all = append(all, t.ID)
			}
		}
		if len(all) > 0 {
			id = all[n%len(all)]
		}
	})
	if id != "" {
		_, err := somebody(s.Rig, "ecs", "StopTask", simecs.StopTask, &ecs.StopTaskInput{Cluster: new("acc"), Task: &id})
		s.tried(err)
	}
}

// command tells a roll that is under way something, as another terminal does: by the tag of its groups. What was said once is not
// taken back.
func (s *sea) command(word string) {
	for name, g := range s.look.now.groups { // unordered: each of its own
		old, _, _ := strings.Cut(g.tag, " ")
		if g.tag == "" || old == "abort" || old == "undo" {
			continue
		}
		_, err := somebody(s.Rig, "autoscaling", "CreateOrUpdateTags", asg.CreateOrUpdateTags, &autoscaling.CreateOrUpdateTagsInput{Tags: []groups.Tag{{
			Key: new(roll.TagRoll), Value: new(word + s.run), ResourceId: &name, ResourceType: new("auto-scaling-group"), PropagateAtLaunch: new(false),
		}}})
		s.tried(err)
	}
}

// sorted puts deeds into the order of their times.
func sorted(list []upset) []upset {
	slices.SortStableFunc(list, func(a, b upset) int { return cmp.Compare(a.after, b.after) })
	return list
}
