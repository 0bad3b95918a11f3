package asg

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/activity"
	"berth/internal/sim/world"
)

func TestGroupsComeByPageByNameAndByTag(t *testing.T) {
	s := newStage(t)
	for i := range 60 {
		in := s.input(0)
		in.AutoScalingGroupName = aws.String(fmt.Sprintf("g%02d", i))
		in.Tags = []types.Tag{{Key: aws.String("n"), Value: aws.String(fmt.Sprint(i % 2))}}
		_, err := CreateAutoScalingGroup(s.Call, in)
		must(s, 0, err)
	}
	list := func(in autoscaling.DescribeAutoScalingGroupsInput) (int, *string) {
		out, err := DescribeAutoScalingGroups(s.Call, &in)
		must(s, 0, err)
		return len(out.AutoScalingGroups), out.NextToken
	}
	n, next := list(autoscaling.DescribeAutoScalingGroupsInput{})
	s.equal(n, 50)
	n, next = list(autoscaling.DescribeAutoScalingGroupsInput{NextToken: next})
	s.equal(n, 10)
	if next != nil {
		t.Error("there is a token after the last page")
	}
	n, _ = list(autoscaling.DescribeAutoScalingGroupsInput{MaxRecords: aws.Int32(100)})
	s.equal(n, 60)
	for filter, want := range map[string]int{"tag:n=1": 30, "tag-key=n": 60, "tag-value=0": 30, "tag:m=1": 0} {
		name, value, _ := strings.Cut(filter, "=")
		n, _ = list(autoscaling.DescribeAutoScalingGroupsInput{MaxRecords: aws.Int32(100), Filters: []types.Filter{{Name: aws.String(name), Values: []string{value}}}})
		s.equal(n, want)
	}
	_, err := DescribeAutoScalingGroups(s.Call, &autoscaling.DescribeAutoScalingGroupsInput{Filters: []types.Filter{{Name: aws.String("color")}}})
	s.refused(err, "ValidationError", "Filter type color is not correct")
	_, err = DescribeAutoScalingGroups(s.Call, &autoscaling.DescribeAutoScalingGroupsInput{NextToken: aws.String("x")})
	s.refused(err, "InvalidNextToken", "x")
	_, err = DescribeAutoScalingGroups(s.Call, &autoscaling.DescribeAutoScalingGroupsInput{MaxRecords: aws.Int32(101)})
	s.refused(err, "ValidationError", "MaxRecords")
	tags, err := DescribeTags(s.Call, &autoscaling.DescribeTagsInput{Filters: []types.Filter{{Name: aws.String("auto-scaling-group"), Values: []string{"g07"}}}})
	s.equal(*must(s, tags, err).Tags[0].Value, "1")
	_, err = DescribeTags(s.Call, &autoscaling.DescribeTagsInput{Filters: []types.Filter{{Name: aws.String("color")}}})
	s.refused(err, "ValidationError", "Filter type color")
}

func TestTagsOfAGroupChange(t *testing.T) {
	s := newStage(t)
	s.group(0)
	tag := func(key, value string) types.Tag {
		return types.Tag{ResourceId: aws.String("web"), ResourceType: aws.String("auto-scaling-group"), Key: aws.String(key), Value: aws.String(value), PropagateAtLaunch: aws.Bool(true)}
	}
	put := func(tags ...types.Tag) error {
		_, err := CreateOrUpdateTags(s.Call, &autoscaling.CreateOrUpdateTagsInput{Tags: tags})
		return err
	}
	must(s, 0, put(tag("a", "1"), tag("b", "2")))
	must(s, 0, put(tag("a", "3")))
	s.equal(s.row().Tags, "[{a 3 true} {b 2 true}]")
	_, err := DeleteTags(s.Call, &autoscaling.DeleteTagsInput{Tags: []types.Tag{tag("a", "3"), tag("c", "")}})
	must(s, 0, err)
	s.equal(s.row().Tags, "[{b 2 true}]")
	lost := tag("a", "1")
	lost.ResourceId = aws.String("x")
	s.refused(put(lost), "ValidationError", "AutoScalingGroup x not found")
	s.refused(put(tag("aws:a", "")), "ValidationError", "reserved")
	for i := range 49 {
		must(s, 0, put(tag(fmt.Sprint("k", i), "")))
	}
	s.refused(put(tag("one too many", "")), "LimitExceeded", "50")
}

