package elb

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/elb/cipher"
	"berth/internal/sim/world"
)

// DescribeSSLPolicies lists predefined security policies: those named, or all.
func DescribeSSLPolicies(_ *world.Call, in *elbv2.DescribeSSLPoliciesInput) (*elbv2.DescribeSSLPoliciesOutput, error) {
	all := cipher.Policies()
	for _, name := range in.Names {
		if !slices.ContainsFunc(all, func(p cipher.Policy) bool { return p.Name == name }) {
			return nil, refuse("SSLPolicyNotFound", "SSL policy '%s' not found", name)
		}
	}
	if len(in.Names) > 0 {
		all = slices.DeleteFunc(all, func(p cipher.Policy) bool { return !slices.Contains(in.Names, p.Name) })
	}
	rows, next, err := page(all, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	out := &elbv2.DescribeSSLPoliciesOutput{NextMarker: next}
	for _, p := range rows {
		row := types.SslPolicy{
			Name: aws.String(p.Name), SslProtocols: p.Protocols, SupportedLoadBalancerTypes: []string{"application", "network"},
		}
		for i, name := range p.Ciphers {
			row.Ciphers = append(row.Ciphers, types.Cipher{Name: aws.String(name), Priority: aws.Int32(int32(i + 1))})
		}
		out.SslPolicies = append(out.SslPolicies, row)
	}
	return out, nil
}
