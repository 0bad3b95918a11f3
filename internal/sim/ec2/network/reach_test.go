package network

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func TestPacketsGetOutAsTheRoutesSay(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	public, private := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a"), s.subnet(vpc, "10.0.2.0/24", "eu-west-1a")
	reach := func(subnet string, address, want bool, when string) {
		t.Helper()
		if got := ReachesInternet(s.World, s.Region, subnet, address); got != want {
			t.Errorf("%s: %v", when, got)
		}
	}
	reach(public, true, false, "no route")
	gateway, out, in := s.gateway(vpc), s.table(vpc, public), s.table(vpc, private)
	all := aws.String("0.0.0.0/0")
	ok(s, CreateRoute, &ec2.CreateRouteInput{RouteTableId: &out, DestinationCidrBlock: all, GatewayId: &gateway})
	reach(public, true, true, "public address through the gateway")
	reach(public, false, false, "no public address")

	nat := s.nat(public, s.address())
	ok(s, CreateRoute, &ec2.CreateRouteInput{RouteTableId: &in, DestinationCidrBlock: all, NatGatewayId: &nat})
	reach(private, false, false, "NAT gateway still pending")
	s.Advance(5 * time.Minute)
	reach(private, false, true, "NAT gateway available")
	ok(s, DeleteRoute, &ec2.DeleteRouteInput{RouteTableId: &out, DestinationCidrBlock: all})
	reach(private, false, false, "NAT gateway's subnet cut off")
	ok(s, CreateRoute, &ec2.CreateRouteInput{RouteTableId: &out, DestinationCidrBlock: all, GatewayId: &gateway})
	ok(s, DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: &nat})
	reach(private, false, false, "NAT gateway deleted")
	reach("subnet-none", true, false, "no subnet")
}

func TestEndpointsLeadToServicesWithoutTheInternet(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	subnet := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a")
	table := s.table(vpc, subnet)
	if ReachesService(s.World, s.Region, subnet, "s3", false) {
		t.Error("s3 without an endpoint")
	}
	ok(s, CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String(s3), RouteTableIds: []string{table}})
	if !ReachesService(s.World, s.Region, subnet, "s3", false) || ReachesService(s.World, s.Region, subnet, "dynamodb", false) {
		t.Error("the gateway endpoint leads to s3 and nowhere else")
	}
	on := &types.AttributeBooleanValue{Value: aws.Bool(true)}
	ok(s, ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &vpc, EnableDnsHostnames: on})
	ok(s, CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String("com.amazonaws.eu-west-1.ecs"), VpcEndpointType: "Interface", SubnetIds: []string{subnet}})
	if ReachesService(s.World, s.Region, subnet, "ecs", false) {
		t.Error("ecs before the endpoint is available")
	}
	s.Advance(5 * time.Minute)
	if !ReachesService(s.World, s.Region, subnet, "ecs", false) {
		t.Error("ecs with the endpoint")
	}
}
