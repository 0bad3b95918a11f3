package network

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/sim/world"
)

func TestRoutesAreCreatedReplacedAndDeleted(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	subnet := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a")
	gateway, table := s.gateway(vpc), s.table(vpc)
	all := aws.String("0.0.0.0/0")
	in := &ec2.CreateRouteInput{RouteTableId: &table, DestinationCidrBlock: all, GatewayId: &gateway}
	refused(s, ReplaceRoute, &ec2.ReplaceRouteInput{RouteTableId: &table, DestinationCidrBlock: all, GatewayId: &gateway},
		"InvalidParameterValue", "There is no route defined for '0.0.0.0/0' in the route table. Use CreateRoute instead.")
	ok(s, CreateRoute, in)
	refused(s, CreateRoute, in, "RouteAlreadyExists", "The route identified by 0.0.0.0/0 already exists.")
	eni := s.iface(world.Interface{SubnetID: subnet, InstanceID: "i-0123456789abcdef0"})
	ok(s, ReplaceRoute, &ec2.ReplaceRouteInput{RouteTableId: &table, DestinationCidrBlock: all, NetworkInterfaceId: &eni.ID})
	got := ok(s, DescribeRouteTables, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{table}}).RouteTables[0].Routes[1]
	if *got.NetworkInterfaceId != eni.ID || *got.InstanceId != eni.InstanceID || got.State != "active" || got.GatewayId != nil {
		t.Errorf("got %+v", got)
	}
	ok(s, DeleteRoute, &ec2.DeleteRouteInput{RouteTableId: &table, DestinationCidrBlock: all})
	refused(s, DeleteRoute, &ec2.DeleteRouteInput{RouteTableId: &table, DestinationCidrBlock: all},
		"InvalidRoute.NotFound", "no route with destination-cidr-block 0.0.0.0/0 in route table "+table)
	refused(s, DeleteRoute, &ec2.DeleteRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("10.0.0.0/16")},
		"InvalidParameterValue", "cannot remove local route 10.0.0.0/16 in route table "+table)
}

func TestRouteTargetsAreChecked(t *testing.T) {
	s := newSite(t)
	vpc, other := s.vpc("10.0.0.0/16"), s.vpc("10.1.0.0/16")
	gateway, foreign, table := s.gateway(vpc), s.gateway(other), s.table(vpc)
	for _, x := range []struct {
		name, code, words string
		in                ec2.CreateRouteInput
	}{
		{"no target", "InvalidParameterCombination", "exactly one", ec2.CreateRouteInput{DestinationCidrBlock: aws.String("0.0.0.0/0")}},
		{"two targets", "InvalidParameterCombination", "exactly one", ec2.CreateRouteInput{
			DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: &gateway, NatGatewayId: aws.String("nat-1"),
		}},
		{"no destination", "MissingParameter", "destinationCidrBlock", ec2.CreateRouteInput{GatewayId: &gateway}},
		{"bad destination", "InvalidParameterValue", "not a valid CIDR", ec2.CreateRouteInput{DestinationCidrBlock: aws.String("everywhere"), GatewayId: &gateway}},
		{"unknown gateway", "InvalidGatewayID.NotFound", "igw-1", ec2.CreateRouteInput{DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: aws.String("igw-1")}},
		{"NAT as gateway", "InvalidParameterValue", "invalid value for parameter gateway-id: nat-1", ec2.CreateRouteInput{
			DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: aws.String("nat-1"),
		}},
		{"foreign gateway", "InvalidParameterValue", "different networks", ec2.CreateRouteInput{DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: &foreign}},
		{"unknown NAT", "InvalidNatGatewayID.NotFound", "The natGateway ID 'nat-1' does not exist", ec2.CreateRouteInput{
			DestinationCidrBlock: aws.String("0.0.0.0/0"), NatGatewayId: aws.String("nat-1"),
		}},
		{"inside the VPC", "InvalidParameterValue", "equal to or more specific", ec2.CreateRouteInput{DestinationCidrBlock: aws.String("10.0.1.0/24"), GatewayId: &gateway}},
		{"local again", "RouteAlreadyExists", "10.0.0.0/16", ec2.CreateRouteInput{DestinationCidrBlock: aws.String("10.0.0.0/16"), GatewayId: &gateway}},
		{"peering", "UnsupportedOperation", "routes", ec2.CreateRouteInput{DestinationCidrBlock: aws.String("0.0.0.0/0"), VpcPeeringConnectionId: aws.String("pcx-1")}},
	} {
		t.Run(x.name, func(t *testing.T) {
			x.in.RouteTableId = &table
			refused(&site{s.Call, t}, CreateRoute, &x.in, x.code, x.words)
		})
	}
}

func TestIPv6DefaultRouteIsKeptApart(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	gateway, table := s.gateway(vpc), s.table(vpc)
	ok(s, CreateRoute, &ec2.CreateRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: &gateway})
	ok(s, CreateRoute, &ec2.CreateRouteInput{RouteTableId: &table, DestinationIpv6CidrBlock: aws.String("::/0"), GatewayId: &gateway})
	routes := ok(s, DescribeRouteTables, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{table}}).RouteTables[0].Routes
	if len(routes) != 3 || *routes[2].DestinationIpv6CidrBlock != "::/0" || routes[2].DestinationCidrBlock != nil {
		t.Errorf("got %+v", routes)
	}
}
