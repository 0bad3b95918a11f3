package ecs

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	awswatch "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	watchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"pgregory.net/rapid"

	"berth/internal/sim/asg"
	"berth/internal/sim/asg/activity"
	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/world"
)

// scaled is a cluster whose provider web scales its group, which is empty, and the definition web: seven tasks fill an instance.
func (s *stage) scaled(change ...func(*autoscaling.CreateAutoScalingGroupInput)) *world.ScalingGroup {
	s.t.Helper()
	g := s.drainingGroup(0, change...)
	s.definition()
	return g
}

// onWeb makes a service use the provider.
func onWeb(in *ecs.CreateServiceInput) {
	in.CapacityProviderStrategy = []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("web"), Weight: 1}}
}

// sizes lets time pass and gives the desired capacities that a group had, one after the other.
func (s *stage) sizes(g *world.ScalingGroup, during time.Duration) []int {
	s.t.Helper()
	out := []int{g.Desired}
	for end := s.Now().Add(during); s.Now().Before(end); s.Advance(10 * time.Second) {
		if out[len(out)-1] != g.Desired {
			out = append(out, g.Desired)
		}
		if g.Desired < g.Min || g.Desired > g.Max {
			s.t.Fatalf("the group is to have %d of %d to %d", g.Desired, g.Min, g.Max)
		}
	}
	return out
}

// reservation is the metric's newest value in some time, and whether there is one.
func (s *stage) reservation(last time.Duration) (float64, bool) {
	s.t.Helper()
	out, err := cloudwatch.GetMetricStatistics(s.Call, &awswatch.GetMetricStatisticsInput{
		Namespace: aws.String("AWS/ECS/ManagedScaling"), MetricName: aws.String("CapacityProviderReservation"),
		Dimensions: []watchtypes.Dimension{{Name: aws.String("ClusterName"), Value: aws.String("shop")}, {Name: aws.String("CapacityProviderName"), Value: aws.String("web")}},
		Period:     aws.Int32(60), Statistics: []watchtypes.Statistic{"Average"}, StartTime: aws.Time(s.Now().Add(-last)), EndTime: aws.Time(s.Now()),
	})
	all := must(s, out, err).Datapoints
	if len(all) == 0 {
		return 0, false
	}
	return *all[len(all)-1].Average, true
}

// measures checks the metric's newest value.
func (s *stage) measures(want float64) {
	s.t.Helper()
	if got, ok := s.reservation(time.Minute); !ok || got != want {
		s.t.Errorf("the metric is %v, want %v", got, want)
	}
}

func (s *stage) setSize(change func(*autoscaling.UpdateAutoScalingGroupInput)) {
	s.t.Helper()
	in := &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: aws.String("web")}
	change(in)
	_, err := asg.UpdateAutoScalingGroup(s.Call, in)
	must(s, 0, err)
}

// ECS developer guide, "Managed scaling behavior": from nothing to two, then the rest once those have warmed up.
func TestWaitingTasksScaleTheGroupOutFromNothing(t *testing.T) {
	s := newStage(t)
	g := s.scaled()
	s.Advance(2 * time.Minute)
	s.measures(100)
	asked := s.Now()
	must(s, 0, s.create(20, onWeb))
	s.Advance(90 * time.Second)
	s.measures(200)
	s.equal(s.sizes(g, 90*time.Second), []int{0, 2})
	s.equal(s.sizes(g, 12*time.Minute), []int{2, 3})
	s.equal(s.service("api").RunningCount, 20)
	if last := g.LastActivity; last.Sub(asked) < 300*time.Second {
		t.Errorf("the third instance came after %s, before the others had warmed up", last.Sub(asked))
	}
	s.measures(100)
	out, err := activity.DescribeScalingActivities(s.Call, &autoscaling.DescribeScalingActivitiesInput{AutoScalingGroupName: aws.String("web")})
	if c := *must(s, out, err).Activities[2].Cause; !strings.Contains(c, "a monitor alarm TargetTracking-web-AlarmHigh-") || !strings.Contains(c, "triggered policy ECSManagedAutoScalingPolicy-") {
		t.Error(c)
	}
	quiet(t, s)
}

