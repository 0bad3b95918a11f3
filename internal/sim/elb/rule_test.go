package elb

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/elb/route"
	"berth/internal/sim/world"
)

func path(values ...string) []types.RuleCondition {
	return []types.RuleCondition{{Field: aws.String("path-pattern"), Values: values}}
}

func ruleInput(listener *string, priority int32, actions []types.Action) *elbv2.CreateRuleInput {
	return &elbv2.CreateRuleInput{ListenerArn: listener, Priority: &priority, Conditions: path("/a*"), Actions: actions}
}

func (s *stage) priorities(listener *string) (out []string) {
	for _, r := range ok(s, DescribeRules, &elbv2.DescribeRulesInput{ListenerArn: listener}).Rules {
		out = append(out, *r.Priority)
	}
	return out
}

func TestRulesAreListedByPriorityTheDefaultLast(t *testing.T) {
	s := newStage(t)
	g := s.group("web")
	l := s.listener(*s.balancer("web").LoadBalancerArn, 80, g).ListenerArn
	for _, p := range []int32{30, 10, 50000} {
		ok(s, CreateRule, ruleInput(l, p, forwardTo(g)))
	}
	if got := s.priorities(l); !slices.Equal(got, []string{"10", "30", "50000", "default"}) {
		t.Errorf("priorities %v", got)
	}
	isCode(t, refusal(s, CreateRule, ruleInput(l, 10, forwardTo(g))), "PriorityInUse")
	isCode(t, refusal(s, CreateRule, ruleInput(l, 0, forwardTo(g))), "ValidationError")
	isCode(t, refusal(s, CreateRule, ruleInput(l, 50001, forwardTo(g))), "ValidationError")
	isCode(t, refusal(s, DescribeRules, &elbv2.DescribeRulesInput{}), "ValidationError")
	isCode(t, refusal(s, DescribeRules, &elbv2.DescribeRulesInput{RuleArns: []string{strings.Replace(*l, ":listener/", ":listener-rule/", 1) + "/0"}}), "RuleNotFound")
}

func TestRulesOfNetworkLoadBalancersAreRefused(t *testing.T) {
	s := newStage(t)
	in := groupInput("tcp")
	in.Protocol = types.ProtocolEnumTcp
	g := *ok(s, CreateTargetGroup, in).TargetGroups[0].TargetGroupArn
	lb := ok(s, CreateLoadBalancer, &elbv2.CreateLoadBalancerInput{
		Name: aws.String("net"), Type: types.LoadBalancerTypeEnumNetwork, Subnets: []string{subnetA},
	}).LoadBalancers[0].LoadBalancerArn
	tcp := listenerInput(*lb, 80, forwardTo(g))
	tcp.Protocol = types.ProtocolEnumTcp
	l := ok(s, CreateListener, tcp).Listeners[0].ListenerArn
	isCode(t, refusal(s, CreateRule, ruleInput(l, 1, forwardTo(g))), "InvalidConfigurationRequest")
}

func TestRulePrioritiesCanBeSwapped(t *testing.T) {
	s := newStage(t)
	g := s.group("web")
	l := s.listener(*s.balancer("web").LoadBalancerArn, 80, g).ListenerArn
	var arns []string
	for _, p := range []int32{1, 2, 3} {
		arns = append(arns, *ok(s, CreateRule, ruleInput(l, p, forwardTo(g))).Rules[0].RuleArn)
	}
	pair := func(i int, p int32) types.RulePriorityPair {
		return types.RulePriorityPair{RuleArn: &arns[i], Priority: &p}
	}
	set := func(pairs ...types.RulePriorityPair) *elbv2.SetRulePrioritiesInput {
		return &elbv2.SetRulePrioritiesInput{RulePriorities: pairs}
	}
	out := ok(s, SetRulePriorities, set(pair(0, 2), pair(1, 1))).Rules
	if *out[0].Priority != "2" || *out[1].Priority != "1" {
		t.Errorf("swapped to %s and %s", *out[0].Priority, *out[1].Priority)
	}
	isCode(t, refusal(s, SetRulePriorities, set(pair(0, 3))), "PriorityInUse")
	isCode(t, refusal(s, SetRulePriorities, set(pair(0, 7), pair(1, 7))), "ValidationError")
	isCode(t, refusal(s, SetRulePriorities, set(pair(0, 7), pair(0, 8))), "ValidationError")
	all := ok(s, DescribeRules, &elbv2.DescribeRulesInput{ListenerArn: l}).Rules
	standard := all[len(all)-1].RuleArn
	isCode(t, refusal(s, SetRulePriorities, set(types.RulePriorityPair{RuleArn: standard, Priority: aws.Int32(9)})), "OperationNotPermitted")
	if got := s.priorities(l); !slices.Equal(got, []string{"1", "2", "3", "default"}) {
		t.Errorf("refused calls left %v", got)
	}
}

