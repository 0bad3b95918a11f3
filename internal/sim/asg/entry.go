package asg

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/world"
)

// join makes a new instance a member on its way in.
func (g group) join(i *world.Instance, o offer, cause string) {
	a := g.begin("Launching a new EC2 instance: "+i.ID, cause)
	a.Instance, a.Zone, a.Subnet, a.Progress = i.ID, i.Zone, i.SubnetID, 30
	a.Status = string(types.ScalingActivityStatusCodePreInService)
	g.Members.Put(i.ID, &world.GroupMember{
		ID: i.ID, Type: i.Type, ImageID: i.ImageID, Zone: i.Zone, ZoneID: zoneID(g.r.Name, i.Zone), Template: o.template,
		Spot: i.Spot, Weight: o.weight, WeightText: o.weightText, State: string(types.LifecycleStatePending), Healthy: true,
		Launched: g.w.Now(), Activity: a.ID,
	})
}

// running follows an instance that EC2 has started: a few seconds later the group takes it in, or makes it wait.
func running(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok || m.State != string(types.LifecycleStatePending) {
		return
	}
	g.progress(m, types.ScalingActivityStatusCodePreInService, 50)
	w.Schedule(w.Draw("asg.instance-pending", m.ID, world.Span{Mean: 6 * time.Second, Deviation: 2 * time.Second, Floor: 2 * time.Second}),
		g.event("asg.instance-ready", m.ID))
}

// ready takes a member in, unless it has to wait for a launch hook first.
func ready(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok {
		return
	}
	switch types.LifecycleState(m.State) {
	case types.LifecycleStatePending:
		if g.waitFor(m, Launching) {
			m.State = string(types.LifecycleStatePendingWait)
			return
		}
	case types.LifecycleStatePendingProceed:
	default:
		return
	}
	g.enter(m)
}

// enter puts a member in service.
func (g group) enter(m *world.GroupMember) {
	m.State, m.InService, m.Actions = string(types.LifecycleStateInService), g.w.Now(), nil
	m.Protected = g.Settings.Protected
	g.Failures, g.FailingSince = 0, time.Time{}
	g.succeed(m)
	g.changed()
	if len(g.Sources) > 0 && !g.suspended("AddToLoadBalancer") {
		g.w.Schedule(0, g.event("asg.instance-in-service", m.ID))
	}
	if life := g.Settings.MaxInstanceLifetime; life != nil && *life > 0 {
		g.w.Schedule(time.Duration(*life)*time.Second, g.event("asg.instance-expired", m.ID))
	}
	if g.unsettled() {
		g.soon()
	}
}

// unsettled tells whether a group that just changed has more to do.
func (g group) unsettled() bool {
	if g.capacity() != g.Desired {
		return true
	}
	for m := range g.Members.Rows() {
		if !m.Healthy && stays(m) {
			return true
		}
	}
	return g.lopsided()
}

// giveUp ends a launch that a hook abandoned: the instance goes, and another one comes later each time.
func (g group) giveUp(m *world.GroupMember) {
	if a := g.activity(m); a.Ended.IsZero() {
		g.end(a, types.ScalingActivityStatusCodeCancelled, "The lifecycle action of the instance was abandoned.")
	}
	m.Forced = true
	g.terminate(m, g.cause(g.at("instance %s was taken out of service in response to a lifecycle action that was abandoned", m.ID)))
	g.launchFailed()
}

// expired replaces a member that has reached the group's maximum instance lifetime.
func expired(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	life := time.Duration(0)
	if ok && g.Settings.MaxInstanceLifetime != nil {
		life = time.Duration(*g.Settings.MaxInstanceLifetime) * time.Second
	}
	if !ok || life == 0 || !stays(m) || w.Now().Before(m.InService.Add(life)) {
		return
	}
	g.terminate(m, g.at("an instance was taken out of service in response to the maximum instance lifetime of the group"))
	g.soon()
}

// serving are the members that take traffic.
func (g group) serving() []*world.GroupMember {
	all := slices.Collect(g.Members.Rows())
	return slices.DeleteFunc(all, func(m *world.GroupMember) bool { return m.State != string(types.LifecycleStateInService) })
}
