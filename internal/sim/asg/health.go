package asg

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/sim/world"
)

// Who may find a member unhealthy.
const (
	byEC2   = "ec2"
	byELB   = "elb"
	byCheck = "user"
)

// halted follows an instance that stops or terminates: the group's next health check will find it.
func halted(w *world.World, e world.Event) {
	if g, m, ok := holder(w, e); ok {
		g.examine(m)
	}
}

// examine schedules the health check that will find a member not running.
func (g group) examine(m *world.GroupMember) {
	if stays(m) && m.Healthy {
		g.w.Schedule(g.w.Draw("asg.health-check", m.ID, world.Span{Mean: 20 * time.Second, Deviation: 8 * time.Second, Floor: 3 * time.Second}),
			g.event("asg.health-check", m.ID))
	}
}

// checked is EC2's health check: an instance that does not run is unhealthy, even in its grace period.
func checked(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok || g.suspended("HealthCheck") {
		return
	}
	i, ok := g.r.EC2.Instances.Get(m.ID)
	if !ok || i.State != world.InstanceRunning && i.State != world.InstancePending {
		g.unhealthy(m, byEC2)
	}
}

// foundUnhealthy is a load balancer's finding, which counts for groups that ask for it; one in the grace period is
// looked at again when that is over.
func foundUnhealthy(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok || !g.asksELB() || m.InService.IsZero() {
		return
	}
	if left := g.graceLeft(m); left > 0 {
		g.w.Schedule(left, g.event("asg.grace-over", m.ID))
		return
	}
	g.unhealthy(m, byELB)
}

// graceOver counts what a load balancer found in the grace period, unless the instance has recovered.
func graceOver(w *world.World, e world.Event) {
	if g, m, ok := holder(w, e); ok && g.asksELB() && g.graceLeft(m) <= 0 && !g.recovered(m) {
		g.unhealthy(m, byELB)
	}
}

func (g group) asksELB() bool {
	return slices.Contains(strings.Split(g.Settings.HealthCheckType, ","), "ELB")
}

func (g group) graceLeft(m *world.GroupMember) time.Duration {
	return m.InService.Add(time.Duration(g.Settings.HealthCheckGrace) * time.Second).Sub(g.w.Now())
}

// unhealthy marks a member that is to be replaced.
func (g group) unhealthy(m *world.GroupMember, by string) {
	if !stays(m) || !m.Healthy {
		return
	}
	m.Healthy, m.Unhealthy = false, by
	g.soon()
}

// replaceUnhealthy terminates unhealthy members. With an instance maintenance policy that wants all of the capacity
// healthy and allows more of it, one that still runs stays until its replacement is in service.
func (g group) replaceUnhealthy() {
	if g.suspended("ReplaceUnhealthy") || g.suspended("Terminate") {
		return
	}
	for m := range g.Members.Rows() {
		if m.Healthy || !stays(m) {
			continue
		}
		if g.holdsBack(m) {
			g.Surplus = max(g.Surplus, 1)
			continue
		}
		g.terminate(m, g.healthCause(m))
		g.Surplus = 0
		if g.capacity() < g.Desired {
			g.Replacing++
		}
	}
}

// holdsBack tells whether an unhealthy member must wait for its replacement.
func (g group) holdsBack(m *world.GroupMember) bool {
	s := g.Settings
	if s.MinHealthy == nil || *s.MinHealthy < 100 || *s.MaxHealthy <= 100 {
		return false
	}
	if i, ok := g.r.EC2.Instances.Get(m.ID); !ok || i.State != world.InstanceRunning {
		return false
	}
	healthy := 0
	for _, x := range g.serving() {
		if x.Healthy {
			healthy += x.Weight
		}
	}
	return healthy < g.Desired
}

func (g group) healthCause(m *world.GroupMember) string {
	switch m.Unhealthy {
	case byELB:
		return g.at("an instance was taken out of service in response to an ELB system health check failure")
	case byCheck:
		return g.at("an instance was taken out of service in response to a user health-check")
	default:
		return g.at("an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped")
	}
}

// SetInstanceHealth tells a group that an instance is unhealthy, or is not.
func SetInstanceHealth(c *world.Call, in *autoscaling.SetInstanceHealthInput) (*autoscaling.SetInstanceHealthOutput, error) {
	id, err := required(in.InstanceId, "instanceId")
	if err != nil {
		return nil, err
	}
	status, err := required(in.HealthStatus, "healthStatus")
	if err != nil {
		return nil, err
	}
	row, m, ok := MemberOf(c.Region, id)
	if !ok {
		return nil, unknownInstance(id)
	}
	g := group{row, c.World, c.Region}
	switch status {
	case "Healthy":
		m.Healthy, m.Unhealthy = true, ""
	case "Unhealthy":
		respect := in.ShouldRespectGracePeriod == nil || aws.ToBool(in.ShouldRespectGracePeriod)
		if !respect || !m.InService.IsZero() && g.graceLeft(m) <= 0 {
			g.unhealthy(m, byCheck)
		}
	default:
		return nil, invalid("%s is not a valid health status: the valid values are Healthy and Unhealthy", status)
	}
	return &autoscaling.SetInstanceHealthOutput{}, nil
}

func unknownInstance(id string) error {
	return invalid("Instance Id not found - No managed instance found for instance ID: %s", id)
}
