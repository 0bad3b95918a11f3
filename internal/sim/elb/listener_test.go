package elb

import (
	"regexp"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/elb/cipher"
)

const (
	certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/0f0f0f0f-0000-4000-a000-000000000000"
	another     = "arn:aws:acm:eu-west-1:123456789012:certificate/1f1f1f1f-0000-4000-a000-000000000000"
)

func TestListenerAnswersWhatItWasGiven(t *testing.T) {
	s := newStage(t)
	lb, g := s.balancer("web"), s.group("web")
	l := s.listener(*lb.LoadBalancerArn, 80, g)
	if want := `:listener/app/web/[0-9a-f]{16}/[0-9a-f]{16}$`; !regexp.MustCompile(want).MatchString(*l.ListenerArn) {
		t.Errorf("%s does not match %s", *l.ListenerArn, want)
	}
	a := l.DefaultActions[0]
	if *a.TargetGroupArn != g || *a.ForwardConfig.TargetGroups[0].TargetGroupArn != g || *a.ForwardConfig.TargetGroups[0].Weight != 1 ||
		*a.ForwardConfig.TargetGroupStickinessConfig.Enabled {
		t.Errorf("default action %+v", a)
	}
	got := ok(s, DescribeListeners, &elbv2.DescribeListenersInput{LoadBalancerArn: lb.LoadBalancerArn}).Listeners
	if len(got) != 1 || *got[0].ListenerArn != *l.ListenerArn {
		t.Errorf("listeners %+v", got)
	}
	rules := ok(s, DescribeRules, &elbv2.DescribeRulesInput{ListenerArn: l.ListenerArn}).Rules
	if len(rules) != 1 || !*rules[0].IsDefault || *rules[0].Priority != "default" || len(rules[0].Conditions) != 0 {
		t.Errorf("rules %+v", rules)
	}
	if want := `:listener-rule/app/web/[0-9a-f]{16}/[0-9a-f]{16}/[0-9a-f]{16}$`; !regexp.MustCompile(want).MatchString(*rules[0].RuleArn) {
		t.Errorf("%s does not match %s", *rules[0].RuleArn, want)
	}
}

