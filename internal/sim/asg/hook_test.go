package asg

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/sim/ec2"
)

func (s *stage) hook(name, transition, result string, heartbeat int32) {
	s.t.Helper()
	_, err := PutLifecycleHook(s.Call, &autoscaling.PutLifecycleHookInput{
		AutoScalingGroupName: aws.String("web"), LifecycleHookName: aws.String(name), LifecycleTransition: aws.String(transition),
		DefaultResult: aws.String(result), HeartbeatTimeout: aws.Int32(heartbeat),
	})
	must(s, 0, err)
}

func (s *stage) completeAction(hook, instance, result string) error {
	_, err := CompleteLifecycleAction(s.Call, &autoscaling.CompleteLifecycleActionInput{
		AutoScalingGroupName: aws.String("web"), LifecycleHookName: aws.String(hook), InstanceId: aws.String(instance), LifecycleActionResult: aws.String(result),
	})
	return err
}

func (s *stage) kill(id string, decrement bool) error {
	_, err := TerminateInstanceInAutoScalingGroup(s.Call, &autoscaling.TerminateInstanceInAutoScalingGroupInput{
		InstanceId: aws.String(id), ShouldDecrementDesiredCapacity: aws.Bool(decrement),
	})
	return err
}

func TestTerminatingInstanceWaitsForItsHook(t *testing.T) {
	s := newStage(t)
	s.group(1)
	s.hook("drain", Terminating, Continue, 3600)
	id := s.first().ID
	must(s, 0, s.kill(id, true))
	s.equal(s.states(), "[Terminating:1]")
	s.Advance(10 * time.Second)
	s.equal(s.states(), "[Terminating:Wait:1]")
	s.equal(s.activities()[0].StatusCode, "MidLifecycleAction")
	s.equal(s.heard, []string{"asg.lifecycle-action " + id + " drain"})
	s.Advance(30 * time.Minute)
	s.equal(s.states(), "[Terminating:Wait:1]")
	s.refused(s.completeAction("other", id, Continue), "ValidationError", "No active Lifecycle Action found with instance ID "+id)
	must(s, 0, s.completeAction("drain", id, Continue))
	s.equal(s.states(), "[Terminating:Proceed:1]")
	s.refused(s.completeAction("drain", id, Continue), "ValidationError", "No active Lifecycle Action found with instance ID "+id)
	s.Advance(2 * time.Minute)
	s.equal(s.states(), "[]")
	s.equal(s.activities()[0].StatusCode, "Successful")
}

func TestForgottenHookEndsAfterItsHeartbeatAndNoSooner(t *testing.T) {
	s := newStage(t)
	s.group(1)
	s.hook("drain", Terminating, Continue, 3600)
	must(s, 0, s.kill(s.first().ID, true))
	s.Advance(59 * time.Minute)
	s.equal(s.states(), "[Terminating:Wait:1]")
	_, err := RecordLifecycleActionHeartbeat(s.Call, &autoscaling.RecordLifecycleActionHeartbeatInput{
		AutoScalingGroupName: aws.String("web"), LifecycleHookName: aws.String("drain"), LifecycleActionToken: aws.String(s.first().Actions[0].Token),
	})
	must(s, 0, err)
	s.Advance(59 * time.Minute)
	s.equal(s.states(), "[Terminating:Wait:1]")
	s.Advance(5 * time.Minute)
	s.equal(s.states(), "[]")
	_, err = RecordLifecycleActionHeartbeat(s.Call, &autoscaling.RecordLifecycleActionHeartbeatInput{
		AutoScalingGroupName: aws.String("web"), LifecycleHookName: aws.String("drain"), LifecycleActionToken: aws.String("gone"),
	})
	s.refused(err, "ValidationError", "No active Lifecycle Action found with token gone")
}

