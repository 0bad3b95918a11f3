package observe

import (
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

// vpcID is the id of the cluster's VPC as far as this look knows, empty when there is none.
func (l *look) vpcID() string {
	for _, v := range l.vpcs {
		if _, ok := l.mine(ec2Tags(v.Tags), model.KindVPC); ok {
			return aws.ToString(v.VpcId)
		}
	}
	return l.inv.ID(model.VPCKey())
}

func filter(name string, values ...string) types.Filter {
	return types.Filter{Name: aws.String(name), Values: values}
}

func ec2Tags(tags []types.Tag) model.Tags {
	out := make([]model.Tag, len(tags))
	for i, t := range tags {
		out[i] = model.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return model.NewTags(out...)
}
