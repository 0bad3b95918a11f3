package service

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"berth/internal/cloud"
	"berth/internal/deploy/given"
	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

// asker is one look under way; it guards the answers while several calls are.
type asker struct {
	sync.Mutex
	c *cloud.Cloud
}

// Cloud is the cloud that is looked at.
func (a *asker) Cloud() *cloud.Cloud { return a.c }

// round makes calls together.
func (a *asker) round(ctx context.Context, calls []fetch.Call) error {
	return errors.Join(cloud.Each(ctx, a.c, calls, func(ctx context.Context, f fetch.Call) error { return f(ctx) })...)
}

// gift is a look at what a cluster gives.
type gift struct {
	asker
	of     given.Cluster
	kinds  map[string][]string // what is asked for: load balancers, registries, groups by the kind of their placeholder
	found  given.Standing
	fronts []types.LoadBalancer
	own    map[string]string // ARNs of target groups by name
	ports  map[string][]given.Listener
	tags   map[string]model.Tags // by ARN
	guards []ec2types.SecurityGroup
}

// Given looks at what a cluster gives, as far as the names need it: names of placeholders without "berth.", and "registry.HOST"
// for images. It makes a call or two for each kind of thing among them, two for each load balancer that a route is for, and one
// for the cluster itself.
func Given(ctx context.Context, c *cloud.Cloud, of given.Cluster, names []string) (given.Table, error) {
	g := &gift{asker: asker{c: c}, of: of, kinds: kindsOf(names), own: map[string]string{}, ports: map[string][]given.Listener{}, tags: map[string]model.Tags{}}
	g.found = given.Standing{Fronts: map[string]given.Front{}, Classic: map[string]bool{}, Secrets: map[string]string{}, SecurityGroups: map[string]string{}}
	first := append(g.clusterCalls(), append(g.balancerCalls(), g.otherCalls()...)...)
	if err := g.round(ctx, first); err != nil {
		return given.Table{}, err
	}
	if err := g.round(ctx, g.detailCalls()); err != nil {
		return given.Table{}, err
	}
	g.fold()
	return given.Table{Cluster: of, Standing: g.found}, nil
}

// kindsOf sorts names by their kinds: "target_group.public?path=/" is the load balancer public.
func kindsOf(names []string) map[string][]string {
	out := map[string][]string{}
	for _, n := range names {
		plain, _, _ := strings.Cut(n, "?")
		kind, of, _ := strings.Cut(plain, ".")
		if !slices.Contains(out[kind], of) {
			out[kind] = append(out[kind], of)
		}
	}
	return out
}

func (g *gift) clusterCalls() []fetch.Call {
	return []fetch.Call{fetch.Maybe(g, g.c.ECS.DescribeClusters, whoseInput(g.of.Scope), func(out *ecs.DescribeClustersOutput) {
		o := ownership(g.of.Scope, out)
		g.found.Cluster, g.found.Others = o.Stands, o.Others
	})}
}

// balancerCalls find load balancers and their own target groups by their names.
func (g *gift) balancerCalls() []fetch.Call {
	var fronts, own, classic []string
	for _, b := range g.of.Balancers {
		switch name := g.of.BalancerName(b.Key); {
		case !b.Classic && slices.Contains(g.kinds["target_group"], b.Name()):
			fronts, own = append(fronts, name), append(own, g.of.TargetGroupName(b.Key))
		case b.Classic && slices.Contains(g.kinds["load_balancer"], b.Name()):
			classic = append(classic, name)
		}
	}
	calls := fetch.Batches(fronts, tagBatch, func(some []string) fetch.Call {
		return fetch.Get(g, g.c.Balance.DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{Names: some}, func(out *elbv2.DescribeLoadBalancersOutput) {
			g.fronts = append(g.fronts, out.LoadBalancers...)
		})
	})
	calls = append(calls, fetch.Batches(own, tagBatch, func(some []string) fetch.Call {
		return fetch.Get(g, g.c.Balance.DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{Names: some}, func(out *elbv2.DescribeTargetGroupsOutput) {
			for _, t := range out.TargetGroups {
				g.own[aws.ToString(t.TargetGroupName)] = aws.ToString(t.TargetGroupArn)
			}
		})
	})...)
	return append(calls, fetch.Batches(classic, tagBatch, func(some []string) fetch.Call {
		return fetch.Get(g, g.c.Classic.DescribeLoadBalancers, &elbv1.DescribeLoadBalancersInput{LoadBalancerNames: some}, func(out *elbv1.DescribeLoadBalancersOutput) {
			for _, b := range g.of.Balancers {
				for _, found := range out.LoadBalancerDescriptions {
					if aws.ToString(found.LoadBalancerName) == g.of.BalancerName(b.Key) {
						g.found.Classic[b.Name()] = true
					}
				}
			}
		})
	})...)
}

// tagBatch is how many load balancers, target groups or rules AWS tells the tags of at once (ELB API reference, DescribeTags).
const tagBatch = 20

