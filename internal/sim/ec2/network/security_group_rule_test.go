package network

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func tcp(port int32, cidrs ...string) types.IpPermission {
	p := types.IpPermission{IpProtocol: aws.String("tcp"), FromPort: &port, ToPort: &port}
	for _, c := range cidrs {
		p.IpRanges = append(p.IpRanges, types.IpRange{CidrIp: &c, Description: aws.String("from " + c)})
	}
	return p
}

func TestEachPeerIsARuleOfItsOwn(t *testing.T) {
	s := newSite(t)
	id := s.group(s.vpc("10.0.0.0/16"), "web")
	out := ok(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &id, IpPermissions: []types.IpPermission{tcp(80, "0.0.0.0/0", "10.0.0.9/8"), tcp(443, "0.0.0.0/0")},
		TagSpecifications: tagged("security-group-rule", "k", "v"),
	})
	if len(out.SecurityGroupRules) != 3 || *out.SecurityGroupRules[1].CidrIpv4 != "10.0.0.0/8" || *out.SecurityGroupRules[0].Tags[0].Key != "k" {
		t.Errorf("rules: %+v", out.SecurityGroupRules)
	}
	got := ok(s, DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{id}}).SecurityGroups[0].IpPermissions
	if len(got) != 2 || len(got[0].IpRanges) != 2 || *got[0].IpRanges[0].Description != "from 0.0.0.0/0" {
		t.Errorf("permissions: %+v", got)
	}
	rules := ok(s, DescribeSecurityGroupRules, &ec2.DescribeSecurityGroupRulesInput{Filters: filters("group-id", id)}).SecurityGroupRules
	if len(rules) != 4 { // with the one that lets everything out
		t.Errorf("%d rules", len(rules))
	}
}

func TestDuplicateRuleRefusesTheWholeCall(t *testing.T) {
	s := newSite(t)
	id := s.group(s.vpc("10.0.0.0/16"), "web")
	ok(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &id, IpPermissions: []types.IpPermission{tcp(80, "0.0.0.0/0")}})
	refused(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &id, IpPermissions: []types.IpPermission{tcp(443, "0.0.0.0/0"), tcp(80, "0.0.0.0/0")}},
		"InvalidPermission.Duplicate", `the specified rule "peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW" already exists`)
	refused(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &id, IpPermissions: []types.IpPermission{tcp(22, "0.0.0.0/0", "0.0.0.0/0")}},
		"InvalidParameterValue", "multiple times")
	all := []types.IpPermission{{IpProtocol: aws.String("-1"), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}}
	refused(s, AuthorizeSecurityGroupEgress, &ec2.AuthorizeSecurityGroupEgressInput{GroupId: &id, IpPermissions: all}, "InvalidPermission.Duplicate", "peer: 0.0.0.0/0, ALL, ALLOW")
	got := ok(s, DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{id}}).SecurityGroups[0]
	if len(got.IpPermissions) != 1 {
		t.Errorf("%d permissions after the refusals", len(got.IpPermissions))
	}
}

func TestRulesAreRevokedByPeerOrByID(t *testing.T) {
	s := newSite(t)
	id := s.group(s.vpc("10.0.0.0/16"), "web")
	made := ok(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &id, IpPermissions: []types.IpPermission{tcp(80, "0.0.0.0/0"), tcp(443, "0.0.0.0/0")}})
	bare := types.IpPermission{IpProtocol: aws.String("6"), FromPort: aws.Int32(80), ToPort: aws.Int32(80), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}
	in := &ec2.RevokeSecurityGroupIngressInput{GroupId: &id, IpPermissions: []types.IpPermission{bare}}
	if out := ok(s, RevokeSecurityGroupIngress, in); len(out.RevokedSecurityGroupRules) != 1 || *out.RevokedSecurityGroupRules[0].FromPort != 80 {
		t.Errorf("revoked: %+v", out.RevokedSecurityGroupRules)
	}
	refused(s, RevokeSecurityGroupIngress, in, "InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
	second := *made.SecurityGroupRules[1].SecurityGroupRuleId
	ok(s, RevokeSecurityGroupIngress, &ec2.RevokeSecurityGroupIngressInput{GroupId: &id, SecurityGroupRuleIds: []string{second}})
	refused(s, RevokeSecurityGroupIngress, &ec2.RevokeSecurityGroupIngressInput{GroupId: &id, SecurityGroupRuleIds: []string{second}}, "InvalidSecurityGroupRuleId.NotFound", second)
	// Clients name the ports of "everything" as 0 to 0.
	out := types.IpPermission{IpProtocol: aws.String("-1"), FromPort: aws.Int32(0), ToPort: aws.Int32(0), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}
	ok(s, RevokeSecurityGroupEgress, &ec2.RevokeSecurityGroupEgressInput{GroupId: &id, IpPermissions: []types.IpPermission{out}})
	if left := ok(s, DescribeSecurityGroupRules, &ec2.DescribeSecurityGroupRulesInput{Filters: filters("group-id", id)}); len(left.SecurityGroupRules) != 0 {
		t.Errorf("%d rules left", len(left.SecurityGroupRules))
	}
}

