package dst

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/cli/folder"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/observe"
	"berth/internal/sim/world"
)

// fleet is a cluster with room for services.
const fleet = `
load_balancers   = { public = {} }
instance_groups  = {}
instance_type    = "t3.large"
min_size         = 3
desired_capacity = 3
max_size         = 6
`

// What services are made of. An image says by its name what its program does.
const (
	web = `{"containerDefinitions": [{"name": "web", "image": "IMAGE", "cpu": 64, "memory": 64,
		"portMappings": [{"containerPort": 80}], "environment": [{"name": "LEVEL", "value": "info"}],
		"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "services/web", "awslogs-stream-prefix": "web"}}}]}`
	behind = `{"desiredCount": 2, "loadBalancers": [{"containerName": "web", "containerPort": 80,
		"targetGroupArn": "${berth.target_group.public?path=/web/*&priority=200}"}]}`
	alone = `{"desiredCount": 2}`
	slow  = "berth.sim/web:2?pull=slow=20m"
)

// release is one version of a service.
type release struct {
	image, service string
	definition     string // where it is not the usual one
	policy         deploy.Policy
}

// order is what berth deploy makes of a folder.
func (r *Rig) order(t *testing.T, c *config.Config, name string, v release) (*drive.Rollout, error) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	fine(t, os.MkdirAll(dir, 0o700))
	fine(t, os.WriteFile(filepath.Join(dir, "taskdef.json"), []byte(strings.ReplaceAll(cmp.Or(v.definition, web), "IMAGE", v.image)), 0o600))
	if v.service != "" {
		fine(t, os.WriteFile(filepath.Join(dir, "service.json"), []byte(v.service), 0o600))
	}
	out := r.rollout(t, c, "deploy")
	order, err := folder.Read(context.Background(), out.Cloud, c, out.Scope, folder.Files{Dir: dir})
	out.Order = order.Order
	out.Order.Policy = v.policy
	return out, err
}

// rollout is a run of a verb that has no order yet.
func (r *Rig) rollout(t *testing.T, c *config.Config, verb string) *drive.Rollout {
	t.Helper()
	cluster, who := r.acting(c, verb)
	scope, err := observe.Who(context.Background(), cluster.Cloud, c.Environment, c.Cluster)
	fine(t, err)
	return &drive.Rollout{Cloud: cluster.Cloud, Scope: scope, Who: who, Tell: func(deploy.Snapshot, deploy.Decision) {}}
}

// Deploy deploys a version of a service, as berth deploy --yes does.
func (r *Rig) Deploy(t *testing.T, c *config.Config, name string, v release) (deploy.Decision, error) {
	t.Helper()
	run, err := r.order(t, c, name, v)
	if err != nil {
		return deploy.Decision{}, err
	}
	_, d, err := run.Do(context.Background())
	return d, err
}

// Rollback takes a service back, as berth rollback --yes does.
func (r *Rig) Rollback(t *testing.T, c *config.Config, name string) (deploy.Decision, error) {
	t.Helper()
	run := r.rollout(t, c, "rollback")
	run.Order = deploy.Order{Goal: deploy.Back, Service: name, Cluster: run.Scope.ClusterName()}
	_, d, err := run.Do(context.Background())
	return d, err
}

// done wants an outcome.
func done(want deploy.Outcome) func(deploy.Decision, error) error {
	return func(d deploy.Decision, err error) error {
		if err == nil && d.Outcome != want && !(want == deploy.Succeeded && d.Outcome == deploy.Unchanged) {
			return fmt.Errorf("it is %s: %s", d.Outcome, strings.Join(d.Why, "; "))
		}
		return err
	}
}

// deployments is what a run may not double: services, target groups, rules, revisions and deployments.
func (r *Rig) deployments() string {
	var b strings.Builder
	r.Sim.With(func(w *world.World) {
		for _, region := range w.Regions.All() {
			for k := range region.ECS.Clusters.Rows() {
				for s := range k.Services.Rows() {
					fmt.Fprintf(&b, "service %s %s runs %s, %d deployments\n", s.Name, s.Status, s.Definition, len(s.History))
				}
			}
			for d := range region.ECS.Definitions.Rows() {
				fmt.Fprintf(&b, "revision %s:%d %s\n", d.Family, d.Revision, d.Status)
			}
		}
	})
	return b.String()
}

