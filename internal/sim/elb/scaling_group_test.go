package elb

import (
	"testing"
	"time"

	"berth/internal/sim/world"
)

// scale makes an Auto Scaling group of both instances that feeds a target group and a classic load balancer.
func scale(s *stage) (group string) {
	s.t.Helper()
	g := s.served()
	ok(s, CreateClassicLoadBalancer, classicInput("old"))
	row := &world.ScalingGroup{Name: "workers", Sources: []world.TrafficSource{{ID: g, Type: "elbv2"}, {ID: "old", Type: "elb"}}}
	for _, id := range []string{instanceA, instanceB} {
		row.Members.Put(id, &world.GroupMember{ID: id})
	}
	s.Region.AutoScaling.Groups.Put(row.Name, row)
	for _, id := range []string{instanceA, instanceB} {
		s.Schedule(0, world.Event{Kind: "asg.instance-in-service", Region: s.Region.Name, ID: id, Arg: row.Name})
	}
	s.Advance(time.Second)
	return g
}

func classicTargets(s *stage) int {
	b, _ := s.Region.Balancing.Classics.Get("old")
	return b.Targets.Len()
}

func TestInstanceInServiceIsRegisteredEverywhere(t *testing.T) {
	s := newStage(t)
	g := scale(s)
	s.isHealth(g, instanceA, "initial", "Elb.RegistrationInProgress")
	s.isHealth(g, instanceB, "initial", "Elb.RegistrationInProgress")
	if n := classicTargets(s); n != 2 {
		t.Errorf("%d instances behind the classic load balancer", n)
	}
}

func TestLeavingInstanceDrainsEverywhere(t *testing.T) {
	s := newStage(t)
	g := scale(s)
	s.Schedule(0, world.Event{Kind: "asg.instance-leaving", Region: s.Region.Name, ID: instanceA, Arg: "workers"})
	s.Advance(time.Second)
	s.isHealth(g, instanceA, "draining", "Target.DeregistrationInProgress")
	s.isHealth(g, instanceB, "initial", "Elb.RegistrationInProgress")
	if n := classicTargets(s); n != 1 {
		t.Errorf("%d instances behind the classic load balancer", n)
	}
}

func TestDetachedSourceLosesAllInstancesOfTheGroup(t *testing.T) {
	s := newStage(t)
	g := scale(s)
	s.Schedule(0, world.Event{Kind: "asg.source-detached", Region: s.Region.Name, ID: "workers", Arg: "old"})
	s.Advance(time.Second)
	if n := classicTargets(s); n != 0 {
		t.Errorf("%d instances behind the detached load balancer", n)
	}
	s.isHealth(g, instanceA, "initial", "Elb.RegistrationInProgress")
}

func TestSourceThatIsBeingRemovedGetsNoInstances(t *testing.T) {
	s := newStage(t)
	scale(s)
	row, _ := s.Region.AutoScaling.Groups.Get("workers")
	row.Sources[1].State = "Removing"
	s.addInstance("i-new", subnetA)
	s.Schedule(0, world.Event{Kind: "asg.instance-in-service", Region: s.Region.Name, ID: "i-new", Arg: "workers"})
	s.Advance(time.Second)
	if n := classicTargets(s); n != 2 {
		t.Errorf("%d instances behind the load balancer, want 2", n)
	}
}

func TestUnhealthyInstanceIsReportedToItsGroup(t *testing.T) {
	s := newStage(t)
	scale(s)
	Open(s.World, s.Region, instanceB, 80, world.Answer{})
	Open(s.World, s.Region, instanceB, 8080, world.Answer{})
	s.seen = nil
	s.Advance(20 * time.Minute)
	reports := map[string]int{}
	for _, e := range s.seen {
		if e.Kind == "asg.instance-unhealthy" {
			reports[e.ID+" of "+e.Arg]++
		}
	}
	if len(reports) != 1 || reports[instanceA+" of workers"] != 2 { // once for each source
		t.Errorf("reports %v", reports)
	}
}

func TestEventsOfUnknownGroupsAreIgnored(t *testing.T) {
	s := newStage(t)
	for _, kind := range []world.Kind{"asg.instance-in-service", "asg.instance-leaving", "asg.source-detached"} {
		s.Schedule(0, world.Event{Kind: kind, Region: s.Region.Name, ID: "none", Arg: "none"})
	}
	s.Advance(time.Second)
}
