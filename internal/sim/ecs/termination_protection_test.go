package ecs

import (
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/asg"
	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// shielded counts the instances of a group that are protected from scale-in.
func shielded(g *world.ScalingGroup) int {
	n := 0
	for m := range g.Members.Rows() {
		if m.Protected {
			n++
		}
	}
	return n
}

// ECS developer guide, "Control the instances Amazon ECS terminates".
func TestTerminationProtectionProtectsTheInstancesThatAreThere(t *testing.T) {
	s := newStage(t)
	s.cluster()
	g := s.group("web", 2, shop)
	s.equal(shielded(g), 0)
	g.Settings.Protected = true
	s.provider("web", "web", func(p *types.AutoScalingGroupProvider) {
		p.ManagedTerminationProtection = types.ManagedTerminationProtectionEnabled
	})
	must(s, 0, s.associate("web"))
	s.Advance(20 * time.Second)
	s.equal(shielded(g), 2)
}

// lifts takes the protection from scale-in off all instances of a group.
func (s *stage) lifts(g *world.ScalingGroup) {
	s.t.Helper()
	var ids []string
	for id := range g.Members.All() {
		ids = append(ids, id)
	}
	_, err := asg.SetInstanceProtection(s.Call, &autoscaling.SetInstanceProtectionInput{
		AutoScalingGroupName: &g.Name, InstanceIds: ids, ProtectedFromScaleIn: aws.Bool(false),
	})
	must(s, 0, err)
}

func TestAnInstanceIsProtectedAgainByATaskAndNotByADaemon(t *testing.T) {
	s := newStage(t)
	g := s.drainingGroup(1, protected)
	s.definition()
	s.lifts(g)
	must(s, 0, s.create(0, daemon))
	s.Advance(time.Minute)
	s.equal(shielded(g), 0)
	must(s, 0, s.create(1))
	s.Advance(time.Minute)
	s.equal(shielded(g), 1)
}

func TestManagedScalingTakesProtectionOffWhoeverSetIt(t *testing.T) {
	for on, want := range map[bool]string{true: "[1 1]", false: "[1 3]"} { // unordered: each is a world of its own
		s := newStage(t)
		g := s.scaled(func(in *autoscaling.CreateAutoScalingGroupInput) { in.NewInstancesProtectedFromScaleIn = aws.Bool(on) })
		s.desire("web", 3)
		s.Advance(3 * time.Minute)
		must(s, 0, s.create(1, onWeb))
		for id := range g.Members.All() { // somebody else does
			asg.Protect(s.World, s.Region, g, true, id)
		}
		s.Advance(40 * time.Minute)
		s.equal([]int{g.Desired, g.Members.Len()}, want)
	}
}

// ECS developer guide, "Safely stop Amazon ECS workloads running on EC2 instances".
func TestManagedDrainingDrainsASpotInstanceOnItsWarning(t *testing.T) {
	s := newStage(t)
	s.drainingGroup(1)
	ci := s.instances()[0]
	i, _ := s.Region.EC2.Instances.Get(ci.EC2ID)
	s.Schedule(0, world.Event{Kind: ec2.SpotWarned, Region: s.Region.Name, ID: i.ID, Arg: strconv.Itoa(i.Run)})
	s.Settle()
	s.equal(ci.Status, draining)
}

// An instance that has been drained before it is terminated waits for its hook no longer than ECS takes to see that it is empty.
func TestManagedDrainingLetsAnEmptyInstanceGoAtOnce(t *testing.T) {
	s := newStage(t)
	g := s.drainingGroup(2)
	s.definition()
	must(s, 0, s.create(2))
	s.steady("api")
	s.Advance(time.Minute)
	ci := s.instances()[0]
	s.drainNow(ci.ID)
	s.until("it is empty", func() bool { return len(ci.Tasks) == 0 })
	_, err := asg.TerminateInstanceInAutoScalingGroup(s.Call, &autoscaling.TerminateInstanceInAutoScalingGroupInput{
		InstanceId: &ci.EC2ID, ShouldDecrementDesiredCapacity: aws.Bool(true),
	})
	must(s, 0, err)
	s.Advance(2 * time.Minute)
	s.equal([]int{g.Desired, g.Members.Len()}, "[1 1]")
}

// What is protected keeps its instance as long as the hook may wait: 48 hours, which is as long as a protection may last.
func TestAProtectedTaskKeepsAnInstanceThatGoes(t *testing.T) {
	s := newStage(t)
	g := s.drainingGroup(2)
	s.definition()
	must(s, 0, s.create(2))
	s.steady("api")
	s.Advance(time.Minute)
	s.guard(true, aws.Int32(300), s.list()...)
	s.desire("web", 1)
	s.Advance(4*time.Hour + 50*time.Minute)
	s.equal(g.Members.Len(), 2)
	s.Advance(20 * time.Minute)
	s.equal([]any{g.Members.Len(), s.service("api").RunningCount}, "[1 2]")
	s.equal(s.reasons("Scaling activity initiated by"), 1) // not by the end of the host
}

// ECS API reference, ContainerInstance: tasks count that are to run. One that is stopping is there and is not counted.
func TestATaskThatIsStoppingDoesNotCount(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	s.Tuning.Spans = map[string]world.Span{"ecs.task-exit": {Mean: 20 * time.Second, Floor: 20 * time.Second}}
	out, err := s.runTasks()
	task := must(s, out, err).Tasks[0]
	s.Advance(time.Minute)
	counts := func() []int32 {
		out, err := DescribeContainerInstances(s.Call, &ecs.DescribeContainerInstancesInput{Cluster: aws.String("shop"), ContainerInstances: []string{s.instances()[0].ARN}})
		v := must(s, out, err).ContainerInstances[0]
		return []int32{v.RunningTasksCount, v.PendingTasksCount}
	}
	s.equal(counts(), "[1 0]")
	s.stopOne(task)
	s.Advance(5 * time.Second)
	s.equal([]any{*s.tasks(*task.TaskArn)[0].LastStatus, counts()}, "[STOPPING [0 0]]")
}
