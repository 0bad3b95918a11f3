package network

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/world"
)

func aclKind() listing.Kind[world.NetworkACL] {
	return listing.Kind[world.NetworkACL]{
		Resource: types.ResourceTypeNetworkAcl, Prefix: "acl", Missing: "InvalidNetworkAclID.NotFound", Malformed: "InvalidNetworkAclID.Malformed",
		Text:  "The networkAcl ID '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.NetworkACL] { return &r.EC2.NetworkACLs },
		Tags:  func(a *world.NetworkACL) *world.Tags { return &a.Tags },
	}
}

// joinDefaultACL ties a new subnet to its VPC's network ACL.
func joinDefaultACL(c *world.Call, s *world.Subnet) {
	for a := range c.Region.EC2.NetworkACLs.Rows() {
		if a.VPCID == s.VPCID && a.Default {
			a.Associations = append(a.Associations, world.ACLAssociation{ID: c.NewID("aclassoc"), SubnetID: s.ID})
			return
		}
	}
}

func leaveACL(n *world.Network, subnet string) {
	for a := range n.NetworkACLs.Rows() {
		a.Associations = slices.DeleteFunc(a.Associations, func(x world.ACLAssociation) bool { return x.SubnetID == subnet })
	}
}

// aclLast is the number of the rule that cannot be changed and refuses the rest.
const aclLast = 32767

// aclEntries are the rules of every default network ACL: all in, all out, and the refusal at the end.
func aclEntries() []types.NetworkAclEntry {
	entry := func(number int32, egress bool, action types.RuleAction) types.NetworkAclEntry {
		return types.NetworkAclEntry{
			RuleNumber: aws.Int32(number), Egress: aws.Bool(egress), RuleAction: action,
			Protocol: aws.String("-1"), CidrBlock: aws.String("0.0.0.0/0"),
		}
	}
	return []types.NetworkAclEntry{
		entry(100, true, types.RuleActionAllow), entry(aclLast, true, types.RuleActionDeny),
		entry(100, false, types.RuleActionAllow), entry(aclLast, false, types.RuleActionDeny),
	}
}

// DescribeNetworkAcls lists network ACLs: each VPC's default one.
func DescribeNetworkAcls(c *world.Call, in *ec2.DescribeNetworkAclsInput) (*ec2.DescribeNetworkAclsOutput, error) {
	rows, next, err := aclKind().List(c.Region, listing.Query[world.NetworkACL]{
		IDs: in.NetworkAclIds, Filters: in.Filters, Known: aclFields(), Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeNetworkAclsOutput{NetworkAcls: listing.Each(rows, aclOut), NextToken: next}, nil
}

func aclOut(a *world.NetworkACL) types.NetworkAcl {
	out := types.NetworkAcl{
		NetworkAclId: aws.String(a.ID), VpcId: aws.String(a.VPCID), IsDefault: aws.Bool(a.Default),
		OwnerId: aws.String(world.Account), Entries: aclEntries(), Tags: listing.ToTags(a.Tags),
		Associations: []types.NetworkAclAssociation{},
	}
	for _, x := range a.Associations {
		out.Associations = append(out.Associations, types.NetworkAclAssociation{
			NetworkAclAssociationId: aws.String(x.ID), NetworkAclId: aws.String(a.ID), SubnetId: aws.String(x.SubnetID),
		})
	}
	return out
}

func aclFields() listing.Fields[world.NetworkACL] {
	fixed := func(v ...string) func(*world.NetworkACL) []string {
		return func(*world.NetworkACL) []string { return v }
	}
	return listing.Fields[world.NetworkACL]{
		"association.association-id": func(a *world.NetworkACL) []string {
			return listing.Gather(a.Associations, func(x world.ACLAssociation) string { return x.ID })
		},
		"association.network-acl-id": func(a *world.NetworkACL) []string { return listing.One(a.ID) },
		"association.subnet-id": func(a *world.NetworkACL) []string {
			return listing.Gather(a.Associations, func(x world.ACLAssociation) string { return x.SubnetID })
		},
		"default":               func(a *world.NetworkACL) []string { return listing.Yes(a.Default) },
		"entry.cidr":            fixed("0.0.0.0/0"),
		"entry.ipv6-cidr":       fixed(),
		"entry.egress":          fixed("true", "false"),
		"entry.icmp.code":       fixed(),
		"entry.icmp.type":       fixed(),
		"entry.port-range.from": fixed(),
		"entry.port-range.to":   fixed(),
		"entry.protocol":        fixed("-1"),
		"entry.rule-action":     fixed("allow", "deny"),
		"entry.rule-number":     fixed("100", "32767"),
		"network-acl-id":        func(a *world.NetworkACL) []string { return listing.One(a.ID) },
		"owner-id":              fixed(world.Account),
		"vpc-id":                func(a *world.NetworkACL) []string { return listing.One(a.VPCID) },
	}
}
