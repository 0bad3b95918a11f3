package sim_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/sim/world"
)

// hand is a clock that somebody moves by hand.
type hand struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hand) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hand) Sleep(context.Context, time.Duration) error {
	return errors.New("nobody sleeps by this clock")
}

func (h *hand) move(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func newHand() *hand { return &hand{now: time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC)} }

func TestFollowedWorldKeepsStepWithTheClock(t *testing.T) {
	s, c := embedded(1)
	build(t, s, c)
	start, h := s.Now(), newHand()
	s.Follow(h)
	if !s.Now().Equal(start) {
		t.Errorf("following moved the time to %v", s.Now())
	}
	must[*ec2.TerminateInstancesOutput](t)(c.ec2.TerminateInstances(ctx(), &ec2.TerminateInstancesInput{InstanceIds: c.instances(t)}))
	h.move(time.Minute)
	if states := c.states(t); states["terminated"] != 2 {
		t.Errorf("a minute after termination: %v", states)
	}
	if want := start.Add(time.Minute); !s.Now().Equal(want) {
		t.Errorf("it is %v, want %v", s.Now(), want)
	}
	h.move(-time.Hour)
	if want := start.Add(time.Minute); !s.Now().Equal(want) {
		t.Errorf("a clock set back set the world back to %v, want %v", s.Now(), want)
	}
}

// states counts the instances that a client sees by their states.
func (c cloud) states(t *testing.T) map[string]int {
	t.Helper()
	states := map[string]int{}
	out := must[*ec2.DescribeInstancesOutput](t)(c.ec2.DescribeInstances(ctx(), &ec2.DescribeInstancesInput{}))
	for _, r := range out.Reservations {
		for _, i := range r.Instances {
			states[string(i.State.Name)]++
		}
	}
	return states
}

func TestSleepPutsAFollowedWorldAheadOfItsClock(t *testing.T) {
	s, _ := embedded(1)
	h := newHand()
	s.Follow(h)
	h.move(time.Minute)
	if err := errors.Join(s.Sleep(ctx(), time.Hour), s.Sleep(ctx(), -time.Hour)); err != nil {
		t.Fatal(err)
	}
	h.move(time.Second)
	if want := world.Epoch().Add(time.Hour + time.Minute + time.Second); !s.Now().Equal(want) {
		t.Errorf("it is %v, want %v", s.Now(), want)
	}
}

func TestHaltedWorldStaysWhereItIs(t *testing.T) {
	s, _ := embedded(1)
	h := newHand()
	s.Follow(h)
	h.move(time.Minute)
	s.Halt()
	h.move(time.Hour)
	if want := world.Epoch().Add(time.Minute); !s.Now().Equal(want) {
		t.Errorf("it is %v, want %v", s.Now(), want)
	}
	s.Follow(h)
	h.move(time.Second)
	if want := world.Epoch().Add(time.Minute + time.Second); !s.Now().Equal(want) {
		t.Errorf("following again it is %v, want %v", s.Now(), want)
	}
}

// kept counts how often the state was written, and can refuse it.
type kept struct {
	times int
	err   error
}

func (k *kept) keep([]byte) error {
	k.times++
	return k.err
}

func TestServedStateIsWrittenByFlushOnly(t *testing.T) {
	s, c := embedded(1)
	k, h := &kept{}, newHand()
	s.KeepAt(k.keep)
	s.Follow(h)
	flush := func(why string, times int) {
		t.Helper()
		err := s.Flush()
		if !errors.Is(err, k.err) || k.times != times {
			t.Errorf("%s: written %d times, want %d: %v", why, k.times, times, err)
		}
	}
	flush("nothing happened", 0)
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	c.vpcs(t)
	if k.times != 0 {
		t.Error("a read wrote the state")
	}
	flush("a VPC was made", 1)
	flush("nothing happened since", 1)
	h.move(time.Minute)
	c.vpcs(t)
	flush("the VPC became available", 2)
	h.move(time.Minute)
	c.vpcs(t)
	flush("only time went by", 2)
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	k.err = errors.New("disk full")
	flush("the disk is full", 3)
	flush("the disk is still full", 4)
	k.err = nil
	flush("there is room again", 5)
	s.Halt()
	flush("the end", 6)
}

func TestFlushWithoutAFolderDoesNothing(t *testing.T) {
	s, c := embedded(1)
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if err := s.Flush(); err != nil {
		t.Error(err)
	}
}
