package dst

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/cli/rollout"
	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/diagnose"
	"berth/internal/live"
	"berth/internal/observe/service"
	"berth/internal/sim/scenario"
	"berth/internal/sim/world"
)

// calamity is a way in which a deployment comes to fail.
type calamity struct {
	name   string
	does   string // the version's program, behind the image's name
	v      release
	before func(*Rig) // what happens before it begins
	during func(*Rig) // what happens once AWS has begun it
	code   string     // of the diagnosis that must be among them
	want   deploy.Outcome
}

// pier is a service of two tasks behind a rule of its own.
const pier = `{"desiredCount": 2, "healthCheckGracePeriodSeconds": GRACE, "loadBalancers": [{"containerName": "web", "containerPort": 80,
	"targetGroupArn": "${berth.target_group.public?path=/web/*&priority=200}"}]SETTINGS}`

// moored is a pier with so much grace, and further settings behind a comma.
func moored(grace int, settings string) string {
	return strings.NewReplacer("GRACE", fmt.Sprint(grace), "SETTINGS", settings).Replace(pier)
}

const (
	unbroken = `, "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": false, "rollback": false}}`
	alarmed  = `, "deploymentConfiguration": {"alarms": {"alarmNames": ["errors"], "enable": true, "rollback": true}}`
	private  = `{"containerDefinitions": [{"name": "web", "image": "ghcr.io/acme/web:2", "cpu": 64, "memory": 64, "portMappings": [{"containerPort": 80}]}]}`
	rigid    = `, "deploymentConfiguration": {"minimumHealthyPercent": 100, "maximumPercent": 100}`
	ported   = `{"containerDefinitions": [{"name": "web", "image": "IMAGE", "cpu": 64, "memory": 64, "portMappings": [{"containerPort": 80, "hostPort": 40080}]}]}`
	wide     = `{"containerDefinitions": [{"name": "web", "image": "IMAGE", "cpu": 2000, "memory": 64, "portMappings": [{"containerPort": 80}]}]}`
)

// calamities are all that the world can bring about.
func calamities() []calamity {
	usual := release{service: moored(30, "")}
	bare := release{service: moored(30, unbroken)}
	crowd := release{service: strings.Replace(usual.service, `"desiredCount": 2`, `"desiredCount": 6`, 1), definition: wide}
	login := release{service: usual.service, definition: private}
	return []calamity{
		{name: "image not in its registry", does: "pull=missing", v: usual, code: "WHY101", want: deploy.RolledBack},
		{name: "registry lets nobody in", does: "pull=unauthorized", v: usual, code: "WHY102", want: deploy.RolledBack},
		{name: "registry has had too many pulls", does: "pull=ratelimited", v: usual, code: "WHY103", want: deploy.RolledBack},
		{name: "no way to the registry", does: "pull=unreachable", v: usual, code: "WHY105", want: deploy.RolledBack},
		{name: "disk of the instances is full", does: "pull=disk-full", v: usual, code: "WHY106", want: deploy.RolledBack},
		{name: "image for another processor", does: "pull=wrong-arch", v: usual, code: "WHY104", want: deploy.RolledBack},
		{name: "image not there, without a breaker", does: "pull=missing", v: bare, code: "WHY101", want: deploy.Failed},
		{name: "crash loop", does: "crash=5s", v: usual, code: "WHY201", want: deploy.Failed},
		{name: "crash loop, without a breaker", does: "crash=5s", v: bare, code: "WHY201", want: deploy.Failed},
		{name: "too much memory", does: "oom=5s", v: usual, code: "WHY203", want: deploy.Failed},
		{name: "health check gets an error", does: "unhealthy", v: usual, code: "WHY301", want: deploy.RolledBack},
		{name: "health check gets no answer", does: "silent", v: usual, code: "WHY302", want: deploy.RolledBack},
		{name: "health check fails, without a breaker", does: "unhealthy", v: bare, code: "WHY301", want: deploy.Failed},
		{name: "slow start, short grace period", does: "boot=4m", v: release{service: moored(10, "")}, code: "WHY303", want: deploy.RolledBack},
		{name: "no room, and AWS has no instances", v: crowd, before: plays("no capacity for t3.large"), code: "WHY602", want: deploy.TimedOut},
		{name: "no room, and the quota of vCPUs is used up", v: crowd, before: plays("quota L-1216C47A is 6"), code: "WHY603", want: deploy.TimedOut},
		{name: "another service has the host port", v: release{service: crowd.service, definition: ported}, before: noticed(occupied), code: "WHY403", want: deploy.TimedOut},
		{name: "a task of the old version is protected", v: usual, before: protected, code: "WHY711", want: deploy.TimedOut},
		{name: "an instance drains, and nothing may move", v: release{service: moored(30, rigid)}, before: emptying, code: "WHY604", want: deploy.TimedOut},
		{name: "secret of the registry is gone", v: login, during: withoutSecrets, code: "WHY501", want: deploy.RolledBack},
		{name: "execution role is gone", v: login, during: withoutRoles, code: "WHY505", want: deploy.RolledBack},
		{name: "agents of all instances are gone", v: usual, before: noticed(plays("agent of acc/1 gone", "agent of acc/2 gone", "agent of acc/3 gone")), code: "WHY601", want: deploy.TimedOut},
		{name: "a zone is lost meanwhile", does: "boot=20s", v: usual, during: plays("zone eu-west-1a down"), code: "WHY601", want: deploy.TimedOut},
		{name: "an alarm goes off", does: "boot=20s", v: release{service: moored(30, alarmed)}, before: alarm("OK"), during: alarm("ALARM"), code: "WHY702", want: deploy.RolledBack},
		{name: "another deployment comes in between", does: "pull=slow=20m", v: usual, during: overridden, want: deploy.Superseded},
	}
}

