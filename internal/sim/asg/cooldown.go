package asg

import (
	"time"

	"berth/internal/sim/wire"
)

// cooled refuses a change during the cooldown that follows a scaling activity, and while one is under way.
func (g group) cooled() error {
	return g.cooledSince(time.Duration(g.Settings.DefaultCooldown) * time.Second)
}

func (g group) cooledSince(cooldown time.Duration) error {
	if a, ok := g.busy(); ok {
		return wire.Errorf("ScalingActivityInProgress", "Activity %s is in progress.", a.ID)
	}
	over := g.LastActivity.Add(cooldown)
	if !g.LastActivity.IsZero() && g.w.Now().Before(over) {
		return wire.Errorf("ScalingActivityInProgress", "The group %s is in its cooldown until %s.", g.Name, over.UTC().Format(time.RFC3339))
	}
	return nil
}
