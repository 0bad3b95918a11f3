package world

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// heard is a world that writes down what happens, and when.
func heard(kinds ...Kind) (*World, *[]string) {
	w, log := New(1), &[]string{}
	h := Handlers{}
	for _, k := range kinds {
		h[k] = []func(*World, Event){func(w *World, e Event) {
			*log = append(*log, fmt.Sprintf("%v %s %s", w.Now().Sub(Epoch()), e.Kind, e.ID))
		}}
	}
	w.Attach(h, nil)
	return w, log
}

func equal(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestEventsHappenInOrderAtTheirTime(t *testing.T) {
	w, log := heard("a", "b")
	w.Schedule(2*time.Second, Event{Kind: "a", ID: "late"})
	w.Schedule(time.Second, Event{Kind: "b", ID: "first"})
	w.Schedule(time.Second, Event{Kind: "a", ID: "second"})
	w.Schedule(-time.Hour, Event{Kind: "a", ID: "never in the past"})
	w.Schedule(3*time.Second, Event{Kind: "a", ID: "on the edge"})
	w.Schedule(3*time.Second+1, Event{Kind: "a", ID: "too late"})
	if at, ok := w.NextEvent(); !ok || at != Epoch() {
		t.Errorf("NextEvent = %v %t", at, ok)
	}
	w.Advance(3 * time.Second)
	equal(t, *log, "0s a never in the past", "1s b first", "1s a second", "2s a late", "3s a on the edge")
	if got := w.Now().Sub(Epoch()); got != 3*time.Second {
		t.Errorf("it is %v after the epoch, want 3s", got)
	}
	w.Advance(0)
	w.Advance(-time.Hour)
	if got := w.Now().Sub(Epoch()); got != 3*time.Second {
		t.Errorf("advancing by nothing moved the time to %v", got)
	}
}

func TestEventsMakeEventsOnTheWay(t *testing.T) {
	w := New(1)
	var at []time.Duration
	w.Attach(Handlers{"tick": {func(w *World, e Event) {
		at = append(at, w.Now().Sub(Epoch()))
		w.Schedule(time.Second, e)
	}}}, nil)
	w.Schedule(0, Event{Kind: "tick"})
	w.Advance(2500 * time.Millisecond)
	if want := []time.Duration{0, time.Second, 2 * time.Second}; !slices.Equal(at, want) {
		t.Errorf("ticks at %v, want %v", at, want)
	}
}

func TestSettleLetsHappenWhatIsDueAndMovesNoTime(t *testing.T) {
	w := New(1)
	var got []string
	w.Attach(Handlers{
		"asks":    {func(w *World, e Event) { got = append(got, "asks"); w.Schedule(0, Event{Kind: "answers"}) }},
		"answers": {func(*World, Event) { got = append(got, "answers") }},
	}, nil)
	w.Schedule(1, Event{Kind: "asks", ID: "not yet"})
	w.Schedule(0, Event{Kind: "asks"})
	w.Settle()
	equal(t, got, "asks", "answers")
	if w.Now() != Epoch() {
		t.Errorf("settling moved the time to %v", w.Now())
	}
}

func TestEveryHandlerOfAKindIsAskedInOrder(t *testing.T) {
	w := New(1)
	var got []string
	say := func(s string) func(*World, Event) { return func(*World, Event) { got = append(got, s) } }
	w.Attach(Handlers{"x": {say("below"), say("above")}}, nil)
	w.Schedule(0, Event{Kind: "x"})
	w.Settle()
	equal(t, got, "below", "above")
}

func TestEventWithoutAHandlerIsADefect(t *testing.T) {
	w, _ := heard()
	w.Schedule(0, Event{Kind: "nobody's"})
	defer func() {
		if recover() == nil {
			t.Error("an event without a handler passed by")
		}
	}()
	w.Settle()
}

func TestSleepIsOverBeforeItBeginsWhenTheContextIs(t *testing.T) {
	w, _ := heard()
	ctx, cancel := context.WithCancel(context.Background())
	if err := w.Sleep(ctx, time.Minute); err != nil || w.Now().Sub(Epoch()) != time.Minute {
		t.Errorf("Sleep = %v at %v", err, w.Now())
	}
	cancel()
	if err := w.Sleep(ctx, time.Minute); !errors.Is(err, context.Canceled) || w.Now().Sub(Epoch()) != time.Minute {
		t.Errorf("Sleep = %v at %v after the end", err, w.Now())
	}
}

func TestRegionIsMadeOnceAndKeptInOrder(t *testing.T) {
	w := New(1)
	r := w.Region("eu-west-1")
	w.Region("af-south-1")
	if w.Region("eu-west-1") != r || r.Name != "eu-west-1" || w.Regions.Len() != 2 {
		t.Errorf("%d regions, the first is %q", w.Regions.Len(), r.Name)
	}
}

func TestUseOfAServiceIsToldToIAMIfThereIsOne(t *testing.T) {
	w, log := heard(ServiceUsed)
	w.Used("ecs.amazonaws.com")
	w.Settle()
	equal(t, *log, "0s iam.service-used ecs.amazonaws.com")
	alone, _ := heard()
	alone.Used("ecs.amazonaws.com")
	alone.Settle() // would panic
}
