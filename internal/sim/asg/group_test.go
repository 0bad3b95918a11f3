package asg

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

func TestGroupLaunchesItsInstancesEvenlyAndThenRests(t *testing.T) {
	s := newStage(t)
	g := s.group(4, func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("a"), PropagateAtLaunch: aws.Bool(true)}, {Key: aws.String("own"), Value: aws.String("b")}}
	})
	s.equal(s.states(), "[InService:4]")
	s.equal(s.zones(), "a:2 b:2")
	s.quiet()
	i, _ := s.Region.EC2.Instances.Get(s.first().ID)
	name, _ := i.Tags.Get("aws:autoscaling:groupName")
	team, _ := i.Tags.Get("team")
	_, own := i.Tags.Get("own")
	s.equal([]any{name, team, own, i.Owner}, "[web a false web]")
	s.equal(s.first().Template.Version, "1")
	a := s.activities()
	s.equal(len(a), 4)
	s.equal(*a[3].Description, "Launching a new EC2 instance: "+s.first().ID)
	s.equal(a[3].StatusCode, "Successful")
	if c := *a[3].Cause; !strings.Contains(c, "a user request created an AutoScalingGroup changing the desired capacity from 0 to 4.  At ") ||
		!strings.HasSuffix(c, "an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 0 to 4.") {
		t.Error(c)
	}
	s.equal(*a[3].Details, fmt.Sprintf(`{"Subnet ID":"%s","Availability Zone":"eu-west-1a"}`, s.subnets[0]))
	s.equal(g.DesiredBy, "user")
}

func TestDescribedGroupHasEveryFieldAndStaysTheSame(t *testing.T) {
	s := newStage(t)
	s.group(1)
	describe := func() types.AutoScalingGroup {
		out, err := DescribeAutoScalingGroups(s.Call, &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{"web", "other"}})
		groups := must(s, out, err).AutoScalingGroups
		if len(groups) != 1 {
			t.Fatalf("%d groups", len(groups))
		}
		return groups[0]
	}
	v := describe()
	s.equal(*v.HealthCheckType+*v.VPCZoneIdentifier, "EC2"+strings.Join(s.subnets[:2], ","))
	s.equal(v.AvailabilityZones, []string{"eu-west-1a", "eu-west-1b"})
	s.equal(v.AvailabilityZoneIds, []string{"euw1-az1", "euw1-az2"})
	s.equal(*v.DefaultCooldown, 300)
	s.equal(*v.HealthCheckGracePeriod, 0)
	s.equal(v.TerminationPolicies, []string{"Default"})
	s.equal(*v.ServiceLinkedRoleARN, "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling")
	s.equal(*v.LaunchTemplate.Version, "$Latest")
	i := v.Instances[0]
	s.equal(*i.InstanceType+*i.HealthStatus+string(i.LifecycleState)+*i.LaunchTemplate.Version, "m5.largeHealthyInService1")
	if v.Status != nil || *v.NewInstancesProtectedFromScaleIn {
		t.Error("a new group has a status or protects its instances")
	}
	again := describe()
	if a, b := fmt.Sprintf("%+v", v.Instances), fmt.Sprintf("%+v", again.Instances); len(a) != len(b) {
		t.Error("two reads differ")
	}
	out, err := DescribeAutoScalingInstances(s.Call, &autoscaling.DescribeAutoScalingInstancesInput{})
	s.equal(*must(s, out, err).AutoScalingInstances[0].HealthStatus, "HEALTHY")
}

