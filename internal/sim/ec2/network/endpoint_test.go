package network

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const s3 = "com.amazonaws.eu-west-1.s3"

func (s *site) endpoint(id string) types.VpcEndpoint {
	s.t.Helper()
	return ok(s, DescribeVpcEndpoints, &ec2.DescribeVpcEndpointsInput{VpcEndpointIds: []string{id}}).VpcEndpoints[0]
}

func TestGatewayEndpointAddsRoutes(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	a, b := s.table(vpc), s.table(vpc)
	in := &ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String(s3), RouteTableIds: []string{a}, ClientToken: aws.String("t")}
	out := ok(s, CreateVpcEndpoint, in).VpcEndpoint
	id := *out.VpcEndpointId
	if again := ok(s, CreateVpcEndpoint, in).VpcEndpoint; *again.VpcEndpointId != id {
		t.Error("the repeat made another endpoint")
	}
	if out.State != "available" || out.VpcEndpointType != types.VpcEndpointTypeGateway || *out.PolicyDocument == "" {
		t.Errorf("got %+v", out)
	}
	list := ok(s, DescribePrefixLists, &ec2.DescribePrefixListsInput{Filters: filters("prefix-list-name", s3)}).PrefixLists[0]
	routes := func(table string) []types.Route {
		return ok(s, DescribeRouteTables, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{table}}).RouteTables[0].Routes
	}
	if got := routes(a); len(got) != 2 || *got[1].DestinationPrefixListId != *list.PrefixListId || *got[1].GatewayId != id {
		t.Errorf("routes: %+v", got)
	}
	refused(s, CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String(s3), RouteTableIds: []string{a}}, "RouteAlreadyExists", a)
	ok(s, ModifyVpcEndpoint, &ec2.ModifyVpcEndpointInput{VpcEndpointId: &id, AddRouteTableIds: []string{b}, RemoveRouteTableIds: []string{a}})
	if len(routes(a)) != 1 || len(routes(b)) != 2 {
		t.Errorf("after the change: %d, %d routes", len(routes(a)), len(routes(b)))
	}
	refused(s, DeleteRoute, &ec2.DeleteRouteInput{RouteTableId: &b, DestinationPrefixListId: list.PrefixListId}, "InvalidParameterValue", "VPC endpoint route")
	refused(s, DeleteVpc, &ec2.DeleteVpcInput{VpcId: &vpc}, "DependencyViolation", vpc)

	gone := ok(s, DeleteVpcEndpoints, &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{id, "vpce-0123456789abcdef0"}})
	if len(gone.Unsuccessful) != 1 || *gone.Unsuccessful[0].Error.Code != "InvalidVpcEndpoint.NotFound" {
		t.Errorf("unsuccessful: %+v", gone.Unsuccessful)
	}
	if len(routes(b)) != 1 || s.endpoint(id).State != "deleting" {
		t.Error("the routes of a deleted endpoint stay")
	}
	s.Advance(time.Minute)
	refused(s, DescribeVpcEndpoints, &ec2.DescribeVpcEndpointsInput{VpcEndpointIds: []string{id}}, "InvalidVpcEndpointId.NotFound", id)
}

func TestInterfaceEndpointHasInterfacesAndTakesTime(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	on := &types.AttributeBooleanValue{Value: aws.Bool(true)}
	a, b, twin := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a"), s.subnet(vpc, "10.0.2.0/24", "eu-west-1b"), s.subnet(vpc, "10.0.3.0/24", "eu-west-1a")
	in := &ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String("com.amazonaws.eu-west-1.ecr.api"), VpcEndpointType: types.VpcEndpointTypeInterface, SubnetIds: []string{a, twin}}
	refused(s, CreateVpcEndpoint, in, "InvalidParameter", "enableDnsHostnames")
	ok(s, ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &vpc, EnableDnsHostnames: on})
	refused(s, CreateVpcEndpoint, in, "DuplicateSubnetsInSameZone", twin)
	in.SubnetIds = []string{a}
	id := *ok(s, CreateVpcEndpoint, in).VpcEndpoint.VpcEndpointId
	refused(s, CreateVpcEndpoint, in, "InvalidParameter", "conflicting DNS domain for api.ecr.eu-west-1.amazonaws.com")
	if e := s.endpoint(id); e.State != "pending" || len(e.NetworkInterfaceIds) != 1 || len(e.DnsEntries) != 2 || len(e.Groups) != 1 {
		t.Errorf("new: %+v", e)
	}
	s.Advance(5 * time.Minute)
	group := s.group(vpc, "endpoints")
	ok(s, ModifyVpcEndpoint, &ec2.ModifyVpcEndpointInput{
		VpcEndpointId: &id, AddSubnetIds: []string{b}, RemoveSubnetIds: []string{a}, AddSecurityGroupIds: []string{group}, RemoveSecurityGroupIds: []string{defaultGroup(&s.Region.EC2.Network, vpc)},
	})
	e := s.endpoint(id)
	if e.State != "pending" || len(e.SubnetIds) != 1 || e.SubnetIds[0] != b || len(e.NetworkInterfaceIds) != 1 || *e.Groups[0].GroupId != group {
		t.Errorf("changed: %+v", e)
	}
	ok(s, DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &a})
	refused(s, DeleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupId: &group}, "DependencyViolation", group)
	ok(s, DeleteVpcEndpoints, &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{id}})
	refused(s, DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &b}, "DependencyViolation", b)
	s.Advance(5 * time.Minute)
	ok(s, DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &b})
	ok(s, DeleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupId: &group})
}

