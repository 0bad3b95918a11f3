package notify

import (
	"context"

	"berth/internal/watch"
)

// Job is a message for a sink.
type Job struct {
	Sink    Sink
	Message watch.Message
}

// Deliver sends messages, those of one sink one after the other, and returns what came of each.
func Deliver(ctx context.Context, jobs []Job) []error {
	errs := make([]error, len(jobs))
	for i, j := range jobs {
		errs[i] = j.Sink.Send(ctx, j.Message)
	}
	return errs
}
