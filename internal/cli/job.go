package cli

import (
	"context"
	"time"

	"berth/internal/cli/problem"
	"berth/internal/clock"
	"berth/internal/drive"
	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/render"
)

// job is a plan on its way: shown, confirmed, carried out, and told about.
type job struct {
	*session
	verb string // apply or destroy
	kept string // the file it was kept in, if it was
	look func(context.Context) (drive.Survey, error)
}

func (j job) carryOut(ctx context.Context, s drive.Survey) error {
	if err := j.show(s); err != nil {
		return err
	}
	if len(s.Plan.Changes) == 0 {
		return j.finish(ctx, s, drive.Result{Have: s.Have}, 0)
	}
	if err := j.Quotas(ctx, s.Plan); err != nil {
		return err
	}
	if err := j.ask(ctx, s); err != nil {
		return err
	}
	began := clock.System().Now()
	s, res, err := j.work(ctx, s)
	if err != nil {
		return err
	}
	return j.finish(ctx, s, res, clock.System().Now().Sub(began))
}

// show shows the plan, and before a question what speaks against it; the end of the run shows it anyway.
func (j job) show(s drive.Survey) error {
	if j.json() {
		return nil
	}
	if !j.flags.yes {
		j.showFindings(s.Findings)
	}
	return j.print(render.Plan(view(s), j.style(true), j.flags.verbose))
}

// work carries the plan out under the lease and shows how it goes.
func (j job) work(ctx context.Context, s drive.Survey) (drive.Survey, drive.Result, error) {
	d := drive.Job{
		Cluster: j.Cluster, Who: j.holder(j.verb), Again: j.look, Tell: j.screen.Tell,
		Agree: func(s drive.Survey) error { return j.ask(ctx, s) },
		Before: func(s drive.Survey) {
			j.heart.PaceTo(time.Duration(j.flags.pace), s.Plan.Duration())
			j.screen.Begin(j.progress(s.Plan, j.Cloud.Clock.Now()))
		},
	}
	defer j.screen.End()
	j.screen.Take(j.Stderr, j.Cloud.Clock.Now())
	return d.Do(ctx, s)
}

// ask puts the question of the verb. Nothing is asked where nothing changes, and about a kept plan only if it interrupts
// service.
func (j job) ask(ctx context.Context, s drive.Survey) error {
	switch {
	case s.Plan.Empty():
		return nil
	case j.verb == "destroy":
		return j.confirmDestroy(ctx)
	}
	if j.kept != "" && s.Plan.Impact() < plan.Outage {
		return nil
	}
	command := "berth apply" + j.suffix()
	if j.kept != "" {
		command += " " + problem.Shell(j.kept)
	}
	return j.confirm(ctx, command, s.Plan.Impact())
}

// finish shows what stands now.
func (j job) finish(ctx context.Context, s drive.Survey, res drive.Result, here time.Duration) error {
	info := render.ResultInfo{OnAWS: res.Took, Here: here, Embedded: j.sim != nil, Next: j.next()}
	code := problem.Done
	for _, f := range res.Failed {
		p := problem.Of(ctx, f.Err, j.place())
		code = max(code, p.Exit)
		line := render.Failed{Step: f.Change.Step, Reason: p.Text + " [" + p.Code + "]"}
		if len(p.Hints) > 0 {
			line.Hint = p.Hints[0]
		}
		info.Failed = append(info.Failed, line)
	}
	for _, c := range res.Skipped {
		info.Skipped = append(info.Skipped, c.Step)
	}
	if res.State[plan.Step{Verb: plan.Delete, Key: model.KMSKeyKey()}] == plan.Done {
		info.DyingKey = s.Have.ID(model.KMSKeyKey())
	}
	if len(s.Plan.Changes) > 0 {
		now, err := drive.Job{Cluster: j.Cluster, Again: j.look}.After(ctx, s, res)
		if err != nil {
			return err
		}
		s = now
	}
	info.Outdated, info.Calls = outdated(s.Have), int(j.calls.Load())
	if err := j.showResult(ctx, s, info); err != nil {
		return err
	}
	if code != problem.Done {
		return problem.Quiet(code)
	}
	return nil
}

func (j job) showResult(ctx context.Context, s drive.Survey, info render.ResultInfo) error {
	if !j.json() {
		if s.Findings = j.short(s.Findings); j.verb == "destroy" {
			s.Findings = nil // nobody wants advice on what is gone
		}
		return j.print(render.Result(view(s), info, j.style(true)))
	}
	v, err := j.closeView(ctx, s)
	if err != nil {
		return err
	}
	return j.printJSON(render.StatusJSON(v))
}

// next are the commands that make sense now.
func (j job) next() []string {
	suffix := j.suffix()
	if j.verb == "destroy" {
		return []string{"berth apply" + suffix}
	}
	return []string{
		"berth status" + suffix, "berth diagram" + suffix + " --out cluster.svg", "berth plan" + suffix, "berth destroy" + suffix,
	}
}
