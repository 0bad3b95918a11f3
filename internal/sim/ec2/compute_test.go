package ec2

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/network"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// site is a region with a network to launch into.
type site struct {
	*world.Call
	t          *testing.T
	vpc        string
	subnet     string // in zone a, with 251 addresses
	small      string // in zone b, with 11 addresses
	group      string
	image, arm string // Amazon Linux 2023 for x86_64 and arm64
}

func newSite(t *testing.T, region string) *site {
	t.Helper()
	w := world.New(1)
	w.Attach(Handlers(), nil)
	s := &site{t: t, Call: &world.Call{World: w, Region: w.Region(region), Service: "ec2"}}
	vpc := do(s, network.CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
	s.vpc = *vpc.Vpc.VpcId
	w.Advance(2 * time.Second)
	s.subnet = s.newSubnet("10.0.1.0/24", region+"a")
	s.small = s.newSubnet("10.0.2.0/28", region+"b")
	w.Advance(2 * time.Second)
	s.group = *do(s, network.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{
		GroupName: aws.String("nodes"), Description: aws.String("nodes"), VpcId: aws.String(s.vpc),
	}).GroupId
	s.image, s.arm = s.imageOf("amazon-linux-2023"), s.imageOf("amazon-linux-2023/arm64")
	return s
}

// do runs an operation that has to succeed.
func do[I, O any](s *site, f func(*world.Call, *I) (*O, error), in *I) *O {
	s.t.Helper()
	out, err := f(s.Call, in)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// refused runs an operation that has to be refused with a code, and gives the message.
func refused[I, O any](s *site, f func(*world.Call, *I) (*O, error), in *I, code string) string {
	s.t.Helper()
	_, err := f(s.Call, in)
	return refusal(s.t, err, code).Message
}

func refusal(t *testing.T, err error, code string) *wire.Error {
	t.Helper()
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("got %v, want the code %s", err, code)
	}
	return e
}

func (s *site) newSubnet(cidr, zone string) string {
	s.t.Helper()
	return *do(s, network.CreateSubnet, &ec2.CreateSubnetInput{
		VpcId: aws.String(s.vpc), CidrBlock: aws.String(cidr), AvailabilityZone: aws.String(zone),
	}).Subnet.SubnetId
}

// imageOf is the recommended image of a family.
func (s *site) imageOf(family string) string {
	s.t.Helper()
	p, ok := FindPublicParameter(s.Region.Name, ecsParameters+family+"/recommended/image_id", s.Now())
	if !ok {
		s.t.Fatalf("no parameter for %s", family)
	}
	return p.Value
}

// run launches one instance in the subnet with changes to the usual call.
func (s *site) run(change func(*ec2.RunInstancesInput)) *ec2.RunInstancesInput {
	in := &ec2.RunInstancesInput{
		ImageId: aws.String(s.image), InstanceType: "t3.micro", SubnetId: aws.String(s.subnet),
		SecurityGroupIds: []string{s.group}, MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
	}
	if change != nil {
		change(in)
	}
	return in
}

// launched runs one usual instance and gives its row.
func (s *site) launched() *world.Instance {
	s.t.Helper()
	out := do(s, RunInstances, s.run(nil))
	i, ok := s.Region.EC2.Instances.Get(*out.Instances[0].InstanceId)
	if !ok {
		s.t.Fatal("the instance is not there")
	}
	return i
}

// shown is what DescribeInstances says of one instance.
func (s *site) shown(id string) types.Instance {
	s.t.Helper()
	out := do(s, DescribeInstances, &ec2.DescribeInstancesInput{InstanceIds: []string{id}})
	return out.Reservations[0].Instances[0]
}

func (s *site) addProfile(name string, visible time.Time, roles ...string) *world.InstanceProfile {
	p := &world.InstanceProfile{
		Name: name, ID: "AIPA0123456789ABCDEF0", ARN: "arn:aws:iam::" + world.Account + ":instance-profile/ecs/" + name,
		Path: "/ecs/", Roles: roles, Visible: visible,
	}
	s.IAM.Profiles.Put(name, p)
	return p
}

// template makes a launch template of the usual settings.
func (s *site) template(name string, change func(*types.RequestLaunchTemplateData)) string {
	s.t.Helper()
	data := &types.RequestLaunchTemplateData{
		ImageId: aws.String(s.image), InstanceType: "t3.micro", SecurityGroupIds: []string{s.group},
	}
	if change != nil {
		change(data)
	}
	out := do(s, CreateLaunchTemplate, &ec2.CreateLaunchTemplateInput{LaunchTemplateName: aws.String(name), LaunchTemplateData: data})
	return *out.LaunchTemplate.LaunchTemplateId
}

func filter(name string, values ...string) []types.Filter {
	return []types.Filter{{Name: aws.String(name), Values: values}}
}

func wants(t *testing.T, got, part string) {
	t.Helper()
	if !strings.Contains(got, part) {
		t.Errorf("%q lacks %q", got, part)
	}
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
