package notify

import (
	"context"
	"sync"

	"berth/internal/watch"
)

// Job is a message for a sink.
type Job struct {
	Sink    Sink
	Message watch.Message
}

// Deliver sends messages, to all sinks at once and those of one sink one after the other, and returns what came of each: a sink that
// is slow holds up nobody else.
func Deliver(ctx context.Context, jobs []Job) []error {
	errs := make([]error, len(jobs))
	var all sync.WaitGroup
	for _, mine := range bySink(jobs) {
		all.Go(func() {
			for _, n := range mine {
				errs[n] = jobs[n].Sink.Send(ctx, jobs[n].Message)
			}
		})
	}
	all.Wait()
	return errs
}

// bySink are the numbers of the jobs of each sink.
func bySink(jobs []Job) [][]int {
	var out [][]int
	at := map[Sink]int{}
	for n, j := range jobs {
		i, known := at[j.Sink]
		if !known {
			i = len(out)
			at[j.Sink] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], n)
	}
	return out
}
