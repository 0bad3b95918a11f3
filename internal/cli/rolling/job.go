package rolling

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/cli/problem"
	"berth/internal/cloud"
	drive "berth/internal/drive/rolling"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/observe"
	seen "berth/internal/observe/rolling"
	"berth/internal/observe/service"
	shown "berth/internal/render/rolling"
	"berth/internal/roll"
	"berth/internal/spell"
)

// job is one order on its way.
type job struct {
	Tool
	Cluster
	run     *drive.Roll
	pending int // changes of the file that were not applied

	obeys func() error // says that another run carries the command out; nil: it is none

	told     bool // the roll was looked at by this run
	snapshot roll.Snapshot
	decision roll.Decision
}

// glance opens what is looked at, or told something, without a survey of the whole.
func (t Tool) glance(ctx context.Context, c Cluster) (*job, error) {
	scope, err := observe.Who(ctx, c.Cloud, c.Config.Environment, c.Config.Cluster)
	if err != nil {
		return nil, err
	}
	of, err := service.Whose(ctx, c.Cloud, scope)
	switch {
	case err != nil:
		return nil, err
	case of.Others:
		return nil, problem.Elsewhere("ROL001", scope)
	case !of.Stands:
		return nil, t.absent(scope)
	}
	c.Who.Verb = verb
	return &job{Tool: t, Cluster: c, run: &drive.Roll{Cloud: c.Cloud, Scope: scope, Who: c.Who}}, nil
}

// verb is what a run that rolls is called, whichever verb below roll has begun it.
const verb = "roll"

// open surveys the cluster: what may be rolled must stand, and be the file's.
func (t Tool) open(ctx context.Context, c Cluster) (*job, error) {
	v, err := c.Survey(ctx)
	if err != nil {
		return nil, err
	}
	scope := v.Facts.Scope
	if !v.Have.Has(model.ClusterKey()) {
		return nil, t.absent(scope)
	}
	c.Who.Verb = verb
	j := &job{Tool: t, Cluster: c, run: &drive.Roll{Cloud: c.Cloud, Scope: scope, Who: c.Who}, pending: len(v.Plan.Changes)}
	for g := range model.Every[model.Group](&v.Have.Set) {
		j.run.Groups = append(j.run.Groups, g)
	}
	return j, nil
}

// absent is a cluster that is not there.
func (t Tool) absent(s model.Scope) error {
	return &problem.Problem{
		Code: "ROL001", Text: "there is no cluster " + s.ClusterName() + " whose instances could be replaced", Exit: problem.Failed,
		Hints: []string{"make it first: berth apply" + t.Flags()},
	}
}

// among refuses groups and instances that are not there.
func (j *job) among(o roll.Order) error {
	var groups, ids []string
	in := map[string]string{}
	for _, g := range j.run.Groups {
		groups = append(groups, g.Group)
		for _, i := range g.Instances {
			ids = append(ids, i.ID)
			in[i.ID] = g.Group
		}
	}
	for _, name := range o.Groups {
		if !slices.Contains(groups, name) {
			return unknown("ROL002", "there is no group "+problem.Shell(name)+" in the cluster", name, groups, "there are: "+first(groups))
		}
	}
	for _, id := range slices.Concat(o.Instances, o.Force) {
		switch group, there := in[id]; {
		case !there:
			return unknown("ROL003", "no group of the cluster has the instance "+problem.Shell(id), id, ids, "which there are: berth status"+j.Flags())
		case len(o.Groups) > 0 && !slices.Contains(o.Groups, group):
			return problem.Usage("the instance "+id+" is in group "+group+", which --group leaves out", "add it: --group "+problem.Shell(group))
		case len(o.Instances) > 0 && !slices.Contains(o.Instances, id):
			return problem.Usage("--force names "+id+", which --instance leaves out", "add it: --instance "+id)
		}
	}
	return nil
}

// unknown is a name that nothing has.
func unknown(code, text, name string, all []string, hint string) error {
	p := &problem.Problem{Code: code, Text: text, Exit: problem.Misused}
	if near := spell.Nearest(name, all); near != "" {
		p.Hints = []string{"did you mean " + near + "?"}
	}
	p.Hints = append(p.Hints, hint)
	return p
}