func TestDefaultRuleGoesWithItsListenerOnly(t *testing.T) {
	s := newStage(t)
	a, b := s.group("a"), s.group("b")
	l := s.listener(*s.balancer("web").LoadBalancerArn, 80, a).ListenerArn
	rule := ok(s, DescribeRules, &elbv2.DescribeRulesInput{ListenerArn: l}).Rules[0].RuleArn
	isCode(t, refusal(s, DeleteRule, &elbv2.DeleteRuleInput{RuleArn: rule}), "OperationNotPermitted")
	isCode(t, refusal(s, ModifyRule, &elbv2.ModifyRuleInput{RuleArn: rule, Conditions: path("/")}), "OperationNotPermitted")
	isCode(t, refusal(s, ModifyRule, &elbv2.ModifyRuleInput{RuleArn: rule}), "ValidationError")
	ok(s, ModifyRule, &elbv2.ModifyRuleInput{RuleArn: rule, Actions: forwardTo(b)})
	got := ok(s, DescribeListeners, &elbv2.DescribeListenersInput{ListenerArns: []string{*l}}).Listeners[0]
	if *got.DefaultActions[0].TargetGroupArn != b {
		t.Errorf("the listener still sends to %s", *got.DefaultActions[0].TargetGroupArn)
	}
	ok(s, DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: &a}) // no longer in use
}

func TestDeletedRuleFreesItsTargetGroup(t *testing.T) {
	s := newStage(t)
	a, b := s.group("a"), s.group("b")
	l := s.listener(*s.balancer("web").LoadBalancerArn, 80, a).ListenerArn
	rule := ok(s, CreateRule, ruleInput(l, 1, forwardTo(b))).Rules[0].RuleArn
	isCode(t, refusal(s, DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: &b}), "ResourceInUse")
	ok(s, DeleteRule, &elbv2.DeleteRuleInput{RuleArn: rule})
	ok(s, DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: &b})
	isCode(t, refusal(s, DeleteRule, &elbv2.DeleteRuleInput{RuleArn: rule}), "RuleNotFound")
}

func TestRuleQuotasHold(t *testing.T) {
	s := newStage(t)
	g := s.group("web")
	l := s.listener(*s.balancer("web").LoadBalancerArn, 80, g).ListenerArn
	for p := range int32(100) {
		ok(s, CreateRule, ruleInput(l, p+1, forwardTo(g)))
	}
	isCode(t, refusal(s, CreateRule, ruleInput(l, 101, forwardTo(g))), "TooManyRules")
}

func TestConditionsComeBackAsTheyWent(t *testing.T) {
	s := newStage(t)
	g := s.group("web")
	l := s.listener(*s.balancer("web").LoadBalancerArn, 80, g).ListenerArn
	in := ruleInput(l, 1, forwardTo(g))
	in.Conditions = []types.RuleCondition{
		{Field: aws.String("host-header"), HostHeaderConfig: &types.HostHeaderConditionConfig{Values: []string{"a.example.com"}}},
		{Field: aws.String("http-header"), HttpHeaderConfig: &types.HttpHeaderConditionConfig{HttpHeaderName: aws.String("X-A"), Values: []string{"1"}}},
		{Field: aws.String("http-request-method"), HttpRequestMethodConfig: &types.HttpRequestMethodConditionConfig{Values: []string{"GET"}}},
		{Field: aws.String("source-ip"), SourceIpConfig: &types.SourceIpConditionConfig{Values: []string{"10.0.0.0/8"}}},
		{Field: aws.String("query-string"), QueryStringConfig: &types.QueryStringConditionConfig{Values: []types.QueryStringKeyValuePair{{Key: aws.String("v"), Value: aws.String("2")}}}},
	}
	out := ok(s, CreateRule, in).Rules[0]
	want := slices.Clone(in.Conditions)
	want[0].Values = []string{"a.example.com"} // AWS shows these both ways
	if !reflect.DeepEqual(out.Conditions, want) {
		t.Errorf("conditions %+v", out.Conditions)
	}
}

