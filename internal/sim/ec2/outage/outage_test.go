package outage

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"pgregory.net/rapid"

	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// stage is a world with a subnet in each of two zones.
type stage struct {
	*world.Call
	t       *testing.T
	subnets []string
	image   string
	heard   []string // events for the services above: "kind id"
	notices []world.Notice
}

func newStage(t *testing.T) *stage {
	t.Helper()
	w := world.New(1)
	s := &stage{Call: &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "ec2", RequestID: "r"}, t: t}
	all := ec2.Handlers()
	for _, k := range []world.Kind{ec2.InstanceUnreachable, ec2.InstanceReachable, ec2.InstanceImpaired, ec2.InstanceRestarted, ec2.SpotWarned, ec2.CapacityRestored, ec2.InstanceBooted} {
		all[k] = append(all[k], func(_ *world.World, e world.Event) { s.heard = append(s.heard, string(k)+" "+e.ID) })
	}
	maps.Copy(all, Handlers())
	all["iam.service-used"] = []func(*world.World, world.Event){func(*world.World, world.Event) {}}
	all[world.Emitted] = []func(*world.World, world.Event){func(_ *world.World, e world.Event) {
		var n world.Notice
		if err := json.Unmarshal([]byte(e.Arg), &n); err != nil {
			t.Error(err)
		}
		s.notices = append(s.notices, n)
	}}
	w.Attach(all, nil)
	vpc := call[awsec2.CreateVpcOutput](s, "CreateVpc", &awsec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")}).Vpc.VpcId
	s.Advance(5 * time.Second)
	for i, zone := range []string{"a", "b"} {
		out := call[awsec2.CreateSubnetOutput](s, "CreateSubnet", &awsec2.CreateSubnetInput{
			VpcId: vpc, CidrBlock: aws.String(fmt.Sprintf("10.0.%d.0/24", i)), AvailabilityZone: aws.String("eu-west-1" + zone),
		})
		s.subnets = append(s.subnets, *out.Subnet.SubnetId)
	}
	for i := range ec2.Images("eu-west-1", s.Now()) {
		s.image = i.ID
		break
	}
	return s
}

// call runs one of EC2's operations.
func call[O any](s *stage, operation string, in any) *O {
	s.t.Helper()
	out, err := ec2.Operations()[operation].Run(s.Call, in)
	if err != nil {
		s.t.Fatal(err)
	}
	return out.(*O)
}

// launch starts an instance in a zone, "a" or "b".
func (s *stage) launch(zone string, spot bool) (*world.Instance, error) {
	in := &awsec2.RunInstancesInput{
		ImageId: &s.image, InstanceType: "m5.large", MinCount: aws.Int32(1), MaxCount: aws.Int32(1), SubnetId: &s.subnets[slices.Index([]string{"a", "b"}, zone)],
	}
	if spot {
		in.InstanceMarketOptions = &types.InstanceMarketOptionsRequest{MarketType: types.MarketTypeSpot}
	}
	out, err := ec2.Operations()["RunInstances"].Run(s.Call, in)
	if err != nil {
		return nil, err
	}
	i, _ := s.Region.EC2.Instances.Get(*out.(*awsec2.RunInstancesOutput).Instances[0].InstanceId)
	return i, nil
}

// run launches an instance and gives it five minutes.
func (s *stage) run(zone string, spot bool) *world.Instance {
	s.t.Helper()
	i, err := s.launch(zone, spot)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Advance(5 * time.Minute)
	s.heard = nil
	return i
}

func (s *stage) plan(o world.Disruption, lasts time.Duration) string {
	s.t.Helper()
	id, err := Plan(s.World, s.Region, o, 0, lasts)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Settle()
	return id
}

// checks are an instance's state and its two status checks, as DescribeInstanceStatus has them: "running ok ok".
func (s *stage) checks(i *world.Instance) string {
	out := call[awsec2.DescribeInstanceStatusOutput](s, "DescribeInstanceStatus", &awsec2.DescribeInstanceStatusInput{
		InstanceIds: []string{i.ID}, IncludeAllInstances: aws.Bool(true),
	}).InstanceStatuses[0]
	return fmt.Sprint(out.InstanceState.Name, " ", out.SystemStatus.Status, " ", out.InstanceStatus.Status)
}

func (s *stage) equal(got, want any) {
	s.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("got %v, want %v", got, want)
	}
}

func TestZoneWithoutPowerIsDarkUntilItsInstancesBootAnew(t *testing.T) {
	s := newStage(t)
	dark, lit := s.run("a", false), s.run("b", false)
	s.plan(Power("eu-west-1a", false), 10*time.Minute)
	s.equal([]string{s.checks(dark), s.checks(lit)}, "[running impaired impaired running ok ok]")
	s.equal(s.heard, "[ec2.instance-unreachable "+dark.ID+" ec2.instance-impaired "+dark.ID+"]")
	if _, err := s.launch("a", false); code(err) != "InsufficientInstanceCapacity" {
		t.Errorf("a launch into the dark: %v", err)
	}
	s.heard = nil
	s.Advance(10 * time.Minute)
	s.equal(s.heard[:2], "[ec2.capacity-restored eu-west-1a ec2.instance-restarted "+dark.ID+"]")
	s.equal(s.checks(dark), "running initializing initializing")
	s.Advance(2 * time.Minute)
	s.equal(s.checks(dark), "running ok ok")
	s.equal(s.heard[2:], "[ec2.instance-booted "+dark.ID+"]")
	s.run("a", false)
}

