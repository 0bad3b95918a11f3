// Package refresh is the instance refreshes of the simulated EC2 Auto Scaling: they replace a group's instances, a few at a time.
//
// In go calls of Auto Scaling's API with the SDK's own types, and its own event: a refresh looks at its group every few seconds while it
// lasts. Out come answers, changed rows in world.AutoScaling.Refreshes, and members that the group terminates and launches others for.
//
// What it does not serve it refuses: desired configurations and rollbacks, checkpoints, alarms, bake times, and replacing root volumes alone.
//
// It must never launch, terminate or choose a size by itself: that is the group's.
package refresh
