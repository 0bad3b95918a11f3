package deploy

import (
	"testing"

	"berth/internal/live"
)

func TestAFailingDeploymentSaysHowFarTheBreakerIs(t *testing.T) {
	for want, d := range map[string]live.Deployment{
		"the service's settings let AWS roll this back":                                         {},
		"AWS rolls this back when its circuit breaker has counted 3 failures; it has counted 1": {Breaker: live.Breaker{Threshold: 3, Failures: 1}},
	} {
		if got := hope(d); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