// plays is what somebody does in sentences.
func plays(sentences ...string) func(*Rig) {
	return func(r *Rig) {
		for _, one := range sentences {
			steps, err := scenario.File("class", one+"\n")
			if err == nil {
				err = r.Sim.Play("", steps)
			}
			if err != nil {
				panic(err) // the sentences stand in this file
			}
		}
	}
}

// noticed lets AWS find out what somebody has done.
func noticed(f func(*Rig)) func(*Rig) {
	return func(r *Rig) {
		f(r)
		r.Settle()
	}
}

func withoutSecrets(r *Rig) {
	r.Sim.With(func(w *world.World) { w.Region("eu-west-1").Secrets.Secrets = world.Table[world.Secret]{} })
}

func withoutRoles(r *Rig) {
	r.Sim.With(func(w *world.World) {
		for name := range w.IAM.Roles.All() {
			if strings.Contains(name, "execution") {
				w.IAM.Roles.Delete(name)
			}
		}
	})
}

// alarm brings the alarm "errors" into a state.
func alarm(state string) func(*Rig) {
	return func(r *Rig) {
		r.Sim.With(func(w *world.World) {
			region := w.Region("eu-west-1")
			a := &world.MetricAlarm{Name: "errors", ARN: "arn:aws:cloudwatch:eu-west-1:" + world.Account + ":alarm:errors", State: state, Enabled: true}
			region.CloudWatch.Alarms.Put(a.Name, a)
			w.Schedule(0, world.Event{Kind: "cloudwatch.alarm-changed", Region: region.Name, ID: a.Name, Arg: state})
			w.Settle()
		})
	}
}

func overridden(r *Rig) {
	cluster, _ := r.cluster(&config.Config{Region: "eu-west-1"})
	if err := override(cluster.Cloud, "web", "web:1"); err != nil {
		panic(err) // the first version stands
	}
}

// measure is what came of a class.
type measure struct {
	outcome  deploy.Outcome
	codes    []string
	reason   time.Duration // until a line gives a reason; negative: none did
	end      time.Duration // until berth is done
	breaker  time.Duration // until AWS's circuit breaker trips; negative: it does not within an hour
	evidence string
}

// measured deploys a version and looks how long everything takes.
func measured(t *testing.T, r *Rig, c *config.Config, x calamity) measure {
	t.Helper()
	x.v.image, x.v.policy = "berth.sim/web:2", deploy.Policy{Timeout: 15 * time.Minute}
	if x.does != "" {
		x.v.image += "?" + x.does
	}
	if x.before != nil {
		x.before(r)
	}
	run, err := r.order(t, c, "web", x.v)
	fine(t, err)
	m := measure{reason: -1, breaker: -1}
	began, begun := r.Sim.Now(), false
	run.Tell = func(s deploy.Snapshot, d deploy.Decision) {
		if d.Run.Following != "" && !begun {
			begun = true
			if x.during != nil {
				x.during(r)
			}
		}
		if m.reason < 0 && reasoned(s, d, began) {
			m.reason = s.At.Sub(began)
		}
	}
	_, d, err := run.Do(t.Context())
	fine(t, err)
	m.outcome, m.end, m.evidence = d.Outcome, r.Sim.Now().Sub(began), strings.Join(d.Why, "; ")
	m.codes = codes(d.Diagnoses)
	if len(m.codes) == 0 && d.Outcome != deploy.Succeeded {
		m.codes = codes(asked(t, r, c))
	}
	m.codes = slices.Compact(m.codes)
	if m.reason < 0 && len(m.codes) > 0 {
		m.reason = m.end
	}
	r.Sim.With(func(w *world.World) { w.Advance(time.Hour) })
	m.breaker = tripped(r, d.Run.Following, began)
	return m
}

