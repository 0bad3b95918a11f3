package service

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/deploy"
	"berth/internal/live"
)

// atOnce is how many service deployments, or revisions, ECS describes at once, and mostTasks how many tasks (ECS API reference).
const (
	atOnce    = 20
	mostTasks = 100
)

// deployments looks at the service's deployments, newest first. While one goes on that the run follows, and the service has
// begun no other, only at that.
func (r *Reader) deployments(ctx context.Context, run deploy.Run, sv live.Service) ([]live.Deployment, error) {
	if run.Following != "" && slices.EqualFunc(r.before.running, sv.Revisions, same) {
		found, err := r.describeDeployments(ctx, []string{run.Following})
		if err != nil || len(found) == 1 && (found[0].Status == "IN_PROGRESS" || found[0].Status == "PENDING") {
			return r.beside(found, run.Following), err
		}
	}
	out, err := read(ctx, r, r.Cloud.ECS.ListServiceDeployments, &ecs.ListServiceDeploymentsInput{
		Cluster: aws.String(r.Order.Cluster), Service: aws.String(sv.ARN), MaxResults: aws.Int32(atOnce),
	})
	if err != nil {
		return nil, err
	}
	var arns []string
	for _, d := range out.ServiceDeployments {
		arns = append(arns, aws.ToString(d.ServiceDeploymentArn))
	}
	if run.Following != "" && !slices.Contains(arns, run.Following) {
		arns = append(arns[:min(len(arns), atOnce-1)], run.Following)
	}
	return r.describeDeployments(ctx, arns)
}

// same tells whether two are the same deployment in the same role, whatever their counts are.
func same(a, b live.RevisionRunning) bool { return a.ID == b.ID && a.Status == b.Status }

// beside is a deployment with the others as they were.
func (r *Reader) beside(found []live.Deployment, arn string) []live.Deployment {
	for _, d := range r.before.capture.Deployments {
		if d.ARN != arn {
			found = append(found, d)
		}
	}
	sortDeployments(found)
	return found
}

func sortDeployments(all []live.Deployment) {
	slices.SortStableFunc(all, func(a, b live.Deployment) int { return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ARN, b.ARN)) })
}

func (r *Reader) describeDeployments(ctx context.Context, arns []string) ([]live.Deployment, error) {
	if len(arns) == 0 {
		return nil, nil
	}
	out, err := read(ctx, r, r.Cloud.ECS.DescribeServiceDeployments, &ecs.DescribeServiceDeploymentsInput{ServiceDeploymentArns: arns})
	if err != nil {
		return nil, err
	}
	if err := r.learn(ctx, out.ServiceDeployments); err != nil {
		return nil, err
	}
	var found []live.Deployment
	for _, d := range out.ServiceDeployments {
		found = append(found, Deployment(d, func(revision string) string { return r.revisions[revision] }))
	}
	sortDeployments(found)
	return found, nil
}

// learn finds out which task definitions the service revisions of deployments run.
func (r *Reader) learn(ctx context.Context, all []types.ServiceDeployment) error {
	var unknown []string
	for _, d := range all {
		for _, arn := range revisionsOf(d) {
			if r.revisions[arn] == "" && !slices.Contains(unknown, arn) {
				unknown = append(unknown, arn)
			}
		}
	}
	for some := range slices.Chunk(unknown, atOnce) {
		out, err := read(ctx, r, r.Cloud.ECS.DescribeServiceRevisions, &ecs.DescribeServiceRevisionsInput{ServiceRevisionArns: some})
		if err != nil {
			return err
		}
		for _, v := range out.ServiceRevisions {
			r.revisions[aws.ToString(v.ServiceRevisionArn)] = aws.ToString(v.TaskDefinition)
		}
	}
	return nil
}
