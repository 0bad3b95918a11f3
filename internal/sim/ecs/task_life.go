package ecs

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"berth/internal/sim/ecs/rollout"
	"berth/internal/sim/world"
)

// The states of tasks that no other resource has.
const (
	pending     = "PENDING"
	running     = "RUNNING"
	stoppingNow = "STOPPING"
	stopped     = "STOPPED"
)

// Why tasks stop (ECS API reference, Task).
const (
	byUser      = "UserInitiated"
	byScheduler = "ServiceSchedulerInitiated"
	byHost      = "TerminationNotice"
)

// agentStopTimeout is how long the agent lets a container end by itself unless its definition says otherwise.
const agentStopTimeout = 30

// keepsStopped is how long a stopped task can be seen.
const keepsStopped = time.Hour

func portText(p world.PortBinding) string { return strconv.Itoa(p.Host) }

// count adds a task to the counts of its cluster and its instance, or takes it off. Every change of state goes through it.
func (k cluster) count(t *world.Task, by int) {
	i, on := k.Instances.Get(t.Instance)
	switch t.Status {
	case provisioning, pending:
		k.PendingTasks += by
		if on {
			i.PendingTasks += by
		}
	case running, stoppingNow:
		k.RunningTasks += by
		if on {
			i.RunningTasks += by
		}
	}
}

func (k cluster) setTask(t *world.Task, status string) {
	k.count(t, -1)
	t.Status = status
	t.Version++
	k.count(t, 1)
}

func (k cluster) event(kind world.Kind, t *world.Task) world.Event {
	return world.Event{Kind: kind, Region: k.r.Name, ID: k.Name, Arg: t.ID}
}

// admit adds a new task: on an instance, or waiting for one of its capacity provider (nil).
func (k cluster) admit(t *world.Task, i *world.ContainerInstance) {
	t.ID = k.w.Hex(32)
	t.ARN = "arn:aws:ecs:" + k.r.Name + ":" + world.Account + ":task/" + k.Name + "/" + t.ID
	for n := range t.Containers {
		t.Containers[n].ID = k.w.UUID()
	}
	t.Status, t.Desired, t.CreatedAt, t.Version = provisioning, running, k.w.Now(), 1
	k.Tasks.Put(t.ID, t)
	if s, ok := k.Services.Get(t.Service); ok {
		s.Tasks = append(s.Tasks, t.ID)
	}
	k.count(t, 1)
	if i != nil {
		k.place(t, i)
		return
	}
	k.Waiting = append(k.Waiting, t.ID)
	k.wake()
}

// place puts a task onto an instance, where it runs after its images are there.
func (k cluster) place(t *world.Task, i *world.ContainerInstance) {
	k.count(t, -1)
	t.Instance, t.EC2ID, t.Zone = i.ID, i.EC2ID, k.zoneOf(i)
	t.Status, t.PlacedAt = pending, k.w.Now()
	t.Version++
	k.count(t, 1)
	i.Tasks = append(i.Tasks, t.ID)
	k.reserve(i, t, 1)
	span := world.Span{Mean: 12 * time.Second, Deviation: 4 * time.Second, Floor: 4 * time.Second}
	k.w.Schedule(k.w.Draw("ecs.task-start", t.ID, span), k.event("ecs.task-started", t))
}

// taskOf finds the task of an event.
func taskOf(w *world.World, e world.Event) (cluster, *world.Task, bool) {
	k, ok := clusterNamed(w, e.Region, e.ID)
	if !ok {
		return k, nil, false
	}
	t, ok := k.Tasks.Get(e.Arg)
	return k, t, ok
}

// started lets a task run, unless it is to stop or its host is going.
func started(w *world.World, e world.Event) {
	k, t, ok := taskOf(w, e)
	if !ok || t.Status != pending || t.Desired == stopped {
		return
	}
	i, ok := k.Instances.Get(t.Instance)
	if !ok || !k.alive(i) {
		return
	}
	d, _ := k.r.ECS.Definitions.Get(t.Definition)
	bound := k.bound(i)
	for n := range t.Containers {
		t.Containers[n].RuntimeID = w.Hex(64)
		t.Containers[n].Ports = bind(i, bound, d.Containers[n].Ports)
	}
	t.StartedAt = w.Now()
	k.setTask(t, running)
	if s, ok := k.Services.Get(t.Service); ok {
		rollout.Ran(s, t)
		k.wakeService(s)
	}
}

// stop begins the end of a task.
func (k cluster) stop(t *world.Task, code, reason string) {
	if t.Desired == stopped {
		return
	}
	t.Desired, t.StopCode, t.StopReason, t.StoppingAt = stopped, code, reason, k.w.Now()
	t.Version++
	if t.Instance == "" {
		k.end(t)
		return
	}
	k.w.Schedule(k.w.Draw("ecs.task-stop", t.ID, soon(time.Second)), k.event("ecs.task-stopping", t))
}

