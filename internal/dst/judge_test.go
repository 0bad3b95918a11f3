package dst

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/sim/traffic"
	"berth/internal/sim/world"
)

// yard is a cluster with every kind of load balancer, and with room for twice the tasks of any service. The classic one asks for
// a page: a check that only opens a connection takes a program for healthy that answers everything with an error.
const yard = `
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
load_balancers     = { public = {}, inner = { scheme = "internal" }, legacy = { type = "classic", instance_port = 8080, health_check = { path = "/" } } }
instance_groups    = {}
instance_type      = "t3.large"
min_size           = 6
desired_capacity   = 6
max_size           = 12
`

// berthing is how a service of the judge stands in the cluster; what is left of a version is its image.
type berthing struct {
	name       string
	definition string
	service    string // with the count and the settings in it
	stop       int    // seconds that a program may take to end
}

// berthings are the ways in which services stand behind load balancers, by how many seeds of ten have each.
func berthings(r *rand.Rand) berthing {
	tasks, delay, grace := 2+r.IntN(5), 5+r.IntN(56), r.IntN(61)
	target := func(lb, path string) string {
		return fmt.Sprintf(`"targetGroupArn": "${berth.target_group.%s?path=%s&deregistration_delay=%d}"`, lb, path, delay)
	}
	const usual = `"portMappings": [{"containerPort": 80}]`
	b := berthing{stop: min(delay, 30)}
	mode, port, ports, balancer, more := "bridge", 80, usual, "", ""
	switch n := r.IntN(10); {
	case n < 6:
		b.name, balancer = "external", target("public", "/web/*")
	case n < 8:
		b.name, balancer = "internal", target("inner", "/*")
	case n < 9:
		b.name, ports, balancer, tasks = "classic", `"portMappings": [{"containerPort": 80, "hostPort": 8080}]`, `"loadBalancerName": "${berth.load_balancer.legacy}"`, 2+r.IntN(2)
	default:
		b.name, mode, balancer, tasks = "awsvpc", "awsvpc", target("public", "/web/*"), 2+r.IntN(3)
		port, ports = 40080, `"portMappings": [{"containerPort": 40080}]` // the instances' security groups let load balancers in from 32768 up
		more = `, "networkConfiguration": {"awsvpcConfiguration": {"subnets": "${berth.subnets.private}", "securityGroups": ["${berth.security_group.default}"]}}`
	}
	b.definition = fmt.Sprintf(`{"networkMode": %q, "containerDefinitions": [{"name": "web", "image": "IMAGE", "cpu": 64, "memory": 64, %s%s}]}`, mode, ports, checkOf(r))
	b.service = fmt.Sprintf(`{"desiredCount": %d, "healthCheckGracePeriodSeconds": %d, "loadBalancers": [{%s, "containerName": "web", "containerPort": %d}]%s}`,
		tasks, 30+grace, balancer, port, more)
	return b
}

// checkOf is a health check of the container's own, for every third service: it gives the program the time it takes to boot.
func checkOf(r *rand.Rand) string {
	if r.IntN(3) > 0 {
		return ""
	}
	return fmt.Sprintf(`, "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": %d, "retries": %d, "startPeriod": 60}`, 5+r.IntN(26), 2+r.IntN(3))
}

// sound is an image whose program serves within its grace period, and ends within its stop timeout and its targets' delay.
func (b berthing) sound(r *rand.Rand, tag int) string {
	return fmt.Sprintf("berth.sim/web:%d?boot=%ds&slowstop=%ds&took=%dms", tag, 1+r.IntN(25), 1+r.IntN(b.stop), 1+r.IntN(900))
}

// flaw is a version that cannot work, and what berth says of it.
type flaw struct {
	does string
	code string // of a diagnosis that must be there; of health checks only how it begins, since the container's may be faster
	ends []deploy.Outcome
}

// flaws are the versions that never serve. One that serves and fails afterwards is none of them: it takes requests by right, and
// what it then drops no deployment can save.
func flaws() []flaw {
	back, stays := []deploy.Outcome{deploy.RolledBack}, []deploy.Outcome{deploy.Failed, deploy.RolledBack}
	return []flaw{
		{"crash=1s", "WHY201", stays},
		{"crash=3s&exit=7&boot=10s", "WHY201", stays},
		{"crash=20s&boot=25s", "WHY201", stays},
		{"oom=2s&boot=10s", "WHY203", stays},
		{"pull=missing", "WHY101", back},
		{"pull=unauthorized", "WHY102", back},
		{"pull=ratelimited", "WHY103", back},
		{"pull=unreachable", "WHY105", back},
		{"pull=wrong-arch", "WHY104", back},
		{"unhealthy", "WHY30", back},
		{"status=404", "WHY30", back},
		{"silent", "WHY30", back},
		{"boot=24h", "WHY30", back},
	}
}

// judge is one seeded life of a service, and what became of the requests meanwhile.
type judge struct {
	*Rig
	t      *testing.T
	c      *config.Config
	b      berthing
	served int64
}

// watched does something, and wants no request to fail from then until long after it is done.
func (j *judge) watched(what string, f func()) {
	j.t.Helper()
	before := j.Sim.Figures().Count()
	f()
	j.pass(15 * time.Minute)
	after := j.Sim.Figures().Count().Since(before)
	if len(after.Failed) > 0 {
		j.t.Errorf("%s: requests fail: %+v of %d\n%s", what, after.Failed, after.Offered, unserved(j.Rig))
	}
	j.served += after.Served
}

