package asg

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/world"
)

// version adds a version to the launch template, which $Latest then means.
func (s *stage) version(data ec2types.RequestLaunchTemplateData) {
	s.t.Helper()
	call[awsec2.CreateLaunchTemplateVersionOutput](s, "CreateLaunchTemplateVersion", &awsec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateId: aws.String(s.template), SourceVersion: aws.String("1"), LaunchTemplateData: &data,
	})
}

func TestInstanceProfileThatEC2DoesNotSeeYetFailsTheLaunchAndIsTriedAgain(t *testing.T) {
	s := newStage(t)
	s.version(ec2types.RequestLaunchTemplateData{IamInstanceProfile: &ec2types.LaunchTemplateIamInstanceProfileSpecificationRequest{Name: aws.String("nodes")}})
	role := "nodes"
	s.IAM.Profiles.Put(role, &world.InstanceProfile{Name: role, Roles: []string{role}, Visible: s.Now().Add(12 * time.Second)})
	_, err := CreateAutoScalingGroup(s.Call, s.input(1))
	must(s, 0, err)
	s.Advance(10 * time.Second)
	a := s.activities()
	s.equal(len(a), 1)
	s.equal(*a[0].Description, "Launching a new EC2 instance.  Status Reason: Invalid IAM Instance Profile name. Launching EC2 instance failed.")
	s.equal(*a[0].StatusMessage+string(a[0].StatusCode), "Invalid IAM Instance Profile name. Launching EC2 instance failed.Failed")
	s.Advance(2 * time.Minute)
	s.equal(s.states(), "[InService:1]")
	s.quiet()
}

func TestZoneWithoutCapacityIsPassedOverAndBalancedLater(t *testing.T) {
	s := newStage(t)
	s.Region.EC2.Shortages = []world.Shortage{{Type: "m5.large", Zone: "eu-west-1a", Until: s.Now().Add(10 * time.Minute)}}
	s.group(4)
	s.equal(s.zones(), "b:4")
	failed := 0
	for _, a := range s.activities() {
		if a.StatusCode == types.ScalingActivityStatusCodeFailed {
			failed++
			if !strings.Contains(*a.StatusMessage, "We currently do not have sufficient m5.large capacity in the Availability Zone you requested (eu-west-1a)") {
				t.Error(*a.StatusMessage)
			}
		}
	}
	if failed < 4 {
		t.Errorf("%d failed activities", failed)
	}
	s.Advance(time.Hour)
	s.equal(s.zones(), "a:2 b:2")
	s.quietUntilForgotten()
}

func TestGroupThatCanLaunchNothingForADayIsSuspended(t *testing.T) {
	s := newStage(t)
	s.Region.EC2.Shortages = []world.Shortage{{}}
	_, err := CreateAutoScalingGroup(s.Call, s.input(2))
	must(s, 0, err)
	s.Advance(23 * time.Hour)
	if n := len(s.activities()); n < 20 || n > 400 {
		t.Errorf("%d activities", n)
	}
	s.equal(len(s.row().Suspended), 0)
	s.Advance(3 * time.Hour)
	s.equal(s.row().Suspended[0].Name, "Launch")
	s.quiet()
	s.Region.EC2.Shortages = nil
	_, err = ResumeProcesses(s.Call, &autoscaling.ResumeProcessesInput{AutoScalingGroupName: aws.String("web")})
	must(s, 0, err)
	s.Advance(5 * time.Minute)
	s.equal(s.states(), "[InService:2]")
}

func mixed(s *stage, base, percent int32, kinds ...string) func(*autoscaling.CreateAutoScalingGroupInput) {
	return func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.LaunchTemplate = nil
		in.MixedInstancesPolicy = &types.MixedInstancesPolicy{
			LaunchTemplate: &types.LaunchTemplate{LaunchTemplateSpecification: &types.LaunchTemplateSpecification{LaunchTemplateId: aws.String(s.template)}},
			InstancesDistribution: &types.InstancesDistribution{
				OnDemandBaseCapacity: aws.Int32(base), OnDemandPercentageAboveBaseCapacity: aws.Int32(percent),
				SpotAllocationStrategy: aws.String("price-capacity-optimized"),
			},
		}
		for _, k := range kinds {
			in.MixedInstancesPolicy.LaunchTemplate.Overrides = append(in.MixedInstancesPolicy.LaunchTemplate.Overrides, types.LaunchTemplateOverrides{InstanceType: aws.String(k)})
		}
	}
}

