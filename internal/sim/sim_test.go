package sim_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"berth/internal/sim"
	"berth/internal/sim/world"
)

// text is a trace as text.
func text(t testing.TB, trace *world.Trace) string {
	t.Helper()
	var b strings.Builder
	if err := trace.Print(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// life builds a site in a new world and takes down what it can, and gives everything that was seen of it.
func life(t *testing.T, seed uint64) string {
	t.Helper()
	s, c := embedded(seed)
	trace := s.Record()
	build(t, s, c)
	ids := c.instances(t)
	must[*ec2.TerminateInstancesOutput](t)(c.ec2.TerminateInstances(ctx(), &ec2.TerminateInstancesInput{InstanceIds: ids[:1]}))
	if err := s.Sleep(ctx(), 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	return text(t, trace) + fmt.Sprint(c.instances(t))
}

func TestSameSeedAndCallsGiveTheSameTrace(t *testing.T) {
	once, twice := life(t, 1), life(t, 1)
	differ(t, "two runs of seed 1", once, twice)
	if other := life(t, 2); other == once {
		t.Error("seeds 1 and 2 give the same trace")
	}
	for _, line := range []string{"call  ec2.CreateVpc ", "event ec2.nat-settled nat-", "draw  ec2.nat-create nat-", "event iam.service-used"} {
		if !strings.Contains(once, line) {
			t.Errorf("the trace has no line with %q", line)
		}
	}
}

// storm makes the same calls in bad weather, whatever comes of them.
func storm(t *testing.T, seed uint64) string {
	t.Helper()
	s, c := embedded(seed)
	s.With(func(w *world.World) {
		w.Weather = world.Weather{Throttle: 0.1, Break: 0.1, LoseRequest: 0.1, LoseAnswer: 0.1, Stale: 0.3}
	})
	trace := s.Record()
	order := rand.New(rand.NewPCG(7, 7))
	var seen strings.Builder
	for i := range 150 {
		var err error
		switch order.IntN(4) {
		case 0:
			_, err = c.createVPC()
		case 1:
			var out *ec2.DescribeVpcsOutput
			if out, err = c.ec2.DescribeVpcs(ctx(), &ec2.DescribeVpcsInput{}); err == nil {
				fmt.Fprintln(&seen, "vpcs", len(out.Vpcs))
			}
		case 2:
			_, err = c.iam.CreateRole(ctx(), &iam.CreateRoleInput{RoleName: aws.String(fmt.Sprint("r", i)), AssumeRolePolicyDocument: aws.String(`{}`)})
		case 3:
			err = s.Sleep(ctx(), time.Duration(order.IntN(9))*time.Second)
		}
		fmt.Fprintln(&seen, i, err)
	}
	return text(t, trace) + seen.String()
}

func TestBadWeatherIsTheSameTwice(t *testing.T) {
	once, twice := storm(t, 1), storm(t, 1)
	differ(t, "two storms of seed 1", once, twice)
	if other := storm(t, 2); other == once {
		t.Error("the storms of seeds 1 and 2 are the same")
	}
}

func TestForkGoesItsOwnWay(t *testing.T) {
	s, c := embedded(1)
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	fork := must[*sim.Sim](t)(s.Fork())
	other := inside(fork)
	must[*ec2.CreateVpcOutput](t)(other.createVPC())
	if err := fork.Sleep(ctx(), time.Hour); err != nil {
		t.Fatal(err)
	}
	if here, there := c.vpcs(t), other.vpcs(t); here != 1 || there != 2 {
		t.Errorf("%d VPCs here and %d in the fork, want 1 and 2", here, there)
	}
	if !s.Now().Equal(world.Epoch()) || !fork.Now().Equal(world.Epoch().Add(time.Hour)) {
		t.Errorf("it is %v here and %v in the fork", s.Now(), fork.Now())
	}
}

func TestForksOfOneWorldDoTheSame(t *testing.T) {
	s, c := embedded(1)
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	var ids []string
	for range 2 {
		fork := inside(must[*sim.Sim](t)(s.Fork()))
		ids = append(ids, *must[*ec2.CreateVpcOutput](t)(fork.createVPC()).Vpc.VpcId)
	}
	if ids[0] != ids[1] {
		t.Errorf("two forks made %v", ids)
	}
}

func TestSleepIsRefusedWhenTheContextIsOver(t *testing.T) {
	s, _ := embedded(1)
	over, cancel := context.WithCancel(ctx())
	cancel()
	if err := s.Sleep(over, time.Hour); !errors.Is(err, context.Canceled) || !s.Now().Equal(world.Epoch()) {
		t.Errorf("Sleep = %v at %v", err, s.Now())
	}
}

func TestSleepThatCannotWriteTheStateMovesNoTime(t *testing.T) {
	s, c := embedded(1)
	full := errors.New("disk full")
	s.KeepAt(func([]byte) error { return full })
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	if err := s.Sleep(ctx(), time.Hour); !errors.Is(err, full) || !s.Now().Equal(world.Epoch()) {
		t.Errorf("Sleep = %v at %v", err, s.Now())
	}
	_, err := c.ec2.DescribeVpcs(ctx(), &ec2.DescribeVpcsInput{})
	if codeOf(err) != "InternalFailure" || !strings.Contains(err.Error(), full.Error()) {
		t.Errorf("a read that cannot save = %v", err)
	}
	kept := 0
	s.KeepAt(func([]byte) error { kept++; return nil })
	c.vpcs(t)
	if kept != 1 {
		t.Errorf("the state was written %d times once it could be, want 1", kept)
	}
}

func TestWhatACallMakesDueHasHappenedWhenItAnswers(t *testing.T) {
	s, c := embedded(1)
	build(t, s, c)
	victim := c.instances(t)[0]
	trace := s.Record()
	must[*ec2.TerminateInstancesOutput](t)(c.ec2.TerminateInstances(ctx(), &ec2.TerminateInstancesInput{InstanceIds: []string{victim}}))
	if got := text(t, trace); !strings.Contains(got, "event ec2.instance-shutting-down "+victim) {
		t.Errorf("the call answered before anybody heard of it:\n%s", got)
	}
}

func TestTraceHoldsInputsAndCodesButNoRequests(t *testing.T) {
	s, c := embedded(1)
	trace := s.Record()
	_, err := c.ecs.DescribeContainerInstances(ctx(), &ecs.DescribeContainerInstancesInput{
		Cluster: aws.String("none"), ContainerInstances: []string{"x"},
	})
	refused(t, err, "ClusterNotFoundException")
	_, err = c.s3.PutObject(ctx(), &s3.PutObjectInput{Bucket: aws.String("none"), Key: aws.String("k"), Body: strings.NewReader("a secret")})
	refused(t, err, "NoSuchBucket")
	want := `2026-11-02T09:00:00Z call  ecs.DescribeContainerInstances ClusterNotFoundException {"ContainerInstances":["x"],"Cluster":"none"} 0s`
	lines := strings.Split(text(t, trace), "\n")
	if lines[0] != want {
		t.Errorf("got  %s\nwant %s", lines[0], want)
	}
	if !strings.Contains(lines[1], `s3.PutObject NoSuchBucket {"Bucket":"none",`) || strings.Contains(lines[1], "secret") {
		t.Errorf("the second line is %s", lines[1])
	}
}

func TestRegionIsTheOneTheRequestIsSignedFor(t *testing.T) {
	s, c := embedded(1)
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	s.With(func(w *world.World) {
		var names []string
		for name, r := range w.Regions.All() {
			names = append(names, fmt.Sprint(name, " ", r.EC2.VPCs.Len()))
		}
		if want := []string{"eu-west-1 1"}; !slices.Equal(names, want) {
			t.Errorf("regions %v, want %v", names, want)
		}
	})
}

func TestUnsignedRequestsGoToTheDefaultRegion(t *testing.T) {
	s, _ := embedded(1)
	answer := must[*http.Response](t)(s.Client().Get("http://localhost/?Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0/16"))
	if answer.StatusCode != http.StatusOK {
		t.Errorf("status %d", answer.StatusCode)
	}
	s.With(func(w *world.World) {
		if n := w.Region(sim.DefaultRegion).EC2.VPCs.Len(); n != 1 {
			t.Errorf("%d VPCs in %s", n, sim.DefaultRegion)
		}
	})
}

// differ shows the first line in which two texts differ.
func differ(t *testing.T, what, a, b string) {
	t.Helper()
	if a == b {
		return
	}
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			t.Errorf("%s differ in line %d:\n%s\n%s", what, i+1, as[i], bs[i])
			return
		}
	}
	t.Errorf("%s differ in length: %d and %d lines", what, len(as), len(bs))
}
