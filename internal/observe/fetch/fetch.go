// Package fetch makes the single requests of a look.
//
// In: whoever looks, an operation of the AWS SDK with its input, and what to do with the answer. Out: a Call, which waits
// until the look's round makes it. It reads only, and it knows neither our nouns nor what an answer means.
package fetch

import (
	"context"
	"sync"

	"berth/internal/cloud"
)

// Call is one request; it stores its answer with whoever looks.
type Call func(context.Context) error

// Asker is whoever looks: at which cloud, and the lock under which answers are stored while several calls are under way.
type Asker interface {
	sync.Locker
	Cloud() *cloud.Cloud
}

// Get is a call for one answer, which store takes under the asker's lock.
func Get[I, O, P any](a Asker, f func(context.Context, *I, ...func(*P)) (*O, error), in *I, store func(*O)) Call {
	return func(ctx context.Context) error {
		out, err := cloud.Read(ctx, a.Cloud(), f, in)
		if err != nil {
			return err
		}
		a.Lock()
		defer a.Unlock()
		store(out)
		return nil
	}
}

// Maybe is Get for what need not be there: an answer that AWS knows no such thing stores nothing.
func Maybe[I, O, P any](a Asker, f func(context.Context, *I, ...func(*P)) (*O, error), in *I, store func(*O)) Call {
	return UnlessMissing(Get(a, f, in, store))
}

// UnlessMissing is a call for which an answer that AWS knows no such thing is none:
// what it is about need not be there, or may have gone meanwhile.
func UnlessMissing(inner Call) Call {
	return func(ctx context.Context) error {
		if err := inner(ctx); err != nil && !cloud.Missing(err) {
			return err
		}
		return nil
	}
}

// Undenied is a call for which an answer that we may not know is none.
func Undenied(inner Call) Call {
	return func(ctx context.Context) error {
		if err := inner(ctx); err != nil && !cloud.Denied(err) {
			return err
		}
		return nil
	}
}

// Tolerant makes a call of one that may find no such thing, or nothing that is ours to look at.
func Tolerant(f Call) Call {
	return func(ctx context.Context) error {
		if err := f(ctx); err != nil && !cloud.Missing(err) && cloud.Code(err) != "Forbidden" {
			return err
		}
		return nil
	}
}
