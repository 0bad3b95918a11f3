package sim_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	astypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"berth/internal/sim"
	"berth/internal/sim/wire/wiretest"
	"berth/internal/sim/world"
)

// cloud is the SDK pointed at a simulation, without retries.
type cloud struct {
	ec2     *ec2.Client
	asg     *autoscaling.Client
	elb     *elbv2.Client
	classic *elasticloadbalancing.Client
	ecs     *ecs.Client
	iam     *iam.Client
	s3      *s3.Client
	ssm     *ssm.Client
	sts     *sts.Client
}

func clients(cfg aws.Config) cloud {
	return cloud{
		ec2.NewFromConfig(cfg), autoscaling.NewFromConfig(cfg), elbv2.NewFromConfig(cfg), elasticloadbalancing.NewFromConfig(cfg),
		ecs.NewFromConfig(cfg), iam.NewFromConfig(cfg), s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }),
		ssm.NewFromConfig(cfg), sts.NewFromConfig(cfg),
	}
}

// embedded is a new simulation and the SDK inside the same process.
func embedded(seed uint64) (*sim.Sim, cloud) {
	s := sim.New(world.New(seed))
	return s, inside(s)
}

func inside(s *sim.Sim) cloud { return clients(wiretest.Config(s.Client().Transport)) }

// ctx is for calls that nobody cancels.
func ctx() context.Context { return context.Background() }

