package apply

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func securityGroupEntry() entry {
	return typed(createSecurityGroup, updateSecurityGroup, deleteSecurityGroup)
}

// allOut is the one rule that AWS puts into every new group.
func allOut() model.Rule { return model.Rule{Protocol: "-1", CIDR: "0.0.0.0/0"} }

func createSecurityGroup(ctx context.Context, j *job, s model.SecurityGroup) (model.Handle, error) {
	out, err := cloud.Write(ctx, j.c, j.c.EC2.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{
		GroupName: aws.String(s.GroupName), Description: aws.String(s.Description), VpcId: aws.String(j.have.ID(s.VPC)),
		TagSpecifications: tagSpec(types.ResourceTypeSecurityGroup, s.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	h := model.Handle{ID: aws.ToString(out.GroupId)}
	return h, j.setRules(ctx, h.ID, model.SecurityGroup{Egress: []model.Rule{allOut()}}, s)
}

func updateSecurityGroup(ctx context.Context, j *job, s model.SecurityGroup) (model.Handle, error) {
	h, from := j.handle(), j.change.From.(model.SecurityGroup)
	if err := j.setRules(ctx, h.ID, from, s); err != nil {
		return h, err
	}
	return h, j.retag(ctx, h.ID, from.Tags, s.Tags)
}

// deleteSecurityGroup first takes out the rules that name groups: groups that name each other would keep each other.
func deleteSecurityGroup(ctx context.Context, j *job, s model.SecurityGroup) (model.Handle, error) {
	plainRules := func(rules []model.Rule) []model.Rule {
		return slices.DeleteFunc(slices.Clone(rules), func(r model.Rule) bool { return !r.Group.IsZero() })
	}
	left := model.SecurityGroup{Ingress: plainRules(s.Ingress), Egress: plainRules(s.Egress)}
	if err := gone(j.setRules(ctx, j.id(), s, left)); err != nil {
		return j.handle(), err
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupId: aws.String(j.id())})
	return model.Handle{}, gone(err)
}

// setRules first lets in what is missing, then shuts out what is too much, so that wanted traffic never stops. A rule
// whose description alone differs is the same rule to AWS and must go before it can come.
func (j *job) setRules(ctx context.Context, id string, from, to model.SecurityGroup) error {
	for _, side := range []struct {
		have, want []model.Rule
		out        bool
	}{{from.Ingress, to.Ingress, false}, {from.Egress, to.Egress, true}} {
		missing, extra := difference(side.want, side.have), difference(side.have, side.want)
		clash := slices.DeleteFunc(slices.Clone(extra), func(r model.Rule) bool { return !samePath(r, missing) })
		extra = slices.DeleteFunc(extra, func(r model.Rule) bool { return samePath(r, missing) })
		if err := j.revoke(ctx, id, clash, side.out); err != nil {
			return err
		}
		if err := j.authorize(ctx, id, missing, side.out); err != nil {
			return err
		}
		if err := j.revoke(ctx, id, extra, side.out); err != nil {
			return err
		}
	}
	return nil
}

// difference are the rules of a that are not in b.
func difference(a, b []model.Rule) []model.Rule {
	return slices.DeleteFunc(slices.Clone(a), func(r model.Rule) bool { return slices.Contains(b, r) })
}

// samePath tells whether one of the rules lets the same traffic through as r.
func samePath(r model.Rule, rules []model.Rule) bool {
	return slices.ContainsFunc(rules, func(o model.Rule) bool {
		o.Description = r.Description
		return o == r
	})
}

func (j *job) authorize(ctx context.Context, id string, rules []model.Rule, out bool) error {
	if len(rules) == 0 {
		return nil
	}
	var err error
	if out {
		_, err = cloud.Repeat(ctx, j.c, j.c.EC2.AuthorizeSecurityGroupEgress, &ec2.AuthorizeSecurityGroupEgressInput{
			GroupId: aws.String(id), IpPermissions: j.permissions(rules),
		})
	} else {
		_, err = cloud.Repeat(ctx, j.c, j.c.EC2.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{
			GroupId: aws.String(id), IpPermissions: j.permissions(rules),
		})
	}
	if cloud.Code(err) == "InvalidPermission.Duplicate" && len(rules) > 1 {
		return j.oneByOne(ctx, id, rules, out) // one of them stands already: AWS then adds none
	}
	if cloud.Code(err) == "InvalidPermission.Duplicate" {
		return nil
	}
	return err
}

func (j *job) oneByOne(ctx context.Context, id string, rules []model.Rule, out bool) error {
	for _, r := range rules {
		if err := j.authorize(ctx, id, []model.Rule{r}, out); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) revoke(ctx context.Context, id string, rules []model.Rule, out bool) error {
	if len(rules) == 0 {
		return nil
	}
	var err error
	if out {
		_, err = cloud.Repeat(ctx, j.c, j.c.EC2.RevokeSecurityGroupEgress, &ec2.RevokeSecurityGroupEgressInput{
			GroupId: aws.String(id), IpPermissions: j.permissions(rules),
		})
	} else {
		_, err = cloud.Repeat(ctx, j.c, j.c.EC2.RevokeSecurityGroupIngress, &ec2.RevokeSecurityGroupIngressInput{
			GroupId: aws.String(id), IpPermissions: j.permissions(rules),
		})
	}
	return gone(err)
}

// permissions are rules as EC2 takes them, one permission a rule.
func (j *job) permissions(rules []model.Rule) []types.IpPermission {
	out := make([]types.IpPermission, len(rules))
	for i, r := range rules {
		p := types.IpPermission{IpProtocol: aws.String(r.Protocol)}
		if r.Protocol != "-1" {
			p.FromPort, p.ToPort = aws.Int32(int32(r.From)), aws.Int32(int32(r.To))
		}
		j.peer(&p, r)
		out[i] = p
	}
	return out
}

// peer puts the rule's other side into the field that EC2 has for it.
func (j *job) peer(p *types.IpPermission, r model.Rule) {
	var text *string
	if r.Description != "" {
		text = aws.String(r.Description)
	}
	switch {
	case !r.Group.IsZero():
		p.UserIdGroupPairs = []types.UserIdGroupPair{{GroupId: aws.String(j.have.ID(r.Group)), Description: text}}
	case len(r.CIDR) > 3 && r.CIDR[:3] == "pl-":
		p.PrefixListIds = []types.PrefixListId{{PrefixListId: aws.String(r.CIDR), Description: text}}
	case slices.Contains([]byte(r.CIDR), ':'):
		p.Ipv6Ranges = []types.Ipv6Range{{CidrIpv6: aws.String(r.CIDR), Description: text}}
	default:
		p.IpRanges = []types.IpRange{{CidrIp: aws.String(r.CIDR), Description: text}}
	}
}
