package ecs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscloudwatch "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	watchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/ecs/rollout"
)

// deploys updates the service api to the newest revision of the family web.
func (s *stage) deploys(name string) {
	s.t.Helper()
	s.definition(image(name))
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) { in.TaskDefinition = aws.String("web") }))
}

// breaker turns the circuit breaker on.
func breaker(rollback bool) func(*ecs.CreateServiceInput) {
	return func(in *ecs.CreateServiceInput) {
		in.DeploymentConfiguration = &types.DeploymentConfiguration{DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: rollback}}
	}
}

// state is the newest deployment of the service api: its record, its rollout, its definition, and the tasks that run.
func (s *stage) state() string {
	s.t.Helper()
	v := s.service("api")
	return fmt.Sprint(s.rollouts()[0].Status, " ", v.Deployments[0].RolloutState, " ", nameOf(*v.TaskDefinition), " ", v.RunningCount)
}

// ECS developer guide, "How the Amazon ECS deployment circuit breaker detects failures".
func TestCircuitBreakerFailsADeploymentWhoseTasksNeverStart(t *testing.T) {
	for name, c := range map[string]struct {
		rollback bool
		image    string
		want     string
	}{
		"an image that is not there": {true, "web:v2?pull=missing", "ROLLBACK_SUCCESSFUL COMPLETED web:1 2"},
		"without a way back":         {false, "web:v2?pull=missing", "STOPPED FAILED web:2 2"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.shopOf(2)
			heard := s.listen()
			must(s, 0, s.create(2, breaker(c.rollback)))
			s.steady("api")
			s.deploys(c.image)
			s.Advance(15 * time.Minute)
			s.equal(s.state(), c.want)
			s.equal(s.heard("api", "deployment failed: tasks failed to start."), 1)
			first := s.rollouts()[0]
			s.equal([]any{first.DeploymentCircuitBreaker.Status, first.DeploymentCircuitBreaker.FailureCount}, "[TRIGGERED 3]")
			var turns []string
			for _, m := range of(*heard, "ECS Deployment State Change") {
				turns = append(turns, strings.TrimPrefix(m.Detail["eventName"].(string), "SERVICE_DEPLOYMENT_"))
			}
			want := "IN_PROGRESS COMPLETED IN_PROGRESS FAILED"
			if c.rollback {
				want += " IN_PROGRESS COMPLETED"
				s.equal(s.heard("api", "rolling back to deployment "), 1)
			}
			s.equal(strings.Join(turns, " "), want)
			quiet(t, s)
		})
	}
}

func TestServiceWithoutABreakerTriesForEverAndEverMoreSlowly(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(1))
	s.steady("api")
	s.deploys("web:v2?pull=unauthorized")
	s.Advance(time.Hour)
	early := len(s.list(halted))
	s.Advance(3 * time.Hour)
	late := len(s.list(halted)) // stopped tasks are forgotten after an hour
	if early < 6 || late < 2 || late > 3 || s.service("api").RunningCount != 1 {
		t.Errorf("%d tasks failed in the first hour, %d in the fourth; %d still run", early, late, s.service("api").RunningCount)
	}
	s.equal(s.heard("api", "is unable to consistently start tasks successfully.") > 0, true)
}

// alarm makes an alarm that looks at three minutes.
func (s *stage) alarm(name string) {
	s.t.Helper()
	_, err := cloudwatch.PutMetricAlarm(s.Call, &awscloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String(name), MetricName: aws.String("errors"), Namespace: aws.String("shop"), Statistic: watchtypes.StatisticSum,
		Period: aws.Int32(60), EvaluationPeriods: aws.Int32(3), Threshold: aws.Float64(1), ComparisonOperator: watchtypes.ComparisonOperatorGreaterThanThreshold,
	})
	must(s, 0, err)
}

func (s *stage) alarms(name, state string) {
	s.t.Helper()
	_, err := cloudwatch.SetAlarmState(s.Call, &awscloudwatch.SetAlarmStateInput{
		AlarmName: aws.String(name), StateValue: watchtypes.StateValue(state), StateReason: aws.String("a drill"),
	})
	must(s, 0, err)
	s.Settle()
}

