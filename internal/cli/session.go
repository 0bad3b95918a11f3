package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"

	"berth/internal/clock"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/render"
	"berth/internal/sim"
)

// session is one verb at work on one cluster.
type session struct {
	drive.Cluster
	run   string
	calls int
	sim   *sim.Sim // nil on any other AWS
	store *sim.Store
}

// load reads the configuration.
func (a *app) load() (*config.Config, error) {
	files := a.flags.files
	if len(files) == 0 {
		files = []string{"ecs.tfvars"}
	}
	cfg, faults := config.Load(config.Sources{Files: files, Vars: a.overrides(), Environ: a.Environ})
	if faults.Failed() {
		return nil, &faultsError{faults}
	}
	if len(faults) > 0 {
		fmt.Fprint(a.Stderr, faults.String())
	}
	return cfg, nil
}

// overrides are the settings of the command line; --region and --profile are settings too.
func (a *app) overrides() []string {
	vars := a.flags.vars
	if a.flags.region != "" {
		vars = append(vars, "aws_region="+a.flags.region)
	}
	if a.flags.profile != "" {
		vars = append(vars, "aws_profile="+a.flags.profile)
	}
	return vars
}

// faultsError carries what is wrong with the configuration.
type faultsError struct{ faults config.Faults }

func (f *faultsError) Error() string { return f.faults.String() }

// open reads the configuration and finds the way to the AWS that the flags name. close must follow.
func (a *app) open(ctx context.Context) (*session, error) {
	if err := a.checkFlags(); err != nil {
		return nil, err
	}
	cfg, err := a.load()
	if err != nil {
		return nil, err
	}
	s := &session{Cluster: drive.Cluster{Config: cfg}, run: newRun()}
	if a.flags.sim != "" {
		err = s.embedded(a.simDir())
	} else {
		err = s.remote(ctx, a)
	}
	return s, err
}

func (a *app) checkFlags() error {
	switch {
	case a.flags.output != "text" && a.flags.output != "json":
		return &usageError{fmt.Errorf("--output is text or json, not %q", a.flags.output), "berth --help"}
	case a.flags.sim != "" && a.flags.endpoint != "":
		return &usageError{errors.New("--sim and --endpoint-url exclude each other"), "berth --help"}
	}
	return nil
}

// simDir is where the embedded AWS keeps its state.
func (a *app) simDir() string {
	if a.flags.sim != besideFile && a.flags.sim != "" {
		return a.flags.sim
	}
	first := "ecs.tfvars"
	if len(a.flags.files) > 0 {
		first = a.flags.files[0]
	}
	return filepath.Join(filepath.Dir(first), ".berth", "sim")
}

// embedded opens the AWS in this process. Nothing but the file says which region it is; one call at a time makes every
// run the same run.
func (s *session) embedded(dir string) error {
	world, store, err := sim.Open(dir)
	if err != nil {
		return err
	}
	s.sim, s.store = world, store
	s.Cloud = cloud.Embedded(world.Client(), s.Config.Region, cloud.Options{Clock: world, Run: s.run, Width: 1, Seen: s.count})
	return nil
}

func (s *session) remote(ctx context.Context, a *app) error {
	account := cloud.Account{Region: s.Config.Region, Profile: s.Config.Profile, Endpoint: a.flags.endpoint}
	options := cloud.Options{Clock: clock.Scaled(a.flags.clockSpeed), Run: s.run, Width: 32, Seen: s.count}
	c, err := cloud.Open(ctx, account, options)
	s.Cloud = c
	return err
}

func (s *session) count(cloud.Call) { s.calls++ }

// close ends the session; the embedded AWS is written to its folder.
func (s *session) close(err error) error {
	if s == nil || s.store == nil {
		return err
	}
	return errors.Join(err, s.store.Close(s.sim))
}

// newRun names a run so that no two have the same tokens and leases.
func newRun() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // crypto/rand never fails
	return hex.EncodeToString(b)
}

// holder says who this run is, for others who want the lease.
func (a *app) holder(s *session, verb string) lease.Holder {
	return lease.Holder{Owner: a.User, Host: a.Host, Verb: verb, Run: s.run}
}

// view is what the screens show of a survey.
func view(s drive.Survey) render.View {
	return render.View{
		Version: Version(), At: s.At, Scope: s.Facts.Scope, Want: s.Want, Have: s.Have, Facts: s.Facts, Plan: s.Plan,
		Findings: s.Findings,
	}
}