// ECS developer guide, "Managed scaling behavior": 15 datapoints of a minute, then at most half of the instances each minute.
func TestEmptyInstancesAreScaledInAfterAQuarterOfAnHour(t *testing.T) {
	s := newStage(t)
	g := s.scaled()
	must(s, 0, s.create(28, onWeb))
	s.Advance(20 * time.Minute)
	s.equal(g.Desired, 4)
	s.scale(0)
	s.Advance(time.Minute)
	s.equal(s.sizes(g, 13*time.Minute), []int{4})
	s.equal(s.sizes(g, 20*time.Minute), []int{4, 2, 1, 0})
	s.equal(g.Members.Len(), 0)
	quiet(t, s)
}

func TestAnIdleGroupShrinksToItsMinimumAndRests(t *testing.T) {
	s := newStage(t)
	g := s.scaled()
	s.desire("web", 4)
	s.setSize(func(in *autoscaling.UpdateAutoScalingGroupInput) { in.MinSize = aws.Int32(2) })
	s.equal(s.sizes(g, 30*time.Minute), []int{4, 2})
	quiet(t, s)
	s.measures(0)
	s.setSize(func(in *autoscaling.UpdateAutoScalingGroupInput) { in.MinSize = aws.Int32(1) })
	s.equal(s.sizes(g, 70*time.Second), []int{2, 1})
	quiet(t, s)
}

func TestDaemonsDoNotKeepAnInstance(t *testing.T) {
	s := newStage(t)
	g := s.scaled()
	s.desire("web", 2)
	must(s, 0, s.create(0, daemon))
	s.Advance(5 * time.Minute)
	s.equal(s.service("agent").RunningCount, 2)
	s.equal(s.sizes(g, 30*time.Minute), []int{2, 1, 0})
}

func TestAGroupAtItsMaximumLeavesTasksWaitingUntilTheyFail(t *testing.T) {
	s := newStage(t)
	g := s.scaled(func(in *autoscaling.CreateAutoScalingGroupInput) { in.MaxSize = aws.Int32(1) })
	out, err := s.runTasks(func(in *ecs.RunTaskInput) {
		in.Count, in.CapacityProviderStrategy = aws.Int32(10), []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("web"), Weight: 1}}
	})
	must(s, out, err)
	s.equal(s.sizes(g, 19*time.Minute), []int{0, 1})
	s.equal(len(s.k().Waiting), 3)
	s.Advance(12 * time.Minute)
	s.equal(len(s.k().Waiting), 0)
	failed := 0
	for _, task := range s.tasks(s.list(halted)...) {
		if failed++; task.StopCode != types.TaskStopCodeTaskFailedToStart || *task.StoppedReason != "TaskFailedToStart: RESOURCE:MEMORY" {
			t.Errorf("%s: %s", task.StopCode, *task.StoppedReason)
		}
	}
	s.equal(failed, 3)
	s.honest()
	quiet(t, s)
	s.equal(g.Desired, 1)
}

func TestARaisedMaximumIsUsedWithinAMinute(t *testing.T) {
	s := newStage(t)
	g := s.scaled(func(in *autoscaling.CreateAutoScalingGroupInput) { in.MaxSize = aws.Int32(1) })
	must(s, 0, s.create(10, onWeb))
	s.Advance(10 * time.Minute)
	s.setSize(func(in *autoscaling.UpdateAutoScalingGroupInput) { in.MaxSize = aws.Int32(5) })
	s.equal(s.sizes(g, 70*time.Second), []int{1, 2})
	s.Advance(3 * time.Minute)
	s.equal(s.service("api").RunningCount, 10)
}

// ECS developer guide, "API failure reasons".
func TestATaskOfAnEmptyProviderSaysSo(t *testing.T) {
	s := newStage(t)
	s.scaled(func(in *autoscaling.CreateAutoScalingGroupInput) { in.MaxSize = aws.Int32(0) })
	out, err := s.runTasks(func(in *ecs.RunTaskInput) {
		in.CapacityProviderStrategy = []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("web"), Weight: 1}}
	})
	must(s, out, err)
	s.Advance(31 * time.Minute)
	s.equal(*s.tasks(s.list(halted)...)[0].StoppedReason, "TaskFailedToStart: EMPTY CAPACITY PROVIDER")
}

