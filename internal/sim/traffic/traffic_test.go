package traffic

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/elb"
	"berth/internal/sim/world"
)

func TestTenRequestsASecondFromTheFirstCompletedDeploymentOn(t *testing.T) {
	s := newStage(t)
	s.open(world.Answer{}, "i-a1")
	s.register("i-a1")
	s.Advance(time.Hour)
	s.counts(Counts{})
	s.complete(web)
	s.Advance(time.Hour)
	s.complete(web)
	s.counts(Counts{Offered: 36000, Served: 35999, InFlight: 1})
	s.Advance(60 * time.Millisecond)
	s.counts(Counts{Offered: 36000, Served: 36000})
	f := Figures(s.World)[0]
	if f.Service != "shop/web" || f.Balancer != "public" || f.Port != 80 || f.Group != s.group || f.Rate != Usual || !f.First.IsZero() {
		t.Errorf("%+v", f)
	}
}

func TestWorldWithoutServicesHasNoEventsOfTraffic(t *testing.T) {
	s := newStage(t)
	before := s.Happened()
	s.register("i-a1", "i-a2", "i-b1")
	s.open(world.Answer{}, "i-a1", "i-a2", "i-b1")
	for _, id := range []string{"i-a1", "i-a2", "i-b1"} {
		s.close(id)
	}
	if n := s.Happened() - before; n != 0 || s.Region.Traffic.Watched.Len() != 0 {
		t.Errorf("%d events, %d things watched", n, s.Region.Traffic.Watched.Len())
	}
}

func TestChangesOfOneInstantAreOneEvent(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{}, "i-a1", "i-a2", "i-b1")
	before := s.Happened()
	for range 10 {
		for _, id := range []string{"i-a1", "i-a2", "i-b1"} {
			elb.Open(s.World, s.Region, id, 80, world.Answer{Took: time.Second})
		}
	}
	s.Settle()
	if n := s.Happened() - before; n != 1 {
		t.Errorf("%d events", n)
	}
}

// Application Load Balancers user guide, "Deregistration delay".
func TestGracefulStopLosesNothing(t *testing.T) {
	s := newStage(t)
	s.set(s.group, "deregistration_delay.timeout_seconds", "30")
	s.healthy(world.Answer{Took: 2 * time.Second}, "i-a1", "i-a2")
	s.Advance(time.Minute)
	s.deregister("i-a1")
	s.Advance(30 * time.Second)
	s.open(world.Answer{Took: 2 * time.Second, Ending: true}, "i-a1")
	s.Advance(3 * time.Second)
	s.close("i-a1")
	s.Advance(time.Minute)
	s.counts(Counts{Offered: 1530, Served: 1510, InFlight: 20})
}

func TestKilledServerLosesItsRequestsAndThoseSentToItUntilItIsUnhealthy(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{Took: 2 * time.Second}, "i-a1", "i-a2")
	s.Advance(time.Minute)
	s.close("i-a1")
	s.counts(Counts{Offered: 600, Served: 580, InFlight: 10, Cut: 10})
	lasted := s.until("i-a1", "unhealthy")
	refused := int64(lasted/time.Second) * 5 // half of ten a second
	got := s.sum()
	if got.Cut != 10 || got.Refused < refused || got.Refused > refused+5 || got.NoTarget+got.Errors != 0 {
		t.Errorf("%+v after %s, want 10 cut, %d refused", got, lasted, refused)
	}
	s.Advance(time.Hour)
	after := s.sum()
	if after.Failed() != got.Failed() || after.Served+after.InFlight+after.Failed() != after.Offered {
		t.Errorf("%+v, then %+v", got, after)
	}
}

