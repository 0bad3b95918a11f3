package configuration

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// quota is the service quota "Launch configurations per region".
const quota = "L-6B80B8FA"

// Operations are the operations on launch configurations, by name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CreateLaunchConfiguration":    wire.Op(CreateLaunchConfiguration),
		"DeleteLaunchConfiguration":    wire.Op(DeleteLaunchConfiguration),
		"DescribeLaunchConfigurations": wire.Op(DescribeLaunchConfigurations),
	}
}

// CreateLaunchConfiguration makes a launch configuration, from settings or from those of an instance.
func CreateLaunchConfiguration(c *world.Call, in *autoscaling.CreateLaunchConfigurationInput) (*autoscaling.CreateLaunchConfigurationOutput, error) {
	name, err := listing.Required(in.LaunchConfigurationName, "launchConfigurationName")
	if err != nil {
		return nil, err
	}
	if len(name) > 255 || strings.Contains(name, ":") {
		return nil, listing.Invalid("The name '%s' is not a valid launch configuration name", name)
	}
	rows := &c.Region.AutoScaling.Configurations
	if _, ok := rows.Get(name); ok {
		return nil, wire.Errorf("AlreadyExists", "Launch Configuration by this name already exists - A launch configuration already exists with the name %s", name)
	}
	if limit := c.Region.Quota(quota); rows.Len() >= limit {
		return nil, wire.Errorf("LimitExceeded", "You have already reached the maximum number of launch configurations: %d", limit)
	}
	row := &world.LaunchConfiguration{}
	if in.InstanceId != nil {
		if err := copyInstance(c.Region, row, *in.InstanceId); err != nil {
			return nil, err
		}
	}
	if err := read(c, row, in); err != nil {
		return nil, err
	}
	row.Name, row.Created = name, c.Now()
	row.ARN = fmt.Sprintf("arn:aws:autoscaling:%s:%s:launchConfiguration:%s:launchConfigurationName/%s", c.Region.Name, world.Account, c.UUID(), name)
	rows.Put(name, row)
	c.Used("autoscaling.amazonaws.com")
	return &autoscaling.CreateLaunchConfigurationOutput{}, nil
}

// copyInstance takes over what an instance was launched with, but for its volumes (Auto Scaling API reference,
// CreateLaunchConfiguration).
func copyInstance(r *world.Region, row *world.LaunchConfiguration, id string) error {
	i, ok := r.EC2.Instances.Get(id)
	if !ok || i.State == world.InstanceTerminated {
		return listing.Invalid("The instance ID '%s' does not exist", id)
	}
	row.ImageID, row.Type, row.KeyName, row.Profile, row.UserData = i.ImageID, i.Type, i.KeyName, i.ProfileARN, i.UserData
	row.Unmonitored, row.EBSOptimized = !i.Monitored, i.EBSOptimized
	if n, ok := r.EC2.Interfaces.Get(i.InterfaceID); ok {
		row.Groups = slices.Clone(n.Groups)
	}
	if i.AutoPublicIP {
		row.PublicIP = aws.Bool(true)
	}
	return nil
}

// DescribeLaunchConfigurations lists launch configurations; names that none has are passed over.
func DescribeLaunchConfigurations(c *world.Call, in *autoscaling.DescribeLaunchConfigurationsInput) (*autoscaling.DescribeLaunchConfigurationsOutput, error) {
	rows := []types.LaunchConfiguration{}
	for name, row := range c.Region.AutoScaling.Configurations.All() {
		if len(in.LaunchConfigurationNames) == 0 || slices.Contains(in.LaunchConfigurationNames, name) {
			rows = append(rows, view(row))
		}
	}
	rows, next, err := listing.Page(rows, listing.Paging{Max: in.MaxRecords, Token: in.NextToken, Usual: 50, Most: 100})
	if err != nil {
		return nil, err
	}
	return &autoscaling.DescribeLaunchConfigurationsOutput{LaunchConfigurations: rows, NextToken: next}, nil
}

// DeleteLaunchConfiguration deletes a launch configuration that no group uses. Instances launched from it stay.
func DeleteLaunchConfiguration(c *world.Call, in *autoscaling.DeleteLaunchConfigurationInput) (*autoscaling.DeleteLaunchConfigurationOutput, error) {
	name, err := listing.Required(in.LaunchConfigurationName, "launchConfigurationName")
	if err != nil {
		return nil, err
	}
	if _, err := Find(c.Region, name); err != nil {
		return nil, err
	}
	for group, g := range c.Region.AutoScaling.Groups.All() {
		if g.Configuration == name {
			return nil, wire.Errorf("ResourceInUse", "Cannot delete launch configuration %s because it is attached to AutoScalingGroup %s", name, group)
		}
	}
	c.Region.AutoScaling.Configurations.Delete(name)
	return &autoscaling.DeleteLaunchConfigurationOutput{}, nil
}

// Find gives the launch configuration with a name; an unknown one is refused with ValidationError.
func Find(r *world.Region, name string) (*world.LaunchConfiguration, error) {
	if row, ok := r.AutoScaling.Configurations.Get(name); ok {
		return row, nil
	}
	return nil, listing.Invalid("Launch configuration name not found - Launch configuration %s not found", name)
}
