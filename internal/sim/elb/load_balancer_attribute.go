package elb

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/world"
)

const (
	protection  = "deletion_protection.enabled"
	crossZone   = "load_balancing.cross_zone.enabled"
	idleTimeout = "idle_timeout.timeout_seconds"
)

// balancerAttributes are all attributes of a load balancer's type (ELB API reference 2015-12-01, LoadBalancerAttribute).
func balancerAttributes(lb *world.LoadBalancer) []attribute {
	internal := strconv.FormatBool(lb.Scheme == "internal")
	shared := []attribute{
		{"access_logs.s3.enabled", "false", "bool"},
		{"access_logs.s3.bucket", "", "*"},
		{"access_logs.s3.prefix", "", "*"},
		{protection, "false", "bool"},
		{"ipv6.deny_all_igw_traffic", internal, "bool"},
		{"zonal_shift.config.enabled", "false", "bool"},
	}
	if lb.Type == "network" {
		return append(shared,
			attribute{crossZone, "false", "bool"},
			attribute{"dns_record.client_routing_policy", "any_availability_zone", "availability_zone_affinity|partial_availability_zone_affinity|any_availability_zone"},
			attribute{"secondary_ips.auto_assigned.per_subnet", "0", "0..7"},
		)
	}
	return append(shared,
		attribute{crossZone, "true", "bool"},
		attribute{idleTimeout, "60", "1..4000"},
		attribute{"client_keep_alive.seconds", "3600", "60..604800"},
		attribute{"connection_logs.s3.enabled", "false", "bool"},
		attribute{"connection_logs.s3.bucket", "", "*"},
		attribute{"connection_logs.s3.prefix", "", "*"},
		attribute{"health_check_logs.s3.enabled", "false", "bool"},
		attribute{"health_check_logs.s3.bucket", "", "*"},
		attribute{"health_check_logs.s3.prefix", "", "*"},
		attribute{"routing.http2.enabled", "true", "bool"},
		attribute{"routing.http.desync_mitigation_mode", "defensive", "monitor|defensive|strictest"},
		attribute{"routing.http.drop_invalid_header_fields.enabled", "false", "bool"},
		attribute{"routing.http.preserve_host_header.enabled", "false", "bool"},
		attribute{"routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false", "bool"},
		attribute{"routing.http.xff_client_port.enabled", "false", "bool"},
		attribute{"routing.http.xff_header_processing.mode", "append", "append|preserve|remove"},
		attribute{"waf.fail_open.enabled", "false", "bool"},
	)
}

// DescribeLoadBalancerAttributes lists all attributes, set or not.
func DescribeLoadBalancerAttributes(c *world.Call, in *elbv2.DescribeLoadBalancerAttributesInput) (*elbv2.DescribeLoadBalancerAttributesOutput, error) {
	lb, err := balancerBy(c.Region, in.LoadBalancerArn)
	if err != nil {
		return nil, err
	}
	return &elbv2.DescribeLoadBalancerAttributesOutput{Attributes: toBalancerAttributes(lb)}, nil
}

// ModifyLoadBalancerAttributes sets some attributes; one bad one and nothing is set. It answers with all of them.
func ModifyLoadBalancerAttributes(c *world.Call, in *elbv2.ModifyLoadBalancerAttributesInput) (*elbv2.ModifyLoadBalancerAttributesOutput, error) {
	lb, err := balancerBy(c.Region, in.LoadBalancerArn)
	if err != nil {
		return nil, err
	}
	if err := needed("attributes", in.Attributes != nil); err != nil {
		return nil, err
	}
	if len(in.Attributes) > attributesPerCall() {
		return nil, constraint("attributes", "[…]", "have length less than or equal to 20")
	}
	changes := make([]setting, len(in.Attributes))
	for i, a := range in.Attributes {
		changes[i] = setting{aws.ToString(a.Key), aws.ToString(a.Value)}
	}
	table := balancerAttributes(lb)
	set, err := change(table, lb.Attributes, "Load balancer", changes)
	if err != nil {
		return nil, err
	}
	if err := consistent(lb, table, set); err != nil {
		return nil, err
	}
	lb.Attributes = set
	stirBehind(c.World, c.Region, lb.ARN)
	return &elbv2.ModifyLoadBalancerAttributesOutput{Attributes: toBalancerAttributes(lb)}, nil
}

// consistent refuses settings that contradict each other.
func consistent(lb *world.LoadBalancer, table []attribute, set map[string]string) error {
	if lb.Type == "application" && get(table, set, crossZone) != "true" {
		return refuse("InvalidConfigurationRequest", "The attribute '%s' can't be changed on load balancers with type 'application'", crossZone)
	}
	for _, log := range []string{"access_logs", "connection_logs", "health_check_logs"} {
		if get(table, set, log+".s3.enabled") == "true" && get(table, set, log+".s3.bucket") == "" {
			return refuse("InvalidConfigurationRequest", "The value of '%s.s3.bucket' cannot be empty when '%s.s3.enabled' is true", log, log)
		}
	}
	return nil
}

func toBalancerAttributes(lb *world.LoadBalancer) []types.LoadBalancerAttribute {
	all := settings(balancerAttributes(lb), lb.Attributes)
	out := make([]types.LoadBalancerAttribute, len(all))
	for i, s := range all {
		out[i] = types.LoadBalancerAttribute{Key: aws.String(s.key), Value: aws.String(s.value)}
	}
	return out
}
