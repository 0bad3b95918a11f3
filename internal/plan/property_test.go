package plan_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
)

// possible makes a plan that must be possible, and looks at its inner order.
func possible(t *rapid.T, want model.Set, have model.Inventory) plan.Plan {
	t.Helper()
	p, err := plan.Make(want, have)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[plan.Step]bool{}
	for _, c := range p.Changes {
		if seen[c.Step] {
			t.Fatalf("%v comes twice", c.Step)
		}
		seen[c.Step] = true
	}
	for _, c := range p.Changes {
		for _, n := range c.Needs {
			if !seen[n] {
				t.Fatalf("%v needs %v, which is not in the plan", c.Step, n)
			}
		}
	}
	return p
}

func TestSafetyNothingToDoWhenAgreeing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := want(files().Draw(t, "file"))
		if p := possible(t, set, stands(set)); len(p.Changes) > 0 || !p.Empty() {
			t.Fatal(p.Changes)
		}
	})
}

func TestLivenessAnyFileBecomesAnyOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := files().Draw(t, "from"), files().Draw(t, "to")
		w := &world{t: t, have: stands(want(from)), calm: true}
		set := wantOver(to, &w.have)
		w.do(possible(t, set, w.have), -1)
		if err := settled(w.have, set); err != nil {
			t.Fatal(err)
		}
		if p := possible(t, set, w.have); len(p.Changes) > 0 {
			t.Fatalf("the second plan still wants %v", p.Changes)
		}
	})
}

func TestLivenessInterruptedAnywhereTheNextRunEndsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := files().Draw(t, "from"), files().Draw(t, "to")
		w := &world{t: t, have: stands(want(from))}
		if rapid.Bool().Draw(t, "from nothing") {
			w.have = model.Inventory{}
		}
		for range 3 {
			w.do(possible(t, wantOver(to, &w.have), w.have), rapid.IntRange(0, 60).Draw(t, "steps"))
		}
		for runs := 0; ; runs++ {
			p := possible(t, wantOver(to, &w.have), w.have)
			if len(p.Changes) == 0 {
				break
			}
			if runs == 3 {
				t.Fatalf("it never ends: %v", p.Changes)
			}
			w.do(p, -1)
		}
		if err := settled(w.have, wantOver(to, &w.have)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestLivenessDestroyLeavesOnlyWhatBelongsToTheAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{t: t, have: stands(want(files().Draw(t, "file")))}
		if rapid.Bool().Draw(t, "half made") {
			w.have = model.Inventory{}
			w.do(possible(t, want(files().Draw(t, "the file")), w.have), rapid.IntRange(0, 80).Draw(t, "steps"))
		}
		if w.have.Has(model.CapacityKey("default")) && rapid.Bool().Draw(t, "in use") {
			w.have = inUse(w.have)
		}
		for w.do(possible(t, model.Set{}, w.have), rapid.IntRange(1, 80).Draw(t, "steps")) == false {
		}
		for r := range w.have.All() {
			if r.Key().Kind != model.KindServiceRole {
				t.Fatalf("%s is left", r.Key())
			}
		}
		if p := possible(t, model.Set{}, w.have); len(p.Changes) > 0 {
			t.Fatal(p.Changes)
		}
	})
}

func TestLivenessWhateverIsBrokenOrOnItsWayIsMadeGood(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := want(files().Draw(t, "file"))
		w := &world{t: t, have: stands(set)}
		var keys []model.Key
		for r := range w.have.All() {
			if k := r.Key().Kind; k != model.KindServiceRole && k != model.KindDefaultGroup {
				keys = append(keys, r.Key())
			}
		}
		states := rapid.SampledFrom([]model.Status{model.Pending, model.Leaving, model.Failed})
		for _, k := range rapid.SliceOfNDistinct(rapid.SampledFrom(keys), 1, 4, rapid.ID).Draw(t, "keys") {
			w.have = with(w.have, k, states.Draw(t, "state of "+k.String()))
		}
		to := set
		if rapid.Bool().Draw(t, "to another file") {
			to = wantOver(files().Draw(t, "to"), &w.have)
		}
		w.do(possible(t, to, w.have), -1)
		if err := settled(w.have, to); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSafetyRangesHandedOnAreAPlanOrAClearRefusal(t *testing.T) {
	cycles := 0
	rapid.Check(t, func(t *rapid.T) {
		// These files give their own ranges, and one may hand a range of the other to another subnet.
		from, to := file(zones(some(t, "from", 1, "a", "b", "c", "d")...)), file(zones(some(t, "to", 1, "a", "b", "c", "d")...))
		if rapid.Bool().Draw(t, "the tiers change places") {
			for i, z := range to.Zones {
				to.Zones[i].PublicCIDR, to.Zones[i].PrivateCIDR = z.PrivateCIDR, z.PublicCIDR
			}
		}
		w := &world{t: t, have: stands(want(from))}
		p, err := plan.Make(want(to), w.have)
		if cycle, ok := errors.AsType[*plan.Cycle](err); ok {
			cycles++
			if len(cycle.Steps) < 2 || !handsOn(from, to) {
				t.Fatal(err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		w.do(p, -1)
		if err := settled(w.have, want(to)); err != nil {
			t.Fatal(err)
		}
	})
	if cycles == 0 {
		t.Error("no range was handed on in a circle: this tests nothing")
	}
}

// handsOn tells whether a range of one file is another subnet's in the other.
func handsOn(from, to *config.Config) bool {
	a, b := want(from), want(to)
	for x := range model.Every[model.Subnet](&a) {
		for y := range model.Every[model.Subnet](&b) {
			if x.CIDR == y.CIDR && x.Key() != y.Key() {
				return true
			}
		}
	}
	return false
}

func TestSafetyEqualInputsGiveEqualPlans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := files().Draw(t, "from"), files().Draw(t, "to")
		have := stands(want(from))
		set := wantOver(to, &have)
		if a, b := possible(t, set, have), possible(t, set, have.Clone()); text(a) != text(b) || a.Base != b.Base {
			t.Fatal("they differ")
		}
	})
}