func TestCreateListenerRefusals(t *testing.T) {
	s := newStage(t)
	lb, g := *s.balancer("web").LoadBalancerArn, s.group("web")
	tcp := groupInput("tcp")
	tcp.Protocol = types.ProtocolEnumTcp
	tcpGroup := *ok(s, CreateTargetGroup, tcp).TargetGroups[0].TargetGroupArn
	far := groupInput("far")
	far.VpcId = aws.String(elsewhere)
	farGroup := *ok(s, CreateTargetGroup, far).TargetGroups[0].TargetGroupArn
	s.listener(lb, 8080, g)
	for _, c := range []struct {
		name, code string
		change     func(*elbv2.CreateListenerInput)
	}{
		{"no load balancer", "ValidationError", func(in *elbv2.CreateListenerInput) { in.LoadBalancerArn = nil }},
		{"unknown load balancer", "LoadBalancerNotFound", func(in *elbv2.CreateListenerInput) { in.LoadBalancerArn = aws.String(lb + "0") }},
		{"no port", "ValidationError", func(in *elbv2.CreateListenerInput) { in.Port = nil }},
		{"port", "ValidationError", func(in *elbv2.CreateListenerInput) { in.Port = aws.Int32(70000) }},
		{"no protocol", "ValidationError", func(in *elbv2.CreateListenerInput) { in.Protocol = "" }},
		{"TCP", "ValidationError", func(in *elbv2.CreateListenerInput) { in.Protocol = types.ProtocolEnumTcp }},
		{"no action", "ValidationError", func(in *elbv2.CreateListenerInput) { in.DefaultActions = nil }},
		{"no target group", "ValidationError", func(in *elbv2.CreateListenerInput) {
			in.DefaultActions = []types.Action{{Type: types.ActionTypeEnumForward}}
		}},
		{"no ARN", "ValidationError", func(in *elbv2.CreateListenerInput) { in.DefaultActions = forwardTo("web") }},
		{"unknown target group", "TargetGroupNotFound", func(in *elbv2.CreateListenerInput) { in.DefaultActions = forwardTo(g + "0") }},
		{"TCP target group", "IncompatibleProtocols", func(in *elbv2.CreateListenerInput) { in.DefaultActions = forwardTo(tcpGroup) }},
		{"target group elsewhere", "InvalidConfigurationRequest", func(in *elbv2.CreateListenerInput) { in.DefaultActions = forwardTo(farGroup) }},
		{"two forwards", "InvalidLoadBalancerAction", func(in *elbv2.CreateListenerInput) { in.DefaultActions = forwardTo(g, g) }},
		{"port taken", "DuplicateListener", func(in *elbv2.CreateListenerInput) {
			in.Port = aws.Int32(8080)
			in.DefaultActions = []types.Action{{Type: types.ActionTypeEnumFixedResponse, FixedResponseConfig: &types.FixedResponseActionConfig{StatusCode: aws.String("404")}}}
		}},
		{"HTTPS without certificate", "ValidationError", func(in *elbv2.CreateListenerInput) { in.Protocol = types.ProtocolEnumHttps }},
		{"certificate elsewhere", "CertificateNotFound", func(in *elbv2.CreateListenerInput) {
			in.Protocol = types.ProtocolEnumHttps
			in.Certificates = []types.Certificate{{CertificateArn: aws.String("arn:aws:acm:us-east-1:123456789012:certificate/0f")}}
		}},
		{"HTTP with certificate", "ValidationError", func(in *elbv2.CreateListenerInput) {
			in.Certificates = []types.Certificate{{CertificateArn: aws.String(certificate)}}
		}},
		{"unknown policy", "SSLPolicyNotFound", func(in *elbv2.CreateListenerInput) {
			in.Protocol, in.SslPolicy = types.ProtocolEnumHttps, aws.String("best")
			in.Certificates = []types.Certificate{{CertificateArn: aws.String(certificate)}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := listenerInput(lb, 80, forwardTo(g))
			c.change(in)
			isCode(t, refusal(s, CreateListener, in), c.code)
		})
	}
	if n := s.Region.Balancing.Listeners.Len(); n != 1 {
		t.Errorf("%d listeners, want 1", n)
	}
}

func TestRepeatedCreateMakesOneListener(t *testing.T) {
	s := newStage(t)
	lb, g := *s.balancer("web").LoadBalancerArn, s.group("web")
	a, b := s.listener(lb, 80, g), s.listener(lb, 80, g)
	if *a.ListenerArn != *b.ListenerArn {
		t.Errorf("the repeat made %s", *b.ListenerArn)
	}
}

func TestListenerQuotaHolds(t *testing.T) {
	s := newStage(t)
	lb, g := *s.balancer("web").LoadBalancerArn, s.group("web")
	for port := range int32(50) {
		s.listener(lb, 8000+port, g)
	}
	isCode(t, refusal(s, CreateListener, listenerInput(lb, 80, forwardTo(g))), "TooManyListeners")
}

func TestModifyListenerKeepsWhatItDoesNotName(t *testing.T) {
	s := newStage(t)
	lb := *s.balancer("web").LoadBalancerArn
	a, b := s.group("a"), s.group("b")
	l := s.listener(lb, 80, a)
	s.listener(lb, 81, a)
	got := ok(s, ModifyListener, &elbv2.ModifyListenerInput{
		ListenerArn: l.ListenerArn, Port: aws.Int32(443), Protocol: types.ProtocolEnumHttps,
		Certificates: []types.Certificate{{CertificateArn: aws.String(certificate)}},
	}).Listeners[0]
	if *got.Port != 443 || *got.SslPolicy != cipher.Usual || *got.DefaultActions[0].TargetGroupArn != a || *got.MutualAuthentication.Mode != "off" {
		t.Errorf("modified %+v", got)
	}
	got = ok(s, ModifyListener, &elbv2.ModifyListenerInput{ListenerArn: l.ListenerArn, DefaultActions: forwardTo(b)}).Listeners[0]
	if *got.DefaultActions[0].TargetGroupArn != b || *got.Certificates[0].CertificateArn != certificate {
		t.Errorf("modified %+v", got)
	}
	got = ok(s, ModifyListener, &elbv2.ModifyListenerInput{ListenerArn: l.ListenerArn, SslPolicy: aws.String("ELBSecurityPolicy-TLS13-1-2-2021-06")}).Listeners[0]
	if *got.SslPolicy != "ELBSecurityPolicy-TLS13-1-2-2021-06" {
		t.Errorf("policy %s", *got.SslPolicy)
	}
	isCode(t, refusal(s, ModifyListener, &elbv2.ModifyListenerInput{ListenerArn: l.ListenerArn, Port: aws.Int32(81)}), "DuplicateListener")
	isCode(t, refusal(s, DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: &b}), "ResourceInUse")
}

