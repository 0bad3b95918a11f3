package ecs

import (
	"slices"
	"strconv"
	"time"

	"berth/internal/sim/ecs/container"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/world"
)

// The states of tasks that no other resource has (ECS developer guide, "Amazon ECS task lifecycle").
const (
	pending      = "PENDING"
	activating   = "ACTIVATING"
	running      = "RUNNING"
	deactivating = "DEACTIVATING"
	stoppingNow  = "STOPPING"
	stopped      = "STOPPED"
)

// Why tasks stop (ECS API reference, Task).
const (
	byUser      = "UserInitiated"
	byScheduler = "ServiceSchedulerInitiated"
	byHost      = "TerminationNotice"
	byItself    = "EssentialContainerExited"
	notStarted  = "TaskFailedToStart"
)

// keepsStopped is how long a stopped task can be seen.
const keepsStopped = time.Hour

func portText(p world.PortBinding) string { return strconv.Itoa(p.Host) }

// starting tells whether a task is on its way to RUNNING.
func starting(t *world.Task) bool {
	return t.Status == provisioning || t.Status == pending || t.Status == activating
}

// count adds a task to the counts of its cluster and its instance, or takes it off. Every change of state goes through it.
func (k cluster) count(t *world.Task, by int) {
	i, on := k.Instances.Get(t.Instance)
	if k.remeasure(t.Provider); on && i.Provider != t.Provider {
		k.remeasure(i.Provider)
	}
	switch {
	case t.Status == stopped:
	case starting(t):
		k.PendingTasks += by
		if on {
			i.PendingTasks += by
		}
	default:
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
	if status != stopped { // then there is more to say, and end says it
		k.said(t)
	}
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
	k.said(t)
	if i != nil {
		k.place(t, i)
		return
	}
	k.Waiting = append(k.Waiting, t.ID)
	k.w.Schedule(patience(k.w), k.event("ecs.task-waited", t))
	k.wake()
}

// place puts a task onto an instance, where it runs after its interface and its images are there.
func (k cluster) place(t *world.Task, i *world.ContainerInstance) {
	k.count(t, -1)
	t.Instance, t.EC2ID, t.Zone, t.PlacedAt = i.ID, i.EC2ID, i.Zone, k.w.Now()
	k.count(t, 1)
	i.Tasks = append(i.Tasks, t.ID)
	k.reserve(i, t, 1)
	k.shelter(t, i)
	if t.Network == nil {
		k.pull(t)
		return
	}
	eni.Promise(k.w, t)
	t.Version++
	k.w.Schedule(k.w.Draw("ecs.task-attach", t.ID, soon(5*time.Second)), k.event("ecs.task-attached", t))
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
			if t.Containers[n].Status == container.Running {
				t.Containers[n].ExitCode = 137
			}
		}
		k.end(t)
	}
}

// roomOn looks again who could use an instance: it is new, active again, or a task on it has ended.
func (k cluster) roomOn(i *world.ContainerInstance) {
	switch i.Status {
	case active:
		for s := range k.Services.Rows() {
			if s.Hungry || s.Uneven {
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
	if i.Status == active {
		k.zoneOpened(i)
	}
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
	k.saidOf(i)
	if status == draining {
		for _, id := range i.Tasks {
			if t, ok := k.Tasks.Get(id); ok && t.Service != "" && !t.Daemon && starting(t) {
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
