package plan_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
)

// closed says what is wrong for a client of port 80: it is sent to a port where nobody listens or nobody gets through.
func closed(have *model.Set) string {
	plain, _ := model.Find[model.Listener](have, model.ListenerKey("", model.PortHTTP))
	if plain.Redirect == (model.Redirect{}) {
		return ""
	}
	guard, _ := model.Find[model.SecurityGroup](have, model.BalancerGroupKey(""))
	switch {
	case !have.Has(model.ListenerKey("", model.PortHTTPS)):
		return "nobody listens on port 443"
	case !slices.ContainsFunc(guard.Ingress, func(r model.Rule) bool { return r.From == model.PortHTTPS }):
		return "the security group lets nobody through to port 443"
	}
	return ""
}

func TestSafetyNobodyIsSentToAPortThatIsClosed(t *testing.T) {
	plain := balancer("", config.Application)
	secure := balancer("", config.Application)
	secure.TLS = config.TLS{Certificates: []string{"arn:1"}, Policy: "ELBSecurityPolicy-TLS13-1-3-2021-06", Redirect: true}
	rapid.Check(t, func(rt *rapid.T) {
		from, to := plain, secure
		if rapid.Bool().Draw(rt, "goes") {
			from, to = to, from
		}
		to.IdleTimeout = rapid.SampledFrom([]int{60, 120}).Draw(rt, "idle timeout")
		to.Check.Path = rapid.SampledFrom([]string{"/", "/health"}).Draw(rt, "path")
		have := stands(want(file(balancers(from))))
		p, err := plan.Make(want(file(balancers(to))), have)
		if err != nil {
			rt.Fatal(err)
		}
		state := plan.State{}
		var done []string
		for {
			ready := plan.Next(p, state)
			if len(ready) == 0 {
				break
			}
			c := rapid.SampledFrom(ready).Draw(rt, "next")
			state[c.Step] = plan.Done
			if c.Verb == plan.Delete {
				have.Remove(c.Key)
			} else {
				have.Add(c.To, model.Handle{ID: "x"})
			}
			done = append(done, string(c.Verb)+" "+c.Key.String())
			if wrong := closed(&have.Set); wrong != "" {
				rt.Fatalf("port 80 sends clients on, and %s, after: %s", wrong, strings.Join(done, ", "))
			}
		}
		if len(done) != len(p.Changes) {
			rt.Fatalf("%d of %d are done", len(done), len(p.Changes))
		}
	})
}
