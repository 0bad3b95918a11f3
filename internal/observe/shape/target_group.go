package shape

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
)

// HealthCheck is how a target group checks its targets.
func HealthCheck(g types.TargetGroup) model.HealthCheck {
	h := model.HealthCheck{
		Protocol: string(g.HealthCheckProtocol), Path: aws.ToString(g.HealthCheckPath), Port: aws.ToString(g.HealthCheckPort),
		Interval: int(aws.ToInt32(g.HealthCheckIntervalSeconds)), Timeout: int(aws.ToInt32(g.HealthCheckTimeoutSeconds)),
		Healthy: int(aws.ToInt32(g.HealthyThresholdCount)), Unhealthy: int(aws.ToInt32(g.UnhealthyThresholdCount)),
	}
	if g.Matcher != nil {
		h.Codes = cmp.Or(aws.ToString(g.Matcher.HttpCode), aws.ToString(g.Matcher.GrpcCode))
	}
	return h
}
