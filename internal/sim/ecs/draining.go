package ecs

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg"
	"berth/internal/sim/world"
)

// providerOf finds the capacity provider that a group works for, if a cluster has it.
func providerOf(r *world.Region, g *world.ScalingGroup) (*world.CapacityProvider, bool) {
	for p := range r.ECS.Providers.Rows() {
		if p.GroupARN != g.ARN || p.Status == inactive {
			continue
		}
		for row := range r.ECS.Clusters.Rows() {
			if row.Status == active && slices.Contains(row.Providers, p.Name) {
				return p, true
			}
		}
	}
	return nil, false
}

// waits follows an instance of a group that begins to wait for the hook of managed draining. ECS acts only for a group
// whose provider is still in a cluster: otherwise the instance waits until the hook times out.
func waits(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	g, _, ok := asg.MemberOf(r, e.ID)
	if !ok || e.Arg != drainingHook {
		return
	}
	if p, ok := providerOf(r, g); ok && p.Draining {
		w.Schedule(w.Draw("ecs.managed-drain", e.ID, soon(3*time.Second)), world.Event{Kind: "ecs.managed-drain", Region: r.Name, ID: e.ID})
	}
}

// drain sets an instance that is to be terminated to DRAINING.
func drain(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	if ci, ok := InstanceOn(r, e.ID); ok {
		if k, ok := clusterNamed(w, r.Name, ci.Cluster); ok {
			k.setInstance(ci, draining)
		}
	}
	drained(w, r, e.ID)
	if occupied(r, e.ID) {
		w.Schedule(renewEvery, world.Event{Kind: "ecs.managed-drain-renew", Region: r.Name, ID: e.ID})
	}
}

// renewEvery is how often ECS records a heartbeat for an instance that still has tasks; the hook's own is an hour.
const renewEvery = 30 * time.Minute

// renew lets an instance with tasks wait on, up to the 48 hours that Auto Scaling allows, as long as its group's provider
// is in a cluster.
func renew(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	g, _, ok := asg.MemberOf(r, e.ID)
	if !ok || !occupied(r, e.ID) {
		return
	}
	if p, ok := providerOf(r, g); ok && p.Draining && asg.Heartbeat(w, r, e.ID, drainingHook) {
		w.Schedule(renewEvery, e)
	}
}

// drained lets an instance go that waits for the hook of managed draining, once it has no task left.
func drained(w *world.World, r *world.Region, ec2ID string) {
	if occupied(r, ec2ID) || !asg.WaitsFor(r, ec2ID, drainingHook) {
		return
	}
	w.Schedule(w.Draw("ecs.managed-drain-done", ec2ID, soon(4*time.Second)), world.Event{Kind: "ecs.managed-drain-done", Region: r.Name, ID: ec2ID})
}

// drainDone completes the hook of managed draining.
func drainDone(w *world.World, e world.Event) {
	if r := w.Region(e.Region); !occupied(r, e.ID) {
		asg.Complete(w, r, e.ID, drainingHook)
	}
}

// occupied tells whether an EC2 instance has tasks.
func occupied(r *world.Region, ec2ID string) bool {
	ci, ok := InstanceOn(r, ec2ID)
	return ok && ci.RunningTasks+ci.PendingTasks > 0
}

// blocked follows a group that cannot shrink. With managed termination protection ECS takes the protection off instances
// without tasks, but only when it was its own scaling policy that lowered the desired capacity: a user who lowers it has
// to lift the protection too (ECS developer guide, "Control the instances Amazon ECS terminates").
func blocked(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	g, ok := asg.Find(r, e.ID)
	if !ok || !strings.HasPrefix(g.DesiredBy, policyPrefix) {
		return
	}
	if p, ok := providerOf(r, g); ok && p.Protection && p.Scaling {
		w.Schedule(w.Draw("ecs.unprotect", g.Name, soon(5*time.Second)), world.Event{Kind: "ecs.unprotect", Region: r.Name, ID: g.Name})
	}
}

// engaged tells whether an EC2 instance has tasks other than daemons, which do not keep it.
func engaged(r *world.Region, ec2ID string) bool {
	ci, ok := InstanceOn(r, ec2ID)
	if !ok {
		return false
	}
	row, ok := r.ECS.Clusters.Get(ci.Cluster)
	return ok && slices.ContainsFunc(ci.Tasks, func(id string) bool {
		t, ok := row.Tasks.Get(id)
		return ok && !t.Daemon
	})
}

// unprotect takes the protection off the instances without tasks of a group that has too many, whoever set it (ECS developer guide,
// "Amazon ECS managed scaling behavior", Managed scale-in behavior).
func unprotect(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	if g, ok := asg.Find(r, e.ID); ok && asg.Excess(g) > 0 {
		asg.Protect(w, r, g, false, serving(g, func(m *world.GroupMember) bool { return m.Protected && !engaged(r, m.ID) })...)
	}
}

// serving are the instances of a group that are in service and of some kind.
func serving(g *world.ScalingGroup, are func(*world.GroupMember) bool) []string {
	var out []string
	for m := range g.Members.Rows() {
		if m.State == string(types.LifecycleStateInService) && are(m) {
			out = append(out, m.ID)
		}
	}
	return out
}

// shield protects from scale-in what serves in the group of a provider with managed termination protection, which ECS does first of all
// (ECS developer guide, "Control the instances Amazon ECS terminates").
func shield(w *world.World, r *world.Region, p *world.CapacityProvider, g *world.ScalingGroup) {
	if p.Protection && p.Scaling {
		asg.Protect(w, r, g, true, serving(g, func(m *world.GroupMember) bool { return !m.Protected })...)
	}
}

// shelter protects the instance that gets a task, where its protection had been taken off while it had none. Daemons do not keep it.
func (k cluster) shelter(t *world.Task, i *world.ContainerInstance) {
	if p, ok := k.r.ECS.Providers.Get(i.Provider); ok && p.Protection && p.Scaling && !t.Daemon {
		if g, ok := asg.Find(k.r, p.GroupName); ok {
			asg.Protect(k.w, k.r, g, true, serving(g, func(m *world.GroupMember) bool { return m.ID == i.EC2ID && !m.Protected })...)
		}
	}
}
