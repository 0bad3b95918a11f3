// Package overview says how the services of a cluster are: what runs of what is wanted, what of it is healthy, how the last
// deployment goes, and what a lost zone would leave.
//
// In: a live.Capture. Out: one plain value for each service, in the order of their names. It diagnoses nothing by itself, asks nobody, and
// where the capture does not hold what an answer needs it says that it is not known.
package overview

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"berth/internal/diagnose"
	"berth/internal/live"
)

// Service is how one service is.
type Service struct {
	Name       string     `json:"name"`
	Status     string     `json:"status"` // ACTIVE, DRAINING
	Daemon     bool       `json:"daemon"`
	Desired    int        `json:"desired"`
	Running    int        `json:"running"`
	Pending    int        `json:"pending"`
	Healthy    int        `json:"healthy"` // of those that run, the tasks that are healthy in whatever checks them
	By         string     `json:"by"`      // what tells the health: By…
	Deployment Deployment `json:"deployment"`
	Zones      []Zone     `json:"zones"`
	Loss       []Loss     `json:"zone_loss"`
	Balancers  []string   `json:"load_balancers"`
	Trouble    *Trouble   `json:"trouble"` // null: it is well
}

// What tells whether tasks are healthy.
const (
	ByTargets    = "targets"    // its load balancers
	ByContainers = "containers" // health checks of its containers
	ByTasks      = "tasks"      // nothing checks them: those that run count
)

// Deployment is the last deployment of a service.
type Deployment struct {
	ID       string    `json:"id"`       // ARN of the service deployment under way, else the id that the tasks of the revision are started by
	Status   string    `json:"status"`   // COMPLETED, IN_PROGRESS, FAILED; empty: ECS does not roll this service
	Outcome  string    `json:"outcome"`  // of the newest service deployment, where it was read: SUCCESSFUL, ROLLBACK_SUCCESSFUL, …
	Since    time.Time `json:"since"`    // when it was made
	Revision string    `json:"revision"` // of the task definition: "web:3"
	Failed   int       `json:"failed_tasks"`
	Reason   string    `json:"reason"`
}

// Zone is how many tasks of a service run in a zone.
type Zone struct {
	Zone  string `json:"zone"`
	Tasks int    `json:"tasks"`
}

// Trouble is what is wrong with a service.
type Trouble struct {
	Code string `json:"code"` // of the first diagnosis; empty: nobody has looked for the cause, or none shows yet
	Text string `json:"text"`
}

// Of tells how each service of a capture is. Zones are those of the cluster; where there are instances in others, these count too.
// found is what diagnose.Of finds in the capture, or nothing.
func Of(c live.Capture, zones []string, found []diagnose.Diagnosis) []Service {
	s := newStage(c, zones, found)
	out := []Service{}
	for _, sv := range c.Services {
		out = append(out, s.service(sv))
	}
	slices.SortFunc(out, func(a, b Service) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// stage is a capture with its parts by name.
type stage struct {
	live.Capture
	zones       []string
	tasks       map[string][]live.Task // that run or shall run, by group
	machines    map[string]live.Instance
	definitions map[string]live.Definition
	targets     map[string][]live.Target
	balancers   map[string]string // by target group
	newest      map[string]live.Deployment
	troubles    map[string]diagnose.Diagnosis
}

func newStage(c live.Capture, zones []string, found []diagnose.Diagnosis) *stage {
	s := &stage{
		Capture: c, tasks: map[string][]live.Task{}, machines: map[string]live.Instance{}, definitions: map[string]live.Definition{},
		targets: map[string][]live.Target{}, balancers: map[string]string{}, newest: map[string]live.Deployment{}, troubles: map[string]diagnose.Diagnosis{},
	}
	all := map[string]bool{}
	for _, z := range zones {
		all[z] = true
	}
	for _, i := range c.Instances {
		s.machines[i.ARN] = i
		all[i.Zone] = true
	}
	for _, t := range c.Tasks {
		if t.Desired != "STOPPED" && t.Last != "STOPPED" {
			s.tasks[t.Group] = append(s.tasks[t.Group], t)
			all[s.zone(t)] = true
		}
	}
	delete(all, "")
	s.zones = slices.Sorted(maps.Keys(all))
	s.name(found)
	return s
}

func (s *stage) name(found []diagnose.Diagnosis) {
	for _, d := range s.Definitions {
		s.definitions[d.ARN] = d
	}
	for _, t := range s.Targets {
		s.targets[t.Group] = append(s.targets[t.Group], t)
	}
	for _, k := range s.Checks {
		s.balancers[k.Group] = k.Balancer
	}
	for _, d := range s.Deployments {
		if old, known := s.newest[d.Service]; !known || d.Created.After(old.Created) {
			s.newest[d.Service] = d
		}
	}
	for _, d := range found {
		if _, known := s.troubles[d.Subject]; !known {
			s.troubles[d.Subject] = d
		}
	}
}

// zone is where a task is: its own word may be missing while it comes.
func (s *stage) zone(t live.Task) string {
	if i, known := s.machines[t.Instance]; known && i.Zone != "" {
		return i.Zone
	}
	return t.Zone
}

func (s *stage) service(sv live.Service) Service {
	out := Service{
		Name: sv.Name, Status: sv.Status, Daemon: sv.Daemon, Desired: sv.Desired, Running: sv.Running, Pending: sv.Pending,
		Zones: []Zone{}, Balancers: s.balancersOf(sv), Deployment: s.deployment(sv),
	}
	counts := map[string]int{}
	running := s.runningOf(sv)
	for _, t := range running {
		counts[s.zone(t)]++
	}
	for _, z := range s.zones {
		out.Zones = append(out.Zones, Zone{z, counts[z]})
	}
	out.Healthy, out.By = s.healthy(sv, running)
	out.Loss = s.loss(sv, running)
	out.Trouble = s.trouble(out)
	return out
}

// runningOf are the tasks of a service that run.
func (s *stage) runningOf(sv live.Service) []live.Task {
	var out []live.Task
	for _, t := range s.tasks["service:"+sv.Name] {
		if t.Last == "RUNNING" {
			out = append(out, t)
		}
	}
	return out
}

func (s *stage) deployment(sv live.Service) Deployment {
	out := Deployment{ID: sv.Current, Revision: Revision(sv.Definition)}
	if len(sv.Revisions) > 0 {
		r := sv.Revisions[0]
		out.ID = cmp.Or(out.ID, r.ID)
		out.Status, out.Since, out.Failed, out.Reason, out.Revision = r.Rollout, r.At, r.Failed, r.Reason, Revision(cmp.Or(r.Definition, sv.Definition))
	}
	if d, known := s.newest[sv.Name]; known {
		out.Outcome = d.Status
		out.Reason = cmp.Or(d.Why, d.Reason, out.Reason)
	}
	return out
}

// Revision is a task definition by family and number.
func Revision(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// balancersOf are the names of a service's load balancers, or of target groups of which nobody knows the load balancer.
func (s *stage) balancersOf(sv live.Service) []string {
	out := []string{}
	for _, lb := range sv.Spec.Get("loadBalancers").Items {
		name := lb.Get("loadBalancerName").Text
		if arn := lb.Get("targetGroupArn").Text; arn != "" {
			name = cmp.Or(s.balancers[arn], groupName(arn))
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// groupName is the name in an ARN that ends in targetgroup/NAME/ID.
func groupName(arn string) string {
	parts := strings.Split(arn, "/")
	return parts[max(0, len(parts)-2)]
}
