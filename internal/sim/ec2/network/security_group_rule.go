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

func ruleKind() listing.Kind[world.SecurityGroupRule] {
	return listing.Kind[world.SecurityGroupRule]{
		Resource: types.ResourceTypeSecurityGroupRule, Prefix: "sgr",
		Missing: "InvalidSecurityGroupRuleId.NotFound", Malformed: "InvalidSecurityGroupRuleId.Malformed",
		Text:  "The security group rule ID '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.SecurityGroupRule] { return &r.EC2.Rules },
		Tags:  func(x *world.SecurityGroupRule) *world.Tags { return &x.Tags },
	}
}

// addRule gives a rule an id and puts it into its group.
func addRule(c *world.Call, g *world.SecurityGroup, x world.SecurityGroupRule) *world.SecurityGroupRule {
	x.ID, x.GroupID = c.NewID("sgr"), g.ID
	c.Region.EC2.Rules.Put(x.ID, &x)
	g.Rules = append(g.Rules, x.ID)
	doorsChanged(c, g)
	return &x
}

// doorsChanged tells load balancing that a security group lets through something else, as long as somebody's requests are
// counted; nobody else would ask.
func doorsChanged(c *world.Call, g *world.SecurityGroup) {
	if c.Region.Traffic.Watched.Len() > 0 {
		c.Schedule(0, world.Event{Kind: "ec2.security-group-changed", Region: c.Region.Name, ID: g.ID})
	}
}

// grant is a call that adds or removes rules of one direction.
type grant struct {
	id, name *string
	egress   bool
	listed   []types.IpPermission
	single   types.IpPermission // the older form: one permission spread over the call's own parameters
	ids      []string           // of rules, only for removal
	tags     []types.TagSpecification
}

func (a grant) permissions() []types.IpPermission {
	if a.single.IpProtocol != nil {
		return append(slices.Clone(a.listed), a.single)
	}
	return a.listed
}

// spread makes a permission of a call's own parameters.
func spread(protocol, cidr *string, from, to *int32) types.IpPermission {
	p := types.IpPermission{IpProtocol: protocol, FromPort: from, ToPort: to}
	if cidr != nil {
		p.IpRanges = []types.IpRange{{CidrIp: cidr}}
	}
	return p
}