// reasoned tells whether people read a reason for the first time: why tasks ended, what ECS says of the service, or that it is over.
func reasoned(s deploy.Snapshot, d deploy.Decision, began time.Time) bool {
	for _, why := range d.Why {
		if strings.Contains(why, " ended: ") || strings.Contains(why, "took its place") || strings.Contains(why, "alarm") {
			return true
		}
	}
	for _, sv := range s.Found.Services {
		for _, e := range sv.Events {
			if !e.At.Before(began) && strings.Contains(e.Text, "unable to") {
				return true
			}
		}
	}
	return false
}

// asked is what berth why says of the service.
func asked(t *testing.T, r *Rig, c *config.Config) []diagnose.Diagnosis {
	t.Helper()
	cluster, _ := r.acting(c, "why")
	found, err := service.Why(t.Context(), cluster.Cloud, r.rollout(t, c, "why").Scope, live.Subject{Kind: "service", Name: "web"})
	fine(t, err)
	return diagnose.Of(found)
}

// tripped is when AWS's circuit breaker ended a deployment.
func tripped(r *Rig, arn string, began time.Time) time.Duration {
	took := time.Duration(-1)
	r.Sim.With(func(w *world.World) {
		for region := range w.Regions.Rows() {
			for k := range region.ECS.Clusters.Rows() {
				for s := range k.Services.Rows() {
					for _, h := range s.History {
						if h.ARN != arn || h.BreakerStatus != "TRIGGERED" {
							continue
						}
						at := h.RollbackAt
						if at.IsZero() {
							at = h.FinishedAt
						}
						took = at.Sub(began)
					}
				}
			}
		}
	})
	return took
}

func seconds(d time.Duration) string {
	if d < 0 {
		return "never"
	}
	return fmt.Sprintf("%.0f", d.Seconds())
}

// failuresPage is the guide whose table is measured, between these marks.
const (
	failuresPage = "../../docs/guide/failures.md"
	tableBegins  = "<!-- measured -->\n"
	tableEnds    = "<!-- /measured -->\n"
)

func TestTheGuideToFailuresIsWhatWasMeasured(t *testing.T) {
	t.Parallel()
	c := Load(t, small, fleet, `registries = { "ghcr.io" = { username = "acme", password_env = "REGISTRY_TOKEN" } }`)
	plain := NewRig(10)
	fine(t, plain.Apply(c))
	fine(t, done(deploy.Succeeded)(plain.Deploy(t, c, "web", release{image: "berth.sim/web:1", service: moored(30, "")})))
	plain.Settle()
	table := "| what happens | diagnosis | exit code | a reason is on the screen after | berth is done after | AWS's circuit breaker trips after |\n|---|---|---|---|---|---|\n"
	for _, x := range calamities() {
		t.Run(x.name, func(t *testing.T) {
			m := measured(t, plain.Fork(t), c, x)
			if m.outcome != x.want || x.code != "" && !strings.Contains(strings.Join(m.codes, " "), x.code) {
				t.Errorf("%s %v, want %s and %s: %s", m.outcome, m.codes, x.want, x.code, m.evidence)
			}
			table += fmt.Sprintf("| %s | %s | %d | %s | %s | %s |\n", x.name, cmp.Or(strings.Join(m.codes, " "), "none: the other one is named"), rollout.Exit(m.outcome), seconds(m.reason), seconds(m.end), seconds(m.breaker))
		})
	}
	text, err := os.ReadFile(failuresPage)
	fine(t, err)
	head, rest, found := strings.Cut(string(text), tableBegins)
	old, tail, ends := strings.Cut(rest, tableEnds)
	if !found || !ends {
		t.Fatal("the page has no place for the table")
	}
	if *update {
		fine(t, os.WriteFile(failuresPage, []byte(head+tableBegins+table+tableEnds+tail), 0o600))
	} else if old != table {
		t.Errorf("the page says otherwise (-update rewrites it):\n%s", table)
	}
}
