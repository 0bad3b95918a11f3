package elb

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/sim/elb/probe"
	"berth/internal/sim/world"
)

// usualClassicCheck is the health check of a new load balancer: a connection to the first listener's instance port.
func usualClassicCheck(b *world.ClassicBalancer) world.ClassicCheck {
	return world.ClassicCheck{
		Target:   fmt.Sprintf("TCP:%d", b.Listeners[0].InstancePort),
		Interval: 30, Timeout: 5, Healthy: 10, Unhealthy: 2,
	}
}

// ConfigureClassicHealthCheck replaces the health check. Checks that were made already keep their results.
func ConfigureClassicHealthCheck(c *world.Call, in *elbv1.ConfigureHealthCheckInput) (*elbv1.ConfigureHealthCheckOutput, error) {
	b, err := classicBy(c.Region, in.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	check, err := fromClassicCheck(in.HealthCheck)
	if err != nil {
		return nil, err
	}
	refreshAllClassic(c.World, c.Region, b)
	for t := range b.Targets.Rows() {
		classicRhythm(b).Rebase(&t.Probe)
	}
	b.Check = check
	for t := range b.Targets.Rows() {
		t.Probe.Result = classicResult(c.Region, b, t)
		awaitClassicTurn(c.World, c.Region, b, t)
	}
	return &elbv1.ConfigureHealthCheckOutput{HealthCheck: toClassicCheck(b.Check)}, nil
}

func fromClassicCheck(in *types1.HealthCheck) (world.ClassicCheck, error) {
	if in == nil {
		in = &types1.HealthCheck{}
	}
	out := world.ClassicCheck{
		Target: aws.ToString(in.Target), Interval: aws.ToInt32(in.Interval), Timeout: aws.ToInt32(in.Timeout),
		Healthy: aws.ToInt32(in.HealthyThreshold), Unhealthy: aws.ToInt32(in.UnhealthyThreshold),
	}
	err := first(
		needed("healthCheck.target", in.Target != nil),
		needed("healthCheck.interval", in.Interval != nil), within("healthCheck.interval", in.Interval, 5, 300),
		needed("healthCheck.timeout", in.Timeout != nil), within("healthCheck.timeout", in.Timeout, 2, 60),
		needed("healthCheck.healthyThreshold", in.HealthyThreshold != nil), within("healthCheck.healthyThreshold", in.HealthyThreshold, 2, 10),
		needed("healthCheck.unhealthyThreshold", in.UnhealthyThreshold != nil), within("healthCheck.unhealthyThreshold", in.UnhealthyThreshold, 2, 10),
	)
	if err != nil {
		return out, err
	}
	if out.Timeout >= out.Interval {
		return out, invalid("HealthCheck timeout must be less than interval")
	}
	kind, _, _ := strings.Cut(out.Target, ":")
	switch strings.ToUpper(kind) {
	case "TCP", "SSL":
		if !regexp.MustCompile(`^\w+:\d{1,5}$`).MatchString(out.Target) {
			return out, invalid("HealthCheck Target '%s' must be of the form %s:port", out.Target, kind)
		}
	case "HTTP", "HTTPS":
		if !regexp.MustCompile(`^\w+:\d{1,5}/.*$`).MatchString(out.Target) || len(out.Target) > 1024 {
			return out, invalid("HealthCheck HTTP Target must specify a port followed by a path that begins with a slash. e.g. HTTP:80/ping/this/path")
		}
	default:
		return out, invalid("HealthCheck Target must begin with one of HTTP, TCP, HTTPS, SSL")
	}
	if port := classicPort(out); port < 1 || port > 65535 {
		return out, invalid("HealthCheck Target port must be within 1-65535")
	}
	return out, nil
}

// classicPort is the port that a health check goes to.
func classicPort(check world.ClassicCheck) int32 {
	_, rest, _ := strings.Cut(check.Target, ":")
	digits, _, _ := strings.Cut(rest, "/")
	n, _ := strconv.ParseInt(digits, 10, 32) // fromClassicCheck lets digits through only
	return int32(n)
}

// classicRhythm is how a classic load balancer checks; a new instance must pass as often as one that failed.
func classicRhythm(b *world.ClassicBalancer) probe.Rhythm {
	return probe.Rhythm{
		Interval: time.Duration(b.Check.Interval) * time.Second, Timeout: time.Duration(b.Check.Timeout) * time.Second,
		First: int(b.Check.Healthy), Healthy: int(b.Check.Healthy), Unhealthy: int(b.Check.Unhealthy),
	}
}

func toClassicCheck(h world.ClassicCheck) *types1.HealthCheck {
	return &types1.HealthCheck{
		Target: aws.String(h.Target), Interval: aws.Int32(h.Interval), Timeout: aws.Int32(h.Timeout),
		HealthyThreshold: aws.Int32(h.Healthy), UnhealthyThreshold: aws.Int32(h.Unhealthy),
	}
}
