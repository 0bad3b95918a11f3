// Package activity shows the scaling activities of the simulated EC2 Auto Scaling to callers.
//
// In go calls of DescribeScalingActivities and rows of world.AutoScaling.Activities; out come answers. It changes nothing: activities begin
// and end in the package above.
package activity
