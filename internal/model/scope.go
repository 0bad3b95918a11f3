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

// Tags are the tags that every resource of the cluster carries; what has no name of its own gets one too.
func (s Scope) Tags(k Key) Tags {
	t := NewTags(Tag{TagEnvironment, s.Environment}, Tag{TagCluster, s.Cluster}, Tag{TagKey, k.String()})
	if name := s.nameTag(k); name != "" {
		t = t.With(TagName, name)
	}
	return t
}

// nameTag is what the console shows for resources that AWS knows by an id only.
func (s Scope) nameTag(k Key) string {
	switch k.Kind {
	case KindVPC, KindInternetGateway:
		return s.Environment
	case KindSubnet, KindRouteTable:
		tier, zone, _ := strings.Cut(k.Name, "/")
		return s.Environment + "_" + tier + "_subnet_" + zone
	case KindElasticIP, KindNATGateway:
		return s.Environment + "_nat_" + k.Name
	case KindEndpoint:
		return s.Environment + "_" + k.Name + "_endpoint"
	case KindSecurityGroup:
		return s.SecurityGroupName(k)
	}
	return ""
}

// SecurityGroupName is the name of a load balancer's or an instance group's security group.
func (s Scope) SecurityGroupName(k Key) string {
	role, name, _ := strings.Cut(k.Name, "/")
	if role == "instances" {
		return s.GroupName(name)
	}
	if name == named("") {
		name = ""
	}
	return s.BalancerName(name) + "_alb"
}

// Owns tells whether tags say that a resource of that kind is this cluster's, and which one it is. One lost tag does
// not hide it: nothing may contradict, and two of the three marks must be there; a lost key is read from the name.
func (s Scope) Owns(kind Kind, t Tags) (Key, bool) {
	marks := 0
	for _, mark := range []Tag{{TagEnvironment, s.Environment}, {TagCluster, s.Cluster}} {
		v, there := t.Lookup(mark.Key)
		if there && v != mark.Value {
			return Key{}, false
		}
		if there {
			marks++
		}
	}
	text, there := t.Lookup(TagKey)
	if !there {
		return s.fromName(kind, t.Get(TagName)), marks == 2
	}
	k := ParseKey(text)
	return k, marks > 0 && k.Kind == kind
}

// fromName turns the name of an unnamed resource back into its key; zero where it says nothing.
func (s Scope) fromName(kind Kind, name string) Key {
	rest, ok := strings.CutPrefix(name, s.Environment+"_")
	switch kind {
	case KindVPC, KindInternetGateway:
		return Key{Kind: kind}
	case KindSubnet, KindRouteTable:
		if tier, zone, cut := strings.Cut(rest, "_subnet_"); ok && cut {
			return Key{kind, tier + "/" + zone}
		}
	case KindElasticIP, KindNATGateway:
		if zone, cut := strings.CutPrefix(rest, "nat_"); ok && cut {
			return Key{kind, zone}
		}
	case KindEndpoint:
		if service, cut := strings.CutSuffix(rest, "_endpoint"); ok && cut {
			return Key{kind, service}
		}
	}
	return Key{}
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
