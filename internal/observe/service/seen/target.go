package seen

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/live"
)

// Target is the health of a target of a target group.
func Target(group string, d elbv2.TargetHealthDescription) live.Target {
	out := live.Target{Group: group}
	if d.Target != nil {
		out.ID, out.Port = aws.ToString(d.Target.Id), int(aws.ToInt32(d.Target.Port))
	}
	if h := d.TargetHealth; h != nil {
		out.State, out.Reason, out.Details = string(h.State), string(h.Reason), aws.ToString(h.Description)
	}
	return out
}

// Check is how a target group checks its targets.
func Check(g elbv2.TargetGroup) live.Check {
	out := live.Check{
		Group: aws.ToString(g.TargetGroupArn), Protocol: string(g.HealthCheckProtocol), Port: aws.ToString(g.HealthCheckPort), Path: aws.ToString(g.HealthCheckPath),
		Interval: int(aws.ToInt32(g.HealthCheckIntervalSeconds)), Timeout: int(aws.ToInt32(g.HealthCheckTimeoutSeconds)),
		Healthy: int(aws.ToInt32(g.HealthyThresholdCount)), Unhealthy: int(aws.ToInt32(g.UnhealthyThresholdCount)),
	}
	if g.Matcher != nil {
		out.Codes = aws.ToString(g.Matcher.HttpCode)
	}
	return out
}

// ClassicTarget is the health of an instance behind a classic load balancer, in the states of target groups: what is out of service
// because it fails its checks is unhealthy, what is out for another reason is on its way.
func ClassicTarget(name string, s classic.InstanceState) live.Target {
	out := live.Target{Group: name, ID: aws.ToString(s.InstanceId), Reason: aws.ToString(s.ReasonCode), Details: aws.ToString(s.Description)}
	switch {
	case aws.ToString(s.State) == "InService":
		out.State, out.Details = "healthy", ""
	case out.Reason == "Instance":
		out.State = "unhealthy"
	default:
		out.State = "initial"
	}
	return out
}
