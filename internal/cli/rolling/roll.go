package rolling

import (
	"context"
	"errors"
	"time"

	"berth/internal/cli/problem"
	"berth/internal/plan"
	shown "berth/internal/render/rolling"
	"berth/internal/roll"
	"berth/internal/roll/forecast"
)

// roll shows what would be done, and does it where somebody has said so.
func (t Tool) roll(ctx context.Context, c Cluster, f flags) error {
	j, err := t.open(ctx, c)
	if err != nil {
		return err
	}
	if err := j.among(f.order); err != nil {
		return err
	}
	f.order.BeyondMax, f.order.Run = j.beyond(f.order), c.Who.Run
	j.run.Order = f.order
	s, err := j.run.Look(ctx)
	if err != nil {
		return j.not(err)
	}
	if s.Memory.Stage != roll.Begin {
		return j.goOn(ctx, f, s)
	}
	if j.pending > 0 {
		t.Say("the file differs from what stands; instances are compared with what stands: berth plan%s\n", t.Flags())
	}
	return j.begin(ctx, f, s)
}

// begin is a roll that is to begin.
func (j *job) begin(ctx context.Context, f flags, s roll.Snapshot) error {
	foreseen := forecast.Of(s)
	outdated := len(foreseen.Olds) > 0
	if !j.Yes() || outdated && !j.JSON() {
		if err := j.show(shown.DryRun{Cluster: j.run.Scope.ClusterName(), Forecast: foreseen, Calls: j.Calls(), Next: j.before(foreseen), All: j.Verbose()}); err != nil {
			return err
		}
	}
	switch {
	case foreseen.Refused:
		return refused(foreseen)
	case outdated && f.detailed:
		return problem.Quiet(problem.Changes)
	case f.detailed, !j.Yes() && (!outdated || !j.Asks()):
		return nil
	case outdated:
		if err := j.Confirm(ctx, j.Place().Command, plan.Brief); err != nil {
			return dryRun(err, j.Yes(), j.Say)
		}
	}
	return j.carryOut(ctx, time.Duration(foreseen.Time.Seconds)*time.Second, roll.Replaced, j.do)
}

// do begins the roll, or goes on with it.
func (j *job) do(ctx context.Context) (err error) {
	j.snapshot, j.decision, err = j.run.Do(ctx)
	return err
}

// refused is a roll that would lose availability, or cannot be done: it does not begin.
func refused(f forecast.Forecast) error {
	p := &problem.Problem{Text: "the roll does not begin", Exit: problem.Refused}
	for _, one := range f.Findings {
		if one.Severity == forecast.BlocksAll {
			p.Code, p.Text = one.Code, "the roll does not begin: "+one.Text
			if one.Fix != "" {
				p.Hints = []string{one.Fix}
			}
			break
		}
	}
	return p
}

// before are the commands that make sense after a dry run.
func (j *job) before(f forecast.Forecast) []string {
	if len(f.Olds) == 0 || f.Refused || j.Yes() || j.Asks() {
		return nil
	}
	return []string{j.Place().Command + " --yes"}
}

// dryRun is the error of a question: whoever has only looked and says no has got what they wanted.
func dryRun(err error, yes bool, say func(string, ...any)) error {
	var p *problem.Problem
	if !yes && errors.As(err, &p) && p.Code == "USE003" {
		say("nothing was changed\n")
		return nil
	}
	return err
}

func (j *job) show(d shown.DryRun) error {
	if j.JSON() {
		return j.Data(d.JSON())
	}
	return j.Print(d.Text(j.Style(true)))
}

// goOn is a roll that was begun and is not finished: it is shown, and gone on with where somebody says so.
func (j *job) goOn(ctx context.Context, f flags, s roll.Snapshot) error {
	if err := f.other(s.Memory.Order); err != nil {
		if p, ok := errors.AsType[*problem.Problem](err); ok {
			p.Hints = []string{"go on with it as it was ordered: berth roll" + j.Flags() + " --yes", "or end it first: berth roll abort" + j.Flags()}
		}
		return err
	}
	if !j.Yes() {
		if err := j.tell(ctx, s); err != nil {
			return err
		}
		if f.detailed {
			return problem.Quiet(problem.Changes)
		}
		if !j.Asks() {
			return nil
		}
		if err := j.Confirm(ctx, "berth roll"+j.Flags(), plan.Brief); err != nil {
			return dryRun(err, false, j.Say)
		}
	}
	return j.carryOut(ctx, usually, roll.Replaced, j.do)
}
