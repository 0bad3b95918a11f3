package elb

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestTargetGroupDefaults(t *testing.T) {
	for _, c := range []struct {
		protocol, version, check, path, codes string
		timeout                               int32
	}{
		{"HTTP", "", "HTTP", "/", "200", 5},
		{"HTTPS", "HTTP2", "HTTP", "/", "200", 5},
		{"HTTP", "GRPC", "HTTP", "/AWS.ALB/healthcheck", "12", 5},
		{"TCP", "", "TCP", "", "", 10},
	} {
		s := newStage(t)
		in := groupInput("web")
		in.Protocol = types.ProtocolEnum(c.protocol)
		if c.version != "" {
			in.ProtocolVersion = &c.version
		}
		g := ok(s, CreateTargetGroup, in).TargetGroups[0]
		codes := ""
		if g.Matcher != nil {
			codes = aws.ToString(g.Matcher.HttpCode) + aws.ToString(g.Matcher.GrpcCode)
		}
		if string(g.HealthCheckProtocol) != c.check || aws.ToString(g.HealthCheckPath) != c.path || codes != c.codes || *g.HealthCheckTimeoutSeconds != c.timeout {
			t.Errorf("%s %s: check %s %s %q %d", c.protocol, c.version, g.HealthCheckProtocol, aws.ToString(g.HealthCheckPath), codes, *g.HealthCheckTimeoutSeconds)
		}
		if *g.HealthCheckIntervalSeconds != 30 || *g.HealthyThresholdCount != 5 || *g.UnhealthyThresholdCount != 2 || *g.HealthCheckPort != "traffic-port" {
			t.Errorf("%s: %+v", c.protocol, g)
		}
		if g.TargetType != types.TargetTypeEnumInstance || g.IpAddressType != types.TargetGroupIpAddressTypeEnumIpv4 {
			t.Errorf("%s: type %s, addresses %s", c.protocol, g.TargetType, g.IpAddressType)
		}
	}
}

func TestCreateTargetGroupRefusals(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*elbv2.CreateTargetGroupInput)
	}{
		{"no protocol", func(in *elbv2.CreateTargetGroupInput) { in.Protocol = "" }},
		{"no port", func(in *elbv2.CreateTargetGroupInput) { in.Port = nil }},
		{"port 0", func(in *elbv2.CreateTargetGroupInput) { in.Port = aws.Int32(0) }},
		{"no VPC", func(in *elbv2.CreateTargetGroupInput) { in.VpcId = nil }},
		{"unknown VPC", func(in *elbv2.CreateTargetGroupInput) { in.VpcId = aws.String("vpc-none") }},
		{"unknown protocol", func(in *elbv2.CreateTargetGroupInput) { in.Protocol = "FTP" }},
		{"Lambda", func(in *elbv2.CreateTargetGroupInput) { in.TargetType = types.TargetTypeEnumLambda }},
		{"bad name", func(in *elbv2.CreateTargetGroupInput) { in.Name = aws.String("a.b") }},
		{"interval too short", func(in *elbv2.CreateTargetGroupInput) { in.HealthCheckIntervalSeconds = aws.Int32(4) }},
		{"timeout as long as the interval", func(in *elbv2.CreateTargetGroupInput) { in.HealthCheckTimeoutSeconds = aws.Int32(30) }},
		{"threshold 1", func(in *elbv2.CreateTargetGroupInput) { in.HealthyThresholdCount = aws.Int32(1) }},
		{"TCP check of HTTP", func(in *elbv2.CreateTargetGroupInput) { in.HealthCheckProtocol = types.ProtocolEnumTcp }},
		{"path without slash", func(in *elbv2.CreateTargetGroupInput) { in.HealthCheckPath = aws.String("health") }},
		{"check port", func(in *elbv2.CreateTargetGroupInput) { in.HealthCheckPort = aws.String("http") }},
		{"codes", func(in *elbv2.CreateTargetGroupInput) { in.Matcher = &types.Matcher{HttpCode: aws.String("200-599")} }},
		{"no codes", func(in *elbv2.CreateTargetGroupInput) { in.Matcher = &types.Matcher{HttpCode: aws.String("ok")} }},
		{"checks off", func(in *elbv2.CreateTargetGroupInput) { in.HealthCheckEnabled = aws.Bool(false) }},
		{"version of TCP", func(in *elbv2.CreateTargetGroupInput) {
			in.Protocol, in.ProtocolVersion = types.ProtocolEnumTcp, aws.String("HTTP2")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			in := groupInput("web")
			c.change(in)
			isCode(t, refusal(s, CreateTargetGroup, in), "ValidationError")
		})
	}
}