func TestConditionRefusals(t *testing.T) {
	s := newStage(t)
	g := s.group("web")
	l := s.listener(*s.balancer("web").LoadBalancerArn, 80, g).ListenerArn
	for i, conditions := range [][]types.RuleCondition{
		nil,
		{{Field: aws.String("cookie"), Values: []string{"a"}}},
		{{Field: aws.String("path-pattern")}},
		{{Field: aws.String("path-pattern"), Values: []string{""}}},
		{{Field: aws.String("path-pattern"), Values: []string{strings.Repeat("a", 129)}}},
		{{Field: aws.String("path-pattern"), Values: []string{"/a"}, PathPatternConfig: &types.PathPatternConditionConfig{Values: []string{"/b"}}}},
		append(path("/a"), path("/b")...),
		path("/1", "/2", "/3", "/4", "/5", "/6"),
		{{Field: aws.String("http-header"), HttpHeaderConfig: &types.HttpHeaderConditionConfig{Values: []string{"a"}}}},
		{{Field: aws.String("source-ip"), SourceIpConfig: &types.SourceIpConditionConfig{Values: []string{"10.0.0.1"}}}},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			in := ruleInput(l, 1, forwardTo(g))
			in.Conditions = conditions
			isCode(t, refusal(s, CreateRule, in), "ValidationError")
		})
	}
}

func TestRedirectFillsInTheRequestsOwnParts(t *testing.T) {
	s := newStage(t)
	lb := *s.balancer("web").LoadBalancerArn
	in := listenerInput(lb, 80, []types.Action{{Type: types.ActionTypeEnumRedirect, RedirectConfig: &types.RedirectActionConfig{
		StatusCode: types.RedirectActionStatusCodeEnumHttp301, Protocol: aws.String("HTTPS"), Port: aws.String("443"),
	}}})
	d := ok(s, CreateListener, in).Listeners[0].DefaultActions[0].RedirectConfig
	if *d.Host != "#{host}" || *d.Path != "/#{path}" || *d.Query != "#{query}" || *d.Port != "443" {
		t.Errorf("redirect %+v", d)
	}
}

func TestActionRefusals(t *testing.T) {
	s := newStage(t)
	g := s.group("web")
	l := s.listener(*s.balancer("web").LoadBalancerArn, 80, g).ListenerArn
	redirect := func(change func(*types.RedirectActionConfig)) []types.Action {
		d := &types.RedirectActionConfig{StatusCode: types.RedirectActionStatusCodeEnumHttp302, Host: aws.String("example.com")}
		change(d)
		return []types.Action{{Type: types.ActionTypeEnumRedirect, RedirectConfig: d}}
	}
	fixed := func(status, contentType string) []types.Action {
		return []types.Action{{Type: types.ActionTypeEnumFixedResponse, FixedResponseConfig: &types.FixedResponseActionConfig{StatusCode: &status, ContentType: &contentType}}}
	}
	oidc := types.Action{Type: types.ActionTypeEnumAuthenticateOidc, Order: aws.Int32(1), AuthenticateOidcConfig: &types.AuthenticateOidcActionConfig{}}
	for _, c := range []struct {
		name, code string
		actions    []types.Action
	}{
		{"loop", "InvalidLoadBalancerAction", redirect(func(d *types.RedirectActionConfig) { d.Host = nil })},
		{"bad port", "ValidationError", redirect(func(d *types.RedirectActionConfig) { d.Port = aws.String("http") })},
		{"bad path", "ValidationError", redirect(func(d *types.RedirectActionConfig) { d.Path = aws.String("a") })},
		{"bad protocol", "ValidationError", redirect(func(d *types.RedirectActionConfig) { d.Protocol = aws.String("FTP") })},
		{"bad status", "ValidationError", redirect(func(d *types.RedirectActionConfig) { d.StatusCode = "HTTP_303" })},
		{"no redirect", "ValidationError", []types.Action{{Type: types.ActionTypeEnumRedirect}}},
		{"status 300", "ValidationError", fixed("300", "text/plain")},
		{"content type", "ValidationError", fixed("200", "image/png")},
		{"unknown type", "ValidationError", []types.Action{{Type: "drop"}}},
		{"login on HTTP", "InvalidLoadBalancerAction", append([]types.Action{oidc}, forwardTo(g)...)},
		{"six target groups", "TooManyTargetGroups", []types.Action{{Type: types.ActionTypeEnumForward, ForwardConfig: &types.ForwardActionConfig{
			TargetGroups: slices.Repeat([]types.TargetGroupTuple{{TargetGroupArn: &g}}, 6),
		}}}},
		{"two names", "ValidationError", []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: aws.String(g + "0"), ForwardConfig: &types.ForwardActionConfig{
			TargetGroups: []types.TargetGroupTuple{{TargetGroupArn: &g}},
		}}}},
		{"sticky for no time", "ValidationError", []types.Action{{Type: types.ActionTypeEnumForward, ForwardConfig: &types.ForwardActionConfig{
			TargetGroups:                []types.TargetGroupTuple{{TargetGroupArn: &g}},
			TargetGroupStickinessConfig: &types.TargetGroupStickinessConfig{Enabled: aws.Bool(true)},
		}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			isCode(t, refusal(s, CreateRule, ruleInput(l, 1, c.actions)), c.code)
		})
	}
}

