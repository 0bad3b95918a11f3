package network

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/world"
)

func endpointOut(r *world.Region, e *world.Endpoint) types.VpcEndpoint {
	out := types.VpcEndpoint{
		VpcEndpointId: aws.String(e.ID), VpcId: aws.String(e.VPCID), ServiceName: aws.String(e.Service), ServiceRegion: aws.String(r.Name),
		VpcEndpointType: types.VpcEndpointType(e.Type), State: types.State(e.State), PolicyDocument: aws.String(e.Policy),
		RouteTableIds: listing.TextList(e.RouteTables), SubnetIds: listing.TextList(e.Subnets), NetworkInterfaceIds: listing.TextList(e.Interfaces),
		PrivateDnsEnabled: aws.Bool(e.PrivateDNS), RequesterManaged: aws.Bool(false), OwnerId: aws.String(world.Account),
		CreationTimestamp: aws.Time(e.Created), Tags: listing.ToTags(e.Tags), DnsEntries: []types.DnsEntry{}, Groups: []types.SecurityGroupIdentifier{},
	}
	for _, g := range GroupNames(&r.EC2.Network, e.Groups) {
		out.Groups = append(out.Groups, types.SecurityGroupIdentifier{GroupId: g.GroupId, GroupName: g.GroupName})
	}
	if e.Type == interfaceEndpoint {
		out.IpAddressType = types.IpAddressTypeIpv4
		out.DnsOptions = &types.DnsOptions{DnsRecordIpType: types.DnsRecordIpTypeIpv4}
		out.DnsEntries = endpointNames(r, e)
	}
	return out
}

// hostedZone stands for the hosted zone of endpoint names.
const hostedZone = "Z7HUB22UULQXV"

func endpointNames(r *world.Region, e *world.Endpoint) []types.DnsEntry {
	out := []types.DnsEntry{{DnsName: aws.String(e.DNSName), HostedZoneId: aws.String(hostedZone)}}
	if e.PrivateDNS {
		out = append(out, types.DnsEntry{DnsName: aws.String(serviceDNS(r, e)), HostedZoneId: aws.String("Z00001")})
	}
	return out
}

// DescribeVpcEndpoints lists endpoints.
func DescribeVpcEndpoints(c *world.Call, in *ec2.DescribeVpcEndpointsInput) (*ec2.DescribeVpcEndpointsOutput, error) {
	known := listing.Fields[world.Endpoint]{
		"ip-address-type": func(e *world.Endpoint) []string {
			if e.Type != interfaceEndpoint {
				return nil
			}
			return listing.One(types.IpAddressTypeIpv4)
		},
		"service-name":       func(e *world.Endpoint) []string { return listing.One(e.Service) },
		"service-region":     func(*world.Endpoint) []string { return listing.One(c.Region.Name) },
		"vpc-endpoint-id":    func(e *world.Endpoint) []string { return listing.One(e.ID) },
		"vpc-endpoint-state": func(e *world.Endpoint) []string { return listing.One(e.State) },
		"vpc-endpoint-type":  func(e *world.Endpoint) []string { return listing.One(e.Type) },
		"vpc-id":             func(e *world.Endpoint) []string { return listing.One(e.VPCID) },
	}
	rows, next, err := endpointKind().List(c.Region, listing.Query[world.Endpoint]{
		IDs: in.VpcEndpointIds, Filters: in.Filters, Known: known, Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	out := listing.Each(rows, func(e *world.Endpoint) types.VpcEndpoint { return endpointOut(c.Region, e) })
	return &ec2.DescribeVpcEndpointsOutput{VpcEndpoints: out, NextToken: next}, nil
}
