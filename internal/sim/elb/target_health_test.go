package elb

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

func TestTargetOfAnUnusedGroupIsUnused(t *testing.T) {
	s := newStage(t)
	g := s.group("web")
	none, err := DescribeTargetHealth(s.Call, &elbv2.DescribeTargetHealthInput{TargetGroupArn: &g})
	if err != nil || none.TargetHealthDescriptions == nil || len(none.TargetHealthDescriptions) > 0 {
		t.Errorf("a group without targets: %v, %v; want a list that is empty", none, err)
	}
	s.isHealth(g, instanceA, "unused", "Target.NotRegistered")
	s.register(g, instanceA)
	s.isHealth(g, instanceA, "unused", "Target.NotInUse")
	s.deregister(g)
	s.isHealth(g, instanceA, "unused", "Target.NotRegistered")
}

func TestNewTargetIsHealthyAfterOneSuccess(t *testing.T) {
	s := newStage(t)
	g := s.served()
	Open(s.World, s.Region, instanceA, 80, world.Answer{})
	s.register(g, instanceA)
	s.isHealth(g, instanceA, "initial", "Elb.RegistrationInProgress")
	s.Advance(30 * time.Second)
	s.isHealth(g, instanceA, "healthy", "")
	if len(s.seen) != 1 || s.seen[0].Kind != targetChanged || s.seen[0].Arg != "i-a:80" || s.seen[0].ID != g {
		t.Errorf("events %+v", s.seen)
	}
}

func TestTargetIsCheckedFromWhenTheLoadBalancerIsActive(t *testing.T) {
	s := newStage(t)
	g := s.group("web")
	Open(s.World, s.Region, instanceA, 80, world.Answer{})
	s.register(g, instanceA)
	s.listener(*s.balancer("web").LoadBalancerArn, 80, g)
	s.Advance(2 * time.Minute)
	s.isHealth(g, instanceA, "initial", "Elb.RegistrationInProgress")
	s.Advance(2 * time.Minute)
	s.isHealth(g, instanceA, "healthy", "")
}

func TestTargetWhereNothingListensFailsItsChecks(t *testing.T) {
	s := newStage(t)
	g := s.served()
	s.register(g, instanceA)
	s.Advance(20 * time.Second)
	s.isHealth(g, instanceA, "initial", "Elb.InitialHealthChecking")
	s.Advance(30 * time.Second)
	s.isHealth(g, instanceA, "unhealthy", "Target.FailedHealthChecks")
}

func TestUnhealthyTargetNeedsTheHealthyThreshold(t *testing.T) {
	s := newStage(t)
	g := s.served()
	s.register(g, instanceA)
	s.Advance(2 * time.Minute)
	Open(s.World, s.Region, instanceA, 80, world.Answer{})
	s.Advance(2 * time.Minute) // four successes
	s.isHealth(g, instanceA, "unhealthy", "Target.FailedHealthChecks")
	s.Advance(30 * time.Second)
	s.isHealth(g, instanceA, "healthy", "")
	Close(s.World, s.Region, instanceA, 80)
	s.Advance(30 * time.Second)
	s.isHealth(g, instanceA, "healthy", "")
	s.Advance(30 * time.Second)
	s.isHealth(g, instanceA, "unhealthy", "Target.FailedHealthChecks")
}

