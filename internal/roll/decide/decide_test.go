package decide

import (
	"testing"
	"time"

	"berth/internal/roll"
)

func TestEveryInstanceIsReplaced(t *testing.T) {
	for _, strategy := range []roll.Strategy{roll.Drain, roll.Double} {
		for _, each := range []int{1, 2, 5} {
			w := newToy(t, 3, each)
			w.order.Strategy = strategy
			w.serve("web", 4*each, 100, 200)
			w.serve("api", 1, 100, 200)
			began := w.now
			d := w.roll()
			if d.Outcome != roll.Replaced || w.outdated() != "0" {
				t.Errorf("%s of %d: %s %v, %s are left", strategy, 3*each, d.Outcome, d.Memory.Why, w.outdated())
			}
			w.clean(3*each, 3*each)
			t.Logf("%s of %d: %s, %+v", strategy, 3*each, w.now.Sub(began), d.Memory.Count)
		}
	}
}

func TestNothingIsLaunchedTwice(t *testing.T) {
	w := newToy(t, 3, 2)
	w.serve("web", 6, 100, 200)
	n := 0
	w.lose = func(v roll.Verb) (bool, bool) { n++; return n%5 == 1, n%5 == 3 }
	if d := w.roll(); d.Outcome != roll.Replaced {
		t.Errorf("%s %v", d.Outcome, d.Memory.Why)
	}
	w.clean(6, 6)
}

func TestAnImageThatNeverJoinsIsTakenAwayAgain(t *testing.T) {
	w := newToy(t, 3, 1)
	w.serve("web", 3, 100, 200)
	w.dud = true
	if d := w.roll(); d.Outcome != roll.Failed || w.outdated() != "3" {
		t.Errorf("%s %v, %s are left", d.Outcome, d.Memory.Why, w.outdated())
	}
	w.clean(3, 3)
}

func TestWithoutCapacityNothingIsTouched(t *testing.T) {
	w := newToy(t, 3, 1)
	w.serve("web", 3, 100, 200)
	w.refuse = "InsufficientInstanceCapacity"
	if d := w.roll(); d.Outcome != roll.Failed || w.outdated() != "3" {
		t.Errorf("%s %v", d.Outcome, d.Memory.Why)
	}
	for _, a := range w.acted {
		if a.Verb == roll.StartDrain || a.Verb == roll.Give {
			t.Errorf("%+v", a)
		}
	}
	w.clean(3, 3)
}

func TestARollIsAbortedAndUndone(t *testing.T) {
	for _, c := range []roll.Command{roll.Abort, roll.Undo} {
		for minutes := range 20 {
			w := newToy(t, 3, 2)
			w.serve("web", 6, 100, 200)
			at := w.now.Add(time.Duration(minutes) * time.Minute)
			w.lose = func(roll.Verb) (bool, bool) {
				if w.now.After(at) {
					w.command = c
				}
				return false, false
			}
			if d := w.roll(); d.Outcome == roll.Running {
				t.Errorf("%s after %d minutes: %s", c, minutes, d.Outcome)
			}
			w.clean(6, 6)
		}
	}
}

func TestLaunchesBeyondAThousandComeOneASecond(t *testing.T) {
	w := newToy(t, 3, 500)
	w.order.Strategy = roll.Double
	d := w.roll()
	if d.Outcome != roll.Replaced || w.outdated() != "0" {
		t.Fatalf("%s %v, %s are left", d.Outcome, d.Memory.Why, w.outdated())
	}
	launched, late := 0, time.Duration(0)
	for _, one := range d.Memory.News {
		launched++
		late = one.At.Sub(d.Memory.Began)
		if most := 1000 + int(late.Seconds()); launched > most {
			t.Fatalf("%d instances after %s", launched, late)
		}
	}
	w.clean(1500, 1500)
}

func TestWhereNoInstanceCanGoNothingIsTouched(t *testing.T) {
	w := newToy(t, 3, 1)
	w.serve("web", 3, 100, 100) // may have neither one more nor one less
	if d := w.roll(); d.Outcome != roll.Incomplete || w.outdated() != "3" {
		t.Errorf("%s %v", d.Outcome, d.Memory.Why)
	}
	if len(w.acted) > 0 {
		t.Errorf("%+v", w.acted)
	}
	w.clean(3, 3)
}

func TestTheTimeMayEndWhenEverythingIsReplaced(t *testing.T) {
	w := newToy(t, 3, 1)
	w.serve("web", 3, 100, 200)
	last := roll.Verb("")
	w.lose = func(v roll.Verb) (bool, bool) {
		if w.memory.Count.Replaced == 2 && v == roll.Give && w.order.MaxDuration == 0 {
			w.order.MaxDuration, w.memory.Order.MaxDuration = time.Second, time.Second // with the last one it is over
			last = v
		}
		return false, false
	}
	if d := w.roll(); d.Outcome != roll.Replaced || w.outdated() != "0" || last == "" {
		t.Errorf("%s %v, %s are left", d.Outcome, d.Memory.Why, w.outdated())
	}
	w.clean(3, 3)
}
