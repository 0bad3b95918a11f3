package rolling

import (
	"context"
	"errors"

	"berth/internal/cli/problem"
	"berth/internal/plan"
	shown "berth/internal/render/rolling"
	"berth/internal/roll"
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
	d := shown.DryRun{
		Cluster: j.run.Scope.ClusterName(), Snapshot: s, Calls: j.Calls(), Flags: j.Flags(), Command: j.Place().Command, All: j.Verbose(),
	}
	if !j.JSON() || !j.Yes() {
		if err := j.show(d); err != nil {
			return err
		}
	}
	nothing := len(roll.Targets(s)) == 0
	switch {
	case !nothing && f.detailed:
		return problem.Quiet(problem.Changes)
	case nothing && !j.Yes(), f.detailed, !j.Yes() && !j.Asks():
		return nil
	}
	if err := j.agree(ctx, &f, nothing); err != nil {
		return dryRun(err, j.Yes())
	}
	j.run.Order.AllowOutage = f.order.AllowOutage
	return j.carryOut(ctx, usually, roll.Replaced, func(ctx context.Context) (err error) {
		j.snapshot, j.decision, err = j.run.Do(ctx)
		return err
	})
}

// agree asks whether it shall be done. Terminating what runs is an outage, which --yes alone does not answer.
func (j *job) agree(ctx context.Context, f *flags, nothing bool) error {
	impact := plan.Brief
	if f.order.Strategy == roll.Terminate && !nothing {
		impact = plan.Outage
		if !j.AllowOutage() && (j.Yes() || !j.Asks()) {
			return &problem.Problem{
				Code: "ROL007", Text: "--strategy terminate ends the tasks that run on the instances, and --yes does not answer that", Exit: problem.Refused,
				Hints: []string{"move them instead: berth roll" + j.Flags() + " --yes", "do it all the same: " + j.Place().Command + " --allow-outage"},
			}
		}
	}
	if nothing && j.Yes() {
		return nil
	}
	if err := j.Confirm(ctx, j.Place().Command, impact); err != nil {
		return err
	}
	f.order.AllowOutage = f.order.AllowOutage || impact == plan.Outage
	return nil
}

// dryRun is the error of a question: whoever has only looked and says no has got what they wanted.
func dryRun(err error, yes bool) error {
	var p *problem.Problem
	if !yes && errors.As(err, &p) && p.Code == "USE003" {
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
		var p *problem.Problem
		if errors.As(err, &p) {
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
			return dryRun(err, false)
		}
	}
	return j.carryOut(ctx, usually, roll.Replaced, func(ctx context.Context) (err error) {
		j.snapshot, j.decision, err = j.run.Do(ctx)
		return err
	})
}
