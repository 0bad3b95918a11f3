package cloud

import (
	"context"
	"time"
)

// AWS lets so many reads of a kind pass at once and then 20 in a second (ECS API reference, "Request throttling for the Amazon ECS
// API"). Half of that is for others who use the account.
const (
	burst = 50
	pause = 5 * time.Second
)

// Paced is Each for however many items: after every burst it waits, so that in the long run 10 calls are made in a second. What
// was not asked because the context ended has its error.
func Paced[T any](ctx context.Context, c *Cloud, items []T, f func(context.Context, T) error) []error {
	errs := make([]error, 0, len(items))
	for len(items) > len(errs) {
		rest := items[len(errs):]
		if len(errs) > 0 {
			if err := c.Clock.Sleep(ctx, pause); err != nil {
				for range rest {
					errs = append(errs, err)
				}
				return errs
			}
		}
		errs = append(errs, Each(ctx, c, rest[:min(burst, len(rest))], f)...)
	}
	return errs
}

// Pace is how long so many calls of a kind wait for one another in Paced.
func Pace(calls int) time.Duration { return time.Duration(max(0, calls-1)/burst) * pause }
