package ecs

import (
	"strconv"
	"testing"
	"time"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

func TestAgentThatIsCutOffReconnectsAndKeepsItsTasks(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(4))
	s.steady("api")
	ci := s.instances()[0]
	i, _ := s.Region.EC2.Instances.Get(ci.EC2ID)
	ec2.Cut(s.World, s.Region, i)
	s.Settle()
	s.equal([]any{ci.AgentConnected, len(ci.Tasks)}, "[false 2]")
	ec2.Reconnect(s.World, s.Region, i)
	s.Advance(30 * time.Second)
	s.equal([]any{ci.AgentConnected, len(ci.Tasks)}, "[true 2]")
	s.equal(len(s.list(halted)), 0)
}

func TestInstanceThatLostItsPowerComesBackWithoutItsTasks(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(4))
	s.steady("api")
	ci := s.instances()[0]
	i, _ := s.Region.EC2.Instances.Get(ci.EC2ID)
	ec2.Cut(s.World, s.Region, i)
	ec2.Restart(s.World, s.Region, i)
	s.Settle()
	s.equal([]any{ci.AgentConnected, len(ci.Tasks), len(s.list(halted))}, "[false 0 2]")
	s.Advance(2 * time.Minute)
	s.equal([]any{ci.AgentConnected, len(s.instances())}, "[true 2]")
	s.steady("api")
}

// ECS developer guide, "Amazon ECS container instance draining", Spot Instances.
func TestSpotInstanceDrainsOnItsWarningIfItsAgentIsToldTo(t *testing.T) {
	for told, status := range map[string]string{"true": draining, "false": active} { // unordered: each is a world of its own
		s := newStage(t)
		s.cluster()
		s.group("nodes", 1, shop+"echo ECS_ENABLE_SPOT_INSTANCE_DRAINING="+told+" >> /etc/ecs/ecs.config\n")
		ci := s.instances()[0]
		i, _ := s.Region.EC2.Instances.Get(ci.EC2ID)
		s.Schedule(0, world.Event{Kind: ec2.SpotWarned, Region: s.Region.Name, ID: i.ID, Arg: strconv.Itoa(i.Run)})
		s.Settle()
		if ci.Status != status {
			t.Errorf("told %s it is %s, want %s", told, ci.Status, status)
		}
	}
}