// ECS developer guide, "How CloudWatch alarms detect Amazon ECS deployment failures".
func TestAlarmFailsADeploymentUntilItHasBaked(t *testing.T) {
	watched := func(in *ecs.CreateServiceInput) {
		in.DeploymentConfiguration = &types.DeploymentConfiguration{Alarms: &types.DeploymentAlarms{AlarmNames: []string{"errors"}, Enable: true, Rollback: true}}
	}
	s := newStage(t)
	s.shopOf(2)
	s.alarm("errors")
	s.alarm("other")
	must(s, 0, s.create(2, watched))
	s.steady("api")
	s.deploys("web:v2")
	s.until("only new tasks run", func() bool { v := s.service("api"); return len(v.Deployments) == 1 && v.RunningCount == 2 })
	s.Advance(time.Minute)
	s.equal(s.state(), "IN_PROGRESS IN_PROGRESS web:2 2")
	s.alarms("other", "ALARM")
	s.equal(s.rollouts()[0].Status, rollout.InProgress)
	s.alarms("errors", "ALARM")
	s.equal([]any{s.rollouts()[0].Status, s.rollouts()[0].Alarms.TriggeredAlarmNames}, "[ROLLBACK_IN_PROGRESS [errors]]")
	s.Advance(10 * time.Minute)
	s.equal(s.state(), "ROLLBACK_SUCCESSFUL COMPLETED web:1 2")
	s.equal(s.heard("api", "deployment failed: alarm detected."), 1)
	s.alarms("errors", "OK")
	s.deploys("web:v3")
	s.Advance(10 * time.Minute)
	s.equal(s.state(), "SUCCESSFUL COMPLETED web:3 2")
	s.alarms("errors", "ALARM")
	s.Advance(10 * time.Minute)
	s.equal(s.state(), "SUCCESSFUL COMPLETED web:3 2") // its deployment is over
	quiet(t, s)
}

// ECS developer guide, "Balancing an Amazon ECS service across Availability Zones".
func TestServiceMovesTasksToAZoneThatComesBack(t *testing.T) {
	for _, on := range []bool{true, false} {
		s := newStage(t)
		s.shopOf(2)
		must(s, 0, s.create(4, func(in *ecs.CreateServiceInput) {
			if !on {
				in.AvailabilityZoneRebalancing = types.AvailabilityZoneRebalancingDisabled
			}
		}))
		s.steady("api")
		s.equal(s.service("api").AvailabilityZoneRebalancing == "ENABLED", on)
		one := s.instances()[0]
		s.drainNow(one.ID)
		s.until("the zone is empty", func() bool { return one.RunningTasks == 0 })
		_, err := UpdateContainerInstancesState(s.Call, &ecs.UpdateContainerInstancesStateInput{
			Cluster: aws.String("shop"), ContainerInstances: []string{one.ID}, Status: types.ContainerInstanceStatusActive,
		})
		must(s, 0, err)
		lowest := 4
		for range 60 {
			s.Advance(10 * time.Second)
			lowest = min(lowest, int(s.service("api").RunningCount))
			s.honest()
		}
		want := map[bool]string{true: "2 1 1 4", false: "0 0 0 4"}[on]
		s.equal(fmt.Sprint(one.RunningTasks, " ", s.heard("api", "is not AZ balanced with "), " ", s.heard("api", "is AZ balanced with "), " ", lowest), want)
		quiet(t, s)
	}
}

func TestServicesThatCannotMoveSayWhy(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	on := func(in *ecs.CreateServiceInput) { in.AvailabilityZoneRebalancing = "ENABLED" }
	for text, change := range map[string]func(*ecs.CreateServiceInput){
		"DAEMON":         daemon,
		"maximumPercent": percent(0, 100),
		"placement strategy": func(in *ecs.CreateServiceInput) {
			in.PlacementStrategy = []types.PlacementStrategy{{Type: "binpack", Field: aws.String("cpu")}}
		},
		"placement constraint": func(in *ecs.CreateServiceInput) {
			in.PlacementConstraints = []types.PlacementConstraint{member("attribute:ecs.availability-zone == eu-west-1a")}
		},
		"Invalid": func(in *ecs.CreateServiceInput) { in.AvailabilityZoneRebalancing = "MAYBE" },
	} {
		s.refused(s.create(1, on, change), "InvalidParameterException", text)
	}
	must(s, 0, s.create(1, percent(0, 100)))
	s.equal(s.service("api").AvailabilityZoneRebalancing, "DISABLED")
}
