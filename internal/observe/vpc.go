package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
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
	return []call{get(l, l.c.EC2.DescribeVpcs, in, func(out *ec2.DescribeVpcsOutput) { l.vpcs = out.Vpcs })}
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
			get(l, l.c.EC2.DescribeVpcAttribute, vpcAttribute(id, types.VpcAttributeNameEnableDnsSupport), func(out *ec2.DescribeVpcAttributeOutput) {
				l.vpcDNS[id] = aws.ToBool(out.EnableDnsSupport.Value)
			}),
			get(l, l.c.EC2.DescribeVpcAttribute, vpcAttribute(id, types.VpcAttributeNameEnableDnsHostnames), func(out *ec2.DescribeVpcAttributeOutput) {
				l.vpcNames[id] = aws.ToBool(out.EnableDnsHostnames.Value)
			}))
	}
	return calls
}

// ownVPC tells whether a VPC is the cluster's. One that the file calls existing never is, whatever its tags say.
func (l *look) ownVPC(v types.Vpc) bool {
	_, ok := l.mine(ec2Tags(v.Tags), model.KindVPC)
	return ok && (l.ask.Existing == nil || aws.ToString(v.VpcId) != l.ask.Existing.ID)
}

func vpcAttribute(id string, name types.VpcAttributeName) *ec2.DescribeVpcAttributeInput {
	return &ec2.DescribeVpcAttributeInput{VpcId: aws.String(id), Attribute: name}
}

func foldVPCs(l *look) {
	for _, v := range first(l.vpcs, func(v types.Vpc) (bool, *string) { return l.inhabited(v.VpcId), v.VpcId }) {
		tags, id := ec2Tags(v.Tags), aws.ToString(v.VpcId)
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
