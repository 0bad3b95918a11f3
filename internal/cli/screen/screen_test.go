package screen

import (
	"strings"
	"testing"
	"time"

	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/render"
	"berth/internal/render/frame"
)

func TestALeaseThatSomebodyHasIsToldOnce(t *testing.T) {
	var out strings.Builder
	var s Screen
	start := time.Unix(0, 0)
	s.Tick(start.Add(time.Hour)) // nobody takes a lease yet
	s.Take(&out, start)
	s.Tick(start.Add(8 * time.Second))
	if out.String() != "" {
		t.Errorf("too early: %q", out.String())
	}
	s.Tick(start.Add(10 * time.Second))
	s.Tick(start.Add(20 * time.Second))
	if got := out.String(); strings.Count(got, "held by another run") != 1 {
		t.Errorf("it said %q", got)
	}
}

func TestAPlanUnderWayIsShownAndEnded(t *testing.T) {
	var out strings.Builder
	var s Screen
	start := time.Unix(0, 0)
	step := plan.Step{Verb: plan.Create, Key: model.VPCKey()}
	s.Tell(plan.Event{At: start, Kind: plan.Started, Step: step}) // nothing is shown yet: no panic
	s.Take(&out, start)
	s.Begin(render.NewProgress(&out, plan.Plan{Changes: []plan.Change{{Step: step}}}, render.Style{}, frame.Lines, start))
	s.Tell(plan.Event{At: start, Kind: plan.Started, Step: step})
	s.Tick(start.Add(time.Minute))
	s.Line(&out, "a line")
	s.Tell(plan.Event{At: start.Add(time.Minute), Kind: plan.Finished, Step: step, Took: time.Minute})
	s.End()
	got := out.String()
	for _, want := range []string{"waiting for vpc", "a line\n", "✓ vpc created (1m)", "1 of 1 done"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	if strings.Contains(got, "held by another run") {
		t.Errorf("the lease was taken:\n%s", got)
	}
}
