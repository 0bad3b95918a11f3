package observe

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

// ExistingVPC is what the file says about the VPC of others that the cluster lives in.
type ExistingVPC struct {
	ID              string
	Tags            model.Tags // where ID is empty
	Public, Private Subnets
	Zones           []string // those that subnets chosen by tags may lie in; none: all
}

// Subnets chooses subnets by ids, or by tags.
type Subnets struct {
	IDs  []string
	Tags model.Tags
}

type existingAnswers struct {
	theirVPCs      []types.Vpc
	theirSubnets   map[model.Tier][]types.Subnet
	theirTables    []types.RouteTable
	theirEndpoints []types.VpcEndpoint
	theirDNS       bool
	theirNames     bool
}

// existingRow reads the VPC of others that the file names, for the facts only: it brings no resources.
func existingRow() row {
	return row{rounds: []func(*look) []call{existingCalls, existingDetailCalls}, fold: noResources}
}

func existingCalls(l *look) []call {
	ask := l.ask.Existing
	if ask == nil {
		return nil
	}
	l.theirSubnets = map[model.Tier][]types.Subnet{}
	in := &ec2.DescribeVpcsInput{Filters: tagFilters(ask.Tags)}
	if ask.ID != "" {
		in.Filters = []types.Filter{filter("vpc-id", ask.ID)}
	}
	calls := []call{fetch.Pages(l, l.c.EC2.DescribeVpcs, in, func(in *ec2.DescribeVpcsInput, out *ec2.DescribeVpcsOutput) bool {
		l.theirVPCs = append(l.theirVPCs, out.Vpcs...)
		return fetch.More(out.NextToken, &in.NextToken)
	})}
	if ids := slices.Concat(ask.Public.IDs, ask.Private.IDs); len(ids) > 0 {
		calls = append(calls, l.theirSubnetCall([]types.Filter{filter("subnet-id", ids...)}, func(s types.Subnet) model.Tier {
			if slices.Contains(ask.Public.IDs, aws.ToString(s.SubnetId)) {
				return model.Public
			}
			return model.Private
		}))
	}
	return calls
}

// tagFilters filter what has all of some tags.
func tagFilters(tags model.Tags) []types.Filter {
	var out []types.Filter
	for _, t := range tags {
		out = append(out, filter("tag:"+t.Key, t.Value))
	}
	return out
}