// AuthorizeSecurityGroupIngress lets peers in; one rule that is there already and none is added.
func AuthorizeSecurityGroupIngress(c *world.Call, in *ec2.AuthorizeSecurityGroupIngressInput) (*ec2.AuthorizeSecurityGroupIngressOutput, error) {
	rules, err := authorize(c, grant{
		id: in.GroupId, name: in.GroupName, listed: in.IpPermissions, tags: in.TagSpecifications,
		single: spread(in.IpProtocol, in.CidrIp, in.FromPort, in.ToPort),
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AuthorizeSecurityGroupIngressOutput{Return: aws.Bool(true), SecurityGroupRules: rules}, nil
}

// AuthorizeSecurityGroupEgress lets out to peers; one rule that is there already and none is added.
func AuthorizeSecurityGroupEgress(c *world.Call, in *ec2.AuthorizeSecurityGroupEgressInput) (*ec2.AuthorizeSecurityGroupEgressOutput, error) {
	rules, err := authorize(c, grant{
		id: in.GroupId, egress: true, listed: in.IpPermissions, tags: in.TagSpecifications,
		single: spread(in.IpProtocol, in.CidrIp, in.FromPort, in.ToPort),
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AuthorizeSecurityGroupEgressOutput{Return: aws.Bool(true), SecurityGroupRules: rules}, nil
}

func authorize(c *world.Call, a grant) ([]types.SecurityGroupRule, error) {
	g, err := needGroup(c.Region, a.id, a.name)
	if err != nil {
		return nil, err
	}
	if len(a.permissions()) == 0 {
		return nil, listing.Missing("ipPermissions")
	}
	rules, err := expand(c.Region, g, a.egress, a.permissions())
	if err != nil {
		return nil, err
	}
	tags, err := listing.SpecTags(a.tags, types.ResourceTypeSecurityGroupRule)
	if err != nil {
		return nil, err
	}
	if err := roomFor(c.Region, g, a.egress, rules); err != nil {
		return nil, err
	}
	out := make([]types.SecurityGroupRule, 0, len(rules))
	for _, x := range rules {
		x.Tags = tags
		out = append(out, ruleOut(c.Region, addRule(c, g, x)))
	}
	return out, nil
}

// roomFor refuses rules that a group has already or that exceed its quota, which counts IPv4 and IPv6 apart.
func roomFor(r *world.Region, g *world.SecurityGroup, egress bool, more []world.SecurityGroupRule) error {
	have := rulesOf(&r.EC2.Network, g, egress)
	v4, v6 := 0, 0
	tally := func(x world.SecurityGroupRule) {
		if x.CIDR6 == "" {
			v4++
		}
		if x.CIDR4 == "" {
			v6++
		}
	}
	for _, old := range have {
		for _, x := range more {
			if samePeer(*old, x) {
				return wire.Errorf("InvalidPermission.Duplicate", "the specified rule \"%s\" already exists", said(x))
			}
		}
		tally(*old)
	}
	for _, x := range more {
		tally(x)
	}
	if max(v4, v6) > r.Quota(quotaRules) {
		return wire.Errorf("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.")
	}
	return nil
}

// RevokeSecurityGroupIngress takes rules away, by id or by what they let in; one unknown rule and none goes.
func RevokeSecurityGroupIngress(c *world.Call, in *ec2.RevokeSecurityGroupIngressInput) (*ec2.RevokeSecurityGroupIngressOutput, error) {
	gone, err := revoke(c, grant{
		id: in.GroupId, name: in.GroupName, listed: in.IpPermissions, ids: in.SecurityGroupRuleIds,
		single: spread(in.IpProtocol, in.CidrIp, in.FromPort, in.ToPort),
	})
	if err != nil {
		return nil, err
	}
	return &ec2.RevokeSecurityGroupIngressOutput{Return: aws.Bool(true), RevokedSecurityGroupRules: gone}, nil
}

// RevokeSecurityGroupEgress takes rules away, by id or by where they let out to; one unknown rule and none goes.
func RevokeSecurityGroupEgress(c *world.Call, in *ec2.RevokeSecurityGroupEgressInput) (*ec2.RevokeSecurityGroupEgressOutput, error) {
	gone, err := revoke(c, grant{
		id: in.GroupId, egress: true, listed: in.IpPermissions, ids: in.SecurityGroupRuleIds,
		single: spread(in.IpProtocol, in.CidrIp, in.FromPort, in.ToPort),
	})
	if err != nil {
		return nil, err
	}
	return &ec2.RevokeSecurityGroupEgressOutput{Return: aws.Bool(true), RevokedSecurityGroupRules: gone}, nil
}

func revoke(c *world.Call, a grant) ([]types.RevokedSecurityGroupRule, error) {
	g, err := needGroup(c.Region, a.id, a.name)
	if err != nil {
		return nil, err
	}
	rules, err := named(c.Region, g, a)
	if err != nil {
		return nil, err
	}
	out := make([]types.RevokedSecurityGroupRule, 0, len(rules))
	for _, x := range rules {
		out = append(out, revoked(x))
		c.Region.EC2.Rules.Delete(x.ID)
		g.Rules = slices.DeleteFunc(g.Rules, func(id string) bool { return id == x.ID })
	}
	doorsChanged(c, g)
	return out, nil
}

// named finds the existing rules that a call means.
func named(r *world.Region, g *world.SecurityGroup, a grant) ([]*world.SecurityGroupRule, error) {
	have := rulesOf(&r.EC2.Network, g, a.egress)
	if len(a.ids) > 0 {
		return rulesByID(r, have, a.ids)
	}
	if len(a.permissions()) == 0 {
		return nil, listing.Missing("ipPermissions")
	}
	asked, err := expand(r, g, a.egress, a.permissions())
	if err != nil {
		return nil, err
	}
	out := make([]*world.SecurityGroupRule, 0, len(asked))
	for _, x := range asked {
		i := slices.IndexFunc(have, func(o *world.SecurityGroupRule) bool { return samePeer(*o, x) })
		if i < 0 {
			return nil, wire.Errorf("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
		}
		out = append(out, have[i])
	}
	return out, nil
}

func rulesByID(r *world.Region, have []*world.SecurityGroupRule, ids []string) ([]*world.SecurityGroupRule, error) {
	out := make([]*world.SecurityGroupRule, 0, len(ids))
	for _, id := range ids {
		x, err := ruleKind().Find(r, id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(have, x) {
			return nil, ruleKind().Unknown(id)
		}
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out, nil
}

func revoked(x *world.SecurityGroupRule) types.RevokedSecurityGroupRule {
	return types.RevokedSecurityGroupRule{
		SecurityGroupRuleId: aws.String(x.ID), GroupId: aws.String(x.GroupID), IsEgress: aws.Bool(x.Egress),
		IpProtocol: aws.String(x.Protocol), FromPort: aws.Int32(x.From), ToPort: aws.Int32(x.To), CidrIpv4: listing.Filled(x.CIDR4),
		CidrIpv6: listing.Filled(x.CIDR6), PrefixListId: listing.Filled(x.PrefixList), ReferencedGroupId: listing.Filled(x.Group), Description: listing.Filled(x.Description),
	}
}

func ruleOut(r *world.Region, x *world.SecurityGroupRule) types.SecurityGroupRule {
	out := types.SecurityGroupRule{
		SecurityGroupRuleId: aws.String(x.ID), SecurityGroupRuleArn: aws.String(arn(r, "security-group-rule/"+x.ID)),
		GroupId: aws.String(x.GroupID), GroupOwnerId: aws.String(world.Account), IsEgress: aws.Bool(x.Egress),
		IpProtocol: aws.String(x.Protocol), FromPort: aws.Int32(x.From), ToPort: aws.Int32(x.To), CidrIpv4: listing.Filled(x.CIDR4),
		CidrIpv6: listing.Filled(x.CIDR6), PrefixListId: listing.Filled(x.PrefixList), Description: listing.Filled(x.Description), Tags: listing.ToTags(x.Tags),
	}
	if x.Group != "" {
		out.ReferencedGroupInfo = &types.ReferencedSecurityGroup{GroupId: aws.String(x.Group), UserId: aws.String(world.Account)}
	}
	return out
}

// DescribeSecurityGroupRules lists rules, one per peer.
func DescribeSecurityGroupRules(c *world.Call, in *ec2.DescribeSecurityGroupRulesInput) (*ec2.DescribeSecurityGroupRulesOutput, error) {
	known := listing.Fields[world.SecurityGroupRule]{
		"group-id":               func(x *world.SecurityGroupRule) []string { return listing.One(x.GroupID) },
		"security-group-rule-id": func(x *world.SecurityGroupRule) []string { return listing.One(x.ID) },
	}
	rows, next, err := ruleKind().List(c.Region, listing.Query[world.SecurityGroupRule]{
		IDs: in.SecurityGroupRuleIds, Filters: in.Filters, Known: known, Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	out := listing.Each(rows, func(x *world.SecurityGroupRule) types.SecurityGroupRule { return ruleOut(c.Region, x) })
	return &ec2.DescribeSecurityGroupRulesOutput{SecurityGroupRules: out, NextToken: next}, nil
}
