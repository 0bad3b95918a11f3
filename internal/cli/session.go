package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"sync/atomic"

	"berth/internal/cli/endpoint"
	"berth/internal/cli/flag"
	"berth/internal/cli/privilege"
	"berth/internal/cli/problem"
	"berth/internal/cli/screen"
	"berth/internal/cli/source"
	"berth/internal/clock"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/observe/machine"
	"berth/internal/render"
	"berth/internal/secret"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// session is one verb at work on one cluster.
type session struct {
	*app
	drive.Cluster
	run    string
	calls  atomic.Int64
	heart  *screen.Heart
	screen screen.Screen
	sim    *sim.Sim // nil on any other AWS
	store  *sim.Store
}

// load reads the configuration; what deserves a look without stopping anything is said.
func (a *app) load() (*config.Config, error) {
	cfg, faults := a.read()
	if faults.Failed() {
		return nil, &problem.Problem{Code: faults[0].Code, Text: faults[0].Summary, Exit: problem.Misused, Whole: faults.String()}
	}
	a.say("%s", faults.String())
	return cfg, nil
}

func (a *app) read() (*config.Config, config.Faults) {
	cfg, faults := config.Load(config.Sources{Files: a.files(), Vars: a.overrides(), Environ: a.Environ})
	if cfg != nil {
		a.cluster = privilege.Cluster(cfg, "")
	}
	return cfg, faults
}

// files are the files of settings.
func (a *app) files() []string {
	if len(a.flags.files) == 0 {
		return []string{"ecs.tfvars"}
	}
	return a.flags.files
}

// overrides are the settings of the command line; --region and --profile are settings too.
func (a *app) overrides() []string {
	vars := append([]string{}, a.flags.vars...)
	if a.flags.region != "" {
		vars = append(vars, "aws_region="+a.flags.region)
	}
	if a.flags.profile != "" {
		vars = append(vars, "aws_profile="+a.flags.profile)
	}
	return vars
}

// with opens a session for f and closes it again.
func (a *app) with(ctx context.Context, f func(*session) error) error {
	cfg, err := a.load()
	if err != nil {
		return err
	}
	s := &session{app: a, Cluster: drive.Cluster{Config: cfg}, run: newRun()}
	if a.flags.sim != "" {
		err = s.embedded(a.simDir())
	} else {
		err = s.remote(ctx)
	}
	if err != nil {
		return err
	}
	err = f(s)
	if a.flags.verbose {
		a.say("%d calls to AWS\n", s.calls.Load())
	}
	if s.store == nil {
		return err
	}
	return errors.Join(err, s.store.Close(s.sim))
}

// simDir is where the embedded AWS keeps its state.
func (a *app) simDir() string {
	if a.flags.sim != flag.BesideFile && a.flags.sim != "" {
		return string(a.flags.sim)
	}
	first := "ecs.tfvars"
	if len(a.flags.files) > 0 {
		first = a.flags.files[0]
	}
	return filepath.Join(filepath.Dir(first), ".berth", "sim")
}

// openSim opens the embedded AWS of a folder.
func (a *app) openSim(dir string) (*sim.Sim, *sim.Store, error) {
	opened, store, err := sim.Open(dir)
	var locked *sim.Locked
	var path *fs.PathError
	if err != nil && !errors.As(err, &locked) && !errors.As(err, &path) && !errors.Is(err, world.ErrVersion) {
		err = problem.Unreadable(err, a.place())
	}
	return opened, store, err
}

// embedded opens the AWS in this process. Nothing but the file says which region it is; one call at a time makes every
// run the same run.
func (s *session) embedded(dir string) (err error) {
	if s.sim, s.store, err = s.openSim(dir); err != nil {
		return err
	}
	s.heart = &screen.Heart{Clock: s.sim, Beat: s.screen.Tick, Live: s.watched()}
	if s.watched() {
		s.heart.Wall = clock.System()
	}
	rehearsed, err := privilege.Rehearsal(s.verb, s.Config)
	if err != nil {
		return errors.Join(err, s.store.Close(s.sim))
	}
	s.Cloud = cloud.Embedded(s.sim.Under(rehearsed), s.Config.Region, cloud.Options{Clock: s.heart, Run: s.run, Width: 1, Seen: s.seen})
	return nil
}

func (s *session) remote(ctx context.Context) (err error) {
	if err := endpoint.Reach(ctx, s.flags.endpoint, s.place()); err != nil {
		return err
	}
	account := cloud.Account{Region: s.Config.Region, Profile: s.Config.Profile, Endpoint: s.flags.endpoint}
	hands := clock.Scaled(s.flags.clockSpeed)
	if now, simulated := endpoint.Time(ctx, s.flags.endpoint); simulated {
		hands = clock.From(hands, now)
	}
	s.heart = &screen.Heart{Clock: hands, Beat: s.screen.Tick, Live: s.watched(), Speed: s.flags.clockSpeed}
	s.Cloud, err = cloud.Open(ctx, account, cloud.Options{Clock: s.heart, Run: s.run, Width: 32, Seen: s.seen})
	return err
}

// seen counts a call, and names it when more is to be said.
func (s *session) seen(c cloud.Call) {
	s.calls.Add(1)
	if !s.flags.verbose {
		return
	}
	text := c.Service + " " + c.Operation
	if c.Attempt > 1 {
		text += ", again"
	}
	if c.Err != nil {
		text += ": " + cloud.Message(c.Err)
	}
	s.screen.Line(s.Stderr, "call: "+text)
}

// readSecrets gets the secrets that the file wants stored from where it says they are. Verbs that store none do not look.
func (s *session) readSecrets() (err error) {
	if s.Secrets, err = source.Read(s.Config, s.getenv); err != nil {
		return err
	}
	s.mask(s.Secrets)
	return nil
}

// alertSecrets gets what telling people takes.
func (s *session) alertSecrets() (map[string]source.Alert, error) {
	found, all, err := source.Alerts(s.Config, s.getenv)
	s.mask(all)
	return found, err
}

// mask lets no secret show from now on.
func (s *session) mask(all secret.Sources) {
	terminal := s.Terminal
	s.Stdout, s.Stderr = source.Masked(s.Stdout, all), source.Masked(s.Stderr, all)
	s.Terminal = func(w io.Writer) (int, bool) { return terminal(source.Behind(w)) }
}

// newRun names a run so that no two have the same tokens and leases.
func newRun() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // crypto/rand never fails
	return hex.EncodeToString(b)
}

// holder says who this run is, for others who want the lease.
func (s *session) holder(verb string) lease.Holder {
	return lease.Holder{Owner: s.User, Host: s.Host, Verb: verb, Run: s.run}
}

// view is what the screens show of a survey.
func view(v drive.Survey) render.View {
	return render.View{
		Version: Version(), At: v.At, Scope: v.Facts.Scope, Want: v.Want, Have: v.Have, Facts: v.Facts, Plan: v.Plan,
		Findings: v.Findings,
	}
}

// outdated counts the instances that run older settings than their groups.
func outdated(have model.Inventory) int {
	n := 0
	for g := range model.Every[model.Group](&have.Set) {
		n += len(g.Outdated())
	}
	return n
}

// closeView is a view with what only a closer look shows: the agents, and the images of the instances.
func (s *session) closeView(ctx context.Context, v drive.Survey) (render.View, error) {
	out := view(v)
	machines, err := machine.Look(ctx, s.Cloud, out.Have)
	out.Agents, out.AMIs, out.Spot = machines.Connected, machines.Images, machines.Spot
	return out, err
}
