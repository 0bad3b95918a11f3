package asg

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/world"
)

// AttachTrafficSources gives the group's instances to load balancers and target groups.
func AttachTrafficSources(c *world.Call, in *autoscaling.AttachTrafficSourcesInput) (*autoscaling.AttachTrafficSourcesOutput, error) {
	g, sources, err := readTraffic(c, in.AutoScalingGroupName, in.TrafficSources)
	if err != nil {
		return nil, err
	}
	return &autoscaling.AttachTrafficSourcesOutput{}, g.attach(sources...)
}

// DetachTrafficSources takes the group's instances from load balancers and target groups.
func DetachTrafficSources(c *world.Call, in *autoscaling.DetachTrafficSourcesInput) (*autoscaling.DetachTrafficSourcesOutput, error) {
	g, sources, err := readTraffic(c, in.AutoScalingGroupName, in.TrafficSources)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, s := range sources {
		ids = append(ids, s.ID)
	}
	return &autoscaling.DetachTrafficSourcesOutput{}, g.detach(ids)
}

func readTraffic(c *world.Call, name *string, in []types.TrafficSourceIdentifier) (group, []world.TrafficSource, error) {
	g, err := change(c, name)
	if err != nil {
		return g, nil, err
	}
	if len(in) == 0 {
		return g, nil, missing("trafficSources")
	}
	if len(in) > 10 {
		return g, nil, invalid("The number of traffic sources that may be passed in is limited to 10")
	}
	sources, err := readSources(nil, nil, in)
	return g, sources, err
}

// DescribeTrafficSources lists a group's load balancers and target groups.
func DescribeTrafficSources(c *world.Call, in *autoscaling.DescribeTrafficSourcesInput) (*autoscaling.DescribeTrafficSourcesOutput, error) {
	g, err := find(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	var rows []types.TrafficSourceState
	for _, s := range g.Sources {
		if in.TrafficSourceType == nil || *in.TrafficSourceType == s.Type {
			rows = append(rows, types.TrafficSourceState{
				Identifier: aws.String(s.ID), Type: aws.String(s.Type), State: aws.String(g.state(s)),
				TrafficSource: aws.String(s.ID), //nolint:staticcheck // the old name of Identifier: AWS still answers it
			})
		}
	}
	rows, next, err := page(rows, paging{in.MaxRecords, in.NextToken, 50, 50})
	if err != nil {
		return nil, err
	}
	return &autoscaling.DescribeTrafficSourcesOutput{TrafficSources: rows, NextToken: next}, nil
}

// AttachLoadBalancerTargetGroups gives the group's instances to target groups.
func AttachLoadBalancerTargetGroups(c *world.Call, in *autoscaling.AttachLoadBalancerTargetGroupsInput) (*autoscaling.AttachLoadBalancerTargetGroupsOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if len(in.TargetGroupARNs) == 0 {
		return nil, missing("targetGroupARNs")
	}
	sources, _ := readSources(nil, in.TargetGroupARNs, nil) // ARNs alone are never wrong
	return &autoscaling.AttachLoadBalancerTargetGroupsOutput{}, g.attach(sources...)
}

// DetachLoadBalancerTargetGroups takes the group's instances from target groups.
func DetachLoadBalancerTargetGroups(c *world.Call, in *autoscaling.DetachLoadBalancerTargetGroupsInput) (*autoscaling.DetachLoadBalancerTargetGroupsOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if len(in.TargetGroupARNs) == 0 {
		return nil, missing("targetGroupARNs")
	}
	return &autoscaling.DetachLoadBalancerTargetGroupsOutput{}, g.detach(in.TargetGroupARNs)
}

// DescribeLoadBalancerTargetGroups lists a group's target groups.
func DescribeLoadBalancerTargetGroups(c *world.Call, in *autoscaling.DescribeLoadBalancerTargetGroupsInput) (*autoscaling.DescribeLoadBalancerTargetGroupsOutput, error) {
	g, err := find(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	var rows []types.LoadBalancerTargetGroupState
	for _, s := range g.Sources {
		if s.Type == targetGroup {
			rows = append(rows, types.LoadBalancerTargetGroupState{LoadBalancerTargetGroupARN: aws.String(s.ID), State: aws.String(g.state(s))})
		}
	}
	rows, next, err := page(rows, paging{in.MaxRecords, in.NextToken, 100, 100})
	if err != nil {
		return nil, err
	}
	return &autoscaling.DescribeLoadBalancerTargetGroupsOutput{LoadBalancerTargetGroups: rows, NextToken: next}, nil
}