// taskStopping tells the agent to stop a task: one that has not started is gone at once, others get a signal and end by
// themselves, or are killed after their timeout.
func taskStopping(w *world.World, e world.Event) {
	k, t, ok := taskOf(w, e)
	if !ok || t.Status != pending && t.Status != running {
		return
	}
	i, ok := k.Instances.Get(t.Instance)
	if !ok || !k.alive(i) {
		return // the end of its host is the end of the task
	}
	if t.Status == pending {
		k.end(t)
		return
	}
	k.setTask(t, stoppingNow)
	if s, ok := k.Services.Get(t.Service); ok {
		k.wakeService(s)
	}
	d, _ := k.r.ECS.Definitions.Get(t.Definition)
	w.Schedule(k.exits(t, d), k.event("ecs.task-stopped", t))
}

// exits gives how long the containers of a task take to end, and notes those that are killed. Servers end well before
// the shortest timeout.
func (k cluster) exits(t *world.Task, d *world.TaskDefinition) time.Duration {
	limits := make([]time.Duration, len(d.Containers))
	for n, c := range d.Containers {
		limits[n] = time.Duration(cmp.Or(c.StopTimeout, agentStopTimeout)) * time.Second
	}
	usual := min(3*time.Second, slices.Min(limits)/2)
	takes := k.w.Draw("ecs.task-exit", t.ID, world.Span{Mean: usual, Deviation: usual / 4, Floor: usual / 4})
	last := time.Duration(0)
	for n, limit := range limits {
		if takes > limit {
			t.Containers[n].ExitCode = 137
		}
		last = max(last, min(takes, limit))
	}
	return last
}

// taskStopped ends a task whose containers have ended.
func taskStopped(w *world.World, e world.Event) {
	if k, t, ok := taskOf(w, e); ok && t.Status == stoppingNow {
		k.end(t)
	}
}

// end is the end of a task: its instance has its resources back, and whoever waited for that looks again.
func (k cluster) end(t *world.Task) {
	i, on := k.Instances.Get(t.Instance)
	ran := t.Status == running || t.Status == stoppingNow
	k.setTask(t, stopped)
	t.StoppedAt, t.ExecutionStoppedAt = k.w.Now(), k.w.Now()
	for n := range t.Containers {
		t.Containers[n].Exited = ran
	}
	k.w.Schedule(keepsStopped, k.event("ecs.task-forgotten", t))
	k.Waiting = without(k.Waiting, t.ID)
	if s, ok := k.Services.Get(t.Service); ok {
		s.Tasks = without(s.Tasks, t.ID)
		k.lost(s, t)
		k.wakeService(s)
	}
	if !on {
		return
	}
	i.Tasks = without(i.Tasks, t.ID)
	k.reserve(i, t, -1)
	k.roomOn(i)
}

func without(ids []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(x string) bool { return x == id })
}

// forgetTask drops a task that stopped an hour ago.
func forgetTask(w *world.World, e world.Event) {
	if k, t, ok := taskOf(w, e); ok && t.Status == stopped {
		k.Tasks.Delete(t.ID)
	}
}

// lose ends all tasks of an instance that is gone or no longer ECS's.
func (k cluster) lose(i *world.ContainerInstance, code, reason string) {
	for _, id := range i.Tasks {
		t, ok := k.Tasks.Get(id)
		if !ok {
			continue
		}
		if t.Desired != stopped {
			t.Desired, t.StopCode, t.StopReason, t.StoppingAt = stopped, code, reason, k.w.Now()
		}
		for n := range t.Containers {
			t.Containers[n].ExitCode = 137
		}
		k.end(t)
	}
}

// roomOn looks again who could use an instance: it is new, active again, or a task on it has ended.
func (k cluster) roomOn(i *world.ContainerInstance) {
	switch i.Status {
	case active:
		for s := range k.Services.Rows() {
			if s.Hungry {
				k.wakeService(s)
			}
		}
		if len(k.Waiting) > 0 {
			k.wake()
		}
	case draining:
		k.wakeOn(i)
		drained(k.w, k.r, i.EC2ID)
	}
}

// joined looks who could use an instance that is there anew.
func (k cluster) joined(i *world.ContainerInstance) {
	for _, s := range k.daemons() {
		k.wakeService(s)
	}
	k.roomOn(i)
}

// wakeOn lets the services that have tasks on an instance look at themselves.
func (k cluster) wakeOn(i *world.ContainerInstance) {
	for _, id := range i.Tasks {
		if t, ok := k.Tasks.Get(id); ok {
			if s, ok := k.Services.Get(t.Service); ok {
				k.wakeService(s)
			}
		}
	}
}

// setInstance sets an instance to DRAINING or ACTIVE. Service tasks that do not run yet stop at once on one that drains,
// the others as their services allow; daemons come last, and tasks without a service stay (ECS developer guide, "Container
// instance draining").
func (k cluster) setInstance(i *world.ContainerInstance, status string) {
	if i.Status == status {
		return
	}
	setState(i, status)
	if status == draining {
		for _, id := range i.Tasks {
			if t, ok := k.Tasks.Get(id); ok && t.Service != "" && !t.Daemon && t.Status == pending {
				k.stop(t, byScheduler, scaling(t.Deployment))
			}
		}
		k.wakeOn(i)
	}
	k.joined(i) // how many instances suit the daemons has changed
}

// scaling is the reason of a task that its service's scheduler stops.
func scaling(deployment string) string {
	return "Scaling activity initiated by (deployment " + deployment + ")"
}
