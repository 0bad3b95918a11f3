package ecs

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

// How many tasks one call may protect or ask about, and how long, in minutes, protection may last (ECS API reference,
// UpdateTaskProtection and GetTaskProtection).
const (
	mostProtect  = 10
	mostAsk      = 100
	usualMinutes = 120
	mostMinutes  = 2880
)

// protected tells whether a task's service may not stop it to scale in or to deploy.
func (k cluster) protected(t *world.Task) bool { return k.w.Now().Before(t.ProtectedUntil) }

// free are the tasks that are not protected.
func (k cluster) free(tasks []*world.Task) []*world.Task {
	return filter(tasks, func(t *world.Task) bool { return !k.protected(t) })
}

// UpdateTaskProtection protects tasks of services from being stopped by them, or no longer.
func UpdateTaskProtection(c *world.Call, in *ecs.UpdateTaskProtectionInput) (*ecs.UpdateTaskProtectionOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	minutes := usualMinutes
	if in.ExpiresInMinutes != nil {
		minutes = int(*in.ExpiresInMinutes)
	}
	switch n := len(in.Tasks); {
	case n == 0:
		return nil, invalid("Tasks cannot be empty.")
	case n > mostProtect:
		return nil, invalid("Tasks can have at most %d items.", mostProtect)
	case minutes < 1 || minutes > mostMinutes:
		return nil, invalid("expiresInMinutes must be between 1 and %d.", mostMinutes)
	}
	k := cluster{row, c.World, c.Region}
	out := &ecs.UpdateTaskProtectionOutput{ProtectedTasks: []types.ProtectedTask{}, Failures: []types.Failure{}}
	for _, id := range in.Tasks {
		t, fault := k.guarded(c, id)
		if fault != nil {
			out.Failures = append(out.Failures, *fault)
			continue
		}
		k.protect(t, in.ProtectionEnabled, time.Duration(minutes)*time.Minute)
		out.ProtectedTasks = append(out.ProtectedTasks, k.viewProtection(t))
	}
	return out, nil
}

// protect sets or ends the protection of a task. When it is over its service looks whether it was waiting for that.
func (k cluster) protect(t *world.Task, on bool, lasts time.Duration) {
	t.Version++
	if !on {
		t.ProtectedUntil = time.Time{}
		k.wakeFor(t)
		return
	}
	t.ProtectedUntil = k.w.Now().Add(lasts)
	k.w.Schedule(lasts, k.event("ecs.protection-expired", t))
}

func protectionExpired(w *world.World, e world.Event) {
	if k, t, ok := taskOf(w, e); ok && w.Now().Equal(t.ProtectedUntil) {
		k.wakeFor(t)
	}
}

// GetTaskProtection tells which tasks of services are protected, and until when.
func GetTaskProtection(c *world.Call, in *ecs.GetTaskProtectionInput) (*ecs.GetTaskProtectionOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	switch n := len(in.Tasks); {
	case n == 0:
		return nil, invalid("Tasks cannot be empty.")
	case n > mostAsk:
		return nil, invalid("Tasks can have at most %d items.", mostAsk)
	}
	k := cluster{row, c.World, c.Region}
	out := &ecs.GetTaskProtectionOutput{ProtectedTasks: []types.ProtectedTask{}, Failures: []types.Failure{}}
	for _, id := range in.Tasks {
		if t, fault := k.guarded(c, id); fault != nil {
			out.Failures = append(out.Failures, *fault)
		} else {
			out.ProtectedTasks = append(out.ProtectedTasks, k.viewProtection(t))
		}
	}
	return out, nil
}

// guarded finds a task that can be protected: one that a service keeps, and that is to run.
func (k cluster) guarded(c *world.Call, id string) (*world.Task, *types.Failure) {
	t, ok := k.findTask(id)
	if !ok {
		f := failure(c.ARN("ecs", "task/"+k.Name+"/"+nameOf(id)), "MISSING")
		return nil, &f
	}
	if t.Service == "" || t.Desired == stopped {
		f := failure(t.ARN, "TASK_NOT_VALID")
		return nil, &f
	}
	return t, nil
}

func (k cluster) viewProtection(t *world.Task) types.ProtectedTask {
	v := types.ProtectedTask{TaskArn: aws.String(t.ARN), ProtectionEnabled: k.protected(t)}
	if v.ProtectionEnabled {
		v.ExpirationDate = moment(t.ProtectedUntil)
	}
	return v
}