func TestFiguresSayWhenRequestsFailed(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{Took: 2 * time.Second}, "i-a1", "i-a2")
	s.Advance(time.Minute)
	killed := s.Now()
	s.close("i-a1")
	lasted := s.until("i-a1", "unhealthy")
	s.Advance(time.Hour)
	f := Figures(s.World)[0]
	if !f.First.Equal(killed) || f.Last.After(killed.Add(lasted)) || f.Last.Before(killed.Add(lasted-time.Second)) {
		t.Errorf("killed at %s for %s, failures from %s to %s", killed, lasted, f.First, f.Last)
	}
	if len(f.Failures) != 2 || f.Failures[0].Reason != Cut || f.Failures[1].Reason != Refused || f.Failures[1].Target != "i-a1:80" || f.Failures[1].Count != f.Refused {
		t.Errorf("%+v", f.Failures)
	}
	if want := int64(f.Last.Sub(f.First)/time.Second) + 1; f.Seconds < want || f.Seconds > want+1 {
		t.Errorf("%d seconds with failures, want about %d", f.Seconds, want)
	}
}

func TestProgramThatEndsTooEarlyDropsWhatItWorksOn(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{Took: 4 * time.Second}, "i-a1", "i-a2")
	s.Advance(time.Minute)
	s.deregister("i-a1")
	s.open(world.Answer{Took: 4 * time.Second, Ending: true}, "i-a1")
	s.Advance(time.Second)
	s.close("i-a1")
	s.Advance(time.Minute)
	if c := s.sum(); c.Cut != 15 || c.Failed() != 15 {
		t.Errorf("%+v, want those 15 lost of 20 in work that came in the last three seconds", c)
	}
}

func TestEndOfTheDeregistrationDelayCutsLongRequests(t *testing.T) {
	s := newStage(t)
	s.set(s.group, "deregistration_delay.timeout_seconds", "10")
	s.healthy(world.Answer{Took: 20 * time.Second}, "i-a1", "i-a2")
	s.Advance(time.Minute)
	s.deregister("i-a1")
	s.Advance(9 * time.Second)
	if c := s.sum(); c.Failed() != 0 {
		t.Errorf("cut too early: %+v", c)
	}
	s.Advance(2 * time.Second)
	if c := s.sum(); c.Cut != 50 || c.Failed() != 50 {
		t.Errorf("%+v, want half of 100 in work cut", c)
	}
}

func TestHostThatDiesTakesItsRequestsAlong(t *testing.T) {
	for name, kill := range map[string]func(*stage, *world.Instance){
		"stops":       func(_ *stage, i *world.Instance) { i.State = world.InstanceStopping },
		"unreachable": func(_ *stage, i *world.Instance) { i.Unreachable = true },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.healthy(world.Answer{Took: 2 * time.Second}, "i-a1", "i-a2")
			s.Advance(time.Minute)
			i, _ := s.Region.EC2.Instances.Get("i-a1")
			kill(s, i)
			s.Schedule(0, world.Event{Kind: "ec2.instance-stopping", Region: s.Region.Name, ID: i.ID})
			s.Settle()
			s.Advance(10 * time.Second)
			s.counts(Counts{Offered: 700, Served: 630, InFlight: 10, Cut: 10, Refused: 50})
		})
	}
}

// The security group of the load balancer and its targets is one that lets nobody in any more; what was connected stays so.
func TestClosedSecurityGroupKeepsRequestsOut(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{Took: 2 * time.Second}, "i-a1")
	s.Advance(time.Minute)
	g, _ := s.Region.EC2.SecurityGroups.Get("sg-1")
	g.Rules = slices.DeleteFunc(g.Rules, func(id string) bool {
		row, _ := s.Region.EC2.Rules.Get(id)
		return !row.Egress
	})
	s.Schedule(0, world.Event{Kind: "ec2.security-group-changed", Region: s.Region.Name, ID: g.ID})
	s.Advance(10 * time.Second)
	s.counts(Counts{Offered: 700, Served: 600, Refused: 100})
	s.until("i-a1", "unhealthy")
}

