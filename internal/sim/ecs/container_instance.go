package ecs

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/agent"
	"berth/internal/sim/ecs/attribute"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/ecs/find"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/ecs/query"
	"berth/internal/sim/world"
)

func instanceOf(row *world.Cluster, idOrARN string) (*world.ContainerInstance, bool) {
	return find.Instance(row, idOrARN)
}

// InstanceOn finds the container instance on an EC2 instance, as long as it is registered.
func InstanceOn(r *world.Region, ec2ID string) (*world.ContainerInstance, bool) {
	a, ok := r.ECS.Agents.Get(ec2ID)
	if !ok || a.ContainerInstance == "" {
		return nil, false
	}
	row, ok := r.ECS.Clusters.Get(a.Cluster)
	if !ok {
		return nil, false
	}
	i, ok := row.Instances.Get(a.ContainerInstance)
	if !ok || i.Status == inactive {
		return nil, false
	}
	return i, true
}

// ListContainerInstances lists the instances of a cluster by state, without one all that are registered, and by an expression
// in the cluster query language.
func ListContainerInstances(c *world.Call, in *ecs.ListContainerInstancesInput) (*ecs.ListContainerInstancesOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	if in.Status != "" && !slices.Contains(in.Status.Values(), in.Status) {
		return nil, invalid("Container instance status should be one of [ACTIVE, DRAINING, REGISTERING, DEREGISTERING, REGISTRATION_FAILED]")
	}
	matches := func(*world.ContainerInstance) bool { return true }
	if text := aws.ToString(in.Filter); text != "" {
		e, err := query.Parse(text)
		if err != nil {
			return nil, invalid("Invalid filter expression: %s.", err)
		}
		matches = e.Matches
	}
	arns := []string{}
	for i := range row.Instances.Rows() {
		if i.Status != inactive && (in.Status == "" || string(in.Status) == i.Status) && matches(i) {
			arns = append(arns, i.ARN)
		}
	}
	arns, next, err := listing.Page(arns, in.MaxResults, in.NextToken, 100)
	if err != nil {
		return nil, err
	}
	return &ecs.ListContainerInstancesOutput{ContainerInstanceArns: arns, NextToken: next}, nil
}

// DescribeContainerInstances describes instances of a cluster in the order in which they are asked for.
func DescribeContainerInstances(c *world.Call, in *ecs.DescribeContainerInstancesInput) (*ecs.DescribeContainerInstancesOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	switch n := len(in.ContainerInstances); {
	case n == 0:
		return nil, missing("Container instances")
	case n > 100:
		return nil, invalid("instanceIds can have at most 100 items.")
	}
	out := &ecs.DescribeContainerInstancesOutput{ContainerInstances: []types.ContainerInstance{}, Failures: []types.Failure{}}
	for _, id := range in.ContainerInstances {
		i, ok := instanceOf(row, id)
		if !ok {
			out.Failures = append(out.Failures, failure(instanceARN(c.Region, row, nameOf(id)), "MISSING"))
			continue
		}
		out.ContainerInstances = append(out.ContainerInstances, viewInstance(row, i, in.Include))
	}
	return out, nil
}

func instanceARN(r *world.Region, row *world.Cluster, id string) string {
	return "arn:aws:ecs:" + r.Name + ":" + world.Account + ":container-instance/" + row.Name + "/" + id
}

// occupancy counts the tasks on an instance that are to run and do, and those that do not run yet. What is stopping is in neither count,
// and on the instance all the same (ECS API reference, ContainerInstance).
func occupancy(row *world.Cluster, i *world.ContainerInstance) (runs, pends int32) {
	for _, id := range i.Tasks {
		if t, ok := row.Tasks.Get(id); ok && starting(t) {
			pends++
		} else if ok && t.Desired == running {
			runs++
		}
	}
	return runs, pends
}

func viewInstance(row *world.Cluster, i *world.ContainerInstance, include []types.ContainerInstanceField) types.ContainerInstance {
	runs, pends := occupancy(row, i)
	v := types.ContainerInstance{
		ContainerInstanceArn: aws.String(i.ARN), Ec2InstanceId: aws.String(i.EC2ID), Status: aws.String(i.Status),
		CapacityProviderName: text(i.Provider), AgentConnected: i.AgentConnected, Version: i.Version,
		VersionInfo: &types.VersionInfo{
			AgentVersion: aws.String(i.AgentVersion), AgentHash: aws.String(i.AgentHash), DockerVersion: aws.String("DockerVersion: " + i.DockerVersion),
		},
		RegisteredResources: agent.ViewResources(i.Registered), RemainingResources: agent.ViewResources(i.Remaining),
		RunningTasksCount: runs, PendingTasksCount: pends,
		Attributes: attribute.View(i.Attributes), Attachments: []types.Attachment{}, Tags: []types.Tag{},
		RegisteredAt: aws.Time(i.RegisteredAt),
	}
	if slices.Contains(include, types.ContainerInstanceFieldTags) {
		v.Tags = listing.ViewTags(i.Tags)
	}
	if slices.Contains(include, types.ContainerInstanceFieldContainerInstanceHealth) {
		state := types.InstanceHealthCheckStateOk
		if !i.AgentConnected {
			state = types.InstanceHealthCheckStateInsufficientData
		}
		v.HealthStatus = &types.ContainerInstanceHealthStatus{OverallStatus: state, Details: []types.InstanceHealthCheckResult{
			{Type: types.InstanceHealthCheckTypeContainerRuntime, Status: state, LastUpdated: aws.Time(i.RegisteredAt), LastStatusChange: aws.Time(i.RegisteredAt)},
		}}
	}
	return v
}

