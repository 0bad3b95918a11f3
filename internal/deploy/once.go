package deploy

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/live"
)

// StartedBy marks the tasks that run once and that berth has started.
const StartedBy = "berth deploy"

// runOnce runs the task and waits until it has ended. One that an earlier run has started and that still runs is waited for
// instead.
func runOnce(s Snapshot) (Decision, bool) {
	mine := s.once()
	switch {
	case len(s.Run.Tasks) == 0 && len(s.Run.Refused) > 0:
		return s.told(Failed, "AWS has started no task: "+strings.Join(s.Run.Refused, ", ")), true
	case len(s.Run.Tasks) == 0 && len(mine) == 0:
		spec := s.spec().With("cluster", document.Of(s.Order.Cluster)).With("taskDefinition", document.Of(s.wanted())).
			With("startedBy", document.Of(StartedBy))
		return act(s, "the task has not run yet", Action{Verb: RunTask, Name: s.Order.Definition.Get("family").Text, Spec: spec})
	}
	if len(s.Run.Tasks) == 0 {
		for _, t := range mine {
			s.Run.Tasks = append(s.Run.Tasks, t.ARN)
		}
	}
	if s.Order.Policy.NoWait {
		return end(s, Started, "the task "+ID(s.Run.Tasks[0])+" is under way")
	}
	return s.ran(mine)
}

// once are the tasks that this run waits for; before it knows any, those of an earlier run that have not ended.
func (s Snapshot) once() []live.Task {
	var out []live.Task
	for _, t := range s.Found.Tasks {
		for _, arn := range s.Run.Tasks {
			if t.ARN == arn {
				out = append(out, t)
			}
		}
		if len(s.Run.Tasks) == 0 && t.StartedBy == StartedBy && t.Definition == s.wanted() && t.Desired == "RUNNING" {
			out = append(out, t)
		}
	}
	return out
}

func (s Snapshot) ran(tasks []live.Task) (Decision, bool) {
	for _, arn := range s.Run.Tasks {
		if !slices.ContainsFunc(tasks, func(t live.Task) bool { return t.ARN == arn }) {
			return wait(s, "AWS does not show the task "+ID(arn))
		}
	}
	for _, t := range tasks {
		if t.Last != "STOPPED" {
			return wait(s, "task "+t.ID+" is "+describe(t))
		}
	}
	for _, t := range tasks {
		if text := s.unfinished(t); text != "" {
			return s.told(Failed, text), true
		}
	}
	if len(s.Run.Refused) > 0 {
		return s.told(Failed, fmt.Sprintf("%s ended with 0, and AWS has started no more: %s", count(len(tasks)), strings.Join(s.Run.Refused, ", "))), true
	}
	return end(s, Succeeded, "every essential container ended with 0")
}

func describe(t live.Task) string {
	switch {
	case t.Desired == "STOPPED":
		return "stopping"
	case t.Last == "PROVISIONING":
		return "waiting for an instance"
	case t.Last == "PENDING" || t.Last == "ACTIVATING":
		return "on its way"
	}
	return strings.ToLower(t.Last)
}

// unfinished is why a task that ended did not do its work; empty: it did.
func (s Snapshot) unfinished(t live.Task) string {
	for _, c := range s.Order.Definition.Get("containerDefinitions").Items {
		if !essential(c) {
			continue
		}
		name := c.Get("name").Text
		switch i := slices.IndexFunc(t.Containers, func(c live.Container) bool { return c.Name == name }); {
		case i < 0 || t.Containers[i].Exit == nil:
			return "the task ended before the container " + name + " did: " + reason(t)
		case *t.Containers[i].Exit != 0:
			return fmt.Sprintf("the container %s ended with %d: %s", name, *t.Containers[i].Exit, reason(t))
		}
	}
	return ""
}

// essential tells whether a task ends with a container; one is unless its definition says otherwise.
func essential(container document.Value) bool { return container.Get("essential").Text != "false" }