func (l *look) theirSubnetCall(filters []types.Filter, tier func(types.Subnet) model.Tier) call {
	in := &ec2.DescribeSubnetsInput{Filters: filters}
	return fetch.Pages(l, l.c.EC2.DescribeSubnets, in, func(in *ec2.DescribeSubnetsInput, out *ec2.DescribeSubnetsOutput) bool {
		for _, s := range out.Subnets {
			l.theirSubnets[tier(s)] = append(l.theirSubnets[tier(s)], s)
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})
}

// existingDetailCalls ask about the VPC once it is clear which one is meant.
func existingDetailCalls(l *look) []call {
	vpc := l.existingVPC()
	if vpc == "" {
		return nil
	}
	inside := filter("vpc-id", vpc)
	tables := &ec2.DescribeRouteTablesInput{Filters: []types.Filter{inside}}
	endpoints := &ec2.DescribeVpcEndpointsInput{Filters: []types.Filter{inside}}
	calls := []call{
		fetch.Get(l, l.c.EC2.DescribeVpcAttribute, vpcAttribute(vpc, types.VpcAttributeNameEnableDnsSupport), func(out *ec2.DescribeVpcAttributeOutput) {
			l.theirDNS = aws.ToBool(out.EnableDnsSupport.Value)
		}),
		fetch.Get(l, l.c.EC2.DescribeVpcAttribute, vpcAttribute(vpc, types.VpcAttributeNameEnableDnsHostnames), func(out *ec2.DescribeVpcAttributeOutput) {
			l.theirNames = aws.ToBool(out.EnableDnsHostnames.Value)
		}),
		fetch.Pages(l, l.c.EC2.DescribeRouteTables, tables, func(in *ec2.DescribeRouteTablesInput, out *ec2.DescribeRouteTablesOutput) bool {
			l.theirTables = append(l.theirTables, out.RouteTables...)
			return fetch.More(out.NextToken, &in.NextToken)
		}),
		fetch.Pages(l, l.c.EC2.DescribeVpcEndpoints, endpoints, func(in *ec2.DescribeVpcEndpointsInput, out *ec2.DescribeVpcEndpointsOutput) bool {
			l.theirEndpoints = append(l.theirEndpoints, out.VpcEndpoints...)
			return fetch.More(out.NextToken, &in.NextToken)
		}),
	}
	for _, t := range []struct {
		tier model.Tier
		tags model.Tags
	}{{model.Public, l.ask.Existing.Public.Tags}, {model.Private, l.ask.Existing.Private.Tags}} {
		if len(t.tags) > 0 {
			calls = append(calls, l.theirSubnetCall(append(tagFilters(t.tags), inside), func(types.Subnet) model.Tier { return t.tier }))
		}
	}
	return calls
}

// existingVPC is the id of the VPC of others that the cluster lives in; empty when there is none, or it is not clear
// which one is meant. A look that did not ask knows it only where the file says it.
func (l *look) existingVPC() string {
	switch found := l.candidates(); {
	case len(found) == 1:
		return found[0].ID
	case l.ask.Existing == nil, l.theirSubnets != nil:
		return ""
	}
	return l.ask.Existing.ID
}

// candidates are the VPCs that the file may mean. Tags never mean the one that berth made for the cluster: it may have
// them too, and goes when the cluster moves out.
func (l *look) candidates() []model.Candidate {
	var out []model.Candidate
	for _, v := range l.theirVPCs {
		tags := shape.EC2Tags(v.Tags)
		own := l.keyed(tags, model.KindVPC)
		if own && l.ask.Existing.ID == "" {
			continue
		}
		out = append(out, model.Candidate{ID: aws.ToString(v.VpcId), Name: tags.Get(model.TagName), CIDR: aws.ToString(v.CidrBlock), Own: own})
	}
	slices.SortFunc(out, func(a, b model.Candidate) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// existing are the facts of the VPC of others; nil when the file names none.
func (l *look) existing() *model.ExistingVPC {
	if l.ask.Existing == nil {
		return nil
	}
	out := &model.ExistingVPC{Candidates: l.candidates(), DNSSupport: l.theirDNS, DNSHostnames: l.theirNames}
	for _, v := range l.theirVPCs {
		if aws.ToString(v.VpcId) == out.ID() {
			out.CIDRs = shape.Ranges(v)
		}
	}
	network := shape.Network{Region: l.scope.Region, Tables: l.theirTables, Endpoints: l.theirEndpoints}
	for _, t := range []model.Tier{model.Public, model.Private} {
		for _, s := range l.theirSubnets[t] {
			if one := network.Subnet(t, s); l.ask.Existing.wants(one) {
				out.Subnets = append(out.Subnets, one)
			}
		}
	}
	slices.SortFunc(out.Subnets, func(a, b model.ExistingSubnet) int {
		return cmp.Or(-strings.Compare(string(a.Tier), string(b.Tier)), strings.Compare(a.Zone, b.Zone), strings.Compare(a.ID, b.ID))
	})
	for _, e := range l.theirEndpoints {
		if e.VpcEndpointType == types.VpcEndpointTypeInterface && strings.EqualFold(string(e.State), "available") {
			service := shape.ShortService(l.scope.Region, aws.ToString(e.ServiceName))
			out.Endpoints = append(out.Endpoints, model.ExistingEndpoint{Service: service, Private: aws.ToBool(e.PrivateDnsEnabled)})
		}
	}
	slices.SortFunc(out.Endpoints, func(a, b model.ExistingEndpoint) int { return strings.Compare(a.Service, b.Service) })
	return out
}

// wants tells whether a subnet counts: those by ids do all, those by tags where the zone is one that the file names.
func (e *ExistingVPC) wants(s model.ExistingSubnet) bool {
	by := e.Private
	if s.Tier == model.Public {
		by = e.Public
	}
	return len(by.IDs) > 0 || len(e.Zones) == 0 || slices.Contains(e.Zones, s.Zone)
}
