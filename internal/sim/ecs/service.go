package ecs

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

// ListServices lists a cluster's services.
func ListServices(c *world.Call, in *ecs.ListServicesInput) (*ecs.ListServicesOutput, error) {
	if _, err := findCluster(c, in.Cluster); err != nil {
		return nil, err
	}
	arns, next, err := page([]string{}, cmp.Or(in.MaxResults, aws.Int32(10)), in.NextToken, 100)
	if err != nil {
		return nil, err
	}
	return &ecs.ListServicesOutput{ServiceArns: arns, NextToken: next}, nil
}

// DescribeServices describes services; those that are not there are failures.
func DescribeServices(c *world.Call, in *ecs.DescribeServicesInput) (*ecs.DescribeServicesOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	switch n := len(in.Services); {
	case n == 0:
		return nil, invalid("Services cannot be empty.")
	case n > 10:
		return nil, invalid("Services cannot be more than 10.")
	}
	out := &ecs.DescribeServicesOutput{Services: []types.Service{}, Failures: []types.Failure{}}
	for _, s := range in.Services {
		out.Failures = append(out.Failures, failure(c.ARN("ecs", "service/"+row.Name+"/"+nameOf(s)), "MISSING"))
	}
	return out, nil
}