func TestMetricsAreEnabledByNameOrAltogether(t *testing.T) {
	s := newStage(t)
	s.group(0)
	enable := func(names ...string) error {
		_, err := EnableMetricsCollection(s.Call, &autoscaling.EnableMetricsCollectionInput{AutoScalingGroupName: aws.String("web"), Granularity: aws.String("1Minute"), Metrics: names})
		return err
	}
	must(s, 0, enable("GroupMinSize"))
	s.equal(s.row().Metrics, "[GroupMinSize]")
	must(s, 0, enable())
	s.equal(len(s.row().Metrics), 20)
	s.refused(enable("Mood"), "ValidationError", "Mood is not a valid metric type")
	_, err := DisableMetricsCollection(s.Call, &autoscaling.DisableMetricsCollectionInput{AutoScalingGroupName: aws.String("web"), Metrics: []string{"GroupMinSize"}})
	must(s, 0, err)
	s.equal(len(s.row().Metrics), 19)
	_, err = EnableMetricsCollection(s.Call, &autoscaling.EnableMetricsCollectionInput{AutoScalingGroupName: aws.String("web"), Granularity: aws.String("1Hour")})
	s.refused(err, "ValidationError", "granularity")
}

func TestActivitiesInProgressComeFirstAndThenTheNewest(t *testing.T) {
	s := newStage(t)
	s.group(2)
	s.hook("drain", Terminating, Continue, 3600)
	slow := s.first().ID
	must(s, 0, s.kill(slow, false))
	s.Advance(5 * time.Minute)
	a := s.activities()
	s.equal(*a[0].Description, "Terminating EC2 instance: "+slow)
	s.equal(len(a), 4)
	if !a[1].StartTime.After(*a[2].StartTime) {
		t.Error("the newest does not come first")
	}
	list := func(filters ...types.Filter) ([]types.Activity, error) {
		out, err := activity.DescribeScalingActivities(s.Call, &autoscaling.DescribeScalingActivitiesInput{AutoScalingGroupName: aws.String("web"), Filters: filters})
		if err != nil {
			return nil, err
		}
		return out.Activities, nil
	}
	done, err := list(types.Filter{Name: aws.String("Status"), Values: []string{"Successful"}})
	s.equal(len(must(s, done, err)), 3)
	late, err := list(types.Filter{Name: aws.String("StartTimeLowerBound"), Values: []string{a[0].StartTime.Format(time.RFC3339)}})
	s.equal(len(must(s, late, err)), 2)
	_, err = list(types.Filter{Name: aws.String("Color")})
	s.refused(err, "ValidationError", "Filter type Color")
}

func TestDeletedGroupTakesItsInstancesAlong(t *testing.T) {
	s := newStage(t)
	s.group(2)
	s.hook("drain", Terminating, Continue, 3600)
	remove := func(force bool) error {
		_, err := DeleteAutoScalingGroup(s.Call, &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: aws.String("web"), ForceDelete: aws.Bool(force)})
		return err
	}
	protect := func(p types.DeletionProtection) {
		_, err := UpdateAutoScalingGroup(s.Call, &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: aws.String("web"), DeletionProtection: p})
		must(s, 0, err)
	}
	s.refused(remove(false), "ResourceInUse", "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.")
	protect(types.DeletionProtectionPreventForceDeletion)
	s.refused(remove(true), "ValidationError", "prevent-force-deletion")
	protect(types.DeletionProtectionPreventAllDeletion)
	s.refused(remove(false), "ValidationError", "prevent-all-deletion")
	protect(types.DeletionProtectionNone)
	must(s, 0, s.kill(s.first().ID, true))
	s.Advance(20 * time.Second)
	must(s, 0, remove(true))
	s.equal(s.row().Status, "Delete in progress")
	s.Advance(10 * time.Second)
	s.equal(s.states(), "[Terminating:Proceed:2]")
	_, err := UpdateAutoScalingGroup(s.Call, &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: aws.String("web"), MaxSize: aws.Int32(1)})
	s.refused(err, "ValidationError", "The AutoScaling group may not be modified while it is pending delete")
	_, err = CreateAutoScalingGroup(s.Call, s.input(0))
	s.refused(err, "AlreadyExists", "web")
	s.Advance(3 * time.Minute)
	s.equal(s.Region.AutoScaling.Groups.Len(), 0)
	s.equal(len(s.activities()), 0)
	out, err := activity.DescribeScalingActivities(s.Call, &autoscaling.DescribeScalingActivitiesInput{AutoScalingGroupName: aws.String("web"), IncludeDeletedGroups: aws.Bool(true)})
	s.equal(*must(s, out, err).Activities[0].AutoScalingGroupState, "Deleted")
	s.refused(remove(true), "ValidationError", "AutoScalingGroup web not found")
	s.quietUntilForgotten()
}

