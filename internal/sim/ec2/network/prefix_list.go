package network

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// prefixList is the list of a service's addresses that AWS keeps in every region.
type prefixList struct {
	id, name string
	cidrs    []string
}

// gatewayServices are the services that have gateway endpoints, with addresses of theirs.
func gatewayServices() []prefixList {
	return []prefixList{
		{name: "s3", cidrs: []string{"52.218.0.0/17", "54.231.128.0/19", "3.5.64.0/21"}},
		{name: "dynamodb", cidrs: []string{"52.94.24.0/23", "52.119.240.0/21"}},
	}
}

// serviceName is a service's name as an endpoint's.
func serviceName(region, service string) string { return "com.amazonaws." + region + "." + service }

// prefixLists are AWS's lists of a region. Their ids differ by region; these stand for the real ones.
func prefixLists(region string) []prefixList {
	out := gatewayServices()
	for i := range out {
		out[i].name = serviceName(region, out[i].name)
		h := fnv.New32a()
		_, _ = h.Write([]byte(out[i].name)) // hash.Hash never fails
		out[i].id = fmt.Sprintf("pl-%08x", h.Sum32())
	}
	return out
}

// prefixListOf is the id of the list of a service that has gateway endpoints.
func prefixListOf(service string) (string, bool) {
	name, ok := strings.CutPrefix(service, "com.amazonaws.")
	region, _, found := strings.Cut(name, ".")
	if !ok || !found {
		return "", false
	}
	for _, p := range prefixLists(region) {
		if p.name == service {
			return p.id, true
		}
	}
	return "", false
}

func prefixListIn(region, id string) bool {
	return slices.ContainsFunc(prefixLists(region), func(p prefixList) bool { return p.id == id })
}

// findPrefixLists answers both listings: by ids and filters.
func findPrefixLists(region string, ids []string, filters []types.Filter) ([]*prefixList, error) {
	for _, id := range ids {
		if !prefixListIn(region, id) {
			return nil, wire.Errorf("InvalidPrefixListId.NotFound", "The prefix list ID '%s' does not exist", id)
		}
	}
	var rows []*prefixList
	for _, p := range prefixLists(region) {
		if len(ids) == 0 || slices.Contains(ids, p.id) {
			rows = append(rows, &p)
		}
	}
	known := listing.Fields[prefixList]{
		"owner-id":         func(*prefixList) []string { return listing.One("AWS") },
		"prefix-list-id":   func(p *prefixList) []string { return listing.One(p.id) },
		"prefix-list-name": func(p *prefixList) []string { return listing.One(p.name) },
	}
	return listing.Sift(slices.Values(rows), filters, known, func(*prefixList) world.Tags { return nil })
}

// DescribePrefixLists lists the addresses of the services that have gateway endpoints.
func DescribePrefixLists(c *world.Call, in *ec2.DescribePrefixListsInput) (*ec2.DescribePrefixListsOutput, error) {
	rows, err := findPrefixLists(c.Region.Name, in.PrefixListIds, in.Filters)
	if err != nil {
		return nil, err
	}
	rows, next, err := listing.Page(rows, listing.Paging{Max: in.MaxResults, Token: in.NextToken})
	if err != nil {
		return nil, err
	}
	return &ec2.DescribePrefixListsOutput{NextToken: next, PrefixLists: listing.Each(rows, func(p *prefixList) types.PrefixList {
		return types.PrefixList{PrefixListId: aws.String(p.id), PrefixListName: aws.String(p.name), Cidrs: p.cidrs}
	})}, nil
}

// DescribeManagedPrefixLists lists AWS's own prefix lists; nobody can make others.
func DescribeManagedPrefixLists(c *world.Call, in *ec2.DescribeManagedPrefixListsInput) (*ec2.DescribeManagedPrefixListsOutput, error) {
	rows, err := findPrefixLists(c.Region.Name, in.PrefixListIds, in.Filters)
	if err != nil {
		return nil, err
	}
	rows, next, err := listing.Page(rows, listing.Paging{Max: in.MaxResults, Token: in.NextToken, Least: 1, Most: 100})
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeManagedPrefixListsOutput{NextToken: next, PrefixLists: listing.Each(rows, func(p *prefixList) types.ManagedPrefixList {
		return types.ManagedPrefixList{
			PrefixListId: aws.String(p.id), PrefixListName: aws.String(p.name), OwnerId: aws.String("AWS"), AddressFamily: aws.String("IPv4"),
			PrefixListArn: aws.String("arn:aws:ec2:" + c.Region.Name + ":aws:prefix-list/" + p.id),
			State:         types.PrefixListStateCreateComplete, Tags: []types.Tag{},
		}
	})}, nil
}

// GetManagedPrefixListEntries lists the blocks of one of AWS's prefix lists.
func GetManagedPrefixListEntries(c *world.Call, in *ec2.GetManagedPrefixListEntriesInput) (*ec2.GetManagedPrefixListEntriesOutput, error) {
	if aws.ToString(in.PrefixListId) == "" {
		return nil, listing.Missing("PrefixListId")
	}
	lists, err := findPrefixLists(c.Region.Name, []string{*in.PrefixListId}, nil)
	if err != nil {
		return nil, err
	}
	cidrs, next, err := listing.Page(lists[0].cidrs, listing.Paging{Max: in.MaxResults, Token: in.NextToken, Least: 1, Most: 100})
	if err != nil {
		return nil, err
	}
	out := &ec2.GetManagedPrefixListEntriesOutput{NextToken: next}
	for _, cidr := range cidrs {
		out.Entries = append(out.Entries, types.PrefixListEntry{Cidr: aws.String(cidr)})
	}
	return out, nil
}
