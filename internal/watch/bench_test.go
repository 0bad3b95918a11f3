package watch_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
	"berth/internal/watch"
)

// BenchmarkStep hears a million events of 5,000 services, one in each step, and reports how many a second are heard and how much
// memory the state takes at the end.
func BenchmarkStep(b *testing.B) {
	const services, events = 5000, 1_000_000
	signals := make([]watch.Signal, services)
	for n := range signals {
		code := []string{reason.ExitCode, reason.NoImage, reason.NoAnswer, reason.OomContainer}[n%4]
		name := fmt.Sprint("service-", n)
		signals[n] = watch.Signal{
			Cause: watch.CauseOf(code, live.Subject{Kind: "service", Name: name}, ""), Member: "service/" + name, Code: code, Severity: watch.Warning,
			Text: "the container app of " + name + " ended with exit code 1", Evidence: []string{"1 task ended so"},
		}
	}
	var s watch.State
	told := 0
	for b.Loop() {
		s, told = watch.State{}, 0
		now := night
		for n := range events {
			now = now.Add(10 * time.Millisecond)
			g := signals[n*7919%services]
			g.ID, g.At = fmt.Sprint("task/", n), now
			var changes []watch.Change
			s, changes = watch.Step(s, watch.Input{At: now, Signals: []watch.Signal{g}})
			told += len(changes)
		}
	}
	b.ReportMetric(float64(events)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB")
	b.ReportMetric(float64(told), "messages")
	runtime.KeepAlive(s)
}
