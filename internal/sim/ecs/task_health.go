package ecs

import (
	"slices"
	"strings"
	"time"

	"berth/internal/sim/ecs/balance"
	"berth/internal/sim/ecs/container"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/elb"
	"berth/internal/sim/world"
)

// serve opens and closes the ports of a task as its containers answer.
func (k cluster) serve(t *world.Task, d *world.TaskDefinition) {
	host, own := t.EC2ID, definition.OwnInterface(d)
	if own {
		host = t.Interface.Address
	}
	for n := range t.Containers {
		c := &t.Containers[n]
		answer := container.Answer(*c)
		if answer == nil && c.Served == nil || answer != nil && c.Served != nil && *answer == *c.Served {
			continue
		}
		ports := c.Ports
		if own {
			ports = d.Containers[n].Ports
		}
		for _, p := range ports {
			switch {
			case p.Protocol != "tcp":
			case answer == nil:
				elb.Close(k.w, k.r, host, int32(p.Host))
			default:
				elb.Open(k.w, k.r, host, int32(p.Host), *answer)
			}
		}
		c.Served = answer
	}
}

// graceAfterStart is how long a task without health checks runs before it counts as healthy (ECS API reference,
// DeploymentConfiguration).
const graceAfterStart = 40 * time.Second

// healthy tells whether a task counts as healthy: it runs, its container health checks pass, and its load balancers agree.
// Without any check it does some time after its start, which is given; else its service is woken when that changes.
func (k cluster) healthy(t *world.Task) (bool, time.Time) {
	if t.Status != running {
		return false, time.Time{}
	}
	d := k.definitionOf(t)
	checked := container.Checked(d)
	if checked && container.Health(t, d) != container.Healthy {
		return false, time.Time{}
	}
	if len(t.Balancers) > 0 {
		fine, _ := balance.Judge(k.w, k.r, t)
		return fine, time.Time{}
	}
	if checked {
		return true, time.Time{}
	}
	at := t.StartedAt.Add(graceAfterStart)
	return !at.After(k.w.Now()), at
}

// HealthyTasks counts the tasks of a service that count as healthy now.
func HealthyTasks(w *world.World, r *world.Region, s *world.Service) int {
	n := 0
	if k, ok := clusterNamed(w, r.Name, s.Cluster); ok {
		for _, id := range s.Tasks {
			if t, ok := k.Tasks.Get(id); ok {
				if fine, _ := k.healthy(t); fine {
					n++
				}
			}
		}
	}
	return n
}

// ailment is the reason with which a task is stopped that fails a health check, and what its service says; empty: it fails
// none.
func (k cluster) ailment(t *world.Task) (reason, words string) {
	if d := k.definitionOf(t); container.Checked(d) && container.Health(t, d) == container.Unhealthy {
		return "Task failed container health checks", "(task " + t.ID + ") failed container health checks."
	}
	if len(t.Targets) == 0 {
		return "", ""
	}
	if _, trouble := balance.Judge(k.w, k.r, t); trouble != nil {
		return "Task failed ELB health checks in " + trouble.Place,
			trouble.Subject + " is unhealthy in " + trouble.Place + " due to (reason " + trouble.Reason + ")"
	}
	return "", ""
}

// ails tells whether a service's task fails a health check, which is overlooked until the service's grace period is over;
// census then notes when that is.
func (k cluster) ails(s *world.Service, c *census, t *world.Task) bool {
	if t.Status != running {
		return false
	}
	reason, words := k.ailment(t)
	if reason != "" && s.Grace != nil {
		if over := t.StartedAt.Add(time.Duration(*s.Grace) * time.Second); over.After(k.w.Now()) {
			if c.graceOver.IsZero() || over.Before(c.graceOver) {
				c.graceOver = over
			}
			return false
		}
	}
	if reason != "" && t.Ill == "" {
		k.tell(s, "%s", words)
	}
	t.Ill = reason
	return reason != ""
}

// replaceIll stops tasks of a service that fail health checks: those of older deployments at once; the others when healthy
// ones have taken their place, or, where no more tasks are allowed or have room, one after the other (ECS developer guide,
// "Amazon ECS services").
func (k cluster) replaceIll(s *world.Service, c census, most int) {
	var own, other []*world.Task
	for _, t := range c.ill {
		i, on := k.Instances.Get(t.Instance)
		if t.Deployment == s.Deployments[0].ID && (!on || i.Status != draining) {
			own = append(own, t)
		} else {
			other = append(other, t)
		}
	}
	n := c.fit + len(own) - s.Desired
	if n <= 0 && s.Deployments[0].Halted == "" && c.fit == len(c.current) && (c.counted >= most || s.Hungry) {
		n = 1
	}
	k.quitIll(s, append(other, own[:max(min(n, len(own)), 0)]...))
}

// quitIll stops tasks that fail health checks.
func (k cluster) quitIll(s *world.Service, tasks []*world.Task) {
	var ids []string
	for _, t := range tasks {
		k.stop(t, byScheduler, t.Ill)
		ids = append(ids, t.ID)
	}
	if len(ids) > 0 {
		k.tell(s, "has stopped %s", list(ids, "running tasks"))
	}
}

// targetChanged follows a target whose health has turned, or that its load balancer has let go. Most targets are instances.
func targetChanged(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	id, _, _ := strings.Cut(e.Arg, ":")
	if i, ok := InstanceOn(r, id); ok {
		if k, ok := clusterNamed(w, r.Name, i.Cluster); ok {
			k.targetsTurned(e, i.Tasks)
		}
		return
	}
	for row := range r.ECS.Clusters.Rows() {
		for s := range row.Services.Rows() {
			if len(s.Tasks) > 0 {
				cluster{row, w, r}.targetsTurned(e, s.Tasks)
			}
		}
	}
}

// targetsTurned finds the task whose target it is.
func (k cluster) targetsTurned(e world.Event, ids []string) {
	for _, id := range slices.Clone(ids) {
		t, ok := k.Tasks.Get(id)
		if ok && slices.ContainsFunc(t.Targets, func(x world.TaskTarget) bool { return balance.Is(x, e.ID, e.Arg) }) {
			k.targetTurned(t)
		}
	}
}

func (k cluster) targetTurned(t *world.Task) {
	if t.Status == deactivating {
		k.w.Schedule(0, k.event("ecs.task-stopping", t))
		return
	}
	k.wakeFor(t)
}

// note remembers what has become of a task's targets until its service looks at itself and speaks of it.
func (k cluster) note(t *world.Task, verb string, places ...string) {
	if s, ok := k.Services.Get(t.Service); ok {
		balance.Note(s, verb, places)
	}
}
