package ecs

import (
	"strconv"
	"time"

	"berth/internal/sim/asg"
	"berth/internal/sim/ec2"
	"berth/internal/sim/ecs/agent"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/ecs/setting"
	"berth/internal/sim/world"
)

// mostInstances is how many container instances a cluster may have (ECS service quotas).
const mostInstances = 5000

// booted starts the agent of an instance with an ECS image; about 20 seconds later it tries to register.
func booted(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	i, ok := r.EC2.Instances.Get(e.ID)
	if !ok || !ec2.Current(i, e) || i.State != world.InstanceRunning {
		return
	}
	if _, ok := ec2.FindImage(r.Name, i.ImageID, w.Now()); !ok || ec2.Mute(r, i.ImageID) {
		return
	}
	a, ok := r.ECS.Agents.Get(i.ID)
	if !ok {
		a = &world.ECSAgent{Instance: i.ID}
		r.ECS.Agents.Put(i.ID, a)
	}
	a.Run, a.Tries, a.Since, a.LastError = i.Run, 0, time.Time{}, ""
	span := world.Span{Mean: 20 * time.Second, Deviation: 5 * time.Second, Floor: 10 * time.Second}
	w.Schedule(w.Draw("ecs.agent-register", i.ID, span), tryEvent(r, i))
}

func tryEvent(r *world.Region, i *world.Instance) world.Event {
	return world.Event{Kind: "ecs.agent-register", Region: r.Name, ID: i.ID, Arg: strconv.Itoa(i.Run)}
}

// try lets an agent register its instance. What is in the way may go away: it tries again after 3, 6, … 192 seconds, and
// gives up after an hour (ECS agent, "RegisterContainerInstance backoff").
func try(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	i, ok := r.EC2.Instances.Get(e.ID)
	if !ok || !ec2.Current(i, e) || i.State != world.InstanceRunning {
		return
	}
	a, ok := r.ECS.Agents.Get(i.ID)
	if !ok {
		return
	}
	if ci, ok := InstanceOn(r, i.ID); ok && ci.AgentConnected {
		return
	}
	if a.Tries++; a.Tries == 1 {
		a.Since = w.Now()
	}
	err := register(w, r, i, a)
	if err == nil {
		a.LastError = ""
		return
	}
	a.LastError = err.Error()
	wait := min(3*time.Second<<min(a.Tries-1, 10), 192*time.Second)
	if w.Now().Add(wait).Sub(a.Since) <= time.Hour {
		w.Schedule(wait, tryEvent(r, i))
	}
}

// register makes a running instance a container instance, or connects the agent of one that is.
func register(w *world.World, r *world.Region, i *world.Instance, a *world.ECSAgent) error {
	image, _ := ec2.FindImage(r.Name, i.ImageID, w.Now()) // the agent is there because the image is
	conf, err := agent.Read(i, image)
	if err != nil {
		return err
	}
	if err := agent.Reachable(w, r, i, conf); err != nil {
		return err
	}
	if ci, ok := InstanceOn(r, i.ID); ok {
		ci.AgentConnected = true
		ci.Version++
		if row, ok := r.ECS.Clusters.Get(ci.Cluster); ok {
			cluster{row, w, r}.saidOf(ci)
			cluster{row, w, r}.joined(ci)
			cluster{row, w, r}.resume(ci)
		}
		return nil
	}
	row, err := join(r, conf.Cluster)
	if err != nil {
		return err
	}
	t, _ := ec2.FindInstanceType(i.Type) // it was launched, so the type is known
	id := w.Hex(32)
	offer := agent.Resources(i, t, conf)
	ci := &world.ContainerInstance{
		ID: id, ARN: instanceARN(r, row, id), Cluster: row.Name, EC2ID: i.ID, Zone: i.Zone, Status: active, Provider: providerFor(r, row, i),
		AgentConnected: true, AgentVersion: image.Release.AgentVersion, AgentHash: agent.Hash(image.Release.AgentVersion),
		DockerVersion: image.Release.DockerVersion, Registered: offer, Remaining: agent.Copied(offer),
		Attributes: agent.Attributes(i, image, conf), Version: 1, RegisteredAt: w.Now(), Tags: conf.InstanceTags(i),
	}
	if on := setting.Effective(r, "awsvpcTrunking", setting.Root); on == "enabled" || on == "on" {
		eni.Trunk(w, r, ci)
	}
	row.Instances.Put(id, ci)
	a.Cluster, a.ContainerInstance = row.Name, id
	cluster{row, w, r}.saidOf(ci)
	cluster{row, w, r}.joined(ci)
	return nil
}

