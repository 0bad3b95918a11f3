package service

import (
	"context"
	"slices"

	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"berth/internal/cloud"
	"berth/internal/observe/service/seen"
)

// balancers reads what the services' load balancers think of their targets, and how they check them. What is gone is told by its
// absence.
func (q *inquiry) balancers(ctx context.Context) error {
	var groups, names []string
	for _, s := range q.out.Services {
		for _, lb := range s.Spec.Get("loadBalancers").Items {
			if arn := lb.Get("targetGroupArn").Text; arn != "" && !slices.Contains(groups, arn) {
				groups = append(groups, arn)
			}
			if name := lb.Get("loadBalancerName").Text; name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for _, arn := range groups {
		if err := q.targetGroup(ctx, arn); err != nil && !cloud.Missing(err) {
			return err
		}
	}
	for _, name := range names {
		if err := q.classic(ctx, name); err != nil && !cloud.Missing(err) {
			return err
		}
	}
	return nil
}

func (q *inquiry) targetGroup(ctx context.Context, arn string) error {
	group, err := cloud.Read(ctx, q.c, q.c.Balance.DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{TargetGroupArns: []string{arn}})
	if err != nil {
		return err
	}
	for _, g := range group.TargetGroups {
		q.out.Checks = append(q.out.Checks, seen.Check(g))
	}
	health, err := cloud.Read(ctx, q.c, q.c.Balance.DescribeTargetHealth, &elbv2.DescribeTargetHealthInput{TargetGroupArn: &arn})
	if err != nil {
		return err
	}
	for _, t := range health.TargetHealthDescriptions {
		q.out.Targets = append(q.out.Targets, seen.Target(arn, t))
	}
	return nil
}

func (q *inquiry) classic(ctx context.Context, name string) error {
	balancers, err := cloud.Read(ctx, q.c, q.c.Classic.DescribeLoadBalancers, &classic.DescribeLoadBalancersInput{LoadBalancerNames: []string{name}})
	if err != nil {
		return err
	}
	for _, b := range balancers.LoadBalancerDescriptions {
		q.out.Checks = append(q.out.Checks, seen.ClassicCheck(b))
	}
	health, err := cloud.Read(ctx, q.c, q.c.Classic.DescribeInstanceHealth, &classic.DescribeInstanceHealthInput{LoadBalancerName: &name})
	if err != nil {
		return err
	}
	for _, s := range health.InstanceStates {
		q.out.Targets = append(q.out.Targets, seen.ClassicTarget(name, s))
	}
	return nil
}
