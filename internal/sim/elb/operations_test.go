package elb

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/wire/wiretest"
	"berth/internal/sim/world"
)

// clients are AWS's own for both APIs, which reach the stage over the wire.
func clients(s *stage) (*elbv1.Client, *elbv2.Client) {
	run := func(env wire.Envelope, _ any, run func(*world.Call) (any, error)) (any, error) {
		return run(&world.Call{World: s.World, Region: s.World.Region(env.Region), Service: env.Service, Operation: env.Operation})
	}
	const ns = "http://elasticloadbalancing.amazonaws.com/doc/"
	server := wire.NewServer([]wire.Service[*world.Call]{
		{Name: "elasticloadbalancing", Protocol: wire.Query, Route: "2012-06-01", XMLNS: ns + "2012-06-01/", Ops: Operations()},
		{Name: "elasticloadbalancingv2", Protocol: wire.Query, Route: "2015-12-01", XMLNS: ns + "2015-12-01/", Ops: OperationsV2()},
	}, run, func() string { return "request" })
	cfg := wiretest.Config(server.RoundTripper())
	return elbv1.NewFromConfig(cfg), elbv2.NewFromConfig(cfg)
}

func TestAWSClientsMakeAndReadLoadBalancers(t *testing.T) {
	ctx := context.Background()
	s := newStage(t)
	one, two := clients(s)
	lb, err := two.CreateLoadBalancer(ctx, balancerInput("web"))
	if err != nil {
		t.Fatal(err)
	}
	g, err := two.CreateTargetGroup(ctx, groupInput("web"))
	if err != nil {
		t.Fatal(err)
	}
	arn, group := *lb.LoadBalancers[0].LoadBalancerArn, *g.TargetGroups[0].TargetGroupArn
	if _, err := two.CreateListener(ctx, listenerInput(arn, 80, forwardTo(group))); err != nil {
		t.Fatal(err)
	}
	if _, err := two.RegisterTargets(ctx, &elbv2.RegisterTargetsInput{TargetGroupArn: &group, Targets: []types.TargetDescription{{Id: aws.String(instanceA)}}}); err != nil {
		t.Fatal(err)
	}
	Open(s.World, s.Region, instanceA, 80, world.Answer{})
	s.Advance(5 * time.Minute)
	health, err := two.DescribeTargetHealth(ctx, &elbv2.DescribeTargetHealthInput{TargetGroupArn: &group})
	if err != nil || health.TargetHealthDescriptions[0].TargetHealth.State != types.TargetHealthStateEnumHealthy {
		t.Errorf("health %+v, %v", health, err)
	}
	if _, err := one.CreateLoadBalancer(ctx, classicInput("old")); err != nil {
		t.Fatal(err)
	}
	old, err := one.DescribeLoadBalancers(ctx, &elbv1.DescribeLoadBalancersInput{})
	if err != nil || len(old.LoadBalancerDescriptions) != 1 || len(old.LoadBalancerDescriptions[0].ListenerDescriptions) != 1 {
		t.Errorf("classic ones %+v, %v", old, err)
	}
}

func TestAWSClientsKnowTheRefusals(t *testing.T) {
	ctx := context.Background()
	one, two := clients(newStage(t))
	_, err := two.DescribeLoadBalancers(ctx, &elbv2.DescribeLoadBalancersInput{Names: []string{"none"}})
	if _, is := errors.AsType[*types.LoadBalancerNotFoundException](err); !is {
		t.Errorf("second generation: %v", err)
	}
	_, err = one.DescribeLoadBalancers(ctx, &elbv1.DescribeLoadBalancersInput{LoadBalancerNames: []string{"none"}})
	if _, is := errors.AsType[*types1.AccessPointNotFoundException](err); !is {
		t.Errorf("first generation: %v", err)
	}
}

func TestDescribedTwiceIsTheSame(t *testing.T) {
	s := newStage(t)
	g := s.served()
	Open(s.World, s.Region, instanceA, 80, world.Answer{})
	s.register(g, instanceA, instanceB)
	s.Advance(17 * time.Second)
	look := func() string {
		return digestOf([]any{
			ok(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{}).LoadBalancers,
			ok(s, DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{}).TargetGroups,
			ok(s, DescribeTargetHealth, &elbv2.DescribeTargetHealthInput{TargetGroupArn: &g}).TargetHealthDescriptions,
		})
	}
	if once, twice := look(), look(); once != twice {
		t.Error("two looks in one moment differ")
	}
}
