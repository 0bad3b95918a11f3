package seen

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/live"
)

// ClassicCheck is how a classic load balancer checks its instances. Its target is "HTTP:80/path", or "TCP:80".
func ClassicCheck(b classic.LoadBalancerDescription) live.Check {
	out := live.Check{Group: aws.ToString(b.LoadBalancerName)}
	if h := b.HealthCheck; h != nil {
		protocol, rest, _ := strings.Cut(aws.ToString(h.Target), ":")
		port, path, found := strings.Cut(rest, "/")
		out.Protocol, out.Port = protocol, port
		if found {
			out.Path, out.Codes = "/"+path, "200"
		}
		out.Interval, out.Timeout = int(aws.ToInt32(h.Interval)), int(aws.ToInt32(h.Timeout))
		out.Healthy, out.Unhealthy = int(aws.ToInt32(h.HealthyThreshold)), int(aws.ToInt32(h.UnhealthyThreshold))
	}
	return out
}