func TestMachinesThatDoNotSurviveThePowerTakeTheirInstancesAlong(t *testing.T) {
	s := newStage(t)
	i := s.run("a", false)
	id := s.plan(Power("eu-west-1a", true), 0)
	s.Advance(time.Hour)
	s.equal(s.checks(i), "running impaired impaired")
	End(s.World, s.Region, id)
	s.Advance(5 * time.Minute)
	s.equal(s.checks(i), "terminated not-applicable not-applicable")
	s.equal(i.ReasonCode, "Server.InternalError")
}

func TestZoneWithoutNetworkKeepsItsInstancesRunning(t *testing.T) {
	s := newStage(t)
	i := s.run("a", false)
	run := i.Run
	s.plan(Network("eu-west-1a"), 10*time.Minute)
	s.equal(s.checks(i), "running impaired impaired")
	late := s.run("a", false)
	s.equal([]any{late.Unreachable, s.checks(late)}, "[true running impaired impaired]")
	s.Advance(5 * time.Minute)
	s.equal([]string{s.checks(i), s.checks(late)}, "[running ok ok running ok ok]")
	s.equal(s.heard, "[ec2.instance-reachable "+i.ID+" ec2.instance-reachable "+late.ID+"]")
	s.equal([]any{i.Run == run, i.Unreachable, late.Unreachable}, "[true false false]")
}

func TestInstanceUnderTwoOutagesIsReachedWhenBothAreOver(t *testing.T) {
	s := newStage(t)
	i := s.run("a", false)
	s.plan(Network("eu-west-1a"), 10*time.Minute)
	s.plan(Impaired(i.ID), 20*time.Minute)
	s.Advance(15 * time.Minute)
	s.equal(s.checks(i), "running impaired impaired")
	s.Advance(5 * time.Minute)
	s.equal([]any{s.checks(i), i.Unreachable}, "[running ok ok false]")
}

func TestCapacityIsShortFromBeginningToEnd(t *testing.T) {
	s := newStage(t)
	if _, err := Plan(s.World, s.Region, Capacity("", "m5.large", true), time.Minute, time.Hour); err != nil {
		t.Fatal(err)
	}
	s.run("a", true)
	if _, err := s.launch("a", true); code(err) != "InsufficientInstanceCapacity" || !strings.Contains(err.Error(), "no Spot capacity") {
		t.Errorf("a Spot launch: %v", err)
	}
	s.run("a", false)
	s.Advance(time.Hour)
	s.equal(s.heard, "[ec2.capacity-restored ]")
	s.equal(len(s.Region.EC2.Shortages), 0)
	s.run("a", true)
}

// EC2 user guide, "Spot Instance interruption notices".
func TestSpotInstanceIsWarnedTwoMinutesBeforeItIsTaken(t *testing.T) {
	s := newStage(t)
	s.Region.Events.Rules.Put("default/all", &world.EventRule{Name: "all", Bus: "default"})
	i, other := s.run("a", true), s.run("b", true)
	status := func(of *world.Instance) string {
		out := call[awsec2.DescribeSpotInstanceRequestsOutput](s, "DescribeSpotInstanceRequests", &awsec2.DescribeSpotInstanceRequestsInput{
			Filters: []types.Filter{{Name: aws.String("instance-id"), Values: []string{of.ID}}},
		}).SpotInstanceRequests
		return fmt.Sprint(len(out), " ", out[0].State, " ", *out[0].Status.Code)
	}
	s.equal(status(i), "1 active fulfilled")
	s.plan(Spot("", "eu-west-1a", ""), 0)
	s.equal(s.heard, "[ec2.spot-warned "+i.ID+"]")
	s.equal([]string{status(i), status(other)}, "[1 active marked-for-termination 1 active fulfilled]")
	s.Advance(time.Minute)
	kinds := map[string]int{}
	for _, n := range s.notices {
		kinds[n.DetailType]++
		if n.DetailType != "EC2 Spot Instance Interruption Warning" {
			continue
		}
		s.equal(fmt.Sprint(n.Source, n.Resources, n.Detail), fmt.Sprintf("aws.ec2[arn:aws:ec2:eu-west-1a:instance/%s] map[instance-action:terminate instance-id:%s]", i.ID, i.ID))
	}
	s.equal(fmt.Sprint(kinds["EC2 Spot Instance Interruption Warning"], kinds["EC2 Instance Rebalance Recommendation"]), "1 1")
	s.Advance(59 * time.Second)
	s.equal(i.State, "running")
	s.Advance(time.Second)
	s.equal([]string{i.State, i.ReasonCode, status(i)}, "[shutting-down Server.SpotInstanceTermination 1 closed instance-terminated-no-capacity]")
	s.equal(other.State, "running")
}

