package scene

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/live"
	"berth/internal/roll"
)

// ProbeFailed tells whether the probe on a new instance has ended otherwise than with 0.
func (x *Scene) ProbeFailed(n *roll.New) bool {
	t := x.Task[n.Probe]
	return n.Probe != "" && t != nil && t.Last == roll.TaskStopped && !Succeeded(t)
}

// Daemon tells whether a task belongs to a daemon service.
func (x *Scene) Daemon(t *live.Task) bool {
	name, of := ServiceName(t)
	s := x.Served[name]
	return of && s != nil && s.Daemon
}

// Alone tells whether a task belongs to no service, and nobody but whoever started it knows when it ends.
func (x *Scene) Alone(t *live.Task) bool {
	_, of := ServiceName(t)
	return !of && !x.Probing(t)
}

// Probing tells whether a task is the roll's own.
func (x *Scene) Probing(t *live.Task) bool {
	return strings.HasPrefix(t.StartedBy, roll.ProbePrefix)
}

// Waits says what a drain waits for.
func (x *Scene) Waits(left []*live.Task, node *roll.Node) string {
	if len(left) == 0 {
		return "draining: " + Tasks(node.Running+node.Pending) + " left"
	}
	var parts []string
	for _, t := range left {
		text := TaskName(t)
		switch {
		case t.Last == "DEACTIVATING" && !t.Stopping.IsZero():
			text += fmt.Sprintf(" (deregistering %s)", x.At.Sub(t.Stopping).Round(time.Second))
		case t.Last != roll.TaskRunning:
			text += " (" + strings.ToLower(t.Last) + ")"
		case t.Protected.After(x.At):
			text += " (protected until " + t.Protected.UTC().Format("15:04") + ")"
		case x.Alone(t):
			text += " (stand-alone)"
		}
		parts = append(parts, text)
	}
	slices.Sort(parts)
	if more := len(parts) - MostNamed; more > 0 {
		parts = append(parts[:MostNamed], fmt.Sprintf("%d more", more))
	}
	return "draining: " + Tasks(len(left)) + " left: " + strings.Join(parts, ", ")
}

// Keeps is what keeps a drain from its end.
func (x *Scene) Keeps(left []*live.Task, node *roll.Node) string {
	_, text, found := strings.Cut(x.Waits(left, node), "left: ")
	if !found {
		return "nobody knows what keeps it"
	}
	return text
}

// Halfway tells whether a service has more tasks than it is to have and not all of them are healthy: once the old ones are to stay, ECS
// stops what there is too much of, and that may be those that work.
func (x *Scene) Halfway(o *roll.Old) bool {
	for _, group := range o.Held {
		s := x.Served[strings.TrimPrefix(group, "service:")]
		if s != nil && s.Running+s.Pending > s.Desired && s.Healthy < s.Running+s.Pending {
			return true
		}
	}
	return false
}

// Left are the tasks of a list that have not stopped. Of an instance whose agent does not answer nobody hears when they do: it
// must be enough that ECS has put others in their place, which for a daemon it never does.
func (x *Scene) Left(arns []string, node *roll.Node) []*live.Task {
	var out []*live.Task
	for _, arn := range arns {
		t := x.Task[arn]
		if t == nil || t.Last == roll.TaskStopped || !node.Connected && (t.Desired == roll.TaskStopped || x.Daemon(t)) {
			continue
		}
		out = append(out, t)
	}
	return out
}

// Succeeded tells whether every container of a task has ended with 0.
func Succeeded(t *live.Task) bool {
	for _, c := range t.Containers {
		if c.Exit == nil || *c.Exit != 0 {
			return false
		}
	}
	return len(t.Containers) > 0
}

// Failure is why a task has not succeeded.
func Failure(t *live.Task) string {
	if t.Reason != "" {
		return t.Reason
	}
	return "a container did not end with 0"
}

// MostNamed is how many of several things one line names.
const MostNamed = 5
