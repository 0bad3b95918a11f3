package sim_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/world"
)

// refresher is a plant whose group is refreshed.
type refresher struct {
	*plant
	group string
	first []string // its instances before
}

func newRefresher(t *testing.T) *refresher {
	x := &refresher{plant: newPlant(t)}
	x.s.With(func(w *world.World) {
		for g := range w.Region("eu-west-1").AutoScaling.Groups.Rows() {
			x.group = g.Name
		}
	})
	x.first = x.members()
	if len(x.first) != 2 {
		t.Fatalf("the group has %v", x.first)
	}
	return x
}

// members are the instances of the group that are in service.
func (x *refresher) members() (ids []string) {
	x.s.With(func(w *world.World) {
		g, _ := w.Region("eu-west-1").AutoScaling.Groups.Get(x.group)
		for m := range g.Members.Rows() {
			if m.State == "InService" {
				ids = append(ids, m.ID)
			}
		}
	})
	return ids
}

// start begins a refresh of the whole group with a warm-up of a minute.
func (x *refresher) start(p *types.RefreshPreferences) error {
	p.InstanceWarmup = aws.Int32(60)
	_, err := x.c.asg.StartInstanceRefresh(ctx(), &autoscaling.StartInstanceRefreshInput{AutoScalingGroupName: &x.group, Preferences: p})
	return err
}

func (x *refresher) latest() types.InstanceRefresh {
	x.t.Helper()
	out := must[*autoscaling.DescribeInstanceRefreshesOutput](x.t)(x.c.asg.DescribeInstanceRefreshes(ctx(), &autoscaling.DescribeInstanceRefreshesInput{AutoScalingGroupName: &x.group}))
	return out.InstanceRefreshes[0]
}

// is wants the latest refresh to be in a state, and so many of the first instances to be gone.
func (x *refresher) is(want types.InstanceRefreshStatus, gone int) {
	x.t.Helper()
	left := 0
	for _, id := range x.members() {
		for _, old := range x.first {
			if id == old {
				left++
			}
		}
	}
	if f := x.latest(); f.Status != want || len(x.first)-left != gone {
		x.t.Errorf("it is %s (%s), and %d instances were replaced; want %s and %d", f.Status, aws.ToString(f.StatusReason), len(x.first)-left, want, gone)
	}
}

// Auto Scaling user guide, "Use an instance refresh to update instances in an Auto Scaling group": one after the other where more must
// not be missing, and the next only once the one before is in service and warmed up.
func TestAnInstanceRefreshReplacesOneInstanceAfterTheOther(t *testing.T) {
	x := newRefresher(t)
	if err := x.start(&types.RefreshPreferences{}); err != nil {
		t.Fatal(err)
	}
	if code := codeOf(x.start(&types.RefreshPreferences{})); code != "InstanceRefreshInProgress" {
		t.Errorf("a second one: %s", code)
	}
	least, most := x.follow()
	x.is(types.InstanceRefreshStatusSuccessful, 2)
	if f := x.latest(); aws.ToInt32(f.PercentageComplete) != 100 || aws.ToInt32(f.InstancesToUpdate) != 0 || aws.ToInt32(f.Preferences.MinHealthyPercentage) != 90 {
		t.Errorf("%+v", f)
	}
	if least != 1 || most != 2 {
		t.Errorf("%d to %d were in service at a time, want 1 to 2", least, most)
	}
}

func TestAnInstanceRefreshLaunchesFirstWhereMoreThanAllMayBeHealthy(t *testing.T) {
	x := newRefresher(t)
	if err := x.start(&types.RefreshPreferences{MinHealthyPercentage: aws.Int32(100), MaxHealthyPercentage: aws.Int32(110)}); err != nil {
		t.Fatal(err)
	}
	least, most := x.follow()
	x.is(types.InstanceRefreshStatusSuccessful, 2)
	x.wait(10 * time.Minute)
	if n := len(x.members()); least != 2 || most != 3 || n != 2 {
		t.Errorf("%d to %d were in service at a time, want 2 to 3; %d are in the end", least, most, n)
	}
}

// follow waits until the refresh has ended, and tells how few and how many instances were in service meanwhile.
func (x *refresher) follow() (least, most int) {
	least = len(x.first)
	for range 240 {
		x.wait(10 * time.Second)
		n := len(x.members())
		least, most = min(least, n), max(most, n)
		if x.latest().EndTime != nil {
			break
		}
	}
	return least, most
}