func TestReasonsOfUnhealthyTargets(t *testing.T) {
	for _, c := range []struct {
		name, reason, text string
		prepare            func(*stage)
	}{
		{"wrong status", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]", func(s *stage) {
			Open(s.World, s.Region, instanceA, 80, world.Answer{Status: http.StatusServiceUnavailable})
		}},
		{"silence", "Target.Timeout", "Request timed out", func(s *stage) {
			Open(s.World, s.Region, instanceA, 80, world.Answer{Silent: true})
		}},
		{"closed security group", "Target.Timeout", "Request timed out", func(s *stage) {
			Open(s.World, s.Region, instanceA, 80, world.Answer{})
			closeGroup(s)
		}},
		{"load balancer that is not let out", "Target.Timeout", "Request timed out", func(s *stage) {
			Open(s.World, s.Region, instanceA, 80, world.Answer{})
			s.addGroup("sg-shut", "shut", vpc)
			g, _ := s.Region.EC2.SecurityGroups.Get("sg-shut")
			g.Rules = g.Rules[:1] // in, and nothing out
			lb := ok(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{}).LoadBalancers[0].LoadBalancerArn
			ok(s, SetSecurityGroups, &elbv2.SetSecurityGroupsInput{LoadBalancerArn: lb, SecurityGroups: []string{"sg-shut"}})
		}},
		{"another port", "Target.FailedHealthChecks", "Health checks failed", func(s *stage) {
			Open(s.World, s.Region, instanceA, 81, world.Answer{})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			g := s.served()
			c.prepare(s)
			s.register(g, instanceA)
			s.Advance(2 * time.Minute)
			s.isHealth(g, instanceA, "unhealthy", c.reason)
			d := ok(s, DescribeTargetHealth, &elbv2.DescribeTargetHealthInput{TargetGroupArn: &g}).TargetHealthDescriptions[0]
			if *d.TargetHealth.Description != c.text || *d.HealthCheckPort != "80" {
				t.Errorf("description %q, port %s", *d.TargetHealth.Description, *d.HealthCheckPort)
			}
		})
	}
}

// closeGroup takes every rule for incoming connections off the stage's security group.
func closeGroup(s *stage) {
	g, _ := s.Region.EC2.SecurityGroups.Get(group)
	g.Rules = slices.DeleteFunc(g.Rules, func(id string) bool {
		rule, _ := s.Region.EC2.Rules.Get(id)
		return !rule.Egress
	})
}

func TestClosedSecurityGroupIsNoticedAtTheNextLook(t *testing.T) {
	s := newStage(t)
	g := s.served()
	Open(s.World, s.Region, instanceA, 80, world.Answer{})
	s.register(g, instanceA)
	s.Advance(time.Hour)
	closeGroup(s)
	s.isHealth(g, instanceA, "healthy", "")
	s.Advance(time.Minute + 5*time.Second)
	s.isHealth(g, instanceA, "unhealthy", "Target.Timeout")
}

func TestRulesThatLetALoadBalancerIn(t *testing.T) {
	for _, c := range []struct {
		name string
		rule world.SecurityGroupRule
		want string
	}{
		{"its group", world.SecurityGroupRule{Protocol: "tcp", From: 80, To: 80, Group: group}, "healthy"},
		{"its subnet", world.SecurityGroupRule{Protocol: "6", From: 0, To: 65535, CIDR4: "10.0.0.0/16"}, "healthy"},
		{"dynamic ports only", world.SecurityGroupRule{Protocol: "tcp", From: 32768, To: 61000, Group: group}, "unhealthy"},
		{"UDP", world.SecurityGroupRule{Protocol: "udp", From: 80, To: 80, CIDR4: "0.0.0.0/0"}, "unhealthy"},
		{"somebody else", world.SecurityGroupRule{Protocol: "-1", Group: "sg-other"}, "unhealthy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			g := s.served()
			closeGroup(s)
			c.rule.ID = "sgr-test"
			s.Region.EC2.Rules.Put(c.rule.ID, &c.rule)
			sg, _ := s.Region.EC2.SecurityGroups.Get(group)
			sg.Rules = append(sg.Rules, c.rule.ID)
			Open(s.World, s.Region, instanceA, 80, world.Answer{})
			s.register(g, instanceA)
			s.Advance(2 * time.Minute)
			if state, reason := s.health(g, instanceA); state != c.want {
				t.Errorf("%s %s, want %s", state, reason, c.want)
			}
		})
	}
}

func TestOnePortPerTaskOfAnInstance(t *testing.T) {
	s := newStage(t)
	g := s.served()
	for port := int32(32768); port < 32771; port++ {
		Open(s.World, s.Region, instanceA, port, world.Answer{})
		if err := Register(s.World, s.Region, g, TargetAddress{ID: instanceA, Port: port}); err != nil {
			t.Fatal(err)
		}
	}
	Close(s.World, s.Region, instanceA, 32769)
	s.Advance(2 * time.Minute)
	var got []string
	for _, d := range ok(s, DescribeTargetHealth, &elbv2.DescribeTargetHealthInput{TargetGroupArn: &g}).TargetHealthDescriptions {
		got = append(got, fmt.Sprintf("%d %s", *d.Target.Port, d.TargetHealth.State))
	}
	if want := []string{"32768 healthy", "32769 unhealthy", "32770 healthy"}; !slices.Equal(got, want) {
		t.Errorf("targets %v", got)
	}
}

