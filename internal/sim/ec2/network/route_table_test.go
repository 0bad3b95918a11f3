package network

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func TestRouteTableIsMadeOncePerToken(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	in := &ec2.CreateRouteTableInput{VpcId: &vpc, ClientToken: aws.String("once")}
	first, again := ok(s, CreateRouteTable, in), ok(s, CreateRouteTable, in)
	if *first.RouteTable.RouteTableId != *again.RouteTable.RouteTableId {
		t.Error("the repeat made another table")
	}
	other := s.vpc("10.1.0.0/16")
	refused(s, CreateRouteTable, &ec2.CreateRouteTableInput{VpcId: &other, ClientToken: aws.String("once")}, "IdempotentParameterMismatch", "")
}

func TestSubnetHasOneRouteTable(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	subnet := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a")
	a, b := s.table(vpc), s.table(vpc)
	tie := func(table string) *ec2.AssociateRouteTableInput {
		return &ec2.AssociateRouteTableInput{RouteTableId: &table, SubnetId: &subnet}
	}
	first := *ok(s, AssociateRouteTable, tie(a)).AssociationId
	if again := *ok(s, AssociateRouteTable, tie(a)).AssociationId; again != first {
		t.Error("the repeat made another association")
	}
	refused(s, AssociateRouteTable, tie(b), "Resource.AlreadyAssociated", a[:4])
	moved := ok(s, ReplaceRouteTableAssociation, &ec2.ReplaceRouteTableAssociationInput{AssociationId: &first, RouteTableId: &b})
	if *moved.NewAssociationId == first {
		t.Error("the association kept its id")
	}
	refused(s, DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: &b}, "DependencyViolation", "The routeTable '"+b+"' has dependencies")
	got := ok(s, DescribeRouteTables, &ec2.DescribeRouteTablesInput{Filters: filters("association.route-table-association-id", *moved.NewAssociationId)})
	if len(got.RouteTables) != 1 || *got.RouteTables[0].RouteTableId != b {
		t.Errorf("got %+v", got.RouteTables)
	}
	ok(s, DisassociateRouteTable, &ec2.DisassociateRouteTableInput{AssociationId: moved.NewAssociationId})
	refused(s, DisassociateRouteTable, &ec2.DisassociateRouteTableInput{AssociationId: moved.NewAssociationId}, "InvalidAssociationID.NotFound", "")
	ok(s, DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: &b})
	refused(s, DescribeRouteTables, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{b}}, "InvalidRouteTableID.NotFound", b)
}

func TestTablesOfOtherNetworksAreRefused(t *testing.T) {
	s := newSite(t)
	vpc, other := s.vpc("10.0.0.0/16"), s.vpc("10.1.0.0/16")
	subnet, table := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a"), s.table(other)
	refused(s, AssociateRouteTable, &ec2.AssociateRouteTableInput{RouteTableId: &table, SubnetId: &subnet}, "InvalidParameterValue", "different networks")
}

func TestMainTableCanBeAnotherOne(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	born := ok(s, DescribeRouteTables, &ec2.DescribeRouteTablesInput{Filters: filters("vpc-id", vpc)}).RouteTables[0]
	main := *born.Associations[0].RouteTableAssociationId
	refused(s, DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: born.RouteTableId}, "DependencyViolation", "")
	refused(s, DisassociateRouteTable, &ec2.DisassociateRouteTableInput{AssociationId: &main}, "InvalidParameterValue", "main")
	table := s.table(vpc)
	ok(s, ReplaceRouteTableAssociation, &ec2.ReplaceRouteTableAssociationInput{AssociationId: &main, RouteTableId: &table})
	ok(s, DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: born.RouteTableId})
	ok(s, DeleteVpc, &ec2.DeleteVpcInput{VpcId: &vpc})
}

func TestRouteQuotasHold(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	s.Region.Quotas = map[string]int{"L-589F43AA": 2, "L-93826ACB": 2}
	gateway, table := s.gateway(vpc), s.table(vpc)
	refused(s, CreateRouteTable, &ec2.CreateRouteTableInput{VpcId: &vpc}, "RouteTableLimitExceeded", "")
	ok(s, CreateRoute, &ec2.CreateRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: &gateway})
	refused(s, CreateRoute, &ec2.CreateRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("9.9.9.0/24"), GatewayId: &gateway}, "RouteLimitExceeded", "")
}

func TestRouteStateFollowsItsTarget(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	gateway, table := s.gateway(vpc), s.table(vpc)
	ok(s, CreateRoute, &ec2.CreateRouteInput{RouteTableId: &table, DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: &gateway})
	state := func() types.RouteState {
		return ok(s, DescribeRouteTables, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{table}}).RouteTables[0].Routes[1].State
	}
	if got := state(); got != types.RouteStateActive {
		t.Errorf("attached: %s", got)
	}
	ok(s, DetachInternetGateway, &ec2.DetachInternetGatewayInput{InternetGatewayId: &gateway, VpcId: &vpc})
	ok(s, DeleteInternetGateway, &ec2.DeleteInternetGatewayInput{InternetGatewayId: &gateway})
	if got := state(); got != types.RouteStateBlackhole {
		t.Errorf("gone: %s", got)
	}
	found := ok(s, DescribeRouteTables, &ec2.DescribeRouteTablesInput{Filters: filters("route.state", "blackhole")}).RouteTables
	if len(found) != 1 {
		t.Errorf("found %d tables with a blackhole", len(found))
	}
}
