package protection

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/find"
	"berth/internal/sim/wire"
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

// running is the desired status of a task that is to run.
const running = "RUNNING"

// Expired is the kind of the event that the protection of a task is over: ID is the cluster, Arg the task.
const Expired world.Kind = "ecs.protection-expired"

// Holds tells whether a task's service may not stop it.
func Holds(w *world.World, t *world.Task) bool { return w.Now().Before(t.ProtectedUntil) }

// Over gives the task of an Expired event, unless it is protected anew.
func Over(w *world.World, e world.Event) (*world.Task, bool) {
	row, ok := w.Region(e.Region).ECS.Clusters.Get(e.ID)
	if !ok {
		return nil, false
	}
	t, ok := row.Tasks.Get(e.Arg)
	return t, ok && w.Now().Equal(t.ProtectedUntil)
}

// Excessive tells whether a service has more protected tasks than it is to have, which keeps it from its steady state (ECS developer guide,
// "Amazon ECS service event messages").
func Excessive(w *world.World, row *world.Cluster, s *world.Service) bool {
	n := 0
	for _, id := range s.Tasks {
		if t, ok := row.Tasks.Get(id); ok && t.Desired == running && Holds(w, t) {
			n++
		}
	}
	return n > s.Desired
}

// UpdateTaskProtection protects tasks of services from being stopped by them, or no longer.
func UpdateTaskProtection(c *world.Call, in *ecs.UpdateTaskProtectionInput) (*ecs.UpdateTaskProtectionOutput, error) {
	row, err := find.Cluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	minutes := usualMinutes
	if in.ExpiresInMinutes != nil {
		minutes = int(*in.ExpiresInMinutes)
	}
	if err := counted(in.Tasks, mostProtect); err != nil {
		return nil, err
	}
	if minutes < 1 || minutes > mostMinutes {
		return nil, wire.Errorf("InvalidParameterException", "expiresInMinutes must be between 1 and %d.", mostMinutes)
	}
	out := &ecs.UpdateTaskProtectionOutput{ProtectedTasks: []types.ProtectedTask{}, Failures: []types.Failure{}}
	for _, id := range in.Tasks {
		t, fault := guarded(c, row, id)
		if fault == nil && in.ProtectionEnabled && blocked(c.World, row, t) {
			fault = failure(t.ARN, "DEPLOYMENT_BLOCKED")
		}
		if fault != nil {
			out.Failures = append(out.Failures, *fault)
			continue
		}
		protect(c, row, t, in.ProtectionEnabled, time.Duration(minutes)*time.Minute)
		out.ProtectedTasks = append(out.ProtectedTasks, view(c.World, t))
	}
	return out, nil
}

// counted refuses calls that name no tasks or too many.
func counted(tasks []string, most int) error {
	switch n := len(tasks); {
	case n == 0:
		return wire.Errorf("InvalidParameterException", "Tasks cannot be empty.")
	case n > most:
		return wire.Errorf("InvalidParameterException", "Tasks can have at most %d items.", most)
	}
	return nil
}

// blocked tells whether protected tasks keep the service of a task from its steady state already (ECS developer guide, "Amazon ECS API
// failure reasons").
func blocked(w *world.World, row *world.Cluster, t *world.Task) bool {
	s, ok := row.Services.Get(t.Service)
	return ok && Excessive(w, row, s)
}

// protect sets or ends the protection of a task. When it is over its service looks whether it was waiting for that.
func protect(c *world.Call, row *world.Cluster, t *world.Task, on bool, lasts time.Duration) {
	t.Version++
	if !on {
		lasts = 0
	}
	t.ProtectedUntil = c.Now().Add(lasts)
	c.Schedule(lasts, world.Event{Kind: Expired, Region: c.Region.Name, ID: row.Name, Arg: t.ID})
}

// GetTaskProtection tells which tasks of services are protected, and until when.
func GetTaskProtection(c *world.Call, in *ecs.GetTaskProtectionInput) (*ecs.GetTaskProtectionOutput, error) {
	row, err := find.Cluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	if err := counted(in.Tasks, mostAsk); err != nil {
		return nil, err
	}
	out := &ecs.GetTaskProtectionOutput{ProtectedTasks: []types.ProtectedTask{}, Failures: []types.Failure{}}
	for _, id := range in.Tasks {
		if t, fault := guarded(c, row, id); fault != nil {
			out.Failures = append(out.Failures, *fault)
		} else {
			out.ProtectedTasks = append(out.ProtectedTasks, view(c.World, t))
		}
	}
	return out, nil
}

// guarded finds a task that can be protected: one that a service keeps, and that is to run.
func guarded(c *world.Call, row *world.Cluster, id string) (*world.Task, *types.Failure) {
	t, ok := row.Tasks.Get(find.Name(id))
	switch {
	case !ok || strings.HasPrefix(id, "arn:") && t.ARN != id:
		return nil, failure(c.ARN("ecs", "task/"+row.Name+"/"+find.Name(id)), "MISSING")
	case t.Service == "" || t.Desired != running:
		return nil, failure(t.ARN, "TASK_NOT_VALID")
	}
	return t, nil
}

func failure(arn, reason string) *types.Failure { return &types.Failure{Arn: &arn, Reason: &reason} }

func view(w *world.World, t *world.Task) types.ProtectedTask {
	v := types.ProtectedTask{TaskArn: aws.String(t.ARN), ProtectionEnabled: Holds(w, t)}
	if v.ProtectionEnabled {
		v.ExpirationDate = aws.Time(t.ProtectedUntil)
	}
	return v
}
