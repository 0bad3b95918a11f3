package ecs

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/asg"
	"berth/internal/sim/ecs/capacity"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// managedTag is the tag that ECS puts onto the groups of capacity providers.
const managedTag = "AmazonECSManaged"

// CreateCapacityProvider makes a capacity provider of an Auto Scaling group, which no other provider may have.
func CreateCapacityProvider(c *world.Call, in *ecs.CreateCapacityProviderInput) (*ecs.CreateCapacityProviderOutput, error) {
	name := aws.ToString(in.Name)
	if err := checkProvider(c.Region, name, in); err != nil {
		return nil, err
	}
	g, err := readGroup(c.Region, aws.ToString(in.AutoScalingGroupProvider.AutoScalingGroupArn))
	if err != nil {
		return nil, err
	}
	p := &world.CapacityProvider{
		Name: name, ARN: c.ARN("ecs", "capacity-provider/"+name), Status: active, UpdateStatus: "CREATE_COMPLETE",
		GroupARN: g.ARN, GroupName: g.Name, Target: 100, MinStep: 1, MaxStep: 10_000, Warmup: 300, Draining: true,
	}
	if p.Tags, err = listing.ReadTags(in.Tags); err != nil {
		return nil, err
	}
	set := in.AutoScalingGroupProvider
	err = setProvider(p, g, types.AutoScalingGroupProviderUpdate{
		ManagedDraining: set.ManagedDraining, ManagedScaling: set.ManagedScaling, ManagedTerminationProtection: set.ManagedTerminationProtection,
	})
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(g.Tags, func(t world.GroupTag) bool { return t.Key == managedTag }) {
		asg.SetTag(g, world.GroupTag{Key: managedTag, Propagate: true})
	}
	c.Region.ECS.Providers.Delete(name)
	c.Region.ECS.Providers.Put(name, p)
	return &ecs.CreateCapacityProviderOutput{CapacityProvider: viewProvider(p, true)}, nil
}

func checkProvider(r *world.Region, name string, in *ecs.CreateCapacityProviderInput) error {
	switch {
	case in.Name == nil:
		return missing("Name")
	case !identifier.MatchString(name) || capacity.Reserved(name):
		return invalid("The specified capacity provider name is invalid. Up to 255 characters are allowed, including letters (upper and lowercase), " +
			"numbers, underscores, and hyphens. The name cannot be prefixed with \"aws\", \"ecs\", or \"fargate\". Specify a valid name and try again.")
	case in.ManagedInstancesProvider != nil:
		return wire.Errorf("UnsupportedFeatureException", "Amazon ECS Managed Instances are not available in this Region.")
	case in.AutoScalingGroupProvider == nil || aws.ToString(in.AutoScalingGroupProvider.AutoScalingGroupArn) == "":
		return missing("Auto Scaling group provider")
	}
	if old, ok := r.ECS.Providers.Get(name); ok && old.Status != inactive {
		return client("The specified capacity provider already exists. To change the configuration of an existing capacity provider, update the capacity provider.")
	}
	return nil
}

// readGroup finds the group of a new capacity provider.
func readGroup(r *world.Region, nameOrARN string) (*world.ScalingGroup, error) {
	g, ok := asg.Find(r, nameOrARN)
	if !ok || g.Status != "" {
		return nil, client("The specified Auto Scaling group ARN does not exist. Specify a valid Auto Scaling group ARN and try again.")
	}
	for p := range r.ECS.Providers.Rows() {
		if p.GroupARN == g.ARN && p.Status != inactive {
			return nil, client("The specified Auto Scaling group ARN is already being used by another capacity provider. Specify a unique Auto Scaling group ARN and try again.")
		}
	}
	if asg.Weighted(g) {
		return nil, client("The specified Auto Scaling group uses instance weighting, which capacity providers do not support.")
	}
	return g, nil
}

// setProvider carries settings over to a provider; what is left out stays.
func setProvider(p *world.CapacityProvider, g *world.ScalingGroup, in types.AutoScalingGroupProviderUpdate) error {
	next := *p
	if s := in.ManagedScaling; s != nil {
		if err := setScaling(&next, s); err != nil {
			return err
		}
	}
	if err := setFlag(&next.Draining, string(in.ManagedDraining), "managed draining"); err != nil {
		return err
	}
	if err := setFlag(&next.Protection, string(in.ManagedTerminationProtection), "managed termination protection"); err != nil {
		return err
	}
	const bad = "The managed termination protection setting for the capacity provider is invalid. "
	if next.Protection && !next.Scaling {
		return client(bad + "To enable managed termination protection for a capacity provider, managed scaling must be enabled.")
	}
	if next.Protection && (g == nil || !g.Settings.Protected) {
		return client(bad + "To enable managed termination protection for a capacity provider, the Auto Scaling group must have instance protection from scale in enabled.")
	}
	*p = next
	return nil
}

func setFlag(to *bool, value, what string) error {
	switch value {
	case "":
	case "ENABLED", "DISABLED":
		*to = value == "ENABLED"
	default:
		return invalid("The specified value %s for %s is invalid. Valid values are: ENABLED, DISABLED.", value, what)
	}
	return nil
}