func TestTargetByAddressDiesWithItsHost(t *testing.T) {
	s := newStage(t)
	g := *call(s, elb.CreateTargetGroup, &elbv2.CreateTargetGroupInput{
		Name: aws.String("task"), Protocol: types.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: aws.String("vpc-1"), TargetType: types.TargetTypeEnumIp,
	}).TargetGroups[0].TargetGroupArn
	call(s, elb.ModifyListener, &elbv2.ModifyListenerInput{ListenerArn: &s.listener, DefaultActions: forward(g)})
	s.group = g
	s.serve(web, world.ServiceBalancer{Group: g})
	s.Region.EC2.Interfaces.Put("eni-task", &world.Interface{
		ID: "eni-task", SubnetID: "subnet-a", VPCID: "vpc-1", Zone: "eu-west-1a", PrivateIP: "10.0.0.77", Groups: []string{"sg-1"}, InstanceID: "i-a1",
	})
	s.healthy(world.Answer{Took: 2 * time.Second}, "10.0.0.77")
	s.Advance(10 * time.Second)
	s.counts(Counts{Offered: 100, Served: 80, InFlight: 20})
	i, _ := s.Region.EC2.Instances.Get("i-a1")
	i.Unreachable = true
	s.Schedule(0, world.Event{Kind: "ec2.instance-stopping", Region: s.Region.Name, ID: i.ID})
	s.Advance(10 * time.Second)
	s.counts(Counts{Offered: 200, Served: 80, Cut: 20, Refused: 100})
	s.until("10.0.0.77", "unhealthy")
}

func TestNoTargetAtAllIs503(t *testing.T) {
	s := newStage(t)
	s.complete(web)
	s.Advance(10 * time.Second)
	s.counts(Counts{Offered: 100, NoTarget: 100})
	s.healthy(world.Answer{}, "i-a1")
	before := s.sum()
	s.deregister("i-a1")
	s.Advance(10 * time.Second)
	if c := s.sum().Since(before); c.NoTarget != 100 || c.Failed() != 100 {
		t.Errorf("only a draining target is left: %+v", c)
	}
}

// Application Load Balancers user guide, "Health checks for your target groups": a group with unhealthy targets only.
func TestGroupWithoutHealthyTargetsFailsOpen(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{Status: 404}, "i-a1", "i-a2")
	s.open(world.Answer{Status: 503}, "i-a2")
	s.Advance(10 * time.Second)
	s.Advance(60 * time.Millisecond)
	s.counts(Counts{Offered: 100, Served: 50, Errors: 50})
}

func TestSilentProgramFailsEveryRequest(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{Silent: true}, "i-a1")
	s.Advance(10 * time.Second)
	s.counts(Counts{Offered: 100, Errors: 100})
}

// Application Load Balancers user guide, "Cross-zone load balancing for target groups".
func TestEmptyZoneAnswers503WhereLoadBalancingDoesNotCrossZones(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{}, "i-a1", "i-a2")
	s.Advance(10050 * time.Millisecond)
	s.counts(Counts{Offered: 100, Served: 100})
	s.set(s.group, "load_balancing.cross_zone.enabled", "false")
	s.Advance(10 * time.Second)
	s.counts(Counts{Offered: 200, Served: 150, NoTarget: 50})
}

func TestZoneWithoutHealthyTargetsLeavesDNSUnlessAllZonesAre(t *testing.T) {
	s := newStage(t)
	s.set(s.group, "load_balancing.cross_zone.enabled", "false")
	s.open(world.Answer{Status: 404}, "i-b1")
	s.register("i-b1")
	s.healthy(world.Answer{}, "i-a1")
	shares := func() map[string]int64 {
		out := map[string]int64{}
		f, _ := s.Region.Traffic.Flows.Get(s.rule())
		counts := spread(current(f), 100)
		for i, l := range lanes(current(f)) {
			out[l.Key] = counts[i]
		}
		return out
	}
	if got := shares(); !reflect.DeepEqual(got, map[string]int64{"i-a1:80": 100}) {
		t.Errorf("a healthy and an unhealthy zone: %v", got)
	}
	s.open(world.Answer{Status: 404}, "i-a1")
	s.Advance(5 * time.Minute)
	if got := shares(); !reflect.DeepEqual(got, map[string]int64{"i-a1:80": 50, "i-b1:80": 50}) {
		t.Errorf("two unhealthy zones: %v", got)
	}
}

// rule is the ARN of the listener's default rule.
func (s *stage) rule() string {
	l, _ := s.Region.Balancing.Listeners.Get(s.listener)
	return l.DefaultRule
}

