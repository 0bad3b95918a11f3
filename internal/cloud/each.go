package cloud

import (
	"context"
	"sync"
)

// Each calls f for every item, at most c.Width at once, and returns once all have come back; errors stand at the
// index of their item. With a width of 1 it is a loop. It is the one place where the tool starts goroutines for AWS.
func Each[T any](ctx context.Context, c *Cloud, items []T, f func(context.Context, T) error) []error {
	errs := make([]error, len(items))
	if c.Width <= 1 || len(items) == 1 {
		for i, item := range items {
			errs[i] = f(ctx, item)
		}
		return errs
	}
	var wait sync.WaitGroup
	slots := make(chan struct{}, c.Width)
	for i, item := range items {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			errs[i] = f(ctx, item)
		})
	}
	wait.Wait()
	return errs
}
