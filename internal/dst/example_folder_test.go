package dst

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"berth/internal/cli/folder"
	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/sim/world"
)

// folders are the services and tasks of examples/.
func folders(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("../../examples/*/taskdef.json")
	if err != nil || len(paths) != 10 {
		t.Fatalf("%v %v", paths, err)
	}
	var out []string
	for _, p := range paths {
		out = append(out, filepath.Dir(p))
	}
	return out
}

// lodge deploys a folder as berth deploy FOLDER --yes does.
func (r *Rig) lodge(t *testing.T, c *config.Config, dir string) deploy.Decision {
	t.Helper()
	run := r.rollout(t, c, "deploy")
	order, err := folder.Read(context.Background(), run.Cloud, c, run.Scope, folder.Files{Dir: dir})
	fine(t, err)
	run.Order, run.Order.Policy = order.Order, deploy.Policy{Timeout: 15 * time.Minute}
	_, d, err := run.Do(context.Background())
	fine(t, err)
	return d
}

// steady wants every service to run what it is to run, and nothing else to go on.
func (r *Rig) steady(t *testing.T) int {
	t.Helper()
	n := 0
	r.Sim.With(func(w *world.World) {
		for region := range w.Regions.Rows() {
			for k := range region.ECS.Clusters.Rows() {
				for s := range k.Services.Rows() {
					n++
					running := 0
					for task := range k.Tasks.Rows() {
						if task.Group == "service:"+s.Name && task.Status == "RUNNING" {
							running++
						}
					}
					if running == 0 || !s.Daemon && running != s.Desired || len(s.Deployments) != 1 {
						t.Errorf("%s has %d running tasks of %d, and %d deployments", s.Name, running, s.Desired, len(s.Deployments))
					}
				}
			}
		}
	})
	return n
}

func TestAllExamplesRunTogetherInTheClusterOfTheExamples(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../examples/ecs.tfvars")
	fine(t, err)
	c := Load(t, string(text))
	empty := NewRig(1)
	fine(t, empty.Apply(c))
	fine(t, empty.Destroy(c))
	empty.Settle()
	r := NewRig(1)
	fine(t, r.Apply(c))
	for _, dir := range folders(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			fine(t, done(deploy.Succeeded)(r.lodge(t, c, dir), nil))
		})
	}
	r.Sim.With(func(w *world.World) { w.Advance(30 * time.Minute) })
	if n := r.steady(t); n != 9 {
		t.Errorf("%d services", n)
	}
	if all := r.Sim.Figures().Count(); len(all.Failed) > 0 || all.Served == 0 {
		t.Errorf("%+v\n%s", all, unserved(r))
	}
	r.Agrees(t, c, "with all examples")
	for _, dir := range folders(t) {
		if d := r.lodge(t, c, dir); d.Outcome != deploy.Unchanged && filepath.Base(dir) != "run-once" {
			t.Errorf("%s a second time: %s %v", dir, d.Outcome, d.Why)
		}
	}
	fine(t, r.Destroy(c))
	r.Settle()
	if got, want := left(r), left(empty); got != want {
		t.Errorf("something is left:\n%s\nwant:\n%s", got, want)
	}
}
