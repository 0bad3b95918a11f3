package clock_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"berth/internal/clock"
)

// In a bubble of synctest the machine's time is virtual: it stands still until everybody sleeps, so that these tests
// are exact and take no time.

func TestSleepTakesAsLongAsItSaysByTheClockItself(t *testing.T) {
	for _, speed := range []float64{1, 3, 60, 1000, 0.5, 7.3} {
		synctest.Test(t, func(t *testing.T) {
			c, began := clock.Scaled(speed), time.Now()
			before := c.Now()
			if err := c.Sleep(t.Context(), time.Minute); err != nil {
				t.Fatal(err)
			}
			if d := c.Now().Sub(before); d < time.Minute || d > time.Minute+time.Duration(2*speed)+1 {
				t.Errorf("speed %v: a minute took %v by the clock", speed, d)
			}
			real, want := time.Since(began), time.Duration(float64(time.Minute)/speed)
			if real < want || real > want+1 {
				t.Errorf("speed %v: a minute took %v of real time, want %v", speed, real, want)
			}
		})
	}
}

func TestNowRunsAtTheClocksSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := clock.Scaled(60)
		time.Sleep(10 * time.Second)
		if got, want := c.Now(), start.Add(10*time.Minute); !got.Equal(want) {
			t.Errorf("after 10 s at speed 60 it is %v, want %v", got, want)
		}
	})
}

func TestSystemClockIsTheMachines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock.System()
		time.Sleep(time.Hour)
		if !c.Now().Equal(time.Now()) {
			t.Errorf("the system clock says %v, the machine %v", c.Now(), time.Now())
		}
	})
}

func TestSpeedThatIsNoSpeedCountsAsOne(t *testing.T) {
	for _, speed := range []float64{0, -2, math.NaN(), math.Inf(1), math.Inf(-1)} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			if err := clock.Scaled(speed).Sleep(t.Context(), time.Second); err != nil {
				t.Fatal(err)
			}
			if d := time.Since(began); d != time.Second {
				t.Errorf("speed %v: a second took %v", speed, d)
			}
		})
	}
}

func TestSleepEndsWithItsContext(t *testing.T) {
	for _, speed := range []float64{1, 10} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			began := time.Now()
			if err := clock.Scaled(speed).Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("an interrupted sleep says %v", err)
			}
			if d := time.Since(began); d != 3*time.Second {
				t.Errorf("it ended after %v", d)
			}
		})
	}
}

func TestSleepWithinAContextThatIsOverSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 { // a timer of zero and a context that is over are both ready
		for _, d := range []time.Duration{-time.Second, 0, time.Nanosecond} {
			if err := clock.System().Sleep(ctx, d); !errors.Is(err, context.Canceled) {
				t.Fatalf("Sleep(%v) says %v", d, err)
			}
		}
	}
}

func TestNothingToWaitForIsNoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		for _, d := range []time.Duration{-time.Hour, 0} {
			if err := clock.Scaled(2).Sleep(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(began); d != 0 {
			t.Errorf("it took %v", d)
		}
	})
}

func TestSleepLongerThanADurationHoldsDoesNotWrapAround(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
		defer cancel()
		if err := clock.Scaled(1e-9).Sleep(ctx, time.Hour); err == nil {
			t.Error("an hour at a speed of one billionth is over within a day")
		}
	})
}

func TestAClockFromATimeGoesLikeTheOther(t *testing.T) {
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	c := clock.From(clock.Scaled(1000), at)
	if early := c.Now().Sub(at); early < 0 || early > time.Hour {
		t.Errorf("it is %s off", early)
	}
	before := c.Now()
	if err := c.Sleep(t.Context(), time.Second); err != nil || c.Now().Sub(before) < time.Second {
		t.Errorf("%v: it went by %s", err, c.Now().Sub(before))
	}
}