// Auto Scaling user guide, "Suspend and resume processes".
func TestSuspendedAlarmsDoNotScale(t *testing.T) {
	s := newStage(t)
	g := s.scaled()
	suspend := &autoscaling.SuspendProcessesInput{AutoScalingGroupName: aws.String("web"), ScalingProcesses: []string{"AlarmNotification"}}
	_, err := asg.SuspendProcesses(s.Call, suspend)
	must(s, 0, err)
	must(s, 0, s.create(3, onWeb))
	s.equal(s.sizes(g, 10*time.Minute), []int{0})
	_, err = asg.ResumeProcesses(s.Call, &autoscaling.ResumeProcessesInput{AutoScalingGroupName: aws.String("web"), ScalingProcesses: suspend.ScalingProcesses})
	must(s, 0, err)
	s.Advance(4 * time.Minute)
	s.equal(s.service("api").RunningCount, 3)
}

func TestAShortageLeavesTasksWaitingUntilItIsOver(t *testing.T) {
	s := newStage(t)
	g := s.scaled()
	s.Region.EC2.Shortages = []world.Shortage{{Type: "t3.medium", Until: s.Now().Add(15 * time.Minute)}}
	must(s, 0, s.create(3, onWeb))
	s.Advance(14 * time.Minute)
	s.equal([]int{g.Members.Len(), g.Desired, len(s.k().Waiting)}, []int{0, 2, 3})
	s.Advance(25 * time.Minute)
	s.equal(s.service("api").RunningCount, 3)
}

func TestScaleInTakesOnlyEmptyInstancesOfAProtectedGroup(t *testing.T) {
	s := newStage(t)
	g := s.scaled(protected)
	must(s, 0, s.create(14, onWeb))
	s.Advance(10 * time.Minute)
	s.equal(g.Members.Len(), 2)
	kept := s.instances()[1]
	for _, id := range s.instances()[0].Tasks { // the first instance becomes empty
		task, _ := s.k().Tasks.Get(id)
		s.k().stop(task, byUser, "")
	}
	s.scale(7)
	s.Advance(30 * time.Minute)
	s.equal(g.Members.Len(), 1)
	if _, ok := g.Members.Get(kept.EC2ID); !ok {
		t.Error("the instance with tasks is gone")
	}
	s.equal(s.service("api").RunningCount, 7)
}

func TestALowerTargetKeepsSpareInstances(t *testing.T) {
	s := newStage(t)
	g := s.scaled()
	_, err := UpdateCapacityProvider(s.Call, &ecs.UpdateCapacityProviderInput{Name: aws.String("web"), AutoScalingGroupProvider: &types.AutoScalingGroupProviderUpdate{
		ManagedScaling: &types.ManagedScaling{TargetCapacity: aws.Int32(50), InstanceWarmupPeriod: aws.Int32(60)},
	}})
	must(s, 0, err)
	s.Advance(time.Minute)
	must(s, 0, s.create(14, onWeb))
	s.Advance(40 * time.Minute)
	s.equal(s.service("api").RunningCount, 14)
	used := map[string]bool{}
	for _, task := range s.tasks(s.list()...) {
		used[*task.ContainerInstanceArn] = true
	}
	if g.Desired < 2*len(used) {
		t.Errorf("%d instances for %d in use", g.Desired, len(used))
	}
	quiet(t, s)
}

func TestWithoutItsTagAGroupIsLeftAlone(t *testing.T) {
	s := newStage(t)
	g := s.scaled()
	g.Tags = slices.DeleteFunc(g.Tags, func(tag world.GroupTag) bool { return tag.Key == managedTag })
	must(s, 0, s.create(3, onWeb))
	s.equal(s.sizes(g, 10*time.Minute), []int{0})
}

