package ecs

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/balance"
	"berth/internal/sim/ecs/capacity"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/ecs/rollout"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostDescribed is how many service deployments, or revisions, one call describes.
const mostDescribed = 20

// ListServiceDeployments lists the deployments of a service, the newest first.
func ListServiceDeployments(c *world.Call, in *ecs.ListServiceDeploymentsInput) (*ecs.ListServiceDeploymentsOutput, error) {
	k, s, err := serviceOf(c, in.Cluster, in.Service)
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
		k, s, h := recordOf(c, arn)
		if h == nil {
			out.Failures = append(out.Failures, failure(arn, "MISSING"))
			continue
		}
		out.ServiceDeployments = append(out.ServiceDeployments, rollout.View(*h, s.ARN, k.ARN, k.countsOf(s)))
	}
	return out, nil
}

func checkARNs(what string, arns []string) error {
	switch n := len(arns); {
	case n == 0:
		return missing(what)
	case n > mostDescribed:
		return invalid("%s can have at most %d items.", what, mostDescribed)
	}
	return nil
}

// ownerOf finds the service that the ARN of a deployment or revision names.
func ownerOf(c *world.Call, arn, kind string) (cluster, *world.Service, bool) {
	_, path, _ := strings.Cut(arn, ":"+kind+"/")
	words := strings.Split(path, "/")
	if len(words) != 3 {
		return cluster{}, nil, false
	}
	k, ok := clusterNamed(c.World, c.Region.Name, words[0])
	if !ok {
		return k, nil, false
	}
	s, ok := k.Services.Get(words[1])
	return k, s, ok
}

// recordOf finds the record of a deployment by its ARN; nil when there is none.
func recordOf(c *world.Call, arn string) (cluster, *world.Service, *world.ServiceDeployment) {
	k, s, ok := ownerOf(c, arn, "service-deployment")
	if !ok {
		return k, nil, nil
	}
	for n := range s.History {
		if s.History[n].ARN == arn {
			return k, s, &s.History[n]
		}
	}
	return k, s, nil
}

// countsOf counts a service's tasks by revision.
func (k cluster) countsOf(s *world.Service) rollout.Counts {
	all := k.tasks(s)
	return func(revision string) (wanted, runs, pends int32) {
		for n, d := range s.Deployments {
			if d.Revision != revision {
				continue
			}
			mine := filter(all, func(t *world.Task) bool { return t.Deployment == d.ID })
			runs, pends = tally(mine)
			if wanted = int32(len(mine)); n == 0 {
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
			out.Failures = append(out.Failures, failure(arn, "MISSING"))
			continue
		}
		rev, ok := rollout.Revision(s, arn)
		if !ok {
			out.Failures = append(out.Failures, failure(arn, "MISSING"))
			continue
		}
		out.ServiceRevisions = append(out.ServiceRevisions, k.viewRevision(s, rev))
	}
	return out, nil
}

func (k cluster) viewRevision(s *world.Service, rev world.ServiceRevision) types.ServiceRevision {
	v := types.ServiceRevision{
		ServiceRevisionArn: aws.String(rev.ARN), ServiceArn: aws.String(s.ARN), ClusterArn: aws.String(k.ARN),
		TaskDefinition: definitionARN(k.r, rev.Definition), LaunchType: types.LaunchType(rev.LaunchType), CreatedAt: aws.Time(rev.CreatedAt),
		NetworkConfiguration: eni.ViewNetwork(rev.Network), LoadBalancers: balance.View(rev.Balancers),
	}
	if len(rev.Strategy) > 0 {
		v.CapacityProviderStrategy = capacity.View(rev.Strategy)
	}
	if d, ok := k.r.ECS.Definitions.Get(rev.Definition); ok {
		for _, c := range d.Containers {
			v.ContainerImages = append(v.ContainerImages, types.ContainerImage{ContainerName: aws.String(c.Name), Image: aws.String(c.Image)})
		}
	}
	return v
}

// StopServiceDeployment stops a deployment that is under way: with ROLLBACK the service goes back to the last revision whose
// deployment completed, with ABORT it stays as it is.
func StopServiceDeployment(c *world.Call, in *ecs.StopServiceDeploymentInput) (*ecs.StopServiceDeploymentOutput, error) {
	arn := aws.ToString(in.ServiceDeploymentArn)
	if arn == "" {
		return nil, missing("Service deployment ARN")
	}
	if in.StopType != "" && !slices.Contains(in.StopType.Values(), in.StopType) {
		return nil, invalid("Invalid stopType %s. Valid values are: ABORT, ROLLBACK.", in.StopType)
	}
	k, s, h := recordOf(c, arn)
	if h == nil {
		return nil, wire.Errorf("ServiceDeploymentNotFoundException", "Service deployment not found.")
	}
	out := &ecs.StopServiceDeploymentOutput{ServiceDeploymentArn: aws.String(arn)}
	switch h.Status {
	case rollout.RollbackInProgress:
		return out, nil
	case rollout.Pending, rollout.InProgress:
		k.fail(s, rollout.Halted(in.StopType != types.StopServiceDeploymentStopTypeAbort))
		return out, nil
	}
	return nil, wire.Errorf("ConflictException", "The service deployment is in the %s state and cannot be stopped.", h.Status)
}
