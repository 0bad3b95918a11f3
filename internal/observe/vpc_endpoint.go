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
		r := l.endpoint(e)
		k, ok := l.mine(tags, model.KindEndpoint)
		if !ok || k.IsZero() {
			l.stray(l.inPlaceOf(r), id, "VPC endpoint "+id)
			continue
		}
		r.Tags = tags.Own()
		l.addEndpoint(r, model.Handle{ID: id, Status: endpointStatus(string(e.State)), Reason: endpointReason(e)})
	}
}

// endpoint is an endpoint less its tags.
func (l *look) endpoint(e types.VpcEndpoint) model.Endpoint {
	name := aws.ToString(e.ServiceName)
	r := model.Endpoint{
		Service: shortService(l.c.Region, name), Name: name, Type: strings.ToLower(string(e.VpcEndpointType)),
		RouteTables: l.keysOf(e.RouteTableIds), Subnets: l.keysOf(e.SubnetIds), PrivateDNS: aws.ToBool(e.PrivateDnsEnabled),
		Policy: restriction(aws.ToString(e.PolicyDocument)),
	}
	for _, g := range e.Groups {
		r.Groups = append(r.Groups, l.key(aws.ToString(g.GroupId)))
	}
	slices.SortFunc(r.Groups, model.CompareKeys)
	return r
}

// restriction is a policy's text, empty when it lets everything through. AWS writes its own in several ways.
func restriction(text string) string {
	p := model.CanonicalJSON(text)
	const open = `"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]`
	if p == "{"+open+"}" || p == "{"+open+`,"Version":"2008-10-17"}` || p == "{"+open+`,"Version":"2012-10-17"}` {
		return ""
	}
	return p
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

// addEndpoint prefers an endpoint that lives to one of the same key that is being deleted.
func (l *look) addEndpoint(r model.Endpoint, h model.Handle) {
	old := l.inv.Handle(r.Key())
	switch {
	case l.inv.Has(r.Key()) && h.Status == model.Leaving:
		l.inv.Add(model.Duplicate{Resource: r, ID: h.ID}, h)
	case l.inv.Has(r.Key()) && old.Status == model.Leaving:
		was, _ := l.inv.Get(r.Key())
		l.inv.Remove(r.Key())
		l.add(r, h)
		l.inv.Add(model.Duplicate{Resource: was, ID: old.ID}, old)
	default:
		l.add(r, h)
	}
}

// endpointReason is why an endpoint failed.
func endpointReason(e types.VpcEndpoint) string {
	if e.LastError == nil {
		return ""
	}
	return aws.ToString(e.LastError.Message)
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