func TestTargetsByAddress(t *testing.T) {
	s := newStage(t)
	in := groupInput("web")
	in.TargetType = types.TargetTypeEnumIp
	g := *ok(s, CreateTargetGroup, in).TargetGroups[0].TargetGroupArn
	s.listener(*s.balancer("web").LoadBalancerArn, 80, g)
	s.Advance(5 * time.Minute)
	n := must(t)(ec2.NewInterface(s.World, s.Region, world.Interface{SubnetID: subnetA, Groups: []string{group}}))
	Open(s.World, s.Region, n.PrivateIP, 80, world.Answer{})
	s.register(g, n.PrivateIP)
	s.Advance(time.Minute)
	s.isHealth(g, n.PrivateIP, "healthy", "")
	for id, code := range map[string]string{"8.8.8.8": "InvalidTarget", "10.200.0.1": "ValidationError", instanceA: "ValidationError"} { // unordered: the calls change nothing
		isCode(t, refusal(s, RegisterTargets, &elbv2.RegisterTargetsInput{TargetGroupArn: &g, Targets: []types.TargetDescription{{Id: &id}}}), code)
	}
	ok(s, RegisterTargets, &elbv2.RegisterTargetsInput{TargetGroupArn: &g, Targets: []types.TargetDescription{{Id: aws.String("10.200.0.1"), AvailabilityZone: aws.String("all")}}})
}

func TestRegisterTargetsRefusals(t *testing.T) {
	s := newStage(t)
	g := s.group("web")
	s.addInstance("i-far", elsewhereNet)
	s.addInstance("i-stopped", subnetA).State = world.InstanceStopped
	for _, c := range []struct {
		id   string
		port *int32
		code string
	}{
		{"i-none", nil, "InvalidTarget"},
		{"i-stopped", nil, "InvalidTarget"},
		{"i-far", nil, "InvalidTarget"},
		{instanceA, aws.Int32(0), "ValidationError"},
		{instanceA, aws.Int32(70000), "ValidationError"},
	} {
		isCode(t, refusal(s, RegisterTargets, &elbv2.RegisterTargetsInput{
			TargetGroupArn: &g, Targets: []types.TargetDescription{{Id: aws.String(instanceB)}, {Id: &c.id, Port: c.port}},
		}), c.code)
	}
	isCode(t, refusal(s, RegisterTargets, &elbv2.RegisterTargetsInput{TargetGroupArn: &g}), "ValidationError")
	isCode(t, refusal(s, RegisterTargets, &elbv2.RegisterTargetsInput{TargetGroupArn: aws.String(g + "0"), Targets: []types.TargetDescription{{Id: aws.String(instanceA)}}}), "TargetGroupNotFound")
	if n := len(ok(s, DescribeTargetHealth, &elbv2.DescribeTargetHealthInput{TargetGroupArn: &g}).TargetHealthDescriptions); n != 0 {
		t.Errorf("%d targets after refused calls", n)
	}
}

func TestTargetQuotasHold(t *testing.T) {
	s := newStage(t)
	a := s.served()
	b := s.group("b")
	s.listener(*ok(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{}).LoadBalancers[0].LoadBalancerArn, 81, b)
	s.Region.Quotas = map[string]int{"L-A0D0B863": 2, "L-7E6692B2": 3}
	two := func(g string, from int32) error {
		return Register(s.World, s.Region, g, TargetAddress{ID: instanceA, Port: from}, TargetAddress{ID: instanceA, Port: from + 1})
	}
	if err := two(a, 1000); err != nil {
		t.Fatal(err)
	}
	if err := two(a, 1000); err != nil {
		t.Errorf("the same targets once more: %v", err)
	}
	if err := two(a, 1001); err == nil {
		t.Error("a third target in a group of two")
	}
	if err := two(b, 1000); err == nil {
		t.Error("a fourth target behind a load balancer for three")
	}
}

