package rolling

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/live"
	"berth/internal/observe/fetch"
	"berth/internal/observe/service/seen"
)

// How many ECS describes at once (ECS API reference), how many ids a filter names, and up to how many instances and tasks
// everything is read every time: then that costs less than to find out what changed.
const (
	each      = 100
	idsEach   = 20
	instances = 300
	tasks     = 600
)

// few tells that the cluster is small.
func (r *Reader) few() bool {
	return !r.crowded && len(r.seen.instances) <= instances && len(r.seen.tasks) <= tasks
}

// readInstances reads all container instances, or of a large cluster those that may have changed in a way that matters: those that
// were asked for, those that drain, and those that came or went.
func (r *Reader) readInstances(ctx context.Context) error {
	if r.want.Full || r.few() {
		arns, err := r.listInstances(ctx, &ecs.ListContainerInstancesInput{})
		if err != nil {
			return err
		}
		r.seen.instances = map[string]live.Instance{}
		return r.describeInstances(ctx, arns)
	}
	arns, err := r.listInstances(ctx, &ecs.ListContainerInstancesInput{Status: types.ContainerInstanceStatusDraining})
	if err != nil {
		return err
	}
	news, gone := r.moved()
	joined, err := r.joined(ctx, news)
	if err != nil {
		return err
	}
	arns = append(arns, joined...)
	arns = slices.Concat(arns, gone, r.want.Nodes, r.want.Instances)
	slices.Sort(arns)
	return r.describeInstances(ctx, slices.DeleteFunc(slices.Compact(arns), func(arn string) bool { return arn == "" }))
}

// joined are the container instances of EC2 instances that were not in the cluster before: a list of those by their ids, or of all, whatever
// takes fewer calls.
func (r *Reader) joined(ctx context.Context, ids []string) (arns []string, err error) {
	if len(ids)/idsEach > (len(r.seen.instances)+len(ids))/each {
		all, err := r.listInstances(ctx, &ecs.ListContainerInstancesInput{})
		return slices.DeleteFunc(all, func(arn string) bool {
			_, known := r.seen.instances[arn]
			return known
		}), err
	}
	for some := range slices.Chunk(ids, idsEach) {
		in := &ecs.ListContainerInstancesInput{Filter: aws.String("ec2InstanceId in [" + strings.Join(some, ", ") + "]")}
		found, err := r.listInstances(ctx, in)
		if err != nil {
			return nil, err
		}
		arns = append(arns, found...)
	}
	return arns, nil
}

// moved are the members of groups that had not joined the cluster when they were seen last, by id, and the ARNs of what was in the
// cluster and a group, or drained, and may not be any more.
func (r *Reader) moved() (news, gone []string) {
	joined, member := map[string]bool{}, r.members()
	for arn, i := range r.seen.instances { // unordered: sorted below
		joined[i.ID] = true
		if _, there := member[i.ID]; i.Status != "ACTIVE" || !i.Connected || i.Group != "" && !there {
			gone = append(gone, arn)
		}
	}
	for id := range member { // unordered: sorted below
		if !joined[id] {
			news = append(news, id)
		}
	}
	slices.Sort(news)
	slices.Sort(gone)
	return news, gone
}

// members are the names of the groups by the ids of their members.
func (r *Reader) members() map[string]string {
	out := map[string]string{}
	for name, g := range r.seen.groups { // unordered: into a map; an instance is in one group
		for _, m := range g.members {
			out[aws.ToString(m.InstanceId)] = name
		}
	}
	return out
}

func (r *Reader) listInstances(ctx context.Context, in *ecs.ListContainerInstancesInput) ([]string, error) {
	in.Cluster = aws.String(r.Scope.ClusterName())
	var arns []string
	for more := true; more; {
		out, err := one(ctx, r, cloud.ResourceReads, r.Cloud.ECS.ListContainerInstances, in)
		if err != nil {
			return nil, err
		}
		arns = append(arns, out.ContainerInstanceArns...)
		more = fetch.More(out.NextToken, &in.NextToken)
	}
	return arns, nil
}

// describeInstances reads container instances; of those asked for that are not in the cluster any more nothing is left.
func (r *Reader) describeInstances(ctx context.Context, arns []string) error {
	chunks := slices.Collect(slices.Chunk(arns, each))
	found, err := many(ctx, r, cloud.ResourceReads, chunks, func(ctx context.Context, some []string) ([]types.ContainerInstance, error) {
		out, err := read(ctx, r, r.Cloud.ECS.DescribeContainerInstances, &ecs.DescribeContainerInstancesInput{
			Cluster: aws.String(r.Scope.ClusterName()), ContainerInstances: some,
		})
		if err != nil {
			return nil, err
		}
		return out.ContainerInstances, nil
	})
	if err != nil {
		return err
	}
	for _, arn := range arns {
		delete(r.seen.instances, arn)
	}
	member := r.members()
	for _, i := range found {
		if aws.ToString(i.Status) != "INACTIVE" {
			one := seen.Instance(i)
			one.Group = member[one.ID]
			r.seen.instances[one.ARN] = one
		}
	}
	return nil
}
