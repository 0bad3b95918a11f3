package watching_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/notify"
	seen "berth/internal/observe/watching"
	"berth/internal/watch"
)

func TestAnEventIsStoredThenDeletedThenTold(t *testing.T) {
	s := newStage(t)
	k := &sink{stage: s, name: "ops"}
	s.post(s.ended("web", 1))
	s.must(s.watcher("a", k).Run(t.Context(), false, 5*time.Second))
	want := []string{"ReceiveMessage", "PUT memory", "DeleteMessageBatch", "send", "PUT memory", "ReceiveMessage"}
	if got := s.deeds("ReceiveMessage", "PUT memory", "DeleteMessageBatch", "send"); len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
		t.Errorf("it did %v", got)
	}
	if !slices.Equal(k.kinds(), []string{"opened 1"}) || len(s.told) != 1 || s.left(model.EventQueue) != 0 {
		t.Errorf("told %v, shown %d, and %d messages are left", k.kinds(), len(s.told), s.left(model.EventQueue))
	}
	if m, _ := s.memory(); len(m.Letters) != 0 {
		t.Errorf("%d letters are still to be delivered", len(m.Letters))
	}
}

func TestMessageArrivesWithinASecondOfItsEvent(t *testing.T) {
	s := newStage(t)
	k := &sink{stage: s, name: "ops"}
	var posted time.Time
	began := s.Now()
	s.tick = func() {
		if posted.IsZero() && s.Now().Sub(began) > 10*time.Minute {
			posted = s.Now()
			s.post(s.ended("web", 1))
		}
	}
	k.fail = func(watch.Message) error {
		if late := s.Now().Sub(posted); late > time.Second {
			t.Errorf("it took %v", late)
		}
		return nil
	}
	s.must(s.watcher("a", k).Run(t.Context(), false, 12*time.Minute))
	if len(k.got) == 0 {
		t.Error("nobody was told")
	}
}

func TestWhatIsOverIsTold(t *testing.T) {
	s := newStage(t)
	k := &sink{stage: s, name: "ops"}
	s.post(s.ended("web", 1))
	s.must(s.watcher("a", k).Run(t.Context(), false, 30*time.Minute)) // the service is not there: the look says so
	if !slices.Equal(k.kinds(), []string{"opened 1", "resolved 2"}) {
		t.Errorf("told %v", k.kinds())
	}
}

func TestOnceTakesAllThatLiesInTheQueueAndGivesTheLeaseBack(t *testing.T) {
	s := newStage(t)
	k := &sink{stage: s, name: "ops"}
	for n := range 25 {
		s.post(s.ended("web", n))
	}
	s.must(s.watcher("a", k).Run(t.Context(), true, 0))
	if s.left(model.EventQueue) != 0 || len(k.got) == 0 || k.got[0].Kind != watch.Opened {
		t.Errorf("%d are left, told %v", s.left(model.EventQueue), k.kinds())
	}
	m, stored := s.memory()
	if !stored || m.Beat.IsZero() || m.Looked.IsZero() {
		t.Errorf("it remembers %+v", m)
	}
	l, err := lease.Take(t.Context(), s.cloud("b"), s.scope.BucketName(), lease.Watch, lease.Holder{Run: "b"})
	s.must(err)
	if l.Unclean {
		t.Error("the lease was not given back")
	}
	err = s.other(l, func() error { return s.watcher("c", k).Run(t.Context(), true, 0) })
	var held *lease.Held
	if !errors.As(err, &held) || held.Holder.Run != "b" {
		t.Errorf("while somebody else watches it says %v", err)
	}
}

// other lets somebody hold a lease while f runs.
func (s *stage) other(l *lease.Lease, f func() error) error {
	tick := s.tick
	defer func() { s.tick = tick }()
	s.tick = func() {
		s.quiet = true
		s.must(l.Renew(s.Context()))
		s.quiet = false
	}
	return f()
}

func TestOfTwoWatchersOneStandsByAndTakesOver(t *testing.T) {
	s := newStage(t)
	k := &sink{stage: s, name: "ops"}
	l, err := lease.Take(t.Context(), s.cloud("a"), s.scope.BucketName(), lease.Watch, lease.Holder{Owner: "bob", Host: "server", Verb: "watch", Run: "a"})
	s.must(err)
	s.post(s.ended("web", 1))
	s.must(s.other(l, func() error { return s.watcher("b", k).Run(t.Context(), false, 10*time.Minute) }))
	if len(k.got) > 0 || s.left(model.EventQueue) != 1 || s.said("bob@server") != 1 {
		t.Fatalf("it did not stand by: told %v, %v", k.kinds(), s.talk)
	}
	s.must(s.watcher("c", k).Run(t.Context(), false, 5*time.Minute)) // the other one is dead by now
	if len(k.got) == 0 {
		t.Error("nobody took over")
	}
}

