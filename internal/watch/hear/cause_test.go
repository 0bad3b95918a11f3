package hear

import (
	"testing"
	"time"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
	"berth/internal/watch"
)

// TestEveryCodeHasACauseAndAHold: what a code is a sign of, how long it must last, and how much it matters are decided for all of them.
func TestEveryCodeHasACauseAndAHold(t *testing.T) {
	families := map[string]string{
		"WHY1": watch.Image, "WHY2": watch.Ends, "WHY3": watch.Health, "WHY4": watch.Room, "WHY5": watch.Access, "WHY6": watch.Host, "WHY7": watch.Rollout,
		reason.RateLimit: watch.Registry, reason.NoRegistry: watch.Registry, reason.NoCapacity: watch.Launch, reason.NoLaunch: watch.Launch,
		reason.DrainDeadlock: watch.Drain, reason.DrainProtected: watch.Drain, reason.DrainAlone: watch.Drain, reason.DrainNoRoom: watch.Drain,
		reason.Throttled: watch.Short, reason.Unknown: watch.Short, unconfirmed: watch.Alert, oldImage: watch.Age,
	}
	of := live.Subject{Kind: aService, Name: "web"}
	for _, code := range append(reason.Codes(), unconfirmed, oldImage) {
		if code < "WHY100" && code > "WHY" {
			continue // about questions, not about clusters
		}
		want := families[code]
		if want == "" {
			want = families[code[:4]]
		}
		if got := watch.CauseOf(code, of, ""); got.Family != want || got.Scope == "" {
			t.Errorf("%s is %+v, want %q", code, got, want)
		}
		if h := hold(code); h < 0 || h > time.Hour {
			t.Errorf("%s is held for %s", code, h)
		}
	}
}

func TestWhatNobodyTriesAgainIsAnError(t *testing.T) {
	for _, one := range []struct {
		code  string
		of    string
		final bool
		want  watch.Severity
	}{
		{reason.ExitCode, aService, false, watch.Warning},
		{reason.ExitCode, aFamily, false, watch.Error},
		{reason.NoImage, aService, true, watch.Error},
		{reason.SpotTaken, aInstance, false, watch.Info},
		{reason.AgentGone, aInstance, false, watch.Warning},
		{reason.ZoneDark, aInstance, false, watch.Error},
		{reason.Failed, aService, true, watch.Error},
		{reason.LackCPU, aService, false, watch.Error},
		{reason.LackRoom, aService, false, watch.Warning},
		{reason.RateLimit, aService, false, watch.Warning},
	} {
		if got := severity(one.code, live.Subject{Kind: one.of}, one.final); got != one.want {
			t.Errorf("%s of a %s: %v, want %v", one.code, one.of, got, one.want)
		}
	}
}
