package asg

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/sim/asg/configuration"
	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// image is one that instances can be launched from.
func (s *stage) image() string {
	for i := range ec2.Images("eu-west-1", s.Now()) {
		return i.ID
	}
	s.t.Fatal("there is no image")
	return ""
}

func (s *stage) configure(name string, change ...func(*autoscaling.CreateLaunchConfigurationInput)) error {
	in := &autoscaling.CreateLaunchConfigurationInput{
		LaunchConfigurationName: aws.String(name), ImageId: aws.String(s.image()), InstanceType: aws.String("m5.large"),
	}
	for _, f := range change {
		f(in)
	}
	_, err := configuration.CreateLaunchConfiguration(s.Call, in)
	return err
}

// byConfiguration makes a group launch from a launch configuration.
func byConfiguration(name string) func(*autoscaling.CreateAutoScalingGroupInput) {
	return func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.LaunchTemplate, in.LaunchConfigurationName = nil, aws.String(name)
	}
}

// Auto Scaling API reference, CreateLaunchConfiguration.
func TestGroupLaunchesFromALaunchConfiguration(t *testing.T) {
	s := newStage(t)
	group := *call[awsec2.CreateSecurityGroupOutput](s, "CreateSecurityGroup", &awsec2.CreateSecurityGroupInput{
		GroupName: aws.String("g"), Description: aws.String("g"), VpcId: aws.String(s.vpc()),
	}).GroupId
	must(s, 0, s.configure("old", func(in *autoscaling.CreateLaunchConfigurationInput) {
		in.SecurityGroups, in.AssociatePublicIpAddress = []string{group}, aws.Bool(true)
		in.BlockDeviceMappings = []types.BlockDeviceMapping{{DeviceName: aws.String("/dev/xvda"), Ebs: &types.Ebs{VolumeSize: aws.Int32(40), VolumeType: aws.String("gp3")}}}
	}))
	s.group(2, byConfiguration("old"))
	s.equal(s.states(), "[InService:2]")
	m := s.first()
	s.equal(m.Configuration, "old")
	i, _ := s.Region.EC2.Instances.Get(m.ID)
	n, _ := s.Region.EC2.Interfaces.Get(i.InterfaceID)
	v, _ := s.Region.EC2.Volumes.Get(i.Devices[0].VolumeID)
	s.equal(fmt.Sprint(n.Groups, i.PublicIP != "", v.Size, i.Monitored), fmt.Sprint([]string{group}, true, 40, true))
	groups, err := DescribeAutoScalingGroups(s.Call, &autoscaling.DescribeAutoScalingGroupsInput{})
	g := must(s, groups, err).AutoScalingGroups[0]
	s.equal(*g.LaunchConfigurationName+*g.Instances[0].LaunchConfigurationName, "oldold")
	if g.LaunchTemplate != nil || g.Instances[0].LaunchTemplate != nil {
		t.Error("a group with a launch configuration shows a template")
	}
	list, err := DescribeAutoScalingInstances(s.Call, &autoscaling.DescribeAutoScalingInstancesInput{})
	s.equal(*must(s, list, err).AutoScalingInstances[1].LaunchConfigurationName, "old")
}

func (s *stage) vpc() string {
	for id := range s.Region.EC2.VPCs.All() {
		return id
	}
	return ""
}

func TestLaunchConfigurationAnswersWhatItWasMadeOf(t *testing.T) {
	s := newStage(t)
	must(s, 0, s.configure("a", func(in *autoscaling.CreateLaunchConfigurationInput) {
		in.SpotPrice, in.UserData, in.InstanceMonitoring = aws.String("0.1"), aws.String("aGk="), &types.InstanceMonitoring{Enabled: aws.Bool(false)}
		in.MetadataOptions = &types.InstanceMetadataOptions{HttpTokens: "required", HttpPutResponseHopLimit: aws.Int32(2)}
	}))
	must(s, 0, s.configure("b"))
	out, err := configuration.DescribeLaunchConfigurations(s.Call, &autoscaling.DescribeLaunchConfigurationsInput{MaxRecords: aws.Int32(1)})
	a := must(s, out, err).LaunchConfigurations[0]
	s.equal([]any{*a.SpotPrice, *a.UserData, *a.InstanceMonitoring.Enabled, a.MetadataOptions.HttpTokens, *a.KeyName == "", *a.EbsOptimized},
		"[0.1 aGk= false required true false]")
	out, err = configuration.DescribeLaunchConfigurations(s.Call, &autoscaling.DescribeLaunchConfigurationsInput{NextToken: out.NextToken})
	s.equal(*must(s, out, err).LaunchConfigurations[0].LaunchConfigurationName, "b")
	out, err = configuration.DescribeLaunchConfigurations(s.Call, &autoscaling.DescribeLaunchConfigurationsInput{LaunchConfigurationNames: []string{"none"}})
	s.equal(len(must(s, out, err).LaunchConfigurations), 0)
	s.group(1, byConfiguration("a"))
	i, _ := s.Region.EC2.Instances.Get(s.first().ID)
	s.equal([]any{i.Spot, i.Metadata.Tokens, i.Metadata.HopLimit}, "[true required 2]")
}

