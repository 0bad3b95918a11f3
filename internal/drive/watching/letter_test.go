package watching_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/notify"
	"berth/internal/sim/world"
	"berth/internal/watch"
)

// dropQueues takes the queues away.
func dropQueues(w *world.World) {
	r := w.Region("us-east-1")
	for name := range r.SQS.Queues.All() {
		r.SQS.Queues.Delete(name)
	}
}

func TestSinkThatIsDownIsTriedLessAndLessOften(t *testing.T) {
	s := newStage(t)
	s.post(s.ended("web", 1))
	var tries []time.Duration
	began := s.Now()
	k := &sink{stage: s, name: "ops", fail: func(m watch.Message) error {
		if m.Kind == watch.Opened {
			tries = append(tries, s.Now().Sub(began).Round(5*time.Second))
		}
		return errors.New("connection refused")
	}}
	up := &sink{stage: s, name: "up"}
	s.must(s.watcher("a", k, up).Run(t.Context(), false, time.Hour))
	want := []time.Duration{0, 5 * time.Second, 20 * time.Second, 80 * time.Second, 380 * time.Second, 1280 * time.Second, 2180 * time.Second, 3080 * time.Second}
	if !slices.Equal(tries, want) {
		t.Errorf("tried after %v", tries)
	}
	if !slices.Equal(up.kinds(), []string{"opened 1", "resolved 2"}) || s.said("ops does not take messages") != 1 {
		t.Errorf("the other got %v; %q", up.kinds(), s.talk)
	}
	k.fail = nil
	s.must(s.watcher("b", k, up).Run(t.Context(), false, time.Hour))
	if !slices.Equal(k.kinds(), []string{"opened 1", "resolved 2"}) || len(s.dead) > 0 {
		t.Errorf("in the end it got %v, and %v are dead", k.kinds(), s.dead)
	}
}

func TestReceiverSaysWhenToComeAgain(t *testing.T) {
	s := newStage(t)
	s.post(s.ended("web", 1))
	var tries []time.Time
	k := &sink{stage: s, name: "ops"}
	k.fail = func(watch.Message) error {
		if tries = append(tries, s.Now()); len(tries) == 1 {
			return &notify.Failure{Text: "429", After: 7 * time.Minute}
		}
		return nil
	}
	s.must(s.watcher("a", k).Run(t.Context(), false, 10*time.Minute))
	if len(tries) < 2 || tries[1].Sub(tries[0]) < 7*time.Minute || tries[1].Sub(tries[0]) > 8*time.Minute {
		t.Errorf("tried at %v", tries)
	}
}

func TestLetterThatNobodyTakesIsKeptAsADeadOne(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		watch time.Duration
		why   string
	}{
		"refused for good": {&notify.Failure{Text: "404 Not Found", Final: true}, time.Minute, "it was refused: 404 Not Found"},
		"down for a day":   {errors.New("timeout"), 26 * time.Hour, "it could not be delivered for 24 hours: timeout"},
	} {
		s := newStage(t)
		s.post(s.ended("web", 1))
		k := &sink{stage: s, name: "ops", fail: func(watch.Message) error { return c.err }}
		s.must(s.watcher("a", k).Run(t.Context(), false, c.watch))
		if len(s.dead) == 0 || !strings.HasPrefix(s.dead[0], "ops ") || !strings.HasSuffix(s.dead[0], "-1 "+c.why) || s.said("is given up") != len(s.dead) {
			t.Errorf("%s: dead are %q; %q", name, s.dead, s.talk)
		}
		if m, _ := s.memory(); len(m.Letters) > 0 && c.watch > time.Hour {
			t.Errorf("%s: letters are left", name)
		}
	}
}

func TestLetterIsKeptWhileItCannotBeBuried(t *testing.T) {
	s := newStage(t)
	s.post(s.ended("web", 1))
	k := &sink{stage: s, name: "ops", fail: func(watch.Message) error { return &notify.Failure{Text: "no", Final: true} }}
	w := s.watcher("a", k)
	w.DeadLetters = func(watch.Message, string, string) error { return errors.New("disk full") }
	s.must(w.Run(t.Context(), false, 5*time.Minute))
	if m, _ := s.memory(); len(m.Letters) == 0 || s.said("disk full") == 0 {
		t.Errorf("%d letters; %q", len(m.Letters), s.talk)
	}
}