func (s *stage) bought() string {
	spot := 0
	for m := range s.row().Members.Rows() {
		if m.Spot {
			spot++
		}
	}
	return fmt.Sprintf("%d on demand, %d spot", s.row().Members.Len()-spot, spot)
}

func TestMixedGroupKeepsItsOnDemandShare(t *testing.T) {
	s := newStage(t)
	s.group(6, mixed(s, 2, 25, "m5.large", "m5a.large"))
	s.equal(s.bought(), "3 on demand, 3 spot")
	s.equal(s.row().Mixed.SpotPools, 0)
	s.desire(3)
	s.Advance(2 * time.Minute)
	s.equal(s.bought(), "3 on demand, 0 spot")
	v := (group{s.row(), s.World, s.Region}).view()
	s.equal(*v.MixedInstancesPolicy.LaunchTemplate.Overrides[1].InstanceType, "m5a.large")
	s.equal(*v.MixedInstancesPolicy.InstancesDistribution.OnDemandAllocationStrategy, "prioritized")
	if v.LaunchTemplate != nil {
		t.Error("a mixed group shows a launch template of its own")
	}
}

func TestMixedGroupTakesTheNextTypeWhereTheFirstIsShort(t *testing.T) {
	s := newStage(t)
	s.Region.EC2.Shortages = []world.Shortage{{Type: "m5.large"}}
	s.group(2, mixed(s, 0, 100, "m5.large", "m5a.large"))
	s.equal(s.zones(), "a:1 b:1")
	s.equal(s.first().Type, "m5a.large")
}

func TestBadMixedPoliciesAreRefused(t *testing.T) {
	s := newStage(t)
	tests := map[string]func(*types.MixedInstancesPolicy){
		"duplicate instance types": func(p *types.MixedInstancesPolicy) {
			p.LaunchTemplate.Overrides[1].InstanceType = aws.String("m5.large")
		},
		"for all of them": func(p *types.MixedInstancesPolicy) { p.LaunchTemplate.Overrides[1].WeightedCapacity = aws.String("2") },
		"Spot capacity": func(p *types.MixedInstancesPolicy) {
			p.InstancesDistribution.SpotAllocationStrategy = aws.String("cheap")
		},
		"SpotInstancePools": func(p *types.MixedInstancesPolicy) { p.InstancesDistribution.SpotInstancePools = aws.Int32(2) },
		"between 0 and 100": func(p *types.MixedInstancesPolicy) {
			p.InstancesDistribution.OnDemandPercentageAboveBaseCapacity = aws.Int32(101)
		},
		"launchTemplate": func(p *types.MixedInstancesPolicy) { p.LaunchTemplate = nil },
	}
	for text, change := range tests {
		in := s.input(1)
		mixed(s, 0, 0, "m5.large", "m5a.large")(in)
		change(in.MixedInstancesPolicy)
		_, err := CreateAutoScalingGroup(s.Call, in)
		s.refused(err, "ValidationError", text)
	}
}

func TestWeightsCountTowardsTheDesiredCapacity(t *testing.T) {
	s := newStage(t)
	s.group(6, mixed(s, 0, 100, "m5.xlarge"), func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.MixedInstancesPolicy.LaunchTemplate.Overrides[0].WeightedCapacity = aws.String("3")
	})
	s.equal(s.states(), "[InService:2]")
	s.quiet()
}

func TestScaleInTerminatesTheOldestTemplateVersionFirst(t *testing.T) {
	s := newStage(t)
	s.group(2)
	old := map[string]bool{}
	for m := range s.row().Members.Rows() {
		old[m.ID] = true
	}
	s.version(ec2types.RequestLaunchTemplateData{InstanceType: ec2types.InstanceTypeM5Xlarge})
	s.desire(4)
	s.Advance(3 * time.Minute)
	s.desire(2)
	s.Advance(3 * time.Minute)
	for m := range s.row().Members.Rows() {
		if old[m.ID] || m.Template.Version != "2" || m.Type != "m5.xlarge" {
			t.Errorf("%s of version %s is left", m.ID, m.Template.Version)
		}
	}
	s.equal(s.zones(), "a:1 b:1")
}