// Application Load Balancers user guide, "Slow start mode". The new target is found healthy at another port, so that its
// requests are those that fail.
func TestNewTargetComesToItsShareEvenly(t *testing.T) {
	s := newStage(t)
	s.set(s.group, "slow_start.duration_seconds", "100")
	call(s, elb.ModifyTargetGroup, &elbv2.ModifyTargetGroupInput{TargetGroupArn: &s.group, HealthCheckPort: aws.String("81")})
	for _, id := range []string{"i-a1", "i-b1"} {
		elb.Open(s.World, s.Region, id, 81, world.Answer{})
	}
	s.healthy(world.Answer{}, "i-a1")
	if err := Offer(s.World, s.Region, "public", 1000); err != nil {
		t.Fatal(err)
	}
	s.open(world.Answer{Status: 500}, "i-b1")
	s.register("i-b1")
	s.until("i-b1", "healthy")
	g, _ := s.Region.Balancing.TargetGroups.Get(s.group)
	row, _ := g.Targets.Get("i-b1:80")
	if first, _ := g.Targets.Get("i-a1:80"); row.SlowFrom.IsZero() || !first.SlowFrom.IsZero() {
		t.Fatalf("slow starts at %v and %v", first.SlowFrom, row.SlowFrom)
	}
	for _, c := range []struct {
		at   time.Duration
		want int64 // a thousand times the integral of x/(1+x)
	}{{10 * time.Second, 519}, {50 * time.Second, 9650}, {100 * time.Second, 30900}, {200 * time.Second, 80900}} {
		s.Advance(c.at - s.Now().Sub(row.SlowFrom))
		if got := s.sum().Errors; got < c.want*98/100 || got > c.want*102/100 {
			t.Errorf("%s after its start it had %d requests, want about %d", c.at, got, c.want)
		}
	}
	s.open(world.Answer{}, "i-b1")
	if f, _ := s.Region.Traffic.Flows.Get(s.rule()); len(f.Spells) > 3 || len(f.Failures) != 1 {
		t.Errorf("%d spells and %d stretches are remembered", len(f.Spells), len(f.Failures))
	}
}

func TestTargetsThatAreRegisteredTogetherDoNotStartSlowly(t *testing.T) {
	s := newStage(t)
	s.set(s.group, "slow_start.duration_seconds", "900")
	s.healthy(world.Answer{}, "i-a1", "i-a2", "i-b1")
	g, _ := s.Region.Balancing.TargetGroups.Get(s.group)
	for row := range g.Targets.Rows() {
		if !row.SlowFrom.IsZero() {
			t.Errorf("%s starts slowly", row.ID)
		}
	}
}

// split adds a second target group, with a service of its own, to the listener's rule.
func (s *stage) split(weights ...int32) string {
	s.t.Helper()
	second := s.newGroup("green")
	c := &types.ForwardActionConfig{TargetGroups: []types.TargetGroupTuple{
		{TargetGroupArn: &s.group, Weight: &weights[0]}, {TargetGroupArn: &second, Weight: &weights[1]},
	}}
	call(s, elb.ModifyListener, &elbv2.ModifyListenerInput{
		ListenerArn: &s.listener, DefaultActions: []types.Action{{Type: types.ActionTypeEnumForward, ForwardConfig: c}},
	})
	return second
}

func TestWeightsDealOutRequestsToGroups(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{}, "i-a1")
	second := s.split(3, 1)
	s.Advance(100 * time.Second)
	all := Figures(s.World)
	if len(all) != 2 || all[0].Offered != 750 || all[1].NoTarget != 250 || all[1].Group != second || all[1].Service != "" {
		t.Errorf("%+v", all)
	}
}

