package dst

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/sim/world"
)

// agent is a file's system container with an image.
func agent(image string) string {
	return "system_containers = { agent = { image = \"" + image + "\" } }\n"
}

// runs is the image that every running task of the cluster's daemon has.
func runs(t *testing.T, r *Rig) string {
	t.Helper()
	images := map[string]bool{}
	r.Sim.With(func(w *world.World) {
		k, _ := w.Region("eu-west-1").ECS.Clusters.Get("acc")
		for task := range k.Tasks.Rows() {
			if task.Service == "system_agent" && task.Status == "RUNNING" {
				d, _ := w.Region("eu-west-1").ECS.Definitions.Get(task.Definition)
				images[d.Containers[0].Image] = true
			}
		}
	})
	var out []string
	for image := range images { // unordered: one, or the test fails
		out = append(out, image)
	}
	return strings.Join(out, " ")
}

func TestADaemonThatWasGivenAnotherRevisionGetsItsOwnBack(t *testing.T) {
	r, c := standing(t, small, agent("registry/agent:1"))
	cluster, _ := r.cluster(c)
	api := cluster.Cloud.ECS
	out, err := api.DescribeTaskDefinition(context.Background(), &ecs.DescribeTaskDefinitionInput{TaskDefinition: new("acc_acc_system_agent")})
	if err != nil {
		t.Fatal(err)
	}
	containers := out.TaskDefinition.ContainerDefinitions
	containers[0].Image = new("registry/agent:mallory")
	made, err := api.RegisterTaskDefinition(context.Background(), &ecs.RegisterTaskDefinitionInput{Family: new("mallory"), ContainerDefinitions: containers})
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.UpdateService(context.Background(), &ecs.UpdateServiceInput{
		Cluster: new("acc"), Service: new("system_agent"), TaskDefinition: made.TaskDefinition.TaskDefinitionArn,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Settle()
	s, err := r.Survey(c)
	if err != nil {
		t.Fatal(err)
	}
	change, ok := s.Plan.Find(plan.Step{Verb: plan.Update, Key: model.DaemonServiceKey("agent")})
	if !ok || len(s.Plan.Changes) != 1 || !strings.Contains(strings.Join(names(change.Fields), " "), "container.image") {
		t.Fatal(s.Plan.Changes)
	}
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Agrees(t, c, "after it was mended")
	if got := runs(t, r); got != "registry/agent:1" {
		t.Error(got)
	}
}

func TestARevisionThatDoesNotStartFailsTheRunAndTheOneBeforeComesBack(t *testing.T) {
	r, before := standing(t, small, agent("registry/agent:1"))
	r.Sim.With(func(w *world.World) {
		w.Region("eu-west-1").ECS.Unpullable.Put("registry/agent:2", &world.Outage{Kind: "missing"})
	})
	broken := Load(t, small, agent("registry/agent:2"))
	if err := r.Apply(broken); err == nil || !strings.Contains(err.Error(), "tasks failed to start") {
		t.Fatal("the run says: ", err)
	}
	r.Settle()
	if got := runs(t, r); got != "registry/agent:1" {
		t.Errorf("instances run %q", got)
	}
	if s, err := r.Survey(broken); err != nil || s.Plan.Empty() {
		t.Error("what did not come to be is no longer planned", err)
	}
	if err := r.Apply(before); err != nil {
		t.Fatal(err)
	}
	r.Agrees(t, before, "after the old image stands in the file again")
	if err := r.Destroy(before); err != nil {
		t.Fatal(err)
	}
}

func TestAFirstRevisionThatDoesNotStartIsDeployedAgainByTheNextRun(t *testing.T) {
	r, _ := standing(t, small)
	outage := func(put bool) {
		r.Sim.With(func(w *world.World) {
			w.Region("eu-west-1").ECS.Unpullable.Delete("registry/agent:1")
			if put {
				w.Region("eu-west-1").ECS.Unpullable.Put("registry/agent:1", &world.Outage{Kind: "missing"})
			}
		})
	}
	c := Load(t, small, agent("registry/agent:1"))
	outage(true)
	if err := r.Apply(c); err == nil || !strings.Contains(err.Error(), "tasks failed to start") {
		t.Fatal("the run says: ", err)
	}
	outage(false)
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Agrees(t, c, "after the image is there")
	if got := runs(t, r); got != "registry/agent:1" {
		t.Error(got)
	}
}

func TestAContainerForSomeGroupsRunsNowhereElse(t *testing.T) {
	r, _ := standing(t, small, "instance_groups = { batch = { min_size = 1, max_size = 2 } }\n"+
		"system_containers = { agent = { image = \"registry/agent:1\", groups = [\"batch\"] } }\n")
	where := map[string]bool{}
	r.Sim.With(func(w *world.World) {
		k, _ := w.Region("eu-west-1").ECS.Clusters.Get("acc")
		for task := range k.Tasks.Rows() {
			i, _ := k.Instances.Get(task.Instance)
			where[i.Provider] = true
		}
	})
	if len(where) != 1 || !where["acc_acc_batch"] {
		t.Error(where)
	}
}
