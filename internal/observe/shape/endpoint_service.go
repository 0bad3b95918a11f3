package shape

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// ServiceNames are the names that AWS may know a service of a region by; in China some begin with the country.
func ServiceNames(region, service string) []string {
	name := "com.amazonaws." + region + "." + service
	if strings.HasPrefix(region, "cn-") {
		return []string{name, "cn." + name}
	}
	return []string{name}
}

// ShortService is a service's name without what all services of the region have in common.
func ShortService(region, name string) string {
	_, short, _ := strings.Cut(name, "."+region+".")
	return short
}

// EndpointServices are what a region says of the services that endpoints may be made for, by their short names.
func EndpointServices(region string, details []types.ServiceDetail) map[string]model.EndpointService {
	out := map[string]model.EndpointService{}
	for _, s := range details {
		name := aws.ToString(s.ServiceName)
		e := out[ShortService(region, name)]
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
		out[ShortService(region, name)] = e
	}
	return out
}