func TestWarningCostsNothingWhenNobodyListens(t *testing.T) {
	s := newStage(t)
	i := s.run("a", true)
	s.plan(Spot(i.ID, "", ""), 0)
	s.Advance(5 * time.Minute)
	s.equal([]any{len(s.notices), i.State}, "[0 terminated]")
}

func TestImageThatNeverBootsFailsTheInstancesOwnCheck(t *testing.T) {
	s := newStage(t)
	before := s.run("a", false)
	s.plan(DeadImage(s.image), time.Hour)
	i, err := s.launch("a", false)
	if err != nil {
		t.Fatal(err)
	}
	s.Advance(10 * time.Minute)
	s.equal([]string{s.checks(before), s.checks(i)}, "[running ok ok running ok impaired]")
	s.equal(s.heard, "[ec2.instance-impaired "+i.ID+"]")
	s.Advance(time.Hour)
	if s.equal(s.checks(s.run("a", false)), "running ok ok"); s.checks(i) != "running ok impaired" {
		t.Errorf("the instance booted after all: %s", s.checks(i))
	}
}

func TestMuteImageIsMuteFromBeginningToEnd(t *testing.T) {
	s := newStage(t)
	s.plan(SilentImage(s.image), time.Hour)
	s.equal(ec2.Mute(s.Region, s.image), true)
	s.Advance(time.Hour)
	s.equal(ec2.Mute(s.Region, s.image), false)
}

func TestLostInstanceTerminatesByItself(t *testing.T) {
	s := newStage(t)
	i := s.run("a", false)
	i.Protected = true
	s.plan(Terminated(i.ID), 0)
	s.Advance(2 * time.Minute)
	s.equal([]string{i.State, i.ReasonCode}, "[terminated Server.InternalError]")
}

func TestOutageEndedBeforeItBeginsNeverBegins(t *testing.T) {
	s := newStage(t)
	i := s.run("a", false)
	id, err := Plan(s.World, s.Region, Network("eu-west-1a"), time.Minute, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	End(s.World, s.Region, id)
	s.Advance(90 * time.Second)
	s.equal([]any{s.checks(i), len(s.heard)}, "[running ok ok 0]")
}

func TestOutageThatStrikesNothingIsRefused(t *testing.T) {
	s := newStage(t)
	for _, o := range []world.Disruption{
		Power("", false), Network("eu-west-1z"), Impaired("i-1"), Terminated(""), DeadImage(""), Capacity("us-east-1a", "", false), {Kind: "flood"},
	} {
		if _, err := Plan(s.World, s.Region, o, 0, 0); code(err) != "InvalidParameterValue" {
			t.Errorf("%+v: %v", o, err)
		}
	}
	s.equal(s.Region.EC2.Outages.Len(), 0)
}

func TestWorldWithAnOutageIsSavedAndGoesOnTheSameWay(t *testing.T) {
	s := newStage(t)
	s.run("a", false)
	spot := s.run("a", true)
	s.plan(Power("eu-west-1a", false), 3*time.Minute)
	s.plan(Spot(spot.ID, "", ""), 0)
	fork, err := s.Fork()
	if err != nil {
		t.Fatal(err)
	}
	s.Advance(10 * time.Minute)
	fork.Advance(10 * time.Minute)
	a, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	b, err := fork.Save()
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) {
		t.Error("the fork went another way")
	}
}

// code is a refusal's code, or empty.
func code(err error) string {
	if e, ok := errors.AsType[*wire.Error](err); ok {
		return e.Code
	}
	return ""
}

// TestLivenessEverythingIsWellAgainOnceAllOutagesAreOver lets outages overlap in any way.
func TestLivenessEverythingIsWellAgainOnceAllOutagesAreOver(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStage(t)
		all := []*world.Instance{s.run("a", false), s.run("b", false)}
		for range rapid.IntRange(1, 5).Draw(rt, "outages") {
			zone := rapid.SampledFrom([]string{"eu-west-1a", "eu-west-1b"}).Draw(rt, "zone")
			o := rapid.SampledFrom([]world.Disruption{
				Power(zone, false), Network(zone), Capacity(zone, "", false), Impaired(all[0].ID), Impaired(all[1].ID),
			}).Draw(rt, "outage")
			minutes := func(name string, least int) time.Duration {
				return time.Duration(rapid.IntRange(least, 20).Draw(rt, name)) * time.Minute
			}
			if _, err := Plan(s.World, s.Region, o, minutes("after", 0), minutes("lasts", 1)); err != nil {
				rt.Fatal(err)
			}
		}
		s.Advance(45 * time.Minute)
		for _, i := range all {
			if got := s.checks(i); got != "running ok ok" || i.Unreachable {
				rt.Errorf("%s is %s, unreachable %t", i.ID, got, i.Unreachable)
			}
		}
		if n := len(s.Region.EC2.Shortages); n > 0 {
			rt.Errorf("%d shortages are left", n)
		}
	})
}
