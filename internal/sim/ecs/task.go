package ecs

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

// ListTasks lists a cluster's tasks.
func ListTasks(c *world.Call, in *ecs.ListTasksInput) (*ecs.ListTasksOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	if in.ContainerInstance != nil {
		if _, ok := instanceOf(row, *in.ContainerInstance); !ok {
			return nil, invalid("Referenced container instance %s not found.", nameOf(*in.ContainerInstance))
		}
	}
	arns, next, err := page([]string{}, in.MaxResults, in.NextToken, 100)
	if err != nil {
		return nil, err
	}
	return &ecs.ListTasksOutput{TaskArns: arns, NextToken: next}, nil
}

// DescribeTasks describes tasks; those that are not there are failures.
func DescribeTasks(c *world.Call, in *ecs.DescribeTasksInput) (*ecs.DescribeTasksOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	switch n := len(in.Tasks); {
	case n == 0:
		return nil, invalid("Tasks cannot be empty.")
	case n > 100:
		return nil, invalid("Tasks cannot be more than 100.")
	}
	out := &ecs.DescribeTasksOutput{Tasks: []types.Task{}, Failures: []types.Failure{}}
	for _, t := range in.Tasks {
		out.Failures = append(out.Failures, failure(c.ARN("ecs", "task/"+row.Name+"/"+nameOf(t)), "MISSING"))
	}
	return out, nil
}
