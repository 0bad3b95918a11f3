package rollout

import (
	"testing"

	"berth/internal/deploy"
)

// The numbers stand in the help of deploy and in the guides: scripts rely on them.
func TestEveryOutcomeHasItsExitCode(t *testing.T) {
	for outcome, want := range map[deploy.Outcome]int{ // unordered: each is looked up alone
		deploy.Succeeded: 0, deploy.Unchanged: 0, deploy.Started: 0, deploy.Superseded: 1, deploy.Refused: 1,
		deploy.RolledBack: 6, deploy.Failed: 7, deploy.TimedOut: 8, deploy.Interrupted: 130,
	} {
		if got := int(Exit(outcome)); got != want {
			t.Errorf("%s: exit %d, want %d", outcome, got, want)
		}
	}
}