func (j *judge) pass(d time.Duration) { j.Sim.With(func(w *world.World) { w.Advance(d) }) }

// unserved are the stretches in which requests failed, for people who read a failed test.
func unserved(r *Rig) string {
	text := ""
	r.Sim.With(func(w *world.World) {
		for _, f := range traffic.Figures(w) {
			for _, x := range f.Failures {
				text += fmt.Sprintf("  %s %s %s: %d %s at %s to %s\n", f.Balancer, x.Group, x.Target, x.Count, x.Reason, x.From.Format("15:04:05"), x.To.Format("15:04:05"))
			}
		}
	})
	return text
}

func (j *judge) deploys(image string) deploy.Decision {
	j.t.Helper()
	d, err := j.Deploy(j.t, j.c, "web", release{image: image, service: j.b.service, definition: j.b.definition, policy: deploy.Policy{Timeout: 30 * time.Minute}})
	fine(j.t, err)
	return d
}

// ends wants one of some outcomes, and a diagnosis where there is one to be had.
func (j *judge) ends(what string, d deploy.Decision, code string, want ...deploy.Outcome) {
	j.t.Helper()
	found := slices.ContainsFunc(codes(d.Diagnoses), func(c string) bool { return strings.HasPrefix(c, code) })
	if !slices.Contains(want, d.Outcome) || code != "" && !found {
		j.t.Errorf("%s: %s, diagnosed as %v, want %v and %s: %s", what, d.Outcome, codes(d.Diagnoses), want, code, strings.Join(d.Why, "; "))
	}
}

// life is a service that is deployed, deployed again, deployed with a flaw, and taken back where AWS does not.
func (j *judge) life(r *rand.Rand) {
	first, second := j.b.sound(r, 1), j.b.sound(r, 2)
	f := flaws()[r.IntN(len(flaws()))]
	j.ends(first, j.deploys(first), "", deploy.Succeeded)
	j.pass(time.Duration(1+r.IntN(20)) * time.Minute)
	j.watched(second, func() { j.ends(second, j.deploys(second), "", deploy.Succeeded) })
	broken := "berth.sim/web:3?" + f.does
	j.watched(broken, func() {
		d := j.deploys(broken)
		j.ends(broken, d, f.code, f.ends...)
		if d.Outcome == deploy.Failed {
			fine(j.t, done(deploy.Succeeded)(j.Rollback(j.t, j.c, "web")))
		}
	})
	if j.served == 0 {
		j.t.Error("nobody asked for anything, so nothing could fail")
	}
}

func TestJudgeDeploymentsFailNoRequest(t *testing.T) {
	t.Parallel()
	c := Load(t, small, yard)
	for seed := range uint64(*seeds) {
		r := rand.New(rand.NewPCG(seed, 5))
		rig := NewRig(seed + 1)
		fine(t, rig.Apply(c))
		rig.Settle()
		j := &judge{Rig: rig, c: c, b: berthings(r)}
		t.Run(fmt.Sprintf("seed %d, %s", seed+1, j.b.name), func(t *testing.T) {
			j.t = t
			j.life(r)
			if t.Failed() {
				t.Logf("%s\nreplay: go test ./internal/dst -run TestJudgeDeployments -seeds %d", j.b.service, seed+1)
			}
		})
	}
}

// A judge that never sees a failed request proves nothing: these are settings under which requests must fail.
func TestJudgeSeesWhatUnhealthySettingsCost(t *testing.T) {
	c := Load(t, small, yard)
	for name, x := range map[string]struct{ image, settings string }{
		"all old tasks stop first":                {"berth.sim/web:2?boot=20s", `, "deploymentConfiguration": {"minimumHealthyPercent": 0, "maximumPercent": 100}, "availabilityZoneRebalancing": "DISABLED"`},
		"it serves, and crashes then":             {"berth.sim/web:2?crash=90s", ""},
		"it serves, and answers with errors then": {"berth.sim/web:2?boot=1s&unhealthy=2m", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := NewRig(1)
			fine(t, r.Apply(c))
			fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "berth.sim/web:1", service: moored(30, "")})))
			r.Settle()
			before := r.Sim.Figures().Count()
			_, err := r.Deploy(t, c, "web", release{image: x.image, service: moored(30, x.settings), policy: deploy.Policy{Timeout: 15 * time.Minute}})
			fine(t, err)
			r.Settle()
			if after := r.Sim.Figures().Count().Since(before); len(after.Failed) == 0 {
				t.Errorf("nothing failed: %+v", after)
			}
		})
	}
}

func TestALoopThatTheCircuitBreakerDoesNotCountIsCalledOne(t *testing.T) {
	c := Load(t, small, fleet)
	r := NewRig(9)
	fine(t, r.Apply(c))
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "nginx:1", service: behind})))
	began := r.Sim.Now()
	d, err := r.Deploy(t, c, "web", release{image: "berth.sim/web:2?crash=10s", service: behind})
	fine(t, err)
	why := strings.Join(d.Why, "; ")
	if d.Outcome != deploy.Failed || !strings.Contains(why, "counts only those that a health check ends") || d.Fix != "berth rollback web" {
		t.Errorf("%s: %s; %s", d.Outcome, why, d.Fix)
	}
	if took := r.Sim.Now().Sub(began); took > 2*time.Minute {
		t.Errorf("it took %v to tell", took)
	}
	fine(t, done(deploy.Succeeded)(r.Rollback(t, c, "web")))
}
