package observe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/shape"
)

type serviceAnswers struct{ endpointServices []types.ServiceDetail }

// serviceCalls ask for all services at once, by filter, not by name, so that one that the region lacks is merely missing.
func serviceCalls(l *look) []call {
	var names []string
	for _, s := range l.ask.Services {
		names = append(names, shape.ServiceNames(l.c.Region, s)...)
	}
	if len(names) == 0 {
		return nil
	}
	in := &ec2.DescribeVpcEndpointServicesInput{Filters: []types.Filter{filter("service-name", names...)}}
	return []call{pages(l, l.c.EC2.DescribeVpcEndpointServices, in, func(in *ec2.DescribeVpcEndpointServicesInput, out *ec2.DescribeVpcEndpointServicesOutput) bool {
		l.endpointServices = append(l.endpointServices, out.ServiceDetails...)
		return more(out.NextToken, &in.NextToken)
	})}
}

// services are what the region says of the services that endpoints are wanted for; nil when none are.
func (l *look) services() map[string]model.EndpointService {
	if len(l.ask.Services) == 0 {
		return nil
	}
	out := map[string]model.EndpointService{}
	for _, s := range l.endpointServices {
		name := aws.ToString(s.ServiceName)
		e := out[shape.ShortService(l.c.Region, name)]
		e.Name, e.Policies = name, aws.ToBool(s.VpcEndpointPolicySupported)
		for _, t := range s.ServiceType { // a service with both types may come as two
			e.Types = append(e.Types, strings.ToLower(string(t.ServiceType)))
		}
		for _, z := range s.AvailabilityZones {
			if !slices.Contains(e.Zones, z) {
				e.Zones = append(e.Zones, z)
			}
		}
		slices.Sort(e.Types)
		slices.Sort(e.Zones)
		e.PrivateDNS = e.PrivateDNS || aws.ToString(s.PrivateDnsName) != ""
		out[shape.ShortService(l.c.Region, name)] = e
	}
	return out
}