func TestLoginActionNeverShowsItsSecret(t *testing.T) {
	s := newStage(t)
	g := s.group("web")
	in := listenerInput(*s.balancer("web").LoadBalancerArn, 443, append([]types.Action{{
		Type: types.ActionTypeEnumAuthenticateOidc, Order: aws.Int32(1), AuthenticateOidcConfig: &types.AuthenticateOidcActionConfig{
			Issuer: aws.String("https://id.example.com"), ClientId: aws.String("berth"), ClientSecret: aws.String("s3cret"),
		},
	}}, forwardTo(g)...))
	in.DefaultActions[1].Order = aws.Int32(2)
	in.Protocol, in.Certificates = types.ProtocolEnumHttps, []types.Certificate{{CertificateArn: aws.String(certificate)}}
	a := ok(s, CreateListener, in).Listeners[0].DefaultActions
	if len(a) != 2 || *a[0].AuthenticateOidcConfig.ClientId != "berth" || a[0].AuthenticateOidcConfig.ClientSecret != nil || *a[1].TargetGroupArn != g {
		t.Errorf("actions %+v", a)
	}
	saved, err := s.Save()
	if err != nil || strings.Contains(string(saved), "s3cret") {
		t.Errorf("the secret is in the saved world (%v)", err)
	}
}

func TestWeightedForwardUsesAllItsTargetGroups(t *testing.T) {
	s := newStage(t)
	a, b := s.group("a"), s.group("b")
	lb := *s.balancer("web").LoadBalancerArn
	action := types.Action{Type: types.ActionTypeEnumForward, ForwardConfig: &types.ForwardActionConfig{
		TargetGroups: []types.TargetGroupTuple{{TargetGroupArn: &a, Weight: aws.Int32(90)}, {TargetGroupArn: &b, Weight: aws.Int32(10)}},
	}}
	got := ok(s, CreateListener, listenerInput(lb, 80, []types.Action{action})).Listeners[0].DefaultActions[0]
	if got.TargetGroupArn != nil || len(got.ForwardConfig.TargetGroups) != 2 || *got.ForwardConfig.TargetGroups[1].Weight != 10 {
		t.Errorf("action %+v", got)
	}
	if n := len(ok(s, DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{LoadBalancerArn: &lb}).TargetGroups); n != 2 {
		t.Errorf("%d target groups in use", n)
	}
}

func TestRouteIsTheActionOfTheFirstRuleThatIsMet(t *testing.T) {
	s := newStage(t)
	blue, green := s.group("blue"), s.group("green")
	listener := s.listener(*s.balancer("web").LoadBalancerArn, 80, blue).ListenerArn
	both := []types.Action{{Type: types.ActionTypeEnumForward, ForwardConfig: &types.ForwardActionConfig{TargetGroups: []types.TargetGroupTuple{
		{TargetGroupArn: &blue, Weight: aws.Int32(90)}, {TargetGroupArn: &green, Weight: aws.Int32(10)},
	}}}}
	ok(s, CreateRule, &elbv2.CreateRuleInput{
		ListenerArn: listener, Priority: aws.Int32(5), Actions: both,
		Conditions: []types.RuleCondition{{Field: aws.String("host-header"), Values: []string{"*.example.com"}}},
	})
	got, err := Route(s.Region, *listener, route.Request{Host: "www.example.com", Path: "/"})
	if err != nil || len(got.Groups) != 2 || got.Groups[1] != (world.WeightedARN{ARN: green, Weight: 10}) {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = Route(s.Region, *listener, route.Request{Host: "example.org", Path: "/"})
	if err != nil || len(got.Groups) != 1 || got.Groups[0].ARN != blue {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := Route(s.Region, *listener+"x", route.Request{}); err == nil {
		t.Error("a listener that is not there has a route")
	}
}
