package cipher

import (
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// classic is a call about a classic load balancer with a plain and an encrypted listener.
func classic() (*world.Call, *world.ClassicBalancer) {
	w := world.New(1)
	c := &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "elasticloadbalancing", RequestID: "test"}
	b := &world.ClassicBalancer{Name: "old", Listeners: []world.ClassicListener{
		{Protocol: "HTTP", Port: 80}, {Protocol: "HTTPS", Port: 443, Policies: []string{Usual}},
	}}
	c.Region.Balancing.Classics.Put(b.Name, b)
	return c, b
}

func made(name, after string) *elbv1.CreateLoadBalancerPolicyInput {
	return &elbv1.CreateLoadBalancerPolicyInput{
		LoadBalancerName: aws.String("old"), PolicyName: aws.String(name), PolicyTypeName: aws.String(negotiation),
		PolicyAttributes: []types.PolicyAttribute{{AttributeName: aws.String(reference), AttributeValue: aws.String(after)}},
	}
}

func set(port int32, names ...string) *elbv1.SetLoadBalancerPoliciesOfListenerInput {
	return &elbv1.SetLoadBalancerPoliciesOfListenerInput{LoadBalancerName: aws.String("old"), LoadBalancerPort: port, PolicyNames: names}
}

func isCode(t *testing.T, err error, want string) {
	t.Helper()
	var refused *wire.Error
	if !errors.As(err, &refused) || refused.Code != want {
		t.Errorf("%v, want %s", err, want)
	}
}

const strict = "ELBSecurityPolicy-TLS-1-2-2017-01"

func TestAnEncryptedClassicListenerTakesAPolicyThatWasMade(t *testing.T) {
	c, b := classic()
	if _, err := Create(c, made("mine", strict)); err != nil {
		t.Fatal(err)
	}
	if _, err := Set(c, set(443, "mine")); err != nil {
		t.Fatal(err)
	}
	if got := b.Listeners[1].Policies; !slices.Equal(got, []string{"mine"}) {
		t.Errorf("the listener has %s", got)
	}
	out, err := Describe(c, &elbv1.DescribeLoadBalancerPoliciesInput{LoadBalancerName: aws.String("old")})
	if err != nil || len(out.PolicyDescriptions) != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	p := out.PolicyDescriptions[0]
	if *p.PolicyName != "mine" || *p.PolicyAttributeDescriptions[0].AttributeValue != strict || *p.PolicyAttributeDescriptions[2].AttributeValue != "false" {
		t.Errorf("the policy is %+v", p)
	}
}

func TestPoliciesOfClassicLoadBalancersAreRefused(t *testing.T) {
	c, _ := classic()
	if _, err := Create(c, made("mine", strict)); err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]struct {
		code   string
		change func(*elbv1.CreateLoadBalancerPolicyInput)
	}{ // unordered: each case by itself
		"twice":            {"DuplicatePolicyName", func(in *elbv1.CreateLoadBalancerPolicyInput) { in.PolicyName = aws.String("mine") }},
		"no name":          {"ValidationError", func(in *elbv1.CreateLoadBalancerPolicyInput) { in.PolicyName = nil }},
		"no load balancer": {"LoadBalancerNotFound", func(in *elbv1.CreateLoadBalancerPolicyInput) { in.LoadBalancerName = aws.String("none") }},
		"another type": {"PolicyTypeNotFound", func(in *elbv1.CreateLoadBalancerPolicyInput) {
			in.PolicyTypeName = aws.String("ProxyProtocolPolicyType")
		}},
		"nothing named": {"InvalidConfigurationRequest", func(in *elbv1.CreateLoadBalancerPolicyInput) { in.PolicyAttributes = nil }},
		"unknown reference": {"InvalidConfigurationRequest", func(in *elbv1.CreateLoadBalancerPolicyInput) {
			in.PolicyAttributes[0].AttributeValue = aws.String("best")
		}},
		"single ciphers": {"InvalidConfigurationRequest", func(in *elbv1.CreateLoadBalancerPolicyInput) {
			in.PolicyAttributes[0].AttributeName = aws.String("AES128-SHA")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			in := made("other", strict)
			r.change(in)
			_, err := Create(c, in)
			isCode(t, err, r.code)
		})
	}
	for _, r := range []struct {
		in   *elbv1.SetLoadBalancerPoliciesOfListenerInput
		code string
	}{
		{set(8443, "mine"), "ListenerNotFound"},
		{set(443, "none"), "PolicyNotFound"},
		{set(80, "mine"), "InvalidConfigurationRequest"},
		{set(443), "InvalidConfigurationRequest"},
		{set(443, "mine", Usual), "InvalidConfigurationRequest"},
	} {
		_, err := Set(c, r.in)
		isCode(t, err, r.code)
	}
}

func TestPredefinedPoliciesAreWhatTheirNamesSay(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Policies() {
		if seen[p.Name] || len(p.Ciphers) == 0 {
			t.Errorf("%s comes twice or has no ciphers", p.Name)
		}
		seen[p.Name] = true
	}
	for name, oldest := range map[string]string{
		Usual: "TLSv1", strict: "TLSv1.2", "ELBSecurityPolicy-TLS13-1-1-2021-06": "TLSv1.1",
		"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09": "TLSv1.2", "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04": "TLSv1.3",
	} {
		if p, ok := Find(name); !ok || p.Protocols[0] != oldest {
			t.Errorf("%s is %v", name, p)
		}
	}
	if _, ok := Find("best"); ok {
		t.Error("there is no best one")
	}
}
