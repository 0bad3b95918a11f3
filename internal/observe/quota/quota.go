// Package quota reads what an account may have, and what it has of it.
//
// In: a cloud.Cloud, and how much more of each quota a plan wants. Out: limit and use of those quotas, by code. It asks
// about nothing that a plan does not want, and decides nothing.
package quota

import (
	"context"
	"errors"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	balancetypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/fetch"
)

// Read reads limit and use of the quotas that a plan demands something of, by code; demand is how much more of each.
// Codes that it does not know are left out.
func Read(ctx context.Context, c *cloud.Cloud, demand map[string]int) (map[string]model.Quota, error) {
	t := &tally{c: c, quotas: map[string]model.Quota{}}
	var calls []fetch.Call
	for _, m := range t.meters() {
		if demand[m.code] > 0 {
			t.quotas[m.code] = model.Quota{Code: m.code}
			calls = append(calls, t.limit(m), m.count)
		}
	}
	err := errors.Join(cloud.Each(ctx, c, calls, func(ctx context.Context, f fetch.Call) error { return f(ctx) })...)
	return t.quotas, err
}

// tally counts while the calls go on.
type tally struct {
	c *cloud.Cloud

	sync.Mutex // guards the quotas while the calls are under way
	quotas     map[string]model.Quota
}

// Cloud is the cloud that is asked.
func (t *tally) Cloud() *cloud.Cloud { return t.c }

// meter is how the use of a quota is counted. Service Quotas itself counts for few of them, and late.
type meter struct {
	service, code string
	count         fetch.Call
}

// meters are the quotas of a region that a cluster can run into (AWS General Reference, "Service endpoints and quotas").
func (t *tally) meters() []meter {
	return []meter{
		{"vpc", "L-F678F1CE", t.vpcs("L-F678F1CE")},
		{"vpc", "L-A4707A72", t.gateways("L-A4707A72")},
		{"ec2", "L-0263D0A3", t.addresses("L-0263D0A3")},
		{"elasticloadbalancing", "L-53DA6B97", t.balancers("L-53DA6B97")},
		{"elasticloadbalancing", "L-E9E9831D", t.classics("L-E9E9831D")},
	}
}

// limit reads what holds for the account, or AWS's default where the account never had a value of its own.
func (t *tally) limit(m meter) fetch.Call {
	own := fetch.Get(t, t.c.Quotas.GetServiceQuota,
		&servicequotas.GetServiceQuotaInput{ServiceCode: aws.String(m.service), QuotaCode: aws.String(m.code)},
		func(out *servicequotas.GetServiceQuotaOutput) { t.allow(m.code, out.Quota) })
	usual := fetch.Get(t, t.c.Quotas.GetAWSDefaultServiceQuota,
		&servicequotas.GetAWSDefaultServiceQuotaInput{ServiceCode: aws.String(m.service), QuotaCode: aws.String(m.code)},
		func(out *servicequotas.GetAWSDefaultServiceQuotaOutput) { t.allow(m.code, out.Quota) })
	return func(ctx context.Context) error {
		err := own(ctx)
		if cloud.Code(err) == "NoSuchResourceException" {
			return usual(ctx)
		}
		return err
	}
}

func (t *tally) allow(code string, found *types.ServiceQuota) {
	q := t.quotas[code]
	q.Name, q.Limit = aws.ToString(found.QuotaName), int(aws.ToFloat64(found.Value))
	t.quotas[code] = q
}

func (t *tally) use(code string, n int) {
	q := t.quotas[code]
	q.Used += n
	t.quotas[code] = q
}

func (t *tally) vpcs(code string) fetch.Call {
	in := &ec2.DescribeVpcsInput{}
	return fetch.Pages(t, t.c.EC2.DescribeVpcs, in, func(in *ec2.DescribeVpcsInput, out *ec2.DescribeVpcsOutput) bool {
		t.use(code, len(out.Vpcs))
		return fetch.More(out.NextToken, &in.NextToken)
	})
}

func (t *tally) gateways(code string) fetch.Call {
	in := &ec2.DescribeInternetGatewaysInput{}
	return fetch.Pages(t, t.c.EC2.DescribeInternetGateways, in, func(in *ec2.DescribeInternetGatewaysInput, out *ec2.DescribeInternetGatewaysOutput) bool {
		t.use(code, len(out.InternetGateways))
		return fetch.More(out.NextToken, &in.NextToken)
	})
}

func (t *tally) addresses(code string) fetch.Call {
	return fetch.Get(t, t.c.EC2.DescribeAddresses, &ec2.DescribeAddressesInput{}, func(out *ec2.DescribeAddressesOutput) {
		t.use(code, len(out.Addresses))
	})
}

// balancers counts Application Load Balancers only: others have quotas of their own.
func (t *tally) balancers(code string) fetch.Call {
	in := &elbv2.DescribeLoadBalancersInput{}
	return fetch.Pages(t, t.c.Balance.DescribeLoadBalancers, in, func(in *elbv2.DescribeLoadBalancersInput, out *elbv2.DescribeLoadBalancersOutput) bool {
		for _, b := range out.LoadBalancers {
			if b.Type == balancetypes.LoadBalancerTypeEnumApplication {
				t.use(code, 1)
			}
		}
		return fetch.More(out.NextMarker, &in.Marker)
	})
}

func (t *tally) classics(code string) fetch.Call {
	in := &elbv1.DescribeLoadBalancersInput{}
	return fetch.Pages(t, t.c.Classic.DescribeLoadBalancers, in, func(in *elbv1.DescribeLoadBalancersInput, out *elbv1.DescribeLoadBalancersOutput) bool {
		t.use(code, len(out.LoadBalancerDescriptions))
		return fetch.More(out.NextMarker, &in.Marker)
	})
}
