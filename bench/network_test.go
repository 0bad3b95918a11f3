package bench

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// made is an AWS on which a cluster stands, made in the world's own time.
func made(b *testing.B, s *sim.Sim, c *config.Config) {
	b.Helper()
	o := cloud.Options{Clock: s, Run: "made", Width: 1}
	cluster := drive.Cluster{Cloud: cloud.Embedded(s.Client(), c.Region, o), Config: c}
	seen, err := cluster.Survey(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	job := drive.Job{Cluster: cluster, Who: lease.Holder{Run: "made"}, Again: cluster.Survey}
	if _, res, err := job.Do(b.Context(), seen); err != nil || len(res.Failed) > 0 {
		b.Fatal(err, res.Failed)
	}
	s.With(func(w *world.World) { w.Advance(time.Hour) })
}

// serve serves an AWS on loopback at its own pace, every call a latency late, and returns its address.
func serve(b *testing.B, s *sim.Sim) string {
	b.Helper()
	server := &sim.Server{Sim: s, Latency: Latency}
	l, err := server.Listen("127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- server.Serve(ctx, l) }()
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

// flags are settings as flags of the command line.
func flags(vars []string) []string {
	var out []string
	for _, v := range vars {
		out = append(out, "--var", v)
	}
	return out
}

func BenchmarkPlan(b *testing.B) {
	for _, c := range []struct {
		name string
		vars []string
	}{
		{"two-zones", nil},
		{"six-zones", zones(6)},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := sim.New(world.New(1))
			s.With(func(w *world.World) { w.Region("us-east-1").Quotas = map[string]int{"L-0263D0A3": 10} }) // Elastic IPs
			made(b, s, example(b, c.vars...))
			overNetwork(b, s, c.vars)
		})
	}
}

// overNetwork measures plans by the binary of what stands on an AWS that is served on loopback.
func overNetwork(b *testing.B, s *sim.Sim, vars []string) {
	at := serve(b, s)
	trace := s.Record()
	var last usage
	runs := 0
	for b.Loop() {
		last = start(b, append(flags(vars), "plan", "--detailed-exitcode", "--endpoint-url", at)...).wait(b)
		runs++
		b.StopTimer()
		rest(b, at)
		b.StartTimer()
	}
	got := Count(trace.Entries)
	b.ReportMetric(float64(got.Calls)/float64(runs), "calls")
	b.ReportMetric(float64(Depth(trace.Entries, Latency))/float64(runs), "deep")
	report(b, last)
}

// rest lets a minute of the world's time pass: AWS would throttle somebody who plans twice a second for long.
func rest(b *testing.B, at string) {
	b.Helper()
	answer, err := http.Post(at+"/_sim/advance?by=1m", "", nil)
	if err != nil {
		b.Fatal(err)
	}
	if answer.Body.Close(); answer.StatusCode != http.StatusOK {
		b.Fatal(answer.Status)
	}
}

func report(b *testing.B, u usage) {
	b.ReportMetric(float64(u.cpu.Milliseconds()), "cpu-ms")
	b.ReportMetric(float64(u.peak), "MiB")
}

// many are settings for a thousand instances.
func many() []string {
	return []string{
		"min_size=1000", "desired_capacity=1000", "max_size=1000", `private_subnet_cidrs=["10.0.64.0/20", "10.0.80.0/20"]`,
	}
}

func BenchmarkPlanOfThousandInstances(b *testing.B) {
	b.Run("network", func(b *testing.B) {
		s := sim.New(world.New(1))
		made(b, s, example(b, many()...))
		overNetwork(b, s, many())
	})
	b.Run("embedded", func(b *testing.B) {
		dir := filepath.Join(b.TempDir(), "sim")
		s, store, err := sim.Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		made(b, s, example(b, many()...))
		if err := store.Close(s); err != nil {
			b.Fatal(err)
		}
		var last usage
		for b.Loop() {
			last = start(b, append(flags(many()), "plan", "--detailed-exitcode", "--sim="+dir)...).wait(b)
		}
		report(b, last)
	})
}

// BenchmarkRun makes the example cluster and takes it away, in real time: it takes five minutes.
func BenchmarkRun(b *testing.B) {
	for seed := uint64(1); b.Loop(); seed++ {
		s := sim.New(world.New(seed))
		at := serve(b, s)
		for _, verb := range []string{"apply", "destroy"} {
			trace := s.Record()
			u := start(b, verb, "--yes", "--allow-outage", "--endpoint-url", at).wait(b)
			tell(b, verb, trace, u)
		}
	}
	b.ReportMetric(0, "ns/op")
}

// tell reports what a run of the binary cost.
func tell(b *testing.B, verb string, trace *world.Trace, u usage) {
	b.Helper()
	all, look := Count(trace.Entries), opening(trace.Entries)
	chain := trace.LongestChain(trace.Entries[len(trace.Entries)-1].At).Sum()
	for unit, n := range map[string]float64{
		"calls": float64(all.Calls), "look": float64(look), "polls": float64(all.Reads - look), "writes": float64(all.Writes),
		"lease": float64(all.Lease), "s": u.took.Seconds(), "chain-s": chain.Seconds(), "of-chain": u.took.Seconds() / chain.Seconds(),
	} {
		b.ReportMetric(n, verb+"-"+unit)
	}
	b.Logf("%s: %s\n%s", verb, u.took, kinds(all.Kinds))
}

// opening counts the reads of the opening look: all that were answered before the run asked for its quotas or wrote.
func opening(entries []world.Entry) int {
	for i, e := range entries {
		if e.What != "call" || Count(entries[i:i+1]).Reads == 1 && !strings.HasPrefix(e.Name, "servicequotas.") {
			continue
		}
		round := slices.IndexFunc(entries, func(other world.Entry) bool { return other.At.After(e.At.Add(-Latency / 2)) })
		return Count(entries[:round]).Reads
	}
	return Count(entries).Reads
}
