package elb

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/elb/route"
	"berth/internal/sim/world"
)

// limit is a quota under the name that DescribeAccountLimits gives it.
type limit struct {
	name string
	max  int
}

// DescribeAccountLimits tells the quotas of the second generation.
func DescribeAccountLimits(c *world.Call, in *elbv2.DescribeAccountLimitsInput) (*elbv2.DescribeAccountLimitsOutput, error) {
	all := []limit{
		{"target-groups", groupsPerRegion().in(c.Region)},
		{"targets-per-application-load-balancer", targetsPerBalancer().in(c.Region)},
		{"listeners-per-application-load-balancer", listenersPerBalancer().in(c.Region)},
		{"rules-per-application-load-balancer", rulesPerBalancer().in(c.Region)},
		{"application-load-balancers", perRegion("application").in(c.Region)},
		{"network-load-balancers", perRegion("network").in(c.Region)},
		{"targets-per-target-group", targetsPerGroup().in(c.Region)},
		{"target-groups-per-application-load-balancer", groupsPerBalancer().in(c.Region)},
		{"certificates-per-application-load-balancer", certificatesPerALB().in(c.Region)},
		{"condition-values-per-alb-rule", route.ValuesPerRule},
		{"target-groups-per-action-on-application-load-balancer", groupsPerForward()},
	}
	rows, next, err := page(all, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	out := &elbv2.DescribeAccountLimitsOutput{NextMarker: next}
	for _, l := range rows {
		out.Limits = append(out.Limits, types.Limit{Name: aws.String(l.name), Max: aws.String(strconv.Itoa(l.max))})
	}
	return out, nil
}

// DescribeClassicAccountLimits tells the quotas of the first generation.
func DescribeClassicAccountLimits(c *world.Call, in *elbv1.DescribeAccountLimitsInput) (*elbv1.DescribeAccountLimitsOutput, error) {
	all := []limit{
		{"classic-load-balancers", classicPerRegion().in(c.Region)},
		{"classic-listeners", listenersPerClassic().in(c.Region)},
		{"classic-registered-instances", instancesPerClassic().in(c.Region)},
	}
	rows, next, err := page(all, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	out := &elbv1.DescribeAccountLimitsOutput{NextMarker: next}
	for _, l := range rows {
		out.Limits = append(out.Limits, types1.Limit{Name: aws.String(l.name), Max: aws.String(strconv.Itoa(l.max))})
	}
	return out, nil
}
