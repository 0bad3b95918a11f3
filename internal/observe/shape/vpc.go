package shape

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Ranges are the IPv4 ranges of a VPC, its first one first.
func Ranges(v types.Vpc) []string {
	out := []string{aws.ToString(v.CidrBlock)}
	for _, a := range v.CidrBlockAssociationSet {
		cidr := aws.ToString(a.CidrBlock)
		if a.CidrBlockState != nil && a.CidrBlockState.State == types.VpcCidrBlockStateCodeAssociated && !slices.Contains(out, cidr) {
			out = append(out, cidr)
		}
	}
	return out
}
