package decide

import (
	"testing"

	"berth/internal/roll"
)

func TestWithoutRoomBesideAZoneIsEmptiedOnlyIfSomebodySaysSo(t *testing.T) {
	for _, allow := range []bool{false, true} {
		w := newToy(t, 3, 1)
		w.order.BeyondMax, w.order.AllowOutage = false, allow
		w.serve("web", 3, 50, 200)
		worst := 3
		w.lose = func(roll.Verb) (bool, bool) {
			count := 0
			for _, n := range w.nodes {
				if n.Status == roll.NodeActive && n.ARN != "" {
					count++
				}
			}
			worst = min(worst, count)
			return false, false
		}
		d := w.roll()
		want, left, least := roll.Refused, "3", 3
		if allow {
			want, left, least = roll.Replaced, "0", 2
		}
		if d.Outcome != want || w.outdated() != left || worst != least {
			t.Errorf("allowed: %v: %s %v, %s are left, %d worked at the worst", allow, d.Outcome, d.Memory.Why, w.outdated(), worst)
		}
		for _, a := range w.acted {
			if a.Verb == roll.LaunchNew || a.Verb == roll.SetMax || a.Verb == roll.Give && a.Decrement {
				t.Errorf("the group was to be left as large as it is: %+v", a)
			}
		}
		w.clean(3, 3)
	}
}
