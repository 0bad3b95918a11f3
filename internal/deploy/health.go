package deploy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/document"
	"berth/internal/live"
)

// enough is how many tasks must end by themselves before they were healthy until that is called a loop.
const enough = 3

// settling is how long a task without any health check must run until it counts as healthy (ECS API reference,
// DeploymentConfiguration).
const settling = 40 * time.Second

// mine tells a task of the revision that is followed.
func (s Snapshot) mine(t live.Task) bool {
	if t.Group != "service:"+s.Order.Service {
		return false
	}
	if s.Run.Revision != "" {
		return t.StartedBy == s.Run.Revision
	}
	return t.Definition == s.target()
}

// target is the ARN of the revision whose tasks shall serve.
func (s Snapshot) target() string {
	switch d, ok := s.deployment(s.Run.Following); {
	case ok && d.Status == "ROLLBACK_SUCCESSFUL" && d.BackTo != "" && s.wentBack() == Succeeded:
		return d.BackTo
	case ok:
		return d.Definition
	}
	return s.wanted()
}

// failures are the tasks of the revision that ended by themselves: not because somebody, or the service's own size, stopped
// them.
func (s Snapshot) failures() []live.Task {
	var out []live.Task
	for _, t := range s.Found.Tasks {
		if s.mine(t) && t.Desired == "STOPPED" && byItself(t) {
			out = append(out, t)
		}
	}
	return out
}

func byItself(t live.Task) bool {
	switch t.StopCode {
	case "TaskFailedToStart", "EssentialContainerExited":
		return true
	case "ServiceSchedulerInitiated":
		return strings.Contains(t.Reason, "health checks")
	}
	return false
}

// proved tells whether a task of the revision is healthy now, or ran for so long that it was.
func (s Snapshot) proved() bool {
	return slices.ContainsFunc(s.Found.Tasks, func(t live.Task) bool {
		if !s.mine(t) {
			return false
		}
		if t.Desired == "STOPPED" {
			return !s.checked() && !t.Started.IsZero() && t.Stopping.Sub(t.Started) >= settling
		}
		return s.unwell(t) == (lack{})
	})
}

// checked tells whether anything checks the health of the service's tasks.
func (s Snapshot) checked() bool {
	sv, _ := s.service()
	if len(sv.Spec.Get("loadBalancers").Items) > 0 {
		return true
	}
	return slices.ContainsFunc(s.Found.Tasks, func(t live.Task) bool {
		return s.mine(t) && (t.Health == "HEALTHY" || t.Health == "UNHEALTHY")
	})
}

// serves tells whether the service runs as many tasks of the wanted revision as it shall, and every one is healthy in each of
// its targets; else why not.
func (s Snapshot) serves() (bool, []string) {
	sv, ok := s.service()
	if !ok {
		return false, []string{"AWS does not show the service yet"}
	}
	var tasks []live.Task
	for _, t := range s.Found.Tasks {
		if t.Group == "service:"+sv.Name && t.Definition == s.target() && t.Desired == "RUNNING" {
			tasks = append(tasks, t)
		}
	}
	running := 0
	for _, t := range tasks {
		if t.Last == "RUNNING" {
			running++
		}
	}
	why := s.illness(tasks)
	switch {
	case sv.Definition != s.target():
		return false, []string{"the service runs " + ID(sv.Definition)}
	case running != sv.Desired || sv.Running != sv.Desired:
		return false, append([]string{fmt.Sprintf("%d of %s run", running, count(sv.Desired))}, why...)
	case sv.Pending > 0:
		return false, append([]string{count(sv.Pending) + " more being started"}, why...)
	}
	return len(why) == 0, why
}

// illness is what keeps tasks from being healthy, those alike in one sentence; empty: nothing.
func (s Snapshot) illness(tasks []live.Task) []string {
	var lacks []lack
	of := map[lack][]live.Task{}
	for _, t := range tasks {
		if l := s.unwell(t); l != (lack{}) {
			if of[l] == nil {
				lacks = append(lacks, l)
			}
			of[l] = append(of[l], t)
		}
	}
	why := []string{}
	for _, l := range lacks {
		if n := len(of[l]); n > 1 {
			why = append(why, fmt.Sprintf("%d tasks %s", n, l.many))
			continue
		}
		why = append(why, "task "+brief(of[l][0].ID)+" "+l.one)
	}
	return why
}

