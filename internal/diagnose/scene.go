package diagnose

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"berth/internal/document"
	"berth/internal/live"
)

// scene is a capture with its parts by name, in an order that does not depend on the capture's: tasks as they ended.
type scene struct {
	live.Capture
	services    map[string]*live.Service
	definitions map[string]*live.Definition
	hosts       map[string]*live.Instance // by the container instance's ARN
	checks      map[string]*live.Check
	newest      map[string]*live.Deployment // by service; the one that was asked about where there is one
	owners      map[string]string           // services by their target groups and classic load balancers
	complaints  map[string]string           // of load balancers, by service and group
	dark        map[string]bool             // machines whose agents do not answer, and addresses of tasks on them
	ordered     []*live.Service
	groups      []*live.Group
	tasks       []*live.Task
	machines    []*live.Instance
	targets     []*live.Target
}

func newScene(c live.Capture) *scene {
	s := &scene{
		Capture: c, services: map[string]*live.Service{}, definitions: map[string]*live.Definition{}, hosts: map[string]*live.Instance{},
		checks: map[string]*live.Check{}, newest: map[string]*live.Deployment{}, owners: map[string]string{}, complaints: map[string]string{}, dark: map[string]bool{},
	}
	s.Services, s.Groups = slices.Clone(c.Services), slices.Clone(c.Groups)
	s.ordered = sorted(s.Services, func(a, b *live.Service) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ARN, b.ARN)) })
	s.groups = sorted(s.Groups, func(a, b *live.Group) int { return cmp.Compare(a.Name, b.Name) })
	s.machines = sorted(s.Instances, func(a, b *live.Instance) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.ARN, b.ARN)) })
	s.tasks = sorted(s.Tasks, func(a, b *live.Task) int { return cmp.Or(ended(a).Compare(ended(b)), cmp.Compare(a.ID, b.ID)) })
	s.targets = sorted(s.Targets, func(a, b *live.Target) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Port, b.Port), cmp.Compare(a.State, b.State), cmp.Compare(a.Details, b.Details))
	})
	s.name()
	return s
}

// name fills the maps.
func (s *scene) name() {
	for _, sv := range s.ordered {
		sv.Events = newestFirst(sv.Events)
		s.services[sv.Name] = sv
		for _, lb := range sv.Spec.Get("loadBalancers").Items {
			for _, group := range []string{lb.Get("targetGroupArn").Text, lb.Get("loadBalancerName").Text} {
				if group != "" {
					s.owners[group] = sv.Name
				}
			}
		}
	}
	for _, g := range s.groups {
		g.Failures = newestFirst(g.Failures)
	}
	for _, i := range s.machines {
		s.hosts[i.ARN] = i
		s.dark[i.ID] = !i.Connected
	}
	for _, t := range s.tasks {
		if i := s.hosts[t.Instance]; t.Address != "" && i != nil && !i.Connected {
			s.dark[t.Address] = true
		}
	}
	for i := range s.Definitions {
		s.definitions[s.Definitions[i].ARN] = &s.Definitions[i]
	}
	for i := range s.Checks {
		s.checks[s.Checks[i].Group] = &s.Checks[i]
	}
	for i := range s.Deployments {
		s.deployed(&s.Deployments[i])
	}
}

// sorted are the parts of a list in an order, without touching the list.
func sorted[T any](list []T, order func(a, b *T) int) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	slices.SortStableFunc(out, order)
	return out
}

func newestFirst(events []live.Event) []live.Event {
	return slices.SortedStableFunc(slices.Values(events), func(a, b live.Event) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Text, b.Text)) })
}

// deployed notes a service's deployment, unless a newer one is known.
func (s *scene) deployed(d *live.Deployment) {
	asked := s.Subject.Kind == "deployment" && lastOf(d.ARN) == lastOf(s.Subject.Name)
	old := s.newest[d.Service]
	switch {
	case s.Subject.Kind == "deployment" && !asked:
	case old == nil || d.Created.After(old.Created) || d.Created.Equal(old.Created) && d.ARN > old.ARN:
		s.newest[d.Service] = d
	}
}

// lastOf is what stands behind the last slash of an ARN.
func lastOf(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// ended is when a task was known to end; the zero time while it runs.
func ended(t *live.Task) time.Time {
	if t.Stopping.IsZero() {
		return t.Stopped
	}
	return t.Stopping
}

// serviceOf is the name of the service that a task belongs to; empty: to none.
func serviceOf(t *live.Task) string {
	name, ok := strings.CutPrefix(t.Group, "service:")
	if !ok {
		return ""
	}
	return name
}

// subjectOf is what a task is a task of: its service, or its family.
func subjectOf(t *live.Task) string {
	if name := serviceOf(t); name != "" {
		return name
	}
	if name, ok := strings.CutPrefix(t.Group, "family:"); ok && name != "" {
		return name
	}
	return t.ID
}

// counts tells whether the end of a task belongs to what was asked. What failed before a deployment that succeeded is history,
// unless somebody asks about that task or that deployment.
func (s *scene) counts(t *live.Task) bool {
	if s.Subject.Kind == "task" && s.Subject.Name == t.ID {
		return true
	}
	d := s.newest[serviceOf(t)]
	switch {
	case d == nil:
		sv := s.services[serviceOf(t)]
		return sv == nil || !ended(t).Before(sv.Completed())
	case s.Subject.Kind == "deployment":
		return (d.Definition == "" || t.Definition == d.Definition) && !ended(t).Before(d.Created) && (d.Finished.IsZero() || !t.Created.After(d.Finished))
	case d.Status == "SUCCESSFUL":
		return !ended(t).Before(d.Finished)
	}
	return !ended(t).Before(d.Created)
}

// spec is a container's part of its task definition; absent where nobody read it.
func (s *scene) spec(t *live.Task, container string) document.Value {
	if d := s.definitions[t.Definition]; d != nil {
		return d.Container(container)
	}
	return document.Value{}
}

// essential tells whether a task ends with a container: all are essential unless their definition says otherwise.
func essential(spec document.Value) bool {
	e := spec.Get("essential")
	return !e.There() || e.True()
}
