package network

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
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

// service is an AWS service with the types of endpoints that it has.
type service struct {
	name  string
	kinds []string
}

func services(region string) []*service {
	var out []*service
	for _, p := range prefixLists(region) {
		out = append(out, &service{p.name, []string{gatewayEndpoint}})
	}
	for _, short := range interfaceServices() {
		name := serviceName(region, short)
		if i := slices.IndexFunc(out, func(s *service) bool { return s.name == name }); i >= 0 {
			out[i].kinds = append(out[i].kinds, interfaceEndpoint)
			continue
		}
		out = append(out, &service{name, []string{interfaceEndpoint}})
	}
	return out
}

// DescribeVpcEndpointServices lists the services that endpoints can lead to.
func DescribeVpcEndpointServices(c *world.Call, in *ec2.DescribeVpcEndpointServicesInput) (*ec2.DescribeVpcEndpointServicesOutput, error) {
	rows := services(c.Region.Name)
	for _, name := range in.ServiceNames {
		if !slices.ContainsFunc(rows, func(s *service) bool { return s.name == name }) {
			return nil, wire.Errorf("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", name)
		}
	}
	if len(in.ServiceNames) > 0 {
		rows = slices.DeleteFunc(rows, func(s *service) bool { return !slices.Contains(in.ServiceNames, s.name) })
	}
	known := listing.Fields[service]{
		"owner":                      func(*service) []string { return listing.One("amazon") },
		"service-name":               func(s *service) []string { return listing.One(s.name) },
		"service-region":             func(*service) []string { return listing.One(c.Region.Name) },
		"service-type":               func(s *service) []string { return s.kinds },
		"supported-ip-address-types": func(*service) []string { return listing.One("ipv4") },
	}
	rows, err := listing.Sift(slices.Values(rows), in.Filters, known, func(*service) world.Tags { return nil })
	if err != nil {
		return nil, err
	}
	rows, next, err := listing.Page(rows, listing.Paging{Max: in.MaxResults, Token: in.NextToken, Least: 1})
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeVpcEndpointServicesOutput{NextToken: next}
	for _, s := range rows {
		out.ServiceNames = append(out.ServiceNames, s.name)
		out.ServiceDetails = append(out.ServiceDetails, serviceOut(c.Region, s))
	}
	return out, nil
}

func serviceOut(r *world.Region, s *service) types.ServiceDetail {
	out := types.ServiceDetail{
		ServiceName: aws.String(s.name), ServiceRegion: aws.String(r.Name), Owner: aws.String("amazon"), AcceptanceRequired: aws.Bool(false),
		ManagesVpcEndpoints: aws.Bool(false), VpcEndpointPolicySupported: aws.Bool(true), Tags: []types.Tag{},
		SupportedIpAddressTypes: []types.ServiceConnectivityType{types.ServiceConnectivityTypeIpv4},
	}
	for _, z := range Zones(r.Name) {
		out.AvailabilityZones = append(out.AvailabilityZones, z.Name)
		out.AvailabilityZoneIds = append(out.AvailabilityZoneIds, z.ID)
	}
	for _, k := range s.kinds {
		out.ServiceType = append(out.ServiceType, types.ServiceTypeDetail{ServiceType: types.ServiceType(k)})
	}
	if slices.Contains(s.kinds, interfaceEndpoint) {
		out.PrivateDnsName = aws.String(serviceDNS(r, &world.Endpoint{Service: s.name}))
	}
	return out
}