func TestEmptyGroupIsDeletedOnceItsActivitiesAreOver(t *testing.T) {
	s := newStage(t)
	s.group(1)
	s.desire(0)
	s.Advance(5 * time.Second)
	remove := func() error {
		_, err := DeleteAutoScalingGroup(s.Call, &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: aws.String("web")})
		return err
	}
	s.refused(remove(), "ScalingActivityInProgress", "You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.")
	s.Advance(2 * time.Minute)
	must(s, 0, remove())
	s.Advance(10 * time.Second)
	s.equal(s.Region.AutoScaling.Groups.Len(), 0)
}

func TestCooldownRefusesOnlyThoseWhoHonorIt(t *testing.T) {
	s := newStage(t)
	_, err := CreateAutoScalingGroup(s.Call, s.input(1))
	must(s, 0, err)
	set := func(n int32) error {
		_, err := SetDesiredCapacity(s.Call, &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: aws.String("web"), DesiredCapacity: aws.Int32(n), HonorCooldown: aws.Bool(true)})
		return err
	}
	s.Advance(5 * time.Second)
	s.refused(set(2), "ScalingActivityInProgress", "is in progress.")
	s.Advance(time.Minute)
	s.refused(set(2), "ScalingActivityInProgress", "cooldown")
	s.desire(2)
	s.Advance(10 * time.Minute)
	must(s, 0, set(3))
}

func TestLoadBalancersHearOfTheGroupsInstances(t *testing.T) {
	s := newStage(t)
	s.group(1, func(in *autoscaling.CreateAutoScalingGroupInput) { in.LoadBalancerNames = []string{"front"} })
	id := s.first().ID
	s.equal(s.heard, []string{"asg.instance-in-service " + id + " web"})
	s.Region.Balancing.Classics.Put("front", &world.ClassicBalancer{Name: "front", Draining: true, DrainSeconds: 120})
	front, _ := s.Region.Balancing.Classics.Get("front")
	front.Targets.Put(id, &world.ClassicTarget{ID: id})
	states := func() string {
		out, err := DescribeLoadBalancers(s.Call, &autoscaling.DescribeLoadBalancersInput{AutoScalingGroupName: aws.String("web")})
		text := ""
		for _, b := range must(s, out, err).LoadBalancers {
			text += *b.LoadBalancerName + " " + *b.State + " "
		}
		return text
	}
	_, err := AttachLoadBalancers(s.Call, &autoscaling.AttachLoadBalancersInput{AutoScalingGroupName: aws.String("web"), LoadBalancerNames: []string{"back"}})
	must(s, 0, err)
	s.equal(states(), "front InService back Adding ")
	s.Advance(10 * time.Second)
	s.equal(states(), "front InService back InService ")
	s.equal(len(s.heard), 2)
	_, err = DetachLoadBalancers(s.Call, &autoscaling.DetachLoadBalancersInput{AutoScalingGroupName: aws.String("web"), LoadBalancerNames: []string{"back"}})
	must(s, 0, err)
	s.equal(states(), "front InService back Removing ")
	s.Advance(10 * time.Second)
	s.equal(states(), "front InService ")
	_, err = DetachLoadBalancers(s.Call, &autoscaling.DetachLoadBalancersInput{AutoScalingGroupName: aws.String("web"), LoadBalancerNames: []string{"back"}})
	s.refused(err, "ValidationError", "not part of the group")
	must(s, 0, s.kill(id, true))
	s.Advance(time.Minute)
	s.equal(s.heard[2], "asg.instance-leaving "+id+" web")
	s.equal(s.activities()[0].StatusCode, "WaitingForELBConnectionDraining")
	s.equal(s.states(), "[Terminating:1]")
	s.Advance(2 * time.Minute)
	s.equal(s.states(), "[]")
}

