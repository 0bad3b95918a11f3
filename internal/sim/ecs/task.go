package ecs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/find"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// findTask finds a task of a cluster by id or ARN.
func (k cluster) findTask(idOrARN string) (*world.Task, bool) {
	t, ok := k.Tasks.Get(nameOf(idOrARN))
	if !ok || strings.HasPrefix(idOrARN, "arn:") && t.ARN != idOrARN {
		return nil, false
	}
	return t, true
}

// ListTasks lists a cluster's tasks that are to run, or those that have stopped within the last hour or are to stop.
func ListTasks(c *world.Call, in *ecs.ListTasksInput) (*ecs.ListTasksOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	k := cluster{row, c.World, c.Region}
	keep, err := k.taskFilter(in)
	if err != nil {
		return nil, err
	}
	arns := []string{}
	for t := range row.Tasks.Rows() {
		if keep(t) {
			arns = append(arns, t.ARN)
		}
	}
	arns, next, err := listing.Page(arns, in.MaxResults, in.NextToken, 100)
	if err != nil {
		return nil, err
	}
	return &ecs.ListTasksOutput{TaskArns: arns, NextToken: next}, nil
}

// taskFilter reads the filters of a listing; a task must meet them all.
func (k cluster) taskFilter(in *ecs.ListTasksInput) (func(*world.Task) bool, error) {
	if err := checkListing(in); err != nil {
		return nil, err
	}
	desired := string(cmp.Or(in.DesiredStatus, types.DesiredStatusRunning))
	instance, service := "", ""
	if in.ContainerInstance != nil {
		i, ok := instanceOf(k.Cluster, *in.ContainerInstance)
		if !ok {
			return nil, invalid("Referenced container instance %s not found.", nameOf(*in.ContainerInstance))
		}
		instance = i.ID
	}
	if in.ServiceName != nil {
		s, ok := find.ServiceIn(k.Cluster, *in.ServiceName)
		if !ok {
			return nil, wire.Errorf("ServiceNotFoundException", "Service not found.")
		}
		service = s.Name
	}
	return func(t *world.Task) bool {
		return t.Desired == desired && allows(instance, t.Instance) && allows(service, t.Service) && allows(aws.ToString(in.Family), family(t)) &&
			allows(aws.ToString(in.StartedBy), t.StartedBy) && allows(string(in.LaunchType), t.LaunchType)
	}, nil
}

// allows tells whether a filter, which may be empty, lets a value pass.
func allows(want, is string) bool { return want == "" || want == is }

func checkListing(in *ecs.ListTasksInput) error {
	switch {
	case in.DesiredStatus != "" && !slices.Contains(in.DesiredStatus.Values(), in.DesiredStatus):
		return invalid("Desired status should be one of [RUNNING, PENDING, STOPPED]")
	case in.DaemonName != nil:
		return unsupported("A filter by daemon name")
	case in.StartedBy != nil && (in.Family != nil || in.ServiceName != nil || in.ContainerInstance != nil):
		return invalid("StartedBy cannot be combined with other filters.")
	}
	return nil
}

// family is the family of a task's definition.
func family(t *world.Task) string { return t.Definition[:strings.LastIndex(t.Definition, ":")] }

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
	k := cluster{row, c.World, c.Region}
	out := &ecs.DescribeTasksOutput{Tasks: []types.Task{}, Failures: []types.Failure{}}
	for _, id := range in.Tasks {
		t, ok := k.findTask(id)
		if !ok {
			out.Failures = append(out.Failures, failure(c.ARN("ecs", "task/"+row.Name+"/"+nameOf(id)), "MISSING"))
			continue
		}
		out.Tasks = append(out.Tasks, viewTask(k, t, slices.Contains(in.Include, types.TaskFieldTags)))
	}
	return out, nil
}

// StopTask stops a task. If a service keeps it, the service starts another one.
func StopTask(c *world.Call, in *ecs.StopTaskInput) (*ecs.StopTaskOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	if aws.ToString(in.Task) == "" {
		return nil, missing("Task")
	}
	k := cluster{row, c.World, c.Region}
	t, ok := k.findTask(*in.Task)
	if !ok {
		return nil, invalid("The referenced task was not found.")
	}
	k.stop(t, byUser, cmp.Or(aws.ToString(in.Reason), "Task stopped by user"))
	if s, ok := k.Services.Get(t.Service); ok {
		k.wakeService(s)
	}
	v := viewTask(k, t, true)
	return &ecs.StopTaskOutput{Task: &v}, nil
}
