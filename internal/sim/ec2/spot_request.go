package ec2

import (
	"iter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/ec2/network"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// SpotTaken is the reason of an instance that EC2 took back.
const SpotTaken = "Server.SpotInstanceTermination"

// DescribeSpotInstanceRequests lists the requests behind Spot Instances: each launch made its own, which is as old as it is.
func DescribeSpotInstanceRequests(c *world.Call, in *ec2.DescribeSpotInstanceRequestsInput) (*ec2.DescribeSpotInstanceRequestsOutput, error) {
	for _, id := range in.SpotInstanceRequestIds {
		if !requested(c.Region, id) {
			return nil, wire.Errorf("InvalidSpotInstanceRequestID.NotFound", "The spot instance request ID '%s' does not exist", id)
		}
	}
	rows, err := listing.Sift(spotInstances(c.Region, in.SpotInstanceRequestIds), in.Filters, spotFields(), func(*world.Instance) world.Tags { return nil })
	if err != nil {
		return nil, err
	}
	rows, next, err := listing.Page(rows, listing.Paging{Max: in.MaxResults, Token: in.NextToken, IDs: len(in.SpotInstanceRequestIds) > 0})
	if err != nil {
		return nil, err
	}
	out := listing.Each(rows, func(i *world.Instance) types.SpotInstanceRequest { return spotOut(c.Region, i) })
	return &ec2.DescribeSpotInstanceRequestsOutput{SpotInstanceRequests: out, NextToken: next}, nil
}

func requested(r *world.Region, id string) bool {
	for range spotInstances(r, []string{id}) {
		return true
	}
	return false
}

// spotInstances are the Spot Instances of the requests asked for, or all.
func spotInstances(r *world.Region, ids []string) iter.Seq[*world.Instance] {
	asked := map[string]bool{}
	for _, id := range ids {
		asked[id] = true
	}
	return func(yield func(*world.Instance) bool) {
		for i := range r.EC2.Instances.Rows() {
			if i.SpotRequestID != "" && (len(ids) == 0 || asked[i.SpotRequestID]) && !yield(i) {
				return
			}
		}
	}
}

func spotFields() listing.Fields[world.Instance] {
	type row = *world.Instance
	return listing.Fields[world.Instance]{
		"create-time":                func(i row) []string { return listing.Moment(i.LaunchedAt) },
		"instance-id":                func(i row) []string { return listing.One(i.ID) },
		"launch.image-id":            func(i row) []string { return listing.One(i.ImageID) },
		"launch.instance-type":       func(i row) []string { return listing.One(i.Type) },
		"launched-availability-zone": func(i row) []string { return listing.One(i.Zone) },
		"spot-instance-request-id":   func(i row) []string { return listing.One(i.SpotRequestID) },
		"state":                      func(i row) []string { return listing.One(spotState(i)) },
		"status-code":                func(i row) []string { code, _ := spotStatus(i); return listing.One(code) },
		"type":                       func(row) []string { return listing.One(types.SpotInstanceTypeOneTime) },
	}
}

func spotState(i *world.Instance) types.SpotInstanceState {
	if i.State == world.InstanceShuttingDown || i.State == world.InstanceTerminated {
		return types.SpotInstanceStateClosed
	}
	return types.SpotInstanceStateActive
}

// spotStatus is the code and the message of a request's status (EC2 user guide, "Get the status of a Spot Instance request").
func spotStatus(i *world.Instance) (code, text string) {
	switch {
	case spotState(i) == types.SpotInstanceStateActive && !i.DoomedAt.IsZero():
		return "marked-for-termination", "Your Spot Instance is marked for termination and will be terminated within two minutes."
	case spotState(i) == types.SpotInstanceStateActive:
		return "fulfilled", "Your Spot request is fulfilled."
	case i.ReasonCode == SpotTaken:
		return "instance-terminated-no-capacity", "Your instance was terminated because there is no longer enough Spot capacity available."
	default:
		return "instance-terminated-by-user", "Your Spot Instance was terminated due to user-initiated termination."
	}
}

func spotOut(r *world.Region, i *world.Instance) types.SpotInstanceRequest {
	code, text := spotStatus(i)
	changed := i.LaunchedAt
	if !i.TerminatedAt.IsZero() {
		changed = i.TerminatedAt
	}
	return types.SpotInstanceRequest{
		SpotInstanceRequestId: aws.String(i.SpotRequestID), InstanceId: aws.String(i.ID), State: spotState(i), CreateTime: aws.Time(i.LaunchedAt),
		Status: &types.SpotInstanceStatus{Code: aws.String(code), Message: aws.String(text), UpdateTime: aws.Time(changed)},
		Type:   types.SpotInstanceTypeOneTime, ProductDescription: types.RIProductDescriptionLinuxUnix, Tags: []types.Tag{},
		InstanceInterruptionBehavior: types.InstanceInterruptionBehaviorTerminate,
		LaunchedAvailabilityZone:     aws.String(i.Zone), LaunchedAvailabilityZoneId: network.ZoneID(r, i.Zone),
		LaunchSpecification: &types.LaunchSpecification{
			ImageId: aws.String(i.ImageID), InstanceType: types.InstanceType(i.Type), KeyName: listing.Filled(i.KeyName),
			SubnetId: listing.Filled(i.SubnetID), Placement: &types.SpotPlacement{AvailabilityZone: aws.String(i.Zone)},
			Monitoring: &types.RunInstancesMonitoringEnabled{Enabled: aws.Bool(i.Monitored)},
		},
	}
}
