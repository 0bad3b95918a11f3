package observe

import (
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
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
	return []call{fetch.Pages(l, l.c.EC2.DescribeVpcEndpointServices, in, func(in *ec2.DescribeVpcEndpointServicesInput, out *ec2.DescribeVpcEndpointServicesOutput) bool {
		l.endpointServices = append(l.endpointServices, out.ServiceDetails...)
		return fetch.More(out.NextToken, &in.NextToken)
	})}
}

// services are what the region says of the services that endpoints are wanted for; nil when none are.
func (l *look) services() map[string]model.EndpointService {
	if len(l.ask.Services) == 0 {
		return nil
	}
	return shape.EndpointServices(l.c.Region, l.endpointServices)
}
