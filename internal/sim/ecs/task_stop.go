package ecs

import (
	"time"

	"berth/internal/sim/ecs/balance"
	"berth/internal/sim/ecs/container"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/world"
)

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

// taskStopping goes on with the end of a task: it leaves its load balancers, and when they have let it go its agent is told to
// stop it. An agent that cannot be told now is told when it is back.
func taskStopping(w *world.World, e world.Event) {
	k, t, ok := taskOf(w, e)
	if !ok || t.Desired != stopped || !t.EndingAt.IsZero() || t.Status == stopped || t.Status == deprovisioning {
		return
	}
	i, ok := k.Instances.Get(t.Instance)
	if !ok || !k.alive(i) {
		return // the end of its host is the end of the task
	}
	if t.Status == running {
		k.leave(t)
		k.setTask(t, deactivating)
	}
	if t.Status != deactivating || balance.Gone(k.r, t) {
		k.terminate(t)
	}
	k.wakeFor(t)
}

// leave takes a task away from its load balancers.
func (k cluster) leave(t *world.Task) {
	places := balance.Leave(k.w, k.r, t)
	k.note(t, balance.Deregistered, places...)
	if len(places) > 0 {
		k.note(t, balance.Draining, "")
	}
}

// terminate tells the containers of a task to end. Servers end by themselves well before the shortest timeout.
func (k cluster) terminate(t *world.Task) {
	d := k.definitionOf(t)
	usual := 3 * time.Second
	for _, c := range d.Containers {
		usual = min(usual, container.StopTimeout(c)/2)
	}
	t.Takes = k.w.Draw("ecs.task-exit", t.ID, world.Span{Mean: usual, Deviation: usual / 4, Floor: usual / 4})
	t.EndingAt = k.w.Now()
	if container.Begun(t) {
		k.setTask(t, stoppingNow)
	}
	k.step(t)
}

// collapse ends a task that lost a container without which it cannot be.
func (k cluster) collapse(t *world.Task, d *world.TaskDefinition) {
	if t.Desired != stopped {
		code, reason := byItself, "Essential container in task exited"
		if why, ran := container.Fall(t, d); !ran {
			code, reason = notStarted, why
		}
		t.Desired, t.StopCode, t.StopReason, t.StoppingAt = stopped, code, reason, k.w.Now()
	}
	k.leave(t)
	k.terminate(t)
	k.wakeFor(t)
}

// gone is the moment in which all containers of a task have ended: its network interface is left to take away.
func (k cluster) gone(t *world.Task) {
	if container.Begun(t) {
		t.ExecutionStoppedAt = k.w.Now()
	}
	if t.Interface.ID == "" {
		k.end(t)
		return
	}
	t.Interface.Status = eni.Detaching
	k.setTask(t, deprovisioning)
	k.w.Schedule(k.w.Draw("ecs.task-detach", t.ID, soon(4*time.Second)), k.event("ecs.task-detached", t))
}

// taskDetached ends a task without its network interface.
func taskDetached(w *world.World, e world.Event) {
	if k, t, ok := taskOf(w, e); ok && t.Status == deprovisioning {
		k.end(t)
	}
}

// end is the end of a task: its ports are closed, its targets and its interface are gone, its instance has its resources
// back, and whoever waited for that looks again.
func (k cluster) end(t *world.Task) {
	i, on := k.Instances.Get(t.Instance)
	container.Abandon(t)
	k.serve(t, k.definitionOf(t))
	k.leave(t)
	eni.Detach(k.w, k.r, t)
	k.setTask(t, stopped)
	t.Targets, t.Due, t.StoppedAt = nil, time.Time{}, k.w.Now()
	if t.ExecutionStoppedAt.IsZero() && container.Begun(t) {
		t.ExecutionStoppedAt = k.w.Now()
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

// resume tells the agent of an instance, which is back, what it could not be told.
func (k cluster) resume(i *world.ContainerInstance) {
	for _, id := range i.Tasks {
		if t, ok := k.Tasks.Get(id); ok && t.Desired == stopped && t.EndingAt.IsZero() {
			k.w.Schedule(0, k.event("ecs.task-stopping", t))
		}
	}
}