func TestHeartbeatsCannotHoldAnInstanceForEver(t *testing.T) {
	s := newStage(t)
	s.group(1)
	s.hook("drain", Terminating, Continue, 30)
	must(s, 0, s.kill(s.first().ID, true))
	s.Advance(10 * time.Second)
	for n := 0; s.row().Members.Len() > 0; n++ {
		if n > 300 {
			t.Fatal("the instance still waits")
		}
		for m := range s.row().Members.Rows() {
			if len(m.Actions) > 0 {
				_, _ = RecordLifecycleActionHeartbeat(s.Call, &autoscaling.RecordLifecycleActionHeartbeatInput{ // may be too late
					AutoScalingGroupName: aws.String("web"), LifecycleHookName: aws.String("drain"), InstanceId: aws.String(m.ID),
				})
			}
		}
		s.Advance(20 * time.Second)
	}
}

func TestDeletedHookLetsTerminatingInstancesGo(t *testing.T) {
	s := newStage(t)
	s.group(1)
	s.hook("drain", Terminating, Abandon, 3600)
	must(s, 0, s.kill(s.first().ID, true))
	s.Advance(10 * time.Second)
	_, err := DeleteLifecycleHook(s.Call, &autoscaling.DeleteLifecycleHookInput{AutoScalingGroupName: aws.String("web"), LifecycleHookName: aws.String("drain")})
	must(s, 0, err)
	s.Advance(2 * time.Minute)
	s.equal(s.states(), "[]")
	_, err = DeleteLifecycleHook(s.Call, &autoscaling.DeleteLifecycleHookInput{AutoScalingGroupName: aws.String("web"), LifecycleHookName: aws.String("drain")})
	s.refused(err, "ValidationError", "No Lifecycle Hook found with name: drain")
}

func TestAllHooksMustContinueButOneMayAbandon(t *testing.T) {
	s := newStage(t)
	s.group(2)
	s.hook("one", Terminating, Continue, 3600)
	s.hook("two", Terminating, Continue, 3600)
	id := s.first().ID
	must(s, 0, s.kill(id, true))
	s.Advance(10 * time.Second)
	must(s, 0, s.completeAction("one", id, Continue))
	s.equal(s.first().State, "Terminating:Wait")
	must(s, 0, s.completeAction("two", id, Continue))
	s.equal(s.first().State, "Terminating:Proceed")
	s.Advance(2 * time.Minute)
	id = s.first().ID
	must(s, 0, s.kill(id, true))
	s.Advance(10 * time.Second)
	must(s, 0, s.completeAction("one", id, Abandon))
	s.equal(s.first().State, "Terminating:Proceed")
}

func TestLaunchHookHoldsAnInstanceAndAbandonReplacesIt(t *testing.T) {
	s := newStage(t)
	s.group(0)
	s.hook("prepare", Launching, Abandon, 600)
	s.desire(1)
	s.Advance(time.Minute)
	s.equal(s.states(), "[Pending:Wait:1]")
	first := s.first().ID
	must(s, 0, s.completeAction("prepare", first, Abandon))
	s.Advance(2 * time.Minute)
	s.equal(s.states(), "[Pending:Wait:1]")
	second := s.first().ID
	if second == first {
		t.Fatal("the abandoned instance is still there")
	}
	must(s, 0, s.completeAction("prepare", second, Continue))
	s.equal(s.states(), "[Pending:Proceed:1]")
	s.Advance(10 * time.Second)
	s.equal(s.states(), "[InService:1]")
}

func TestAbandonedHookRetainsAnInstanceWhereThePolicySaysSo(t *testing.T) {
	s := newStage(t)
	g := s.group(1)
	g.Settings.RetainOnAbandon = "retain"
	s.hook("drain", Terminating, Abandon, 60)
	id := s.first().ID
	must(s, 0, s.kill(id, true))
	s.Advance(time.Hour)
	s.equal(s.states(), "[Terminating:Retained:1]")
	i, _ := s.Region.EC2.Instances.Get(id)
	s.equal(i.State, "running")
	must(s, 0, s.kill(id, false))
	s.Advance(2 * time.Minute)
	s.equal(s.states(), "[]")
}

func TestLostInstanceWaitsForItsHookToo(t *testing.T) {
	s := newStage(t)
	s.group(1)
	s.hook("drain", Terminating, Continue, 3600)
	id := s.first().ID
	ec2.Terminate(s.World, s.Region, id)
	s.Advance(3 * time.Minute)
	s.equal(s.states(), "[InService:1 Terminating:Wait:1]")
	must(s, 0, s.completeAction("drain", id, Continue))
	s.Advance(10 * time.Second)
	s.equal(s.states(), "[InService:1]")
}