func TestEndpointServicesAreChecked(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	for _, x := range []struct{ service, kind, code string }{
		{"com.amazonaws.eu-west-1.nothing", "Interface", "InvalidServiceName"},
		{"com.amazonaws.us-east-1.s3", "Gateway", "InvalidServiceName"},
		{"com.amazonaws.eu-west-1.ecs", "Gateway", "InvalidParameter"},
		{"", "Gateway", "MissingParameter"},
		{s3, "GatewayLoadBalancer", "UnsupportedOperation"},
	} {
		refused(s, CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: &x.service, VpcEndpointType: types.VpcEndpointType(x.kind)}, x.code, "")
	}
	refused(s, CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String(s3), PolicyDocument: aws.String("{")}, "InvalidPolicyDocument", "")
	s.Region.Quotas = map[string]int{"L-1B52E74A": 0}
	refused(s, CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String(s3)}, "VpcEndpointLimitExceeded", "")
	got := ok(s, DescribeVpcEndpointServices, &ec2.DescribeVpcEndpointServicesInput{ServiceNames: []string{s3}})
	if len(got.ServiceNames) != 1 || len(got.ServiceDetails[0].ServiceType) != 2 || len(got.ServiceDetails[0].AvailabilityZones) != 3 {
		t.Errorf("got %+v", got)
	}
}

func TestAServiceIsNotInEveryZoneNorInEveryRegion(t *testing.T) {
	s := newSite(t)
	s.Region = s.World.Region("us-east-1")
	vpc := s.vpc("10.0.0.0/16")
	ok(s, ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &vpc, EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(true)}})
	old := s.subnet(vpc, "10.0.1.0/24", "us-east-1c")
	const rare, usual = "com.amazonaws.us-east-1.bedrock-runtime", "com.amazonaws.us-east-1.sqs"
	zones := map[string]int{}
	for _, d := range ok(s, DescribeVpcEndpointServices, &ec2.DescribeVpcEndpointServicesInput{
		Filters: []types.Filter{{Name: aws.String("service-name"), Values: []string{rare, usual, "com.amazonaws.us-east-1.nothing"}}},
	}).ServiceDetails {
		zones[*d.ServiceName] = len(d.AvailabilityZones)
	}
	if len(zones) != 2 || zones[rare] != 5 || zones[usual] != 6 {
		t.Errorf("zones: %v", zones)
	}
	in := &ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String(rare), VpcEndpointType: types.VpcEndpointTypeInterface, SubnetIds: []string{old}}
	refused(s, CreateVpcEndpoint, in, "InvalidParameter", "does not support the availability zone of the subnet: "+old)
	in.ServiceName = aws.String(usual)
	ok(s, CreateVpcEndpoint, in)
	for region, want := range map[string]bool{"eu-west-1": true, "eu-south-1": false} {
		if hasInterface(region, "apprunner") != want {
			t.Errorf("apprunner in %s", region)
		}
	}
}

func TestPrefixListsBelongToAWS(t *testing.T) {
	s := newSite(t)
	got := ok(s, DescribeManagedPrefixLists, &ec2.DescribeManagedPrefixListsInput{Filters: filters("owner-id", "AWS", "prefix-list-name", "*.dynamodb")}).PrefixLists
	if len(got) != 1 || *got[0].PrefixListName != "com.amazonaws.eu-west-1.dynamodb" {
		t.Errorf("got %+v", got)
	}
	refused(s, DescribePrefixLists, &ec2.DescribePrefixListsInput{PrefixListIds: []string{"pl-00000000"}}, "InvalidPrefixListId.NotFound", "pl-00000000")
	entries := ok(s, GetManagedPrefixListEntries, &ec2.GetManagedPrefixListEntriesInput{PrefixListId: got[0].PrefixListId, MaxResults: aws.Int32(1)})
	if len(entries.Entries) != 1 || entries.NextToken == nil {
		t.Errorf("entries: %+v", entries)
	}
}
