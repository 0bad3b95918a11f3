package rolling

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"berth/internal/cloud"
	"berth/internal/live"
	"berth/internal/observe/fetch"
	"berth/internal/observe/service"
	"berth/internal/observe/service/seen"
	"berth/internal/overview"
	"berth/internal/roll"
)

// servicesEach is how many services are described at once (ECS API reference, DescribeServices).
const servicesEach = 10

// readServices reads all services, or those that are asked for and those that tasks tell of for the first time.
func (r *Reader) readServices(ctx context.Context) error {
	names := slices.Clone(r.want.Services)
	for _, t := range r.seen.tasks { // unordered: sorted below
		if name, of := strings.CutPrefix(t.Group, "service:"); of && r.seen.services[name].Name == "" {
			names = append(names, name)
		}
	}
	if r.want.Full {
		var err error
		if names, err = r.listServices(ctx); err != nil {
			return err
		}
		r.seen.services = map[string]roll.Service{}
	}
	slices.Sort(names)
	r.want.Services = slices.Compact(names)
	chunks := slices.Collect(slices.Chunk(r.want.Services, servicesEach))
	found, err := many(ctx, r, cloud.ServiceReads, chunks, func(ctx context.Context, some []string) ([]live.Service, error) {
		out, err := read(ctx, r, r.Cloud.ECS.DescribeServices, &ecs.DescribeServicesInput{Cluster: aws.String(r.Scope.ClusterName()), Services: some})
		if err != nil {
			return nil, err
		}
		var all []live.Service
		for _, s := range out.Services {
			if aws.ToString(s.Status) != "INACTIVE" {
				all = append(all, service.Service(s))
			}
		}
		return all, nil
	})
	if err != nil {
		return err
	}
	for _, name := range r.want.Services {
		delete(r.seen.services, name)
	}
	for _, s := range found {
		r.seen.services[s.Name] = serviceOf(s)
	}
	return nil
}

// serviceOf is a service with the bounds that ECS keeps while it replaces tasks (ECS API reference, DeploymentConfiguration).
func serviceOf(s live.Service) roll.Service {
	out := roll.Service{Service: s, MinPct: 100, MaxPct: 200}
	if s.Daemon {
		out.MinPct, out.MaxPct = 0, 100
	}
	bounds := s.Spec.Get("deploymentConfiguration")
	if n, given := bounds.Get("minimumHealthyPercent").Number(); given {
		out.MinPct = n
	}
	if n, given := bounds.Get("maximumPercent").Number(); given {
		out.MaxPct = n
	}
	return out
}

func (r *Reader) listServices(ctx context.Context) ([]string, error) {
	in := &ecs.ListServicesInput{Cluster: aws.String(r.Scope.ClusterName()), MaxResults: aws.Int32(each)}
	var names []string
	for more := true; more; {
		out, err := one(ctx, r, cloud.ServiceReads, r.Cloud.ECS.ListServices, in)
		if err != nil {
			return nil, err
		}
		for _, arn := range out.ServiceArns {
			names = append(names, last(arn))
		}
		more = fetch.More(out.NextToken, &in.NextToken)
	}
	return names, nil
}

// readHealth reads what the load balancers of the services that were read think of their targets, and counts their healthy tasks.
func (r *Reader) readHealth(ctx context.Context) error {
	c := live.Capture{At: r.Cloud.Clock.Now()}
	for _, name := range r.want.Services {
		if s, there := r.seen.services[name]; there {
			c.Services = append(c.Services, s.Service)
		}
	}
	if err := r.readTargets(ctx, c.Services); err != nil {
		return err
	}
	asked := map[string]bool{}
	for _, s := range c.Services {
		asked["service:"+s.Name] = true
		for _, b := range s.Spec.Get("loadBalancers").Items {
			c.Targets = append(c.Targets, r.seen.targets[cmp.Or(b.Get("targetGroupArn").Text, b.Get("loadBalancerName").Text)]...)
		}
	}
	for _, arn := range slices.Sorted(maps.Keys(r.seen.tasks)) {
		if t := r.seen.tasks[arn]; asked[t.Group] {
			c.Tasks = append(c.Tasks, t)
		}
	}
	for _, arn := range slices.Sorted(maps.Keys(r.seen.instances)) {
		c.Instances = append(c.Instances, r.seen.instances[arn])
	}
	for _, arn := range slices.Sorted(maps.Keys(r.seen.definitions)) {
		c.Definitions = append(c.Definitions, r.seen.definitions[arn])
	}
	for name, n := range overview.Healthy(c) { // unordered: each of its own
		s := r.seen.services[name]
		s.Healthy = n
		r.seen.services[name] = s
	}
	return nil
}

// readTargets reads the targets of services. A target group or load balancer that is gone has none.
func (r *Reader) readTargets(ctx context.Context, services []live.Service) error {
	var groups, names []string
	for _, s := range services {
		for _, b := range s.Spec.Get("loadBalancers").Items {
			if arn := b.Get("targetGroupArn").Text; arn != "" {
				groups = append(groups, arn)
			} else {
				names = append(names, b.Get("loadBalancerName").Text)
			}
		}
	}
	slices.Sort(groups)
	slices.Sort(names)
	groups = slices.Compact(groups)
	names = slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
	found, err := many(ctx, r, cloud.BalancerReads, groups, r.targetsOf)
	if err != nil {
		return err
	}
	old, err := many(ctx, r, cloud.BalancerReads, names, r.classicTargetsOf)
	if err != nil {
		return err
	}
	for _, name := range slices.Concat(groups, names) {
		r.seen.targets[name] = nil
	}
	for _, t := range slices.Concat(found, old) {
		r.seen.targets[t.Group] = append(r.seen.targets[t.Group], t)
	}
	return nil
}

func (r *Reader) targetsOf(ctx context.Context, arn string) ([]live.Target, error) {
	out, err := read(ctx, r, r.Cloud.Balance.DescribeTargetHealth, &elb.DescribeTargetHealthInput{TargetGroupArn: &arn})
	switch {
	case cloud.Missing(err):
		return nil, nil
	case err != nil:
		return nil, err
	}
	var all []live.Target
	for _, t := range out.TargetHealthDescriptions {
		all = append(all, seen.Target(arn, t))
	}
	return all, nil
}

func (r *Reader) classicTargetsOf(ctx context.Context, name string) ([]live.Target, error) {
	out, err := read(ctx, r, r.Cloud.Classic.DescribeInstanceHealth, &classic.DescribeInstanceHealthInput{LoadBalancerName: &name})
	switch {
	case cloud.Missing(err):
		return nil, nil
	case err != nil:
		return nil, err
	}
	var all []live.Target
	for _, s := range out.InstanceStates {
		all = append(all, seen.ClassicTarget(name, s))
	}
	return all, nil
}
