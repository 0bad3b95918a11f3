package cloud_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/cloud"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// stage is a simulated AWS, the way to it, and what was asked.
type stage struct {
	*testing.T
	sim   *sim.Sim
	cloud *cloud.Cloud
	seen  []cloud.Call
}

func newStage(t *testing.T, w world.Weather) *stage {
	s := &stage{T: t, sim: sim.New(world.New(1))}
	s.weather(w)
	s.cloud = cloud.Embedded(s.sim.Client(), "eu-west-1", cloud.Options{
		Clock: s.sim, Run: "run", Width: 1, Seen: func(c cloud.Call) { s.seen = append(s.seen, c) },
	})
	return s
}

func (s *stage) weather(w world.Weather) {
	s.sim.With(func(x *world.World) { x.Weather = w })
}

// way is Read, Write or Repeat, of one call that makes a VPC.
type way struct {
	name string
	make func(context.Context, *cloud.Cloud) error
}

func ways() []way {
	in := &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")}
	return []way{
		{"Read", func(ctx context.Context, c *cloud.Cloud) error {
			_, err := cloud.Read(ctx, c, c.EC2.CreateVpc, in)
			return err
		}},
		{"Write", func(ctx context.Context, c *cloud.Cloud) error {
			_, err := cloud.Write(ctx, c, c.EC2.CreateVpc, in)
			return err
		}},
		{"Repeat", func(ctx context.Context, c *cloud.Cloud) error {
			_, err := cloud.Repeat(ctx, c, c.EC2.CreateVpc, in)
			return err
		}},
	}
}

func TestCallsAreTriedAgainAsTheirKindAllows(t *testing.T) {
	for _, one := range []struct {
		name    string
		weather world.Weather
		is      func(error) bool
		write   int // attempts of Write; those of Read and Repeat are always 6
		made    int // VPCs that Write has made
	}{
		{"throttled", world.Weather{Throttle: 1}, cloud.Throttled, 6, 0},
		{"broken", world.Weather{Break: 1}, cloud.Lost, 1, 0},
		{"request lost", world.Weather{LoseRequest: 1}, cloud.Lost, 1, 0},
		{"answer lost", world.Weather{LoseAnswer: 1}, cloud.Lost, 1, 1},
	} {
		for _, w := range ways() {
			t.Run(one.name+" "+w.name, func(t *testing.T) {
				s := newStage(t, one.weather)
				err := w.make(t.Context(), s.cloud)
				want := 6
				if w.name == "Write" {
					want = one.write
				}
				if !one.is(err) || len(s.seen) != want {
					t.Errorf("%d attempts, want %d; the last says %v", len(s.seen), want, err)
				}
				if n := s.vpcs(); w.name == "Write" && n != one.made {
					t.Errorf("%d VPCs were made", n)
				}
			})
		}
	}
}

func (s *stage) vpcs() int {
	s.Helper()
	s.weather(world.Weather{})
	out, err := s.cloud.EC2.DescribeVpcs(s.Context(), &ec2.DescribeVpcsInput{})
	if err != nil {
		s.Fatal(err)
	}
	return len(out.Vpcs)
}

func TestOtherErrorsAreNotTriedAgain(t *testing.T) {
	s := newStage(t, world.Weather{})
	in := &ec2.DeleteVpcInput{VpcId: aws.String("vpc-0123456789abcdef0")}
	for range 2 {
		_, err := cloud.Repeat(t.Context(), s.cloud, s.cloud.EC2.DeleteVpc, in)
		if !cloud.Missing(err) {
			t.Fatal(err)
		}
	}
	if len(s.seen) != 2 || s.sim.Now() != world.Epoch() {
		t.Errorf("%d calls, and it is %v", len(s.seen), s.sim.Now())
	}
}

