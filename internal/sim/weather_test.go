package sim_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"berth/internal/sim"
	"berth/internal/sim/world"
)

func setWeather(s *sim.Sim, f world.Weather) { s.With(func(w *world.World) { w.Weather = f }) }

func TestFaultsHaveTheirEffectOrNot(t *testing.T) {
	for _, f := range []struct {
		name    string
		weather world.Weather
		code    string // empty: no answer arrives
		effect  int
	}{
		{"throttled", world.Weather{Throttle: 1}, "RequestLimitExceeded", 0},
		{"broken", world.Weather{Break: 1}, "InternalError", 0},
		{"lost request", world.Weather{LoseRequest: 1}, "", 0},
		{"lost answer", world.Weather{LoseAnswer: 1}, "", 1},
	} {
		s, c := embedded(1)
		setWeather(s, f.weather)
		_, err := c.createVPC()
		if f.code != "" {
			refused(t, err, f.code)
		} else if !errors.Is(err, io.ErrUnexpectedEOF) || codeOf(err) != "" {
			t.Errorf("%s: %v, want a connection that is cut", f.name, err)
		}
		setWeather(s, world.Weather{})
		if got := c.vpcs(t); got != f.effect {
			t.Errorf("%s: %d VPCs afterwards, want %d", f.name, got, f.effect)
		}
	}
}

func TestThrottleOfEveryServiceIsAThrottleToTheSDK(t *testing.T) {
	for name, call := range callsOfAll() {
		s, c := embedded(1)
		setWeather(s, world.Weather{Throttle: 1})
		err := call(c)
		if code := codeOf(err); !throttles[code] {
			t.Errorf("%s: %q is no throttle to the SDK (%v)", name, code, err)
		}
	}
}

// throttles are the codes that the SDK's retryer takes for throttles (aws/retry, DefaultThrottleErrorCodes).
var throttles = map[string]bool{
	"Throttling": true, "ThrottlingException": true, "RequestLimitExceeded": true, "SlowDown": true, "TooManyRequestsException": true,
}

func callsOfAll() map[string]func(cloud) error {
	return map[string]func(cloud) error{
		"ec2": func(c cloud) error { _, err := c.createVPC(); return err },
		"asg": func(c cloud) error { _, err := c.asg.DescribeAutoScalingGroups(ctx(), nil); return err },
		"elb": func(c cloud) error { _, err := c.elb.DescribeLoadBalancers(ctx(), nil); return err },
		"ecs": func(c cloud) error { _, err := c.ecs.ListClusters(ctx(), nil); return err },
		"iam": func(c cloud) error { _, err := c.iam.ListRoles(ctx(), nil); return err },
		"s3":  func(c cloud) error { _, err := c.s3.ListBuckets(ctx(), nil); return err },
		"ssm": func(c cloud) error { _, err := c.ssm.DescribeParameters(ctx(), nil); return err },
		"sts": func(c cloud) error { _, err := c.sts.GetCallerIdentity(ctx(), nil); return err },
	}
}

func TestServicesAnswerInFineWeather(t *testing.T) {
	_, c := embedded(1)
	for name, call := range callsOfAll() {
		if err := call(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStaleReadSeesThePastForAWhile(t *testing.T) {
	s, c := embedded(1)
	setWeather(s, world.Weather{Stale: 1})
	if got := c.vpcs(t); got != 0 {
		t.Errorf("%d VPCs before there was any", got)
	}
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if got := c.vpcs(t); got != 0 {
		t.Errorf("right after CreateVpc a stale read sees %d VPCs, want 0", got)
	}
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	seen := map[int]bool{}
	for range 50 {
		seen[c.vpcs(t)] = true
	}
	if !seen[0] || !seen[1] || seen[2] {
		t.Errorf("stale reads saw %v, want 0 and 1", seen)
	}
	if err := s.Sleep(ctx(), world.Staleness+time.Second); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if got := c.vpcs(t); got != 2 {
			t.Errorf("old news is told %v later: %d VPCs", world.Staleness, got)
		}
	}
}

func TestStaleReadChangesNothing(t *testing.T) {
	s, c := embedded(1)
	setWeather(s, world.Weather{Stale: 1})
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	c.vpcs(t)
	setWeather(s, world.Weather{})
	if got := c.vpcs(t); got != 1 {
		t.Errorf("%d VPCs after a stale read, want 1", got)
	}
}

func TestS3IsNeverStale(t *testing.T) {
	s, c := embedded(1)
	setWeather(s, world.Weather{Stale: 1})
	must[*s3.CreateBucketOutput](t)(c.s3.CreateBucket(ctx(), locatedBucket("bucket")))
	must[*s3.HeadBucketOutput](t)(c.s3.HeadBucket(ctx(), &s3.HeadBucketInput{Bucket: aws.String("bucket")}))
	must[*iam.CreateRoleOutput](t)(c.iam.CreateRole(ctx(), &iam.CreateRoleInput{
		RoleName:                 aws.String("r"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	}))
	_, err := c.iam.GetRole(ctx(), &iam.GetRoleInput{RoleName: aws.String("r")})
	refused(t, err, "NoSuchEntity") // IAM is stale
}

func TestLostAnswerOfAReadIsOnlyLost(t *testing.T) {
	s, c := embedded(1)
	setWeather(s, world.Weather{LoseAnswer: 1})
	if _, err := c.ec2.DescribeVpcs(ctx(), &ec2.DescribeVpcsInput{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("DescribeVpcs = %v", err)
	}
	setWeather(s, world.Weather{})
	c.vpcs(t) // the next call is not cut
}

func TestFineWeatherThrowsNoDice(t *testing.T) {
	s, c := embedded(1)
	for range 3 {
		c.vpcs(t)
	}
	s.With(func(w *world.World) {
		for die := range w.Counts {
			if die != "request" {
				t.Errorf("a die called %q was thrown", die)
			}
		}
	})
}

func TestEveryFaultComesThroughTheSDK(t *testing.T) {
	s, c := embedded(1)
	setWeather(s, world.Weather{Throttle: 0.2, Break: 0.2, LoseRequest: 0.2, LoseAnswer: 0.2})
	seen := map[string]int{}
	for range 100 {
		_, err := c.ec2.DescribeVpcs(ctx(), &ec2.DescribeVpcsInput{})
		seen[fmt.Sprint(codeOf(err), " ", errors.Is(err, io.ErrUnexpectedEOF))]++
	}
	if seen[" false"] == 0 || seen[" true"] == 0 || seen["InternalError false"] == 0 || seen["RequestLimitExceeded false"] == 0 {
		t.Errorf("seen: %v", seen)
	}
}
