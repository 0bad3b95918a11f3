package tenant

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"berth/internal/model"
	"berth/internal/observe/fetch"
)

// Lodgers are the services that are reached through load balancers of the cluster, whoever made them.
func (l *Look) Lodgers(ctx context.Context) ([]model.Lodger, error) {
	list := &ecs.ListServicesInput{Cluster: l.clusterName(), MaxResults: aws.Int32(tasksAtOnce)}
	first := []fetch.Call{
		fetch.UnlessMissing(fetch.Pages(l, l.c.ECS.ListServices, list, func(in *ecs.ListServicesInput, out *ecs.ListServicesOutput) bool {
			l.serviceARNs = append(l.serviceARNs, out.ServiceArns...)
			return fetch.More(out.NextToken, &in.NextToken)
		})),
		fetch.Pages(l, l.c.Balance.DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{}, func(in *elbv2.DescribeTargetGroupsInput, out *elbv2.DescribeTargetGroupsOutput) bool {
			l.groups = append(l.groups, out.TargetGroups...)
			return fetch.More(out.NextMarker, &in.Marker)
		}),
	}
	if err := l.round(ctx, first); err != nil {
		return nil, err
	}
	if err := l.round(ctx, l.serviceCalls(l.serviceARNs)); err != nil {
		return nil, err
	}
	var out []model.Lodger
	for _, s := range l.services {
		for _, b := range s.LoadBalancers {
			k := l.balancerOf(b)
			one := model.Lodger{Service: aws.ToString(s.ServiceName), Balancer: k}
			if aws.ToString(s.Status) == "ACTIVE" && !k.IsZero() && !slices.Contains(out, one) {
				out = append(out, one)
			}
		}
	}
	slices.SortFunc(out, func(a, b model.Lodger) int { return strings.Compare(a.Service, b.Service) })
	return out, nil
}

// balancerOf is the load balancer of ours behind which a service stands; zero where it is none of ours.
func (l *Look) balancerOf(b types.LoadBalancer) model.Key {
	if name := aws.ToString(b.LoadBalancerName); name != "" {
		for c := range model.Every[model.ClassicLoadBalancer](&l.have.Set) {
			if c.Name == name {
				return c.Key()
			}
		}
	}
	for _, g := range l.groups {
		if aws.ToString(g.TargetGroupArn) != aws.ToString(b.TargetGroupArn) {
			continue
		}
		for lb := range model.Every[model.LoadBalancer](&l.have.Set) {
			if slices.Contains(g.LoadBalancerArns, l.have.Handle(lb.Key()).ARN) {
				return lb.Key()
			}
		}
	}
	return model.Key{}
}
