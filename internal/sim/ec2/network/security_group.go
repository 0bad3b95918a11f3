package network

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func groupKind() listing.Kind[world.SecurityGroup] {
	return listing.Kind[world.SecurityGroup]{
		Resource: types.ResourceTypeSecurityGroup, Prefix: "sg", Missing: "InvalidGroup.NotFound", Malformed: "InvalidGroupId.Malformed",
		Text:  "The security group '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.SecurityGroup] { return &r.EC2.SecurityGroups },
		Tags:  func(g *world.SecurityGroup) *world.Tags { return &g.Tags },
	}
}

// defaultGroup is the id of the group that a VPC was born with.
func defaultGroup(n *world.Network, vpc string) string {
	for g := range n.SecurityGroups.Rows() {
		if g.VPCID == vpc && g.Name == "default" {
			return g.ID
		}
	}
	return ""
}

// GroupsOfVPC refuses groups that do not exist or that are another network's.
func GroupsOfVPC(r *world.Region, vpc string, ids []string) error {
	for _, id := range ids {
		g, err := groupKind().Find(r, id)
		if err != nil {
			return err
		}
		if g.VPCID != vpc {
			return wire.Errorf("InvalidParameter", "Security group %s and subnet belong to different networks.", id)
		}
	}
	return nil
}

// CreateSecurityGroup makes a group that lets nothing in and everything out.
func CreateSecurityGroup(c *world.Call, in *ec2.CreateSecurityGroupInput) (*ec2.CreateSecurityGroupOutput, error) {
	if err := groupNamed(in); err != nil {
		return nil, err
	}
	if aws.ToString(in.VpcId) == "" {
		return nil, wire.Errorf("VPCIdNotSpecified", "No default VPC for this user")
	}
	v, err := vpcKind().Find(c.Region, *in.VpcId)
	if err != nil {
		return nil, err
	}
	tags, err := listing.SpecTags(in.TagSpecifications, types.ResourceTypeSecurityGroup)
	if err != nil {
		return nil, err
	}
	t := &c.Region.EC2.SecurityGroups
	if listing.Holds(t, func(g *world.SecurityGroup) bool { return g.VPCID == v.ID && g.Name == *in.GroupName }) {
		return nil, wire.Errorf("InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'", *in.GroupName, v.ID)
	}
	if t.Len() >= c.Region.Quota(quotaGroups) {
		return nil, wire.Errorf("SecurityGroupLimitExceeded", "The maximum number of security groups has been reached.")
	}
	g := &world.SecurityGroup{ID: c.NewID("sg"), Name: *in.GroupName, Description: *in.Description, VPCID: v.ID, Tags: tags}
	t.Put(g.ID, g)
	addRule(c, g, world.SecurityGroupRule{Protocol: "-1", From: -1, To: -1, CIDR4: everywhere, Egress: true})
	return &ec2.CreateSecurityGroupOutput{
		GroupId: aws.String(g.ID), SecurityGroupArn: aws.String(groupARN(c.Region, g)), Tags: listing.ToTags(tags),
	}, nil
}

// groupNamed checks a new group's name and description.
func groupNamed(in *ec2.CreateSecurityGroupInput) error {
	name, text := aws.ToString(in.GroupName), aws.ToString(in.Description)
	switch {
	case name == "":
		return listing.Missing("GroupName")
	case text == "":
		return listing.Missing("GroupDescription")
	case name == "default":
		return wire.Errorf("InvalidGroup.Reserved", "Cannot use reserved security group name: default")
	case strings.HasPrefix(name, "sg-"):
		return listing.Invalid("Value (%s) for parameter groupName is invalid. Group names may not be in the format sg-*", name)
	case !groupText(name):
		return listing.Invalid("Value (%s) for parameter groupName is invalid. Character sets beyond ASCII are not supported.", name)
	case !groupText(text):
		return listing.Invalid("Value (%s) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.", text)
	}
	return nil
}

// groupText tells whether a name or a description has the allowed length and letters.
func groupText(s string) bool {
	const others = " ._-:/()#,@[]+=&;{}!$*"
	return len(s) <= 255 && !strings.ContainsFunc(s, func(r rune) bool {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		return !letter && !strings.ContainsRune(others, r)
	})
}

func groupARN(r *world.Region, g *world.SecurityGroup) string { return arn(r, "security-group/"+g.ID) }

// needGroup finds the group of a call by id or, which works in a default VPC only, by name.
func needGroup(r *world.Region, id, name *string) (*world.SecurityGroup, error) {
	if aws.ToString(id) != "" {
		return groupKind().Find(r, *id)
	}
	if aws.ToString(name) != "" {
		return nil, wire.Errorf("InvalidGroup.NotFound", "The security group '%s' does not exist in default VPC 'none'", *name)
	}
	return nil, listing.Missing("groupId")
}

