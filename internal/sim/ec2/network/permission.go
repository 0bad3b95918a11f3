package network

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// A permission is a rule as the older half of the API shows it: one protocol and port range with all its peers.

// expand checks the permissions of a call and turns them into one rule per peer.
func expand(r *world.Region, g *world.SecurityGroup, egress bool, in []types.IpPermission) ([]world.SecurityGroupRule, error) {
	var out []world.SecurityGroupRule
	for _, p := range in {
		base, err := portRange(p)
		if err != nil {
			return nil, err
		}
		base.Egress, base.GroupID = egress, g.ID
		rules, err := peers(r, g, base, p)
		if err != nil {
			return nil, err
		}
		out = append(out, rules...)
	}
	for i, x := range out {
		if slices.ContainsFunc(out[:i], func(o world.SecurityGroupRule) bool { return samePeer(o, x) }) {
			return nil, listing.Invalid("The same permission must not appear multiple times")
		}
		if len(x.Description) > 255 {
			return nil, listing.Invalid("Invalid rule description. The length of a description cannot exceed 255 characters.")
		}
	}
	return out, nil
}

// portRange reads protocol and ports of a permission.
func portRange(p types.IpPermission) (world.SecurityGroupRule, error) {
	out := world.SecurityGroupRule{From: -1, To: -1}
	var err error
	if out.Protocol, err = protocol(p.IpProtocol); err != nil {
		return out, err
	}
	switch out.Protocol {
	case "tcp", "udp":
		if p.FromPort == nil || p.ToPort == nil {
			return out, listing.Invalid("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
		}
		out.From, out.To = *p.FromPort, *p.ToPort
		if out.From == -1 && out.To == -1 {
			out.From, out.To = 0, 65535
		}
		if out.From < 0 || out.To > 65535 || out.From > out.To {
			return out, listing.Invalid("Invalid value '%d-%d' for portRange. The port range must lie between 0 and 65535.", out.From, out.To)
		}
	case "icmp", "icmpv6":
		if p.FromPort != nil {
			out.From = *p.FromPort
		}
		if p.ToPort != nil {
			out.To = *p.ToPort
		}
	}
	return out, nil
}

// protocol reads a protocol's name or number and gives the name that EC2 stores.
func protocol(in *string) (string, error) {
	named := map[string]string{"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
	p := strings.ToLower(aws.ToString(in))
	if name, ok := named[p]; ok {
		p = name
	}
	switch p {
	case "":
		return "", listing.Missing("ipProtocol")
	case "-1", "tcp", "udp", "icmp", "icmpv6":
		return p, nil
	}
	if n, err := strconv.Atoi(p); err != nil || n < 0 || n > 255 {
		return "", listing.Invalid("Invalid value '%s' for IP protocol. Unknown protocol.", aws.ToString(in))
	}
	return p, nil
}

// peers makes a rule of base for each peer that a permission names.
func peers(r *world.Region, g *world.SecurityGroup, base world.SecurityGroupRule, p types.IpPermission) ([]world.SecurityGroupRule, error) {
	var out []world.SecurityGroupRule
	add := func(description *string, set func(*world.SecurityGroupRule)) {
		x := base
		x.Description = aws.ToString(description)
		set(&x)
		out = append(out, x)
	}
	for _, x := range p.IpRanges {
		cidr, ok := block(aws.ToString(x.CidrIp))
		if !ok {
			return nil, listing.Invalid("CIDR block %s is malformed", aws.ToString(x.CidrIp))
		}
		add(x.Description, func(o *world.SecurityGroupRule) { o.CIDR4 = cidr.String() })
	}
	for _, x := range p.Ipv6Ranges {
		cidr, err := netip.ParsePrefix(aws.ToString(x.CidrIpv6))
		if err != nil || !cidr.Addr().Is6() {
			return nil, listing.Invalid("CIDR block %s is malformed", aws.ToString(x.CidrIpv6))
		}
		add(x.Description, func(o *world.SecurityGroupRule) { o.CIDR6 = cidr.Masked().String() })
	}
	for _, x := range p.PrefixListIds {
		id := aws.ToString(x.PrefixListId)
		if !prefixListIn(r.Name, id) {
			return nil, wire.Errorf("InvalidPrefixListId.NotFound", "The prefix list ID '%s' does not exist", id)
		}
		add(x.Description, func(o *world.SecurityGroupRule) { o.PrefixList = id })
	}
	for _, x := range p.UserIdGroupPairs {
		peer, err := peerGroup(r, g, x)
		if err != nil {
			return nil, err
		}
		add(x.Description, func(o *world.SecurityGroupRule) { o.Group = peer.ID })
	}
	if len(out) == 0 {
		return nil, listing.Missing("ipRanges")
	}
	return out, nil
}

// peerGroup finds the group that a rule of g names, in g's own network.
func peerGroup(r *world.Region, g *world.SecurityGroup, x types.UserIdGroupPair) (*world.SecurityGroup, error) {
	peer, err := needGroup(r, x.GroupId, x.GroupName)
	if err != nil {
		return nil, err
	}
	if peer.VPCID != g.VPCID {
		return nil, wire.Errorf("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.")
	}
	return peer, nil
}

// samePeer tells whether two rules let the same through, whatever they are called.
func samePeer(a, b world.SecurityGroupRule) bool { return pattern(a) == pattern(b) }

// rulePattern is what a rule lets through.
type rulePattern struct {
	group, protocol                string
	egress                         bool
	from, to                       int32
	cidr4, cidr6, list, peersGroup string
}

func pattern(x world.SecurityGroupRule) rulePattern {
	return rulePattern{x.GroupID, x.Protocol, x.Egress, x.From, x.To, x.CIDR4, x.CIDR6, x.PrefixList, x.Group}
}

// said describes a rule as EC2's messages do.
func said(x world.SecurityGroupRule) string {
	peer := listing.Gather([]string{x.CIDR4, x.CIDR6, x.PrefixList, x.Group}, strings.Clone)[0]
	if x.Protocol == "-1" {
		return fmt.Sprintf("peer: %s, ALL, ALLOW", peer)
	}
	return fmt.Sprintf("peer: %s, %s, from port: %d, to port: %d, ALLOW", peer, strings.ToUpper(x.Protocol), x.From, x.To)
}

// permissions joins rules of one protocol and port range.
func permissions(rules []*world.SecurityGroupRule) []types.IpPermission {
	type span struct {
		protocol string
		from, to int32
	}
	at := map[span]int{}
	out := []types.IpPermission{}
	for _, x := range rules {
		key := span{x.Protocol, x.From, x.To}
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, emptyPermission(x))
		}
		addPeer(&out[i], x)
	}
	return out
}