func TestWhereScalingIsTurnedOffTheOwnersSizeHolds(t *testing.T) {
	s := newStage(t)
	g := s.scaled()
	s.desire("web", 1)
	s.sizes(g, 30*time.Minute)
	_, err := UpdateCapacityProvider(s.Call, &ecs.UpdateCapacityProviderInput{Name: aws.String("web"), AutoScalingGroupProvider: &types.AutoScalingGroupProviderUpdate{
		ManagedScaling: &types.ManagedScaling{Status: types.ManagedScalingStatusDisabled},
	}})
	must(s, 0, err)
	s.desire("web", 2)
	s.equal(s.sizes(g, time.Hour), []int{2})
	s.equal(g.Policies.Len()+s.Region.CloudWatch.Alarms.Len(), 0)
}

// ECS developer guide, "Cluster auto scaling": turning managed scaling off removes the policy and its alarms.
func TestAProviderThatLeavesTakesItsAlarmsAlong(t *testing.T) {
	s := newStage(t)
	s.scaled()
	s.equal(s.Region.CloudWatch.Alarms.Len(), 2)
	for a := range s.Region.CloudWatch.Alarms.Rows() {
		s.equal([]any{a.Threshold, a.Period}, []any{100, 60})
	}
	must(s, 0, s.associate())
	s.Advance(time.Minute)
	s.equal(s.Region.CloudWatch.Alarms.Len(), 0)
	s.Advance(time.Hour)
	if v, ok := s.reservation(30 * time.Minute); ok {
		t.Errorf("the metric still is %v", v)
	}
	quiet(t, s)
}

// Whatever is asked of services and bounds: the group stays within its bounds, tasks that it can hold come to run, and then
// nothing happens any more.
func TestManagedScalingBringsEveryTaskToRunAndRests(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStage(t)
		g := s.scaled()
		must(s, 0, s.create(0, onWeb))
		for range rapid.IntRange(1, 6).Draw(rt, "steps") {
			switch rapid.IntRange(0, 3).Draw(rt, "step") {
			case 0:
				s.desire("web", rapid.Int32Range(int32(g.Min), int32(g.Max)).Draw(rt, "desired"))
			case 1:
				least := rapid.Int32Range(0, 3).Draw(rt, "min")
				s.setSize(func(in *autoscaling.UpdateAutoScalingGroupInput) {
					in.MinSize, in.MaxSize = aws.Int32(least), aws.Int32(least+rapid.Int32Range(0, 6).Draw(rt, "room"))
				})
			default:
				s.scale(rapid.Int32Range(0, 30).Draw(rt, "tasks"))
			}
			s.sizes(g, time.Duration(rapid.IntRange(0, 1500).Draw(rt, "seconds"))*time.Second)
		}
		tasks := rapid.Int32Range(0, 30).Draw(rt, "tasks in the end")
		s.scale(tasks)
		most := int32(g.Max)
		s.setSize(func(in *autoscaling.UpdateAutoScalingGroupInput) { in.MaxSize = aws.Int32(max(most, 5)) })
		s.sizes(g, 2*time.Hour)
		if got := s.service("api").RunningCount; got != tasks {
			rt.Fatalf("%d of %d tasks run on %d of at most %d instances", got, tasks, g.Members.Len(), g.Max)
		}
		s.honest()
		s.Advance(2 * time.Hour)
		if at, ok := s.NextEvent(); ok {
			rt.Fatalf("something happens at %s although all is at rest", at)
		}
	})
}

func TestAWorldThatScalesIsSavedAndGoesOnTheSameWay(t *testing.T) {
	s := newStage(t)
	s.scaled()
	must(s, 0, s.create(20, onWeb))
	s.Advance(100 * time.Second) // the metric is held, the alarm about to change
	fork, err := s.Fork()
	must(s, 0, err)
	s.Advance(time.Hour)
	fork.Advance(time.Hour)
	a, err := s.Save()
	must(s, 0, err)
	b, err := fork.Save()
	must(s, 0, err)
	if string(a) != string(b) {
		t.Error("the fork went another way")
	}
}