func TestCallThatSucceedsInTheEndIsMadeNoMore(t *testing.T) {
	s := newStage(t, world.Weather{Throttle: 1})
	s.cloud = cloud.Embedded(s.sim.Client(), "eu-west-1", cloud.Options{Clock: s.sim, Seen: func(c cloud.Call) {
		s.seen = append(s.seen, c)
		if c.Attempt == 3 {
			s.weather(world.Weather{})
		}
	}})
	if err := ways()[1].make(t.Context(), s.cloud); err != nil {
		t.Fatal(err)
	}
	if s.vpcs() != 1 || len(s.seen) != 5 || s.seen[3].Attempt != 4 || s.seen[3].Err != nil {
		t.Errorf("calls: %+v", s.seen)
	}
}

func TestConnectionThatCannotBeMadeIsGivenUpSoon(t *testing.T) {
	for _, w := range ways() {
		n, clock := 0, &record{}
		c := answering(func(*http.Request) (*http.Response, error) {
			n++
			return nil, refusedConnection()
		}, cloud.Options{Clock: clock})
		err := w.make(t.Context(), c)
		if !cloud.Unsent(err) || n != 3 || clock.total() > 3*time.Second {
			t.Errorf("%s: %d attempts in %v, then %v", w.name, n, clock.total(), err)
		}
	}
}

func TestBackoffGrowsWithinBoundsAndOnlyByTheClock(t *testing.T) {
	clock := &record{}
	c := answering(func(*http.Request) (*http.Response, error) {
		return framed("ec2", 503, "RequestLimitExceeded", "Request limit exceeded."), nil
	}, cloud.Options{Clock: clock})
	began := time.Now()
	for range 20 {
		if err := ways()[0].make(t.Context(), c); !cloud.Throttled(err) {
			t.Fatal(err)
		}
	}
	if real := time.Since(began); real > clock.total()/2 {
		t.Errorf("sleeps of %v took %v of real time", clock.total(), real)
	}
	for i, d := range clock.slept {
		floor := 500 * time.Millisecond << (i % 5)
		if d < floor || d >= floor*3/2 {
			t.Errorf("sleep %d is %v, want %v and up to half more", i%5+1, d, floor)
		}
		if i >= 5 && d == clock.slept[i-5] {
			t.Errorf("two calls wait for %v both", d)
		}
	}
}

func TestRunsWithTheSameCallsSleepTheSame(t *testing.T) {
	slept := func() []time.Duration {
		clock := &record{}
		c := answering(func(*http.Request) (*http.Response, error) {
			return framed("ec2", 500, "InternalError", ""), nil
		}, cloud.Options{Clock: clock, Run: fmt.Sprint(clock)})
		_ = ways()[0].make(t.Context(), c)
		return clock.slept
	}
	if a, b := slept(), slept(); !slices.Equal(a, b) || len(a) != 5 {
		t.Errorf("one sleeps %v, the other %v", a, b)
	}
}

func TestEndOfTheContextStopsACallBetweenAttempts(t *testing.T) {
	for _, w := range ways() {
		ctx, cancel := context.WithCancel(t.Context())
		n, clock := 0, &record{}
		clock.before = func() {
			if n == 2 {
				cancel()
			}
		}
		c := answering(func(*http.Request) (*http.Response, error) {
			n++
			return framed("ec2", 503, "RequestLimitExceeded", "Request limit exceeded."), nil
		}, cloud.Options{Clock: clock})
		err := w.make(ctx, c)
		if n != 2 || !errors.Is(err, context.Canceled) || !cloud.Throttled(err) {
			t.Errorf("%s: %d attempts, then %v", w.name, n, err)
		}
	}
}

func TestEndOfTheContextDuringACallIsItsLastAttempt(t *testing.T) {
	for _, w := range ways() {
		ctx, cancel := context.WithCancel(t.Context())
		n, clock := 0, &record{}
		c := answering(func(*http.Request) (*http.Response, error) {
			n++
			cancel()
			return framed("ec2", 503, "RequestLimitExceeded", "Request limit exceeded."), nil
		}, cloud.Options{Clock: clock})
		if err := w.make(ctx, c); n != 1 || err == nil || clock.total() > 0 {
			t.Errorf("%s: %d attempts, %v of sleep, then %v", w.name, n, clock.total(), err)
		}
	}
}