// brief is as much of a task's id as people need to tell it from others.
func brief(id string) string { return id[:min(8, len(id))] }

// lack is what keeps a task from being healthy, as it is said of one task and of several; the zero lack is nothing.
type lack struct{ one, many string }

// unwell is what keeps a task from being healthy.
func (s Snapshot) unwell(t live.Task) lack {
	switch {
	case t.Last != "RUNNING":
		state := strings.ToLower(t.Last)
		return lack{"is " + state, "are " + state}
	case t.Health == "UNHEALTHY":
		return lack{"fails its health check", "fail their health checks"}
	case t.Health == "UNKNOWN" && s.hasCheck(t):
		return lack{"has not passed its health check yet", "have not passed their health checks yet"}
	case !s.checked() && !s.hasCheck(t) && s.At.Sub(t.Started) < settling:
		return lack{"has just started", "have just started"}
	}
	sv, _ := s.service()
	for _, b := range sv.Spec.Get("loadBalancers").Items {
		if state := s.state(b, t); state != "healthy" {
			return lack{"is " + state + " in its load balancer", "are " + state + " in their load balancer"}
		}
	}
	return lack{}
}

// hasCheck tells whether a container has a health check of its own that the task's health hangs on: that of one that is not
// essential does not (ECS API reference, Task, healthStatus).
func (s Snapshot) hasCheck(t live.Task) bool {
	for _, r := range []Revision{s.Running, s.Latest} {
		if r.ARN != t.Definition {
			continue
		}
		for _, c := range r.Spec.Get("containerDefinitions").Items {
			if c.Get("healthCheck").There() && essential(c) {
				return true
			}
		}
	}
	return false
}

// state is how a task stands in one of the service's load balancers.
func (s Snapshot) state(b document.Value, t live.Task) string {
	name := b.Get("targetGroupArn").Text
	if name == "" {
		name = b.Get("loadBalancerName").Text
	}
	port, _ := b.Get("containerPort").Number()
	ids := []string{t.Address, s.machine(t.Instance)}
	for _, g := range s.Found.Targets {
		if g.Group == name && g.ID != "" && slices.Contains(ids, g.ID) && (g.Port == 0 || slices.Contains(ports(t, b.Get("containerName").Text, port), g.Port)) {
			return g.State
		}
	}
	return "not registered"
}

// machine is the EC2 instance of a container instance.
func (s Snapshot) machine(arn string) string {
	for _, i := range s.Found.Instances {
		if i.ARN == arn {
			return i.ID
		}
	}
	return ""
}

// ports are the ports at which a container's port is reached.
func ports(t live.Task, container string, port int) []int {
	out := []int{}
	if t.Address != "" {
		out = append(out, port)
	}
	for _, c := range t.Containers {
		for _, p := range c.Ports {
			if c.Name == container && p.Container == port {
				out = append(out, p.Host)
			}
		}
	}
	return out
}

// ended groups the reasons for which tasks of the revision ended by themselves, the most frequent first.
func (s Snapshot) ended() []string {
	var reasons []string
	times := map[string]int{}
	for _, t := range s.failures() {
		r := reason(t)
		if times[r]++; times[r] == 1 {
			reasons = append(reasons, r)
		}
	}
	slices.SortStableFunc(reasons, func(a, b string) int { return times[b] - times[a] })
	var out []string
	for _, r := range reasons {
		out = append(out, fmt.Sprintf("%s ended: %s", count(times[r]), r))
	}
	return out
}

// reason is why a task ended: the container's own reason says more than the task's.
func reason(t live.Task) string {
	for _, c := range t.Containers {
		switch {
		case c.Reason != "" && c.Exit != nil:
			return fmt.Sprintf("%s: %s (exit %d)", c.Name, c.Reason, *c.Exit)
		case c.Reason != "":
			return c.Name + ": " + c.Reason
		}
	}
	for _, c := range t.Containers {
		if c.Exit != nil && *c.Exit != 0 {
			return fmt.Sprintf("%s: %s (exit %d)", c.Name, t.Reason, *c.Exit)
		}
	}
	return t.Reason
}
