package model

import "slices"

// The kinds of what runs in a cluster without being part of it, and of what was made for that. Others start and stop it; no
// file asks for it, and only a destroy looks for it.
const (
	KindService       Kind = "service"
	KindTask          Kind = "task"
	KindServiceRule   Kind = "service_rule"
	KindServiceTarget Kind = "service_target_group"
	KindServiceLogs   Kind = "service_log_group"
	KindFamily        Kind = "service_definition"
)

// tenants follow the kinds in reading order.
//
//nolint:gochecknoglobals // a table
var tenants = [...]Kind{KindServiceTarget, KindServiceRule, KindServiceLogs, KindFamily, KindService, KindTask}

// Tenant tells the kinds of what runs in a cluster without being part of it.
func (k Kind) Tenant() bool { return slices.Contains(tenants[:], k) }

// Service is an ECS service in the cluster, whoever made it.
type Service struct {
	Name             string
	Desired, Running int
	On               []Key // the capacity that its tasks stand on, and what they use
}

// ServiceKey names a service.
func ServiceKey(name string) Key { return Key{KindService, name} }

// Key is ServiceKey of its name.
func (s Service) Key() Key { return ServiceKey(s.Name) }

// Refs are the cluster, its capacity and what its tasks use: a service goes while there are instances to drain its tasks on.
func (s Service) Refs() []Key { return append([]Key{ClusterKey()}, s.On...) }

// Attrs is empty: nothing of a service is berth's to set.
func (s Service) Attrs() []Attr { return nil }

// Task is an ECS task that belongs to no service.
type Task struct {
	ID     string
	Family string // of its task definition
	On     []Key  // the capacity that it stands on, and what it uses
}

// TaskKey names a task.
func TaskKey(id string) Key { return Key{KindTask, id} }

// Key is TaskKey of its id.
func (t Task) Key() Key { return TaskKey(t.ID) }

// Refs are the cluster, its capacity and what it uses.
func (t Task) Refs() []Key { return append([]Key{ClusterKey()}, t.On...) }

// Attrs is empty: nothing of a task is berth's to set.
func (t Task) Attrs() []Attr { return nil }

// ServiceTarget is a target group that was made for a service.
type ServiceTarget struct {
	Name    string
	Service string
}

// ServiceTargetKey names a service's target group.
func ServiceTargetKey(name string) Key { return Key{KindServiceTarget, name} }

// Key is ServiceTargetKey of its name.
func (t ServiceTarget) Key() Key { return ServiceTargetKey(t.Name) }

// Refs is the cluster: as long as it stands, a destroy that did not get to its end finds what is left.
func (t ServiceTarget) Refs() []Key { return []Key{ClusterKey()} }

// Attrs is empty.
func (t ServiceTarget) Attrs() []Attr { return nil }

// ServiceRule is a rule of a listener that sends requests to a service's target group.
type ServiceRule struct {
	ID       string // the last part of its ARN
	Service  string
	Listener Key    // of ours; foreign where the load balancer is somebody else's
	Target   string // name of the target group; empty where that is not the service's own
}

// ServiceRuleKey names a rule.
func ServiceRuleKey(service, id string) Key { return Key{KindServiceRule, service + "/" + id} }

// Key is ServiceRuleKey of its service and id.
func (r ServiceRule) Key() Key { return ServiceRuleKey(r.Service, r.ID) }

// Refs are the cluster, the listener and the target group.
func (r ServiceRule) Refs() []Key {
	refs := ours([]Key{ClusterKey(), r.Listener})
	if r.Target != "" {
		refs = append(refs, ServiceTargetKey(r.Target))
	}
	return refs
}

// Attrs is empty.
func (r ServiceRule) Attrs() []Attr { return nil }

// ServiceLogs is a log group that was made for a service.
type ServiceLogs struct {
	Name     string
	Service  string
	Families []Key // the families of the cluster: their revisions name log groups, and are what finds one again
}

// ServiceLogsKey names a service's log group.
func ServiceLogsKey(name string) Key { return Key{KindServiceLogs, name} }

// Key is ServiceLogsKey of its name.
func (g ServiceLogs) Key() Key { return ServiceLogsKey(g.Name) }

// Refs are the cluster and the families.
func (g ServiceLogs) Refs() []Key { return append([]Key{ClusterKey()}, g.Families...) }

// Attrs is empty.
func (g ServiceLogs) Attrs() []Attr { return nil }

// Family is what of a task definition family was registered for services of the cluster: some of its revisions, or all.
type Family struct {
	Name      string
	Revisions []string // ARNs, the oldest first
}

// FamilyKey names a family.
func FamilyKey(name string) Key { return Key{KindFamily, name} }

// Key is FamilyKey of its name.
func (f Family) Key() Key { return FamilyKey(f.Name) }

// Refs is the cluster.
func (f Family) Refs() []Key { return []Key{ClusterKey()} }

// Attrs is empty.
func (f Family) Attrs() []Attr { return nil }
