// Package rollout is the verbs that change what a service runs: deploy and rollback.
//
// In: the command line, and the program around it as a Tool. Out: what would change, how far it is and what came of it, and the
// exit code that says so. It decides nothing about a service.
package rollout

import (
	"context"
	"io"
	"strings"
	"time"

	"berth/internal/cli/problem"
	"berth/internal/cli/screen"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/observe"
	"berth/internal/render/frame"
	"berth/internal/render/ink"
	shown "berth/internal/render/rollout"
	"berth/internal/secret"
)

// Tool is what the verbs need of the program around them.
type Tool struct {
	With    func(context.Context, func(Cluster) error) error // opens the cluster of the file
	Confirm func(ctx context.Context, command string) error
	Print   func(text string) error
	Data    func(b []byte, err error) error
	Say     func(format string, args ...any)
	Style   func(toStdout bool) ink.Style
	JSON    func() bool
	Mode    func() frame.Mode // how progress is shown
	Verbose func() bool
	Flags   func() string // those that name the cluster, for commands to be copied
	Place   func() problem.Place
	Getenv  []string

	AllowOutage func() bool // the command line answers for an outage
}

// Cluster is a cluster that is open.
type Cluster struct {
	Cloud  *cloud.Cloud
	Config *config.Config
	Who    lease.Holder
	Screen *screen.Screen
	Pace   func(usual time.Duration)
	Calls  func() int
	Talk   func() io.Writer                        // beside the data
	Logins func() (map[string]secret.Login, error) // of registries, as far as the surroundings of the process have them
}

// job is one order on its way.
type job struct {
	Tool
	Cluster
	run *drive.Rollout
}

// start gets an order ready to be carried out.
func (t Tool) start(ctx context.Context, c Cluster, order func(context.Context, job) (deploy.Order, error)) (job, error) {
	scope, err := observe.Who(ctx, c.Cloud, c.Config.Environment, c.Config.Cluster)
	if err != nil {
		return job{}, err
	}
	j := job{Tool: t, Cluster: c, run: &drive.Rollout{Cloud: c.Cloud, Scope: scope, Who: c.Who}}
	j.run.Order, err = order(ctx, j)
	return j, err
}

// usually is about how long a deployment takes, for the pace of the embedded AWS.
const usually = 2 * time.Minute

// carryOut carries the order out and shows how it goes; its error is the exit code.
func (j job) carryOut(ctx context.Context) error {
	began := j.Cloud.Clock.Now()
	p := shown.NewProgress(j.Talk(), j.Style(false), j.Mode(), began)
	j.run.Tell = func(s deploy.Snapshot, d deploy.Decision) { j.Screen.Alone(func() { p.Saw(s, d) }) }
	j.run.Did = func(a deploy.Action) { j.Screen.Alone(func() { p.Did(a) }) }
	j.Pace(usually)
	j.Screen.Take(j.Talk(), began)
	j.Screen.Show(p)
	s, d, err := j.run.Do(ctx)
	j.Screen.End()
	if err != nil {
		return err
	}
	return j.finish(s, d, j.Cloud.Clock.Now().Sub(began))
}

// finish shows what came of it.
func (j job) finish(s deploy.Snapshot, d deploy.Decision, took time.Duration) error {
	r := shown.Result{Snapshot: s, Decision: d, Took: took, Calls: j.Calls(), Next: j.next(s, d)}
	var err error
	if j.JSON() {
		err = j.Data(r.JSON())
	} else {
		err = j.Print(r.Text(j.Style(true)))
	}
	if code := Exit(d.Outcome); err == nil && code != problem.Done {
		return problem.Quiet(code)
	}
	return err
}

// Exit is the exit code of an outcome.
func Exit(o deploy.Outcome) problem.Exit {
	switch o {
	case deploy.Succeeded, deploy.Unchanged, deploy.Started:
		return problem.Done
	case deploy.RolledBack:
		return problem.RolledBack
	case deploy.Failed:
		return problem.NotRolledBack
	case deploy.TimedOut:
		return problem.TimedOut
	case deploy.Interrupted:
		return problem.Interrupted
	default: // superseded, refused
		return problem.Failed
	}
}

// next are the commands that make sense now.
func (j job) next(s deploy.Snapshot, d deploy.Decision) []string {
	name := s.Order.Service
	if name == "" {
		return nil
	}
	again := "berth rollback " + problem.Shell(name) + j.Flags()
	follow := strings.ReplaceAll(j.Place().Command, " --no-wait", "")
	switch d.Outcome {
	case deploy.TimedOut, deploy.Interrupted, deploy.Started:
		switch {
		case d.Outcome == deploy.Interrupted && s.TakenBack():
			return []string{follow + "    (deploys it again)"}
		case s.Maiden():
			return []string{follow + "    (follows it)"}
		}
		return []string{follow + "    (follows it)", again + "    (takes it back)"}
	case deploy.Failed:
		if s.Order.Goal == deploy.Forward && !s.Maiden() {
			return []string{again}
		}
	default:
	}
	return nil
}