func TestBadGroupsAreRefused(t *testing.T) {
	s := newStage(t)
	tests := map[string]struct {
		change     func(*autoscaling.CreateAutoScalingGroupInput)
		code, text string
	}{
		"without a name":     {func(in *autoscaling.CreateAutoScalingGroupInput) { in.AutoScalingGroupName = nil }, "ValidationError", "Value null at 'autoScalingGroupName'"},
		"without a minimum":  {func(in *autoscaling.CreateAutoScalingGroupInput) { in.MinSize = nil }, "ValidationError", "Value null at 'minSize'"},
		"maximum below it":   {func(in *autoscaling.CreateAutoScalingGroupInput) { in.MinSize = aws.Int32(11) }, "ValidationError", "Max bound, 10, must be greater than or equal to min bound, 11"},
		"desires too much":   {func(in *autoscaling.CreateAutoScalingGroupInput) { in.DesiredCapacity = aws.Int32(11) }, "ValidationError", "Desired capacity:11 must be between the specified min size:0 and max size:10"},
		"without a template": {func(in *autoscaling.CreateAutoScalingGroupInput) { in.LaunchTemplate = nil }, "ValidationError", "Valid requests must contain either LaunchTemplate"},
		"template unknown": {func(in *autoscaling.CreateAutoScalingGroupInput) {
			in.LaunchTemplate.LaunchTemplateId = aws.String("lt-0123456789abcdef0")
		}, "ValidationError", "You must use a valid fully-formed launch template. The specified launch template"},
		"version unknown":  {func(in *autoscaling.CreateAutoScalingGroupInput) { in.LaunchTemplate.Version = aws.String("7") }, "ValidationError", "You must use a valid fully-formed launch template."},
		"version nonsense": {func(in *autoscaling.CreateAutoScalingGroupInput) { in.LaunchTemplate.Version = aws.String("newest") }, "ValidationError", "Invalid launch template version: either '$Default', '$Latest', or a numeric version are allowed."},
		"subnet unknown":   {func(in *autoscaling.CreateAutoScalingGroupInput) { in.VPCZoneIdentifier = aws.String("subnet-1") }, "ValidationError", "The subnet ID 'subnet-1' does not exist"},
		"nowhere":          {func(in *autoscaling.CreateAutoScalingGroupInput) { in.VPCZoneIdentifier = nil }, "ValidationError", "At least one Availability Zone or VPC Subnet is required."},
		"in zones only": {func(in *autoscaling.CreateAutoScalingGroupInput) {
			in.VPCZoneIdentifier, in.AvailabilityZones = nil, []string{"eu-west-1a"}
		}, "ValidationError", "No default VPC"},
		"zones elsewhere": {func(in *autoscaling.CreateAutoScalingGroupInput) { in.AvailabilityZones = []string{"eu-west-1c"} }, "ValidationError", "do not match"},
		"launch configuration": {func(in *autoscaling.CreateAutoScalingGroupInput) {
			in.LaunchTemplate, in.LaunchConfigurationName = nil, aws.String("lc")
		}, "ValidationError", "Launch configuration name not found"},
		"health check type": {func(in *autoscaling.CreateAutoScalingGroupInput) { in.HealthCheckType = aws.String("PING") }, "ValidationError", "Health Check Type"},
		"policy unknown":    {func(in *autoscaling.CreateAutoScalingGroupInput) { in.TerminationPolicies = []string{"Smallest"} }, "ValidationError", "Invalid termination policy"},
		"default not last": {func(in *autoscaling.CreateAutoScalingGroupInput) {
			in.TerminationPolicies = []string{"Default", "OldestInstance"}
		}, "ValidationError", "must be the last"},
		"maintenance too wide": {func(in *autoscaling.CreateAutoScalingGroupInput) {
			in.InstanceMaintenancePolicy = &types.InstanceMaintenancePolicy{MinHealthyPercentage: aws.Int32(50), MaxHealthyPercentage: aws.Int32(200)}
		}, "ValidationError", "cannot be greater than 100"},
		"lifetime too short":  {func(in *autoscaling.CreateAutoScalingGroupInput) { in.MaxInstanceLifetime = aws.Int32(60) }, "ValidationError", "MaxInstanceLifetime"},
		"reserved tag":        {func(in *autoscaling.CreateAutoScalingGroupInput) { in.Tags = []types.Tag{{Key: aws.String("aws:x")}} }, "ValidationError", "reserved"},
		"deletion protection": {func(in *autoscaling.CreateAutoScalingGroupInput) { in.DeletionProtection = "some" }, "ValidationError", "Value 'some' at 'deletionProtection'"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			in := s.input(1)
			test.change(in)
			_, err := CreateAutoScalingGroup(s.Call, in)
			(&stage{t: t}).refused(err, test.code, test.text)
		})
	}
	s.equal(s.Region.AutoScaling.Groups.Len(), 0)
	s.group(0)
	_, err := CreateAutoScalingGroup(s.Call, s.input(0))
	s.refused(err, "AlreadyExists", "AutoScalingGroup by this name already exists - A group with the name web already exists")
	s.Region.Quotas = map[string]int{"L-CDE20ADC": 1}
	in := s.input(0)
	in.AutoScalingGroupName = aws.String("second")
	_, err = CreateAutoScalingGroup(s.Call, in)
	s.refused(err, "LimitExceeded", "maximum")
}

