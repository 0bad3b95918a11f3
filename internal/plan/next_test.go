package plan_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/model"
	"berth/internal/plan"
)

func TestNextIsWhatNeedsNothingThatIsOpen(t *testing.T) {
	a, b, c := step(plan.Create, model.VPCKey()), step(plan.Create, model.InternetGatewayKey()), step(plan.Create, model.BucketKey())
	p := plan.Plan{Changes: []plan.Change{{Step: a}, {Step: b, Needs: []plan.Step{a}}, {Step: c}}}
	for _, one := range []struct {
		what  string
		state plan.State
		want  []plan.Step
	}{
		{"at the beginning", nil, []plan.Step{a, c}},
		{"the first runs", plan.State{a: plan.Running}, []plan.Step{c}},
		{"the first is done", plan.State{a: plan.Done}, []plan.Step{b, c}},
		{"the first is broken", plan.State{a: plan.Broken}, []plan.Step{c}},
		{"the second runs", plan.State{a: plan.Done, b: plan.Running, c: plan.Running}, nil},
		{"all is done", plan.State{a: plan.Done, b: plan.Done, c: plan.Done}, nil},
	} {
		var got []plan.Step
		for _, change := range plan.Next(p, one.state) {
			got = append(got, change.Step)
		}
		if !slices.Equal(got, one.want) {
			t.Errorf("%s: %v", one.what, got)
		}
	}
}

func TestAskingWhatIsNextStartsNothing(t *testing.T) {
	p := made(t, want(file()), model.Inventory{})
	state := plan.State{}
	first := plan.Next(p, state)
	if len(state) != 0 || len(first) == 0 || len(plan.Next(p, state)) != len(first) {
		t.Error(state)
	}
}

func TestBlockedIsWhatNeverStarted(t *testing.T) {
	a, b, c := step(plan.Create, model.VPCKey()), step(plan.Create, model.InternetGatewayKey()), step(plan.Create, model.BucketKey())
	p := plan.Plan{Changes: []plan.Change{{Step: a}, {Step: b, Needs: []plan.Step{a}}, {Step: c}}}
	got := plan.Blocked(p, plan.State{a: plan.Broken, c: plan.Done})
	if len(got) != 1 || got[0].Step != b {
		t.Error(got)
	}
	if got := plan.Blocked(p, plan.State{a: plan.Done, b: plan.Running, c: plan.Done}); len(got) != 0 {
		t.Error(got)
	}
}

func TestLivenessWhatIsBrokenHoldsUpOnlyWhatNeedsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := files().Draw(t, "from"), files().Draw(t, "to")
		have := stands(want(from))
		p := possible(t, wantOver(to, &have), have)
		if len(p.Changes) == 0 {
			return
		}
		broken := rapid.SampledFrom(p.Changes).Draw(t, "broken").Step
		state := plan.State{}
		for {
			ready := plan.Next(p, state)
			if len(ready) == 0 {
				break
			}
			c := rapid.SampledFrom(ready).Draw(t, "next")
			state[c.Step] = plan.Done
			if c.Step == broken {
				state[c.Step] = plan.Broken
			}
		}
		held := plan.Blocked(p, state)
		for _, c := range p.Changes {
			waits := before(p, broken, c.Step)
			if waits != slices.ContainsFunc(held, func(h plan.Change) bool { return h.Step == c.Step }) {
				t.Fatalf("%v waits for %v: %v", c.Step, broken, waits)
			}
		}
	})
}

func TestAChangeIsDoneWhenAWSShowsIt(t *testing.T) {
	vpc := model.VPC{CIDR: "10.0.0.0/16"}
	k := vpc.Key()
	shown := func(s model.Status, reason string) model.Inventory {
		var inv model.Inventory
		inv.Add(vpc, model.Handle{ID: "vpc-1", Status: s, Reason: reason})
		return inv
	}
	for _, c := range []struct {
		what string
		verb plan.Verb
		have model.Inventory
		want plan.Phase
		why  string
	}{
		{"made and not shown yet", plan.Create, model.Inventory{}, plan.Running, "AWS does not show it yet"},
		{"made and on its way", plan.Create, shown(model.Pending, "slow today"), plan.Running, "slow today"},
		{"made", plan.Create, shown(model.Ready, ""), plan.Done, ""},
		{"made and given up", plan.Create, shown(model.Failed, "no subnet"), plan.Broken, "no subnet"},
		{"made, and somebody deletes it", plan.Create, shown(model.Leaving, ""), plan.Running, ""},
		{"changed", plan.Update, shown(model.Ready, ""), plan.Done, ""},
		{"changed and moving", plan.Update, shown(model.Pending, "2 of 3"), plan.Running, "2 of 3"},
		{"changed and given up", plan.Update, shown(model.Failed, "no"), plan.Broken, "no"},
		{"awaited", plan.Wait, shown(model.Pending, ""), plan.Running, ""},
		{"awaited and there", plan.Wait, shown(model.Ready, ""), plan.Done, ""},
		{"awaited and gone", plan.Wait, model.Inventory{}, plan.Running, "AWS does not show it yet"},
		{"awaited and given up", plan.Wait, shown(model.Failed, "no"), plan.Broken, "no"},
		{"deleted", plan.Delete, model.Inventory{}, plan.Done, ""},
		{"deleted and leaving", plan.Delete, shown(model.Leaving, ""), plan.Running, ""},
		{"deleted and still there", plan.Delete, shown(model.Ready, ""), plan.Running, ""},
		{"deleted and broken", plan.Delete, shown(model.Failed, "no"), plan.Running, ""},
	} {
		phase, why := plan.Settle(plan.Change{Step: step(c.verb, k), From: vpc, To: vpc}, c.have)
		if phase != c.want || why != c.why {
			t.Errorf("%s: phase %d, %q", c.what, phase, why)
		}
	}
}
