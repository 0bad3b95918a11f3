package observe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

type endpointAnswers struct{ endpointsFound []types.VpcEndpoint }

func endpointRow() row {
	return row{model.KindEndpoint, []func(*look) []call{nothing, endpointCalls}, foldEndpoints}
}

func endpointCalls(l *look) []call {
	in := &ec2.DescribeVpcEndpointsInput{Filters: l.inVPC()}
	if in.Filters == nil {
		return nil
	}
	return []call{pages(l, l.c.EC2.DescribeVpcEndpoints, in, func(in *ec2.DescribeVpcEndpointsInput, out *ec2.DescribeVpcEndpointsOutput) bool {
		l.endpointsFound = append(l.endpointsFound, out.VpcEndpoints...)
		return more(out.NextToken, &in.NextToken)
	})}
}

func foldEndpoints(l *look) {
	for _, e := range l.endpointsFound {
		if strings.EqualFold(string(e.State), "deleted") || !l.inOwnVPC(e.VpcId) {
			continue
		}
		tags, id := ec2Tags(e.Tags), aws.ToString(e.VpcEndpointId)
		k, ok := l.mine(tags, model.KindEndpoint)
		if !ok || k.IsZero() {
			l.stray(model.Key{}, id, "VPC endpoint "+id)
			continue
		}
		name := aws.ToString(e.ServiceName)
		r := model.Endpoint{Service: name[strings.LastIndexByte(name, '.')+1:], Tags: tags.Own()}
		for _, t := range slices.Sorted(slices.Values(e.RouteTableIds)) {
			r.RouteTables = append(r.RouteTables, l.key(t))
		}
		l.add(r, model.Handle{ID: id, Status: endpointStatus(string(e.State))})
	}
}

// endpointStatus reads a state that AWS writes in more than one way ("Available", "available").
func endpointStatus(s string) model.Status {
	switch strings.ToLower(s) {
	case "pending", "pendingacceptance":
		return model.Pending
	case "deleting":
		return model.Leaving
	case "failed", "rejected", "expired":
		return model.Failed
	}
	return model.Ready
}