// finishedDeploying wants what dies at any write of f to be finished by the next run, with nothing doubled.
func finishedDeploying(t *testing.T, r *Rig, f func(*testing.T, *Rig) error) {
	t.Helper()
	deaths := r.deaths(t, each, func() error { return f(t, r) })
	r.Settle()
	want, made := r.Census(), r.deployments()
	for fork := range deaths {
		t.Run(fork.name, func(t *testing.T) {
			if err := f(t, fork.Rig); err != nil {
				t.Fatal(err)
			}
			fork.Settle()
			if got := fork.Census(); got != want {
				t.Errorf("the world differs from one in which nothing died:\n%s\nwant:\n%s", got, want)
			}
			if got := fork.deployments(); got != made {
				t.Errorf("something is doubled:\n%s\nwant:\n%s", got, made)
			}
		})
	}
}

func TestADeploymentThatDiesAtAnyCallIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	c := Load(t, small, fleet)
	r := NewRig(1)
	fine(t, r.Apply(c))
	first := release{image: "nginx:1", service: behind}
	t.Run("a new service", func(t *testing.T) {
		finishedDeploying(t, r, func(t *testing.T, r *Rig) error { return done(deploy.Succeeded)(r.Deploy(t, c, "web", first)) })
	})
	second := release{image: "nginx:2", service: strings.Replace(behind, `"desiredCount": 2`, `"desiredCount": 3, "healthCheckGracePeriodSeconds": 30`, 1)}
	t.Run("another version", func(t *testing.T) {
		finishedDeploying(t, r, func(t *testing.T, r *Rig) error { return done(deploy.Succeeded)(r.Deploy(t, c, "web", second)) })
	})
	t.Run("a rollback", func(t *testing.T) {
		finishedDeploying(t, r, func(t *testing.T, r *Rig) error { return done(deploy.Succeeded)(r.Rollback(t, c, "web")) })
	})
}

func TestARollbackOfADeploymentUnderWayThatDiesIsFinishedByTheNext(t *testing.T) {
	c := Load(t, small, fleet)
	r := NewRig(2)
	fine(t, r.Apply(c))
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "nginx:1", service: alone})))
	fine(t, done(deploy.Started)(r.Deploy(t, c, "web", release{image: slow, service: alone, policy: deploy.Policy{NoWait: true}})))
	finishedDeploying(t, r, func(t *testing.T, r *Rig) error { return done(deploy.Succeeded)(r.Rollback(t, c, "web")) })
}

func TestLostAnswersAndThrottlingDoubleNothing(t *testing.T) {
	t.Parallel()
	c := Load(t, small, fleet)
	plain := NewRig(3)
	fine(t, plain.Apply(c))
	first, second := release{image: "nginx:1", service: behind}, release{image: "nginx:2", service: behind}
	life := func(t *testing.T, r *Rig) error {
		for _, v := range []release{first, second} {
			if err := done(deploy.Succeeded)(r.Deploy(t, c, "web", v)); err != nil {
				return err
			}
		}
		return done(deploy.Succeeded)(r.Rollback(t, c, "web"))
	}
	golden := plain.Fork(t)
	calls := 0
	golden.Hook = func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(q *http.Request) (*http.Response, error) { calls++; return next.RoundTrip(q) })
	}
	fine(t, life(t, golden))
	golden.Hook = nil
	golden.Settle()
	want := golden.deployments()
	for n := range calls {
		if !sampled(t, n, calls, 24) {
			continue
		}
		r, seen := plain.Fork(t), 0
		r.Hook = func(next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(q *http.Request) (*http.Response, error) {
				resp, err := next.RoundTrip(q)
				if seen++; seen == n+1 && err == nil {
					return nil, fmt.Errorf("the connection broke off")
				}
				return resp, err
			})
		}
		if err := life(t, r); err != nil {
			t.Fatalf("the answer of call %d of %d was lost: %v", n+1, calls, err)
		}
		r.Hook = nil
		r.Settle()
		if got := r.deployments(); got != want {
			t.Errorf("the answer of call %d of %d was lost, and something is doubled:\n%s\nwant:\n%s", n+1, calls, got, want)
		}
	}
}

