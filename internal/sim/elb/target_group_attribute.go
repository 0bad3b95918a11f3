package elb

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/world"
)

const (
	deregistrationDelay = "deregistration_delay.timeout_seconds"
	slowStart           = "slow_start.duration_seconds"
)

// groupAttributes are all attributes of a target group's protocol and type (ELB API reference 2015-12-01,
// TargetGroupAttribute).
func groupAttributes(g *world.TargetGroup) []attribute {
	shared := []attribute{
		{deregistrationDelay, "300", "0..3600"},
		{"stickiness.enabled", "false", "bool"},
		{crossZone, "use_load_balancer_configuration", "bool|use_load_balancer_configuration"},
		{"target_group_health.dns_failover.minimum_healthy_targets.count", "1", "off|1..1000"},
		{"target_group_health.dns_failover.minimum_healthy_targets.percentage", "off", "off|1..100"},
		{"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1", "1..1000"},
		{"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "off", "off|1..100"},
	}
	if speaksHTTP(g.Protocol) {
		return append(shared,
			attribute{"stickiness.type", "lb_cookie", "lb_cookie|app_cookie"},
			attribute{"stickiness.lb_cookie.duration_seconds", "86400", "1..604800"},
			attribute{"stickiness.app_cookie.cookie_name", "", "*"},
			attribute{"stickiness.app_cookie.duration_seconds", "86400", "1..604800"},
			attribute{slowStart, "0", "0|30..900"},
			attribute{"load_balancing.algorithm.type", "round_robin", "round_robin|least_outstanding_requests|weighted_random"},
			attribute{"load_balancing.algorithm.anomaly_mitigation", "off", "on|off"},
		)
	}
	udp := g.Protocol == "UDP" || g.Protocol == "TCP_UDP"
	return append(shared,
		attribute{"stickiness.type", "source_ip", "source_ip"},
		attribute{"deregistration_delay.connection_termination.enabled", strconv.FormatBool(udp), "bool"},
		attribute{"preserve_client_ip.enabled", strconv.FormatBool(udp || g.TargetType == "instance"), "bool"},
		attribute{"proxy_protocol_v2.enabled", "false", "bool"},
		attribute{"target_health_state.unhealthy.connection_termination.enabled", strconv.FormatBool(!udp), "bool"},
		attribute{"target_health_state.unhealthy.draining_interval_seconds", "0", "0..360000"},
	)
}

// drainTime is how long a deregistered target of a group drains.
func drainTime(g *world.TargetGroup) time.Duration {
	n, _ := strconv.Atoi(get(groupAttributes(g), g.Attributes, deregistrationDelay)) // the table allows numbers only
	return time.Duration(n) * time.Second
}

// DescribeTargetGroupAttributes lists all attributes, set or not.
func DescribeTargetGroupAttributes(c *world.Call, in *elbv2.DescribeTargetGroupAttributesInput) (*elbv2.DescribeTargetGroupAttributesOutput, error) {
	g, err := groupBy(c.Region, in.TargetGroupArn)
	if err != nil {
		return nil, err
	}
	return &elbv2.DescribeTargetGroupAttributesOutput{Attributes: toGroupAttributes(g)}, nil
}

// ModifyTargetGroupAttributes sets some attributes; one bad one and nothing is set. It answers with all of them.
func ModifyTargetGroupAttributes(c *world.Call, in *elbv2.ModifyTargetGroupAttributesInput) (*elbv2.ModifyTargetGroupAttributesOutput, error) {
	g, err := groupBy(c.Region, in.TargetGroupArn)
	if err != nil {
		return nil, err
	}
	if err := needed("attributes", in.Attributes != nil); err != nil {
		return nil, err
	}
	changes := make([]setting, len(in.Attributes))
	for i, a := range in.Attributes {
		changes[i] = setting{aws.ToString(a.Key), aws.ToString(a.Value)}
	}
	table := groupAttributes(g)
	set, err := change(table, g.Attributes, "Target group", changes)
	if err != nil {
		return nil, err
	}
	slow := get(table, set, slowStart) // empty for network protocols
	if slow != "" && slow != "0" && get(table, set, "load_balancing.algorithm.type") != "round_robin" {
		return nil, refuse("InvalidConfigurationRequest", "Slow start is supported with load balancing algorithm 'round_robin' only")
	}
	g.Attributes = set
	stir(c.World, c.Region, g.ARN)
	return &elbv2.ModifyTargetGroupAttributesOutput{Attributes: toGroupAttributes(g)}, nil
}

func toGroupAttributes(g *world.TargetGroup) []types.TargetGroupAttribute {
	all := settings(groupAttributes(g), g.Attributes)
	out := make([]types.TargetGroupAttribute, len(all))
	for i, s := range all {
		out[i] = types.TargetGroupAttribute{Key: aws.String(s.key), Value: aws.String(s.value)}
	}
	return out
}
