package cloud

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
)

// Each calls f for every item, at most c.Width at once, and returns once all have come back; errors stand at the
// index of their item. With a width of 1 it is a loop. A panic in f goes on in the caller, so that what the caller
// holds is given back. It is the one place where the tool starts goroutines for AWS.
func Each[T any](ctx context.Context, c *Cloud, items []T, f func(context.Context, T) error) []error {
	errs := make([]error, len(items))
	if c.Width <= 1 || len(items) == 1 {
		for i, item := range items {
			errs[i] = f(ctx, item)
		}
		return errs
	}
	var wait sync.WaitGroup
	panics := make(chan string, len(items))
	slots := make(chan struct{}, c.Width)
	for i, item := range items {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panics <- fmt.Sprintf("%v\n\n%s", p, debug.Stack())
				}
				<-slots
			}()
			errs[i] = f(ctx, item)
		})
	}
	wait.Wait()
	if len(panics) > 0 {
		panic(<-panics)
	}
	return errs
}