func TestLoadBalancersFindingCountsAfterTheGracePeriod(t *testing.T) {
	s := newStage(t)
	s.group(1, func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.HealthCheckType, in.HealthCheckGracePeriod = aws.String("ELB"), aws.Int32(900)
	})
	sick := s.first().ID
	s.Schedule(0, world.Event{Kind: "asg.instance-unhealthy", Region: "eu-west-1", ID: sick, Arg: "web"})
	s.Advance(5 * time.Minute)
	s.equal(s.first().ID, sick)
	s.Advance(20 * time.Minute)
	if s.first().ID == sick {
		t.Error("the unhealthy instance is still there")
	}
	found := false
	for _, a := range s.activities() {
		found = found || strings.Contains(*a.Cause, "in response to an ELB system health check failure.")
	}
	s.equal(found, true)
}

func TestTargetTrackingPolicyIsKeptAndScalesTheGroup(t *testing.T) {
	s := newStage(t)
	s.group(1)
	out, err := PutScalingPolicy(s.Call, &autoscaling.PutScalingPolicyInput{
		AutoScalingGroupName: aws.String("web"), PolicyName: aws.String("p"), PolicyType: aws.String("TargetTrackingScaling"),
		TargetTrackingConfiguration: &types.TargetTrackingConfiguration{
			TargetValue:                   aws.Float64(50),
			CustomizedMetricSpecification: &types.CustomizedMetricSpecification{MetricName: aws.String("m"), Namespace: aws.String("n"), Statistic: "Average"},
		},
	})
	arn := must(s, out, err).PolicyARN
	s.equal(len(out.Alarms), 2)
	ScaleByPolicy(s.World, s.Region, s.row(), "p", 99)
	s.Advance(3 * time.Minute)
	s.equal(s.states(), "[InService:10]")
	s.equal(s.row().DesiredBy, "p")
	if c := *s.activities()[0].Cause; !strings.Contains(c, "-AlarmHigh-") || !strings.Contains(c, "in state ALARM triggered policy p changing the desired capacity from 1 to 10.") {
		t.Error(c)
	}
	list, err := DescribePolicies(s.Call, &autoscaling.DescribePoliciesInput{AutoScalingGroupName: aws.String("web")})
	s.equal(*must(s, list, err).ScalingPolicies[0].TargetTrackingConfiguration.CustomizedMetricSpecification.MetricName, "m")
	_, err = PutScalingPolicy(s.Call, &autoscaling.PutScalingPolicyInput{AutoScalingGroupName: aws.String("web"), PolicyName: aws.String("q"), PolicyType: aws.String("PredictiveScaling")})
	s.refused(err, "ValidationError", "PredictiveScaling")
	_, err = DeletePolicy(s.Call, &autoscaling.DeletePolicyInput{PolicyName: arn})
	must(s, 0, err)
	_, err = DeletePolicy(s.Call, &autoscaling.DeletePolicyInput{PolicyName: arn})
	s.refused(err, "ValidationError", "Scaling policy not found")
}

func TestWorldWithAGroupIsSavedAndGoesOnTheSameWay(t *testing.T) {
	s := newStage(t)
	_, err := CreateAutoScalingGroup(s.Call, s.input(3))
	must(s, 0, err)
	s.Advance(12 * time.Second)
	fork, err := s.Fork()
	must(s, 0, err)
	s.Advance(5 * time.Minute)
	fork.Advance(5 * time.Minute)
	a, err := s.Save()
	must(s, 0, err)
	b, err := fork.Save()
	must(s, 0, err)
	if string(a) != string(b) {
		t.Error("the fork went another way")
	}
}