func TestFurtherCertificatesOfAListener(t *testing.T) {
	s := newStage(t)
	lb, g := *s.balancer("web").LoadBalancerArn, s.group("web")
	in := listenerInput(lb, 443, forwardTo(g))
	in.Protocol, in.Certificates = types.ProtocolEnumHttps, []types.Certificate{{CertificateArn: aws.String(certificate)}}
	l := ok(s, CreateListener, in).Listeners[0].ListenerArn
	more := []types.Certificate{{CertificateArn: aws.String(another)}}
	for range 2 {
		ok(s, AddListenerCertificates, &elbv2.AddListenerCertificatesInput{ListenerArn: l, Certificates: more})
	}
	list := func() (arns []string) {
		for _, c := range ok(s, DescribeListenerCertificates, &elbv2.DescribeListenerCertificatesInput{ListenerArn: l}).Certificates {
			if *c.IsDefault != (*c.CertificateArn == certificate) {
				t.Errorf("%s: default %v", *c.CertificateArn, *c.IsDefault)
			}
			arns = append(arns, *c.CertificateArn)
		}
		return arns
	}
	if got := list(); !slices.Equal(got, []string{certificate, another}) {
		t.Errorf("certificates %v", got)
	}
	isCode(t, refusal(s, RemoveListenerCertificates, &elbv2.RemoveListenerCertificatesInput{
		ListenerArn: l, Certificates: []types.Certificate{{CertificateArn: aws.String(certificate)}},
	}), "OperationNotPermitted")
	ok(s, RemoveListenerCertificates, &elbv2.RemoveListenerCertificatesInput{ListenerArn: l, Certificates: more})
	if got := list(); !slices.Equal(got, []string{certificate}) {
		t.Errorf("certificates %v", got)
	}
	ok(s, AddListenerCertificates, &elbv2.AddListenerCertificatesInput{ // the default one may be in the list as well
		ListenerArn: l, Certificates: []types.Certificate{{CertificateArn: aws.String(certificate)}},
	})
	all := ok(s, DescribeListenerCertificates, &elbv2.DescribeListenerCertificatesInput{ListenerArn: l}).Certificates
	if len(all) != 2 || !*all[0].IsDefault || *all[1].IsDefault || *all[1].CertificateArn != certificate {
		t.Errorf("certificates %+v", all)
	}
	plain := s.listener(lb, 80, g).ListenerArn
	isCode(t, refusal(s, AddListenerCertificates, &elbv2.AddListenerCertificatesInput{ListenerArn: plain, Certificates: more}), "ValidationError")
}

func TestDescribeListenersWantsOneOfTwoWays(t *testing.T) {
	s := newStage(t)
	lb := *s.balancer("web").LoadBalancerArn
	l := s.listener(lb, 80, s.group("web")).ListenerArn
	isCode(t, refusal(s, DescribeListeners, &elbv2.DescribeListenersInput{}), "ValidationError")
	isCode(t, refusal(s, DescribeListeners, &elbv2.DescribeListenersInput{LoadBalancerArn: &lb, ListenerArns: []string{*l}}), "ValidationError")
	ok(s, DeleteListener, &elbv2.DeleteListenerInput{ListenerArn: l})
	isCode(t, refusal(s, DescribeListeners, &elbv2.DescribeListenersInput{ListenerArns: []string{*l}}), "ListenerNotFound")
	isCode(t, refusal(s, DeleteListener, &elbv2.DeleteListenerInput{ListenerArn: l}), "ListenerNotFound")
}

func TestSecurityPoliciesAreKnownByName(t *testing.T) {
	s := newStage(t)
	all := ok(s, DescribeSSLPolicies, &elbv2.DescribeSSLPoliciesInput{}).SslPolicies
	one := ok(s, DescribeSSLPolicies, &elbv2.DescribeSSLPoliciesInput{Names: []string{cipher.Usual}}).SslPolicies
	if len(all) < 5 || len(one) != 1 || *one[0].Name != cipher.Usual || len(one[0].Ciphers) == 0 {
		t.Errorf("%d policies, %+v", len(all), one)
	}
	isCode(t, refusal(s, DescribeSSLPolicies, &elbv2.DescribeSSLPoliciesInput{Names: []string{"none"}}), "SSLPolicyNotFound")
}
