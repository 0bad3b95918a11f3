package refresh

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg"
	"berth/internal/sim/asg/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations are the operations on instance refreshes, by name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CancelInstanceRefresh":     wire.Op(CancelInstanceRefresh),
		"DescribeInstanceRefreshes": wire.Op(DescribeInstanceRefreshes),
		"StartInstanceRefresh":      wire.Op(StartInstanceRefresh),
	}
}

// The states that a refresh goes through here.
const (
	pending    = string(types.InstanceRefreshStatusPending)
	inProgress = string(types.InstanceRefreshStatusInProgress)
	successful = string(types.InstanceRefreshStatusSuccessful)
	failed     = string(types.InstanceRefreshStatusFailed)
	cancelling = string(types.InstanceRefreshStatusCancelling)
	cancelled  = string(types.InstanceRefreshStatusCancelled)
)

// find gives the group that a call names.
func find(c *world.Call, name *string) (*world.ScalingGroup, error) {
	n, err := listing.Required(name, "autoScalingGroupName")
	if err != nil {
		return nil, err
	}
	g, ok := asg.Find(c.Region, n)
	if !ok {
		return nil, listing.Invalid("AutoScalingGroup name not found - AutoScalingGroup %s not found", n)
	}
	return g, nil
}

// active is the refresh of a group that has not ended.
func active(r *world.Region, group string) (*world.InstanceRefresh, bool) {
	for f := range r.AutoScaling.Refreshes.Rows() {
		if f.Group == group && f.Ended.IsZero() {
			return f, true
		}
	}
	return nil, false
}

// StartInstanceRefresh begins to replace the instances of a group.
func StartInstanceRefresh(c *world.Call, in *autoscaling.StartInstanceRefreshInput) (*autoscaling.StartInstanceRefreshOutput, error) {
	g, err := find(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if g.Status != "" {
		return nil, listing.Invalid("The AutoScaling group may not be modified while it is pending delete")
	}
	if f, ok := active(c.Region, g.Name); ok {
		return nil, wire.Errorf("InstanceRefreshInProgress", "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh. Instance Refresh %s is in progress.", f.ID)
	}
	f, err := read(g, in)
	if err != nil {
		return nil, err
	}
	f.ID, f.Group, f.Status, f.Started, f.Moved = c.UUID(), g.Name, pending, c.Now(), c.Now()
	c.Region.AutoScaling.Refreshes.Put(f.ID, f)
	work{f, g, c.World, c.Region}.again()
	return &autoscaling.StartInstanceRefreshOutput{InstanceRefreshId: aws.String(f.ID)}, nil
}

// read reads the preferences; those that are left out have the defaults of the API, or the group's own (Auto Scaling API reference,
// RefreshPreferences).
func read(g *world.ScalingGroup, in *autoscaling.StartInstanceRefreshInput) (*world.InstanceRefresh, error) {
	p := in.Preferences
	if p == nil {
		p = &types.RefreshPreferences{}
	}
	if what := unserved(in, p); what != "" {
		return nil, listing.Invalid("The simulated Auto Scaling has no support for instance refreshes with %s.", what)
	}
	warmup := g.Settings.HealthCheckGrace
	if w := g.Settings.DefaultInstanceWarmup; w != nil {
		warmup = int(*w)
	}
	f := &world.InstanceRefresh{
		MinHealthy: percent(cmp.Or(p.MinHealthyPercentage, g.Settings.MinHealthy), 90),
		MaxHealthy: percent(cmp.Or(p.MaxHealthyPercentage, g.Settings.MaxHealthy), 100), Warmup: percent(p.InstanceWarmup, warmup),
		SkipMatching: aws.ToBool(p.SkipMatching),
		Protected:    string(cmp.Or(p.ScaleInProtectedInstances, types.ScaleInProtectedInstancesWait)),
		Standby:      string(cmp.Or(p.StandbyInstances, types.StandbyInstancesWait)),
	}
	switch {
	case f.MinHealthy < 0 || f.MinHealthy > 100:
		return nil, listing.Invalid("The minimum healthy percentage must be between 0 and 100, and not %d", f.MinHealthy)
	case p.MaxHealthyPercentage != nil && p.MinHealthyPercentage == nil:
		return nil, listing.Invalid("A maximum healthy percentage needs a minimum healthy percentage beside it")
	case f.MaxHealthy < 100 || f.MaxHealthy > 200 || f.MaxHealthy-f.MinHealthy > 100:
		return nil, listing.Invalid("The maximum healthy percentage must be between 100 and 200 and at most 100 above the minimum, and not %d", f.MaxHealthy)
	case f.Warmup < 0:
		return nil, listing.Invalid("The instance warmup must not be negative")
	case !slices.Contains(types.ScaleInProtectedInstances("").Values(), types.ScaleInProtectedInstances(f.Protected)):
		return nil, listing.Outside(f.Protected, "preferences.scaleInProtectedInstances", "[Refresh, Ignore, Wait]")
	case !slices.Contains(types.StandbyInstances("").Values(), types.StandbyInstances(f.Standby)):
		return nil, listing.Outside(f.Standby, "preferences.standbyInstances", "[Terminate, Ignore, Wait]")
	}
	return f, nil
}

func percent(n *int32, usual int) int {
	if n == nil {
		return usual
	}
	return int(*n)
}

// unserved names what a call asks for and is not served here; empty: nothing.
func unserved(in *autoscaling.StartInstanceRefreshInput, p *types.RefreshPreferences) string {
	switch {
	case in.Strategy != "" && in.Strategy != types.RefreshStrategyRolling:
		return "the strategy " + string(in.Strategy)
	case in.DesiredConfiguration != nil || aws.ToBool(p.AutoRollback):
		return "a desired configuration"
	case p.AlarmSpecification != nil:
		return "alarms"
	case aws.ToInt32(p.BakeTime) > 0:
		return "a bake time"
	case len(p.CheckpointPercentages) > 0:
		return "checkpoints"
	}
	return ""
}

// CancelInstanceRefresh ends a refresh; what it has replaced stays so.
func CancelInstanceRefresh(c *world.Call, in *autoscaling.CancelInstanceRefreshInput) (*autoscaling.CancelInstanceRefreshOutput, error) {
	g, err := find(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	f, ok := active(c.Region, g.Name)
	if !ok {
		return nil, wire.Errorf("ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found for Auto Scaling group %s", g.Name)
	}
	f.Status, f.Reason = cancelling, "Cancelled due to user request."
	return &autoscaling.CancelInstanceRefreshOutput{InstanceRefreshId: aws.String(f.ID)}, nil
}

// kept is how many refreshes of a group can be asked for at once.
const kept = 100

// DescribeInstanceRefreshes lists the refreshes of a group, the newest first.
func DescribeInstanceRefreshes(c *world.Call, in *autoscaling.DescribeInstanceRefreshesInput) (*autoscaling.DescribeInstanceRefreshesOutput, error) {
	g, err := find(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	rows := []types.InstanceRefresh{}
	for f := range c.Region.AutoScaling.Refreshes.Rows() {
		if f.Group == g.Name && (len(in.InstanceRefreshIds) == 0 || slices.Contains(in.InstanceRefreshIds, f.ID)) {
			rows = append(rows, view(g, f, c.Now()))
		}
	}
	slices.Reverse(rows)
	rows, next, err := listing.Page(rows, listing.Paging{Max: in.MaxRecords, Token: in.NextToken, Usual: 50, Most: kept})
	if err != nil {
		return nil, err
	}
	return &autoscaling.DescribeInstanceRefreshesOutput{InstanceRefreshes: rows, NextToken: next}, nil
}
