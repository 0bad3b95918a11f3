package asg

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

func (s *stage) enter(decrement bool, ids ...string) error {
	_, err := EnterStandby(s.Call, &autoscaling.EnterStandbyInput{
		AutoScalingGroupName: aws.String("web"), InstanceIds: ids, ShouldDecrementDesiredCapacity: aws.Bool(decrement),
	})
	return err
}

func (s *stage) exit(ids ...string) error {
	_, err := ExitStandby(s.Call, &autoscaling.ExitStandbyInput{AutoScalingGroupName: aws.String("web"), InstanceIds: ids})
	return err
}

func (s *stage) remove(decrement bool, ids ...string) error {
	_, err := DetachInstances(s.Call, &autoscaling.DetachInstancesInput{
		AutoScalingGroupName: aws.String("web"), InstanceIds: ids, ShouldDecrementDesiredCapacity: aws.Bool(decrement),
	})
	return err
}

func (s *stage) take(ids ...string) error {
	_, err := AttachInstances(s.Call, &autoscaling.AttachInstancesInput{AutoScalingGroupName: aws.String("web"), InstanceIds: ids})
	return err
}

// Auto Scaling user guide, "Temporarily remove instances from your Auto Scaling group".
func TestStandbyTakesAnInstanceOutOfServiceAndBack(t *testing.T) {
	s := newStage(t)
	s.group(4)
	id := s.ids()[1]
	must(s, 0, s.enter(true, id))
	s.equal(s.states(), "[EnteringStandby:1 InService:3]")
	s.Advance(10 * time.Minute)
	s.equal(s.states(), "[InService:3 Standby:1]")
	s.equal(s.row().Desired, 3)
	a := s.activities()[0]
	s.equal(*a.Description+" "+string(a.StatusCode), "Moving EC2 instance to Standby: "+id+" Successful")
	if !strings.HasSuffix(*a.Cause, "Z instance "+id+" was moved to standby in response to a user request, shrinking the capacity from 4 to 3.") {
		t.Error(*a.Cause)
	}
	must(s, 0, s.exit(id))
	s.equal(s.states(), "[InService:3 Pending:1]")
	s.Advance(10 * time.Minute)
	s.equal(s.states(), "[InService:4]")
	s.equal(s.row().Desired, 4)
	a = s.activities()[0]
	s.equal(*a.Description+" "+string(a.StatusCode), "Moving EC2 instance out of Standby: "+id+" Successful")
	if !strings.HasSuffix(*a.Cause, "was moved out of standby in response to a user request, increasing the capacity from 3 to 4.") {
		t.Error(*a.Cause)
	}
	s.quiet()
}

func TestStandbyWithoutDecrementIsReplaced(t *testing.T) {
	s := newStage(t)
	s.group(2)
	must(s, 0, s.enter(false, s.ids()[0]))
	s.Advance(5 * time.Minute)
	s.equal(s.states(), "[InService:2 Standby:1]")
	s.equal(s.row().Desired, 2)
}

func TestStandbyLeavesTheLoadBalancersAndComesBack(t *testing.T) {
	s := newStage(t)
	s.group(1, func(in *autoscaling.CreateAutoScalingGroupInput) { in.TargetGroupARNs = []string{"arn:tg"} })
	id := s.first().ID
	s.heard = nil
	must(s, 0, s.enter(true, id))
	s.Advance(time.Minute)
	s.equal(s.heard, "[asg.instance-leaving "+id+" web]")
	must(s, 0, s.exit(id))
	s.Advance(time.Minute)
	s.equal(s.heard[1:], "[asg.instance-in-service "+id+" web]")
}

func TestStandbyIsNotHealthCheckedUntilItComesBack(t *testing.T) {
	s := newStage(t)
	s.group(2)
	id := s.ids()[0]
	must(s, 0, s.enter(true, id))
	s.Advance(time.Minute)
	ec2.Stop(s.World, s.Region, id)
	s.Advance(10 * time.Minute)
	s.equal(s.states(), "[InService:1 Standby:1]")
	must(s, 0, s.exit(id))
	s.Advance(10 * time.Minute)
	if _, ok := s.row().Members.Get(id); ok || s.states() != "[InService:2]" {
		t.Errorf("a stopped instance that came back was not replaced: %s", s.states())
	}
}

func TestStandbyKeepsItsProtectionAndMeetsNoHooks(t *testing.T) {
	s := newStage(t)
	s.group(1)
	id := s.first().ID
	_, err := PutLifecycleHook(s.Call, &autoscaling.PutLifecycleHookInput{
		AutoScalingGroupName: aws.String("web"), LifecycleHookName: aws.String("h"), LifecycleTransition: aws.String(Launching),
	})
	must(s, 0, err)
	must(s, 0, s.enter(true, id))
	s.Advance(time.Minute)
	_, err = SetInstanceProtection(s.Call, &autoscaling.SetInstanceProtectionInput{
		AutoScalingGroupName: aws.String("web"), InstanceIds: []string{id}, ProtectedFromScaleIn: aws.Bool(true),
	})
	must(s, 0, err)
	must(s, 0, s.exit(id))
	s.Advance(time.Minute)
	s.equal([]any{s.first().State, s.first().Protected}, "[InService true]")
}