func TestRuleIsOfferedNothingWithoutAServiceUnlessSomebodySaysSo(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{}, "i-a1")
	fixed := *call(s, elb.CreateRule, &elbv2.CreateRuleInput{
		ListenerArn: &s.listener, Priority: aws.Int32(1),
		Conditions: []types.RuleCondition{{Field: aws.String("path-pattern"), Values: []string{"/ping"}}},
		Actions:    []types.Action{{Type: types.ActionTypeEnumFixedResponse, FixedResponseConfig: &types.FixedResponseActionConfig{StatusCode: aws.String("200")}}},
	}).Rules[0].RuleArn
	s.Advance(10050 * time.Millisecond)
	s.counts(Counts{Offered: 100, Served: 100})
	if err := Offer(s.World, s.Region, fixed, 100); err != nil {
		t.Fatal(err)
	}
	s.Advance(10 * time.Second)
	s.counts(Counts{Offered: 1200, Served: 1200})
	call(s, elb.DeleteRule, &elbv2.DeleteRuleInput{RuleArn: &fixed})
	s.Advance(10 * time.Second)
	s.counts(Counts{Offered: 1300, Served: 1300})
}

func TestRulesThatComeGoAndChangeMoveTheirTraffic(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{}, "i-a1")
	rule := *call(s, elb.CreateRule, &elbv2.CreateRuleInput{
		ListenerArn: &s.listener, Priority: aws.Int32(1), Actions: forward(s.group),
		Conditions: []types.RuleCondition{{Field: aws.String("path-pattern"), Values: []string{"/api/*"}}},
	}).Rules[0].RuleArn
	s.Advance(10050 * time.Millisecond)
	s.counts(Counts{Offered: 200, Served: 200})
	call(s, elb.ModifyRule, &elbv2.ModifyRuleInput{RuleArn: &rule, Actions: forward(s.newGroup("other"))})
	s.Advance(10 * time.Second)
	s.counts(Counts{Offered: 300, Served: 300})
	call(s, elb.ModifyRule, &elbv2.ModifyRuleInput{RuleArn: &rule, Actions: forward(s.group)})
	s.Advance(10 * time.Second)
	s.counts(Counts{Offered: 500, Served: 500})
	call(s, elb.DeleteLoadBalancer, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: &s.balancer})
	s.Advance(time.Hour)
	if c := s.sum(); c.Offered != 500 {
		t.Errorf("without a load balancer requests go on: %+v", c)
	}
}

func TestDeletedServiceHasNoTraffic(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{}, "i-a1")
	s.Advance(10050 * time.Millisecond)
	k, _ := s.Region.ECS.Clusters.Get(shop)
	row, _ := k.Services.Get(web)
	row.Status = "DRAINING"
	s.Schedule(0, world.Event{Kind: serviceDeleted, Region: s.Region.Name, ID: shop, Arg: web})
	s.Advance(time.Hour)
	s.counts(Counts{Offered: 100, Served: 100})
}

func TestClassicLoadBalancerDoesNotFailOpen(t *testing.T) {
	s := newStage(t)
	s.classic("old")
	s.serve("api", world.ServiceBalancer{Classic: "old"})
	s.open(world.Answer{Took: 2 * time.Second}, "i-a1", "i-b1")
	if err := elb.RegisterInstances(s.World, s.Region, "old", "i-a1", "i-b1"); err != nil {
		t.Fatal(err)
	}
	s.Advance(10 * time.Minute)
	s.complete("api")
	s.Advance(10 * time.Second)
	s.counts(Counts{Offered: 100, Served: 80, InFlight: 20})
	s.close("i-a1")
	s.Advance(10 * time.Second)
	s.counts(Counts{Offered: 200, Served: 80 + 50, InFlight: 10, Cut: 10, Refused: 50})
	s.Advance(5 * time.Minute)
	before := s.sum()
	s.Advance(10 * time.Second)
	if c := s.sum().Since(before); c.NoTarget != 50 || c.Failed() != 50 {
		t.Errorf("one zone without a healthy instance: %+v", c)
	}
	s.close("i-b1")
	s.Advance(5 * time.Minute)
	before = s.sum()
	s.Advance(10 * time.Second)
	if c := s.sum().Since(before); c.NoTarget != 100 {
		t.Errorf("no healthy instance: %+v", c)
	}
	f := Figures(s.World)[0]
	if f.Rule != "" || f.Group != "" || f.Balancer != "old" || f.Port != 80 || f.Service != "shop/api" {
		t.Errorf("%+v", f)
	}
}

