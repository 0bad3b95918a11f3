package sim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"berth/internal/sim"
	"berth/internal/sim/world"
)

// demolish takes a site down without waiting for anything, and then gives it three hours to be forgotten.
func (x site) demolish(s *sim.Sim) {
	t, c := x.t, x.c
	t.Helper()
	must[*autoscaling.DeleteAutoScalingGroupOutput](t)(c.asg.DeleteAutoScalingGroup(ctx(), &autoscaling.DeleteAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), ForceDelete: aws.Bool(true),
	}))
	lbs := must[*elbv2.DescribeLoadBalancersOutput](t)(c.elb.DescribeLoadBalancers(ctx(), &elbv2.DescribeLoadBalancersInput{}))
	must[*elbv2.DeleteLoadBalancerOutput](t)(c.elb.DeleteLoadBalancer(ctx(), &elbv2.DeleteLoadBalancerInput{
		LoadBalancerArn: lbs.LoadBalancers[0].LoadBalancerArn,
	}))
	nats := must[*ec2.DescribeNatGatewaysOutput](t)(c.ec2.DescribeNatGateways(ctx(), &ec2.DescribeNatGatewaysInput{}))
	must[*ec2.DeleteNatGatewayOutput](t)(c.ec2.DeleteNatGateway(ctx(), &ec2.DeleteNatGatewayInput{NatGatewayId: nats.NatGateways[0].NatGatewayId}))
	if err := s.Sleep(ctx(), 3*time.Hour); err != nil {
		t.Fatal(err)
	}
	must[*ecs.DeleteClusterOutput](t)(c.ecs.DeleteCluster(ctx(), &ecs.DeleteClusterInput{Cluster: aws.String("shop")}))
}

func TestNobodyWaitsForWhatIsForgotten(t *testing.T) {
	s, c := embedded(1)
	trace := s.Record()
	build(t, s, c).demolish(s)
	drawn := map[string]bool{}
	forgotten := 0
	for _, e := range trace.Entries {
		switch {
		case e.What == "event" && strings.HasSuffix(e.Name, "-forgotten"):
			forgotten++
		case e.What == "draw" && (strings.Contains(e.Name, "forg") || e.For > 10*time.Minute):
			t.Errorf("nobody waits for %s of %s, %v", e.Name, e.Subject, e.For)
		case e.What == "draw":
			drawn[e.Name] = true
		}
	}
	if forgotten < 3 {
		t.Errorf("%d records were forgotten, want the NAT gateway and two instances", forgotten)
	}
	for _, name := range []string{"ec2.nat-create", "ec2.nat-delete", "elb.balancer-create", "elb.interface-delete", "ec2.instance-terminated"} {
		if !drawn[name] {
			t.Errorf("people wait for %s, and it was not drawn", name)
		}
	}
}

func TestLongestChainFitsIntoTheTimeOfTheRun(t *testing.T) {
	s, c := embedded(1)
	trace := s.Record()
	build(t, s, c)
	took := s.Now().Sub(world.Epoch())
	chain := trace.LongestChain(s.Now())
	if chain.Sum() > took || chain.Sum() < 2*time.Minute {
		t.Errorf("a chain of %v out of %v: %+v", chain.Sum(), took, chain)
	}
}
