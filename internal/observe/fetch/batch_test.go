package fetch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/smithy-go"
)

func TestBatchesOfTwentyCoverEveryName(t *testing.T) {
	var names []string
	for i := range 45 {
		names = append(names, fmt.Sprint(i))
	}
	var sizes []int
	var asked []string
	for _, c := range Batches(names, 20, func(some []string) Call {
		return func(context.Context) error {
			sizes = append(sizes, len(some))
			asked = append(asked, some...)
			return nil
		}
	}) {
		if err := c(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(sizes, []int{20, 20, 5}) || !slices.Equal(asked, names) {
		t.Errorf("asked for %v in batches of %v", asked, sizes)
	}
}

func TestBatchWithOneThatIsGoneStillBringsTheOthers(t *testing.T) {
	var told []string
	ask := func(some []string) Call {
		return func(context.Context) error {
			if slices.Contains(some, "gone") {
				return &smithy.GenericAPIError{Code: "LoadBalancerNotFound"}
			}
			told = append(told, some...)
			return nil
		}
	}
	if err := orSingly([]string{"a", "gone", "b"}, ask)(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(told, []string{"a", "b"}) {
		t.Errorf("told of %v", told)
	}
}

func TestBatchThatFailsOtherwiseFails(t *testing.T) {
	broken := errors.New("broken")
	calls := 0
	err := orSingly([]string{"a", "b"}, func([]string) Call {
		return func(context.Context) error { calls++; return broken }
	})(t.Context())
	if !errors.Is(err, broken) || calls != 1 {
		t.Fatalf("error %v after %d calls", err, calls)
	}
}
