package ecs

import (
	"slices"
	"time"

	"berth/internal/sim/ecs/agent"
	"berth/internal/sim/ecs/balance"
	"berth/internal/sim/ecs/container"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/ecs/program"
	"berth/internal/sim/ecs/rollout"
	"berth/internal/sim/world"
)

// on finds the instance of a task that is to run, as long as the machine does. The end of its machine is the end of a task.
func (k cluster) on(t *world.Task) (*world.ContainerInstance, bool) {
	i, ok := k.Instances.Get(t.Instance)
	if !ok {
		return nil, false
	}
	host, ok := k.r.EC2.Instances.Get(i.EC2ID)
	return i, ok && host.State == world.InstanceRunning
}

func (k cluster) definitionOf(t *world.Task) *world.TaskDefinition {
	d, _ := k.r.ECS.Definitions.Get(t.Definition) // definitions are never deleted
	return d
}

// taskAttached gives a task its network interface.
func taskAttached(w *world.World, e world.Event) {
	k, t, ok := taskOf(w, e)
	if !ok || t.Status != provisioning || t.Desired == stopped {
		return
	}
	i, ok := k.on(t)
	if !ok {
		return
	}
	if err := eni.Attach(w, k.r, t, i); err != nil {
		k.unstartable(t, err.Error())
		return
	}
	k.pull(t)
}

// pull begins to fetch the images of a task.
func (k cluster) pull(t *world.Task) {
	t.PullStartedAt = k.w.Now()
	k.setTask(t, pending)
	slow := time.Duration(0)
	for _, c := range t.Containers {
		p, _ := program.Parse(c.Image) // definitions with other images are refused
		slow = max(slow, p.PullTakes)
	}
	span := world.Span{Mean: 8 * time.Second, Deviation: 3 * time.Second, Floor: 2 * time.Second}
	k.w.Schedule(slow+k.w.Draw("ecs.task-pull", t.ID, span), k.event("ecs.task-pulled", t))
}

// outage tells what keeps an image from being pulled onto an instance; empty: nothing. An image that is there already is
// used when it cannot be pulled again (ECS developer guide, ECS_IMAGE_PULL_BEHAVIOR).
func (k cluster) outage(i *world.ContainerInstance, image string) string {
	p, _ := program.Parse(image) // definitions with other images are refused
	switch {
	case program.Outage(p.Pull):
		return p.Pull
	case slices.Contains(i.Images, image):
		return ""
	}
	for prefix, o := range k.r.ECS.Unpullable.All() {
		if len(image) >= len(prefix) && image[:len(prefix)] == prefix && (o.Until.IsZero() || k.w.Now().Before(o.Until)) {
			return o.Kind
		}
	}
	if !agent.Pulls(k.w, k.r, i.EC2ID, program.Host(image)) {
		return program.Unreachable
	}
	return ""
}

// taskPulled goes on with a task whose images are there, or cannot be fetched.
func taskPulled(w *world.World, e world.Event) {
	k, t, ok := taskOf(w, e)
	if !ok || t.Status != pending || t.Desired == stopped {
		return
	}
	i, ok := k.on(t)
	if !ok {
		return
	}
	t.PullStoppedAt = w.Now()
	for n, c := range t.Containers {
		if kind := k.outage(i, c.Image); kind != "" {
			t.Containers[n].Reason = program.Reason(kind, c.Image)
			k.unstartable(t, t.Containers[n].Reason)
			return
		}
	}
	for _, c := range t.Containers {
		if !slices.Contains(i.Images, c.Image) {
			i.Images = append(i.Images, c.Image)
		}
	}
	span := world.Span{Mean: 4 * time.Second, Deviation: time.Second, Floor: 2 * time.Second}
	k.w.Schedule(w.Draw("ecs.task-start", t.ID, span), k.event("ecs.task-started", t))
}

// unstartable ends a task that could not be started.
func (k cluster) unstartable(t *world.Task, reason string) {
	t.Desired, t.StopCode, t.StopReason, t.StoppingAt = stopped, notStarted, reason, k.w.Now()
	k.gone(t)
}

