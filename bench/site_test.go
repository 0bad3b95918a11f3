package bench

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"berth/internal/clock"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// example reads the example file, with some settings changed.
func example(tb testing.TB, vars ...string) *config.Config {
	tb.Helper()
	c, faults := config.Load(config.Sources{Files: []string{"../ecs.tfvars"}, Vars: vars})
	if faults.Failed() {
		tb.Fatal(faults.String())
	}
	return c
}

// site is an AWS of its own behind a network of pipes with a latency, in a bubble of fake time: there a call takes its
// latency and nothing else, and the world's time is the bubble's.
type site struct {
	sim    *sim.Sim
	trace  *world.Trace
	client *http.Client
	runs   int
}

// inBubble gives f a new AWS.
func inBubble(t *testing.T, seed uint64, f func(*testing.T, *site)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &site{sim: sim.New(world.New(seed))}
		s.trace = s.sim.Record()
		network := newPipes()
		transport := &http.Transport{DialContext: network.dial, MaxIdleConnsPerHost: 2 * Width}
		s.client = &http.Client{Transport: transport}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		server := &sim.Server{Sim: s.sim, Latency: Latency}
		go func() { ended <- server.Serve(ctx, network) }()
		t.Cleanup(func() {
			transport.CloseIdleConnections()
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
		f(t, s)
	})
}

// stretch is what one part of a run cost.
type stretch struct {
	Tally
	Depth   int
	Took    time.Duration
	Entries []world.Entry
}

func (s *site) measure(f func() error) (stretch, error) {
	from, began := len(s.trace.Entries), time.Now()
	err := f()
	entries := s.trace.Entries[from:]
	return stretch{Count(entries), Depth(entries, Latency), time.Since(began), entries}, err
}

// cluster is the tool, as a process of its own: every call makes a new run.
func (s *site) cluster(c *config.Config) drive.Cluster {
	s.runs++
	o := cloud.Options{Clock: clock.System(), Run: fmt.Sprintf("run-%d", s.runs), Width: Width}
	return drive.Cluster{Cloud: cloud.Embedded(s.client, c.Region, o), Config: c}
}

// plan looks at a cluster as berth plan does, and fails the test unless there is nothing to do.
func (s *site) plan(t *testing.T, c *config.Config) stretch {
	t.Helper()
	cluster := s.cluster(c)
	got, err := s.measure(func() error {
		seen, err := cluster.Survey(t.Context())
		if err == nil && len(seen.Plan.Changes) > 0 {
			err = fmt.Errorf("there is something to do: %v", seen.Plan.Changes)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// journey is a whole run, in its parts: the opening look, the quotas, the work under the lease, the closing look.
type journey struct{ look, quotas, work, after stretch }

// total is all parts of a journey together.
func (j journey) total() stretch {
	var all stretch
	for _, part := range []stretch{j.look, j.quotas, j.work, j.after} {
		all.Entries = append(all.Entries, part.Entries...)
		all.Took += part.Took
	}
	all.Tally, all.Depth = Count(all.Entries), Depth(all.Entries, Latency)
	return all
}

// polls are the reads behind the opening look.
func (j journey) polls() int { return j.total().Reads - j.look.Reads }

// chain is how long the longest chain of delays takes that the world drew on the way.
func (j journey) chain() time.Duration {
	all := j.total().Entries
	return (&world.Trace{Entries: all}).LongestChain(all[len(all)-1].At).Sum()
}

// apply makes a cluster as berth apply does.
func (s *site) apply(t *testing.T, c *config.Config) journey {
	cluster := s.cluster(c)
	return s.carryOut(t, drive.Job{Cluster: cluster, Again: cluster.Survey})
}

// destroy takes a cluster away as berth destroy does.
func (s *site) destroy(t *testing.T, c *config.Config) journey {
	cluster := s.cluster(c)
	return s.carryOut(t, drive.Job{Cluster: cluster, Again: cluster.Farewell})
}

func (s *site) carryOut(t *testing.T, job drive.Job) journey {
	t.Helper()
	job.Who = lease.Holder{Owner: "bench", Host: "here", Verb: "bench", Run: job.Cloud.Run}
	job.Agree = func(drive.Survey) error { return nil }
	var j journey
	var seen drive.Survey
	var res drive.Result
	for _, part := range []struct {
		into *stretch
		does func() error
	}{
		{&j.look, func() (err error) { seen, err = job.Again(t.Context()); return err }},
		{&j.quotas, func() error { return job.Quotas(t.Context(), seen.Plan) }},
		{&j.work, func() (err error) { seen, res, err = job.Do(t.Context(), seen); return err }},
		{&j.after, func() (err error) { seen, err = job.After(t.Context(), seen, res); return err }},
	} {
		var err error
		*part.into, err = s.measure(part.does)
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(res.Failed)+len(res.Skipped) > 0 || !seen.Plan.Empty() {
		t.Fatalf("failed: %v; skipped: %v; still to do: %v", res.Failed, res.Skipped, seen.Plan.Changes)
	}
	return j
}
