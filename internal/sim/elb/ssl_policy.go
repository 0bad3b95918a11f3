package elb

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/world"
)

// policy is a predefined security policy: which protocols and ciphers a listener takes.
type policy struct {
	name      string
	protocols []string
	ciphers   []string
}

// sslPolicies are some of the predefined policies (Application Load Balancers user guide, "Security policies").
func sslPolicies() []policy {
	tls13 := []string{"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}
	restricted := []string{
		"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
		"ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
	}
	forward := slices.Concat(restricted, []string{
		"ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA384", "ECDHE-RSA-AES256-SHA384",
	})
	old := slices.Concat(forward, []string{
		"ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA", "ECDHE-ECDSA-AES256-SHA",
		"AES128-GCM-SHA256", "AES128-SHA256", "AES128-SHA", "AES256-GCM-SHA384", "AES256-SHA256", "AES256-SHA",
	})
	return []policy{
		{usualSSLPolicy, []string{"TLSv1", "TLSv1.1", "TLSv1.2"}, old},
		{"ELBSecurityPolicy-TLS13-1-3-2021-06", []string{"TLSv1.3"}, tls13},
		{"ELBSecurityPolicy-TLS13-1-2-Res-2021-06", []string{"TLSv1.2", "TLSv1.3"}, slices.Concat(tls13, restricted)},
		{"ELBSecurityPolicy-TLS13-1-2-2021-06", []string{"TLSv1.2", "TLSv1.3"}, slices.Concat(tls13, forward)},
		{"ELBSecurityPolicy-TLS13-1-0-2021-06", []string{"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"}, slices.Concat(tls13, old)},
		{"ELBSecurityPolicy-TLS-1-2-2017-01", []string{"TLSv1.2"}, forward},
		{"ELBSecurityPolicy-FS-1-2-Res-2020-10", []string{"TLSv1.2"}, restricted},
	}
}

// DescribeSSLPolicies lists predefined security policies: those named, or all.
func DescribeSSLPolicies(_ *world.Call, in *elbv2.DescribeSSLPoliciesInput) (*elbv2.DescribeSSLPoliciesOutput, error) {
	all := sslPolicies()
	for _, name := range in.Names {
		if !slices.ContainsFunc(all, func(p policy) bool { return p.name == name }) {
			return nil, refuse("SSLPolicyNotFound", "SSL policy '%s' not found", name)
		}
	}
	if len(in.Names) > 0 {
		all = slices.DeleteFunc(all, func(p policy) bool { return !slices.Contains(in.Names, p.name) })
	}
	rows, next, err := page(all, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	out := &elbv2.DescribeSSLPoliciesOutput{NextMarker: next}
	for _, p := range rows {
		row := types.SslPolicy{
			Name: aws.String(p.name), SslProtocols: p.protocols, SupportedLoadBalancerTypes: []string{"application", "network"},
		}
		for i, name := range p.ciphers {
			row.Ciphers = append(row.Ciphers, types.Cipher{Name: aws.String(name), Priority: aws.Int32(int32(i + 1))})
		}
		out.SslPolicies = append(out.SslPolicies, row)
	}
	return out, nil
}
