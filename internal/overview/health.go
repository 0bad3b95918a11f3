package overview

import (
	"fmt"
	"slices"

	"berth/internal/document"
	"berth/internal/live"
)

// healthy counts the running tasks that are healthy in every one of the service's load balancers, and by the health checks of their
// containers where there are any. A task that nothing checks is healthy while it runs.
func (s *stage) healthy(sv live.Service, running []live.Task) (int, string) {
	by := ByTasks
	balancers := sv.Spec.Get("loadBalancers").Items
	checked := s.checked(running)
	switch {
	case len(balancers) > 0:
		by = ByTargets
	case len(checked) > 0:
		by = ByContainers
	}
	n := 0
	for _, t := range running {
		if t.Health == "UNHEALTHY" || checked[t.Definition] && t.Health != "HEALTHY" {
			continue
		}
		if !slices.ContainsFunc(balancers, func(b document.Value) bool { return s.state(b, t) != "healthy" }) {
			n++
		}
	}
	return n, by
}

// checked are the task definitions of which a container that is essential checks its own health: they say so, or a task tells a
// result. The checks of others do not count for the task (ECS API reference, Task, healthStatus).
func (s *stage) checked(tasks []live.Task) map[string]bool {
	out := map[string]bool{}
	for _, t := range tasks {
		if t.Health == "HEALTHY" || t.Health == "UNHEALTHY" || hasCheck(s.definitions[t.Definition].Spec) {
			out[t.Definition] = true
		}
	}
	return out
}

func hasCheck(definition document.Value) bool {
	return slices.ContainsFunc(definition.Get("containerDefinitions").Items, func(c document.Value) bool {
		return c.Get("healthCheck").There() && c.Get("essential").Text != "false"
	})
}

// state is how a task stands in one of the service's load balancers; empty: it is not registered there.
func (s *stage) state(b document.Value, t live.Task) string {
	group := b.Get("targetGroupArn").Text
	if group == "" {
		group = b.Get("loadBalancerName").Text
	}
	port, _ := b.Get("containerPort").Number()
	ports := portsOf(t, b.Get("containerName").Text, port)
	ids := []string{t.Address, s.machines[t.Instance].ID}
	for _, target := range s.targets[group] {
		if target.ID != "" && slices.Contains(ids, target.ID) && (target.Port == 0 || slices.Contains(ports, target.Port)) {
			return target.State
		}
	}
	return ""
}

// portsOf are the ports at which a container's port is reached.
func portsOf(t live.Task, container string, port int) []int {
	var out []int
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

// trouble is what is wrong with a service: its first diagnosis, else what the counts tell. A deployment under way in which nothing
// has failed is no trouble.
func (s *stage) trouble(sv Service) *Trouble {
	if d, known := s.troubles[sv.Name]; known {
		return &Trouble{d.Code, d.Text}
	}
	moving := sv.Deployment.Status == "IN_PROGRESS" && sv.Deployment.Failed == 0
	switch {
	case sv.Deployment.Status == "FAILED":
		return &Trouble{Text: fmt.Sprintf("the deployment of %s failed", sv.Deployment.Revision)}
	case sv.Running < sv.Desired && !moving:
		return &Trouble{Text: fmt.Sprintf("%d of %d tasks run", sv.Running, sv.Desired)}
	case sv.Deployment.Status == "IN_PROGRESS" && sv.Deployment.Failed > 0:
		return &Trouble{Text: fmt.Sprintf("%d tasks of %s failed to start", sv.Deployment.Failed, sv.Deployment.Revision)}
	case sv.Healthy < sv.Desired && sv.Healthy < sv.Running && !moving:
		return &Trouble{Text: fmt.Sprintf("%d of %d running tasks are healthy", sv.Healthy, sv.Running)}
	}
	return nil
}