func TestDeregisteredTargetDrainsForTheWholeDelay(t *testing.T) {
	s := newStage(t)
	g := s.served()
	Open(s.World, s.Region, instanceA, 80, world.Answer{})
	s.register(g, instanceA)
	s.Advance(time.Minute)
	s.seen = nil
	s.deregister(g)
	s.isHealth(g, instanceA, "draining", "Target.DeregistrationInProgress")
	s.Advance(299 * time.Second)
	s.isHealth(g, instanceA, "draining", "Target.DeregistrationInProgress")
	s.Advance(time.Second)
	s.isHealth(g, instanceA, "unused", "Target.NotRegistered")
	if len(s.seen) != 1 || s.seen[0].Kind != targetChanged {
		t.Errorf("events %+v", s.seen)
	}
	s.deregister(g) // not there: fine
}

func TestDrainingTargetComesBack(t *testing.T) {
	s := newStage(t)
	g := s.served()
	Open(s.World, s.Region, instanceA, 80, world.Answer{})
	s.register(g, instanceA)
	s.Advance(time.Minute)
	s.deregister(g)
	s.Advance(time.Minute)
	s.register(g, instanceA)
	s.isHealth(g, instanceA, "initial", "Elb.RegistrationInProgress")
	s.Advance(10 * time.Minute)
	s.isHealth(g, instanceA, "healthy", "")
}

func TestSecondDrainingIsNotCutShortByTheFirst(t *testing.T) {
	s := newStage(t)
	g := s.served()
	s.register(g, instanceA)
	s.deregister(g) // would end after 300 s
	s.Advance(200 * time.Second)
	s.register(g, instanceA)
	s.deregister(g)
	s.Advance(299 * time.Second)
	s.isHealth(g, instanceA, "draining", "Target.DeregistrationInProgress")
	s.Advance(time.Second)
	s.isHealth(g, instanceA, "unused", "Target.NotRegistered")
}

func TestDeregistrationDelayIsTheGroups(t *testing.T) {
	s := newStage(t)
	g := s.served()
	ok(s, ModifyTargetGroupAttributes, &elbv2.ModifyTargetGroupAttributesInput{
		TargetGroupArn: &g, Attributes: []types.TargetGroupAttribute{{Key: aws.String(deregistrationDelay), Value: aws.String("0")}},
	})
	s.register(g, instanceA)
	s.deregister(g)
	s.isHealth(g, instanceA, "unused", "Target.NotRegistered")
}

func TestTargetOfAZoneThatIsNotEnabledIsUnused(t *testing.T) {
	s := newStage(t)
	g := s.served()
	s.addInstance("i-c", subnetC)
	s.register(g, "i-c")
	s.isHealth(g, "i-c", "unused", "Target.NotInUse")
	lb := ok(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{}).LoadBalancers[0].LoadBalancerArn
	ok(s, SetSubnets, &elbv2.SetSubnetsInput{LoadBalancerArn: lb, Subnets: []string{subnetA, subnetB, subnetC}})
	s.isHealth(g, "i-c", "initial", "Elb.RegistrationInProgress")
}

func TestStoppedTargetIsUnusedAndStartsAnew(t *testing.T) {
	s := newStage(t)
	g := s.served()
	Open(s.World, s.Region, instanceA, 80, world.Answer{})
	s.register(g, instanceA)
	s.Advance(time.Minute)
	ec2.Stop(s.World, s.Region, instanceA)
	s.Advance(time.Hour)
	s.isHealth(g, instanceA, "unused", "Target.InvalidState")
	i, _ := s.Region.EC2.Instances.Get(instanceA)
	i.State = world.InstanceRunning
	s.isHealth(g, instanceA, "initial", "Elb.RegistrationInProgress")
	s.Advance(time.Minute)
	s.isHealth(g, instanceA, "healthy", "")
}

