package observe

import (
	"context"

	"berth/internal/cloud"
)

// pages is a call that reads every page of a listing: turn stores one page and says whether there is another, having
// put the mark of it into the input.
func pages[I, O, P any](l *look, f func(context.Context, *I, ...func(*P)) (*O, error), in *I, turn func(*I, *O) bool) call {
	return func(ctx context.Context) error {
		for {
			out, err := cloud.Read(ctx, l.c, f, in)
			if err != nil {
				return err
			}
			l.mu.Lock()
			more := turn(in, out)
			l.mu.Unlock()
			if !more {
				return nil
			}
		}
	}
}

// more carries a page's mark over into the next request; an empty one ends the listing.
func more(next *string, into **string) bool {
	*into = next
	return next != nil && *next != ""
}