// first are a few names.
func first(names []string) string {
	const most = 10
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// beyond tells whether the file lets all rolled groups grow above their maximum for the surge.
func (j *job) beyond(o roll.Order) bool {
	for _, g := range j.Config.Groups {
		if !g.SurgeBeyondMax && (len(o.Groups) == 0 || slices.Contains(o.Groups, g.Name)) {
			return false
		}
	}
	return true
}

// usually is about how long a roll takes that nobody has foreseen, for the pace of the embedded AWS.
const usually = 10 * time.Minute

// carryOut does something with the roll and shows how it goes; its error is the exit code. Want is the outcome that was asked for.
func (j *job) carryOut(ctx context.Context, usual time.Duration, want roll.Outcome, do func(context.Context) error) error {
	began := j.Cloud.Clock.Now()
	before, counted := j.Count(ctx)
	p := shown.NewProgress(j.Talk(), j.Style(false), j.Mode(), began, j.Verbose())
	j.run.Tell = func(s roll.Snapshot, d roll.Decision) {
		j.told, j.snapshot, j.decision = true, s, d
		j.Screen.Alone(func() { p.Saw(s, d) })
	}
	j.run.Did = func(a roll.Action, made roll.Made) { j.Screen.Alone(func() { p.Did(a, made) }) }
	j.Pace(usual)
	j.Screen.Take(j.Talk(), began)
	j.Screen.Show(p)
	err := do(ctx)
	j.Screen.End()
	switch {
	case err != nil:
		return j.not(err)
	case !j.told && j.obeys != nil:
		return j.obeys()
	}
	r := shown.Report{
		Cluster: j.run.Scope.ClusterName(), Snapshot: j.snapshot, Decision: j.decision, Took: j.Cloud.Clock.Now().Sub(began), Calls: j.Calls(), All: j.Verbose(),
	}
	if counted {
		if after, ok := j.Count(context.WithoutCancel(ctx)); ok {
			r.Requests = requests(after.Since(before))
		}
	}
	return j.finish(r, want)
}

// finish shows what came of it.
func (j *job) finish(r shown.Report, want roll.Outcome) error {
	r.Fix, r.Next = j.after(r.Decision)
	var err error
	if j.JSON() {
		err = j.Data(r.JSON())
	} else {
		err = j.Print(r.Text(j.Style(true)))
	}
	if code := Exit(r.Decision.Outcome); err == nil && code != problem.Done && r.Decision.Outcome != want {
		return problem.Quiet(code)
	}
	return err
}

// Exit is the exit code of an outcome.
func Exit(o roll.Outcome) problem.Exit {
	switch o {
	case roll.Nothing, roll.Replaced:
		return problem.Done
	case roll.Refused:
		return problem.Refused
	case roll.Expired:
		return problem.TimedOut
	case roll.Interrupted:
		return problem.Interrupted
	case roll.Running, roll.Failed, roll.Incomplete, roll.Aborted, roll.Undone:
	}
	return problem.Failed
}

// after is what to do about how a roll ended, and the commands that make sense now. A fix that is a command of berth becomes one to be
// copied.
func (j *job) after(d roll.Decision) (fix string, next []string) {
	fix = d.Memory.Fix
	switch {
	case strings.HasPrefix(fix, "berth roll"):
		fix = ""
	case strings.HasPrefix(fix, "berth explain"):
		fix, next = "", append(next, fix)
	case strings.HasPrefix(fix, "berth "):
		fix, next = "", append(next, fix+j.Flags())
	}
	again := "berth roll" + j.Flags()
	switch d.Outcome {
	case roll.Failed, roll.Incomplete:
		next = append(next, again+"    (what is left, and what stands in its way)")
	case roll.Aborted, roll.Interrupted, roll.Undone, roll.Expired:
		next = append(next, again+" --yes    (the rest)")
	case roll.Running, roll.Nothing, roll.Replaced, roll.Refused:
	}
	return fix, next
}

// not turns what stands in the way of a roll into what people can do about it.
func (j *job) not(err error) error {
	var unreadable *seen.Unreadable
	switch {
	case drive.NotUnderWay(err):
		return j.idle()
	case errors.As(err, &unreadable):
		return &problem.Problem{
			Code: "ROL006", Text: err.Error(), Exit: problem.Failed,
			Hints: []string{"look at it: aws s3 cp s3://" + unreadable.Bucket + "/" + roll.MemoryKey + " -", "berth explain ROL006"},
		}
	case cloud.Code(err) == "NoSuchBucket", cloud.Code(err) == "ClusterNotFoundException":
		return j.absent(j.run.Scope)
	}
	held := (*lease.Held)(nil)
	if errors.As(err, &held) && held.Holder.Verb == verb {
		return &problem.Problem{
			Code: "LCK001", Text: err.Error(), Exit: problem.Failed,
			Hints: []string{"how far it is: berth roll status" + j.Flags(), "have it stop: berth roll pause" + j.Flags() + ", or berth roll abort" + j.Flags()},
		}
	}
	return err
}

// idleCode is that of a command for a roll that is not there.
const idleCode = "ROL004"

// idle is a command for a roll that is not there.
func (j *job) idle() error {
	return &problem.Problem{
		Code: idleCode, Text: "no roll of cluster " + j.run.Scope.ClusterName() + " is under way", Exit: problem.Failed,
		Hints: []string{"what could be replaced: berth roll" + j.Flags(), "what became of the last one: berth roll status" + j.Flags()},
	}
}
