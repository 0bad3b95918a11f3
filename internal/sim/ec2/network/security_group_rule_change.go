package network

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// ModifySecurityGroupRules replaces what rules let through; their ids, directions and tags stay.
func ModifySecurityGroupRules(c *world.Call, in *ec2.ModifySecurityGroupRulesInput) (*ec2.ModifySecurityGroupRulesOutput, error) {
	g, err := needGroup(c.Region, in.GroupId, nil)
	if err != nil {
		return nil, err
	}
	if len(in.SecurityGroupRules) == 0 {
		return nil, listing.Missing("SecurityGroupRules")
	}
	var changed []world.SecurityGroupRule
	for _, u := range in.SecurityGroupRules {
		x, err := rewritten(c.Region, g, u)
		if err != nil {
			return nil, err
		}
		changed = append(changed, x)
	}
	for _, x := range changed {
		if err := onlyOne(&c.Region.EC2.Network, g, x); err != nil {
			return nil, err
		}
	}
	for _, x := range changed {
		c.Region.EC2.Rules.Put(x.ID, &x)
	}
	doorsChanged(c, g)
	return &ec2.ModifySecurityGroupRulesOutput{Return: aws.Bool(true)}, nil
}

// rewritten is a rule as an update wants it.
func rewritten(r *world.Region, g *world.SecurityGroup, u types.SecurityGroupRuleUpdate) (world.SecurityGroupRule, error) {
	old, err := ruleKind().Need(r, "SecurityGroupRuleId", u.SecurityGroupRuleId)
	if err != nil {
		return world.SecurityGroupRule{}, err
	}
	if old.GroupID != g.ID {
		return *old, ruleKind().Unknown(old.ID)
	}
	if u.SecurityGroupRule == nil {
		return *old, listing.Missing("SecurityGroupRule")
	}
	rules, err := expand(r, g, old.Egress, []types.IpPermission{asked(u.SecurityGroupRule)})
	if err != nil {
		return *old, err
	}
	if len(rules) > 1 {
		return *old, wire.Errorf("InvalidParameterCombination", "A security group rule has exactly one source or destination.")
	}
	x := rules[0]
	x.ID, x.Tags = old.ID, old.Tags
	return x, nil
}

// asked turns a rule of a call into a permission with one peer.
func asked(q *types.SecurityGroupRuleRequest) types.IpPermission {
	p := types.IpPermission{IpProtocol: q.IpProtocol, FromPort: q.FromPort, ToPort: q.ToPort}
	if q.CidrIpv4 != nil {
		p.IpRanges = []types.IpRange{{CidrIp: q.CidrIpv4, Description: q.Description}}
	}
	if q.CidrIpv6 != nil {
		p.Ipv6Ranges = []types.Ipv6Range{{CidrIpv6: q.CidrIpv6, Description: q.Description}}
	}
	if q.PrefixListId != nil {
		p.PrefixListIds = []types.PrefixListId{{PrefixListId: q.PrefixListId, Description: q.Description}}
	}
	if q.ReferencedGroupId != nil {
		p.UserIdGroupPairs = []types.UserIdGroupPair{{GroupId: q.ReferencedGroupId, Description: q.Description}}
	}
	return p
}

// onlyOne refuses a rule that another one of the group equals already.
func onlyOne(n *world.Network, g *world.SecurityGroup, x world.SecurityGroupRule) error {
	for _, o := range rulesOf(n, g, x.Egress) {
		if o.ID != x.ID && samePeer(*o, x) {
			return wire.Errorf("InvalidPermission.Duplicate", "the specified rule \"%s\" already exists", said(x))
		}
	}
	return nil
}

// UpdateSecurityGroupRuleDescriptionsIngress gives rules other descriptions.
func UpdateSecurityGroupRuleDescriptionsIngress(c *world.Call, in *ec2.UpdateSecurityGroupRuleDescriptionsIngressInput) (*ec2.UpdateSecurityGroupRuleDescriptionsIngressOutput, error) {
	err := describe(c, grant{id: in.GroupId, name: in.GroupName, listed: in.IpPermissions}, in.SecurityGroupRuleDescriptions)
	if err != nil {
		return nil, err
	}
	return &ec2.UpdateSecurityGroupRuleDescriptionsIngressOutput{Return: aws.Bool(true)}, nil
}

// UpdateSecurityGroupRuleDescriptionsEgress gives rules other descriptions.
func UpdateSecurityGroupRuleDescriptionsEgress(c *world.Call, in *ec2.UpdateSecurityGroupRuleDescriptionsEgressInput) (*ec2.UpdateSecurityGroupRuleDescriptionsEgressOutput, error) {
	err := describe(c, grant{id: in.GroupId, name: in.GroupName, egress: true, listed: in.IpPermissions}, in.SecurityGroupRuleDescriptions)
	if err != nil {
		return nil, err
	}
	return &ec2.UpdateSecurityGroupRuleDescriptionsEgressOutput{Return: aws.Bool(true)}, nil
}

// describe changes descriptions of rules that are named by permission or by id.
func describe(c *world.Call, a grant, byID []types.SecurityGroupRuleDescription) error {
	g, err := needGroup(c.Region, a.id, a.name)
	if err != nil {
		return err
	}
	texts := map[string]string{}
	for _, d := range byID {
		id := aws.ToString(d.SecurityGroupRuleId)
		a.ids = append(a.ids, id)
		texts[id] = aws.ToString(d.Description)
	}
	rules, err := named(c.Region, g, a)
	if err != nil {
		return err
	}
	if len(byID) == 0 {
		asked, err := expand(c.Region, g, a.egress, a.listed)
		if err != nil {
			return err
		}
		for i, x := range rules {
			texts[x.ID] = asked[i].Description
		}
	}
	for _, x := range rules {
		x.Description = texts[x.ID]
	}
	return nil
}
