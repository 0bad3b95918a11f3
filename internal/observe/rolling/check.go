package rolling

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"berth/internal/cloud"
	"berth/internal/live"
	"berth/internal/observe/service/seen"
	"berth/internal/roll"
)

// targetGroupsEach is how many target groups are asked for at once: more than AWS describes on a page are not named in one call.
const targetGroupsEach = 20

// Checks is how the load balancers of the services whose tasks would move check targets, and how long they let them finish: what a
// forecast reckons with. What cannot be read is left out; AWS's usual figures stand for it.
func Checks(ctx context.Context, c *cloud.Cloud, s roll.Snapshot) ([]live.Check, error) {
	groups, names := balanced(s)
	out := make([]live.Check, len(groups)+len(names))
	for i, arn := range groups {
		out[i].Group = arn
	}
	for i, name := range names {
		out[len(groups)+i].Group = name
	}
	chunks := slices.Collect(slices.Chunk(out[:len(groups)], targetGroupsEach))
	errs := cloud.Each(ctx, c, chunks, func(ctx context.Context, some []live.Check) error { return describe(ctx, c, some) })
	numbers := make([]int, len(out))
	for i := range numbers {
		numbers[i] = i
	}
	errs = append(errs, cloud.Each(ctx, c, numbers, func(ctx context.Context, i int) (err error) {
		if i < len(groups) {
			out[i].Delay, err = delay(ctx, c, out[i].Group)
		} else {
			out[i].Delay, err = draining(ctx, c, out[i].Group)
		}
		return err
	})...)
	for _, err := range errs {
		if err != nil && !cloud.Missing(err) && !cloud.Denied(err) {
			return nil, err
		}
	}
	return slices.DeleteFunc(out, func(k live.Check) bool { return k.Delay < 0 }), nil
}

// balanced are the target groups and classic load balancers of services with tasks on instances that would be replaced.
func balanced(s roll.Snapshot) (groups, names []string) {
	on, moved := map[string]bool{}, map[string]bool{}
	for _, o := range roll.Targets(s) {
		on[o.ARN] = o.ARN != ""
	}
	for _, t := range s.Tasks {
		moved[t.Group] = moved[t.Group] || on[t.Instance]
	}
	for _, one := range s.Services {
		for _, l := range one.Spec.Get("loadBalancers").Items {
			switch arn := l.Get("targetGroupArn").Text; {
			case !moved["service:"+one.Name]:
			case arn != "":
				groups = append(groups, arn)
			case l.Get("loadBalancerName").Text != "":
				names = append(names, l.Get("loadBalancerName").Text)
			}
		}
	}
	slices.Sort(groups)
	slices.Sort(names)
	return slices.Compact(groups), slices.Compact(names)
}

// describe fills in how target groups check.
func describe(ctx context.Context, c *cloud.Cloud, some []live.Check) error {
	in := &elb.DescribeTargetGroupsInput{}
	for _, one := range some {
		in.TargetGroupArns = append(in.TargetGroupArns, one.Group)
	}
	out, err := cloud.Read(ctx, c, c.Balance.DescribeTargetGroups, in)
	if err != nil {
		return err
	}
	for _, g := range out.TargetGroups {
		for i := range some {
			if k := seen.Check(g); k.Group == some[i].Group {
				some[i] = k
			}
		}
	}
	return nil
}

// delay is the deregistration delay of a target group in seconds; negative: nobody knows.
func delay(ctx context.Context, c *cloud.Cloud, arn string) (int, error) {
	out, err := cloud.Read(ctx, c, c.Balance.DescribeTargetGroupAttributes, &elb.DescribeTargetGroupAttributesInput{TargetGroupArn: &arn})
	if err != nil {
		return -1, err
	}
	for _, a := range out.Attributes {
		if n, err := strconv.Atoi(aws.ToString(a.Value)); err == nil && aws.ToString(a.Key) == "deregistration_delay.timeout_seconds" {
			return n, nil
		}
	}
	return -1, nil
}

// draining is how long a classic load balancer lets an instance finish, in seconds; negative: nobody knows.
func draining(ctx context.Context, c *cloud.Cloud, name string) (int, error) {
	out, err := cloud.Read(ctx, c, c.Classic.DescribeLoadBalancerAttributes, &classic.DescribeLoadBalancerAttributesInput{LoadBalancerName: &name})
	if err != nil || out.LoadBalancerAttributes == nil {
		return -1, err
	}
	if d := out.LoadBalancerAttributes.ConnectionDraining; d != nil && d.Enabled {
		return int(aws.ToInt32(d.Timeout)), nil
	}
	return 0, nil
}
