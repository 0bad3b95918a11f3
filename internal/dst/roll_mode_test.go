package dst

import (
	"slices"
	"testing"

	"berth/internal/roll"
)

// mode is a way in which tools of the field fail when they replace instances.
type mode struct {
	name string
	does func(*rota)
}

// modes are all of them, by their numbers in the list of what is known to fail.
func modes() []mode {
	return slices.Concat(serviceModes(), waivedModes(), roomModes(), drainModes(), sizeModes(), refreshModes(), peopleModes(), newcomerModes(), callModes(), pauseModes(), foreignModes(), relievedModes(), hookModes())
}

func TestFailureModesOfARoll(t *testing.T) {
	t.Parallel()
	r := newRota(t, usual, trio, aged)
	t.Run("00 nothing goes wrong", func(t *testing.T) {
		r := r.fork(t)
		r.ends(roll.Replaced)
		r.replaced(3)
	})
	ran := map[string]bool{}
	for _, m := range modes() {
		if number := m.name[:2]; *full || !ran[number] { // of each number one, without -full
			ran[number] = true
			t.Run(m.name, func(t *testing.T) { m.does(r.fork(t)) })
		}
	}
}

func TestEveryFailureModeOfARollHasAScenario(t *testing.T) {
	known := map[string]bool{}
	for _, m := range modes() {
		if known[m.name] {
			t.Errorf("%q stands there twice", m.name)
		}
		known[m.name], known[m.name[:2]] = true, true
	}
	for n := range 25 {
		if number := string([]byte{'0' + byte((n+1)/10), '0' + byte((n+1)%10)}); !known[number] {
			t.Errorf("there is no scenario for %s", number)
		}
	}
}