func TestBodyOfARepeatedWriteIsSentWholeAgain(t *testing.T) {
	text := strings.Repeat("lease ", 1000)
	s := newStage(t, world.Weather{})
	if _, err := s.cloud.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String("box"), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
	}); err != nil {
		t.Fatal(err)
	}
	for _, first := range []world.Weather{{Throttle: 1}, {Break: 1}, {LoseRequest: 1}, {LoseAnswer: 1}} {
		s.weather(first)
		s.cloud.Clock = &record{before: func() { s.weather(world.Weather{}) }}
		in := &s3.PutObjectInput{Bucket: aws.String("box"), Key: aws.String("key"), Body: strings.NewReader("not this " + text)}
		if _, err := in.Body.(io.Seeker).Seek(9, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if _, err := cloud.Repeat(t.Context(), s.cloud, s.cloud.S3.PutObject, in); err != nil {
			t.Fatal(err)
		}
		out, err := s.cloud.S3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: in.Bucket, Key: in.Key})
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(out.Body); err != nil || string(b) != text {
			t.Errorf("%+v: %d bytes arrived, want %d", first, len(b), len(text))
		}
	}
}

func TestGateIsAskedBeforeEveryAttemptToWrite(t *testing.T) {
	for _, w := range ways() {
		s := newStage(t, world.Weather{Throttle: 1})
		n := 0
		gate := func(context.Context) error { n++; return nil }
		if err := w.make(t.Context(), s.cloud.Fenced(gate)); !cloud.Throttled(err) {
			t.Fatal(err)
		}
		if want := map[string]int{"Read": 0, "Write": 6, "Repeat": 6}[w.name]; n != want {
			t.Errorf("%s: the gate was asked %d times, want %d", w.name, n, want)
		}
	}
}

func TestGateStopsWritesAlsoBetweenAttempts(t *testing.T) {
	shut := errors.New("shut")
	for _, w := range ways()[1:] {
		s := newStage(t, world.Weather{Throttle: 1})
		n := 0
		gate := func(context.Context) error {
			if n++; n > 2 {
				return shut
			}
			return nil
		}
		err := w.make(t.Context(), s.cloud.Fenced(gate))
		if !errors.Is(err, shut) || len(s.seen) != 2 {
			t.Errorf("%s: %d attempts, then %v", w.name, len(s.seen), err)
		}
		if err := w.make(t.Context(), s.cloud); !cloud.Throttled(err) {
			t.Errorf("%s: the way without the gate says %v", w.name, err)
		}
	}
}

func TestGatesAddUp(t *testing.T) {
	s := newStage(t, world.Weather{})
	var asked []string
	gate := func(name string, err error) func(context.Context) error {
		return func(context.Context) error { asked = append(asked, name); return err }
	}
	shut := errors.New("shut")
	c := s.cloud.Fenced(gate("outer", nil)).Fenced(gate("inner", shut))
	if err := ways()[1].make(t.Context(), c); !errors.Is(err, shut) || !slices.Equal(asked, []string{"outer", "inner"}) {
		t.Errorf("asked %v, then %v", asked, err)
	}
	if len(s.seen) != 0 {
		t.Errorf("calls: %v", s.seen)
	}
}

func TestTokenIsStableAndFitsEveryService(t *testing.T) {
	token := func(run, key string, attempt int) string { return (&cloud.Cloud{Run: run}).Token(key, attempt) }
	first := token("run", "nat_gateway.eu-west-1a", 1)
	if first != token("run", "nat_gateway.eu-west-1a", 1) {
		t.Error("the same create has two tokens")
	}
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(first) {
		t.Errorf("%q does not fit ECS", first)
	}
	seen := map[string]string{}
	for _, run := range []string{"run", "run2", ""} {
		for _, key := range []string{"a", "b", "2a", strings.Repeat("k", 500)} {
			for attempt := range 12 {
				name := fmt.Sprint(run, "/", key, "/", attempt)
				if other, ok := seen[token(run, key, attempt)]; ok {
					t.Errorf("%s and %s have the same token", name, other)
				}
				seen[token(run, key, attempt)] = name
			}
		}
	}
}
