package observe

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
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
	return []call{fetch.Pages(l, l.c.Classic.DescribeLoadBalancers, in, func(in *elbv1.DescribeLoadBalancersInput, out *elbv1.DescribeLoadBalancersOutput) bool {
		l.classics = append(l.classics, out.LoadBalancerDescriptions...)
		return fetch.More(out.NextMarker, &in.Marker)
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
		calls = append(calls, fetch.Maybe(l, l.c.Classic.DescribeLoadBalancerAttributes, in, func(out *elbv1.DescribeLoadBalancerAttributesOutput) {
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
		l.add(shape.Classic(l.key, k, b, attributes, tags), model.Handle{ID: name, Address: aws.ToString(b.DNSName)})
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

// foldLeavingClassics adds classic load balancers that AWS does not list any more but whose interfaces are still there.
func (l *look) foldLeavingClassics(standing map[string]bool) {
	for _, n := range shape.Fronts(l.key, l.interfaces) {
		if standing[n.Front] || strings.Contains(n.Front, "/") {
			continue
		}
		k := l.keys[n.Front]
		if k.Kind != model.KindClassic {
			k = l.classicNamed(n.Front)
		}
		if !k.IsZero() {
			l.add(model.ClassicLoadBalancer{Balancer: shape.BalancerOf(k), Name: n.Front, Scheme: n.Scheme, Subnets: n.Subnets, Groups: n.Groups}, shape.Leaving(n.Front))
		}
	}
}
