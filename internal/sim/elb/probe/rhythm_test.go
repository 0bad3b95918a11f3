package probe

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/sim/world"
)

var epoch = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func rhythms() *rapid.Generator[Rhythm] {
	return rapid.Custom(func(t *rapid.T) Rhythm {
		interval := rapid.IntRange(5, 30).Draw(t, "interval")
		return Rhythm{
			Interval: time.Duration(interval) * time.Second, Timeout: time.Duration(rapid.IntRange(2, interval-1).Draw(t, "timeout")) * time.Second,
			First: rapid.IntRange(1, 3).Draw(t, "first"), Healthy: rapid.IntRange(2, 10).Draw(t, "healthy"), Unhealthy: rapid.IntRange(2, 10).Draw(t, "unhealthy"),
		}
	})
}

func results() *rapid.Generator[string] { return rapid.SampledFrom([]string{"", Failed, TimedOut}) }

// Looking often or seldom makes no difference: what counts is how the target answers, and when.
func TestSafetyLookingDoesNotChangeWhatIsSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rhythms().Draw(t, "rhythm")
		var often, seldom world.Probe
		first := results().Draw(t, "result")
		Start(&often, epoch.Add(8*time.Second), first)
		Start(&seldom, epoch.Add(8*time.Second), first)
		now := epoch
		for range rapid.IntRange(1, 6).Draw(t, "phases") {
			for range rapid.IntRange(1, 5).Draw(t, "looks") {
				now = now.Add(time.Duration(rapid.IntRange(0, 90_000).Draw(t, "ms")) * time.Millisecond)
				k.Settle(&often, now)
			}
			k.Settle(&seldom, now)
			often.Result = results().Draw(t, "result")
			seldom.Result = often.Result
		}
		if often != seldom {
			t.Fatalf("often %+v, seldom %+v", often, seldom)
		}
	})
}

// The state turns in the moment that was foretold, and not before.
func TestSafetyStateTurnsWhenForetold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rhythms().Draw(t, "rhythm")
		var p world.Probe
		Start(&p, epoch, results().Draw(t, "result"))
		now := epoch.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "s")) * time.Second)
		k.Settle(&p, now)
		p.Result = results().Draw(t, "result")
		at, turns := k.TurnsAt(&p)
		state := p.State
		if !turns {
			k.Settle(&p, now.Add(time.Hour))
			if p.State != state {
				t.Fatalf("%s turned to %s unforetold", state, p.State)
			}
			return
		}
		early := p
		k.Settle(&early, at.Add(-time.Millisecond))
		if early.State != state {
			t.Fatalf("turned before %s", at)
		}
		if !k.Settle(&p, at) || p.State == state {
			t.Fatalf("did not turn at %s: %+v", at, p)
		}
	})
}

func TestThresholds(t *testing.T) {
	k := Rhythm{Interval: 10 * time.Second, Timeout: 5 * time.Second, First: 1, Healthy: 3, Unhealthy: 2}
	for _, c := range []struct {
		name   string
		phases []string // ten seconds, one check, each
		want   string
	}{
		{"one success", []string{""}, world.ProbeHealthy},
		{"one failure", []string{Failed}, world.ProbeInitial},
		{"failure, then success", []string{Failed, ""}, world.ProbeHealthy},
		{"two failures", []string{Failed, Failed}, world.ProbeUnhealthy},
		{"two successes after that", []string{Failed, Failed, "", ""}, world.ProbeUnhealthy},
		{"three", []string{Failed, Failed, "", "", ""}, world.ProbeHealthy},
		{"an interrupted recovery", []string{Failed, Failed, "", "", Failed, "", ""}, world.ProbeUnhealthy},
		{"a hiccup", []string{"", "", Failed, "", Failed, ""}, world.ProbeHealthy},
	} {
		var p world.Probe
		Start(&p, epoch, c.phases[0])
		for i, r := range c.phases {
			p.Result = r
			k.Settle(&p, epoch.Add(time.Duration(i)*k.Interval+time.Second))
		}
		if p.State != c.want {
			t.Errorf("%s: %s, want %s", c.name, p.State, c.want)
		}
	}
}

func TestRebasedProbeKeepsItsRun(t *testing.T) {
	k := Rhythm{Interval: 30 * time.Second, Timeout: 5 * time.Second, First: 1, Healthy: 5, Unhealthy: 2}
	var p world.Probe
	Start(&p, epoch, Failed)
	k.Settle(&p, epoch.Add(70*time.Second)) // checks at 0, 30, 60
	p.Result = ""
	k.Settle(&p, epoch.Add(100*time.Second)) // 90
	k.Rebase(&p)
	quick := Rhythm{Interval: 5 * time.Second, Timeout: 2 * time.Second, First: 1, Healthy: 3, Unhealthy: 2}
	at, turns := quick.TurnsAt(&p)
	if want := epoch.Add(125 * time.Second); !turns || !at.Equal(want) { // 120 and 125 make three
		t.Errorf("turns %v at %s, want %s", turns, at, want)
	}
}

func TestCodes(t *testing.T) {
	for _, c := range []struct {
		codes    string
		valid    bool
		yes, not int
	}{
		{"200", true, 200, 201},
		{"200,302", true, 302, 301},
		{"200-299", true, 204, 300},
		{"200-299,302", true, 302, 303},
		{"299-200", false, 0, 250},
		{"ok", false, 0, 200},
		{"", false, 0, 200},
		{"199", false, 199, 200},
	} {
		if got := Within(c.codes, 200, 499); got != c.valid {
			t.Errorf("%q valid: %v", c.codes, got)
		}
		if c.yes != 0 && !Matches(c.codes, c.yes) || Matches(c.codes, c.not) {
			t.Errorf("%q: %d %v, %d %v", c.codes, c.yes, Matches(c.codes, c.yes), c.not, Matches(c.codes, c.not))
		}
	}
}