func TestPoisonEndsInTheQueueOfDeadLettersAndIsSaidOnce(t *testing.T) {
	s := newStage(t)
	k := &sink{stage: s, name: "ops"}
	foreign := strings.ReplaceAll(s.ended("web", 7), "cluster/shop", "cluster/other")
	s.post("<xml/>", "{}", foreign, s.ended("web", 1))
	s.must(s.watcher("a", k).Run(t.Context(), false, 10*time.Minute))
	if s.left(model.EventQueue) != 0 || s.left(model.DeadQueue) != 3 {
		t.Errorf("%d are in the queue, %d among the dead", s.left(model.EventQueue), s.left(model.DeadQueue))
	}
	if s.said("is left in the queue") != 3 || len(k.got) == 0 {
		t.Errorf("it says %q", s.talk)
	}
}

func TestStormIsStoredInLargePieces(t *testing.T) {
	s := newStage(t)
	k := &sink{stage: s, name: "ops"}
	for n := range 400 {
		s.post(s.ended(fmt.Sprintf("web-%d", n%3), n))
	}
	s.must(s.watcher("a", k).Run(t.Context(), true, 0))
	stores := 0
	for _, c := range s.calls {
		if c == "PUT memory" {
			stores++
		}
	}
	if stores > 10 || s.left(model.EventQueue) != 0 {
		t.Errorf("%d stores, %d left", stores, s.left(model.EventQueue))
	}
}