func TestTerminatedInstanceLeavesEverything(t *testing.T) {
	s := newStage(t)
	g := s.served()
	ok(s, CreateClassicLoadBalancer, classicInput("old"))
	if err := RegisterInstances(s.World, s.Region, "old", instanceA, instanceB); err != nil {
		t.Fatal(err)
	}
	s.register(g, instanceA, instanceB)
	s.Advance(time.Minute)
	s.seen = nil
	ec2.Terminate(s.World, s.Region, instanceA)
	s.Advance(2 * time.Minute)
	s.isHealth(g, instanceA, "unused", "Target.NotRegistered")
	b, _ := s.Region.Balancing.Classics.Get("old")
	if _, there := b.Targets.Get(instanceA); there || b.Targets.Len() != 1 {
		t.Error("the classic load balancer still has the instance")
	}
	kinds := map[world.Kind]bool{}
	for _, e := range s.seen {
		kinds[e.Kind] = true
	}
	if !kinds[targetChanged] || !kinds[instanceChanged] {
		t.Errorf("events %+v", s.seen)
	}
}

func TestChangedHealthCheckCountsFromThere(t *testing.T) {
	s := newStage(t)
	g := s.served()
	Open(s.World, s.Region, instanceA, 80, world.Answer{Status: http.StatusNotFound})
	s.register(g, instanceA)
	s.Advance(10 * time.Minute)
	s.isHealth(g, instanceA, "unhealthy", "Target.ResponseCodeMismatch")
	ok(s, ModifyTargetGroup, &elbv2.ModifyTargetGroupInput{
		TargetGroupArn: &g, HealthCheckIntervalSeconds: aws.Int32(5), HealthCheckTimeoutSeconds: aws.Int32(2),
		HealthyThresholdCount: aws.Int32(2), Matcher: &types.Matcher{HttpCode: aws.String("200-404")},
	})
	s.isHealth(g, instanceA, "unhealthy", "Target.ResponseCodeMismatch")
	s.Advance(35 * time.Second) // the next check in at most 30 s, the second 5 s later
	s.isHealth(g, instanceA, "healthy", "")
}

func TestFixedCheckPortIsAskedForEveryTarget(t *testing.T) {
	s := newStage(t)
	g := s.served()
	ok(s, ModifyTargetGroup, &elbv2.ModifyTargetGroupInput{TargetGroupArn: &g, HealthCheckPort: aws.String("9000")})
	s.register(g, instanceA)
	s.Advance(2 * time.Minute)
	s.isHealth(g, instanceA, "unhealthy", "Target.FailedHealthChecks")
	Open(s.World, s.Region, instanceA, 9000, world.Answer{})
	s.Advance(3 * time.Minute)
	s.isHealth(g, instanceA, "healthy", "")
}

func TestTargetsAtRestScheduleNothing(t *testing.T) {
	s := newStage(t)
	g := s.served()
	Open(s.World, s.Region, instanceA, 80, world.Answer{})
	s.register(g, instanceA, instanceB)
	s.Advance(10 * time.Minute)
	for range 3 {
		s.health(g, instanceA)
	}
	if at, waiting := s.NextEvent(); waiting {
		t.Errorf("something waits for %s", at)
	}
}

func TestAnomaliesAreToldOnRequest(t *testing.T) {
	s := newStage(t)
	g := s.served()
	s.register(g, instanceA)
	d := ok(s, DescribeTargetHealth, &elbv2.DescribeTargetHealthInput{
		TargetGroupArn: &g, Include: []types.DescribeTargetHealthInputIncludeEnum{types.DescribeTargetHealthInputIncludeEnumAll},
	}).TargetHealthDescriptions[0]
	if d.AnomalyDetection == nil || d.AnomalyDetection.Result != types.AnomalyResultEnumNormal {
		t.Errorf("anomaly %+v", d.AnomalyDetection)
	}
}

// A program that was told to end takes no new connections, though it still works on those that it has.
func TestTargetThatEndsFailsItsChecks(t *testing.T) {
	s := newStage(t)
	g := s.served()
	Open(s.World, s.Region, instanceA, 80, world.Answer{})
	s.register(g, instanceA)
	s.Advance(30 * time.Second)
	Open(s.World, s.Region, instanceA, 80, world.Answer{Ending: true})
	s.Advance(time.Minute)
	s.isHealth(g, instanceA, "unhealthy", "Target.FailedHealthChecks")
}
