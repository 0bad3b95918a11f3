package asg

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/sim/world"
)

// processes are what a group does by itself and can be told not to.
func processes() []string {
	return []string{
		"Launch", "Terminate", "AddToLoadBalancer", "AlarmNotification", "AZRebalance", "HealthCheck", "InstanceRefresh",
		"RemoveFromLoadBalancerLowPriority", "ReplaceUnhealthy", "ScheduledActions",
	}
}

// readProcesses checks names of processes; none is all of them.
func readProcesses(names []string) ([]string, error) {
	for _, n := range names {
		if !slices.Contains(processes(), n) {
			return nil, invalid("%s is not a valid process type", n)
		}
	}
	if len(names) == 0 {
		return processes(), nil
	}
	return names, nil
}

// SuspendProcesses stops processes of a group until they are resumed.
func SuspendProcesses(c *world.Call, in *autoscaling.SuspendProcessesInput) (*autoscaling.SuspendProcessesOutput, error) {
	g, names, err := readSuspension(c, in.AutoScalingGroupName, in.ScalingProcesses)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		g.suspend(n, "User suspended at "+c.Now().UTC().Format("2006-01-02T15:04:05Z"))
	}
	return &autoscaling.SuspendProcessesOutput{}, nil
}

func (g group) suspend(process, reason string) {
	if !g.suspended(process) {
		g.Suspended = append(g.Suspended, world.SuspendedProcess{Name: process, Reason: reason})
	}
}

// ResumeProcesses lets processes of a group go on; what has come up meanwhile is done soon.
func ResumeProcesses(c *world.Call, in *autoscaling.ResumeProcessesInput) (*autoscaling.ResumeProcessesOutput, error) {
	g, names, err := readSuspension(c, in.AutoScalingGroupName, in.ScalingProcesses)
	if err != nil {
		return nil, err
	}
	added := g.suspended("AddToLoadBalancer")
	before := len(g.Suspended)
	g.Suspended = slices.DeleteFunc(slices.Clone(g.Suspended), func(p world.SuspendedProcess) bool { return slices.Contains(names, p.Name) })
	if added && !g.suspended("AddToLoadBalancer") {
		g.announce()
	}
	if len(g.Suspended) < before {
		g.Failures = 0
		g.soon()
		g.trackSoon()
	}
	return &autoscaling.ResumeProcessesOutput{}, nil
}

func readSuspension(c *world.Call, name *string, asked []string) (group, []string, error) {
	g, err := find(c, name)
	if err != nil {
		return g, nil, err
	}
	if g.Status != "" {
		return g, nil, invalid("Processes may not be suspended while the AutoScaling group is pending delete")
	}
	names, err := readProcesses(asked)
	return g, names, err
}
