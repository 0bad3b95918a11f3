package observe

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	balancetypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	quotatypes "github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

// The codes of the quotas that a plan can run into (Service Quotas console).
const (
	QuotaVPCs      = "L-F678F1CE" // VPCs in a region
	QuotaAddresses = "L-0263D0A3" // Elastic IP addresses in a region
	QuotaGateways  = "L-FE5A380F" // NAT gateways in a zone
	QuotaBalancers = "L-53DA6B97" // Application Load Balancers in a region
	QuotaClassics  = "L-E9E9831D" // classic load balancers in a region
)

// Needs is what a plan would make that is scarce.
type Needs struct {
	VPCs, Addresses     int
	Gateways            map[string]int // NAT gateways by zone
	Balancers, Classics int            // Application and classic load balancers
}

// Quotas reads limit and use of the quotas that are needed, by code. The use of NAT gateways is that of the fullest of
// the zones that need one.
func Quotas(ctx context.Context, c *cloud.Cloud, n Needs) (map[string]model.Quota, error) {
	l := &tally{look: newLook(c, Question{}), quotas: map[string]model.Quota{}, gateways: map[string]string{}, zones: map[string]int{}}
	first := l.needed(n)
	if err := all(ctx, c, first); err != nil {
		return nil, err
	}
	if err := all(ctx, c, l.subnetCalls()); err != nil {
		return nil, err
	}
	if len(n.Gateways) > 0 {
		l.use(QuotaGateways, l.fullest(n.Gateways))
	}
	return l.quotas, nil
}

func all(ctx context.Context, c *cloud.Cloud, calls []call) error {
	return errors.Join(cloud.Each(ctx, c, calls, func(ctx context.Context, f call) error { return f(ctx) })...)
}

// tally counts while the calls go on; its look lends calls their lock.
type tally struct {
	*look
	quotas   map[string]model.Quota
	gateways map[string]string // subnet by NAT gateway
	zones    map[string]int    // NAT gateways by zone
}

func (t *tally) needed(n Needs) []call {
	var calls []call
	for _, one := range []struct {
		need          int
		service, code string
		count         func(code string) call
	}{
		{n.VPCs, "vpc", QuotaVPCs, t.countVPCs},
		{n.Addresses, "ec2", QuotaAddresses, t.countAddresses},
		{len(n.Gateways), "vpc", QuotaGateways, t.listGateways},
		{n.Balancers, "elasticloadbalancing", QuotaBalancers, t.countBalancers},
		{n.Classics, "elasticloadbalancing", QuotaClassics, t.countClassics},
	} {
		if one.need > 0 {
			calls = append(calls, t.limitCall(one.service, one.code), one.count(one.code))
		}
	}
	return calls
}

// limitCall reads what holds for the account, or AWS's default where the account never had a value of its own.
func (t *tally) limitCall(service, code string) call {
	store := func(q *quotatypes.ServiceQuota) {
		was := t.quotas[code]
		was.Code, was.Name, was.Limit = code, aws.ToString(q.QuotaName), int(aws.ToFloat64(q.Value))
		t.quotas[code] = was
	}
	own := get(t.look, t.c.Quotas.GetServiceQuota, &servicequotas.GetServiceQuotaInput{ServiceCode: aws.String(service), QuotaCode: aws.String(code)},
		func(out *servicequotas.GetServiceQuotaOutput) { store(out.Quota) })
	usual := get(t.look, t.c.Quotas.GetAWSDefaultServiceQuota, &servicequotas.GetAWSDefaultServiceQuotaInput{ServiceCode: aws.String(service), QuotaCode: aws.String(code)},
		func(out *servicequotas.GetAWSDefaultServiceQuotaOutput) { store(out.Quota) })
	return func(ctx context.Context) error {
		err := own(ctx)
		if cloud.Code(err) == "NoSuchResourceException" {
			return usual(ctx)
		}
		return err
	}
}

// use adds to what is used of a quota.
func (t *tally) use(code string, n int) {
	was := t.quotas[code]
	was.Used += n
	t.quotas[code] = was
}

func (t *tally) countVPCs(code string) call {
	return pages(t.look, t.c.EC2.DescribeVpcs, &ec2.DescribeVpcsInput{}, func(in *ec2.DescribeVpcsInput, out *ec2.DescribeVpcsOutput) bool {
		t.use(code, len(out.Vpcs))
		return more(out.NextToken, &in.NextToken)
	})
}

func (t *tally) countAddresses(code string) call {
	return get(t.look, t.c.EC2.DescribeAddresses, &ec2.DescribeAddressesInput{}, func(out *ec2.DescribeAddressesOutput) { t.use(code, len(out.Addresses)) })
}

func (t *tally) countBalancers(code string) call {
	in := &elasticloadbalancingv2.DescribeLoadBalancersInput{}
	return pages(t.look, t.c.Balance.DescribeLoadBalancers, in, func(in *elasticloadbalancingv2.DescribeLoadBalancersInput, out *elasticloadbalancingv2.DescribeLoadBalancersOutput) bool {
		for _, b := range out.LoadBalancers {
			if b.Type == balancetypes.LoadBalancerTypeEnumApplication {
				t.use(code, 1)
			}
		}
		return more(out.NextMarker, &in.Marker)
	})
}

func (t *tally) countClassics(code string) call {
	in := &elasticloadbalancing.DescribeLoadBalancersInput{}
	return pages(t.look, t.c.Classic.DescribeLoadBalancers, in, func(in *elasticloadbalancing.DescribeLoadBalancersInput, out *elasticloadbalancing.DescribeLoadBalancersOutput) bool {
		t.use(code, len(out.LoadBalancerDescriptions))
		return more(out.NextMarker, &in.Marker)
	})
}

// listGateways lists the gateways that count: those that are being made, that stand, and that are being deleted.
func (t *tally) listGateways(string) call {
	in := &ec2.DescribeNatGatewaysInput{Filter: []ec2types.Filter{filter("state", "pending", "available", "deleting")}}
	return pages(t.look, t.c.EC2.DescribeNatGateways, in, func(in *ec2.DescribeNatGatewaysInput, out *ec2.DescribeNatGatewaysOutput) bool {
		for _, g := range out.NatGateways {
			t.gateways[aws.ToString(g.NatGatewayId)] = aws.ToString(g.SubnetId)
		}
		return more(out.NextToken, &in.NextToken)
	})
}

// subnetCalls find out the zones of the gateways, which AWS tells through their subnets only.
func (t *tally) subnetCalls() []call {
	count := map[string]int{}
	for _, subnet := range t.gateways { //unordered: counting
		count[subnet]++
	}
	if len(count) == 0 {
		return nil
	}
	in := &ec2.DescribeSubnetsInput{}
	return []call{pages(t.look, t.c.EC2.DescribeSubnets, in, func(in *ec2.DescribeSubnetsInput, out *ec2.DescribeSubnetsOutput) bool {
		for _, s := range out.Subnets {
			t.zones[aws.ToString(s.AvailabilityZone)] += count[aws.ToString(s.SubnetId)]
		}
		return more(out.NextToken, &in.NextToken)
	})}
}

// fullest is how many gateways the zone has where the most would stand afterwards.
func (t *tally) fullest(needs map[string]int) int {
	used, after := 0, 0
	for zone, need := range needs { //unordered: the greatest of all
		if sum := t.zones[zone] + need; sum > after || sum == after && t.zones[zone] > used {
			used, after = t.zones[zone], sum
		}
	}
	return used
}
