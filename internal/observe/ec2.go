package observe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// marked filters EC2 resources that carry one of our tags; which of them are this cluster's is told by mine. Asking
// for one of two tags finds a resource that lost the other. What lies in the VPC is asked for by the VPC's id instead,
// which shows what others put there too.
func marked() []types.Filter {
	return []types.Filter{filter("tag-key", model.TagKey, model.TagCluster)}
}

// vpcIDs are the ids of the cluster's VPCs as far as this look knows: one, or none; more only where the answer to a
// create was lost. The one with the subnets comes first.
func (l *look) vpcIDs() []string {
	var out []string
	for _, v := range first(l.vpcs, func(v types.Vpc) (bool, *string) { return l.inhabited(v.VpcId), v.VpcId }) {
		if l.ownVPC(v) {
			out = append(out, aws.ToString(v.VpcId))
		}
	}
	if id := l.inv.ID(model.VPCKey()); len(out) == 0 && id != "" {
		out = []string{id}
	}
	return out
}

// inOwnVPC tells whether an id is that of a VPC that berth made for the cluster.
func (l *look) inOwnVPC(vpc *string) bool { return slices.Contains(l.vpcIDs(), aws.ToString(vpc)) }

func (l *look) inhabited(vpc *string) bool {
	return slices.ContainsFunc(l.subnetsFound, func(s types.Subnet) bool { return aws.ToString(s.VpcId) == aws.ToString(vpc) })
}

// vpcID is the id of the cluster's VPC as far as this look knows, empty when there is none.
func (l *look) vpcID() string {
	if ids := l.vpcIDs(); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// first puts what others refer to first, then the lower id: of two resources with one key the first one stays.
func first[T any](found []T, what func(T) (referred bool, id *string)) []T {
	return slices.SortedStableFunc(slices.Values(found), func(a, b T) int {
		x, i := what(a)
		y, j := what(b)
		switch {
		case x && !y:
			return -1
		case y && !x:
			return 1
		}
		return strings.Compare(aws.ToString(i), aws.ToString(j))
	})
}

func filter(name string, values ...string) types.Filter {
	return types.Filter{Name: aws.String(name), Values: values}
}
