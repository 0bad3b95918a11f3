package observe

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type vpcAnswers struct {
	vpcs     []types.Vpc
	vpcDNS   map[string]bool // by VPC id: enableDnsSupport
	vpcNames map[string]bool // by VPC id: enableDnsHostnames
}

func vpcRow() row {
	return row{model.KindVPC, []func(*look) []call{vpcCalls, vpcDetailCalls}, foldVPCs}
}

func vpcCalls(l *look) []call {
	in := &ec2.DescribeVpcsInput{Filters: marked()}
	return []call{fetch.Get(l, l.c.EC2.DescribeVpcs, in, func(out *ec2.DescribeVpcsOutput) { l.vpcs = out.Vpcs })}
}

func vpcDetailCalls(l *look) []call {
	l.vpcDNS, l.vpcNames = map[string]bool{}, map[string]bool{}
	var calls []call
	for _, v := range l.vpcs {
		id := aws.ToString(v.VpcId)
		if !l.ownVPC(v) {
			continue
		}
		calls = append(calls,
			fetch.Get(l, l.c.EC2.DescribeVpcAttribute, vpcAttribute(id, types.VpcAttributeNameEnableDnsSupport), func(out *ec2.DescribeVpcAttributeOutput) {
				l.vpcDNS[id] = aws.ToBool(out.EnableDnsSupport.Value)
			}),
			fetch.Get(l, l.c.EC2.DescribeVpcAttribute, vpcAttribute(id, types.VpcAttributeNameEnableDnsHostnames), func(out *ec2.DescribeVpcAttributeOutput) {
				l.vpcNames[id] = aws.ToBool(out.EnableDnsHostnames.Value)
			}))
	}
	return calls
}

// ownVPC tells whether a VPC is the cluster's. One that the file calls existing never is, whatever its tags say; one that
// lost the tag of berth's own is as long as a subnet in it has it, and until that is known.
func (l *look) ownVPC(v types.Vpc) bool {
	id, tags := aws.ToString(v.VpcId), shape.EC2Tags(v.Tags)
	_, ok := l.mine(tags, model.KindVPC)
	return ok && !l.mayBeTheirs(id) && (!l.told || l.keyed(tags, model.KindVPC) || l.keys[id] == model.VPCKey() || l.holdsOurs(id))
}

// mayBeTheirs tells whether a VPC is one that the file may mean by existing_vpc.
func (l *look) mayBeTheirs(vpc string) bool {
	return l.ask.Existing != nil && (vpc == l.ask.Existing.ID ||
		slices.ContainsFunc(l.candidates(), func(c model.Candidate) bool { return c.ID == vpc }))
}

// holdsOurs tells whether a subnet in a VPC has the tag that berth alone sets.
func (l *look) holdsOurs(vpc string) bool {
	return slices.ContainsFunc(l.subnetsFound, func(s types.Subnet) bool {
		return aws.ToString(s.VpcId) == vpc && l.keyed(shape.EC2Tags(s.Tags), model.KindSubnet)
	})
}

func vpcAttribute(id string, name types.VpcAttributeName) *ec2.DescribeVpcAttributeInput {
	return &ec2.DescribeVpcAttributeInput{VpcId: aws.String(id), Attribute: name}
}

func foldVPCs(l *look) {
	for _, v := range first(l.vpcs, func(v types.Vpc) (bool, *string) { return l.inhabited(v.VpcId), v.VpcId }) {
		tags, id := shape.EC2Tags(v.Tags), aws.ToString(v.VpcId)
		if !l.ownVPC(v) {
			continue
		}
		h := model.Handle{ID: id}
		if v.State != types.VpcStateAvailable {
			h.Status = model.Pending
		}
		r := model.VPC{CIDR: aws.ToString(v.CidrBlock), DNSSupport: l.vpcDNS[id], DNSHostnames: l.vpcNames[id], Tags: tags.Own()}
		l.add(r, h)
	}
}
