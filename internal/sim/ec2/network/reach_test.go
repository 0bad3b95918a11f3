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
	group := s.group(vpc, "instances")
	instance := Traveller{SubnetID: subnet, Address: "10.0.1.9", Groups: []string{group}}
	reach := func(service string, want bool, when string) {
		t.Helper()
		if ReachesService(s.World, s.Region, instance, service) != want {
			t.Errorf("%s: %s is reached: %v", when, service, !want)
		}
	}
	reach("s3", false, "without an endpoint")
	ok(s, CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String(s3), RouteTableIds: []string{table}})
	reach("s3", true, "through the gateway endpoint")
	reach("dynamodb", false, "through the endpoint of another service")
	on, off := &types.AttributeBooleanValue{Value: aws.Bool(true)}, &types.AttributeBooleanValue{Value: aws.Bool(false)}
	ok(s, ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &vpc, EnableDnsHostnames: on})
	guard := s.group(vpc, "endpoints")
	id := ok(s, CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{
		VpcId: &vpc, ServiceName: aws.String("com.amazonaws.eu-west-1.ecs"), VpcEndpointType: "Interface", SubnetIds: []string{subnet}, SecurityGroupIds: []string{guard},
	}).VpcEndpoint.VpcEndpointId
	reach("ecs", false, "before the endpoint is available")
	s.Advance(5 * time.Minute)
	reach("ecs", false, "past a group that lets nobody in")
	let := []types.IpPermission{{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(443), ToPort: aws.Int32(443), IpRanges: []types.IpRange{{CidrIp: aws.String("10.0.0.0/16")}}}}
	ok(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &guard, IpPermissions: let})
	reach("ecs", true, "with 443 from the VPC")
	ok(s, RevokeSecurityGroupIngress, &ec2.RevokeSecurityGroupIngressInput{GroupId: &guard, IpPermissions: let})
	from := []types.IpPermission{{IpProtocol: aws.String("-1"), UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &group}}}}
	ok(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &guard, IpPermissions: from})
	reach("ecs", true, "with everything from the instances' group")
	ok(s, ModifyVpcEndpoint, &ec2.ModifyVpcEndpointInput{VpcEndpointId: id, PrivateDnsEnabled: aws.Bool(false)})
	reach("ecs", false, "without private DNS")
	ok(s, ModifyVpcEndpoint, &ec2.ModifyVpcEndpointInput{VpcEndpointId: id, PrivateDnsEnabled: aws.Bool(true)})
	if state := s.endpoint(*id).State; state != "pending" {
		t.Errorf("a changed endpoint is %s", state)
	}
	reach("ecs", true, "while the endpoint is changed")
	ok(s, ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &vpc, EnableDnsHostnames: off})
	reach("ecs", false, "in a VPC without host names")
	ok(s, ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &vpc, EnableDnsHostnames: on})
	all := []types.IpPermission{{IpProtocol: aws.String("-1"), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}}
	ok(s, RevokeSecurityGroupEgress, &ec2.RevokeSecurityGroupEgressInput{GroupId: &group, IpPermissions: all})
	reach("ecs", false, "from a group that lets nothing out")
}

func TestAServicesOwnNameLeadsToItsEndpointEvenPastANATGateway(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	public, private := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a"), s.subnet(vpc, "10.0.2.0/24", "eu-west-1a")
	gateway, out, in := s.gateway(vpc), s.table(vpc, public), s.table(vpc, private)
	all := aws.String("0.0.0.0/0")
	ok(s, CreateRoute, &ec2.CreateRouteInput{RouteTableId: &out, DestinationCidrBlock: all, GatewayId: &gateway})
	nat := s.nat(public, s.address())
	s.Advance(5 * time.Minute)
	ok(s, CreateRoute, &ec2.CreateRouteInput{RouteTableId: &in, DestinationCidrBlock: all, NatGatewayId: &nat})
	instance := Traveller{SubnetID: private, Address: "10.0.2.9", Groups: []string{s.group(vpc, "instances")}}
	if !ReachesService(s.World, s.Region, instance, "ecs") {
		t.Error("ecs is not reached through the NAT gateway")
	}
	on := &types.AttributeBooleanValue{Value: aws.Bool(true)}
	ok(s, ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &vpc, EnableDnsHostnames: on})
	guard := s.group(vpc, "endpoints")
	ok(s, CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{
		VpcId: &vpc, ServiceName: aws.String("com.amazonaws.eu-west-1.ecs"), VpcEndpointType: "Interface", SubnetIds: []string{private}, SecurityGroupIds: []string{guard},
	})
	s.Advance(5 * time.Minute)
	if ReachesService(s.World, s.Region, instance, "ecs") {
		t.Error("ecs is reached past an endpoint that lets nobody in")
	}
	if !ReachesService(s.World, s.Region, instance, "ecs-agent") {
		t.Error("a service without an endpoint is not reached through the NAT gateway any more")
	}
}