func TestEveryEndOfADeploymentIsTold(t *testing.T) {
	c := Load(t, small, fleet)
	plain := NewRig(4)
	fine(t, plain.Apply(c))
	fine(t, done(deploy.Succeeded)(plain.Deploy(t, c, "web", release{image: "nginx:1", service: alone})))
	const unguarded = `{"desiredCount": 2, "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": false, "rollback": false}}}`
	for _, x := range []struct {
		name    string
		v       release
		want    deploy.Outcome
		within  time.Duration
		because string
	}{
		{"an image that is not there", release{image: "berth.sim/web?pull=missing", service: alone}, deploy.RolledBack, 3 * time.Minute, "CannotPullContainerError"},
		{"a registry that lets nobody in", release{image: "berth.sim/web?pull=unauthorized", service: alone}, deploy.RolledBack, 3 * time.Minute, "pull"},
		{"a wrong architecture", release{image: "berth.sim/web?pull=wrong-arch", service: alone}, deploy.RolledBack, 3 * time.Minute, "exec format"},
		{"a loop without a breaker", release{image: "berth.sim/web?crash=3s", service: unguarded}, deploy.Failed, 2 * time.Minute, "exit 1"},
		{"too much memory, without a breaker", release{image: "berth.sim/web?oom=2s", service: unguarded}, deploy.Failed, 2 * time.Minute, "exit 137"},
		{"a slow start", release{image: "berth.sim/web?boot=30s", service: alone}, deploy.Succeeded, 4 * time.Minute, ""},
		{"a task larger than any instance", release{image: "nginx:2", service: `{"desiredCount": 2, "placementConstraints": [{"type": "memberOf", "expression": "attribute:ecs.instance-type == m7i.48xlarge"}]}`, policy: deploy.Policy{Timeout: 5 * time.Minute}}, deploy.TimedOut, 6 * time.Minute, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			r := plain.Fork(t)
			began := r.Sim.Now()
			d, err := r.Deploy(t, c, "web", x.v)
			fine(t, err)
			why := strings.Join(d.Why, "; ")
			if d.Outcome != x.want || !strings.Contains(why, x.because) {
				t.Errorf("%s, want %s: %s", d.Outcome, x.want, why)
			}
			if took := r.Sim.Now().Sub(began); took > x.within {
				t.Errorf("it took %v to tell", took)
			}
		})
	}
}

// Nothing checks the tasks, so AWS calls the deployment successful as soon as all of them run, be it for a second.
func TestALoopThatAWSCallsASuccessIsTold(t *testing.T) {
	c := Load(t, small, fleet)
	r := NewRig(4)
	fine(t, r.Apply(c))
	for _, again := range []string{"the first deployment", "nothing differs"} {
		began := r.Sim.Now()
		d, err := r.Deploy(t, c, "web", release{image: "berth.sim/web?crash=1s", service: alone})
		fine(t, err)
		why := strings.Join(d.Why, "; ")
		if d.Outcome != deploy.Failed || !strings.Contains(why, "ended by themselves, and none became healthy") || d.Fix != "" {
			t.Errorf("%s: %s: %s %s", again, d.Outcome, why, d.Fix)
		}
		if took := r.Sim.Now().Sub(began); took > 3*time.Minute {
			t.Errorf("%s: it took %v to tell", again, took)
		}
	}
}

