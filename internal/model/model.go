// Package model holds berth's nouns: what a cluster is made of, as plain values.
//
// Desired and observed resources are the same types, keyed by names of our own; AWS's ids live in the Inventory only.
// One file per kind of resource. It uses the standard library only, decides nothing, reads nothing and writes nothing.
package model

import (
	"cmp"
	"slices"
	"strings"
)

// Kind is a kind of resource.
type Kind string

// The kinds, in the order in which people read a cluster: from the ground up.
const (
	KindBucket           Kind = "bucket"
	KindVPC              Kind = "vpc"
	KindDefaultGroup     Kind = "default_security_group"
	KindInternetGateway  Kind = "internet_gateway"
	KindSubnet           Kind = "subnet"
	KindRouteTable       Kind = "route_table"
	KindElasticIP        Kind = "elastic_ip"
	KindNATGateway       Kind = "nat_gateway"
	KindRoute            Kind = "route"
	KindSecurityGroup    Kind = "security_group"
	KindEndpoint         Kind = "vpc_endpoint"
	KindLoadBalancer     Kind = "load_balancer"
	KindTargetGroup      Kind = "target_group"
	KindListener         Kind = "listener"
	KindClassic          Kind = "classic_load_balancer"
	KindServiceRole      Kind = "service_linked_role"
	KindRole             Kind = "role"
	KindProfile          Kind = "instance_profile"
	KindLogGroup         Kind = "log_group"
	KindFlowLog          Kind = "flow_log"
	KindCluster          Kind = "cluster"
	KindKeyPair          Kind = "key_pair"
	KindTemplate         Kind = "launch_template"
	KindGroup            Kind = "auto_scaling_group"
	KindProvider         Kind = "capacity_provider"
	KindClusterProviders Kind = "cluster_capacity_providers"
	KindCapacity         Kind = "capacity"
	KindTaskDefinition   Kind = "task_definition"
	KindDaemonService    Kind = "daemon_service"
)

// kinds is an array, so that ranking a key makes nothing: sets compare keys all the time.
//
//nolint:gochecknoglobals // a table
var kinds = [...]Kind{
	KindBucket, KindVPC, KindDefaultGroup, KindInternetGateway, KindSubnet, KindRouteTable, KindElasticIP, KindNATGateway, KindRoute,
	KindSecurityGroup, KindEndpoint, KindLoadBalancer, KindTargetGroup, KindListener, KindClassic, KindServiceRole,
	KindRole, KindProfile, KindLogGroup, KindFlowLog, KindCluster, KindKeyPair, KindTemplate, KindGroup, KindProvider, KindClusterProviders,
	KindCapacity, KindTaskDefinition, KindDaemonService,
}

// Kinds lists every kind in reading order.
func Kinds() []Kind { return slices.Clone(kinds[:]) }

// rank is a kind's place in reading order; what is no kind at all comes first.
func (k Kind) rank() int {
	if i := slices.Index(tenants[:], k); i >= 0 {
		return len(kinds) + i
	}
	return slices.Index(kinds[:], k)
}

// Key names a resource: ours and stable, also over replacements. A tag carries it on AWS.
type Key struct {
	Kind Kind
	Name string // empty where a cluster has just one
}

// String is the key as people and tags read it: "subnet.private/eu-west-1a", "vpc".
func (k Key) String() string {
	if k.Name == "" {
		return string(k.Kind)
	}
	return string(k.Kind) + "." + k.Name
}

// IsZero says that the key names nothing.
func (k Key) IsZero() bool { return k == Key{} }

// KindForeign marks a reference to something that is not ours: its Name is AWS's id.
const KindForeign Kind = "foreign"

// Foreign is the key of something that is not ours.
func Foreign(id string) Key { return Key{Kind: KindForeign, Name: id} }

// ours leaves out what is not ours: no change of a plan can wait for it.
func ours(refs []Key) []Key {
	return slices.DeleteFunc(refs, func(k Key) bool { return k.Kind == KindForeign || k.IsZero() })
}

// CompareKeys orders keys by kind in reading order, then by name.
func CompareKeys(a, b Key) int {
	if a.Kind == b.Kind {
		return strings.Compare(a.Name, b.Name)
	}
	return cmp.Or(cmp.Compare(a.Kind.rank(), b.Kind.rank()), strings.Compare(string(a.Kind), string(b.Kind)))
}

// Resource is one thing of a cluster, as wanted or as found.
type Resource interface {
	// Key is its name among ours.
	Key() Key
	// Refs are the resources that must stand before it, and may go only after it.
	Refs() []Key
	// Attrs are the settings that berth owns, in a fixed order; what is not in them is never drift.
	Attrs() []Attr
}

// Attr is one setting as text: equal settings have equal texts. Keys of tags are "tags.NAME".
type Attr struct{ Name, Value string }