func TestMovesThatTheGroupDoesNotAllowAreRefused(t *testing.T) {
	s := newStage(t)
	s.group(2, func(in *autoscaling.CreateAutoScalingGroupInput) { in.MinSize, in.MaxSize = aws.Int32(1), aws.Int32(2) })
	ids := s.ids()
	many := make([]string, 21)
	s.refused(s.enter(true), "ValidationError", "instanceIds")
	s.refused(s.enter(true, many...), "ValidationError", "limited to 20")
	s.refused(s.enter(true, "i-1"), "ValidationError", "The instance i-1 is not part of Auto Scaling group web.")
	s.refused(s.enter(true, ids...), "ValidationError",
		"AutoScalingGroup web has min-size=1, max-size=2, and desired-size=2. To place into standby 2 instances, please update the AutoScalingGroup sizes appropriately.")
	s.refused(s.remove(true, ids...), "ValidationError", "To detach 2 instances, please")
	s.refused(s.exit(ids[0]), "ValidationError", "is not in Standby.")
	_, err := EnterStandby(s.Call, &autoscaling.EnterStandbyInput{AutoScalingGroupName: aws.String("web"), InstanceIds: ids})
	s.refused(err, "ValidationError", "shouldDecrementDesiredCapacity")
	must(s, 0, s.enter(false, ids[0]))
	s.Advance(5 * time.Minute)
	s.refused(s.enter(false, ids[0]), "ValidationError", "is not in InService.")
	s.refused(s.exit(ids[0]), "ValidationError", "max-size=2, and desired-size=2. To move out of standby 1 more instance, please")
}

// Auto Scaling user guide, "Detach or attach instances from your Auto Scaling group".
func TestDetachedInstanceRunsOnAndCanBeAttachedAgain(t *testing.T) {
	s := newStage(t)
	s.group(2)
	id := s.ids()[0]
	must(s, 0, s.remove(true, id))
	s.equal(s.states(), "[Detaching:1 InService:1]")
	s.Advance(5 * time.Minute)
	s.equal(s.states(), "[InService:1]")
	i, _ := s.Region.EC2.Instances.Get(id)
	if _, tagged := i.Tags.Get(groupTag); i.State != world.InstanceRunning || i.Owner != "" || tagged {
		t.Errorf("the detached instance is %s of %q, tagged %t", i.State, i.Owner, tagged)
	}
	s.equal(*s.activities()[0].Description, "Detaching EC2 instance: "+id)
	must(s, 0, s.take(id))
	s.Advance(5 * time.Minute)
	s.equal(s.states(), "[InService:2]")
	s.equal(s.row().Desired, 2)
	s.equal(*s.activities()[0].Description, "Attaching an existing EC2 instance: "+id)
	s.equal(s.activities()[0].StatusCode, "Successful")
	if name, _ := i.Tags.Get(groupTag); name != "web" {
		t.Errorf("the attached instance has the tag %q", name)
	}
	s.quiet()
}

func TestDetachWithoutDecrementIsReplaced(t *testing.T) {
	s := newStage(t)
	s.group(2)
	id := s.ids()[0]
	must(s, 0, s.remove(false, id))
	s.Advance(5 * time.Minute)
	s.equal(s.states(), "[InService:2]")
	if _, ok := s.row().Members.Get(id); ok {
		t.Error("the detached instance is still a member")
	}
}

func TestDetachThatUnbalancesTheZonesIsEvenedOut(t *testing.T) {
	s := newStage(t)
	s.group(4)
	var crowded []string
	for m := range s.row().Members.Rows() {
		if m.Zone == "eu-west-1a" {
			crowded = append(crowded, m.ID)
		}
	}
	must(s, 0, s.remove(true, crowded...))
	s.Advance(10 * time.Minute)
	s.equal(s.zones(), "a:1 b:1")
}

func TestInstanceThatCannotBeAttachedIsRefused(t *testing.T) {
	s := newStage(t)
	s.group(1, func(in *autoscaling.CreateAutoScalingGroupInput) { in.MaxSize = aws.Int32(1) })
	launch := func(subnet string) string {
		out := call[awsec2.RunInstancesOutput](s, "RunInstances", &awsec2.RunInstancesInput{
			ImageId: aws.String(s.image()), InstanceType: "m5.large", MinCount: aws.Int32(1), MaxCount: aws.Int32(1), SubnetId: aws.String(subnet),
		})
		return *out.Instances[0].InstanceId
	}
	here, elsewhere := launch(s.subnets[0]), launch(s.subnets[2])
	s.refused(s.take(here), "ValidationError", "is not in the running state")
	s.Advance(time.Minute)
	s.refused(s.take("i-1"), "ValidationError", "Invalid Instance ID(s): [i-1] specified")
	s.refused(s.take(s.first().ID), "ValidationError", "is already part of AutoScalingGroup:web")
	s.refused(s.take(elsewhere), "ValidationError", "eu-west-1c")
	s.refused(s.take(here), "ValidationError", "min-size=0, max-size=1, and desired-size=1. To attach 1 more instance, please")
}

func TestForceDeleteEndsInstancesInStandbyToo(t *testing.T) {
	s := newStage(t)
	s.group(2)
	must(s, 0, s.enter(true, s.ids()...))
	s.Advance(time.Minute)
	remove := func(force bool) error {
		_, err := DeleteAutoScalingGroup(s.Call, &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: aws.String("web"), ForceDelete: aws.Bool(force)})
		return err
	}
	s.refused(remove(false), "ResourceInUse", "still in the group")
	must(s, 0, remove(true))
	s.Advance(5 * time.Minute)
	if _, ok := Find(s.Region, "web"); ok {
		t.Error("the group is still there")
	}
}