// Two clusters share a family: each runs its own revisions of it, and the one that goes takes none of the other's along.
func TestClustersThatDeployOneFolderKeepTheirRevisionsApart(t *testing.T) {
	r, clusters := NewRig(4), map[string]*config.Config{}
	for _, env := range []string{"dev", "live"} {
		c := Load(t, small, fleet+"\nenvironment = \""+env+"\"\ncluster = \""+env+"\"\n")
		fine(t, r.Apply(c))
		clusters[env] = c
	}
	v := release{image: "nginx:1", service: alone, definition: `{"containerDefinitions": [{"name": "web", "image": "IMAGE", "memory": 64}]}`}
	for range 2 {
		for _, env := range []string{"dev", "live"} {
			fine(t, done(deploy.Succeeded)(r.Deploy(t, clusters[env], "web", v)))
		}
	}
	if got := r.deployments(); strings.Count(got, "revision web:") != 2 || !strings.Contains(got, "web:1,") || !strings.Contains(got, "web:2,") {
		t.Errorf("want a revision for each, registered once:\n%s", got)
	}
	fine(t, r.Destroy(clusters["dev"]))
	r.Settle()
	d, err := r.Deploy(t, clusters["live"], "web", v)
	fine(t, err)
	if d.Outcome != deploy.Unchanged {
		t.Errorf("the other cluster's service is touched: %s: %s", d.Outcome, strings.Join(d.Why, "; "))
	}
	v.policy.Force = true // starts tasks of the same revision: it must still be there
	fine(t, done(deploy.Succeeded)(r.Deploy(t, clusters["live"], "web", v)))
}

func TestASupersededDeploymentSaysByWhich(t *testing.T) {
	c := Load(t, small, fleet)
	r := NewRig(5)
	fine(t, r.Apply(c))
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "nginx:1", service: alone})))
	run, err := r.order(t, c, "web", release{image: slow, service: alone})
	fine(t, err)
	other := false
	run.Tell = func(s deploy.Snapshot, d deploy.Decision) {
		if d.Run.Following != "" && !other {
			other = true
			cluster, _ := r.cluster(c)
			fine(t, override(cluster.Cloud, "web", "web:1"))
		}
	}
	_, d, err := run.Do(context.Background())
	fine(t, err)
	if d.Outcome != deploy.Superseded || !strings.Contains(strings.Join(d.Why, " "), "web:1 took its place") {
		t.Errorf("%s: %v", d.Outcome, d.Why)
	}
}

func TestAnInterruptedDeploymentGoesOnUnlessAskedToGoBack(t *testing.T) {
	c := Load(t, small, fleet)
	plain := NewRig(6)
	fine(t, plain.Apply(c))
	fine(t, done(deploy.Succeeded)(plain.Deploy(t, c, "web", release{image: "nginx:1", service: alone})))
	for _, back := range []bool{false, true} {
		r := plain.Fork(t)
		run, err := r.order(t, c, "web", release{image: "nginx:2", service: alone, policy: deploy.Policy{RollbackOnInterrupt: back}})
		fine(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		run.Tell = func(_ deploy.Snapshot, d deploy.Decision) {
			if d.Run.Following != "" {
				cancel()
			}
		}
		_, d, err := run.Do(ctx)
		fine(t, err)
		if d.Outcome != deploy.Interrupted {
			t.Errorf("%s: %v", d.Outcome, d.Why)
		}
		r.Settle()
		runs := "runs web:2"
		if back {
			runs = "runs web:1"
		}
		if got := r.deployments(); !strings.Contains(got, runs) {
			t.Errorf("going back is %v:\n%s", back, got)
		}
	}
}

// The second one waits for the lease until the first, which hangs meanwhile, has let it run out.
func TestADeploymentThatHungFindsAnotherInItsPlaceAndWritesNothing(t *testing.T) {
	c := Load(t, small, fleet)
	r := NewRig(7)
	fine(t, r.Apply(c))
	run, err := r.order(t, c, "web", release{image: "nginx:1", service: alone})
	fine(t, err)
	after := ""
	run.Tell = func(deploy.Snapshot, deploy.Decision) {
		if after == "" {
			fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "nginx:2", service: alone})))
			after = r.deployments()
		}
	}
	if _, d, err := run.Do(context.Background()); !errors.Is(err, lease.ErrLost) {
		t.Errorf("both went through: %s, %v", d.Outcome, err)
	}
	if got := r.deployments(); got != after || after == "" {
		t.Errorf("the one that hung has written:\n%s\nbefore:\n%s", got, after)
	}
}

