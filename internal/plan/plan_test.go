package plan_test

import (
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
)

func TestAPlanIsEmptyWhenItOnlyWaits(t *testing.T) {
	wait := plan.Change{Step: step(plan.Wait, model.VPCKey())}
	for want, p := range map[bool][]plan.Plan{
		true: {{}, {Base: "x"}, {Changes: []plan.Change{wait, wait}}},
		false: {
			{Changes: []plan.Change{wait, {Step: step(plan.Update, model.VPCKey())}}},
			{Changes: []plan.Change{{Step: step(plan.Delete, model.VPCKey())}}},
			{Changes: []plan.Change{{Step: step(plan.Create, model.VPCKey())}}},
		},
	} {
		for _, one := range p {
			if one.Empty() != want {
				t.Error(one)
			}
		}
	}
}

func TestTheImpactOfAPlanIsItsWorstChanges(t *testing.T) {
	p := plan.Plan{Changes: []plan.Change{{Impact: plan.Rolling}, {Impact: plan.Brief}, {Impact: plan.None}}}
	if p.Impact() != plan.Brief {
		t.Error(p.Impact())
	}
	for i, want := range []string{"none", "rolling", "brief", "outage"} {
		if plan.Impact(i).String() != want {
			t.Errorf("%d is %s", i, plan.Impact(i))
		}
	}
}

func TestFindKnowsAReplacementsTwoHalves(t *testing.T) {
	p := changed(t, file(), file(balancers(internal(balancer("", config.Application)))))
	gone, ok1 := p.Find(step(plan.Delete, model.LoadBalancerKey("")))
	made, ok2 := p.Find(step(plan.Create, model.LoadBalancerKey("")))
	if !ok1 || !ok2 || gone.To != nil || made.From != nil || !gone.Replaces || !made.Replaces {
		t.Error(gone, made)
	}
	if _, ok := p.Find(step(plan.Update, model.LoadBalancerKey(""))); ok {
		t.Error("it finds what is not there")
	}
}

func TestTheDurationOfAPlanIsItsLongestChain(t *testing.T) {
	nat, route, capacity := step(plan.Create, model.NATGatewayKey("a")), step(plan.Create, model.RouteKey(model.Private, "a")), step(plan.Create, model.CapacityKey("a"))
	other := step(plan.Create, model.NATGatewayKey("b"))
	chain := plan.Plan{Changes: []plan.Change{{Step: capacity, Needs: []plan.Step{route, other}}, {Step: nat}, {Step: route, Needs: []plan.Step{nat}}, {Step: other}}}
	if got, want := chain.Duration(), plan.Usual(nat)+plan.Usual(capacity); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	apart := plan.Plan{Changes: []plan.Change{{Step: nat}, {Step: other}}}
	if got := apart.Duration(); got != plan.Usual(nat) {
		t.Errorf("two that go together take %s", got)
	}
	if got := made(t, want(file()), model.Inventory{}).Duration(); got < 2*time.Minute || got > 5*time.Minute {
		t.Errorf("a new cluster takes %s", got)
	}
}

func TestNobodyLooksLaterThanAThingIsUsuallyDone(t *testing.T) {
	for _, k := range model.Kinds() {
		for _, v := range []plan.Verb{plan.Create, plan.Update, plan.Delete, plan.Wait} {
			s := step(v, model.Key{Kind: k})
			first, every := plan.Pace(s)
			if first < time.Second || every < time.Second || every > 5*time.Second {
				t.Errorf("%v: first after %s, then every %s", s, first, every)
			}
			if usual := plan.Usual(s); usual > 0 && first > usual || usual == 0 && first > 10*time.Second {
				t.Errorf("%v: first after %s, and it usually takes %s", s, first, usual)
			}
		}
	}
}

func TestWhatAPlanMakesIsCountedAgainstTheQuotas(t *testing.T) {
	classic := balancer("old", config.Classic)
	for _, c := range []struct {
		what string
		p    plan.Plan
		want map[string]int
	}{
		{
			"a new cluster of two zones", made(t, want(file(balancers(balancer("", config.Application), classic))), model.Inventory{}),
			map[string]int{"L-F678F1CE": 1, "L-A4707A72": 1, "L-0263D0A3": 2, "L-53DA6B97": 1, "L-E9E9831D": 1},
		},
		{"a zone more", changed(t, file(), file(zones("a", "b", "c"))), map[string]int{"L-0263D0A3": 1}},
		{"another zone for one: both addresses are there for a while", changed(t, file(), file(zones("a", "c"))), map[string]int{"L-0263D0A3": 1}},
		{"what is made anew takes its own place", changed(t, file(), file(balancers(internal(balancer("", config.Application))))), map[string]int{}},
		{"less of everything", changed(t, file(zones("a", "b", "c")), file()), map[string]int{}},
		{"nothing", plan.Plan{}, map[string]int{}},
	} {
		if got := plan.Demand(c.p); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

func TestOnlyKindsWithLowLimitsHaveAQuota(t *testing.T) {
	codes := map[string]model.Kind{}
	for _, k := range model.Kinds() {
		code := plan.QuotaOf(k)
		if other, twice := codes[code]; twice && code != "" {
			t.Errorf("%s and %s share %s", k, other, code)
		}
		codes[code] = k
	}
	if len(codes) != 6 { // five, and the rest
		t.Error(codes)
	}
}

func TestSafetyDemandCountsNoMoreThanIsMade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := files().Draw(t, "from"), files().Draw(t, "to")
		have := stands(want(from))
		p := possible(t, wantOver(to, &have), have)
		for code, n := range plan.Demand(p) {
			creates := 0
			for _, c := range p.Changes {
				if c.Verb == plan.Create && plan.QuotaOf(c.Key.Kind) == code {
					creates++
				}
			}
			if n < 1 || n > creates {
				t.Fatalf("%d of %s for %d", n, code, creates)
			}
		}
	})
}
