package dst

import (
	"strings"
	"testing"
	"time"

	"berth/internal/deploy"
)

func TestALoopThatTheCircuitBreakerDoesNotCountIsCalledOne(t *testing.T) {
	c := Load(t, small, fleet)
	r := NewRig(9)
	fine(t, r.Apply(c))
	fine(t, done(deploy.Succeeded)(r.Deploy(t, c, "web", release{image: "nginx:1", service: behind})))
	began := r.Sim.Now()
	d, err := r.Deploy(t, c, "web", release{image: "berth.sim/web:2?crash=10s", service: behind})
	fine(t, err)
	why := strings.Join(d.Why, "; ")
	if d.Outcome != deploy.Failed || !strings.Contains(why, "does not count tasks that run and then end") || d.Fix != "berth rollback web" {
		t.Errorf("%s: %s; %s", d.Outcome, why, d.Fix)
	}
	if took := r.Sim.Now().Sub(began); took > 2*time.Minute {
		t.Errorf("it took %v to tell", took)
	}
	fine(t, done(deploy.Succeeded)(r.Rollback(t, c, "web")))
}
