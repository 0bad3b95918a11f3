package cloud_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"berth/internal/cloud"
)

func numbers(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestEachIsAsWideAsItMayBeAndNoWider(t *testing.T) {
	for _, one := range []struct{ width, items, most int }{{1, 20, 1}, {0, 5, 1}, {4, 20, 4}, {32, 100, 32}, {32, 3, 3}, {2, 1, 1}} {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			var now, most, calls int
			count := func(by int) {
				mu.Lock()
				defer mu.Unlock()
				now += by
				most = max(most, now)
			}
			began := time.Now()
			cloud.Each(t.Context(), &cloud.Cloud{Width: one.width}, numbers(one.items), func(context.Context, int) error {
				count(1)
				time.Sleep(time.Second)
				count(-1)
				mu.Lock()
				defer mu.Unlock()
				calls++
				return nil
			})
			if most != one.most || calls != one.items {
				t.Errorf("%+v: %d at once, %d calls", one, most, calls)
			}
			if want := time.Duration((one.items+one.most-1)/one.most) * time.Second; time.Since(began) != want {
				t.Errorf("%+v: took %v, want %v", one, time.Since(began), want)
			}
		})
	}
}

func TestErrorsStandAtTheirItems(t *testing.T) {
	for _, width := range []int{1, 8} {
		synctest.Test(t, func(t *testing.T) {
			errs := cloud.Each(t.Context(), &cloud.Cloud{Width: width}, numbers(50), func(_ context.Context, i int) error {
				time.Sleep(time.Duration(50-i) * time.Millisecond)
				if i%3 == 0 {
					return nil
				}
				return fmt.Errorf("item %d", i)
			})
			for i, err := range errs {
				if i%3 == 0 && err != nil || i%3 != 0 && err.Error() != fmt.Sprintf("item %d", i) {
					t.Errorf("width %d: at %d stands %v", width, i, err)
				}
			}
			if len(errs) != 50 {
				t.Errorf("%d errors", len(errs))
			}
		})
	}
}

func TestEachOfWidthOneKeepsTheOrder(t *testing.T) {
	var order []int
	cloud.Each(t.Context(), &cloud.Cloud{Width: 1}, numbers(100), func(_ context.Context, i int) error {
		order = append(order, i)
		return errors.New("goes on all the same")
	})
	for i, n := range order {
		if i != n {
			t.Fatalf("order %v", order)
		}
	}
	if len(order) != 100 {
		t.Errorf("%d calls", len(order))
	}
}

func TestEachOfNothingIsNothing(t *testing.T) {
	for _, width := range []int{1, 8} {
		if errs := cloud.Each(t.Context(), &cloud.Cloud{Width: width}, nil, func(context.Context, int) error { panic("called") }); len(errs) != 0 {
			t.Errorf("%v", errs)
		}
	}
}

func TestPanicOfOneCallReachesTheCallerOnceAllAreBack(t *testing.T) {
	for _, width := range []int{1, 2, 8} {
		synctest.Test(t, func(t *testing.T) {
			var under, done atomic.Int64
			caught := func() (p any) {
				defer func() { p = recover() }()
				cloud.Each(t.Context(), &cloud.Cloud{Width: width}, numbers(20), func(_ context.Context, i int) error {
					under.Add(1)
					defer under.Add(-1)
					time.Sleep(time.Second)
					if i == 3 {
						panic("item 3 is broken")
					}
					done.Add(1)
					return nil
				})
				return nil
			}()
			if caught == nil || !strings.Contains(fmt.Sprint(caught), "item 3 is broken") {
				t.Errorf("width %d: caught %v", width, caught)
			}
			if under.Load() != 0 || width > 1 && done.Load() != 19 {
				t.Errorf("width %d: %d calls under way, %d done", width, under.Load(), done.Load())
			}
			if width > 1 && !strings.Contains(fmt.Sprint(caught), "each_test.go") {
				t.Errorf("the panic does not say where it was: %v", caught)
			}
		})
	}
}

func TestContextReachesEveryCall(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, width := range []int{1, 8} {
		for i, err := range cloud.Each(ctx, &cloud.Cloud{Width: width}, numbers(20), func(ctx context.Context, _ int) error { return ctx.Err() }) {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("at %d: %v", i, err)
			}
		}
	}
}
