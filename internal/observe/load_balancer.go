package observe

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type loadBalancerAnswers struct {
	balancers        []types.LoadBalancer // all of the region: AWS cannot list them by tag or VPC
	balancersAsked   bool
	balancerSettings map[string]model.Settings // by ARN
	balancerLogs     map[string]string         // by ARN
}

func loadBalancerRow() row {
	return row{model.KindLoadBalancer, []func(*look) []call{loadBalancerCalls, loadBalancerDetailCalls}, foldLoadBalancers}
}

func loadBalancerCalls(l *look) []call {
	l.balancersAsked = true
	in := &elbv2.DescribeLoadBalancersInput{}
	return []call{fetch.Pages(l, l.c.Balance.DescribeLoadBalancers, in, func(in *elbv2.DescribeLoadBalancersInput, out *elbv2.DescribeLoadBalancersOutput) bool {
		l.balancers = append(l.balancers, out.LoadBalancers...)
		return fetch.More(out.NextMarker, &in.Marker)
	})}
}

// loadBalancerDetailCalls asks for the tags of load balancers and target groups together, which fills the batches.
func loadBalancerDetailCalls(l *look) []call {
	l.balancerSettings, l.balancerLogs = map[string]model.Settings{}, map[string]string{}
	arns := l.balancerARNs()
	calls := append(interfaceCalls(l), l.balanceTagCalls(append(slices.Clone(arns), l.targetGroupARNs()...))...)
	for _, arn := range arns {
		in := &elbv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: aws.String(arn)}
		calls = append(calls, fetch.Maybe(l, l.c.Balance.DescribeLoadBalancerAttributes, in, func(out *elbv2.DescribeLoadBalancerAttributesOutput) {
			l.balancerSettings[arn] = shape.Owned(model.BalancerSettings(), out.Attributes, func(a types.LoadBalancerAttribute) (key, value *string) {
				return a.Key, a.Value
			})
			l.balancerLogs[arn] = shape.AccessLogs(out.Attributes)
		}))
	}
	return calls
}

// nearBalancers are the load balancers that may be ours: those in the cluster's own VPC, and those called like ours. One of
// our names comes first, so that it keeps its key against another that merely carries its tags.
func (l *look) nearBalancers() []types.LoadBalancer {
	vpc := l.vpcID()
	near := slices.DeleteFunc(slices.Clone(l.balancers), func(b types.LoadBalancer) bool {
		return !l.namesake(aws.ToString(b.LoadBalancerName)) && (vpc == "" || aws.ToString(b.VpcId) != vpc)
	})
	slices.SortStableFunc(near, func(a, b types.LoadBalancer) int {
		return cmp.Compare(l.rank(aws.ToString(a.LoadBalancerName)), l.rank(aws.ToString(b.LoadBalancerName)))
	})
	return near
}

// rank orders load balancers: first those whose name the scope gives.
func (l *look) rank(name string) int {
	if _, ours := l.balancerOnce(name); ours {
		return 0
	}
	return 1
}

// balancerARNs are the load balancers to ask about: those that this look has found, or those known before when it does
// not look at load balancers.
func (l *look) balancerARNs() []string {
	var arns []string
	if !l.balancersAsked {
		for b := range model.Every[model.LoadBalancer](&l.inv.Set) {
			arns = append(arns, l.inv.Handle(b.Key()).ARN)
		}
		return arns
	}
	for _, b := range l.nearBalancers() {
		arns = append(arns, aws.ToString(b.LoadBalancerArn))
	}
	return arns
}

func foldLoadBalancers(l *look) {
	standing := map[string]bool{}
	for _, b := range l.nearBalancers() {
		arn, name := aws.ToString(b.LoadBalancerArn), aws.ToString(b.LoadBalancerName)
		tags, there := l.balanceTags[arn]
		settings, known := l.balancerSettings[arn]
		if !there || !known {
			continue
		}
		standing[shape.FrontOfARN(arn)] = true
		k := l.loadBalancerKey(tags, b)
		if k.IsZero() {
			l.strayBalancer(l.loadBalancerNamed(name), arn, "load balancer "+name, b.VpcId)
			continue
		}
		l.add(model.LoadBalancer{
			Balancer: shape.BalancerOf(k), Name: name, Scheme: string(b.Scheme), Subnets: shape.ZoneSubnets(l.key, b.AvailabilityZones),
			Groups: shape.KeysOf(l.key, b.SecurityGroups), Settings: settings, AccessLogs: l.balancerLogs[arn], Tags: tags.Own(),
		}, shape.BalancerHandle(b))
	}
	l.foldLeavingBalancers(standing)
}

// loadBalancerKey is the key of a load balancer of ours, zero when it is not ours.
func (l *look) loadBalancerKey(tags model.Tags, b types.LoadBalancer) model.Key {
	k, ours := l.mine(tags, model.KindLoadBalancer)
	if !ours || b.Type != types.LoadBalancerTypeEnumApplication {
		return model.Key{}
	}
	if name, ok := l.balancerOnce(aws.ToString(b.LoadBalancerName)); k.IsZero() && ok {
		return model.LoadBalancerKey(name)
	}
	return k
}

// loadBalancerNamed is the key of ours that would have this name; zero when none would.
func (l *look) loadBalancerNamed(name string) model.Key {
	if b, ok := l.balancerCalled(name); ok {
		return model.LoadBalancerKey(b)
	}
	return model.Key{}
}

// foldLeavingBalancers adds load balancers that AWS does not list any more but whose interfaces are still there, so
// that a plan waits for what they hold on to.
func (l *look) foldLeavingBalancers(standing map[string]bool) {
	for _, n := range shape.Fronts(l.key, l.interfaces) {
		name, ok := strings.CutPrefix(n.Front, "app/")
		if !ok || standing[n.Front] {
			continue
		}
		name, _, _ = strings.Cut(name, "/")
		arn := l.balancerARN(n)
		k := l.keys[arn]
		if k.Kind != model.KindLoadBalancer {
			k = l.loadBalancerNamed(name)
		}
		if k.IsZero() {
			continue
		}
		h := shape.Leaving(arn)
		h.ARN = arn
		l.add(model.LoadBalancer{Balancer: shape.BalancerOf(k), Name: name, Scheme: n.Scheme, Subnets: n.Subnets, Groups: n.Groups}, h)
	}
}

// balancerARN is the ARN that the load balancer of some interfaces had.
func (l *look) balancerARN(n shape.Nodes) string {
	return strings.Join([]string{
		"arn", cmp.Or(l.scope.Partition, "aws"), "elasticloadbalancing", l.scope.Region, cmp.Or(n.Owner, l.scope.Account), "loadbalancer/" + n.Front,
	}, ":")
}
