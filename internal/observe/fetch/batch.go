package fetch

import (
	"context"
	"slices"

	"berth/internal/cloud"
)

// Batches makes a call for every so many names, as many as AWS takes at once.
func Batches(names []string, size int, ask func([]string) Call) []Call {
	var calls []Call
	for some := range slices.Chunk(names, size) {
		calls = append(calls, orSingly(some, ask))
	}
	return calls
}

// orSingly asks for some at once. AWS refuses them all when one has just gone: then each is asked for by itself.
func orSingly(names []string, ask func([]string) Call) Call {
	return func(ctx context.Context) error {
		err := ask(names)(ctx)
		if !cloud.Missing(err) {
			return err
		}
		for _, name := range names {
			if err := UnlessMissing(ask([]string{name}))(ctx); err != nil {
				return err
			}
		}
		return nil
	}
}
