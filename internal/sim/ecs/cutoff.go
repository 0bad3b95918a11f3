package ecs

import (
	"time"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// reconnected lets an agent try at once that was cut off and is reached again.
func reconnected(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	i, ok := r.EC2.Instances.Get(e.ID)
	if _, agent := r.ECS.Agents.Get(e.ID); ok && agent && ec2.Current(i, e) {
		span := world.Span{Mean: 5 * time.Second, Deviation: time.Second, Floor: 2 * time.Second}
		w.Schedule(w.Draw("ecs.agent-reconnect", i.ID, span), tryEvent(r, i))
	}
}

// restarted ends the tasks of an instance that lost its power and has it back: its agent finds their containers gone.
func restarted(w *world.World, e world.Event) {
	if k, ci, ok := hostGone(w, e, world.InstanceRunning); ok {
		ci.AgentConnected = false
		ci.Version++
		k.lose(ci, byHost, "Host EC2 (instance "+e.ID+") stopped.")
	}
}

// spotWarned drains an instance that EC2 will take back in two minutes, if its agent is told to (ECS developer guide,
// "Amazon ECS container instance draining", Spot Instances).
func spotWarned(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	i, ok := r.EC2.Instances.Get(e.ID)
	if !ok || !ec2.Current(i, e) {
		return
	}
	image, _ := ec2.FindImage(r.Name, i.ImageID, w.Now()) // without one no agent registered
	if k, ci, ok := hostGone(w, e, world.InstanceRunning); ok && ci.AgentConnected && ci.Status == active && readConfig(i, image).spotDraining {
		k.setInstance(ci, draining)
	}
}