func TestAnInstanceRefreshThatIsCancelledReplacesNoOther(t *testing.T) {
	x := newRefresher(t)
	cancel := func() error {
		_, err := x.c.asg.CancelInstanceRefresh(ctx(), &autoscaling.CancelInstanceRefreshInput{AutoScalingGroupName: &x.group})
		return err
	}
	if code := codeOf(cancel()); code != "ActiveInstanceRefreshNotFound" {
		t.Errorf("without one: %s", code)
	}
	if err := x.start(&types.RefreshPreferences{}); err != nil {
		t.Fatal(err)
	}
	x.wait(40 * time.Second)
	if err := cancel(); err != nil {
		t.Fatal(err)
	}
	x.wait(20 * time.Minute)
	x.is(types.InstanceRefreshStatusCancelled, 1)
	if n := len(x.members()); n != 2 {
		t.Errorf("%d instances are in service", n)
	}
}

// The same guide, "Suspend and resume Amazon EC2 Auto Scaling processes".
func TestAnInstanceRefreshWaitsWhileItsProcessIsSuspended(t *testing.T) {
	x := newRefresher(t)
	process := []string{"InstanceRefresh"}
	must[*autoscaling.SuspendProcessesOutput](t)(x.c.asg.SuspendProcesses(ctx(), &autoscaling.SuspendProcessesInput{AutoScalingGroupName: &x.group, ScalingProcesses: process}))
	if err := x.start(&types.RefreshPreferences{}); err != nil {
		t.Fatal(err)
	}
	x.wait(3 * time.Hour)
	x.is(types.InstanceRefreshStatusPending, 0)
	must[*autoscaling.ResumeProcessesOutput](t)(x.c.asg.ResumeProcesses(ctx(), &autoscaling.ResumeProcessesInput{AutoScalingGroupName: &x.group, ScalingProcesses: process}))
	x.wait(20 * time.Minute)
	x.is(types.InstanceRefreshStatusSuccessful, 2)
}

// Auto Scaling API reference, RefreshPreferences: ScaleInProtectedInstances and SkipMatching.
func TestWhatAnInstanceRefreshLeavesAsItIs(t *testing.T) {
	for name, c := range map[string]struct {
		prefers types.RefreshPreferences
		want    types.InstanceRefreshStatus
		gone    int
	}{
		"protected ones are waited for, and in the end it fails": {types.RefreshPreferences{}, types.InstanceRefreshStatusFailed, 1},
		"protected ones are left":                                {types.RefreshPreferences{ScaleInProtectedInstances: "Ignore"}, types.InstanceRefreshStatusSuccessful, 1},
		"protected ones are replaced":                            {types.RefreshPreferences{ScaleInProtectedInstances: "Refresh"}, types.InstanceRefreshStatusSuccessful, 2},
		"those that are as they would be launched are left":      {types.RefreshPreferences{SkipMatching: aws.Bool(true)}, types.InstanceRefreshStatusSuccessful, 0},
	} {
		t.Run(name, func(t *testing.T) {
			x := newRefresher(t)
			must[*autoscaling.SetInstanceProtectionOutput](t)(x.c.asg.SetInstanceProtection(ctx(), &autoscaling.SetInstanceProtectionInput{
				AutoScalingGroupName: &x.group, InstanceIds: x.first[:1], ProtectedFromScaleIn: aws.Bool(true),
			}))
			if err := x.start(&c.prefers); err != nil {
				t.Fatal(err)
			}
			x.wait(2 * time.Hour)
			x.is(c.want, c.gone)
		})
	}
}

func TestWhatTheSimulatedInstanceRefreshHasNotIsRefused(t *testing.T) {
	x := newRefresher(t)
	for name, p := range map[string]types.RefreshPreferences{
		"no minimum": {MaxHealthyPercentage: aws.Int32(110)}, "checkpoints": {CheckpointPercentages: []int32{50}}, "bake time": {BakeTime: aws.Int32(60)},
		"rollback": {AutoRollback: aws.Bool(true)}, "alarms": {AlarmSpecification: &types.AlarmSpecification{Alarms: []string{"a"}}},
		"nonsense": {MinHealthyPercentage: aws.Int32(101)}, "no such word": {StandbyInstances: "Perhaps"},
	} {
		if code := codeOf(x.start(&p)); code != "ValidationError" {
			t.Errorf("%s: %s", name, code)
		}
	}
}
