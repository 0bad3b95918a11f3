package shape

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// Endpoint is a VPC endpoint of a region less its tags.
func Endpoint(key Keys, region string, e types.VpcEndpoint) model.Endpoint {
	name := aws.ToString(e.ServiceName)
	r := model.Endpoint{
		Service: ShortService(region, name), Name: name, Type: strings.ToLower(string(e.VpcEndpointType)),
		RouteTables: KeysOf(key, e.RouteTableIds), Subnets: KeysOf(key, e.SubnetIds), PrivateDNS: aws.ToBool(e.PrivateDnsEnabled),
		Policy: restriction(aws.ToString(e.PolicyDocument)),
	}
	for _, g := range e.Groups {
		r.Groups = append(r.Groups, key(aws.ToString(g.GroupId)))
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

// EndpointReason is why an endpoint failed.
func EndpointReason(e types.VpcEndpoint) string {
	if e.LastError == nil {
		return ""
	}
	return aws.ToString(e.LastError.Message)
}

// EndpointStatus reads a state that AWS writes in more than one way ("Available", "available").
func EndpointStatus(s string) model.Status {
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