func TestOfferedRatesCountFromTheRuleOutwards(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{}, "i-a1")
	rate := func() int64 { return Figures(s.World)[0].Rate }
	for _, c := range []struct {
		what string
		n    int64
		want int64
	}{{"public", 20, 20}, {"web", 30, 30}, {s.balancer, 40, 30}, {"shop/web", 31, 31}, {s.listener, 50, 50}, {"web", 60, 50}, {s.rule(), 0, 0}} {
		if err := Offer(s.World, s.Region, c.what, c.n); err != nil || rate() != c.want {
			t.Errorf("%d to %s: %v, %d, want %d", c.n, c.what, err, rate(), c.want)
		}
	}
	for _, c := range []struct {
		what string
		n    int64
	}{{"nobody", 1}, {"web", -1}, {"web", Most + 1}} {
		if err := Offer(s.World, s.Region, c.what, c.n); err == nil {
			t.Errorf("%d to %s are offered", c.n, c.what)
		}
	}
}

func TestChangedRateKeepsTheFractionOfARequest(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{}, "i-a1")
	for range 1000 {
		for _, n := range []int64{3, 10} {
			if err := Offer(s.World, s.Region, "web", n); err != nil {
				t.Fatal(err)
			}
			s.Advance(50 * time.Millisecond)
		}
	}
	if c := s.sum(); c.Offered != 650 {
		t.Errorf("%d requests, want 1,000 times 0.15 and 0.5", c.Offered)
	}
}

func TestAskingChangesNothing(t *testing.T) {
	play := func(ask bool) []Figure {
		s := newStage(t)
		s.set(s.group, "slow_start.duration_seconds", "30")
		s.healthy(world.Answer{Took: 700 * time.Millisecond}, "i-a1", "i-a2")
		s.open(world.Answer{}, "i-b1")
		s.register("i-b1")
		for n := range 600 {
			if ask {
				Figures(s.World)
			}
			if n == 333 {
				s.close("i-a1")
			}
			s.Advance(333 * time.Millisecond)
		}
		return Figures(s.World)
	}
	if asked, quiet := play(true), play(false); !reflect.DeepEqual(asked, quiet) {
		t.Errorf("%+v\n%+v", asked, quiet)
	}
}

func TestSavedAndLoadedWorldHasTheSameFigures(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{Took: 3 * time.Second}, "i-a1", "i-a2")
	s.Advance(time.Minute)
	s.close("i-a1")
	s.Advance(7 * time.Second)
	fork, err := s.Fork()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []*world.World{s.World, fork} {
		w.Advance(10 * time.Minute)
	}
	if a, b := Figures(s.World), Figures(fork); !reflect.DeepEqual(a, b) || a[0].Failed() == 0 {
		t.Errorf("%+v\n%+v", a, b)
	}
}

func TestFailuresAreCountedByServiceAndLoadBalancer(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{}, "i-a1")
	s.serve("api", world.ServiceBalancer{Group: s.split(1, 1)})
	s.complete("api")
	s.Advance(10 * time.Second)
	for what, want := range map[string]int64{"": 50, "api": 50, "web": 0, "public": 50, s.listener: 50} {
		if n, err := Failed(s.World, s.Region, what); err != nil || n != want {
			t.Errorf("%q: %d, %v, want %d", what, n, err, want)
		}
	}
	if _, err := Failed(s.World, s.Region, "nobody"); err == nil {
		t.Error("nobody's requests are counted")
	}
}

func TestOldStretchesOfFailuresAreForgottenAndStillCounted(t *testing.T) {
	s := newStage(t)
	s.healthy(world.Answer{}, "i-a1")
	for range 120 {
		s.open(world.Answer{Status: 500}, "i-a1")
		s.Advance(time.Second)
		s.open(world.Answer{}, "i-a1")
		s.Advance(20 * time.Second)
	}
	f := Figures(s.World)[0]
	if len(f.Failures) != mostFailures || f.Errors != 1200 || f.Seconds < 120 || f.Seconds > 240 || !f.First.Before(f.Failures[0].From) {
		t.Errorf("%d stretches, %d failures in %d seconds", len(f.Failures), f.Errors, f.Seconds)
	}
}
