package history

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/balance"
	"berth/internal/sim/ecs/capacity"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/ecs/find"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/ecs/rollout"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostDescribed is how many service deployments, or revisions, one call describes.
const mostDescribed = 20

// ListServiceDeployments lists the deployments of a service, the newest first.
func ListServiceDeployments(c *world.Call, in *ecs.ListServiceDeploymentsInput) (*ecs.ListServiceDeploymentsOutput, error) {
	k, s, err := find.Service(c, in.Cluster, in.Service)
	if err != nil {
		return nil, err
	}
	rows := []types.ServiceDeploymentBrief{}
	for _, h := range slices.Backward(s.History) {
		within := in.CreatedAt == nil || (in.CreatedAt.After == nil || !h.CreatedAt.Before(*in.CreatedAt.After)) &&
			(in.CreatedAt.Before == nil || !h.CreatedAt.After(*in.CreatedAt.Before))
		if within && (len(in.Status) == 0 || slices.Contains(in.Status, types.ServiceDeploymentStatus(h.Status))) {
			rows = append(rows, rollout.Brief(h, s.ARN, k.ARN))
		}
	}
	size := in.MaxResults
	if size == nil {
		size = aws.Int32(20)
	}
	rows, next, err := listing.Page(rows, size, in.NextToken, 100)
	if err != nil {
		return nil, err
	}
	return &ecs.ListServiceDeploymentsOutput{ServiceDeployments: rows, NextToken: next}, nil
}

// DescribeServiceDeployments describes deployments of services; those that are not there are failures.
func DescribeServiceDeployments(c *world.Call, in *ecs.DescribeServiceDeploymentsInput) (*ecs.DescribeServiceDeploymentsOutput, error) {
	if err := checkARNs("Service deployment ARNs", in.ServiceDeploymentArns); err != nil {
		return nil, err
	}
	out := &ecs.DescribeServiceDeploymentsOutput{ServiceDeployments: []types.ServiceDeployment{}, Failures: []types.Failure{}}
	for _, arn := range in.ServiceDeploymentArns {
		k, s, h := Record(c, arn)
		if h == nil {
			out.Failures = append(out.Failures, missing(arn))
			continue
		}
		out.ServiceDeployments = append(out.ServiceDeployments, rollout.View(*h, s.ARN, k.ARN, counts(k, s)))
	}
	return out, nil
}

func checkARNs(what string, arns []string) error {
	switch n := len(arns); {
	case n == 0:
		return wire.Errorf("InvalidParameterException", "%s can not be blank.", what)
	case n > mostDescribed:
		return wire.Errorf("InvalidParameterException", "%s can have at most %d items.", what, mostDescribed)
	}
	return nil
}

// ownerOf finds the service that the ARN of a deployment or revision names.
func ownerOf(c *world.Call, arn, kind string) (*world.Cluster, *world.Service, bool) {
	_, path, _ := strings.Cut(arn, ":"+kind+"/")
	words := strings.Split(path, "/")
	if len(words) != 3 {
		return nil, nil, false
	}
	k, ok := c.Region.ECS.Clusters.Get(words[0])
	if !ok {
		return nil, nil, false
	}
	s, ok := k.Services.Get(words[1])
	return k, s, ok
}

// Record finds the record of a deployment by its ARN; nil when there is none.
func Record(c *world.Call, arn string) (*world.Cluster, *world.Service, *world.ServiceDeployment) {
	k, s, ok := ownerOf(c, arn, "service-deployment")
	if !ok {
		return nil, nil, nil
	}
	for n := range s.History {
		if s.History[n].ARN == arn {
			return k, s, &s.History[n]
		}
	}
	return k, s, nil
}

func missing(arn string) types.Failure {
	return types.Failure{Arn: aws.String(arn), Reason: aws.String("MISSING")}
}

// counts counts a service's tasks by revision.
func counts(k *world.Cluster, s *world.Service) rollout.Counts {
	type tally struct{ all, runs, pends int32 }
	of := map[string]tally{}
	for _, id := range s.Tasks {
		t, ok := k.Tasks.Get(id)
		if !ok {
			continue
		}
		n := of[t.Deployment]
		switch n.all++; t.Status {
		case "RUNNING":
			n.runs++
		case "PROVISIONING", "PENDING", "ACTIVATING":
			n.pends++
		}
		of[t.Deployment] = n
	}
	return func(revision string) (wanted, runs, pends int32) {
		for n, d := range s.Deployments {
			if d.Revision != revision {
				continue
			}
			mine := of[d.ID]
			if wanted, runs, pends = mine.all, mine.runs, mine.pends; n == 0 {
				wanted = int32(s.Desired)
			}
		}
		return wanted, runs, pends
	}
}

// DescribeServiceRevisions describes what services were at their deployments; those that are not there are failures.
func DescribeServiceRevisions(c *world.Call, in *ecs.DescribeServiceRevisionsInput) (*ecs.DescribeServiceRevisionsOutput, error) {
	if err := checkARNs("Service revision ARNs", in.ServiceRevisionArns); err != nil {
		return nil, err
	}
	out := &ecs.DescribeServiceRevisionsOutput{ServiceRevisions: []types.ServiceRevision{}, Failures: []types.Failure{}}
	for _, arn := range in.ServiceRevisionArns {
		k, s, ok := ownerOf(c, arn, "service-revision")
		if !ok {
			out.Failures = append(out.Failures, missing(arn))
			continue
		}
		rev, ok := rollout.Revision(s, arn)
		if !ok {
			out.Failures = append(out.Failures, missing(arn))
			continue
		}
		out.ServiceRevisions = append(out.ServiceRevisions, viewRevision(c, k, s, rev))
	}
	return out, nil
}

func viewRevision(c *world.Call, k *world.Cluster, s *world.Service, rev world.ServiceRevision) types.ServiceRevision {
	v := types.ServiceRevision{
		ServiceRevisionArn: aws.String(rev.ARN), ServiceArn: aws.String(s.ARN), ClusterArn: aws.String(k.ARN),
		TaskDefinition: aws.String(c.ARN("ecs", "task-definition/"+rev.Definition)), LaunchType: types.LaunchType(rev.LaunchType), CreatedAt: aws.Time(rev.CreatedAt),
		NetworkConfiguration: eni.ViewNetwork(rev.Network), LoadBalancers: balance.View(rev.Balancers),
	}
	if len(rev.Strategy) > 0 {
		v.CapacityProviderStrategy = capacity.View(rev.Strategy)
	}
	if d, ok := c.Region.ECS.Definitions.Get(rev.Definition); ok {
		for _, one := range d.Containers {
			v.ContainerImages = append(v.ContainerImages, types.ContainerImage{ContainerName: aws.String(one.Name), Image: aws.String(one.Image)})
		}
	}
	return v
}