func TestLettersForAnAlertThatIsGoneAreGivenUp(t *testing.T) {
	s := newStage(t)
	s.post(s.ended("web", 1))
	s.must(s.watcher("a", &sink{stage: s, name: "old", fail: func(watch.Message) error { return errors.New("down") }}).Run(t.Context(), true, 0))
	s.must(s.watcher("b", &sink{stage: s, name: "new"}).Run(t.Context(), true, 0))
	if len(s.dead) != 1 || !strings.HasPrefix(s.dead[0], "old ") {
		t.Errorf("dead are %q", s.dead)
	}
}

func TestSinkHearsOnlyOfWhatItWants(t *testing.T) {
	s := newStage(t)
	s.post(s.ended("web", 1))
	all, none := &sink{stage: s, name: "all"}, &sink{stage: s, name: "none"}
	w := s.watcher("a", all, none)
	w.Receivers[1].Codes = []string{"WHY4*"}
	s.must(w.Run(t.Context(), true, 0))
	if len(all.got) != 1 || len(none.got) != 0 {
		t.Errorf("told %v and %v", all.kinds(), none.kinds())
	}
}

// letters are so many letters that a sink called ops did not take.
func (s *stage) letters(n int) []watch.Letter {
	var out []watch.Letter
	for i := range n {
		c := watch.Change{ID: fmt.Sprintf("i%d-1", i), Kind: watch.Opened, At: s.Now(), Incident: watch.Incident{ID: fmt.Sprintf("i%d", i), Text: "it fails"}}
		out = append(out, watch.Letter{Change: c, To: []watch.Delivery{{Sink: "ops"}}})
	}
	return out
}

// remember stores a memory.
func (s *stage) remember(m watch.Memory) {
	s.Helper()
	m.Version = watch.Version
	b, err := json.Marshal(m)
	s.must(err)
	s.write(string(b))
}

func TestOldestLettersBecomeDeadOnesWhereThereAreTooMany(t *testing.T) {
	s := newStage(t)
	s.remember(watch.Memory{Letters: s.letters(5010)})
	s.must(s.watcher("a", &sink{stage: s, name: "ops", fail: func(watch.Message) error { return errors.New("down") }}).Run(t.Context(), false, time.Minute))
	m, _ := s.memory()
	if len(m.Letters) != 5000 || len(s.dead) != 10 || !strings.HasPrefix(s.dead[0], "ops i0-1 ") {
		t.Errorf("%d letters are kept, %d dead", len(m.Letters), len(s.dead))
	}
}

func TestMemoryNeverGrowsBeyondWhatCanBeRead(t *testing.T) {
	s := newStage(t)
	var m watch.Memory
	for n := range 2400 {
		cause := watch.Cause{Family: watch.Ends, Scope: fmt.Sprintf("service/s%d", n)}
		m.State.Incidents = append(m.State.Incidents, &watch.Incident{
			ID: fmt.Sprintf("i%d", n), Cause: cause, Text: strings.Repeat("t", 2000), Evidence: []string{strings.Repeat("e", 4000)},
			Began: s.Now(), Opened: s.Now(), Last: s.Now(), Members: []watch.Member{{Name: cause.Scope, Bad: s.Now()}},
		})
	}
	s.remember(m)
	large := s.letters(300)
	for n := range large {
		large[n].Change.Incident.Text = strings.Repeat("t", 3000)
	}
	s.remember(watch.Memory{State: m.State, Letters: large})
	s.post(s.ended("web", 1))
	s.must(s.watcher("a", &sink{stage: s, name: "ops", fail: func(watch.Message) error { return errors.New("down") }}).Run(t.Context(), true, 0))
	if now, _ := s.memory(); len(now.State.Incidents) < 2400 || len(now.Letters) < 300 {
		t.Errorf("%d incidents, %d letters", len(now.State.Incidents), len(now.Letters))
	}
}