// UpdateContainerInstancesState sets instances to DRAINING or back to ACTIVE; those that cannot be are failures.
func UpdateContainerInstancesState(c *world.Call, in *ecs.UpdateContainerInstancesStateInput) (*ecs.UpdateContainerInstancesStateOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	status := string(in.Status)
	switch n := len(in.ContainerInstances); {
	case status != active && status != draining:
		return nil, invalid("Container instance status should be one of [ACTIVE, DRAINING]")
	case n == 0:
		return nil, missing("Container instances")
	case n > 10:
		return nil, invalid("instanceIds can have at most 10 items.")
	}
	out := &ecs.UpdateContainerInstancesStateOutput{ContainerInstances: []types.ContainerInstance{}, Failures: []types.Failure{}}
	for _, id := range in.ContainerInstances {
		i, ok := instanceOf(row, id)
		switch {
		case !ok:
			out.Failures = append(out.Failures, failure(instanceARN(c.Region, row, nameOf(id)), "MISSING"))
		case i.Status == inactive:
			out.Failures = append(out.Failures, failure(i.ARN, inactive))
		default:
			cluster{row, c.World, c.Region}.setInstance(i, status)
			out.ContainerInstances = append(out.ContainerInstances, viewInstance(row, i, nil))
		}
	}
	return out, nil
}

func setState(i *world.ContainerInstance, status string) {
	if i.Status != status {
		i.Status = status
		i.Version++
	}
}

// DeregisterContainerInstance takes an instance out of its cluster. Its agent does not come back until it is restarted.
func DeregisterContainerInstance(c *world.Call, in *ecs.DeregisterContainerInstanceInput) (*ecs.DeregisterContainerInstanceOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	if aws.ToString(in.ContainerInstance) == "" {
		return nil, missing("Container instance")
	}
	i, ok := instanceOf(row, *in.ContainerInstance)
	if !ok || i.Status == inactive {
		return nil, invalid("Referenced container instance %s not found.", nameOf(*in.ContainerInstance))
	}
	if i.RunningTasks+i.PendingTasks > 0 && !aws.ToBool(in.Force) {
		return nil, invalid("Found running tasks on the instance.")
	}
	cluster{row, c.World, c.Region}.deregister(i, byUser, "Container instance deregistration forced by user")
	v := viewInstance(row, i, nil)
	return &ecs.DeregisterContainerInstanceOutput{ContainerInstance: &v}, nil
}

// forgottenAfter is how long an instance that was deregistered can be described.
const forgottenAfter = time.Hour

// deregister takes an instance out of its cluster; it can be described for an hour. Its tasks are ECS's no longer.
func (k cluster) deregister(i *world.ContainerInstance, code, reason string) {
	setState(i, inactive)
	i.AgentConnected = false
	k.saidOf(i)
	k.lose(i, code, reason)
	eni.Untrunk(k.w, k.r, i)
	if a, ok := k.r.ECS.Agents.Get(i.EC2ID); ok && a.ContainerInstance == i.ID {
		a.Cluster, a.ContainerInstance = "", ""
	}
	for _, s := range k.daemons() {
		k.wakeService(s)
	}
	k.w.Schedule(forgottenAfter, world.Event{Kind: "ecs.container-instance-forgotten", Region: k.r.Name, ID: i.Cluster, Arg: i.ID})
}

// forget drops an instance that was deregistered an hour ago.
func forget(w *world.World, e world.Event) {
	row, ok := w.Region(e.Region).ECS.Clusters.Get(e.ID)
	if !ok {
		return
	}
	if i, ok := row.Instances.Get(e.Arg); ok && i.Status == inactive {
		row.Instances.Delete(e.Arg)
	}
}

// attributesChanged looks who could use an instance that has other attributes now, or may no longer be on it.
func attributesChanged(w *world.World, e world.Event) {
	k, ok := clusterNamed(w, e.Region, e.ID)
	if !ok {
		return
	}
	if i, ok := k.Instances.Get(e.Arg); ok && i.Status == active {
		k.joined(i)
	}
}
