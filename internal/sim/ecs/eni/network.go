package eni

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// How many subnets and security groups a network configuration may name (ECS service quotas).
const (
	mostSubnets = 16
	mostGroups  = 5
)

// Read checks where the interfaces of a definition's tasks are to be; nil for tasks that have none.
func Read(r *world.Region, d *world.TaskDefinition, in *types.NetworkConfiguration) (*world.TaskNetwork, error) {
	asked := in != nil && in.AwsvpcConfiguration != nil
	switch own := definition.OwnInterface(d); {
	case !own && in != nil:
		return nil, invalid("Network Configuration is not valid for the given networkMode of this task definition.")
	case own && !asked:
		return nil, invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
	case !own:
		return nil, nil //nolint:nilnil // tasks without interfaces have no network
	}
	c := in.AwsvpcConfiguration
	switch {
	case len(c.Subnets) == 0:
		return nil, invalid("subnets can not be empty.")
	case len(c.Subnets) > mostSubnets:
		return nil, invalid("subnets can have at most %d items.", mostSubnets)
	case len(c.SecurityGroups) > mostGroups:
		return nil, invalid("securityGroups can have at most %d items.", mostGroups)
	case c.AssignPublicIp == types.AssignPublicIpEnabled:
		return nil, invalid("Assign public IP is not supported for this launch type.")
	}
	n := &world.TaskNetwork{Subnets: slices.Clone(c.Subnets), Groups: slices.Clone(c.SecurityGroups)}
	return n, check(r, n)
}

// check refuses subnets and security groups that are not there, or not together.
func check(r *world.Region, n *world.TaskNetwork) error {
	vpc := ""
	for _, id := range n.Subnets {
		s, ok := r.EC2.Subnets.Get(id)
		switch {
		case !ok:
			return invalid("Error retrieving subnet information for [%s]: The subnet ID '%s' does not exist (ErrorCode: InvalidSubnetID.NotFound)", id, id)
		case vpc != "" && s.VPCID != vpc:
			return invalid("Subnets must all be in the same VPC.")
		}
		vpc = s.VPCID
	}
	for _, id := range n.Groups {
		g, ok := r.EC2.SecurityGroups.Get(id)
		switch {
		case !ok:
			return invalid("Error retrieving security group information for [%s]: The security group '%s' does not exist (ErrorCode: InvalidGroup.NotFound)", id, id)
		case g.VPCID != vpc:
			return invalid("The security group %s and the subnets must be in the same VPC.", id)
		}
	}
	return nil
}

// ViewNetwork shows a network configuration as descriptions have it; nil for none.
func ViewNetwork(n *world.TaskNetwork) *types.NetworkConfiguration {
	if n == nil {
		return nil
	}
	return &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{
		Subnets: n.Subnets, SecurityGroups: append([]string{}, n.Groups...), AssignPublicIp: types.AssignPublicIpDisabled,
	}}
}

// View shows the attachment of a task's interface as descriptions have it.
func View(r *world.Region, t *world.Task) []types.Attachment {
	a := t.Interface
	if a.Attachment == "" {
		return []types.Attachment{}
	}
	v := types.Attachment{Id: aws.String(a.Attachment), Type: aws.String("ElasticNetworkInterface"), Status: aws.String(a.Status)}
	for _, d := range []world.Tag{
		{Key: "subnetId", Value: a.SubnetID},
		{Key: "networkInterfaceId", Value: a.ID},
		{Key: "macAddress", Value: a.MAC},
		{Key: "privateDnsName", Value: privateName(r, a.Address)},
		{Key: "privateIPv4Address", Value: a.Address},
	} {
		if a.ID == "" {
			break // it is promised only
		}
		v.Details = append(v.Details, types.KeyValuePair{Name: aws.String(d.Key), Value: aws.String(d.Value)})
	}
	return []types.Attachment{v}
}

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}