func TestRepeatedCreateMakesOneTargetGroup(t *testing.T) {
	s := newStage(t)
	first := s.group("web")
	if again := s.group("web"); again != first {
		t.Errorf("the repeat made %s", again)
	}
	in := groupInput("web")
	in.Port = aws.Int32(81)
	isCode(t, refusal(s, CreateTargetGroup, in), "DuplicateTargetGroupName")
}

func TestTargetGroupQuotaHolds(t *testing.T) {
	s := newStage(t)
	s.Region.Quotas = map[string]int{"L-B22855CB": 1}
	s.group("one")
	isCode(t, refusal(s, CreateTargetGroup, groupInput("two")), "TooManyTargetGroups")
}

func TestTargetGroupInUseStays(t *testing.T) {
	s := newStage(t)
	lb, g := s.balancer("web"), s.group("web")
	l := s.listener(*lb.LoadBalancerArn, 80, g)
	described := ok(s, DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{LoadBalancerArn: lb.LoadBalancerArn}).TargetGroups
	if len(described) != 1 || len(described[0].LoadBalancerArns) != 1 || described[0].LoadBalancerArns[0] != *lb.LoadBalancerArn {
		t.Errorf("target groups of the load balancer: %+v", described)
	}
	isCode(t, refusal(s, DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: &g}), "ResourceInUse")
	ok(s, DeleteListener, &elbv2.DeleteListenerInput{ListenerArn: l.ListenerArn})
	ok(s, DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: &g})
	ok(s, DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: &g})
	isCode(t, refusal(s, DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{TargetGroupArns: []string{g}}), "TargetGroupNotFound")
	isCode(t, refusal(s, DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{Names: []string{"web"}}), "TargetGroupNotFound")
}

func TestTargetGroupBelongsToOneLoadBalancer(t *testing.T) {
	s := newStage(t)
	a, b, g := s.balancer("a"), s.balancer("b"), s.group("web")
	s.listener(*a.LoadBalancerArn, 80, g)
	isCode(t, refusal(s, CreateListener, listenerInput(*b.LoadBalancerArn, 80, forwardTo(g))), "TargetGroupAssociationLimit")
	s.listener(*a.LoadBalancerArn, 81, g)
}

func TestModifyTargetGroupChangesTheCheckOnly(t *testing.T) {
	s := newStage(t)
	g := s.group("web")
	out := ok(s, ModifyTargetGroup, &elbv2.ModifyTargetGroupInput{
		TargetGroupArn: &g, HealthCheckPath: aws.String("/up?full=1"), HealthCheckIntervalSeconds: aws.Int32(10),
		Matcher: &types.Matcher{HttpCode: aws.String("200-299,302")},
	}).TargetGroups[0]
	if *out.HealthCheckPath != "/up?full=1" || *out.HealthCheckIntervalSeconds != 10 || *out.Matcher.HttpCode != "200-299,302" || *out.HealthyThresholdCount != 5 {
		t.Errorf("modified: %+v", out)
	}
	isCode(t, refusal(s, ModifyTargetGroup, &elbv2.ModifyTargetGroupInput{TargetGroupArn: &g, HealthCheckTimeoutSeconds: aws.Int32(10)}), "ValidationError")
	in := groupInput("tcp")
	in.Protocol = types.ProtocolEnumTcp
	tcp := ok(s, CreateTargetGroup, in).TargetGroups[0].TargetGroupArn
	out = ok(s, ModifyTargetGroup, &elbv2.ModifyTargetGroupInput{TargetGroupArn: tcp, HealthCheckProtocol: types.ProtocolEnumHttp}).TargetGroups[0]
	if *out.HealthCheckPath != "/" || *out.Matcher.HttpCode != "200-399" {
		t.Errorf("an HTTP check of TCP targets: %+v", out)
	}
}
