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

type internetGatewayAnswers struct{ gateways []types.InternetGateway }

// internetGatewayRow asks by tags, not by VPC: a gateway that was detached is still ours.
func internetGatewayRow() row {
	return row{model.KindInternetGateway, []func(*look) []call{internetGatewayCalls}, foldInternetGateways}
}

func internetGatewayCalls(l *look) []call {
	in := &ec2.DescribeInternetGatewaysInput{Filters: marked()}
	return []call{fetch.Pages(l, l.c.EC2.DescribeInternetGateways, in, func(in *ec2.DescribeInternetGatewaysInput, out *ec2.DescribeInternetGatewaysOutput) bool {
		l.gateways = append(l.gateways, out.InternetGateways...)
		return fetch.More(out.NextToken, &in.NextToken)
	})}
}

func foldInternetGateways(l *look) {
	for _, g := range first(l.gateways, func(g types.InternetGateway) (bool, *string) { return len(g.Attachments) > 0, g.InternetGatewayId }) {
		tags := shape.EC2Tags(g.Tags)
		if _, ok := l.mine(tags, model.KindInternetGateway); !ok || l.elsewhere(g) {
			continue
		}
		r := model.InternetGateway{Tags: tags.Own()}
		for _, a := range g.Attachments {
			r.VPC = l.key(aws.ToString(a.VpcId))
		}
		l.add(r, model.Handle{ID: aws.ToString(g.InternetGatewayId)})
	}
}

// elsewhere tells whether a gateway serves a VPC that is not the cluster's: then it is ours only where the tag that berth
// alone sets says so, and never while the file lets the cluster live in a VPC of others.
func (l *look) elsewhere(g types.InternetGateway) bool {
	return (l.ask.Existing != nil || !l.keyed(shape.EC2Tags(g.Tags), model.KindInternetGateway)) &&
		slices.ContainsFunc(g.Attachments, func(a types.InternetGatewayAttachment) bool { return !l.inOwnVPC(a.VpcId) })
}