func TestPermissionsAreChecked(t *testing.T) {
	s := newSite(t)
	vpc, other := s.vpc("10.0.0.0/16"), s.vpc("10.1.0.0/16")
	id, foreign := s.group(vpc, "web"), s.group(other, "web")
	anyone := []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}
	for _, x := range []struct {
		name, code, words string
		p                 types.IpPermission
	}{
		{"protocol", "InvalidParameterValue", "Unknown protocol", types.IpPermission{IpProtocol: aws.String("tpc"), IpRanges: anyone}},
		{"no protocol", "MissingParameter", "ipProtocol", types.IpPermission{IpRanges: anyone}},
		{"no ports", "InvalidParameterValue", "Must specify both from and to ports", types.IpPermission{IpProtocol: aws.String("tcp"), IpRanges: anyone}},
		{"ports", "InvalidParameterValue", "90-80", types.IpPermission{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(90), ToPort: aws.Int32(80), IpRanges: anyone}},
		{"block", "InvalidParameterValue", "malformed", tcp(80, "0.0.0.0/33")},
		{"no peer", "MissingParameter", "ipRanges", tcp(80)},
		{"unknown group", "InvalidGroup.NotFound", "sg-0123456789abcdef0", types.IpPermission{
			IpProtocol: aws.String("-1"), UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: aws.String("sg-0123456789abcdef0")}},
		}},
		{"foreign group", "InvalidGroup.NotFound", "different networks", types.IpPermission{IpProtocol: aws.String("-1"), UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &foreign}}}},
		{"unknown list", "InvalidPrefixListId.NotFound", "pl-0", types.IpPermission{IpProtocol: aws.String("-1"), PrefixListIds: []types.PrefixListId{{PrefixListId: aws.String("pl-0")}}}},
	} {
		t.Run(x.name, func(t *testing.T) {
			in := &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &id, IpPermissions: []types.IpPermission{x.p}}
			refused(&site{s.Call, t}, AuthorizeSecurityGroupIngress, in, x.code, x.words)
		})
	}
}

func TestRuleQuotaCountsFamiliesApart(t *testing.T) {
	s := newSite(t)
	s.Region.Quotas = map[string]int{"L-0EA8095F": 2}
	id := s.group(s.vpc("10.0.0.0/16"), "web")
	six := types.IpPermission{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80), Ipv6Ranges: []types.Ipv6Range{{CidrIpv6: aws.String("::/0")}}}
	ok(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &id, IpPermissions: []types.IpPermission{tcp(80, "0.0.0.0/0"), tcp(81, "0.0.0.0/0"), six}})
	refused(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &id, IpPermissions: []types.IpPermission{tcp(82, "0.0.0.0/0")}}, "RulesPerSecurityGroupLimitExceeded", "")
}

func TestRulesAreChangedInPlace(t *testing.T) {
	s := newSite(t)
	id := s.group(s.vpc("10.0.0.0/16"), "web")
	made := ok(s, AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &id, IpPermissions: []types.IpPermission{tcp(80, "0.0.0.0/0"), tcp(443, "0.0.0.0/0")}}).SecurityGroupRules
	rule := *made[0].SecurityGroupRuleId
	read := func() types.SecurityGroupRule {
		return ok(s, DescribeSecurityGroupRules, &ec2.DescribeSecurityGroupRulesInput{SecurityGroupRuleIds: []string{rule}}).SecurityGroupRules[0]
	}
	ok(s, UpdateSecurityGroupRuleDescriptionsIngress, &ec2.UpdateSecurityGroupRuleDescriptionsIngressInput{
		GroupId: &id, SecurityGroupRuleDescriptions: []types.SecurityGroupRuleDescription{{SecurityGroupRuleId: &rule, Description: aws.String("by id")}},
	})
	if got := *read().Description; got != "by id" {
		t.Errorf("description: %q", got)
	}
	ok(s, UpdateSecurityGroupRuleDescriptionsIngress, &ec2.UpdateSecurityGroupRuleDescriptionsIngressInput{GroupId: &id, IpPermissions: []types.IpPermission{tcp(80, "0.0.0.0/0")}})
	if got := *read().Description; got != "from 0.0.0.0/0" {
		t.Errorf("description: %q", got)
	}
	to := func(port int32) *ec2.ModifySecurityGroupRulesInput {
		return &ec2.ModifySecurityGroupRulesInput{GroupId: &id, SecurityGroupRules: []types.SecurityGroupRuleUpdate{{
			SecurityGroupRuleId: &rule,
			SecurityGroupRule:   &types.SecurityGroupRuleRequest{IpProtocol: aws.String("tcp"), FromPort: &port, ToPort: &port, CidrIpv4: aws.String("0.0.0.0/0")},
		}}}
	}
	refused(s, ModifySecurityGroupRules, to(443), "InvalidPermission.Duplicate", "")
	ok(s, ModifySecurityGroupRules, to(8080))
	if got := read(); *got.FromPort != 8080 || got.Description != nil {
		t.Errorf("changed: %+v", got)
	}
}
