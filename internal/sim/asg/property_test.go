package asg

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"pgregory.net/rapid"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// ids are the group's members, in order.
func (s *stage) ids() []string {
	var out []string
	for id := range s.row().Members.All() {
		out = append(out, id)
	}
	return out
}

// TestLivenessGroupSettlesWhateverHappensToIt throws changes and losses at a group, at any moment, and then leaves it
// alone: it must reach its desired capacity, even over its zones, and then rest.
func TestLivenessGroupSettlesWhateverHappensToIt(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStage(t)
		_, err := CreateAutoScalingGroup(s.Call, s.input(int32(rapid.IntRange(0, 6).Draw(rt, "start"))))
		must(s, 0, err)
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			s.disturb(rt)
			s.Advance(time.Duration(rapid.IntRange(0, 90).Draw(rt, "seconds")) * time.Second)
			if n := (group{s.row(), s.World, s.Region}).capacity(); n > 11 {
				rt.Fatalf("%d instances, at most 10 and one for balancing", n)
			}
		}
		s.Advance(time.Minute)
		for m := range s.row().Members.Rows() {
			if m.State == "Standby" {
				must(s, 0, s.kill(m.ID, false))
			}
		}
		s.Advance(6 * time.Hour)
		g := group{s.row(), s.World, s.Region}
		if len(g.serving()) != g.Desired || g.Members.Len() != g.Desired {
			rt.Fatalf("%s, desired %d", s.states(), g.Desired)
		}
		n := g.counts()
		if d := n["eu-west-1a"] - n["eu-west-1b"]; d < -1 || d > 1 {
			rt.Fatalf("lopsided: %s", s.zones())
		}
		if at, ok := s.NextEvent(); ok {
			rt.Fatalf("something is still to happen, in %v", at.Sub(s.Now()))
		}
		for i := range s.Region.EC2.Instances.Rows() {
			if !slices.Contains(s.ids(), i.ID) && i.Owner != "" {
				rt.Fatalf("%s runs outside of its group", i.ID)
			}
		}
	})
}

// anyHook puts a hook onto the group.
func (s *stage) anyHook(rt *rapid.T) {
	hook := rapid.SampledFrom([]string{Launching, Terminating}).Draw(rt, "transition")
	result := rapid.SampledFrom([]string{Continue, Abandon}).Draw(rt, "result")
	if hook == Launching {
		result = Continue // a hook that abandons every launch lets no group settle
	}
	s.hook(hook[12:], hook, result, 30)
}

// takeAll attaches all instances that no group has; the error is that of the last one.
func (s *stage) takeAll() (err error) {
	for i := range s.Region.EC2.Instances.Rows() {
		if i.Owner == "" {
			err = s.take(i.ID)
		}
	}
	return err
}

// disturb does one thing to the group; that the group refuses it is fine.
func (s *stage) disturb(rt *rapid.T) {
	name := aws.String("web")
	ids := s.ids()
	kind := rapid.IntRange(0, 10).Draw(rt, "kind")
	if len(ids) == 0 {
		kind = 0
	}
	pick := ""
	if len(ids) > 0 {
		pick = rapid.SampledFrom(ids).Draw(rt, "id")
	}
	var err error
	switch kind {
	case 0:
		_, err = SetDesiredCapacity(s.Call, &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: name, DesiredCapacity: aws.Int32(int32(rapid.IntRange(0, 10).Draw(rt, "desired")))})
	case 1:
		ec2.Terminate(s.World, s.Region, pick)
	case 2:
		err = s.kill(pick, rapid.Bool().Draw(rt, "decrement"))
	case 3:
		_, err = SetInstanceHealth(s.Call, &autoscaling.SetInstanceHealthInput{InstanceId: aws.String(pick), HealthStatus: aws.String("Unhealthy")})
	case 4:
		ec2.Stop(s.World, s.Region, pick)
	case 5:
		s.anyHook(rt)
	case 6:
		s.Region.EC2.Shortages = []world.Shortage{{Zone: "eu-west-1a", Until: s.Now().Add(10 * time.Minute)}}
	case 7:
		err = s.enter(rapid.Bool().Draw(rt, "decrement"), pick)
	case 8:
		err = s.exit(pick)
	case 9:
		err = s.remove(rapid.Bool().Draw(rt, "decrement"), pick)
	case 10:
		err = s.takeAll()
	}
	if err != nil {
		rt.Logf("refused: %v", err)
	}
}
