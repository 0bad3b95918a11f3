package watch_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
	"berth/internal/watch"
)

// weather is a cluster to which things happen, and a network that loses, doubles, delays and shuffles what is said of them.
type weather struct {
	*rapid.T
	now   time.Time
	wrong map[string]string // code by service
	held  []watch.Signal    // on their way
	n     int
}

func services() []string { return []string{"web", "api", "worker", "cron"} }

func codes() []string {
	return []string{
		reason.NoImage, reason.ExitCode, reason.OomContainer, reason.NoAnswer, reason.LackMemory, reason.LackCPU, reason.NoSecret,
		reason.AgentGone, reason.NoLaunch, reason.DrainAlone, reason.ByBreaker, reason.Looping, reason.Unknown, "OPS403", "AMI501",
	}
}

func (w *weather) signal(code, service string) watch.Signal {
	w.n++
	hold := rapid.SampledFrom([]time.Duration{0, 0, time.Minute, 5 * time.Minute}).Draw(w.T, "hold")
	return watch.Signal{
		ID: fmt.Sprint(w.n), At: w.now, Code: code, Cause: watch.CauseOf(code, live.Subject{Kind: "service", Name: service}, ""),
		Member: "service/" + service, Severity: watch.Severity(w.n % 3), Text: fmt.Sprintf("%s at %s, %d", code, service, w.n%5), Hold: hold,
	}
}

// happens lets something go wrong, get well, or be said once more.
func (w *weather) happens() {
	service := rapid.SampledFrom(services()).Draw(w.T, "service")
	switch rapid.IntRange(0, 3).Draw(w.T, "what") {
	case 0:
		delete(w.wrong, service)
		w.held = append(w.held, watch.Signal{ID: fmt.Sprint("w", w.n), At: w.now, Member: "service/" + service, Well: true})
	case 1:
		w.wrong[service] = rapid.SampledFrom(codes()).Draw(w.T, "code")
	}
	if code, bad := w.wrong[service]; bad {
		w.held = append(w.held, w.signal(code, service))
	}
}

// arrives is what comes through of what was said.
func (w *weather) arrives() []watch.Signal {
	var in, later []watch.Signal
	for _, s := range w.held {
		switch rapid.IntRange(0, 9).Draw(w.T, "fate") {
		case 0: // lost
		case 1:
			in = append(in, s, s)
		case 2, 3:
			later = append(later, s)
		case 4:
			in, later = append(in, s), append(later, s)
		default:
			in = append(in, s)
		}
	}
	w.held = later
	if len(in) > 1 {
		in = rapid.Permutation(in).Draw(w.T, "order")
	}
	return in
}

// look is what a look over everything finds.
func (w *weather) look() []watch.Signal {
	var out []watch.Signal
	for _, name := range services() {
		if code, bad := w.wrong[name]; bad {
			s := w.signal(code, name)
			s.ID, s.Level = "", true
			out = append(out, s)
		} else {
			out = append(out, watch.Signal{At: w.now, Member: "service/" + name, Well: true, Level: true})
		}
	}
	return out
}

// input is one moment of the weather.
func (w *weather) input() watch.Input {
	w.now = w.now.Add(time.Duration(rapid.IntRange(0, 600).Draw(w.T, "seconds")) * time.Second)
	for range rapid.IntRange(0, 4).Draw(w.T, "events") {
		w.happens()
	}
	in := watch.Input{At: w.now, Signals: w.arrives()}
	if rapid.IntRange(0, 2).Draw(w.T, "looks") == 0 {
		in.Signals, in.Complete = append(in.Signals, w.look()...), true
	}
	return in
}

// ledger is what people were told, held against the rules.
type ledger struct {
	*rapid.T
	ids  map[string]bool
	open map[string]int    // changes told by incident
	last map[string]string // kind of the last change by incident
}

func newLedger(t *rapid.T) *ledger {
	return &ledger{T: t, ids: map[string]bool{}, open: map[string]int{}, last: map[string]string{}}
}

