// Package dst proves berth against the simulated AWS: scenarios, seeds, crash points, and what must hold after them.
//
// It is the one place where the tool and the simulator meet in one test. In: configurations as text, seeds. Out:
// nothing but the tests' verdict and, for a failure, what replays it. The code under test is the real one, from the
// file to the wire.
package dst

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"berth/internal/cli/privilege"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/plan"
	"berth/internal/secret"
	"berth/internal/sim"
	"berth/internal/sim/access"
	"berth/internal/sim/secrets"
	"berth/internal/sim/world"
)

// Rig is one simulated AWS with the tool pointed at it.
type Rig struct {
	Sim *sim.Sim
	// Hook wraps the way to the simulation: it sees every request before and after its effect. Nil: nothing does.
	Hook func(next http.RoundTripper) http.RoundTripper
	// Passwords are those of registries by host, where they shall differ from the usual ones; an empty one is not set.
	Passwords map[string]string
	// Policies takes the policy that a verb runs under, before it is used. Nil: nobody wants it.
	Policies func(verb string, p *access.Policy)

	runs int
}

// NewRig makes a new AWS, empty but for the secret of somebody else's that files of these tests name.
func NewRig(seed uint64) *Rig {
	w := world.New(seed)
	if err := secrets.Keep(w, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:datadog-1a2b3c"); err != nil {
		panic(err) // the ARN is right
	}
	return &Rig{Sim: sim.New(w)}
}

// Fork makes a rig that starts where this one stands, without its hook.
func (r *Rig) Fork(t *testing.T) *Rig {
	t.Helper()
	s, err := r.Sim.Fork()
	if err != nil {
		t.Fatal(err)
	}
	return &Rig{Sim: s, Passwords: r.Passwords, Policies: r.Policies, runs: r.runs + 1000}
}

// Load reads a configuration from text; of several texts the later win, as files do.
func Load(t *testing.T, texts ...string) *config.Config {
	t.Helper()
	var files []string
	for i, text := range texts {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%d.tfvars", i))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	c, faults := config.Load(config.Sources{Files: files})
	if faults.Failed() {
		t.Fatal(faults.String())
	}
	return c
}

// cluster is the tool, or somebody else, as a process of its own: every call makes a new run. It may do everything.
func (r *Rig) cluster(c *config.Config) (drive.Cluster, lease.Holder) {
	return r.run(c, r.Sim.Client())
}

// acting is the tool at one verb, which may do what berth iam policy prints for that and no more.
func (r *Rig) acting(c *config.Config, verb string) (drive.Cluster, lease.Holder) {
	return r.run(c, r.Sim.Under(r.policy(c, verb)))
}

func (r *Rig) run(c *config.Config, client *http.Client) (drive.Cluster, lease.Holder) {
	r.runs++
	if r.Hook != nil {
		client.Transport = r.Hook(client.Transport)
	}
	run := fmt.Sprintf("run-%d", r.runs)
	o := cloud.Options{Clock: r.Sim, Run: run, Width: 1}
	return drive.Cluster{Cloud: cloud.Embedded(client, c.Region, o), Config: c, Secrets: r.secrets(c)}, lease.Holder{Owner: "dst", Host: "test", Verb: "test", Run: run}
}

// secrets are a password for every registry.
func (r *Rig) secrets(c *config.Config) secret.Sources {
	out := secret.Sources{}
	for _, one := range c.Registries {
		password, given := r.Passwords[one.Host]
		if !given {
			password = "the usual password of " + one.Host
		}
		out[secret.Registry(one.Host)] = secret.New(password)
	}
	return out
}

// policy is what berth iam policy prints for a verb, with the account.
func (r *Rig) policy(c *config.Config, verb string) *access.Policy {
	p, err := privilege.Rehearsal(verb, c)
	if err != nil {
		panic(err) // the tool prints what is no policy
	}
	if r.Policies != nil {
		r.Policies(verb, p)
	}
	return p
}

// Survey compares the simulated AWS with a configuration.
func (r *Rig) Survey(c *config.Config) (drive.Survey, error) {
	cluster, _ := r.acting(c, "plan")
	return cluster.Survey(context.Background())
}

// Apply carries a configuration out, as berth apply --yes --allow-outage does.
func (r *Rig) Apply(c *config.Config) error {
	cluster, who := r.acting(c, "apply")
	return carryOut(drive.Job{Cluster: cluster, Who: who, Again: cluster.Survey})
}

// Destroy takes the cluster away, as berth destroy --yes does.
func (r *Rig) Destroy(c *config.Config) error {
	cluster, who := r.acting(c, "destroy")
	cluster.Secrets = nil // what goes is not compared with anything
	return carryOut(drive.Job{Cluster: cluster, Who: who, Again: cluster.Farewell})
}

func carryOut(j drive.Job) error {
	ctx := context.Background()
	s, err := j.Again(ctx)
	if err != nil || len(s.Plan.Changes) == 0 {
		return err
	}
	if err := j.Quotas(ctx, s.Plan); err != nil {
		return err
	}
	j.Agree = func(drive.Survey) error { return nil }
	_, res, err := j.Do(ctx, s)
	for _, f := range res.Failed {
		err = errors.Join(err, fmt.Errorf("%s %s: %w", f.Change.Verb, f.Change.Key, f.Err))
	}
	if err == nil && len(res.Skipped) > 0 {
		err = fmt.Errorf("%d changes were never started, the first is %s %s", len(res.Skipped), res.Skipped[0].Verb, res.Skipped[0].Key)
	}
	return err
}

// Settle lets the world's time pass until what takes a while has come to an end.
func (r *Rig) Settle() { r.Sim.With(func(w *world.World) { w.Advance(10 * time.Minute) }) }

// Agrees fails the test unless the configuration has nothing left to change.
func (r *Rig) Agrees(t *testing.T, c *config.Config, when string) {
	t.Helper()
	s, err := r.Survey(c)
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	for _, change := range s.Plan.Changes {
		if change.Verb != plan.Wait {
			t.Errorf("%s: the plan is not empty: %s %s %v", when, change.Verb, change.Key, change.Fields)
		}
	}
}
