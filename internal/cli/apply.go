package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/clock"
	"berth/internal/drive"
	"berth/internal/model"
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
	v, err := s.survey(ctx)
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
	j := job{app: a, session: s, verb: "apply", survey: s.survey}
	return j.carryOut(ctx, v)
}

// job is a plan on its way: shown, confirmed, carried out under the lease, and told about.
type job struct {
	*app
	*session
	verb   string
	survey func(context.Context) (render.View, error)
}

func (j job) carryOut(ctx context.Context, v render.View) error {
	if !j.json() {
		if err := j.showPlan(v, false); err != nil {
			return err
		}
	}
	if v.Plan.Empty() && !waits(v.Plan) {
		return j.finish(ctx, v, drive.Result{Have: v.Have}, 0)
	}
	if err := j.quotas(ctx, v); err != nil {
		return err
	}
	if err := j.ask(v); err != nil {
		return err
	}
	began := clock.System().Now()
	run := &drive.Run{Cloud: j.cloud, Scope: v.Scope, Ask: j.session.ask}
	v, err := j.hold(ctx, run, v)
	if err != nil {
		return err
	}
	res, err := j.drive(ctx, run, v)
	if err != nil {
		return err
	}
	return j.finish(ctx, v, res, clock.System().Now().Sub(began))
}

// ask puts the question of the verb.
func (j job) ask(v render.View) error {
	if j.verb == "destroy" {
		return j.confirmDestroy(v)
	}
	return j.confirm(j.verb, v.Plan.Impact())
}

// waits tells whether the plan has something to wait for.
func waits(p plan.Plan) bool { return len(p.Changes) > 0 }

// patienceOfALook is how old a look may be when the lease is taken; an older one is taken again, since somebody else
// may have been at work meanwhile.
const patienceOfALook = 5 * time.Second

// hold takes the lease and makes sure that the plan is still the plan. After a run that died, the plan is made anew:
// what was asked for is the file, and the file is the same.
func (j job) hold(ctx context.Context, run *drive.Run, v render.View) (render.View, error) {
	have, err := run.Hold(ctx, v.Plan, v.Have, j.holder(j.session, j.verb))
	if err != nil {
		return v, err
	}
	if !run.Lease.Unclean && j.cloud.Clock.Now().Sub(v.At) < patienceOfALook {
		v.Have = have
		return v, nil
	}
	if run.Lease.Unclean {
		j.say("the run before did not end properly; looking again\n")
	}
	now, err := j.survey(ctx)
	if err != nil {
		return v, err
	}
	if !run.Lease.Unclean && differs(v, now) {
		return v, stalePlan()
	}
	if now.Plan.Impact() > v.Plan.Impact() {
		return v, j.confirm(j.verb, now.Plan.Impact())
	}
	return now, nil
}

// differs tells whether two plans are different plans. The bucket does not count: holding the lease has made it.
func differs(before, now render.View) bool {
	steps := func(p plan.Plan) map[plan.Step]bool {
		out := map[plan.Step]bool{}
		for _, c := range p.Changes {
			if c.Key != model.BucketKey() {
				out[c.Step] = true
			}
		}
		return out
	}
	a, b := steps(before.Plan), steps(now.Plan)
	if len(a) != len(b) {
		return true
	}
	for s := range a { //unordered: only whether all are there
		if !b[s] {
			return true
		}
	}
	return false
}

// drive carries the plan out and gives the lease back.
func (j job) drive(ctx context.Context, run *drive.Run, v render.View) (drive.Result, error) {
	p := j.progress(v.Plan, j.cloud.Clock.Now())
	run.Tell = p.Tell
	res, err := run.Do(ctx, v.Plan, v.Have)
	p.Close()
	if released := run.Release(ctx); err == nil {
		err = released
	}
	return res, err
}

// finish looks once more and shows what stands now.
func (j job) finish(ctx context.Context, v render.View, res drive.Result, here time.Duration) error {
	lines, code := j.failures(ctx, res.Failed)
	info := render.ResultInfo{OnAWS: res.Took, Here: here, Calls: j.calls, Embedded: j.sim != nil}
	for _, l := range lines {
		info.Failed = append(info.Failed, render.Failed{Step: l.step, Reason: l.reason, Hint: l.hint})
	}
	for _, c := range res.Skipped {
		info.Skipped = append(info.Skipped, c.Step)
	}
	after := v
	if len(v.Plan.Changes) > 0 {
		now, err := j.survey(ctx)
		if err != nil {
			return err
		}
		after = now
	}
	info.Next = j.next(after)
	if err := j.showResult(after, info); err != nil {
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
func (j job) next(v render.View) []string {
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
