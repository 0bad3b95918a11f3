package fetch

import (
	"context"

	"berth/internal/cloud"
)

// Pages is a call that reads every page of a listing: turn stores one page and says whether there is another, having
// put the mark of it into the input.
func Pages[I, O, P any](a Asker, f func(context.Context, *I, ...func(*P)) (*O, error), in *I, turn func(*I, *O) bool) Call {
	return func(ctx context.Context) error {
		for {
			out, err := cloud.Read(ctx, a.Cloud(), f, in)
			if err != nil {
				return err
			}
			a.Lock()
			more := turn(in, out)
			a.Unlock()
			if !more {
				return nil
			}
		}
	}
}

// More carries a page's mark over into the next request; an empty one ends the listing.
func More(next *string, into **string) bool {
	*into = next
	return next != nil && *next != ""
}
