package bench

import (
	"fmt"
	"testing"
)

// What apply and destroy of the example file may cost.
const (
	seeds     = 12   // worlds, each with delays of its own
	overChain = 1.10 // of the longest chain of delays that the world drew
	// Terraform makes a smaller cluster of 48 resources in two zones with 193 calls and destroys it with 178: four for each. This
	// one has 55 resources, ten of which tell people what fails.
	applyCalls   = 222
	destroyCalls = 225
)

func TestARunPollsLessThanItWritesAndHardlyWaitsInVain(t *testing.T) {
	for seed := uint64(1); seed <= seeds; seed++ {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			inBubble(t, seed, func(t *testing.T, s *site) {
				frugal(t, "apply", s.apply(t, example(t)), applyCalls)
				frugal(t, "destroy", s.destroy(t, example(t)), destroyCalls)
			})
		})
	}
}

func frugal(t *testing.T, verb string, j journey, most int) {
	t.Helper()
	all, over := j.total(), j.total().Took.Seconds()/j.chain().Seconds()
	t.Logf("%s: %d calls: %d in the opening look, %d polls, %d writes, %d for the lease; %.1f s, %.3f of the longest chain",
		verb, all.Calls, j.look.Reads, j.polls(), all.Writes, all.Lease, all.Took.Seconds(), over)
	if j.polls() > all.Writes {
		t.Errorf("%s polls %d times and writes %d times:\n%s", verb, j.polls(), all.Writes, kinds(all.Kinds))
	}
	if all.Calls > most {
		t.Errorf("%s makes %d calls, at most %d:\n%s", verb, all.Calls, most, kinds(all.Kinds))
	}
	if over > overChain {
		t.Errorf("%s takes %s, the longest chain of delays %s", verb, all.Took, j.chain())
	}
}