// DeleteSecurityGroup deletes a group that no interface is in and that no other group's rule names.
func DeleteSecurityGroup(c *world.Call, in *ec2.DeleteSecurityGroupInput) (*ec2.DeleteSecurityGroupOutput, error) {
	g, err := needGroup(c.Region, in.GroupId, in.GroupName)
	if err != nil {
		return nil, err
	}
	if g.Name == "default" {
		return nil, wire.Errorf("CannotDelete", "the specified group: \"%s\" name: \"default\" cannot be deleted by a user", g.ID)
	}
	n := &c.Region.EC2.Network
	if listing.Holds(&n.Interfaces, func(i *world.Interface) bool { return slices.Contains(i.Groups, g.ID) }) ||
		listing.Holds(&n.Rules, func(x *world.SecurityGroupRule) bool { return x.Group == g.ID && x.GroupID != g.ID }) {
		return nil, wire.Errorf("DependencyViolation", "resource %s has a dependent object", g.ID)
	}
	dropGroup(n, g)
	return &ec2.DeleteSecurityGroupOutput{GroupId: aws.String(g.ID), Return: aws.Bool(true)}, nil
}

// dropGroup removes a group and its rules.
func dropGroup(n *world.Network, g *world.SecurityGroup) {
	for _, id := range g.Rules {
		n.Rules.Delete(id)
	}
	n.SecurityGroups.Delete(g.ID)
}

// rulesOf are a group's rules of one direction.
func rulesOf(n *world.Network, g *world.SecurityGroup, egress bool) []*world.SecurityGroupRule {
	var out []*world.SecurityGroupRule
	for _, id := range g.Rules {
		if x, ok := n.Rules.Get(id); ok && x.Egress == egress {
			out = append(out, x)
		}
	}
	return out
}

func groupOut(r *world.Region, g *world.SecurityGroup) types.SecurityGroup {
	n := &r.EC2.Network
	return types.SecurityGroup{
		GroupId: aws.String(g.ID), GroupName: aws.String(g.Name), Description: aws.String(g.Description), VpcId: aws.String(g.VPCID),
		OwnerId: aws.String(world.Account), SecurityGroupArn: aws.String(groupARN(r, g)), Tags: listing.ToTags(g.Tags),
		IpPermissions: permissions(rulesOf(n, g, false)), IpPermissionsEgress: permissions(rulesOf(n, g, true)),
	}
}

// DescribeSecurityGroups lists groups with their rules joined to permissions.
func DescribeSecurityGroups(c *world.Call, in *ec2.DescribeSecurityGroupsInput) (*ec2.DescribeSecurityGroupsOutput, error) {
	if len(in.GroupNames) > 0 {
		_, err := needGroup(c.Region, nil, &in.GroupNames[0])
		return nil, err
	}
	rows, next, err := groupKind().List(c.Region, listing.Query[world.SecurityGroup]{
		IDs: in.GroupIds, Filters: in.Filters, Known: groupFields(&c.Region.EC2.Network),
		Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	out := listing.Each(rows, func(g *world.SecurityGroup) types.SecurityGroup { return groupOut(c.Region, g) })
	return &ec2.DescribeSecurityGroupsOutput{SecurityGroups: out, NextToken: next}, nil
}

func groupFields(n *world.Network) listing.Fields[world.SecurityGroup] {
	known := listing.Fields[world.SecurityGroup]{
		"description": func(g *world.SecurityGroup) []string { return listing.One(g.Description) },
		"group-id":    func(g *world.SecurityGroup) []string { return listing.One(g.ID) },
		"group-name":  func(g *world.SecurityGroup) []string { return listing.One(g.Name) },
		"owner-id":    func(*world.SecurityGroup) []string { return listing.One(world.Account) },
		"vpc-id":      func(g *world.SecurityGroup) []string { return listing.One(g.VPCID) },
	}
	for _, way := range []struct {
		prefix string
		egress bool
	}{{"ip-permission.", false}, {"egress.ip-permission.", true}} {
		rule := func(f func(*world.SecurityGroupRule) string) func(*world.SecurityGroup) []string {
			return func(g *world.SecurityGroup) []string { return listing.Gather(rulesOf(n, g, way.egress), f) }
		}
		known[way.prefix+"cidr"] = rule(func(x *world.SecurityGroupRule) string { return x.CIDR4 })
		known[way.prefix+"ipv6-cidr"] = rule(func(x *world.SecurityGroupRule) string { return x.CIDR6 })
		known[way.prefix+"from-port"] = rule(func(x *world.SecurityGroupRule) string { return listing.Number(x.From)[0] })
		known[way.prefix+"to-port"] = rule(func(x *world.SecurityGroupRule) string { return listing.Number(x.To)[0] })
		known[way.prefix+"group-id"] = rule(func(x *world.SecurityGroupRule) string { return x.Group })
		known[way.prefix+"group-name"] = rule(func(x *world.SecurityGroupRule) string {
			if g, ok := n.SecurityGroups.Get(x.Group); ok {
				return g.Name
			}
			return ""
		})
		known[way.prefix+"prefix-list-id"] = rule(func(x *world.SecurityGroupRule) string { return x.PrefixList })
		known[way.prefix+"protocol"] = rule(func(x *world.SecurityGroupRule) string { return x.Protocol })
		known[way.prefix+"user-id"] = rule(func(x *world.SecurityGroupRule) string {
			if x.Group == "" {
				return ""
			}
			return world.Account
		})
	}
	return known
}