func setScaling(p *world.CapacityProvider, in *types.ManagedScaling) error {
	status := string(in.Status)
	if status == "" {
		status = string(types.ManagedScalingStatusEnabled)
	}
	if err := setFlag(&p.Scaling, status, "managed scaling"); err != nil {
		return err
	}
	for _, n := range []struct {
		to          *int
		value       *int32
		least, most int32
		name        string
	}{
		{&p.Target, in.TargetCapacity, 1, 100, "target capacity"},
		{&p.MinStep, in.MinimumScalingStepSize, 1, 10_000, "minimum scaling step size"},
		{&p.MaxStep, in.MaximumScalingStepSize, 1, 10_000, "maximum scaling step size"},
		{&p.Warmup, in.InstanceWarmupPeriod, 0, 10_000, "instance warmup period"},
	} {
		if n.value == nil {
			continue
		}
		if *n.value < n.least || *n.value > n.most {
			return invalid("The managed scaling %s is invalid. Specify a value between %d and %d.", n.name, n.least, n.most)
		}
		*n.to = int(*n.value)
	}
	if p.MinStep > p.MaxStep {
		return invalid("The managed scaling minimum scaling step size must not be greater than the maximum scaling step size.")
	}
	return nil
}

// findProvider gives the capacity provider that a call names; a deleted one is not found.
func findProvider(c *world.Call, nameOrARN *string, parameter string) (*world.CapacityProvider, error) {
	if aws.ToString(nameOrARN) == "" {
		return nil, missing(parameter)
	}
	name := nameOf(*nameOrARN)
	p, ok := c.Region.ECS.Providers.Get(name)
	if !ok || p.Status == inactive {
		return nil, client("The specified capacity provider '%s' was not found. Specify a valid name or ARN and try again.", name)
	}
	return p, nil
}

// UpdateCapacityProvider changes a provider; its groups follow a few seconds later.
func UpdateCapacityProvider(c *world.Call, in *ecs.UpdateCapacityProviderInput) (*ecs.UpdateCapacityProviderOutput, error) {
	p, err := findProvider(c, in.Name, "Name")
	if err != nil {
		return nil, err
	}
	if in.AutoScalingGroupProvider == nil {
		return nil, missing("Auto Scaling group provider")
	}
	if p.UpdateStatus == updating || p.UpdateStatus == deletion {
		return nil, wire.Errorf("UpdateInProgressException", "The specified capacity provider has an update in progress. Wait and try again.")
	}
	g, _ := asg.Find(c.Region, p.GroupName)
	if err := setProvider(p, g, *in.AutoScalingGroupProvider); err != nil {
		return nil, err
	}
	p.UpdateStatus, p.Reason = updating, ""
	c.Schedule(c.Draw("ecs.capacity-provider-update", p.Name, soon(5*time.Second)),
		world.Event{Kind: "ecs.capacity-provider-updated", Region: c.Region.Name, ID: p.Name})
	return &ecs.UpdateCapacityProviderOutput{CapacityProvider: viewProvider(p, true)}, nil
}

// deletion is the update status of a provider that is being deleted.
const deletion = "DELETE_IN_PROGRESS"

// DeleteCapacityProvider deletes a provider that no cluster has. One that a cluster has stays, and says so in its status:
// the call itself succeeds.
func DeleteCapacityProvider(c *world.Call, in *ecs.DeleteCapacityProviderInput) (*ecs.DeleteCapacityProviderOutput, error) {
	if name := nameOf(aws.ToString(in.CapacityProvider)); capacity.Fargate(name) {
		return nil, client("The specified capacity provider is reserved and cannot be deleted.")
	}
	p, err := findProvider(c, in.CapacityProvider, "Capacity provider")
	if err != nil {
		return nil, err
	}
	for row := range c.Region.ECS.Clusters.Rows() {
		if slices.Contains(row.Providers, p.Name) {
			p.UpdateStatus = "DELETE_FAILED"
			p.Reason = "The capacity provider cannot be deleted because it is associated with cluster: " + row.Name +
				". Remove the capacity provider from the cluster and try again."
			return &ecs.DeleteCapacityProviderOutput{CapacityProvider: viewProvider(p, true)}, nil
		}
	}
	if p.UpdateStatus != deletion {
		p.UpdateStatus, p.Reason = deletion, ""
		c.Schedule(c.Draw("ecs.capacity-provider-delete", p.Name, soon(5*time.Second)),
			world.Event{Kind: "ecs.capacity-provider-updated", Region: c.Region.Name, ID: p.Name})
	}
	return &ecs.DeleteCapacityProviderOutput{CapacityProvider: viewProvider(p, true)}, nil
}

// providerUpdated ends an update or a deletion of a capacity provider.
func providerUpdated(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	p, ok := r.ECS.Providers.Get(e.ID)
	if !ok {
		return
	}
	switch p.UpdateStatus {
	case deletion:
		p.Status, p.UpdateStatus = inactive, "DELETE_COMPLETE"
	case updating:
		p.UpdateStatus = updated
		g, _ := asg.Find(r, p.GroupName)
		halt(r, p, g)
		for row := range r.ECS.Clusters.Rows() {
			if row.Status != inactive && slices.Contains(row.Providers, p.Name) && row.AttachmentsStatus != updating {
				attach(w, r, row)
			}
		}
	}
}
