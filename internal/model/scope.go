package model

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Scope is whose resources they are: one cluster in one account and region. All names on AWS follow from it.
type Scope struct {
	Account, Region, Partition string
	Environment, Cluster       string
}

// fit cuts a name that AWS would refuse as too long and keeps it unique with the hash of the whole.
func fit(name string, limit int) string {
	if len(name) <= limit {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return name[:limit-9] + "-" + hex.EncodeToString(sum[:4])
}

// Mark is the environment and cluster in one word, the beginning of most names.
func (s Scope) Mark() string { return s.Environment + "_" + s.Cluster }

// ClusterName is the ECS cluster's name.
func (s Scope) ClusterName() string { return s.Cluster }

// GroupName is the name of an Auto Scaling group, its launch template, its capacity provider and its security group.
func (s Scope) GroupName(group string) string { return fit(s.Mark()+"_"+group, 255) }

// ProviderName is the name of a group's capacity provider. AWS forbids names that begin with aws, ecs or fargate.
func (s Scope) ProviderName(group string) string {
	name := s.GroupName(group)
	lower := strings.ToLower(name)
	for _, taken := range []string{"aws", "ecs", "fargate"} {
		if strings.HasPrefix(lower, taken) {
			return fit("cp_"+name, 255)
		}
	}
	return name
}

// BalancerName is the name of a load balancer and of its default target group; the default one has no key.
func (s Scope) BalancerName(key string) string {
	name := s.Environment + "-" + s.Cluster
	if key != "" {
		name += "-" + key
	}
	return fit(name, 32)
}

// TargetGroupName is the name of a load balancer's default target group.
func (s Scope) TargetGroupName(key string) string {
	name := s.Environment + "-" + s.Cluster
	if key != "" {
		name += "-" + key
	}
	return fit(name+"-default", 32)
}

// RolePath is the path of the cluster's roles and instance profile.
func (s Scope) RolePath() string { return "/ecs/" }

// RoleName is the name of a role or instance profile: what is "instance", "execution" or "task".
func (s Scope) RoleName(what string) string { return fit(s.Mark()+"_"+s.Region+"_"+what, 64) }

// BucketName is the name of the cluster's bucket.
func (s Scope) BucketName() string {
	return fit(strings.ToLower(strings.Join([]string{"berth", s.Account, s.Region, s.Environment, s.Cluster}, "-")), 63)
}

// Tags are the tags that every resource of the cluster carries.
func (s Scope) Tags(k Key) Tags {
	return NewTags(Tag{TagEnvironment, s.Environment}, Tag{TagCluster, s.Cluster}, Tag{TagKey, k.String()})
}

// Owns tells whether tags say that a resource is this cluster's and which one it is. The key is empty on what
// belongs to the cluster without being one of its resources.
func (s Scope) Owns(t Tags) (key string, ours bool) {
	key = t.Get(TagKey)
	return key, key != "" && t.Get(TagEnvironment) == s.Environment && t.Get(TagCluster) == s.Cluster
}

// ParseKey reads a key as String writes it; the zero Key when it is none.
func ParseKey(text string) Key {
	for _, k := range Kinds() {
		if text == string(k) {
			return Key{Kind: k}
		}
		if name, ok := strings.CutPrefix(text, string(k)+"."); ok {
			return Key{k, name}
		}
	}
	return Key{}
}
