package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/clock"
	"berth/internal/drive"
	"berth/internal/plan"
	"berth/internal/render"
)

func (a *app) applyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "apply [PLAN]",
		Short: "Make the cluster what the file says",
		Long: `Show the plan, ask, and carry it out. It can be interrupted and run again at any time: there is no state file, every
run starts from what AWS shows. With a PLAN kept by "berth plan --out", exactly that plan is carried out or none.`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return noArguments(c, args[1:])
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.apply(c.Context(), args) },
	}
}

func (a *app) apply(ctx context.Context, args []string) (err error) {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = s.close(err) }()
	v, err := s.Survey(ctx)
	if err != nil {
		return err
	}
	if len(args) == 1 {
		kept, err := readPlan(args[0])
		if err != nil {
			return err
		}
		if err := kept.fits(v); err != nil {
			return err
		}
	}
	j := job{app: a, session: s, verb: "apply", look: s.Survey}
	return j.carryOut(ctx, v)
}

// job is a plan on its way: shown, confirmed, carried out, and told about.
type job struct {
	*app
	*session
	verb string
	look func(context.Context) (drive.Survey, error)
}

func (j job) carryOut(ctx context.Context, s drive.Survey) error {
	if !j.json() {
		if err := j.showPlan(view(s), false); err != nil {
			return err
		}
	}
	if len(s.Plan.Changes) == 0 {
		return j.finish(ctx, s, drive.Result{Have: s.Have}, 0)
	}
	if err := j.Quotas(ctx, s.Plan); err != nil {
		return err
	}
	if err := j.ask(s); err != nil {
		return err
	}
	began := clock.System().Now()
	s, res, err := j.work(ctx, s)
	if err != nil {
		return err
	}
	return j.finish(ctx, s, res, clock.System().Now().Sub(began))
}

// work carries the plan out under the lease and shows how it goes.
func (j job) work(ctx context.Context, s drive.Survey) (drive.Survey, drive.Result, error) {
	var shown *render.Progress
	d := drive.Job{
		Cluster: j.Cluster, Who: j.holder(j.session, j.verb), Again: j.look, Agree: j.ask,
		Before: func(s drive.Survey) { shown = j.progress(s.Plan, j.Cloud.Clock.Now()) },
		Tell:   func(e plan.Event) { shown.Tell(e) },
	}
	s, res, err := d.Do(ctx, s)
	if shown != nil {
		shown.Close()
	}
	if errors.Is(err, drive.ErrStale) {
		err = stalePlan()
	}
	return s, res, err
}

// ask puts the question of the verb.
func (j job) ask(s drive.Survey) error {
	if j.verb == "destroy" {
		return j.confirmDestroy(s)
	}
	return j.confirm(j.verb+j.suffix(), s.Plan.Impact())
}

// finish looks once more and shows what stands now.
func (j job) finish(ctx context.Context, s drive.Survey, res drive.Result, here time.Duration) error {
	lines, code := j.failures(ctx, res.Failed)
	info := render.ResultInfo{OnAWS: res.Took, Here: here, Calls: j.calls, Embedded: j.sim != nil}
	for _, l := range lines {
		info.Failed = append(info.Failed, render.Failed{Step: l.step, Reason: l.reason, Hint: l.hint})
	}
	for _, c := range res.Skipped {
		info.Skipped = append(info.Skipped, c.Step)
	}
	if len(s.Plan.Changes) > 0 {
		now, err := j.look(ctx)
		if err != nil {
			return err
		}
		s = now
	}
	info.Next = j.next()
	if err := j.showResult(view(s), info); err != nil {
		return err
	}
	if code != exitDone {
		return exit(code)
	}
	return nil
}

func (j job) showResult(v render.View, info render.ResultInfo) error {
	if j.json() {
		b, err := render.StatusJSON(v)
		if err != nil {
			return err
		}
		return j.print(string(b) + "\n")
	}
	return j.print(render.Result(v, info, j.style(true)))
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

// suffix are the flags that say which cluster and which AWS, for commands to be copied.
func (a *app) suffix() string {
	out := ""
	for _, f := range a.flags.files {
		out += " -f " + f
	}
	switch {
	case a.flags.sim == besideFile:
		out += " --sim"
	case a.flags.sim != "":
		out += " --sim=" + a.flags.sim
	case a.flags.endpoint != "":
		out += " --endpoint-url " + a.flags.endpoint
	}
	return out
}