func TestBoundsTakeTheDesiredCapacityAlong(t *testing.T) {
	s := newStage(t)
	s.group(2)
	update := func(in autoscaling.UpdateAutoScalingGroupInput) error {
		in.AutoScalingGroupName = aws.String("web")
		_, err := UpdateAutoScalingGroup(s.Call, &in)
		return err
	}
	must(s, 0, update(autoscaling.UpdateAutoScalingGroupInput{MinSize: aws.Int32(3)}))
	s.equal(s.row().Desired, 3)
	s.Advance(3 * time.Minute)
	s.equal(s.states(), "[InService:3]")
	if c := *s.activities()[0].Cause; !strings.Contains(c, "a user request update of AutoScalingGroup constraints to min: 3, max: 10, desired: 3 changing the desired capacity from 2 to 3.") {
		t.Error(c)
	}
	must(s, 0, update(autoscaling.UpdateAutoScalingGroupInput{MinSize: aws.Int32(0), MaxSize: aws.Int32(1)}))
	s.equal(s.row().Desired, 1)
	s.refused(update(autoscaling.UpdateAutoScalingGroupInput{DesiredCapacity: aws.Int32(5)}), "ValidationError", "Desired capacity:5")
	_, err := SetDesiredCapacity(s.Call, &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: aws.String("web"), DesiredCapacity: aws.Int32(2)})
	s.refused(err, "ValidationError", "New SetDesiredCapacity value 2 is above max value 1 for the AutoScalingGroup.")
	_, err = SetDesiredCapacity(s.Call, &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: aws.String("x"), DesiredCapacity: aws.Int32(2)})
	s.refused(err, "ValidationError", "AutoScalingGroup name not found - AutoScalingGroup x not found")
}

func TestScaleInPicksTheFullestZone(t *testing.T) {
	s := newStage(t)
	s.group(3)
	s.equal(s.zones(), "a:2 b:1")
	s.desire(2)
	s.Advance(5 * time.Second)
	s.equal(s.zones(), "a:1 b:1")
	a := s.activities()[0]
	if !strings.Contains(*a.Cause, "a user request explicitly set group desired capacity changing the desired capacity from 3 to 2.  At ") ||
		!strings.Contains(*a.Cause, "shrinking the capacity from 3 to 2.  At ") || !strings.HasSuffix(*a.Cause, "was selected for termination.") {
		t.Error(*a.Cause)
	}
	s.Advance(2 * time.Minute)
	s.equal(s.states(), "[InService:2]")
	s.equal(s.activities()[0].StatusCode, "Successful")
	s.quietUntilForgotten()
}

// quietUntilForgotten waits until EC2 has forgotten terminated instances, which is the only thing left to happen.
func (s *stage) quietUntilForgotten() {
	s.t.Helper()
	s.Advance(2 * time.Hour)
	s.quiet()
}

func TestProtectedInstancesBlockScaleInUntilTheirOwnerLetsThemGo(t *testing.T) {
	s := newStage(t)
	g := s.group(2, func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.NewInstancesProtectedFromScaleIn = aws.Bool(true)
	})
	s.desire(0)
	s.Advance(time.Hour)
	s.equal(s.states(), "[InService:2]")
	s.equal(g.Desired, 0)
	a := s.activities()[0]
	s.equal(*a.Description+string(a.StatusCode), "Could not scale to desired capacity because all remaining instances are protected from scale-in.Cancelled")
	if !strings.HasSuffix(*a.Cause, "group reached equilibrium.") {
		t.Error(*a.Cause)
	}
	s.equal(s.heard, []string{"asg.scale-in-blocked web "})
	s.quiet()
	id := s.first().ID
	_, err := SetInstanceProtection(s.Call, &autoscaling.SetInstanceProtectionInput{
		AutoScalingGroupName: aws.String("web"), InstanceIds: []string{id}, ProtectedFromScaleIn: aws.Bool(false),
	})
	must(s, 0, err)
	s.Advance(5 * time.Minute)
	s.equal(s.states(), "[InService:1]")
	_, err = SetInstanceProtection(s.Call, &autoscaling.SetInstanceProtectionInput{
		AutoScalingGroupName: aws.String("web"), InstanceIds: []string{id}, ProtectedFromScaleIn: aws.Bool(false),
	})
	s.refused(err, "ValidationError", "The instance "+id+" is not part of Auto Scaling group web.")
}