func TestMemoryThatCannotBeReadIsNotOverwritten(t *testing.T) {
	for _, text := range []string{"rubbish", `{"version": 2}`, `{}`, "null", "", `{"version": 1, "state": {}}` + strings.Repeat(" ", seen.MostMemory)} {
		s := newStage(t)
		s.write(text)
		s.post(s.ended("web", 1))
		err := s.watcher("a", &sink{stage: s, name: "ops"}).Run(t.Context(), false, time.Minute)
		var u *seen.Unreadable
		if !errors.As(err, &u) || s.left(model.EventQueue) != 1 || slices.Contains(s.calls[1:], "DeleteMessageBatch") {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func TestMemoryOfSomebodyElseIsTakenOver(t *testing.T) {
	s := newStage(t)
	k := &sink{stage: s, name: "ops"}
	s.post(s.ended("web", 1))
	times := 0
	s.wire = func(operation string, r *http.Request, on send) (*http.Response, error) {
		if operation == "PUT memory" {
			if times++; times == 1 {
				s.wire, s.quiet = nil, true
				s.write(`{"version": 1, "state": {}, "tests": [{"id": "theirs"}]}`)
				s.quiet = false
			}
		}
		return on(r)
	}
	s.must(s.watcher("a", k).Run(t.Context(), false, 5*time.Minute))
	m, _ := s.memory()
	if len(m.Tests) != 1 || m.Tests[0].ID != "theirs" || len(k.got) == 0 || s.left(model.EventQueue) != 0 {
		t.Errorf("it remembers %+v, told %v and left %d", m.Tests, k.kinds(), s.left(model.EventQueue))
	}
}

func TestLostAnswersOfWritesDoNoHarm(t *testing.T) {
	for _, op := range []string{"PUT memory", "DeleteMessageBatch", "PUT lease", "DELETE lease"} {
		for _, arrives := range []bool{true, false} {
			s := newStage(t)
			k := &sink{stage: s, name: "ops"}
			s.post(s.ended("web", 1), s.ended("api", 2))
			cut := 0
			s.wire = func(operation string, r *http.Request, on send) (*http.Response, error) {
				if cut++; operation != op || cut%3 == 0 {
					return on(r)
				}
				if arrives {
					_, _ = on(r)
				}
				return nil, errCut
			}
			err := s.watcher("a", k).Run(t.Context(), false, 10*time.Minute)
			if ids := unique(k.got); err != nil || len(ids) != 4 || s.left(model.EventQueue) != 0 {
				t.Errorf("%s (arrives: %v): %v; told %v, %d left", op, arrives, err, k.kinds(), s.left(model.EventQueue))
			}
		}
	}
}

// unique are the ids of messages, each once.
func unique(all []watch.Message) []string {
	var out []string
	for _, m := range all {
		out = append(out, m.ID)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestWatcherThatDiesAnywhereLosesNothing: it dies before or after any of its calls, deliveries among them; the next one tells what
// was not told, under the ids that it would have had.
func TestWatcherThatDiesAnywhereLosesNothing(t *testing.T) {
	for at := 1; ; at++ {
		for _, after := range []bool{false, true} {
			s := newStage(t)
			k := &sink{stage: s, name: "ops"}
			s.post(s.ended("web", 1), s.ended("api", 2))
			ctx, die := context.WithCancel(t.Context())
			n, died := 0, false
			step := func(do func() error) error {
				if died {
					return errCut
				}
				if n++; n == at {
					died = true
					die()
					if after {
						_ = do()
					}
					return errCut
				}
				return do()
			}
			s.wire = func(_ string, r *http.Request, on send) (out *http.Response, err error) {
				err = step(func() error { out, err = on(r); return err })
				if err != nil {
					return nil, err
				}
				return out, nil
			}
			k.fail = func(m watch.Message) error {
				return step(func() error { k.got = append(k.got, m); return nil })
			}
			_ = s.watcher("a", k).Run(ctx, true, 0)
			if !died {
				return
			}
			s.wire, k.fail = nil, nil
			s.must(s.watcher("b", k).Run(t.Context(), false, 20*time.Minute))
			opened := 0
			for _, id := range unique(k.got) {
				if strings.HasSuffix(id, "-1") {
					opened++
				}
			}
			if opened != 2 || s.left(model.EventQueue) != 0 {
				t.Fatalf("call %d (after: %v): told %v, %d left", at, after, k.kinds(), s.left(model.EventQueue))
			}
			if m, _ := s.memory(); len(m.Letters) != 0 {
				t.Fatalf("call %d: letters are left", at)
			}
		}
	}
}

func TestWatcherOutlivesAnOutageAndSaysItOnce(t *testing.T) {
	s := newStage(t)
	k := &sink{stage: s, name: "ops"}
	began := s.Now()
	posted := false
	s.wire = func(_ string, r *http.Request, on send) (*http.Response, error) {
		if since := s.Now().Sub(began); since > 5*time.Minute && since < 14*time.Minute {
			return nil, errCut
		}
		return on(r)
	}
	s.tick = func() {
		if s.Now().Sub(began) > 10*time.Minute && !posted {
			posted = true
			s.post(s.ended("web", 1))
		}
	}
	s.must(s.watcher("a", k).Run(t.Context(), false, time.Hour))
	if s.said("out of reach") != 1 || s.said("answers again") != 1 || len(k.got) == 0 {
		t.Errorf("it says %q, and told %v", s.talk, k.kinds())
	}
}

func TestInterruptedWatcherStoresAndGivesTheLeaseBack(t *testing.T) {
	s := newStage(t)
	ctx, cancel := context.WithCancel(t.Context())
	k := &sink{stage: s, name: "ops", fail: func(watch.Message) error { cancel(); return &notify.Failure{Text: "down"} }}
	s.post(s.ended("web", 1))
	if err := s.watcher("a", k).Run(ctx, false, 0); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if m, _ := s.memory(); len(m.Letters) != 1 {
		t.Errorf("%d letters are remembered", len(m.Letters))
	}
	if l, err := lease.Take(t.Context(), s.cloud("b"), s.scope.BucketName(), lease.Watch, lease.Holder{Run: "b"}); err != nil || l.Unclean {
		t.Errorf("the lease was not given back: %v", err)
	}
}

func TestWithoutAQueueLooksDo(t *testing.T) {
	s := newStage(t)
	s.sim.With(dropQueues)
	s.must(s.watcher("a").Run(t.Context(), false, 10*time.Minute))
	looks := 0
	for _, c := range s.calls {
		if c == "ListServices" {
			looks++
		}
	}
	if looks < 15 || looks > 21 || s.said("there is no queue") != 1 {
		t.Errorf("%d looks in ten minutes; %q", looks, s.talk)
	}
}

func TestInterruptionIsNoOutage(t *testing.T) {
	for _, once := range []bool{false, true} {
		s := newStage(t)
		ctx, cancel := context.WithCancel(t.Context())
		s.wire = func(operation string, r *http.Request, on send) (*http.Response, error) {
			if operation == "ReceiveMessage" {
				cancel()
				return nil, context.Canceled
			}
			return on(r)
		}
		if err := s.watcher("a").Run(ctx, once, 0); !errors.Is(err, context.Canceled) || s.said("out of reach") > 0 {
			t.Errorf("%v; it says %q", err, s.talk)
		}
	}
}