func emptyPermission(x *world.SecurityGroupRule) types.IpPermission {
	p := types.IpPermission{
		IpProtocol: aws.String(x.Protocol), IpRanges: []types.IpRange{}, Ipv6Ranges: []types.Ipv6Range{},
		PrefixListIds: []types.PrefixListId{}, UserIdGroupPairs: []types.UserIdGroupPair{},
	}
	switch x.Protocol {
	case "tcp", "udp", "icmp", "icmpv6":
		p.FromPort, p.ToPort = aws.Int32(x.From), aws.Int32(x.To)
	}
	return p
}

func addPeer(p *types.IpPermission, x *world.SecurityGroupRule) {
	text := listing.Filled(x.Description)
	switch {
	case x.CIDR4 != "":
		p.IpRanges = append(p.IpRanges, types.IpRange{CidrIp: aws.String(x.CIDR4), Description: text})
	case x.CIDR6 != "":
		p.Ipv6Ranges = append(p.Ipv6Ranges, types.Ipv6Range{CidrIpv6: aws.String(x.CIDR6), Description: text})
	case x.PrefixList != "":
		p.PrefixListIds = append(p.PrefixListIds, types.PrefixListId{PrefixListId: aws.String(x.PrefixList), Description: text})
	default:
		p.UserIdGroupPairs = append(p.UserIdGroupPairs, types.UserIdGroupPair{
			GroupId: aws.String(x.Group), UserId: aws.String(world.Account), Description: text,
		})
	}
}