// join finds the cluster that an agent is to register in. Only the one called default is made for it.
func join(r *world.Region, name string) (*world.Cluster, error) {
	row, ok := r.ECS.Clusters.Get(name)
	if ok && row.Status == inactive {
		ok = false
	}
	if !ok && name == defaultCluster {
		r.ECS.Clusters.Delete(name)
		row, ok = makeCluster(r, name), true
		r.ECS.Clusters.Put(name, row)
	}
	switch {
	case !ok:
		return nil, client("Cluster not found.")
	case row.Status != active && row.Status != provisioning:
		return nil, client("Cluster was not ACTIVE.")
	case registered(row) >= mostInstances:
		return nil, client("The maximum number of container instances per cluster has been reached.")
	}
	return row, nil
}

// providerFor is the capacity provider of a new container instance: the one of its group, if its cluster has it by now.
func providerFor(r *world.Region, row *world.Cluster, i *world.Instance) string {
	g, _, ok := asg.MemberOf(r, i.ID)
	if !ok {
		return ""
	}
	for _, name := range row.Providers {
		if p, ok := r.ECS.Providers.Get(name); ok && p.GroupARN == g.ARN {
			return name
		}
	}
	return ""
}

// stopping cuts an agent's connection; the instance stays registered.
func stopping(w *world.World, e world.Event) {
	if ci, ok := InstanceOn(w.Region(e.Region), e.ID); ok {
		ci.AgentConnected = false
		ci.Version++
		if k, ok := clusterNamed(w, e.Region, ci.Cluster); ok {
			k.saidOf(ci)
		}
	}
}

// hostStopped ends the tasks of an instance that was stopped.
func hostStopped(w *world.World, e world.Event) {
	if k, ci, ok := hostGone(w, e, world.InstanceStopped); ok {
		k.lose(ci, byHost, "Host EC2 (instance "+e.ID+") stopped.")
	}
}

// terminated ends the tasks of an instance and deregisters it if its agent was connected to the end. One that was not
// stays, until somebody deregisters it (ECS API reference, DeregisterContainerInstance).
func terminated(w *world.World, e world.Event) {
	k, ci, ok := hostGone(w, e, world.InstanceTerminated)
	if !ok {
		return
	}
	eni.Untrunk(w, k.r, ci)
	why := "Host EC2 (instance " + e.ID + ") terminated."
	if ci.AgentConnected {
		k.deregister(ci, byHost, why)
	} else {
		k.lose(ci, byHost, why)
	}
}

// hostGone finds the container instance on an EC2 instance that has come to a state.
func hostGone(w *world.World, e world.Event, state string) (cluster, *world.ContainerInstance, bool) {
	r := w.Region(e.Region)
	i, ok := r.EC2.Instances.Get(e.ID)
	if !ok || !ec2.Current(i, e) || i.State != state {
		return cluster{}, nil, false
	}
	ci, ok := InstanceOn(r, e.ID)
	if !ok {
		return cluster{}, nil, false
	}
	k, ok := clusterNamed(w, r.Name, ci.Cluster)
	return k, ci, ok
}

// gone forgets the agent of an instance that EC2 has forgotten.
func gone(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	if _, ok := InstanceOn(r, e.ID); !ok {
		r.ECS.Agents.Delete(e.ID)
	}
}