// started lets the containers of a task begin, those first that wait for none.
func started(w *world.World, e world.Event) {
	k, t, ok := taskOf(w, e)
	if !ok || t.Status != pending || t.Desired == stopped {
		return
	}
	i, ok := k.on(t)
	if !ok {
		return
	}
	d := k.definitionOf(t)
	for n, c := range t.Containers {
		if p, _ := program.Parse(c.Image); p.Pull == program.WrongArch {
			t.Containers[n].Reason = program.Reason(p.Pull, c.Image)
			k.unstartable(t, t.Containers[n].Reason)
			return
		}
	}
	if !definition.OwnInterface(d) {
		bound := placement.Bound(k.Cluster, i)
		for n := range t.Containers {
			t.Containers[n].Ports = placement.Bind(i, bound, d.Containers[n].Ports)
		}
	}
	k.step(t)
}

// taskDue lets the containers of a task do what they do by themselves.
func taskDue(w *world.World, e world.Event) {
	k, t, ok := taskOf(w, e)
	if !ok || !w.Now().Equal(t.Due) {
		return
	}
	if _, ok := k.on(t); ok {
		t.Due = time.Time{}
		k.step(t)
	}
}

// step brings the containers of a task up to now, and the task with them.
func (k cluster) step(t *world.Task) {
	d := k.definitionOf(t)
	health := container.Health(t, d)
	container.Step(t, d, k.w.Now())
	for n, c := range t.Containers {
		if c.RuntimeID == "" && !c.StartedAt.IsZero() {
			t.Containers[n].RuntimeID = k.w.Hex(64)
		}
	}
	k.serve(t, d)
	if container.Health(t, d) != health {
		t.Version++
		k.wakeFor(t)
	}
	switch {
	case !t.EndingAt.IsZero():
		if container.Done(t) {
			k.gone(t)
			return
		}
	case container.Fallen(t, d):
		k.collapse(t, d)
		return
	case t.Status == pending && container.Up(t):
		k.activate(t)
	}
	k.await(t, d)
}

// await schedules the moment in which the containers of a task do something by themselves.
func (k cluster) await(t *world.Task, d *world.TaskDefinition) {
	at, ok := container.Next(t, d)
	if !ok {
		t.Due = time.Time{}
	} else if !at.Equal(t.Due) {
		t.Due = at
		k.w.Schedule(at.Sub(k.w.Now()), k.event("ecs.task-due", t))
	}
}

// activate registers a task with its service's load balancers, if it has any, before it counts as running.
func (k cluster) activate(t *world.Task) {
	if len(t.Balancers) == 0 {
		k.runs(t)
		return
	}
	k.setTask(t, activating)
	k.w.Schedule(k.w.Draw("ecs.task-register", t.ID, soon(4*time.Second)), k.event("ecs.task-registered", t))
}

func taskRegistered(w *world.World, e world.Event) {
	k, t, ok := taskOf(w, e)
	if !ok || t.Status != activating || t.Desired == stopped {
		return
	}
	if _, ok := k.on(t); !ok {
		return
	}
	places, err := balance.Enroll(w, k.r, t)
	k.note(t, balance.Registered, places...)
	if s, ok := k.Services.Get(t.Service); ok && err != nil {
		k.tell(s, "failed to register targets with (error %s)", err)
	}
	k.runs(t)
}

// runs is the moment from which a task is RUNNING.
func (k cluster) runs(t *world.Task) {
	t.StartedAt = k.w.Now()
	k.setTask(t, running)
	k.stirred()
	if s, ok := k.Services.Get(t.Service); ok {
		rollout.Ran(s, t)
		k.wakeService(s)
	}
}

// wakeFor lets the service of a task look at itself.
func (k cluster) wakeFor(t *world.Task) {
	if s, ok := k.Services.Get(t.Service); ok {
		k.wakeService(s)
	}
}
