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
	byEC2    = "ec2"
	byStatus = "status" // EC2's status checks
	byELB    = "elb"
	byCheck  = "user"
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

// impaired follows an instance whose status checks fail: the group gives it a few minutes to recover (Auto Scaling user
// guide, "Health checks for instances").
func impaired(w *world.World, e world.Event) {
	if g, m, ok := holder(w, e); ok && stays(m) && m.Healthy {
		w.Schedule(w.Draw("asg.status-check", m.ID, world.Span{Mean: 4 * time.Minute, Deviation: 30 * time.Second, Floor: patience}),
			g.event("asg.status-check", m.ID))
	}
}

// patience is the least time for which status checks must fail before a group acts upon it.
const patience = 2 * time.Minute

// statusChecked counts status checks that still fail, once the grace period is over.
func statusChecked(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok || g.suspended("HealthCheck") || m.InService.IsZero() {
		return
	}
	i, ok := g.r.EC2.Instances.Get(m.ID)
	if !ok || i.State != world.InstanceRunning || i.ImpairedAt.IsZero() || w.Now().Sub(i.ImpairedAt) < patience {
		return // it has recovered; should it fail again, another look follows
	}
	if left := g.graceLeft(m); left > 0 {
		w.Schedule(left, g.event("asg.status-check", m.ID))
		return
	}
	g.unhealthy(m, byStatus)
}

// reexamine looks at all members as the periodic health checks do: after checks were suspended, or ask more than before.
func (g group) reexamine() {
	for m := range g.Members.Rows() {
		i, ok := g.r.EC2.Instances.Get(m.ID)
		if !ok || i.State != world.InstanceRunning && i.State != world.InstancePending {
			g.examine(m)
			continue
		}
		if !i.ImpairedAt.IsZero() {
			impaired(g.w, g.event("asg.status-check", m.ID))
		}
		if stays(m) && g.asksELB() && slices.ContainsFunc(g.findings(m), refuses) {
			g.w.Schedule(0, g.event("asg.instance-unhealthy", m.ID))
		}
	}
}

// foundUnhealthy is a load balancer's finding, which counts for groups that ask for it; one in the grace period is
// looked at again when that is over.
func foundUnhealthy(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok || !g.asksELB() || m.InService.IsZero() || g.suspended("HealthCheck") {
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
	if g, m, ok := holder(w, e); ok && g.asksELB() && !g.suspended("HealthCheck") && g.graceLeft(m) <= 0 && !g.recovered(m) {
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

// bad tells whether a member is to be replaced: it is unhealthy or too old, or EC2 is about to take it back and the group
// rebalances its capacity.
func (g group) bad(m *world.GroupMember) bool {
	return !m.Healthy || m.Expired || m.AtRisk && g.Settings.CapacityRebalance != nil && *g.Settings.CapacityRebalance
}

// replaceUnhealthy terminates members that are to be replaced. With an instance maintenance policy that allows more than
// the desired capacity, those that still run stay as long as the policy needs them, until replacements are in service.
func (g group) replaceUnhealthy() {
	if g.suspended("ReplaceUnhealthy") || g.suspended("Terminate") {
		return
	}
	held := 0
	for m := range g.Members.Rows() {
		if !g.bad(m) || !stays(m) {
			continue
		}
		if g.holdsBack(m) {
			held += m.Weight
			continue
		}
		g.terminate(m, g.healthCause(m))
		g.Surplus = max(g.Surplus-m.Weight, 0)
		if g.capacity() < g.Desired+g.Surplus {
			g.Replacing++
		}
	}
	if held > 0 {
		g.Surplus = max(g.Surplus, min(held, g.room()))
	}
}

// room is how many instances the maintenance policy lets a group have beyond what it desires, at least one.
func (g group) room() int {
	if g.Settings.MaxHealthy == nil {
		return 1
	}
	return max(g.Desired*(int(*g.Settings.MaxHealthy)-100)/100, 1)
}

// holdsBack tells whether a member that is to go must wait for its replacement: what runs would be less than the least
// healthy percentage without it.
func (g group) holdsBack(m *world.GroupMember) bool {
	s, least := g.Settings, 100
	switch {
	case s.MinHealthy != nil:
		if *s.MaxHealthy <= 100 {
			return false
		}
		least = int(*s.MinHealthy)
	case !m.AtRisk || !m.Healthy:
		return false
	}
	if i, ok := g.r.EC2.Instances.Get(m.ID); !ok || i.State != world.InstanceRunning {
		return false
	}
	running := 0
	for _, x := range g.serving() {
		running += x.Weight
	}
	return (running-m.Weight)*100 < g.Desired*least
}

func (g group) healthCause(m *world.GroupMember) string {
	switch {
	case m.Healthy && m.Expired:
		return g.at("an instance was taken out of service in response to the maximum instance lifetime of the group")
	case m.Healthy:
		return g.at("an instance was taken out of service in response to an EC2 instance rebalance recommendation")
	}
	switch m.Unhealthy {
	case byStatus:
		return g.at("an instance was taken out of service in response to EC2 instance status checks failure")
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
