package ecs

import (
	"slices"
	"time"

	"berth/internal/sim/asg"
	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/ec2"
	"berth/internal/sim/ecs/agent"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/ecs/reservation"
	"berth/internal/sim/world"
)

// Managed scaling: ECS measures once a minute how much of a provider's group is needed, and Auto Scaling does the rest by the
// alarms of the policy that ECS put onto the group. Here it measures after something has changed, and the value is held.

// metricOf is the metric of a capacity provider in a cluster.
func metricOf(cluster, provider string) cloudwatch.Datum {
	return cloudwatch.Datum{
		Namespace: "AWS/ECS/ManagedScaling", Name: "CapacityProviderReservation",
		Dimensions: []world.Tag{{Key: "CapacityProviderName", Value: provider}, {Key: "ClusterName", Value: cluster}},
	}
}

// managedPolicy is what managed scaling put onto the group of a cluster's provider, once it is there.
func (k cluster) managedPolicy(provider string) *world.ClusterAttachment {
	for n := range k.Attachments {
		if a := &k.Attachments[n]; a.Provider == provider && a.Type == policyAttachment && a.Status == "ACTIVE" {
			return a
		}
	}
	return nil
}

// remeasure lets ECS measure a provider at the next whole minute: a task of it waits or is placed, ran or ended, or its group
// has changed.
func (k cluster) remeasure(provider string) {
	a := k.managedPolicy(provider)
	if a == nil || !a.Due.IsZero() {
		return
	}
	a.Due = k.w.Now().Truncate(time.Minute).Add(time.Minute)
	k.w.Schedule(a.Due.Sub(k.w.Now()), world.Event{Kind: "ecs.capacity-measure", Region: k.r.Name, ID: k.Name, Arg: provider})
}

// measure publishes how much of a provider's group is needed, and lets the group's policy act by it. Without its tag ECS leaves
// a group alone (ECS developer guide, "Cluster auto scaling").
func measure(w *world.World, e world.Event) {
	k, ok := clusterNamed(w, e.Region, e.ID)
	if !ok {
		return
	}
	a := k.managedPolicy(e.Arg)
	if a == nil || !w.Now().Equal(a.Due) {
		return
	}
	a.Due = time.Time{}
	p, ok := k.r.ECS.Providers.Get(e.Arg)
	if !ok {
		return
	}
	g, ok := asg.Find(k.r, p.GroupName)
	if !ok || !slices.ContainsFunc(g.Tags, func(t world.GroupTag) bool { return t.Key == managedTag }) {
		return
	}
	d := metricOf(k.Name, p.Name)
	d.Value = reservation.Compute(k.demand(p, g)).Value
	cloudwatch.Hold(w, k.r, d)
	asg.Track(w, k.r, g)
}

// halt ends what the policies of a provider do, once the update is done that turns its scaling off; they are taken off their
// group a little later.
func halt(r *world.Region, p *world.CapacityProvider, g *world.ScalingGroup) {
	if p.Scaling || g == nil {
		return
	}
	for row := range r.ECS.Clusters.Rows() {
		for _, a := range row.Attachments {
			if policy, ok := g.Policies.Get(a.Name); ok && a.Provider == p.Name {
				policy.Disabled = true
			}
		}
	}
}

// demand is what a provider's metric is computed from.
func (k cluster) demand(p *world.CapacityProvider, g *world.ScalingGroup) reservation.Input {
	in := reservation.Input{Settings: reservation.Settings{Target: p.Target, MinStep: p.MinStep, MaxStep: p.MaxStep}, Offers: k.offers(g)}
	for _, m := range asg.Serving(k.r, g) {
		in.Instances++
		if !engaged(k.r, m.ID) {
			in.Empty++
		}
	}
	for _, id := range k.Waiting {
		if t, ok := k.Tasks.Get(id); ok && t.Provider == p.Name {
			n := k.needOf(t)
			in.Waiting = append(in.Waiting, reservation.Size{CPU: n.CPU, Memory: n.Memory, Alone: len(n.Ports) > 0})
		}
	}
	return in
}

// offers are what an instance of each type that a group may launch would have for tasks, once the daemons are on it.
func (k cluster) offers(g *world.ScalingGroup) []reservation.Size {
	var out []reservation.Size
	for _, i := range asg.Drafts(k.r, g) {
		t, ok := ec2.FindInstanceType(i.Type)
		if !ok {
			continue
		}
		image, _ := ec2.FindImage(k.r.Name, i.ImageID, k.w.Now())
		conf, err := agent.Read(&i, image)
		if err != nil {
			continue // it would never join
		}
		offer := reservation.Size{}
		for _, have := range agent.Resources(&i, t, conf.WithoutGPUs()) {
			switch have.Name {
			case "CPU":
				offer.CPU = have.Integer
			case "MEMORY":
				offer.Memory = have.Integer
			}
		}
		for _, s := range k.daemons() {
			d, _ := k.r.ECS.Definitions.Get(s.Definition)
			cpu, memory := definition.Reservation(d)
			offer.CPU, offer.Memory = offer.CPU-cpu, offer.Memory-memory
		}
		out = append(out, offer)
	}
	return out
}

// groupChanged follows a group that has another number of instances in service.
func groupChanged(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	g, ok := asg.Find(r, e.ID)
	if !ok {
		return
	}
	for p := range r.ECS.Providers.Rows() {
		if p.GroupARN != g.ARN || p.Status == inactive {
			continue
		}
		for row := range r.ECS.Clusters.Rows() {
			cluster{row, w, r}.remeasure(p.Name)
		}
	}
}

// taskFailed is the code of tasks that stop before they have an instance.
const taskFailed = "TaskFailedToStart"

// patience is how long a task waits for an instance: between 10 and 30 minutes (AWS containers blog, "Deep dive on Amazon ECS
// cluster auto scaling"). It is not drawn as a delay, since nobody waits for it.
func patience(w *world.World) time.Duration {
	return 20*time.Minute + time.Duration(w.Dice("ecs.task-wait").IntN(600))*time.Second
}

// waited ends a task that has waited for an instance for too long, with what kept it from the last one that was looked at (ECS
// developer guide, "API failure reasons").
func waited(w *world.World, e world.Event) {
	k, t, ok := taskOf(w, e)
	if !ok || t.Status != provisioning || t.Instance != "" {
		return
	}
	why := "EMPTY CAPACITY PROVIDER"
	if m, ok := k.search(t).Closest(); ok && m.Why != "" {
		why = m.Why
	} else if slices.ContainsFunc(slices.Collect(k.Instances.Rows()), func(i *world.ContainerInstance) bool {
		return i.Status == draining && i.Provider == t.Provider
	}) {
		why = "NO ACTIVE INSTANCES"
	}
	k.stop(t, taskFailed, taskFailed+": "+why)
}
