package network

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/world"
)

// dhcpKind are sets of DHCP options.
func dhcpKind() listing.Kind[world.DHCPOptions] {
	return listing.Kind[world.DHCPOptions]{
		Resource: types.ResourceTypeDhcpOptions, Prefix: "dopt", Missing: "InvalidDhcpOptionID.NotFound", Malformed: "InvalidDhcpOptionsId.Malformed",
		Text:  "The dhcpOption ID '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.DHCPOptions] { return &r.EC2.DHCPOptions },
		Tags:  func(d *world.DHCPOptions) *world.Tags { return &d.Tags },
	}
}

// dhcpDefault is the id of the region's default set, made with its first VPC.
func dhcpDefault(w *world.World, r *world.Region) string {
	for id := range r.EC2.DHCPOptions.All() {
		return id
	}
	d := &world.DHCPOptions{ID: w.NewID("dopt"), Domain: PrivateDomain(r.Name), Servers: "AmazonProvidedDNS"}
	r.EC2.DHCPOptions.Put(d.ID, d)
	return d.ID
}

// PrivateDomain ends the private DNS names of a region's interfaces.
func PrivateDomain(region string) string {
	if region == "us-east-1" {
		return "ec2.internal"
	}
	return region + ".compute.internal"
}

// DescribeDhcpOptions lists the sets of DHCP options.
func DescribeDhcpOptions(c *world.Call, in *ec2.DescribeDhcpOptionsInput) (*ec2.DescribeDhcpOptionsOutput, error) {
	known := listing.Fields[world.DHCPOptions]{
		"dhcp-options-id": func(d *world.DHCPOptions) []string { return listing.One(d.ID) },
		"key":             func(*world.DHCPOptions) []string { return []string{"domain-name", "domain-name-servers"} },
		"value":           func(d *world.DHCPOptions) []string { return []string{d.Domain, d.Servers} },
		"owner-id":        func(*world.DHCPOptions) []string { return listing.One(world.Account) },
	}
	rows, next, err := dhcpKind().List(c.Region, listing.Query[world.DHCPOptions]{
		IDs: in.DhcpOptionsIds, Filters: in.Filters, Known: known, Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeDhcpOptionsOutput{DhcpOptions: listing.Each(rows, dhcpOut), NextToken: next}, nil
}

func dhcpOut(d *world.DHCPOptions) types.DhcpOptions {
	pair := func(k, v string) types.DhcpConfiguration {
		return types.DhcpConfiguration{Key: aws.String(k), Values: []types.AttributeValue{{Value: aws.String(v)}}}
	}
	return types.DhcpOptions{
		DhcpOptionsId: aws.String(d.ID), OwnerId: aws.String(world.Account), Tags: listing.ToTags(d.Tags),
		DhcpConfigurations: []types.DhcpConfiguration{pair("domain-name", d.Domain), pair("domain-name-servers", d.Servers)},
	}
}
