package ecs

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/history"
)

// rollouts are the deployments of the service api, the newest first, described one by one.
func (s *stage) rollouts() []types.ServiceDeployment {
	s.t.Helper()
	list, err := history.ListServiceDeployments(s.Call, &ecs.ListServiceDeploymentsInput{Cluster: aws.String("shop"), Service: aws.String("api")})
	var out []types.ServiceDeployment
	for _, brief := range must(s, list, err).ServiceDeployments {
		one, err := history.DescribeServiceDeployments(s.Call, &ecs.DescribeServiceDeploymentsInput{ServiceDeploymentArns: []string{*brief.ServiceDeploymentArn}})
		out = append(out, must(s, one, err).ServiceDeployments...)
		s.equal([]any{*brief.ServiceArn, brief.Status}, "["+*out[0].ServiceArn+" "+string(out[len(out)-1].Status)+"]")
	}
	return out
}

func (s *stage) halt(arn *string, how types.StopServiceDeploymentStopType) error {
	_, err := StopServiceDeployment(s.Call, &ecs.StopServiceDeploymentInput{ServiceDeploymentArn: arn, StopType: how})
	return err
}

func TestEveryDeploymentOfAServiceIsOnRecord(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(2))
	first := s.rollouts()[0]
	s.equal([]any{first.Status, first.DeploymentCircuitBreaker.Status, len(first.SourceServiceRevisions), first.TargetServiceRevision.RequestedTaskCount}, "[PENDING DISABLED 0 2]")
	s.steady("api")
	first = s.rollouts()[0]
	s.equal([]any{first.Status, first.FinishedAt.After(*first.StartedAt), first.TargetServiceRevision.RunningTaskCount}, "[SUCCESSFUL true 2]")
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) {
		in.ForceNewDeployment = true
		in.DeploymentConfiguration = &types.DeploymentConfiguration{DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: true}}
	}))
	s.Advance(15 * time.Second)
	all := s.rollouts()
	s.equal([]any{len(all), all[0].Status, all[0].DeploymentCircuitBreaker.Status, all[0].DeploymentCircuitBreaker.Threshold, *all[0].SourceServiceRevisions[0].Arn == *first.TargetServiceRevision.Arn},
		"[2 IN_PROGRESS MONITORING 3 true]")
	s.steady("api")
	s.equal([]any{s.rollouts()[0].Status, s.rollouts()[0].DeploymentCircuitBreaker.Status}, "[SUCCESSFUL MONITORING_COMPLETE]")
	rev, err := history.DescribeServiceRevisions(s.Call, &ecs.DescribeServiceRevisionsInput{ServiceRevisionArns: []string{*first.TargetServiceRevision.Arn, "arn:aws:ecs:eu-west-1:1:service-revision/shop/api/1"}})
	out := must(s, rev, err)
	s.equal([]any{*out.ServiceRevisions[0].TaskDefinition, *out.ServiceRevisions[0].ContainerImages[0].Image, *out.Failures[0].Reason},
		"[arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1 nginx MISSING]")
	quiet(t, s)
}

func TestDeploymentThatIsStoppedGoesBackOrStays(t *testing.T) {
	for how, want := range map[types.StopServiceDeploymentStopType]string{
		types.StopServiceDeploymentStopTypeRollback: "[ROLLBACK_SUCCESSFUL COMPLETED web:1 2]",
		types.StopServiceDeploymentStopTypeAbort:    "[STOPPED FAILED web:2 1]", // nothing more is started, not even of what went before,
	} {
		s := newStage(t)
		s.shopOf(2)
		must(s, 0, s.create(2, percent(50, 100)))
		s.steady("api")
		s.Advance(time.Minute) // what nothing checks is healthy 40 seconds after it began to run
		s.definition()
		must(s, 0, s.update(func(in *ecs.UpdateServiceInput) { in.TaskDefinition = aws.String("web") }))
		s.Advance(8 * time.Second)
		arn := s.rollouts()[0].ServiceDeploymentArn
		must(s, 0, s.halt(arn, how))
		if how == types.StopServiceDeploymentStopTypeRollback {
			s.equal(s.rollouts()[0].Status, "ROLLBACK_IN_PROGRESS")
			must(s, 0, s.halt(arn, how))
		}
		s.Advance(10 * time.Minute)
		v := s.service("api")
		running := 0
		for _, d := range v.Deployments {
			running += int(d.RunningCount)
		}
		s.equal([]any{s.rollouts()[0].Status, v.Deployments[0].RolloutState, nameOf(*v.TaskDefinition), running}, want)
		s.refused(s.halt(arn, how), "ConflictException", "cannot be stopped")
		quiet(t, s)
	}
}

func TestServiceDeploymentCallsAreChecked(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	must(s, 0, s.create(1))
	s.refused(s.halt(nil, ""), "InvalidParameterException", "Service deployment ARN")
	s.refused(s.halt(aws.String("arn:none"), ""), "ServiceDeploymentNotFoundException", "")
	s.refused(s.halt(s.rollouts()[0].ServiceDeploymentArn, "LATER"), "InvalidParameterException", "stopType")
	_, err := history.DescribeServiceDeployments(s.Call, &ecs.DescribeServiceDeploymentsInput{})
	s.refused(err, "InvalidParameterException", "can not be blank")
	_, err = history.DescribeServiceRevisions(s.Call, &ecs.DescribeServiceRevisionsInput{ServiceRevisionArns: make([]string, 21)})
	s.refused(err, "InvalidParameterException", "at most 20")
	gone, err := history.DescribeServiceDeployments(s.Call, &ecs.DescribeServiceDeploymentsInput{ServiceDeploymentArns: []string{"arn:aws:ecs:eu-west-1:1:service-deployment/shop/api/x"}})
	s.equal(*must(s, gone, err).Failures[0].Reason, "MISSING")
	_, err = history.ListServiceDeployments(s.Call, &ecs.ListServiceDeploymentsInput{Cluster: aws.String("shop"), Service: aws.String("none")})
	s.refused(err, "ServiceNotFoundException", "")
	later := s.Now().Add(time.Hour)
	none, err := history.ListServiceDeployments(s.Call, &ecs.ListServiceDeploymentsInput{Cluster: aws.String("shop"), Service: aws.String("api"), CreatedAt: &types.CreatedAt{After: &later}})
	s.equal(len(must(s, none, err).ServiceDeployments), 0)
}
