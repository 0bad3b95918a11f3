package dst

import (
	"slices"
	"strings"
	"testing"

	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/sim/world"
)

func TestWhatARollLeavesOnAGroupIsNoDriftAndWhatSomebodySetIs(t *testing.T) {
	for _, one := range []struct {
		surge string
		most  int
		drift bool
	}{
		{"2 of 1", 3, false}, // raised
		{"2 of 1", 1, false}, // not yet raised, or lowered again
		{"2 of 1", 5, true},  // somebody has set another
		{"", 3, true},
		{"2 of 4", 6, true}, // raised from what the file does not say
	} {
		r, c := standing(t, small)
		r.group(func(g *world.ScalingGroup) {
			g.Max = one.most
			g.Tags = append(g.Tags, world.GroupTag{Key: model.TagRoll, Value: "pause 1a2b3c"})
			if one.surge != "" {
				g.Tags = append(g.Tags, world.GroupTag{Key: model.TagSurge, Value: one.surge})
			}
		})
		s, err := r.Survey(c)
		if err != nil {
			t.Fatal(err)
		}
		change, found := s.Plan.Find(plan.Step{Verb: plan.Update, Key: model.GroupKey("default")})
		if found != one.drift || found && !slices.Equal(names(change.Fields), []string{"max_size"}) || len(s.Plan.Changes) > 1 {
			t.Errorf("%q at %d: %+v", one.surge, one.most, s.Plan.Changes)
		}
	}
}

func TestAnotherMaximumOfTheFileComesUnderALeftSurgeToo(t *testing.T) {
	r, _ := standing(t, small)
	r.group(func(g *world.ScalingGroup) {
		g.Max = 3
		g.Tags = append(g.Tags, world.GroupTag{Key: model.TagSurge, Value: "2 of 1"})
	})
	c := Load(t, strings.Replace(small, "max_size             = 1", "max_size             = 4", 1))
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.group(func(g *world.ScalingGroup) {
		if g.Max != 4 {
			t.Errorf("the maximum is %d", g.Max)
		}
	})
	r.Agrees(t, c, "with a surge left behind")
}
