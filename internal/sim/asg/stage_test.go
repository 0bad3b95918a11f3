package asg

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/asg/activity"
	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// stage is a world with a VPC of three subnets in three zones and a launch template.
type stage struct {
	*world.Call
	t        *testing.T
	subnets  []string
	template string
	heard    []string // events for the services above: "kind id arg"
}

func newStage(t *testing.T) *stage {
	t.Helper()
	w := world.New(1)
	s := &stage{Call: &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "autoscaling", RequestID: "r"}, t: t}
	all := world.Handlers{}
	for _, h := range []world.Handlers{ec2.Handlers(), cloudwatch.Handlers(), Handlers()} {
		for kind, list := range h {
			all[kind] = append(all[kind], list...)
		}
	}
	for _, kind := range []world.Kind{"asg.instance-in-service", "asg.instance-leaving", "asg.lifecycle-action", "asg.scale-in-blocked"} {
		all[kind] = append(all[kind], func(_ *world.World, e world.Event) {
			s.heard = append(s.heard, fmt.Sprintf("%s %s %s", e.Kind, e.ID, e.Arg))
		})
	}
	w.Attach(all, nil)
	s.network()
	return s
}

func must[T any](s *stage, v T, err error) T {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

// call runs one of EC2's operations.
func call[O any](s *stage, operation string, in any) *O {
	s.t.Helper()
	out, err := ec2.Operations()[operation].Run(s.Call, in)
	return must(s, out, err).(*O)
}

func (s *stage) network() {
	s.t.Helper()
	id := call[awsec2.CreateVpcOutput](s, "CreateVpc", &awsec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")}).Vpc.VpcId
	s.Advance(5 * time.Second)
	for i, zone := range []string{"a", "b", "c"} {
		out := call[awsec2.CreateSubnetOutput](s, "CreateSubnet", &awsec2.CreateSubnetInput{
			VpcId: id, CidrBlock: aws.String(fmt.Sprintf("10.0.%d.0/24", i)), AvailabilityZone: aws.String("eu-west-1" + zone),
		})
		s.subnets = append(s.subnets, *out.Subnet.SubnetId)
	}
	image := ""
	for i := range ec2.Images("eu-west-1", s.Now()) {
		image = i.ID
		break
	}
	out := call[awsec2.CreateLaunchTemplateOutput](s, "CreateLaunchTemplate", &awsec2.CreateLaunchTemplateInput{
		LaunchTemplateName: aws.String("nodes"),
		LaunchTemplateData: &ec2types.RequestLaunchTemplateData{ImageId: aws.String(image), InstanceType: ec2types.InstanceTypeM5Large},
	})
	s.template = *out.LaunchTemplate.LaunchTemplateId
	s.Advance(5 * time.Second)
}

// input is a group of n instances over the first two subnets, at most ten.
func (s *stage) input(n int32) *autoscaling.CreateAutoScalingGroupInput {
	return &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(0), MaxSize: aws.Int32(10), DesiredCapacity: aws.Int32(n),
		VPCZoneIdentifier: aws.String(strings.Join(s.subnets[:2], ",")),
		LaunchTemplate:    &types.LaunchTemplateSpecification{LaunchTemplateId: aws.String(s.template), Version: aws.String("$Latest")},
	}
}

// group makes the group and waits until it is at rest.
func (s *stage) group(n int32, change ...func(*autoscaling.CreateAutoScalingGroupInput)) *world.ScalingGroup {
	s.t.Helper()
	in := s.input(n)
	for _, f := range change {
		f(in)
	}
	_, err := CreateAutoScalingGroup(s.Call, in)
	must(s, 0, err)
	s.Advance(5 * time.Minute)
	return s.row()
}

func (s *stage) row() *world.ScalingGroup {
	s.t.Helper()
	g, ok := Find(s.Region, "web")
	if !ok {
		s.t.Fatal("the group is gone")
	}
	return g
}

func (s *stage) desire(n int32) {
	s.t.Helper()
	_, err := SetDesiredCapacity(s.Call, &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: aws.String("web"), DesiredCapacity: aws.Int32(n)})
	must(s, 0, err)
}

// states counts the group's members by lifecycle state.
func (s *stage) states() string {
	n := map[string]int{}
	for m := range s.row().Members.Rows() {
		n[m.State]++
	}
	return strings.TrimPrefix(fmt.Sprint(n), "map")
}

// zones counts the members in each zone that stay: "a2 b1".
func (s *stage) zones() string {
	n := map[string]int{}
	for m := range s.row().Members.Rows() {
		if stays(m) {
			n[m.Zone[len(m.Zone)-1:]]++
		}
	}
	return strings.Trim(strings.TrimPrefix(fmt.Sprint(n), "map"), "[]")
}

func (s *stage) first() *world.GroupMember {
	s.t.Helper()
	for m := range s.row().Members.Rows() {
		return m
	}
	s.t.Fatal("the group is empty")
	return nil
}

// activities are the group's, the newest first.
func (s *stage) activities() []types.Activity {
	s.t.Helper()
	out, err := activity.DescribeScalingActivities(s.Call, &autoscaling.DescribeScalingActivitiesInput{AutoScalingGroupName: aws.String("web")})
	return must(s, out, err).Activities
}

// refused checks an error's code and a part of its message.
func (s *stage) refused(err error, code, text string) {
	s.t.Helper()
	e, ok := errors.AsType[*wire.Error](err)
	if !ok || e.Code != code || !strings.Contains(e.Message, text) {
		s.t.Errorf("got %v, want %s with %q", err, code, text)
	}
}

func (s *stage) equal(got, want any) {
	s.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("got %v, want %v", got, want)
	}
}

// quiet checks that nothing is left to happen.
func (s *stage) quiet() {
	s.t.Helper()
	if at, ok := s.NextEvent(); ok {
		s.t.Errorf("something is still to happen, %v from now", at.Sub(s.Now()))
	}
}
