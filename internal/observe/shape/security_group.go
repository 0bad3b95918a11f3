package shape

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// Rules turns EC2's nested permissions into single rules. IPv6 ranges and prefix lists are rules too: berth asks for
// none, so they show as drift.
func Rules(key Keys, permissions []types.IpPermission) []model.Rule {
	var out []model.Rule
	for _, p := range permissions {
		base := model.Rule{Protocol: aws.ToString(p.IpProtocol), From: int(aws.ToInt32(p.FromPort)), To: int(aws.ToInt32(p.ToPort))}
		for _, r := range p.IpRanges {
			out = append(out, cidrRule(base, aws.ToString(r.CidrIp), aws.ToString(r.Description)))
		}
		for _, r := range p.Ipv6Ranges {
			out = append(out, cidrRule(base, aws.ToString(r.CidrIpv6), aws.ToString(r.Description)))
		}
		for _, r := range p.PrefixListIds {
			out = append(out, cidrRule(base, aws.ToString(r.PrefixListId), aws.ToString(r.Description)))
		}
		for _, r := range p.UserIdGroupPairs {
			one := cidrRule(base, "", aws.ToString(r.Description))
			one.Group = key(aws.ToString(r.GroupId))
			out = append(out, one)
		}
	}
	return out
}

func cidrRule(base model.Rule, cidr, description string) model.Rule {
	base.CIDR, base.Description = cidr, description
	return base
}