func TestNewestInstancePolicyTerminatesTheNewest(t *testing.T) {
	s := newStage(t)
	s.group(2, func(in *autoscaling.CreateAutoScalingGroupInput) { in.TerminationPolicies = []string{"NewestInstance"} })
	old := s.first().ID
	s.desire(4)
	s.Advance(3 * time.Minute)
	s.desire(2)
	s.Advance(3 * time.Minute)
	s.equal(s.first().ID, old)
}

func TestGroupFollowsItsSubnets(t *testing.T) {
	s := newStage(t)
	s.group(4)
	_, err := UpdateAutoScalingGroup(s.Call, &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), VPCZoneIdentifier: aws.String(strings.Join(s.subnets[1:], ",")),
	})
	must(s, 0, err)
	most := 0
	for range 1800 {
		s.Advance(time.Second)
		most = max(most, (group{s.row(), s.World, s.Region}).capacity())
	}
	s.equal(s.zones(), "b:2 c:2")
	s.equal(most, 5)
	s.equal(s.row().Desired, 4)
}

func TestInstanceOfFullAgeIsReplaced(t *testing.T) {
	s := newStage(t)
	s.group(1, func(in *autoscaling.CreateAutoScalingGroupInput) { in.MaxInstanceLifetime = aws.Int32(86_400) })
	old := s.first().ID
	s.Advance(25 * time.Hour)
	s.equal(s.states(), "[InService:1]")
	if s.first().ID == old {
		t.Error("the instance lives on")
	}
}

// Auto Scaling user guide, "Troubleshoot Amazon EC2 Auto Scaling: EC2 instance launch failures".
func TestLaunchThatEC2RefusesIsAFailedActivityThatSaysWhy(t *testing.T) {
	type data = ec2types.RequestLaunchTemplateData
	for text, change := range map[string]func(*stage, *data){ // unordered: each is a world of its own
		"The image id '[ami-00000000000000000]' does not exist.": func(_ *stage, d *data) { d.ImageId = aws.String("ami-00000000000000000") },
		"The key pair 'gone' does not exist.":                    func(_ *stage, d *data) { d.KeyName = aws.String("gone") },
		"The security group 'sg-00000000000000000' does not exist.": func(_ *stage, d *data) {
			d.SecurityGroupIds = []string{"sg-00000000000000000"}
		},
		"Invalid IAM Instance Profile name.": func(_ *stage, d *data) {
			d.IamInstanceProfile = &ec2types.LaunchTemplateIamInstanceProfileSpecificationRequest{Name: aws.String("gone")}
		},
		"We currently do not have sufficient m5.large capacity in the Availability Zone you requested (eu-west-1a). Our system": func(s *stage, _ *data) {
			s.Region.EC2.Shortages = []world.Shortage{{}}
		},
		"There is no Spot capacity available that matches your request.": func(s *stage, d *data) {
			d.InstanceMarketOptions = &ec2types.LaunchTemplateInstanceMarketOptionsRequest{MarketType: "spot"}
			s.Region.EC2.Shortages = []world.Shortage{{SpotOnly: true}}
		},
		"Your requested instance type (g5.xlarge) is not supported in your requested Availability Zone (": func(_ *stage, d *data) {
			d.InstanceType = "g5.xlarge"
		},
	} {
		s := newStage(t)
		d := data{InstanceType: "m5.large"}
		change(s, &d)
		s.version(d)
		in := s.input(3)
		in.VPCZoneIdentifier = aws.String(strings.Join(s.subnets, ","))
		_, err := CreateAutoScalingGroup(s.Call, in)
		must(s, 0, err)
		s.Advance(2 * time.Minute)
		found := false
		for _, a := range s.activities() {
			found = found || a.StatusCode == "Failed" && strings.Contains(*a.StatusMessage, text) && strings.HasSuffix(*a.StatusMessage, " Launching EC2 instance failed.") &&
				*a.Description == "Launching a new EC2 instance.  Status Reason: "+*a.StatusMessage && *a.Progress == 100 && a.EndTime != nil
		}
		if !found {
			t.Errorf("no failed activity says %q", text)
		}
	}
}
