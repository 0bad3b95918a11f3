package cipher

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The one type of policy that can be made here, and its attribute that names a predefined one.
const (
	negotiation = "SSLNegotiationPolicyType"
	reference   = "Reference-Security-Policy"
)

// classicNames are the predefined policies of classic load balancers (Classic Load Balancers user guide, "Predefined SSL
// security policies").
func classicNames() []string {
	return []string{Usual, "ELBSecurityPolicy-TLS-1-2-2017-01", "ELBSecurityPolicy-TLS-1-1-2017-01", "ELBSecurityPolicy-2015-05"}
}

func balancer(c *world.Call, name *string) (*world.ClassicBalancer, error) {
	b, there := c.Region.Balancing.Classics.Get(aws.ToString(name))
	if !there {
		return nil, wire.Errorf("LoadBalancerNotFound", "There is no ACTIVE Load Balancer named '%s'", aws.ToString(name))
	}
	return b, nil
}

// Names are the policies of a classic load balancer: those that were made, and those that came with its listeners.
func Names(b *world.ClassicBalancer) []string {
	names := []string{}
	for _, p := range b.Policies {
		names = append(names, p.Name)
	}
	for _, l := range b.Listeners {
		for _, p := range l.Policies {
			if !slices.Contains(names, p) {
				names = append(names, p)
			}
		}
	}
	return names
}

// Kinds are the policies of a classic load balancer by their kind: there are none for stickiness here.
func Kinds(b *world.ClassicBalancer) *types.Policies {
	return &types.Policies{
		AppCookieStickinessPolicies: []types.AppCookieStickinessPolicy{}, LBCookieStickinessPolicies: []types.LBCookieStickinessPolicy{},
		OtherPolicies: Names(b),
	}
}

var policyName = regexp.MustCompile(`^[A-Za-z0-9-]{1,255}$`)

// Create makes a policy of a classic load balancer after a predefined one. Other types of policy, and ciphers picked one by
// one, are refused.
func Create(c *world.Call, in *elbv1.CreateLoadBalancerPolicyInput) (*elbv1.CreateLoadBalancerPolicyOutput, error) {
	b, err := balancer(c, in.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	name, kind := aws.ToString(in.PolicyName), aws.ToString(in.PolicyTypeName)
	switch {
	case !policyName.MatchString(name):
		return nil, wire.Errorf("ValidationError", "PolicyName cannot be %q: letters, digits and hyphens", name)
	case kind != negotiation:
		return nil, wire.Errorf("PolicyTypeNotFound", "Policy type %s is not found", kind)
	case slices.Contains(Names(b), name):
		return nil, wire.Errorf("DuplicatePolicyName", "There is already a policy with name %s for load balancer %s", name, b.Name)
	}
	for _, a := range in.PolicyAttributes {
		if aws.ToString(a.AttributeName) != reference || !slices.Contains(classicNames(), aws.ToString(a.AttributeValue)) {
			return nil, wire.Errorf("InvalidConfigurationRequest", "Policy attribute %s cannot be %s", aws.ToString(a.AttributeName), aws.ToString(a.AttributeValue)).
				WithStatus(http.StatusConflict)
		}
	}
	if len(in.PolicyAttributes) != 1 {
		return nil, wire.Errorf("InvalidConfigurationRequest", "A policy of type %s names one %s", negotiation, reference).WithStatus(http.StatusConflict)
	}
	b.Policies = append(slices.Clone(b.Policies), world.ClassicPolicy{Name: name, Reference: aws.ToString(in.PolicyAttributes[0].AttributeValue)})
	return &elbv1.CreateLoadBalancerPolicyOutput{}, nil
}

// Set gives a listener of a classic load balancer its policies, in place of those it has.
func Set(c *world.Call, in *elbv1.SetLoadBalancerPoliciesOfListenerInput) (*elbv1.SetLoadBalancerPoliciesOfListenerOutput, error) {
	b, err := balancer(c, in.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(b.Listeners, func(l world.ClassicListener) bool { return l.Port == in.LoadBalancerPort })
	if i < 0 {
		return nil, wire.Errorf("ListenerNotFound", "There is no listener with port %d for load balancer %s", in.LoadBalancerPort, b.Name)
	}
	for _, name := range in.PolicyNames {
		if !slices.Contains(Names(b), name) {
			return nil, wire.Errorf("PolicyNotFound", "There is no policy with name %s for load balancer %s", name, b.Name)
		}
	}
	if secure := slices.Contains([]string{"HTTPS", "SSL"}, b.Listeners[i].Protocol); secure != (len(in.PolicyNames) == 1) {
		return nil, wire.Errorf("InvalidConfigurationRequest", "A listener takes one policy for SSL negotiation if it is secure, and none else").
			WithStatus(http.StatusConflict)
	}
	b.Listeners = slices.Clone(b.Listeners)
	b.Listeners[i].Policies = slices.Clone(in.PolicyNames)
	return &elbv1.SetLoadBalancerPoliciesOfListenerOutput{}, nil
}

// Describe tells the policies of a classic load balancer, or the predefined ones.
func Describe(c *world.Call, in *elbv1.DescribeLoadBalancerPoliciesInput) (*elbv1.DescribeLoadBalancerPoliciesOutput, error) {
	names, own := classicNames(), []world.ClassicPolicy{}
	if in.LoadBalancerName != nil {
		b, err := balancer(c, in.LoadBalancerName)
		if err != nil {
			return nil, err
		}
		names, own = Names(b), b.Policies
	}
	for _, name := range in.PolicyNames {
		if !slices.Contains(names, name) {
			return nil, wire.Errorf("PolicyNotFound", "There is no policy with name %s for load balancer %s", name, aws.ToString(in.LoadBalancerName))
		}
	}
	out := &elbv1.DescribeLoadBalancerPoliciesOutput{PolicyDescriptions: []types.PolicyDescription{}}
	for _, name := range names {
		if len(in.PolicyNames) > 0 && !slices.Contains(in.PolicyNames, name) {
			continue
		}
		after := name
		for _, p := range own {
			if p.Name == name {
				after = p.Reference
			}
		}
		out.PolicyDescriptions = append(out.PolicyDescriptions, description(name, after))
	}
	return out, nil
}

func description(name, after string) types.PolicyDescription {
	return types.PolicyDescription{
		PolicyName: aws.String(name), PolicyTypeName: aws.String(negotiation),
		PolicyAttributeDescriptions: []types.PolicyAttributeDescription{
			{AttributeName: aws.String(reference), AttributeValue: aws.String(after)},
			{AttributeName: aws.String("Protocol-TLSv1.2"), AttributeValue: aws.String("true")},
			{AttributeName: aws.String("Protocol-TLSv1.1"), AttributeValue: aws.String(strconv.FormatBool(!strings.Contains(after, "TLS-1-2")))},
		},
	}
}
