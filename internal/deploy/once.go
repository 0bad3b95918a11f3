package deploy

import (
	"fmt"

	"berth/internal/document"
	"berth/internal/live"
)

// StartedBy marks the tasks that run once and that berth has started.
const StartedBy = "berth deploy"

// runOnce runs the task and waits until it has ended. One that an earlier run has started and that still runs is waited for
// instead.
func runOnce(s Snapshot) (Decision, bool) {
	mine := s.once()
	if len(s.Run.Tasks) == 0 && len(mine) == 0 {
		spec := s.spec().With("cluster", document.Of(s.Order.Cluster)).With("taskDefinition", document.Of(s.wanted())).
			With("startedBy", document.Of(StartedBy))
		return act(s, "the task has not run yet", Action{Verb: RunTask, Name: s.Order.Definition.Get("family").Text, Spec: spec})
	}
	for _, t := range mine {
		if len(s.Run.Tasks) == 0 {
			s.Run.Tasks = []string{t.ARN}
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
	if len(tasks) == 0 {
		return wait(s, "AWS does not show the task "+ID(s.Run.Tasks[0])+" yet")
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
	return end(s, Succeeded, "every essential container ended with 0")
}

func describe(t live.Task) string {
	return map[string]string{
		"PROVISIONING": "waiting for an instance", "PENDING": "on its way", "ACTIVATING": "on its way", "RUNNING": "running",
	}[t.Last] + map[bool]string{true: " (stopping)"}[t.Desired == "STOPPED"]
}

// unfinished is why a task that ended did not do its work; empty: it did.
func (s Snapshot) unfinished(t live.Task) string {
	for _, c := range t.Containers {
		switch {
		case !s.essential(c.Name):
		case c.Exit == nil:
			return "the task ended before the container " + c.Name + " did: " + reason(t)
		case *c.Exit != 0:
			return fmt.Sprintf("the container %s ended with %d: %s", c.Name, *c.Exit, reason(t))
		}
	}
	return ""
}

// essential tells whether a task ends with a container; one is unless the definition says otherwise.
func (s Snapshot) essential(name string) bool {
	for _, c := range s.Order.Definition.Get("containerDefinitions").Items {
		if c.Get("name").Text == name && c.Get("essential").Text == "false" {
			return false
		}
	}
	return true
}