// takes holds the changes of one step, and the state after it, against the rules.
func (l *ledger) takes(s watch.State, changes []watch.Change) {
	for _, c := range changes {
		id := c.Incident.ID
		if l.ids[c.ID] {
			l.Fatalf("change %s was told twice", c.ID)
		}
		l.ids[c.ID] = true
		if l.open[id]++; c.ID != fmt.Sprintf("%s-%d", id, l.open[id]) {
			l.Fatalf("change %s is number %d of its incident", c.ID, l.open[id])
		}
		before := map[string][]string{
			watch.Opened: {""}, watch.Grown: {watch.Opened, watch.Grown, watch.Reopened},
			watch.Resolved: {"", watch.Opened, watch.Grown, watch.Reopened}, watch.Reopened: {watch.Resolved},
		}[c.Kind]
		if !slices.Contains(before, l.last[id]) {
			l.Fatalf("incident %s is %s after it was %q", id, c.Kind, l.last[id])
		}
		l.last[id] = c.Kind
	}
	causes := map[watch.Cause]bool{}
	for _, i := range s.Incidents {
		if i.Resolved.IsZero() && causes[i.Cause] {
			l.Fatalf("two incidents of %v", i.Cause)
		}
		causes[i.Cause] = causes[i.Cause] || i.Resolved.IsZero()
	}
}

// TestSafetyOneOpenIncidentForACauseAndOneMessageForAChange: whatever is lost, doubled, late and out of order.
func TestSafetyOneOpenIncidentForACauseAndOneMessageForAChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, l := &weather{T: t, now: night, wrong: map[string]string{}}, newLedger(t)
		var s watch.State
		var changes []watch.Change
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			s, changes = watch.Step(s, w.input())
			l.takes(s, changes)
		}
	})
}

// TestSafetyAStateThatWasStoredIsTheSame: a watcher that dies after every step tells what one tells that lives.
func TestSafetyAStateThatWasStoredIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &weather{T: t, now: night, wrong: map[string]string{}}
		var lives, dies watch.State
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			in := w.input()
			var told, again []watch.Change
			lives, told = watch.Step(lives, in)
			dies, again = watch.Step(stored(t, dies), in)
			if a, b := text(t, told), text(t, again); a != b {
				t.Fatalf("one that lives tells\n%s\none that died\n%s", a, b)
			}
		}
	})
}

func stored(t *rapid.T, s watch.State) (out watch.State) {
	if err := json.Unmarshal([]byte(text(t, s)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func text(t *rapid.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestSafetyWhatWasHeardBeforeChangesNothing: SQS delivers at least once.
func TestSafetyWhatWasHeardBeforeChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &weather{T: t, now: night, wrong: map[string]string{}}
		var s watch.State
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			in := w.input()
			in.Signals, in.Complete = slices.DeleteFunc(in.Signals, func(s watch.Signal) bool { return s.ID == "" }), false
			s, _ = watch.Step(s, in)
			before := text(t, s)
			var changes []watch.Change
			s, changes = watch.Step(s, in)
			if after := text(t, s); len(changes) > 0 || after != before {
				t.Fatalf("it tells %v, and\n%s\nbecame\n%s", changes, before, after)
			}
		}
	})
}

// TestLivenessEveryIncidentEndsOrIsStillTrue: when all is well and looks see it, everything is over soon; what stays wrong stays
// open.
func TestLivenessEveryIncidentEndsOrIsStillTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, l := &weather{T: t, now: night, wrong: map[string]string{}}, newLedger(t)
		var s watch.State
		var changes []watch.Change
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			s, changes = watch.Step(s, w.input())
			l.takes(s, changes)
		}
		for range 180 {
			w.now = w.now.Add(time.Minute)
			s, changes = watch.Step(s, watch.Input{At: w.now, Signals: w.look(), Complete: true})
			l.takes(s, changes)
		}
		for name, code := range w.wrong { // unordered: each is held against the rule by itself
			if !told(s, "service/"+name) {
				t.Fatalf("%s of %s lasts, and nobody is told", code, name)
			}
		}
		for _, i := range s.Incidents {
			for _, m := range i.Members {
				if _, bad := w.wrong[m.Name[len("service/"):]]; i.Resolved.IsZero() && len(i.Members) == 1 && !bad {
					t.Fatalf("%s is well, and %s of it is open: %+v", m.Name, i.Code, i)
				}
			}
		}
		clear(w.wrong)
		for range 180 {
			w.now = w.now.Add(time.Minute)
			s, changes = watch.Step(s, watch.Input{At: w.now, Signals: w.look(), Complete: true})
			l.takes(s, changes)
		}
		for _, i := range s.Incidents {
			if i.Resolved.IsZero() {
				t.Fatalf("all is well, and %s is open: %+v", i.Code, i)
			}
		}
	})
}

// told tells whether an open incident names a member.
func told(s watch.State, member string) bool {
	return slices.ContainsFunc(s.Incidents, func(i *watch.Incident) bool {
		return !i.Opened.IsZero() && i.Resolved.IsZero() && slices.ContainsFunc(i.Members, func(m watch.Member) bool { return m.Name == member })
	})
}