// waits counts the calls of a run from the moment on in which it follows a deployment until it knows the end, and how long that
// takes.
func (r *Rig) waits(t *testing.T, run *drive.Rollout) (calls int, took time.Duration, d deploy.Decision) {
	t.Helper()
	var since time.Time
	trace := r.Sim.Record()
	before, after := 0, 0
	run.Tell = func(_ deploy.Snapshot, d deploy.Decision) {
		if d.Run.Following != "" && since.IsZero() {
			since, before = r.Sim.Now(), len(trace.Entries)
		}
		took, after = r.Sim.Now().Sub(since), len(trace.Entries)
	}
	_, d, err := run.Do(context.Background())
	fine(t, err)
	for _, e := range trace.Entries[before:after] {
		if e.What == "call" {
			calls++
		}
	}
	return calls, took, d
}

func TestAWaitMakesAtMostHalfACallASecond(t *testing.T) {
	t.Parallel()
	c := Load(t, small, fleet)
	r := NewRig(8)
	fine(t, r.Apply(c))
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "nginx:1", service: behind})))
	for _, x := range []struct {
		name, image, service string
		limit                time.Duration
		want                 deploy.Outcome
	}{
		{"a small service that is never done", slow, behind, 10 * time.Minute, deploy.TimedOut},
		{"a small service", "berth.sim/web:2?boot=5s", behind, time.Hour, deploy.Succeeded},
		{"200 tasks", "berth.sim/web:2?boot=5s", strings.Replace(behind, `"desiredCount": 2`, `"desiredCount": 200`, 1), time.Hour, deploy.Succeeded},
	} {
		t.Run(x.name, func(t *testing.T) {
			r := r.Fork(t)
			if x.name == "200 tasks" {
				c := Load(t, small, strings.NewReplacer("min_size         = 3", "min_size = 14", "desired_capacity = 3", "desired_capacity = 14", "max_size         = 6", "max_size = 30").Replace(fleet))
				fine(t, r.Apply(c))
				r.Settle()
			}
			run, err := r.order(t, c, "web", release{image: x.image, service: x.service, policy: deploy.Policy{Timeout: x.limit}})
			fine(t, err)
			calls, took, d := r.waits(t, run)
			if float64(calls) > took.Seconds()/2 || took < 30*time.Second || d.Outcome != x.want {
				t.Errorf("%d calls in %v: %s %v", calls, took, d.Outcome, d.Why)
			}
			t.Logf("%d calls in %v: %.2f a second", calls, took, float64(calls)/took.Seconds())
		})
	}
}

// override makes a service run another revision, as somebody else would.
func override(c *cloud.Cloud, service, definition string) error {
	_, err := c.ECS.UpdateService(context.Background(), &ecs.UpdateServiceInput{
		Cluster: new("acc"), Service: &service, TaskDefinition: &definition,
	})
	return err
}

func TestARouteThatChangesOrGoesTakesAlongWhatItHad(t *testing.T) {
	c := Load(t, small, fleet)
	r := NewRig(9)
	fine(t, r.Apply(c))
	without := r.Census()
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "nginx:1", service: behind})))
	for _, other := range []string{"path=/api/*&priority=200", "path=/api/*&priority=300&health_check=/up&deregistration_delay=5", "host=api.example.com&protocol=HTTP"} {
		moved := strings.Replace(behind, "path=/web/*&priority=200", other, 1)
		fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "nginx:1", service: moved})))
	}
	if n := strings.Count(r.Census(), ".Regions.Balancing.TargetGroups 2"); n != 1 {
		t.Errorf("not two target groups:\n%s", r.Census())
	}
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "nginx:1", service: alone})))
	r.Settle()
	for line := range strings.Lines(without) {
		if strings.Contains(line, "Balancing.TargetGroups ") && !strings.Contains(r.Census(), line) || strings.Contains(line, "Balancing.Rules") && !strings.Contains(r.Census(), line) {
			t.Errorf("something is left of the route; before it there was %s", line)
		}
	}
}