// otherCalls are about what is no load balancer.
func (g *gift) otherCalls() []fetch.Call {
	var calls []fetch.Call
	if guards := g.guardNames(); len(guards) > 0 {
		in := &ec2.DescribeSecurityGroupsInput{Filters: []ec2types.Filter{{Name: aws.String("group-name"), Values: guards}}}
		calls = append(calls, fetch.Pages(g, g.c.EC2.DescribeSecurityGroups, in, func(in *ec2.DescribeSecurityGroupsInput, out *ec2.DescribeSecurityGroupsOutput) bool {
			g.guards = append(g.guards, out.SecurityGroups...)
			return fetch.More(out.NextToken, &in.NextToken)
		}))
	}
	if _, asked := g.kinds["subnets"]; asked {
		calls = append(calls, g.subnetCall())
	}
	for _, r := range g.of.Registries {
		if r.SecretARN != "" || r.InBucket || !slices.Contains(g.kinds["registry"], r.Host) {
			continue
		}
		in := &secretsmanager.DescribeSecretInput{SecretId: aws.String(g.of.SecretName(r.Host))}
		calls = append(calls, fetch.Maybe(g, g.c.Secrets.DescribeSecret, in, func(out *secretsmanager.DescribeSecretOutput) {
			if out.DeletedDate == nil {
				g.found.Secrets[r.Host] = aws.ToString(out.ARN)
			}
		}))
	}
	return calls
}

func (g *gift) guardNames() []string {
	var out []string
	for _, group := range g.kinds["security_group"] {
		if slices.Contains(g.of.Groups, group) {
			out = append(out, g.of.SecurityGroupName(model.InstanceGroupKey(group)))
		}
	}
	return out
}

// subnetCall finds the private subnets by the instance groups, which stand in them, also in a VPC of others.
func (g *gift) subnetCall() fetch.Call {
	in := &autoscaling.DescribeAutoScalingGroupsInput{}
	for _, group := range g.of.Groups {
		in.AutoScalingGroupNames = append(in.AutoScalingGroupNames, g.of.GroupName(group))
	}
	return fetch.Pages(g, g.c.Groups.DescribeAutoScalingGroups, in, func(in *autoscaling.DescribeAutoScalingGroupsInput, out *autoscaling.DescribeAutoScalingGroupsOutput) bool {
		for _, found := range out.AutoScalingGroups {
			g.found.PrivateSubnets = append(g.found.PrivateSubnets, strings.Split(aws.ToString(found.VPCZoneIdentifier), ",")...)
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})
}

// detailCalls ask whose the load balancers are, and for the ports of each.
func (g *gift) detailCalls() []fetch.Call {
	var arns []string
	var calls []fetch.Call
	for _, b := range g.fronts {
		arn := aws.ToString(b.LoadBalancerArn)
		arns = append(arns, arn)
		in := &elbv2.DescribeListenersInput{LoadBalancerArn: aws.String(arn)}
		calls = append(calls, fetch.UnlessMissing(fetch.Pages(g, g.c.Balance.DescribeListeners, in, func(in *elbv2.DescribeListenersInput, out *elbv2.DescribeListenersOutput) bool {
			for _, l := range out.Listeners {
				forwards := slices.ContainsFunc(l.DefaultActions, func(a types.Action) bool { return a.Type == types.ActionTypeEnumForward })
				g.ports[arn] = append(g.ports[arn], given.Listener{ARN: aws.ToString(l.ListenerArn), Port: int(aws.ToInt32(l.Port)), Forwards: forwards})
			}
			return fetch.More(out.NextMarker, &in.Marker)
		})))
	}
	return append(calls, g.tagCalls(arns, g.tags)...)
}

// tagCalls ask for the tags of load balancers, target groups and rules.
func (a *asker) tagCalls(arns []string, into map[string]model.Tags) []fetch.Call {
	return fetch.Batches(arns, tagBatch, func(some []string) fetch.Call {
		return fetch.Get(a, a.c.Balance.DescribeTags, &elbv2.DescribeTagsInput{ResourceArns: some}, func(out *elbv2.DescribeTagsOutput) {
			for _, d := range out.TagDescriptions {
				into[aws.ToString(d.ResourceArn)] = shape.BalanceTags(d.Tags)
			}
		})
	})
}

// fold leaves out what has a name of ours and belongs to others.
func (g *gift) fold() {
	for _, b := range g.of.Balancers {
		for _, found := range g.fronts {
			arn := aws.ToString(found.LoadBalancerArn)
			if _, ours := g.of.Owns(model.KindLoadBalancer, g.tags[arn]); !ours || b.Classic || aws.ToString(found.LoadBalancerName) != g.of.BalancerName(b.Key) {
				continue
			}
			ports := g.ports[arn]
			slices.SortFunc(ports, func(x, y given.Listener) int { return x.Port - y.Port })
			g.found.Fronts[b.Name()] = given.Front{ARN: arn, VPC: aws.ToString(found.VpcId), TargetGroup: g.own[g.of.TargetGroupName(b.Key)], Listeners: ports}
		}
	}
	for _, group := range g.of.Groups {
		for _, found := range g.guards {
			k, ours := g.of.Owns(model.KindSecurityGroup, shape.EC2Tags(found.Tags))
			if ours && (k.IsZero() || k == model.InstanceGroupKey(group)) && aws.ToString(found.GroupName) == g.of.SecurityGroupName(model.InstanceGroupKey(group)) {
				g.found.SecurityGroups[group] = aws.ToString(found.GroupId)
			}
		}
	}
	g.found.PrivateSubnets = slices.DeleteFunc(g.found.PrivateSubnets, func(id string) bool { return id == "" })
	slices.Sort(g.found.PrivateSubnets)
	g.found.PrivateSubnets = slices.Compact(g.found.PrivateSubnets)
}
