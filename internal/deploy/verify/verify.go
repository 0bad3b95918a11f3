// Package verify finds, before anything is changed, what would keep a deployment from coming to a good end.
//
// In: a deployment's order, and Facts: what of the things that it names stands, and what runs. Out: findings with stable codes,
// figures, the place in the folder and the fix. It is pure. What nobody could look at it calls so and never wrong, and it must
// never show the value of an environment variable.
package verify

import (
	"cmp"
	"slices"

	"berth/internal/deploy"
	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/placement"
)

// Severity is how much a finding matters.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // the deployment cannot come to a good end
	Warning Severity = "warning" // it may not, or a later one
	Info    Severity = "info"    // worth knowing
)

// Finding is one thing found.
type Finding struct {
	Code     string // stable: "DEP101"; Explain knows it
	Severity Severity
	Text     string            // one sentence, with the figures
	Fix      string            // the exact next step; may be empty for Info
	At       document.Position // in the folder; zero: no line is to blame
}

// Facts is what was looked at. What is left out silences the rules that need it.
type Facts struct {
	Region   string
	Found    live.Capture         // the service, where there is one; instances, tasks and groups where Cluster says so
	Cluster  bool                 // every instance, task and group of the cluster was read
	Default  []placement.Provider // the cluster's own capacity provider strategy
	Changes  bool                 // the order differs from what runs, so that a deployment begins
	Replaces bool                 // the tasks that run give way to others
	Images   map[string]Image     // by their names in the definition; nil: nobody asked
	Targets  []TargetGroup
	Classic  []Classic
	Roles    []Role
	Subnets  []Subnet
	Guards   []Guard
	Lent     map[string]string // log groups of other clusters: "shop of prod" by the group's name
}

// Image is what a registry said of an image.
type Image struct {
	State     string   // "there", "missing", "denied", "ratelimited", "unreachable", "unknown"
	Platforms []string // "linux/amd64"; empty: it does not say
	Note      string
	LoggedIn  bool // it was asked with a login
}

// TargetGroup is a target group that stands (ELB API reference, TargetGroup).
type TargetGroup struct {
	ARN, Name string
	Type      string // "instance", "ip", "lambda", "alb"
	VPC       string
	Protocol  string
	Used      bool // a load balancer sends requests to it
	Delay     int  // of deregistration, seconds
	Check     live.Check
}

// Classic is a classic load balancer that stands.
type Classic struct {
	Name  string
	Ports []int // of instances, that its listeners send requests to
}

// Role is a role that stands.
type Role struct {
	ARN    string
	Trusts bool // it lets ecs-tasks.amazonaws.com take it on
}

// Subnet is a subnet that stands.
type Subnet struct{ ID, Zone, VPC string }

// Guard is a security group that stands.
type Guard struct{ ID, VPC string }

// Check finds everything, sorted by severity, then code, then place.
func Check(o deploy.Order, f Facts) []Finding {
	c := &checker{order: o, facts: f}
	for _, look := range []func(){
		c.images, c.references, c.roles, c.targetGroups, c.classic, c.network, c.places, c.arithmetic, c.number, c.running, c.breaker,
	} {
		look()
	}
	rank := map[Severity]int{Error: 0, Warning: 1, Info: 2}
	slices.SortStableFunc(c.found, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(rank[a.Severity], rank[b.Severity]), cmp.Compare(a.Code, b.Code), cmp.Compare(a.At.File, b.At.File),
			cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column), cmp.Compare(a.Text, b.Text),
		)
	})
	return slices.Compact(c.found)
}

// Failed tells whether a deployment cannot come to a good end.
func Failed(all []Finding) bool {
	return slices.ContainsFunc(all, func(f Finding) bool { return f.Severity == Error })
}

// Outage tells whether a deployment that cannot come to a good end would take tasks away all the same: it may stop old ones
// before new ones serve (ECS API reference, DeploymentConfiguration, minimumHealthyPercent).
func Outage(o deploy.Order, f Facts, all []Finding) bool {
	sv, ok := f.service()
	if !ok || !f.Changes || sv.Running == 0 || !Failed(all) {
		return false
	}
	count := countOf(o, f)
	low, _ := bounds(o.Spec, count)
	return low < count
}

type checker struct {
	order deploy.Order
	facts Facts
	found []Finding
}

func (c *checker) add(f Finding) { c.found = append(c.found, f) }

// service is the service as it runs; false: there is none.
func (f Facts) service() (live.Service, bool) {
	if len(f.Found.Services) == 0 || f.Found.Services[0].Status == "INACTIVE" {
		return live.Service{}, false
	}
	return f.Found.Services[0], true
}

// demand is what one task wants of its instance.
func (c *checker) demand() placement.Demand {
	d := placement.DemandOf(c.order.Definition, c.order.Spec.With("serviceName", document.Of(c.order.Service)))
	if c.order.Service == "" {
		once := placement.DemandOf(c.order.Definition, document.Value{})
		d.Name, d.Group = once.Name, once.Group
	}
	if len(d.Providers) == 0 && !c.order.Spec.Get("launchType").There() {
		d.Providers = c.facts.Default
	}
	for _, id := range c.order.Spec.Get("networkConfiguration", "awsvpcConfiguration", "subnets").Items {
		for _, s := range c.facts.Subnets {
			if s.ID == id.Text && !slices.Contains(d.Zones, s.Zone) {
				d.Zones = append(d.Zones, s.Zone)
			}
		}
	}
	return d
}

// countOf is how many tasks are to run: the folder's number, else that of the service, whose scaling it belongs to.
func countOf(o deploy.Order, f Facts) int {
	if n, ok := o.Spec.Get("desiredCount").Number(); ok {
		return n
	}
	if n, ok := o.Spec.Get("count").Number(); ok {
		return n
	}
	sv, _ := f.service()
	return sv.Desired
}

// bounds are how many tasks must be healthy and may run during a deployment of so many, as ECS rounds (ECS API reference,
// DeploymentConfiguration).
func bounds(spec document.Value, count int) (low, high int) {
	least, most := 100, 200
	if spec.Get("schedulingStrategy").Text == "DAEMON" {
		least, most = 0, 100
	}
	if n, ok := spec.Get("deploymentConfiguration", "minimumHealthyPercent").Number(); ok {
		least = n
	}
	if n, ok := spec.Get("deploymentConfiguration", "maximumPercent").Number(); ok {
		most = n
	}
	return (count*least + 99) / 100, count * most / 100
}

// at is where a value stands, or where what holds it does.
func at(v document.Value, holders ...document.Value) document.Position {
	for _, h := range append([]document.Value{v}, holders...) {
		if h.At.Line > 0 {
			return h.At
		}
	}
	return document.Position{}
}
