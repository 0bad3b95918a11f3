package elb

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a text with a file under testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it anew):\n%s", file, got)
	}
}

func TestDefaultsOfAllAttributes(t *testing.T) {
	s := newStage(t)
	var b strings.Builder
	line := func(key, value *string) { fmt.Fprintf(&b, "%s = %q\n", *key, *value) }
	internal := balancerInput("inner")
	internal.Scheme = types.LoadBalancerSchemeEnumInternal
	for _, in := range []*elbv2.CreateLoadBalancerInput{balancerInput("web"), internal, {
		Name: aws.String("net"), Type: types.LoadBalancerTypeEnumNetwork, Subnets: []string{subnetA},
	}} {
		fmt.Fprintf(&b, "load balancer %s\n", *in.Name)
		lb := ok(s, CreateLoadBalancer, in).LoadBalancers[0]
		for _, a := range ok(s, DescribeLoadBalancerAttributes, &elbv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: lb.LoadBalancerArn}).Attributes {
			line(a.Key, a.Value)
		}
	}
	for _, p := range []types.ProtocolEnum{"HTTP", "TCP", "UDP"} {
		fmt.Fprintf(&b, "target group %s\n", p)
		in := groupInput("g-" + strings.ToLower(string(p)))
		in.Protocol = p
		g := ok(s, CreateTargetGroup, in).TargetGroups[0]
		for _, a := range ok(s, DescribeTargetGroupAttributes, &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: g.TargetGroupArn}).Attributes {
			line(a.Key, a.Value)
		}
	}
	web := *ok(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{Names: []string{"web"}}).LoadBalancers[0].LoadBalancerArn
	in := listenerInput(web, 443, forwardTo(s.group("web")))
	in.Protocol, in.Certificates = types.ProtocolEnumHttps, []types.Certificate{{CertificateArn: aws.String(certificate)}}
	l := ok(s, CreateListener, in).Listeners[0]
	b.WriteString("listener HTTPS\n")
	for _, a := range ok(s, DescribeListenerAttributes, &elbv2.DescribeListenerAttributesInput{ListenerArn: l.ListenerArn}).Attributes {
		line(a.Key, a.Value)
	}
	golden(t, "attributes.txt", b.String())
}

func TestLoadBalancerAttributesAreChecked(t *testing.T) {
	s := newStage(t)
	arn := s.balancer("web").LoadBalancerArn
	for _, c := range []struct{ key, value, code string }{
		{idleTimeout, "4000", ""},
		{idleTimeout, "1", ""},
		{idleTimeout, "0", "ValidationError"},
		{idleTimeout, "4001", "ValidationError"},
		{idleTimeout, "a minute", "ValidationError"},
		{"routing.http.desync_mitigation_mode", "monitor", ""},
		{"routing.http.desync_mitigation_mode", "none", "ValidationError"},
		{"routing.http2.enabled", "false", ""},
		{"routing.http2.enabled", "no", "ValidationError"},
		{"dns_record.client_routing_policy", "any_availability_zone", "ValidationError"},
		{"idle_timeout", "60", "ValidationError"},
		{crossZone, "true", ""},
		{crossZone, "false", "InvalidConfigurationRequest"},
		{"access_logs.s3.enabled", "true", "InvalidConfigurationRequest"},
		{"access_logs.s3.bucket", "logs", ""},
		{"access_logs.s3.enabled", "true", ""},
		{"connection_logs.s3.enabled", "true", "InvalidConfigurationRequest"},
	} {
		in := &elbv2.ModifyLoadBalancerAttributesInput{
			LoadBalancerArn: arn, Attributes: []types.LoadBalancerAttribute{{Key: &c.key, Value: &c.value}},
		}
		if c.code != "" {
			isCode(t, refusal(s, ModifyLoadBalancerAttributes, in), c.code)
			continue
		}
		found := false
		for _, a := range ok(s, ModifyLoadBalancerAttributes, in).Attributes {
			found = found || *a.Key == c.key && *a.Value == c.value
		}
		if !found {
			t.Errorf("%s = %s is not in the answer", c.key, c.value)
		}
	}
}

func TestOneBadAttributeSetsNone(t *testing.T) {
	s := newStage(t)
	arn := s.balancer("web").LoadBalancerArn
	isCode(t, refusal(s, ModifyLoadBalancerAttributes, &elbv2.ModifyLoadBalancerAttributesInput{LoadBalancerArn: arn, Attributes: []types.LoadBalancerAttribute{
		{Key: aws.String(idleTimeout), Value: aws.String("10")}, {Key: aws.String("nonsense"), Value: aws.String("1")},
	}}), "ValidationError")
	for _, a := range ok(s, DescribeLoadBalancerAttributes, &elbv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: arn}).Attributes {
		if *a.Key == idleTimeout && *a.Value != "60" {
			t.Errorf("the idle timeout is %s", *a.Value)
		}
	}
}

func TestTargetGroupAttributesAreChecked(t *testing.T) {
	s := newStage(t)
	arn := s.group("web")
	for _, c := range []struct{ key, value, code string }{
		{deregistrationDelay, "0", ""},
		{deregistrationDelay, "3601", "ValidationError"},
		{"slow_start.duration_seconds", "29", "ValidationError"},
		{"slow_start.duration_seconds", "30", ""},
		{"load_balancing.algorithm.type", "least_outstanding_requests", "InvalidConfigurationRequest"},
		{"slow_start.duration_seconds", "0", ""},
		{"load_balancing.algorithm.type", "least_outstanding_requests", ""},
		{"target_group_health.dns_failover.minimum_healthy_targets.count", "off", ""},
		{"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "off", "ValidationError"},
		{"proxy_protocol_v2.enabled", "true", "ValidationError"},
	} {
		in := &elbv2.ModifyTargetGroupAttributesInput{
			TargetGroupArn: &arn, Attributes: []types.TargetGroupAttribute{{Key: &c.key, Value: &c.value}},
		}
		if c.code != "" {
			isCode(t, refusal(s, ModifyTargetGroupAttributes, in), c.code)
		} else {
			ok(s, ModifyTargetGroupAttributes, in)
		}
	}
}

func TestListenerAttributesAreChecked(t *testing.T) {
	s := newStage(t)
	arn := s.listener(*s.balancer("web").LoadBalancerArn, 80, s.group("web")).ListenerArn
	set := func(key, value string) *elbv2.ModifyListenerAttributesInput {
		return &elbv2.ModifyListenerAttributesInput{ListenerArn: arn, Attributes: []types.ListenerAttribute{{Key: &key, Value: &value}}}
	}
	ok(s, ModifyListenerAttributes, set("routing.http.response.server.enabled", "false"))
	isCode(t, refusal(s, ModifyListenerAttributes, set("routing.http.request.x_amzn_tls_version.header_name", "x")), "ValidationError") // HTTPS only
	isCode(t, refusal(s, ModifyListenerAttributes, set("tcp.idle_timeout.seconds", "60")), "ValidationError")
}
