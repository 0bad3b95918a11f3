package dst

import (
	"fmt"
	"strings"
	"testing"

	"berth/internal/roll"
	"berth/internal/sim/world"
)

// half is a cluster of six instances.
func half(t *testing.T) *rota {
	t.Helper()
	six := strings.NewReplacer("min_size           = 3", "min_size = 6", "max_size           = 6", "max_size = 7", "desired_capacity   = 3", "desired_capacity = 6").Replace(trio)
	return newRota(t, usual, six, aged)
}

// writing are the numbers of the calls of a whole roll that may change something.
func (r *rota) writing() (out []int) {
	n := 0
	r.ahead = func(operation string, at int) error {
		n = at
		if !world.Reads(operation) && !strings.HasPrefix(operation, "GET") {
			out = append(out, at)
		}
		return nil
	}
	r.ends(roll.Replaced)
	r.replaced(6)
	r.ahead = nil
	return append(out, n)
}

func TestARollThatDiesAtAnyCallIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	base := half(t)
	all := base.fork(t).writing()
	for i, at := range all {
		for _, after := range []bool{false, true} {
			if !sampled(t, 2*i, 2*len(all), 8) {
				continue
			}
			t.Run(fmt.Sprintf("call %d, its effect is there: %v", at, after), func(t *testing.T) {
				r := base.fork(t)
				r.ahead = func(_ string, n int) error {
					if after && n == at+1 || !after && n == at {
						r.killed = true
						return errCut
					}
					return nil
				}
				_, _, err := r.rolls()
				if r.ahead = nil; r.killed && err == nil {
					t.Error("it died, and says that all is well")
				}
				r.comes(ended(r))
				r.asBefore()
				r.replaced(6)
			})
		}
	}
}

// ended is what a run that follows another comes to: nothing if that one had come to its end.
func ended(r *rota) roll.Outcome {
	if n := len(r.looks); n > 0 && r.looks[n-1].Memory.Stage == roll.Over {
		return roll.Nothing
	}
	return roll.Replaced
}

func TestARollWhoseCallsGetLostComesToTheSameEnd(t *testing.T) {
	t.Parallel()
	base := half(t)
	all := base.fork(t).writing()
	for i, at := range all {
		for k, fault := range []world.Fault{world.LoseAnswer, world.LoseRequest, world.Throttle} {
			if !sampled(t, 3*i+k, 3*len(all), 8) {
				continue
			}
			t.Run(fmt.Sprintf("call %d, %v", at, fault), func(t *testing.T) {
				r := base.fork(t)
				r.ahead = func(operation string, n int) error {
					if n == at {
						r.Sim.With(func(w *world.World) {
							w.Troubles = append(w.Troubles, world.Trouble{Call: "*.*", Fault: fault, Times: 1})
						})
					}
					return nil
				}
				r.ends(roll.Replaced)
				r.replaced(6)
			})
		}
	}
}

func TestARollShowsNoSecrets(t *testing.T) {
	t.Parallel()
	r := newRota(t, usual, trio, `custom_userdata = "export TOKEN=hush-9f31"`)
	s, err := r.drive("").Look(t.Context())
	fine(t, err)
	shown := fmt.Sprintf("%+v", s)
	r.ends(roll.Replaced)
	for _, l := range r.looks {
		shown += fmt.Sprintf("%+v", l.Decision)
	}
	r.Sim.With(func(w *world.World) {
		for b := range w.S3.Buckets.Rows() {
			for _, head := range b.Objects.All() {
				for _, v := range head.Versions {
					shown += string(v.Data)
				}
			}
		}
	})
	if strings.Contains(shown, "hush-9f31") {
		t.Error("user data is shown or remembered")
	}
}
