package observe

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/model"
)

type classicAnswers struct {
	classics          []types.LoadBalancerDescription // all of the region: AWS cannot list them by tag or VPC
	classicAttributes map[string]*types.LoadBalancerAttributes
}

func classicRow() row {
	return row{model.KindClassic, []func(*look) []call{classicCalls, classicDetailCalls}, foldClassics}
}

func classicCalls(l *look) []call {
	in := &elbv1.DescribeLoadBalancersInput{}
	return []call{pages(l, l.c.Classic.DescribeLoadBalancers, in, func(in *elbv1.DescribeLoadBalancersInput, out *elbv1.DescribeLoadBalancersOutput) bool {
		l.classics = append(l.classics, out.LoadBalancerDescriptions...)
		return more(out.NextMarker, &in.Marker)
	})}
}

func classicDetailCalls(l *look) []call {
	l.classicAttributes = map[string]*types.LoadBalancerAttributes{}
	var names []string
	var calls []call
	for _, b := range l.nearClassics() {
		name := aws.ToString(b.LoadBalancerName)
		names = append(names, name)
		in := &elbv1.DescribeLoadBalancerAttributesInput{LoadBalancerName: aws.String(name)}
		calls = append(calls, maybe(l, l.c.Classic.DescribeLoadBalancerAttributes, in, func(out *elbv1.DescribeLoadBalancerAttributesOutput) {
			l.classicAttributes[name] = out.LoadBalancerAttributes
		}))
	}
	return slices.Concat(interfaceCalls(l), l.classicTagCalls(names), calls)
}

// nearClassics are the classic load balancers that may be ours: those in the cluster's own VPC, and those called like
// ours. Those of our names come first.
func (l *look) nearClassics() []types.LoadBalancerDescription {
	vpc := l.vpcID()
	near := slices.DeleteFunc(slices.Clone(l.classics), func(b types.LoadBalancerDescription) bool {
		return !l.namesake(aws.ToString(b.LoadBalancerName)) && (vpc == "" || aws.ToString(b.VPCId) != vpc)
	})
	slices.SortStableFunc(near, func(a, b types.LoadBalancerDescription) int {
		return cmp.Compare(l.rank(aws.ToString(a.LoadBalancerName)), l.rank(aws.ToString(b.LoadBalancerName)))
	})
	return near
}

func foldClassics(l *look) {
	standing := map[string]bool{}
	for _, b := range l.nearClassics() {
		name := aws.ToString(b.LoadBalancerName)
		tags, there := l.classicTags[name]
		attributes := l.classicAttributes[name]
		if !there || attributes == nil {
			continue
		}
		standing[name] = true
		k := l.classicKey(tags, name)
		if k.IsZero() {
			l.strayBalancer(l.classicNamed(name), name, "classic load balancer "+name, b.VPCId)
			continue
		}
		l.add(l.classic(k, b, attributes, tags), model.Handle{ID: name, Address: aws.ToString(b.DNSName)})
	}
	l.foldLeavingClassics(standing)
}

// classicKey is the key of a classic load balancer of ours, zero when it is not ours.
func (l *look) classicKey(tags model.Tags, name string) model.Key {
	k, ours := l.mine(tags, model.KindClassic)
	if !ours {
		return model.Key{}
	}
	if b, ok := l.balancerOnce(name); k.IsZero() && ok {
		return model.ClassicKey(b)
	}
	return k
}

// classicNamed is the key of ours that would have this name; zero when none would.
func (l *look) classicNamed(name string) model.Key {
	if b, ok := l.balancerCalled(name); ok {
		return model.ClassicKey(b)
	}
	return model.Key{}
}

func (l *look) classic(k model.Key, b types.LoadBalancerDescription, a *types.LoadBalancerAttributes, tags model.Tags) model.ClassicLoadBalancer {
	r := model.ClassicLoadBalancer{
		Balancer: balancerOf(k), Name: aws.ToString(b.LoadBalancerName), Scheme: aws.ToString(b.Scheme),
		Subnets: l.keysOf(b.Subnets), Groups: l.keysOf(b.SecurityGroups), Check: classicCheck(b.HealthCheck), Tags: tags.Own(),
	}
	r.Port, r.InstancePort, r.Protocol = classicListener(b.ListenerDescriptions)
	r.TLS = classicTLS(b.ListenerDescriptions)
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

// classicListener is the listener on our port for plain HTTP, or, the one for HTTPS aside, the lowest one. Listeners of
// others beside them are theirs.
func classicListener(all []types.ListenerDescription) (port, instancePort int, protocol string) {
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

// classicTLS is what listens on our port for HTTPS.
func classicTLS(all []types.ListenerDescription) model.ClassicTLS {
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

// foldLeavingClassics adds classic load balancers that AWS does not list any more but whose interfaces are still there.
func (l *look) foldLeavingClassics(standing map[string]bool) {
	for _, n := range l.fronts() {
		if standing[n.front] || strings.Contains(n.front, "/") {
			continue
		}
		k := l.keys[n.front]
		if k.Kind != model.KindClassic {
			k = l.classicNamed(n.front)
		}
		if !k.IsZero() {
			l.add(model.ClassicLoadBalancer{Balancer: balancerOf(k), Name: n.front, Scheme: n.scheme, Subnets: n.subnets, Groups: n.groups}, leaving(n.front))
		}
	}
}