func TestBadHooksAreRefused(t *testing.T) {
	s := newStage(t)
	s.group(0)
	for text, in := range map[string]autoscaling.PutLifecycleHookInput{
		"Value null at 'lifecycleHookName'": {LifecycleTransition: aws.String(Launching)},
		"Lifecycle transition is required":  {LifecycleHookName: aws.String("h")},
		"Invalid lifecycle transition":      {LifecycleHookName: aws.String("h"), LifecycleTransition: aws.String("x")},
		"default result":                    {LifecycleHookName: aws.String("h"), LifecycleTransition: aws.String(Launching), DefaultResult: aws.String("STOP")},
		"between 30 and 7200":               {LifecycleHookName: aws.String("h"), LifecycleTransition: aws.String(Launching), HeartbeatTimeout: aws.Int32(10)},
	} {
		in.AutoScalingGroupName = aws.String("web")
		_, err := PutLifecycleHook(s.Call, &in)
		s.refused(err, "ValidationError", text)
	}
	s.hook("h", Launching, Continue, 100)
	_, err := PutLifecycleHook(s.Call, &autoscaling.PutLifecycleHookInput{
		AutoScalingGroupName: aws.String("web"), LifecycleHookName: aws.String("h"), HeartbeatTimeout: aws.Int32(200),
	})
	must(s, 0, err)
	out, err := DescribeLifecycleHooks(s.Call, &autoscaling.DescribeLifecycleHooksInput{AutoScalingGroupName: aws.String("web")})
	h := must(s, out, err).LifecycleHooks[0]
	s.equal(*h.LifecycleTransition+*h.DefaultResult, Launching+Continue)
	s.equal([]int32{*h.HeartbeatTimeout, *h.GlobalTimeout}, "[200 20000]")
}

func TestTerminatingAnInstanceKeepsOrLowersTheDesiredCapacity(t *testing.T) {
	s := newStage(t)
	s.group(2, func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.MinSize = aws.Int32(1)
		in.NewInstancesProtectedFromScaleIn = aws.Bool(true)
	})
	id := s.first().ID
	out, err := TerminateInstanceInAutoScalingGroup(s.Call, &autoscaling.TerminateInstanceInAutoScalingGroupInput{
		InstanceId: aws.String(id), ShouldDecrementDesiredCapacity: aws.Bool(false),
	})
	a := must(s, out, err).Activity
	s.equal(*a.Description+string(a.StatusCode), "Terminating EC2 instance: "+id+"InProgress")
	if !strings.HasSuffix(*a.Cause, "instance "+id+" was taken out of service in response to a user request.") {
		t.Error(*a.Cause)
	}
	s.refused(s.kill(id, false), "ScalingActivityInProgress", "is in progress.")
	s.Advance(3 * time.Minute)
	s.equal(s.states(), "[InService:2]")
	must(s, 0, s.kill(s.first().ID, true))
	s.Advance(3 * time.Minute)
	s.equal(s.states(), "[InService:1]")
	s.equal(s.row().Desired, 1)
	s.refused(s.kill(s.first().ID, true), "ValidationError", "Currently, desiredSize equals minSize (1). Terminating instance without replacement will violate group's min size constraint.")
	s.refused(s.kill("i-0", true), "ValidationError", "No managed instance found")
	many, err := TerminateInstanceInAutoScalingGroup(s.Call, &autoscaling.TerminateInstanceInAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), InstanceIds: []string{s.first().ID}, ShouldDecrementDesiredCapacity: aws.Bool(false),
	})
	s.equal(len(must(s, many, err).Activities), 1)
}

func TestInstanceThatEC2HasForgottenStillLeavesItsGroup(t *testing.T) {
	s := newStage(t)
	s.group(1)
	s.hook("drain", Terminating, Continue, 7200)
	ec2.Terminate(s.World, s.Region, s.first().ID)
	s.Advance(90 * time.Minute)
	s.equal(s.states(), "[InService:1 Terminating:Wait:1]")
	s.Advance(time.Hour)
	s.equal(s.states(), "[InService:1]")
}
