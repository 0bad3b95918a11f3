package asg

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// impair lets the status check of the group's first instance fail.
func (s *stage) impair() (*world.Instance, string) {
	m := s.first()
	i, _ := s.Region.EC2.Instances.Get(m.ID)
	ec2.Impair(s.World, s.Region, i, false)
	return i, m.ID
}

// Auto Scaling user guide, "Health checks for instances in an Auto Scaling group".
func TestImpairedInstanceIsReplacedAfterAFewMinutes(t *testing.T) {
	s := newStage(t)
	s.group(2)
	_, id := s.impair()
	s.Advance(time.Minute)
	s.equal(s.states(), "[InService:2]")
	s.Advance(15 * time.Minute)
	s.equal(s.states(), "[InService:2]")
	if _, ok := s.row().Members.Get(id); ok {
		t.Error("the impaired instance was not replaced")
	}
	if c := *s.activities()[1].Cause; !strings.Contains(c, "in response to EC2 instance status checks failure.") {
		t.Error(c)
	}
}

func TestImpairedInstanceThatRecoversIsKept(t *testing.T) {
	s := newStage(t)
	s.group(2)
	i, id := s.impair()
	s.Advance(90 * time.Second)
	ec2.Mend(i)
	s.Advance(time.Hour)
	s.equal(s.first().ID, id)
}

func TestImpairedInstanceIsKeptInItsGracePeriod(t *testing.T) {
	s := newStage(t)
	s.group(1, func(in *autoscaling.CreateAutoScalingGroupInput) { in.HealthCheckGracePeriod = aws.Int32(3600) })
	_, id := s.impair()
	s.Advance(50 * time.Minute)
	s.equal(s.first().ID, id)
	s.Advance(10 * time.Minute)
	if s.first().ID == id {
		t.Error("the impaired instance was not replaced after its grace period")
	}
}

func TestSuspendedHealthChecksAreMadeUpFor(t *testing.T) {
	s := newStage(t)
	s.group(2)
	suspend := &autoscaling.SuspendProcessesInput{AutoScalingGroupName: aws.String("web"), ScalingProcesses: []string{"HealthCheck"}}
	_, err := SuspendProcesses(s.Call, suspend)
	must(s, 0, err)
	_, id := s.impair()
	ec2.Terminate(s.World, s.Region, s.ids()[1])
	s.Advance(30 * time.Minute)
	s.equal(s.states(), "[InService:2]")
	_, err = ResumeProcesses(s.Call, &autoscaling.ResumeProcessesInput{AutoScalingGroupName: aws.String("web"), ScalingProcesses: []string{"HealthCheck"}})
	must(s, 0, err)
	s.Advance(30 * time.Minute)
	s.equal(s.states(), "[InService:2]")
	for _, m := range s.ids() {
		if i, ok := s.Region.EC2.Instances.Get(m); !ok || m == id || i.State != world.InstanceRunning {
			t.Errorf("%s was not replaced", m)
		}
	}
}

// Auto Scaling user guide, "Instance maintenance policies".
func TestMaintenancePolicyBoundsWhatIsLaunchedAndWhatIsMissing(t *testing.T) {
	for _, c := range []struct {
		name        string
		least, most int32
		low, high   int // members that stay and run, at the worst and at the best
	}{
		{"launch before terminating", 100, 150, 4, 6},
		{"launch before terminating, one at a time", 100, 110, 4, 5},
		{"both at once", 75, 125, 3, 5},
		{"terminate and launch", 100, 100, 2, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			s.group(4, func(in *autoscaling.CreateAutoScalingGroupInput) {
				in.InstanceMaintenancePolicy = &types.InstanceMaintenancePolicy{MinHealthyPercentage: aws.Int32(c.least), MaxHealthyPercentage: aws.Int32(c.most)}
			})
			old := s.ids()[:2]
			for _, id := range old {
				_, err := SetInstanceHealth(s.Call, &autoscaling.SetInstanceHealthInput{InstanceId: aws.String(id), HealthStatus: aws.String("Unhealthy")})
				must(s, 0, err)
			}
			low, high := 4, 4
			for range 300 {
				s.Advance(2 * time.Second)
				n, all := 0, 0
				for m := range s.row().Members.Rows() {
					if stays(m) {
						all++
					}
					if m.State == "InService" {
						n++
					}
				}
				low, high = min(low, n), max(high, all)
			}
			s.equal([]int{low, high}, []int{c.low, c.high})
			s.equal(s.states(), "[InService:4]")
			for _, id := range old {
				if _, ok := s.row().Members.Get(id); ok {
					t.Errorf("%s was not replaced", id)
				}
			}
			s.equal(s.row().Surplus, 0)
		})
	}
}

func TestLifetimeSetLaterCountsForInstancesThatAreThere(t *testing.T) {
	s := newStage(t)
	s.group(1)
	id := s.first().ID
	_, err := UpdateAutoScalingGroup(s.Call, &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: aws.String("web"), MaxInstanceLifetime: aws.Int32(86_400)})
	must(s, 0, err)
	s.Advance(23 * time.Hour)
	s.equal(s.first().ID, id)
	s.Advance(2 * time.Hour)
	if s.first().ID == id {
		t.Error("the instance outlived its lifetime")
	}
}

// Auto Scaling user guide, "Capacity Rebalancing": the group replaces an instance at risk before it is gone.
func TestCapacityRebalanceLaunchesBeforeTheSpotInstanceIsTaken(t *testing.T) {
	s := newStage(t)
	s.group(2, func(in *autoscaling.CreateAutoScalingGroupInput) { in.CapacityRebalance = aws.Bool(true) })
	id := s.first().ID
	i, _ := s.Region.EC2.Instances.Get(id)
	s.Schedule(0, world.Event{Kind: ec2.SpotWarned, Region: s.Region.Name, ID: id, Arg: "1"})
	s.Advance(10 * time.Second)
	s.equal(s.states(), "[InService:2 Pending:1]")
	s.Advance(10 * time.Minute)
	s.equal([]any{s.states(), i.State}, "[[InService:2] terminated]")
}

// Auto Scaling user guide, "How suspended processes affect other processes", Terminate.
func TestRebalancingGrowsTheGroupByOneWhileItMayNotTerminate(t *testing.T) {
	s := newStage(t)
	s.group(4, func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.MaxSize, in.VPCZoneIdentifier = aws.Int32(4), aws.String(s.subnets[0])
	})
	terminate := []string{"Terminate"}
	_, err := SuspendProcesses(s.Call, &autoscaling.SuspendProcessesInput{AutoScalingGroupName: aws.String("web"), ScalingProcesses: terminate})
	must(s, 0, err)
	_, err = UpdateAutoScalingGroup(s.Call, &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), VPCZoneIdentifier: aws.String(strings.Join(s.subnets[:2], ",")),
	})
	must(s, 0, err)
	s.Advance(time.Hour)
	s.equal(s.zones(), "a:4 b:1")
	_, err = ResumeProcesses(s.Call, &autoscaling.ResumeProcessesInput{AutoScalingGroupName: aws.String("web"), ScalingProcesses: terminate})
	must(s, 0, err)
	s.Advance(time.Hour)
	s.equal(s.zones(), "a:2 b:2")
}
