package placeholder

import (
	"errors"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/route"
	"berth/internal/spell"
)

// What a reference can refer to, in the words of the placeholder.
const (
	Cluster          = "cluster"
	Environment      = "environment"
	Region           = "region"
	Account          = "account"
	LogPrefix        = "log_prefix"
	Role             = "role"              // ARN of the role Name: execution, task
	LoadBalancer     = "load_balancer"     // the name of the classic load balancer Name
	TargetGroup      = "target_group"      // ARN of the target group of load balancer Name, or of the service's own behind it
	Registry         = "registry"          // ARN of the secret of the registry Name
	CapacityProvider = "capacity_provider" // the name of the group Name's
	SecurityGroup    = "security_group"    // the id of the group Name's instances'
	Subnets          = "subnets"           // a list of ids; Name: private
)

// Reference is a ${berth.…} of a folder.
type Reference struct {
	At         document.Position // of the text that it stands in
	Start, End int               // where it stands in the text, in bytes
	What       string            // TargetGroup, …
	Name       string            // of the load balancer, the role, the host…; "" where there is none to choose
	Route      route.Route       // of TargetGroup
}

// String is the reference as it is written, without what its target group is like.
func (r Reference) String() string {
	if r.Name == "" {
		return "${berth." + r.What + "}"
	}
	return "${berth." + r.What + "." + r.Name + "}"
}

// plain are the references without a name, named those with one and an example of it.
//
//nolint:gochecknoglobals // a table
var (
	plain = []string{Cluster, Environment, Region, Account, LogPrefix}
	named = []string{Role, LoadBalancer, TargetGroup, Registry, CapacityProvider, SecurityGroup, Subnets}
	shown = map[string]string{
		Role: "role.execution", LoadBalancer: "load_balancer.legacy", TargetGroup: "target_group.public", Registry: "registry.docker.io",
		CapacityProvider: "capacity_provider.default", SecurityGroup: "security_group.default", Subnets: "subnets.private",
	}
	fixed = map[string][]string{Role: {"execution", "task"}, Subnets: {"private"}}
)

// Parse reads what stands behind ${berth. and before the closing bracket. A problem is a text without full stop.
func Parse(text string) (r Reference, problem, hint string) {
	path, _, asked := strings.Cut(text, "?")
	r.What, r.Name, _ = strings.Cut(path, ".")
	switch {
	case slices.Contains(plain, r.What) && r.Name == "" && !asked && path == r.What:
		return r, "", ""
	case slices.Contains(plain, r.What):
		return r, "${berth." + r.What + "} takes nothing behind it", "write ${berth." + r.What + "}"
	case !slices.Contains(named, r.What):
		return r, "there is no ${berth." + cut(r.What) + "}", nearest(r.What, slices.Concat(plain, named))
	case r.Name == "":
		return r, "${berth." + r.What + "} does not say which", "such as ${berth." + shown[r.What] + "}"
	case fixed[r.What] != nil && !slices.Contains(fixed[r.What], r.Name):
		return r, "there is no ${berth." + path + "}", "there is ${berth." + r.What + "." + strings.Join(fixed[r.What], "} and ${berth."+r.What+".") + "}"
	case asked && r.What != TargetGroup:
		return r, "only target groups take keys behind a question mark", "write ${berth." + path + "}"
	}
	if r.What == TargetGroup {
		return toRoute(r, strings.TrimPrefix(text, TargetGroup+"."))
	}
	return r, "", ""
}

func toRoute(r Reference, text string) (_ Reference, problem, hint string) {
	to, err := route.Parse(text)
	if bad, ok := errors.AsType[*route.Error](err); ok {
		return r, bad.Text, bad.Hint
	}
	r.Route = to
	return r, "", ""
}

func cut(word string) string {
	if len(word) > 40 {
		return word[:40] + "…"
	}
	return word
}

func nearest(word string, known []string) string {
	if near := spell.Nearest(word, known); near != "" {
		if example := shown[near]; example != "" {
			near = example
		}
		return "did you mean ${berth." + near + "}?"
	}
	return "known are " + strings.Join(known, ", ")
}
