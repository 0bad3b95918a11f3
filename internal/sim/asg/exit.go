package asg

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// retained is the state of a member that was to go but whose hook was abandoned; it runs on until somebody ends it.
const retained = string(types.LifecycleStateTerminatingRetained)

// terminate begins to take a member out: first of its load balancers, then past its hooks, then for good.
func (g group) terminate(m *world.GroupMember, cause string) *world.ScalingActivity {
	served := m.State == string(types.LifecycleStateInService)
	if a := g.activity(m); a.Ended.IsZero() && a.ID != "" {
		g.end(a, types.ScalingActivityStatusCodeCancelled, "")
	}
	a := g.begin("Terminating EC2 instance: "+m.ID, cause)
	a.Instance, a.Zone, a.Progress = m.ID, m.Zone, 0
	if i, ok := g.r.EC2.Instances.Get(m.ID); ok {
		a.Subnet = i.SubnetID
	}
	m.State, m.Activity, m.Actions, m.Protected = string(types.LifecycleStateTerminating), a.ID, nil, false
	g.changed()
	wait := time.Duration(0)
	if served && len(g.Sources) > 0 {
		g.w.Schedule(0, g.event("asg.instance-leaving", m.ID))
		if wait = g.drainTime(m); m.Forced {
			wait = 0
		}
	}
	if wait > 0 {
		a.Status = string(types.ScalingActivityStatusCodeWaitingForELBConnectionDraining)
	}
	g.w.Schedule(wait, g.event("asg.instance-drained", m.ID))
	return a
}

// drained lets a member that left its load balancers wait for its hooks, or go.
func drained(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok || m.State != string(types.LifecycleStateTerminating) {
		return
	}
	if !m.Forced && g.waitFor(m, Terminating) {
		m.State = string(types.LifecycleStateTerminatingWait)
		return
	}
	g.release(m)
}

// release lets a member past its hooks.
func (g group) release(m *world.GroupMember) {
	m.Actions = nil
	m.State = string(types.LifecycleStateTerminatingProceed)
	g.progress(m, types.ScalingActivityStatusCodeInProgress, 50)
	g.w.Schedule(g.w.Draw("asg.hook-proceed", m.ID, shortly()), g.event("asg.instance-proceed", m.ID))
}

// proceed has EC2 terminate a member; one that is terminated already leaves at once.
func proceed(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok || m.State != string(types.LifecycleStateTerminatingProceed) {
		return
	}
	i, ok := g.r.EC2.Instances.Get(m.ID)
	if !ok || i.State == world.InstanceTerminated {
		g.leave(m)
		return
	}
	ec2.Terminate(w, g.r, m.ID)
}

// terminated follows an instance that EC2 has terminated: a member on its way out is gone, another one is unhealthy.
func terminated(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok {
		return
	}
	if m.State == string(types.LifecycleStateTerminatingProceed) {
		g.leave(m)
		return
	}
	if m.State == retained {
		g.release(m)
		return
	}
	g.examine(m)
}

// leave removes a member that is gone, and with the last one a group that is being deleted.
func (g group) leave(m *world.GroupMember) {
	g.Members.Delete(m.ID)
	g.succeed(m)
	if g.Status == deleting {
		g.erase()
		return
	}
	if g.unsettled() {
		g.soon()
	}
}
