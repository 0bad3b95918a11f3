package ecs

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	astypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/asg"
	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/ec2"
	"berth/internal/sim/elb"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// stage is a world with a public subnet, an instance profile, and launch templates by user data.
type stage struct {
	*world.Call
	t      testing.TB
	subnet *string
	table  *string
	path   string // of the image family's parameters
}

func newStage(t testing.TB) *stage {
	t.Helper()
	w := world.New(1)
	s := &stage{
		Call: &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "ecs", RequestID: "r"}, t: t,
		path: "/aws/service/ecs/optimized-ami/amazon-linux-2023",
	}
	all := world.Handlers{}
	for _, h := range []world.Handlers{ec2.Handlers(), cloudwatch.Handlers(), asg.Handlers(), elb.Handlers(), Handlers()} {
		for kind, list := range h {
			all[kind] = append(all[kind], list...)
		}
	}
	w.Attach(all, nil)
	s.network()
	w.IAM.Profiles.Put("nodes", &world.InstanceProfile{Name: "nodes", Roles: []string{"nodes"}})
	return s
}

func must[T any](s *stage, v T, err error) T {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

// run runs one of a service's operations.
func run[O any](s *stage, all map[string]wire.Operation[*world.Call], name string, in any) *O {
	s.t.Helper()
	out, err := all[name].Run(s.Call, in)
	return must(s, out, err).(*O)
}

func (s *stage) network() {
	s.t.Helper()
	all := ec2.Operations()
	vpc := run[awsec2.CreateVpcOutput](s, all, "CreateVpc", &awsec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")}).Vpc.VpcId
	s.Advance(5 * time.Second)
	s.subnet = run[awsec2.CreateSubnetOutput](s, all, "CreateSubnet", &awsec2.CreateSubnetInput{
		VpcId: vpc, CidrBlock: aws.String("10.0.0.0/24"), AvailabilityZone: aws.String("eu-west-1a"),
	}).Subnet.SubnetId
	run[awsec2.ModifySubnetAttributeOutput](s, all, "ModifySubnetAttribute", &awsec2.ModifySubnetAttributeInput{
		SubnetId: s.subnet, MapPublicIpOnLaunch: &ec2types.AttributeBooleanValue{Value: aws.Bool(true)},
	})
	gateway := run[awsec2.CreateInternetGatewayOutput](s, all, "CreateInternetGateway", &awsec2.CreateInternetGatewayInput{}).InternetGateway.InternetGatewayId
	run[awsec2.AttachInternetGatewayOutput](s, all, "AttachInternetGateway", &awsec2.AttachInternetGatewayInput{InternetGatewayId: gateway, VpcId: vpc})
	s.table = run[awsec2.CreateRouteTableOutput](s, all, "CreateRouteTable", &awsec2.CreateRouteTableInput{VpcId: vpc}).RouteTable.RouteTableId
	run[awsec2.AssociateRouteTableOutput](s, all, "AssociateRouteTable", &awsec2.AssociateRouteTableInput{RouteTableId: s.table, SubnetId: s.subnet})
	run[awsec2.CreateRouteOutput](s, all, "CreateRoute", &awsec2.CreateRouteInput{
		RouteTableId: s.table, GatewayId: gateway, DestinationCidrBlock: aws.String("0.0.0.0/0"),
	})
}

// image is the newest of the stage's image family.
func (s *stage) image() string {
	s.t.Helper()
	for i := range ec2.Images("eu-west-1", s.Now()) {
		if i.Path() == s.path {
			return i.ID
		}
	}
	s.t.Fatal("no image")
	return ""
}

// group makes a group of n instances with the given user data, and lets time pass until they could be registered.
func (s *stage) group(name string, n int32, userData string, change ...func(*autoscaling.CreateAutoScalingGroupInput)) *world.ScalingGroup {
	s.t.Helper()
	run[awsec2.CreateLaunchTemplateOutput](s, ec2.Operations(), "CreateLaunchTemplate", &awsec2.CreateLaunchTemplateInput{
		LaunchTemplateName: aws.String(name),
		LaunchTemplateData: &ec2types.RequestLaunchTemplateData{
			ImageId: aws.String(s.image()), InstanceType: ec2types.InstanceTypeT3Medium,
			UserData:           aws.String(base64.StdEncoding.EncodeToString([]byte(userData))),
			IamInstanceProfile: &ec2types.LaunchTemplateIamInstanceProfileSpecificationRequest{Name: aws.String("nodes")},
		},
	})
	in := &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String(name), MinSize: aws.Int32(0), MaxSize: aws.Int32(20), DesiredCapacity: aws.Int32(n),
		VPCZoneIdentifier: s.subnet, LaunchTemplate: &astypes.LaunchTemplateSpecification{LaunchTemplateName: aws.String(name)},
		Tags: []astypes.Tag{{Key: aws.String("team"), Value: aws.String("a"), PropagateAtLaunch: aws.Bool(true)}},
	}
	for _, f := range change {
		f(in)
	}
	run[autoscaling.CreateAutoScalingGroupOutput](s, asg.Operations(), "CreateAutoScalingGroup", in)
	s.Advance(2 * time.Minute)
	g, _ := asg.Find(s.Region, name)
	return g
}

// shop is the user data of instances that join the cluster shop.
const shop = "#!/bin/bash\necho ECS_CLUSTER=shop >> /etc/ecs/ecs.config\n"

func (s *stage) cluster(change ...func(*ecs.CreateClusterInput)) *world.Cluster {
	s.t.Helper()
	in := &ecs.CreateClusterInput{ClusterName: aws.String("shop")}
	for _, f := range change {
		f(in)
	}
	_, err := CreateCluster(s.Call, in)
	must(s, 0, err)
	row, _ := s.Region.ECS.Clusters.Get("shop")
	return row
}

// provider makes a capacity provider of a group.
func (s *stage) provider(name, group string, change ...func(*types.AutoScalingGroupProvider)) *world.CapacityProvider {
	s.t.Helper()
	set := &types.AutoScalingGroupProvider{AutoScalingGroupArn: aws.String(group), ManagedScaling: &types.ManagedScaling{Status: types.ManagedScalingStatusEnabled}}
	for _, f := range change {
		f(set)
	}
	_, err := CreateCapacityProvider(s.Call, &ecs.CreateCapacityProviderInput{Name: aws.String(name), AutoScalingGroupProvider: set})
	must(s, 0, err)
	p, _ := s.Region.ECS.Providers.Get(name)
	return p
}

// associate gives the cluster shop its capacity providers.
func (s *stage) associate(names ...string) error {
	_, err := PutClusterCapacityProviders(s.Call, &ecs.PutClusterCapacityProvidersInput{
		Cluster: aws.String("shop"), CapacityProviders: append([]string{}, names...), DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{},
	})
	return err
}

func (s *stage) describe(include ...types.ClusterField) types.Cluster {
	s.t.Helper()
	out, err := DescribeClusters(s.Call, &ecs.DescribeClustersInput{Clusters: []string{"shop"}, Include: include})
	return must(s, out, err).Clusters[0]
}

// instances are the container instances of the cluster shop, whatever their state.
func (s *stage) instances() []*world.ContainerInstance {
	row, ok := s.Region.ECS.Clusters.Get("shop")
	if !ok {
		return nil
	}
	var out []*world.ContainerInstance
	for i := range row.Instances.Rows() {
		out = append(out, i)
	}
	return out
}

// k is the cluster shop with the world around it.
func (s *stage) k() cluster {
	s.t.Helper()
	k, ok := clusterNamed(s.World, s.Region.Name, "shop")
	if !ok {
		s.t.Fatal("no cluster")
	}
	return k
}

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
