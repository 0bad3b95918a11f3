package overview

import (
	"testing"
	"time"
)

func TestATaskThatNothingChecksCountsOnceItHasRunForAWhile(t *testing.T) {
	for name, c := range map[string]struct {
		ran     time.Duration
		balance bool
		health  string
		want    int
	}{
		"it has just started":                     {ran: 39 * time.Second, want: 1},
		"it has run for long enough":              {ran: 40 * time.Second, want: 2},
		"its container says that it is healthy":   {ran: time.Second, health: "HEALTHY", want: 2},
		"a load balancer says that it is healthy": {ran: time.Second, balance: true, want: 2},
	} {
		capture := two(t)
		capture.At = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
		if !c.balance {
			capture.Services[0].Spec = spec(t, `{}`)
		}
		for n := range capture.Tasks[:2] {
			capture.Tasks[n].Started = capture.At.Add(-time.Hour)
			if c.health != "" {
				capture.Tasks[n].Health = c.health
			}
		}
		capture.Tasks[1].Started = capture.At.Add(-c.ran)
		if got := Healthy(capture)["web"]; got != c.want {
			t.Errorf("%s: %d are healthy, not %d", name, got, c.want)
		}
	}
}
