package model

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// TagService says for which service something was made that is no part of the cluster: a target group, a listener rule, a
// log group, a task definition. What carries it is a tenant.
const TagService = "berth:service"

// ServiceTags are what everything carries that is made for a service of the cluster.
func (s Scope) ServiceTags(service string) Tags {
	return NewTags(Tag{TagEnvironment, s.Environment}, Tag{TagCluster, s.Cluster}, Tag{TagService, service})
}

// ServiceOf is the service of this cluster that something was made for, by its tags; false when it was made for none, or for
// one of another cluster.
func (s Scope) ServiceOf(t Tags) (string, bool) {
	service := t.Get(TagService)
	return service, service != "" && t.Get(TagEnvironment) == s.Environment && t.Get(TagCluster) == s.Cluster
}

// Another is the cluster that something belongs to which is of berth's and of another cluster, as people read it: "shop of prod";
// empty: it is of this cluster, or of none.
func (s Scope) Another(t Tags) string {
	other := Scope{Environment: t.Get(TagEnvironment), Cluster: t.Get(TagCluster)}
	made := t.Get(TagService) != "" || t.Get(TagKey) != ""
	if !made || other.Environment == "" || other.Environment == s.Environment && other.Cluster == s.Cluster {
		return ""
	}
	return other.ClusterName() + " of " + other.Environment
}

// mostBalancing is how long the name of a target group may be (ELB API reference, CreateTargetGroup).
const mostBalancing = 32

// ServiceTargetName is the name of a target group that is a service's own. It always ends in a hash: services may be
// called like load balancers, whose own target groups stand beside it, and one service may have several. What of tells are
// the settings that a target group keeps for life.
func (s Scope) ServiceTargetName(service string, of ...string) string {
	name := s.Environment + "-" + s.Cluster + "-" + strings.ReplaceAll(service, "_", "-")
	sum := sha256.Sum256([]byte(strings.Join(append([]string{name, service}, of...), "\n")))
	return strings.TrimRight(name[:min(len(name), mostBalancing-9)], "-") + "-" + hex.EncodeToString(sum[:4])
}