// must is for the steps that only prepare a test.
func must[O any](t testing.TB) func(O, error) O {
	return func(out O, err error) O {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// refused checks the code of a refusal.
func refused(t testing.TB, err error, want string) {
	t.Helper()
	if got := codeOf(err); got != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func codeOf(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

// vpcs counts the VPCs that a client sees.
func (c cloud) vpcs(t testing.TB) int {
	t.Helper()
	return len(must[*ec2.DescribeVpcsOutput](t)(c.ec2.DescribeVpcs(ctx(), &ec2.DescribeVpcsInput{})).Vpcs)
}

func (c cloud) createVPC() (*ec2.CreateVpcOutput, error) {
	return c.ec2.CreateVpc(ctx(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
}

// locatedBucket makes a bucket in the region of the tests.
func locatedBucket(name string) *s3.CreateBucketInput {
	return &s3.CreateBucketInput{
		Bucket: &name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: wiretest.Region},
	}
}

// site is a network with one load balancer and one scaling group in a cluster.
type site struct {
	t       testing.TB
	c       cloud
	vpc     *string
	subnets []string
	group   *string // security group
}

// build makes a site and gives it five minutes to come to life.
func build(t *testing.T, s *sim.Sim, c cloud) site {
	t.Helper()
	x := site{t: t, c: c}
	x.network()
	x.balancer()
	x.fleet()
	if err := s.Sleep(ctx(), 5*time.Minute); err != nil {
		t.Fatal(err)
	}
	return x
}

func (x *site) network() {
	t, e := x.t, x.c.ec2
	x.vpc = must[*ec2.CreateVpcOutput](t)(x.c.createVPC()).Vpc.VpcId
	for i, zone := range []string{"a", "b"} {
		out := must[*ec2.CreateSubnetOutput](t)(e.CreateSubnet(ctx(), &ec2.CreateSubnetInput{
			VpcId: x.vpc, CidrBlock: aws.String("10.0." + string(rune('0'+i)) + ".0/24"), AvailabilityZone: aws.String(wiretest.Region + zone),
		}))
		x.subnets = append(x.subnets, *out.Subnet.SubnetId)
	}
	gateway := must[*ec2.CreateInternetGatewayOutput](t)(e.CreateInternetGateway(ctx(), &ec2.CreateInternetGatewayInput{})).InternetGateway
	must[*ec2.AttachInternetGatewayOutput](t)(e.AttachInternetGateway(ctx(), &ec2.AttachInternetGatewayInput{
		VpcId: x.vpc, InternetGatewayId: gateway.InternetGatewayId,
	}))
	tables := must[*ec2.DescribeRouteTablesOutput](t)(e.DescribeRouteTables(ctx(), &ec2.DescribeRouteTablesInput{}))
	must[*ec2.CreateRouteOutput](t)(e.CreateRoute(ctx(), &ec2.CreateRouteInput{
		RouteTableId: tables.RouteTables[0].RouteTableId, GatewayId: gateway.InternetGatewayId, DestinationCidrBlock: aws.String("0.0.0.0/0"),
	}))
	address := must[*ec2.AllocateAddressOutput](t)(e.AllocateAddress(ctx(), &ec2.AllocateAddressInput{Domain: ec2types.DomainTypeVpc}))
	must[*ec2.CreateNatGatewayOutput](t)(e.CreateNatGateway(ctx(), &ec2.CreateNatGatewayInput{
		SubnetId: &x.subnets[0], AllocationId: address.AllocationId, ClientToken: aws.String("nat"),
	}))
	x.group = must[*ec2.CreateSecurityGroupOutput](t)(e.CreateSecurityGroup(ctx(), &ec2.CreateSecurityGroupInput{
		VpcId: x.vpc, GroupName: aws.String("web"), Description: aws.String("web"),
	})).GroupId
}

func (x *site) balancer() {
	t, e := x.t, x.c.elb
	lb := must[*elbv2.CreateLoadBalancerOutput](t)(e.CreateLoadBalancer(ctx(), &elbv2.CreateLoadBalancerInput{
		Name: aws.String("web"), Subnets: x.subnets, SecurityGroups: []string{*x.group},
	}))
	if len(lb.LoadBalancers) != 1 {
		t.Fatalf("%d load balancers were made", len(lb.LoadBalancers))
	}
}

func (x *site) fleet() {
	t := x.t
	must[*ecs.CreateClusterOutput](t)(x.c.ecs.CreateCluster(ctx(), &ecs.CreateClusterInput{ClusterName: aws.String("shop")}))
	must[*ec2.CreateLaunchTemplateOutput](t)(x.c.ec2.CreateLaunchTemplate(ctx(), x.template("web", nil)))
	must[*autoscaling.CreateAutoScalingGroupOutput](t)(x.c.asg.CreateAutoScalingGroup(ctx(), x.scaling(2)))
}

// template is a launch template whose instances join the cluster.
func (x *site) template(name string, market *ec2types.LaunchTemplateInstanceMarketOptionsRequest) *ec2.CreateLaunchTemplateInput {
	return &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: &name, ClientToken: &name, // or the SDK throws one
		LaunchTemplateData: &ec2types.RequestLaunchTemplateData{
			ImageId:      aws.String("resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"),
			InstanceType: ec2types.InstanceTypeT3Micro, InstanceMarketOptions: market,
			UserData: aws.String("IyEvYmluL2Jhc2gKZWNobyBFQ1NfQ0xVU1RFUj1zaG9wID4+IC9ldGMvZWNzL2Vjcy5jb25maWcK"),
		},
	}
}

func (x *site) scaling(size int32) *autoscaling.CreateAutoScalingGroupInput {
	name := "web"
	return &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: &name, MinSize: aws.Int32(0), MaxSize: aws.Int32(4), DesiredCapacity: &size,
		VPCZoneIdentifier: aws.String(x.subnets[0] + "," + x.subnets[1]),
		LaunchTemplate:    &astypes.LaunchTemplateSpecification{LaunchTemplateName: &name, Version: aws.String("$Latest")},
	}
}

// oneInstance starts one instance of a launch template.
func oneInstance(template, subnet string) *ec2.RunInstancesInput {
	return &ec2.RunInstancesInput{
		LaunchTemplate: &ec2types.LaunchTemplateSpecification{LaunchTemplateName: &template},
		SubnetId:       &subnet, MinCount: aws.Int32(1), MaxCount: aws.Int32(1), ClientToken: aws.String("one"),
	}
}

// instances are the ids of all instances that a client sees.
func (c cloud) instances(t testing.TB) []string {
	t.Helper()
	var ids []string
	out := must[*ec2.DescribeInstancesOutput](t)(c.ec2.DescribeInstances(ctx(), &ec2.DescribeInstancesInput{}))
	for _, r := range out.Reservations {
		for _, i := range r.Instances {
			ids = append(ids, *i.InstanceId)
		}
	}
	return ids
}