func TestLaunchConfigurationThatCannotBeIsRefused(t *testing.T) {
	s := newStage(t)
	s.Region.Quotas = map[string]int{"L-6B80B8FA": 2}
	must(s, 0, s.configure("one"))
	s.refused(s.configure("one"), "AlreadyExists", "A launch configuration already exists with the name one")
	type input = autoscaling.CreateLaunchConfigurationInput
	for text, change := range map[string]func(*input){ // unordered: each is refused by itself
		"Member must not be null":               func(in *input) { in.LaunchConfigurationName = nil },
		"Invalid IamInstanceProfile: nodes":     func(in *input) { in.IamInstanceProfile = aws.String("nodes") },
		"The key pair 'k' does not exist":       func(in *input) { in.KeyName = aws.String("k") },
		"The security group 'sg-1' does not":    func(in *input) { in.SecurityGroups = []string{"sg-1"} },
		"both the ImageId and InstanceType":     func(in *input) { in.ImageId = nil },
		"'[ami-1]' does not exist":              func(in *input) { in.ImageId = aws.String("ami-1") },
		"instance type: m5.huge":                func(in *input) { in.InstanceType = aws.String("m5.huge") },
		"Invalid BASE64 encoding of user data.": func(in *input) { in.UserData = aws.String("%") },
		"ClassicLink":                           func(in *input) { in.ClassicLinkVPCId = aws.String("vpc-1") },
	} {
		s.refused(s.configure("two", change), "ValidationError", text)
	}
	must(s, 0, s.configure("two"))
	s.refused(s.configure("three"), "LimitExceeded", "2")
}

func TestInstanceProfileIsSeenAFewSecondsAfterItIsMade(t *testing.T) {
	s := newStage(t)
	s.IAM.Profiles.Put("nodes", &world.InstanceProfile{Name: "nodes", ARN: "arn:x", Visible: s.Now().Add(10 * time.Second)})
	withProfile := func(in *autoscaling.CreateLaunchConfigurationInput) { in.IamInstanceProfile = aws.String("nodes") }
	s.refused(s.configure("a", withProfile), "ValidationError", "Invalid IamInstanceProfile: nodes")
	s.Advance(10 * time.Second)
	must(s, 0, s.configure("a", withProfile))
}

func TestLaunchConfigurationInUseIsNotDeleted(t *testing.T) {
	s := newStage(t)
	remove := func(name string) error {
		_, err := configuration.DeleteLaunchConfiguration(s.Call, &autoscaling.DeleteLaunchConfigurationInput{LaunchConfigurationName: aws.String(name)})
		return err
	}
	must(s, 0, s.configure("a"))
	s.group(1, byConfiguration("a"))
	s.refused(remove("a"), "ResourceInUse", "Cannot delete launch configuration a because it is attached to AutoScalingGroup web")
	_, err := UpdateAutoScalingGroup(s.Call, &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), LaunchTemplate: &types.LaunchTemplateSpecification{LaunchTemplateId: aws.String(s.template)},
	})
	must(s, 0, err)
	must(s, 0, remove("a"))
	s.refused(remove("a"), "ValidationError", "Launch configuration name not found")
	_, err = UpdateAutoScalingGroup(s.Call, &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: aws.String("web"), LaunchConfigurationName: aws.String("a")})
	s.refused(err, "ValidationError", "Launch configuration name not found - Launch configuration a not found")
	s.equal(s.first().Configuration, "a") // the instance keeps what it was launched from
}

// Auto Scaling user guide, "Termination policies for Amazon EC2 Auto Scaling", Default termination policy.
func TestDefaultPolicyEndsLaunchConfigurationsBeforeTemplates(t *testing.T) {
	s := newStage(t)
	must(s, 0, s.configure("older"))
	s.Advance(time.Hour)
	must(s, 0, s.configure("newer"))
	one := func(in *autoscaling.CreateAutoScalingGroupInput) { in.VPCZoneIdentifier = aws.String(s.subnets[0]) }
	s.group(1, one)
	for n, name := range []string{"newer", "older"} {
		_, err := UpdateAutoScalingGroup(s.Call, &autoscaling.UpdateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String("web"), LaunchConfigurationName: aws.String(name), DesiredCapacity: aws.Int32(int32(n + 2)),
		})
		must(s, 0, err)
		s.Advance(time.Minute)
	}
	left := func() string {
		out := ""
		for m := range s.row().Members.Rows() {
			out += " " + m.Configuration
		}
		return out
	}
	s.equal(left(), "  newer older")
	s.desire(2)
	s.Advance(2 * time.Minute)
	s.equal(left(), "  newer")
	s.desire(1)
	s.Advance(2 * time.Minute)
	s.equal(left(), " ")
}

func TestGroupMadeFromAnInstanceGetsALaunchConfigurationOfItsName(t *testing.T) {
	s := newStage(t)
	out := call[awsec2.RunInstancesOutput](s, "RunInstances", &awsec2.RunInstancesInput{
		ImageId: aws.String(s.image()), InstanceType: "m5.large", MinCount: aws.Int32(1), MaxCount: aws.Int32(1), SubnetId: aws.String(s.subnets[2]),
	})
	s.group(1, func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.LaunchTemplate, in.InstanceId, in.VPCZoneIdentifier = nil, out.Instances[0].InstanceId, nil
	})
	s.equal(s.zones()+s.row().Configuration, "c:1web")
}
