package ec2

import (
	"slices"
	"time"

	"berth/internal/sim/world"
)

// Kinds of the events of what befalls an instance, for the services above. Event.ID is the instance and Event.Arg the
// number of its run, but for CapacityRestored.
const (
	InstanceImpaired    world.Kind = "ec2.instance-impaired"    // a status check has failed
	InstanceUnreachable world.Kind = "ec2.instance-unreachable" // nothing reaches it any longer: agents disconnect, health checks time out
	InstanceReachable   world.Kind = "ec2.instance-reachable"   // it is reached again, and was never down
	InstanceRestarted   world.Kind = "ec2.instance-restarted"   // its power is back: what ran in it is gone, and it boots next
	AgentGone           world.Kind = "ec2.agent-gone"           // its ECS agent hears nothing any longer; all else goes on
	AgentBack           world.Kind = "ec2.agent-back"           // its ECS agent runs again
	SpotWarned          world.Kind = "ec2.spot-warned"          // it will be taken back in two minutes
	CapacityRestored    world.Kind = "ec2.capacity-restored"    // ID is a zone, or empty for all: launches that failed may succeed
)

// strikes tells whether an outage of a kind that is under way strikes what is asked for.
func strikes(r *world.Region, kind string, what func(*world.Disruption) bool) bool {
	for o := range r.EC2.Outages.Rows() {
		if o.State == world.OutageActive && o.Kind == kind && what(o) {
			return true
		}
	}
	return false
}

// Mute tells whether the agents of an image's instances never register at present.
func Mute(r *world.Region, image string) bool {
	return strikes(r, world.OutageMuteImage, func(o *world.Disruption) bool { return o.Image == image })
}

// Deaf tells whether the ECS agent of an instance hears nothing at present.
func Deaf(r *world.Region, instance string) bool {
	return strikes(r, world.OutageAgent, func(o *world.Disruption) bool { return o.Instance == instance })
}

// LoseAgent takes the ECS agent of a running instance away.
func LoseAgent(w *world.World, r *world.Region, i *world.Instance) {
	w.Schedule(0, lifeEvent(r, i, AgentGone))
}

// FindAgent brings the ECS agent of a running instance back, unless another outage keeps it away.
func FindAgent(w *world.World, r *world.Region, i *world.Instance) {
	if !Deaf(r, i.ID) {
		w.Schedule(0, lifeEvent(r, i, AgentBack))
	}
}

// Impair lets an instance's status check fail, and that of AWS's own machine below it too if system says so. One that does
// not run, or fails already, stays as it is.
func Impair(w *world.World, r *world.Region, i *world.Instance, system bool) {
	if i.State != world.InstanceRunning || i.Impaired && (i.SystemFailed || !system) {
		return
	}
	fresh := !i.Impaired
	i.Impaired, i.SystemFailed = true, i.SystemFailed || system
	if fresh {
		i.ImpairedAt = w.Now()
		w.Schedule(0, lifeEvent(r, i, InstanceImpaired))
	}
}

// Mend lets an instance's status checks pass again.
func Mend(i *world.Instance) { i.Impaired, i.SystemFailed, i.ImpairedAt = false, false, time.Time{} }

// Cut takes an instance off the network.
func Cut(w *world.World, r *world.Region, i *world.Instance) {
	if i.State == world.InstanceRunning && !i.Unreachable {
		i.Unreachable = true
		w.Schedule(0, lifeEvent(r, i, InstanceUnreachable))
	}
}

// Reconnect brings an instance back onto the network, unless another outage keeps it off.
func Reconnect(w *world.World, r *world.Region, i *world.Instance) {
	if i.Unreachable && !isolated(r, i) {
		i.Unreachable = false
		Mend(i)
		w.Schedule(0, lifeEvent(r, i, InstanceReachable))
	}
}

// isolated tells whether an outage under way keeps an instance off the network.
func isolated(r *world.Region, i *world.Instance) bool {
	return strikes(r, world.OutageNetwork, func(o *world.Disruption) bool { return o.Zone == i.Zone }) ||
		strikes(r, world.OutagePower, func(o *world.Disruption) bool { return slices.Contains(o.Struck, i.ID) }) ||
		strikes(r, world.OutageImpaired, func(o *world.Disruption) bool { return o.Instance == i.ID })
}

// Restart brings an instance back whose power was off: it boots anew, under the same id and address.
func Restart(w *world.World, r *world.Region, i *world.Instance) {
	if i.State != world.InstanceRunning || isolated(r, i) {
		return
	}
	i.Run++
	i.BootedAt, i.ChecksOK, i.Unreachable = time.Time{}, false, false
	Mend(i)
	w.Schedule(0, lifeEvent(r, i, InstanceRestarted))
	expect(w, r, i, InstanceBooted)
	w.Schedule(checksAfter, lifeEvent(r, i, InstanceChecked))
}

// Lose ends an instance from AWS's side: its machine failed, or EC2 takes a Spot Instance back. Nobody is asked.
func Lose(w *world.World, r *world.Region, id, code, text string) {
	i, ok := r.EC2.Instances.Get(id)
	if !ok || i.State == world.InstanceShuttingDown || i.State == world.InstanceTerminated {
		return
	}
	Terminate(w, r, id)
	i.ReasonCode, i.ReasonText, i.Transition = code, code+": "+text, text
}
