package dst

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/sim/world"
)

// group changes the default group's row as somebody on the console would.
func (r *Rig) group(f func(*world.ScalingGroup)) {
	r.Sim.With(func(w *world.World) {
		for g := range w.Region("eu-west-1").AutoScaling.Groups.Rows() {
			f(g)
		}
	})
}

// resize sets the default group's size by AWS's own call.
func (r *Rig) resize(t *testing.T, c *config.Config, desired int32) {
	t.Helper()
	cluster, _ := r.cluster(c)
	name := ""
	r.group(func(g *world.ScalingGroup) { name = g.Name })
	in := &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: &name, DesiredCapacity: &desired}
	if _, err := cluster.Cloud.Groups.SetDesiredCapacity(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// standing is a cluster that was made from texts and has come to rest.
func standing(t *testing.T, texts ...string) (*Rig, *config.Config) {
	t.Helper()
	c, r := Load(t, texts...), NewRig(1)
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	return r, c
}

func TestAGroupPointedByHandAtAnOlderTemplateVersionIsPointedBack(t *testing.T) {
	r, _ := standing(t, small)
	c := Load(t, strings.Replace(small, "t2.micro", "t3.small", 1))
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	for _, version := range []string{"1", "$Latest", "$Default"} {
		r.group(func(g *world.ScalingGroup) { g.Mixed.Template.Version = version })
		s, err := r.Survey(c)
		if err != nil {
			t.Fatal(err)
		}
		change, found := s.Plan.Find(plan.Step{Verb: plan.Update, Key: model.GroupKey("default")})
		if !found || len(s.Plan.Changes) != 1 || !slices.Equal(names(change.Fields), []string{"launch_template"}) {
			t.Fatalf("version %s: %+v", version, s.Plan.Changes)
		}
		if err := r.Apply(c); err != nil {
			t.Fatal(err)
		}
		r.Agrees(t, c, "after version "+version)
		r.group(func(g *world.ScalingGroup) {
			if g.Mixed.Template.Version != "2" {
				t.Errorf("the group points at version %s", g.Mixed.Template.Version)
			}
		})
	}
}

func TestSizeIsManagedScalingsWhileItIsOnAndTheFilesElse(t *testing.T) {
	roomy := strings.NewReplacer("max_size             = 1", "max_size             = 3").Replace(small)
	for _, owned := range []bool{true, false} {
		text := roomy
		if !owned {
			text += "managed_scaling = false\n"
		}
		r, c := standing(t, text)
		r.resize(t, c, 2)
		s, err := r.Survey(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, shown := s.Plan.Find(plan.Step{Verb: plan.Update, Key: model.CapacityKey("default")}); shown == owned {
			t.Errorf("managed scaling %v: the plan has %+v", owned, s.Plan.Changes)
		}
		if err := r.Apply(c); err != nil {
			t.Fatal(err)
		}
		r.Settle()
		r.group(func(g *world.ScalingGroup) {
			if g.Desired != 1 { // the file's size; or what managed scaling finds enough for no task at all
				t.Errorf("managed scaling %v: the group wants %d instances", owned, g.Desired)
			}
		})
		r.Agrees(t, c, "after the size was changed by hand")
	}
}
