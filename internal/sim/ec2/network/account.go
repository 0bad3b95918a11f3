package network

import (
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// DescribeAccountAttributes tells the account's old-style limits and that it has no default VPC.
func DescribeAccountAttributes(c *world.Call, in *ec2.DescribeAccountAttributesInput) (*ec2.DescribeAccountAttributesOutput, error) {
	addresses := strconv.Itoa(c.Region.Quota("L-0263D0A3"))
	all := []struct{ name, value string }{
		{"supported-platforms", "VPC"},
		{"vpc-max-security-groups-per-interface", strconv.Itoa(c.Region.Quota("L-2AFB9258"))},
		{"max-elastic-ips", addresses},
		{"max-instances", "20"},
		{"vpc-max-elastic-ips", addresses},
		{"default-vpc", "none"},
	}
	out := &ec2.DescribeAccountAttributesOutput{}
	for _, want := range in.AttributeNames {
		if !slices.ContainsFunc(all, func(a struct{ name, value string }) bool { return a.name == string(want) }) {
			return nil, wire.Errorf("InvalidParameterValue", "Value (%s) for parameter attribute is invalid. Unknown attribute.", want)
		}
	}
	for _, a := range all {
		if len(in.AttributeNames) > 0 && !slices.Contains(in.AttributeNames, types.AccountAttributeName(a.name)) {
			continue
		}
		out.AccountAttributes = append(out.AccountAttributes, types.AccountAttribute{
			AttributeName:   aws.String(a.name),
			AttributeValues: []types.AccountAttributeValue{{AttributeValue: aws.String(a.value)}},
		})
	}
	return out, nil
}
