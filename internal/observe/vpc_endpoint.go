package observe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
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
	return []call{fetch.Pages(l, l.c.EC2.DescribeVpcEndpoints, in, func(in *ec2.DescribeVpcEndpointsInput, out *ec2.DescribeVpcEndpointsOutput) bool {
		l.endpointsFound = append(l.endpointsFound, out.VpcEndpoints...)
		return fetch.More(out.NextToken, &in.NextToken)
	})}
}

func foldEndpoints(l *look) {
	for _, e := range l.endpointsFound {
		if strings.EqualFold(string(e.State), "deleted") || !l.inOwnVPC(e.VpcId) {
			continue
		}
		tags, id := shape.EC2Tags(e.Tags), aws.ToString(e.VpcEndpointId)
		r := shape.Endpoint(l.key, l.c.Region, e)
		k, ok := l.mine(tags, model.KindEndpoint)
		if !ok || k.IsZero() {
			l.stray(l.inPlaceOf(r), id, "VPC endpoint "+id)
			continue
		}
		r.Tags = tags.Own()
		l.addLiving(r, model.Handle{ID: id, Status: shape.EndpointStatus(string(e.State)), Reason: shape.EndpointReason(e)})
	}
}

// inPlaceOf is the endpoint of ours that somebody else's makes impossible: AWS gives a service's own name to one endpoint
// of a VPC, and a route table one route to a service.
func (l *look) inPlaceOf(r model.Endpoint) model.Key {
	ours := func(k model.Key) bool { return k.Kind == model.KindRouteTable }
	if r.PrivateDNS || slices.ContainsFunc(r.RouteTables, ours) {
		return r.Key()
	}
	return model.Key{}
}
