package ecs

import (
	"time"

	"berth/internal/sim/asg"
	"berth/internal/sim/ec2"
	"berth/internal/sim/ecs/agent"
	"berth/internal/sim/world"
)

// reconnected lets an agent try at once that was cut off and is reached again.
func reconnected(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	i, ok := r.EC2.Instances.Get(e.ID)
	if _, runs := r.ECS.Agents.Get(e.ID); ok && runs && ec2.Current(i, e) {
		w.Schedule(w.Draw("ecs.agent-reconnect", i.ID, world.Span{Mean: 5 * time.Second, Deviation: time.Second, Floor: 2 * time.Second}), tryEvent(r, i))
	}
}

// restarted ends the tasks of an instance that lost its power and has it back: its agent finds their containers gone.
func restarted(w *world.World, e world.Event) {
	stopping(w, e)
	if k, ci, ok := hostGone(w, e, world.InstanceRunning); ok {
		k.lose(ci, byHost, "Host EC2 (instance "+e.ID+") stopped.")
	}
}

// spotWarned drains an instance that EC2 will take back in two minutes, if its agent is told to (ECS developer guide,
// "Amazon ECS container instance draining", Spot Instances) or its group's provider drains what goes (the same guide, "Safely stop Amazon
// ECS workloads running on EC2 instances").
func spotWarned(w *world.World, e world.Event) {
	k, ci, ok := hostGone(w, e, world.InstanceRunning)
	if !ok || ci.Status != active {
		return
	}
	if g, _, in := asg.MemberOf(k.r, e.ID); in {
		if p, managed := providerOf(k.r, g); managed && p.Draining {
			k.setInstance(ci, draining)
			return
		}
	}
	i, _ := k.r.EC2.Instances.Get(e.ID)
	image, _ := ec2.FindImage(e.Region, i.ImageID, w.Now())
	if conf, err := agent.Read(i, image); err == nil && conf.SpotDraining && ci.AgentConnected {
		k.setInstance(ci, draining)
	}
}