func TestTerminatedInstanceIsReplaced(t *testing.T) {
	s := newStage(t)
	s.group(2)
	lost := s.first().ID
	ec2.Terminate(s.World, s.Region, lost)
	s.Advance(5 * time.Minute)
	s.equal(s.states(), "[InService:2]")
	if _, ok := s.row().Members.Get(lost); ok {
		t.Error("the lost instance is still a member")
	}
	a := s.activities()
	causes := *a[0].Cause + *a[1].Cause
	if !strings.Contains(causes, "an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.") ||
		!strings.Contains(causes, "an instance was launched in response to an unhealthy instance needing to be replaced.") {
		t.Error(causes)
	}
	s.quietUntilForgotten()
}

func TestStoppedInstanceIsTerminatedAndReplaced(t *testing.T) {
	s := newStage(t)
	s.group(1)
	id := s.first().ID
	ec2.Stop(s.World, s.Region, id)
	s.Advance(5 * time.Minute)
	s.equal(s.states(), "[InService:1]")
	i, _ := s.Region.EC2.Instances.Get(id)
	s.equal(i.State, world.InstanceTerminated)
}

func TestSuspendedProcessesHoldTheGroupStill(t *testing.T) {
	s := newStage(t)
	s.group(1)
	suspend := func(names ...string) {
		_, err := SuspendProcesses(s.Call, &autoscaling.SuspendProcessesInput{AutoScalingGroupName: aws.String("web"), ScalingProcesses: names})
		must(s, 0, err)
	}
	suspend("Launch", "ReplaceUnhealthy")
	s.desire(3)
	ec2.Terminate(s.World, s.Region, s.first().ID)
	s.Advance(30 * time.Minute)
	s.equal(s.states(), "[InService:1]")
	s.equal(s.first().Healthy, false)
	_, err := ResumeProcesses(s.Call, &autoscaling.ResumeProcessesInput{AutoScalingGroupName: aws.String("web")})
	must(s, 0, err)
	s.Advance(5 * time.Minute)
	s.equal(s.states(), "[InService:3]")
	suspend("Terminate")
	s.desire(0)
	s.Advance(5 * time.Minute)
	s.equal(s.states(), "[InService:3]")
	_, err = SuspendProcesses(s.Call, &autoscaling.SuspendProcessesInput{AutoScalingGroupName: aws.String("web"), ScalingProcesses: []string{"Dance"}})
	s.refused(err, "ValidationError", "Dance is not a valid process type")
}

func TestMaintenancePolicyLaunchesBeforeItTerminates(t *testing.T) {
	s := newStage(t)
	g := s.group(2, func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.InstanceMaintenancePolicy = &types.InstanceMaintenancePolicy{MinHealthyPercentage: aws.Int32(100), MaxHealthyPercentage: aws.Int32(110)}
	})
	sick := s.first().ID
	_, err := SetInstanceHealth(s.Call, &autoscaling.SetInstanceHealthInput{InstanceId: aws.String(sick), HealthStatus: aws.String("Unhealthy")})
	must(s, 0, err)
	for range 240 {
		s.Advance(time.Second)
		healthy := 0
		for _, m := range (group{g, s.World, s.Region}).serving() {
			if m.Healthy {
				healthy++
			}
		}
		if m, ok := g.Members.Get(sick); ok && !stays(m) && healthy < 2 {
			t.Fatal("the sick instance went before its replacement served")
		}
	}
	s.equal(s.states(), "[InService:2]")
	if _, ok := g.Members.Get(sick); ok {
		t.Error("the sick instance is still there")
	}
	s.quietUntilForgotten()
	s.equal(s.zones(), "a:1 b:1")
}

func TestGraceProtectsFromTheOwnersHealthCheckUnlessItIsWaived(t *testing.T) {
	s := newStage(t)
	s.group(1, func(in *autoscaling.CreateAutoScalingGroupInput) { in.HealthCheckGracePeriod = aws.Int32(3600) })
	sick := func(respect *bool) bool {
		_, err := SetInstanceHealth(s.Call, &autoscaling.SetInstanceHealthInput{
			InstanceId: aws.String(s.first().ID), HealthStatus: aws.String("Unhealthy"), ShouldRespectGracePeriod: respect,
		})
		must(s, 0, err)
		return !s.first().Healthy
	}
	s.equal(sick(nil), false)
	s.equal(sick(aws.Bool(false)), true)
	_, err := SetInstanceHealth(s.Call, &autoscaling.SetInstanceHealthInput{InstanceId: aws.String("i-1"), HealthStatus: aws.String("Unhealthy")})
	s.refused(err, "ValidationError", "No managed instance found for instance ID: i-1")
}
