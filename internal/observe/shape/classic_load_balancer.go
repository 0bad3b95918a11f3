package shape

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/model"
)

// ClassicTags are a classic load balancer's tags as ours.
func ClassicTags(tags []types.Tag) model.Tags {
	out := make([]model.Tag, len(tags))
	for i, t := range tags {
		out[i] = model.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return model.NewTags(out...)
}

// Classic is a classic load balancer in our words, with its attributes.
func Classic(key Keys, k model.Key, b types.LoadBalancerDescription, a *types.LoadBalancerAttributes, tags model.Tags) model.ClassicLoadBalancer {
	r := model.ClassicLoadBalancer{
		Balancer: BalancerOf(k), Name: aws.ToString(b.LoadBalancerName), Scheme: aws.ToString(b.Scheme),
		Subnets: KeysOf(key, b.Subnets), Groups: KeysOf(key, b.SecurityGroups), Check: classicCheck(b.HealthCheck), Tags: tags.Own(),
	}
	r.Port, r.InstancePort, r.Protocol = ClassicListener(b.ListenerDescriptions)
	r.TLS = ClassicTLS(b.ListenerDescriptions)
	if a.CrossZoneLoadBalancing != nil {
		r.CrossZone = a.CrossZoneLoadBalancing.Enabled
	}
	if d := a.ConnectionDraining; d != nil && d.Enabled {
		r.DrainSeconds = int(aws.ToInt32(d.Timeout))
	}
	if a.ConnectionSettings != nil {
		r.IdleSeconds = int(aws.ToInt32(a.ConnectionSettings.IdleTimeout))
	}
	if log := a.AccessLog; log != nil && log.Enabled {
		r.AccessLogs = strings.TrimSuffix(aws.ToString(log.S3BucketName)+"/"+aws.ToString(log.S3BucketPrefix), "/")
	}
	return r
}

// ClassicListener is the listener on our port for plain HTTP, or, the one for HTTPS aside, the lowest one. Listeners of
// others beside them are theirs.
func ClassicListener(all []types.ListenerDescription) (port, instancePort int, protocol string) {
	var pick *types.Listener
	for _, d := range all {
		x := d.Listener
		if x.LoadBalancerPort == model.PortHTTPS {
			continue
		}
		if pick == nil || x.LoadBalancerPort == model.PortHTTP || pick.LoadBalancerPort != model.PortHTTP && x.LoadBalancerPort < pick.LoadBalancerPort {
			pick = x
		}
	}
	if pick == nil {
		return 0, 0, ""
	}
	return int(pick.LoadBalancerPort), int(aws.ToInt32(pick.InstancePort)), classicProtocol(pick)
}

// classicProtocol is what both sides of a listener speak; different protocols are both named.
func classicProtocol(l *types.Listener) string {
	front, behind := strings.ToUpper(aws.ToString(l.Protocol)), strings.ToUpper(aws.ToString(l.InstanceProtocol))
	if behind != front {
		return front + " to " + behind
	}
	return front
}

// ClassicTLS is what listens on our port for HTTPS.
func ClassicTLS(all []types.ListenerDescription) model.ClassicTLS {
	for _, d := range all {
		l := d.Listener
		if l.LoadBalancerPort != model.PortHTTPS {
			continue
		}
		policies := slices.Clone(d.PolicyNames)
		for i := range policies {
			policies[i] = strings.TrimPrefix(policies[i], model.ClassicPolicyPrefix)
		}
		return model.ClassicTLS{
			Port: int(l.LoadBalancerPort), InstancePort: int(aws.ToInt32(l.InstancePort)), Protocol: classicProtocol(l),
			Certificate: aws.ToString(l.SSLCertificateId), Policy: strings.Join(policies, ", "),
		}
	}
	return model.ClassicTLS{}
}

func classicCheck(h *types.HealthCheck) model.ClassicCheck {
	if h == nil {
		return model.ClassicCheck{}
	}
	return model.ClassicCheck{
		Target: aws.ToString(h.Target), Interval: int(aws.ToInt32(h.Interval)), Timeout: int(aws.ToInt32(h.Timeout)),
		Healthy: int(aws.ToInt32(h.HealthyThreshold)), Unhealthy: int(aws.ToInt32(h.UnhealthyThreshold)),
	}
}
