package decide

import (
	"testing"

	"berth/internal/roll"
)

// deleted lets somebody delete the group with all its instances right after the action of a number.
func (w *toy) deleted(after int) {
	n := 0
	w.lose = func(roll.Verb) (bool, bool) {
		if n++; n == after {
			w.groups = nil
			for _, node := range w.nodes {
				node.gone = w.now
			}
			for _, t := range w.tasks {
				t.Last, t.Desired = roll.TaskStopped, roll.TaskStopped
			}
			return true, false // the action meets nothing any more
		}
		return false, false
	}
}

func TestAGroupThatSomebodyDeletesIsForsaken(t *testing.T) {
	for after := 1; ; after++ {
		w := newToy(t, 3, 2)
		w.serve("web", 6, 100, 200)
		w.deleted(after)
		d := w.roll()
		if len(w.groups) > 0 {
			if after < 20 {
				t.Errorf("the roll has only %d actions", after)
			}
			return
		}
		if d.Outcome == roll.Running || len(d.Memory.Pools) > 0 {
			t.Errorf("after action %d: %s, %+v", after, d.Outcome, d.Memory.Pools)
		}
	}
}
