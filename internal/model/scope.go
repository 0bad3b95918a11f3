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

// KeyPairName is the name of a key pair, from its key's name: the group and the hash of the public key.
func (s Scope) KeyPairName(of string) string {
	group, hash, _ := strings.Cut(of, "/")
	return fit(s.Mark()+"_"+group, 246) + "_" + hash
}

// systemFamily is what follows the mark in the families of system containers.
const systemFamily = "_system_"

// FamilyName is the task definition family of a system container.
func (s Scope) FamilyName(container string) string { return s.FamilyPrefix() + container }

// FamilyPrefix is what the families of all system containers begin with.
func (s Scope) FamilyPrefix() string { return s.Mark() + systemFamily }

// DaemonName is the name of the service of a system container.
func (s Scope) DaemonName(container string) string { return "system_" + container }

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

// RoleName is the name of a role or instance profile: what is "instance", "execution", "task" or "deployer".
func (s Scope) RoleName(what string) string { return fit(s.Mark()+"_"+s.Region+"_"+what, 64) }

// SecretName is the name of the secret that holds a registry's login: a name has no colon (Secrets Manager API reference,
// CreateSecret), and no host has an underscore.
func (s Scope) SecretName(host string) string {
	return s.SecretPrefix() + strings.ReplaceAll(host, ":", "_")
}

// SecretPrefix is what the names of all secrets for registries begin with.
func (s Scope) SecretPrefix() string { return s.Mark() + "/" + registrySecret }

// SecretHost is the registry that a secret's name tells of.
func (s Scope) SecretHost(name string) string {
	return strings.ReplaceAll(strings.TrimPrefix(name, s.SecretPrefix()), "_", ":")
}

// BucketName is the name of the cluster's bucket.
func (s Scope) BucketName() string {
	return fit(strings.ToLower(strings.Join([]string{"berth", s.Account, s.Region, s.Environment, s.Cluster}, "-")), 63)
}

// TopicName is the name of the topic that tells people what fails, as the original's.
func (s Scope) TopicName() string { return fit("ecs_events_"+s.Mark(), 256) }

// TopicARN is the ARN of that topic.
func (s Scope) TopicARN() string {
	return "arn:" + s.Partition + ":sns:" + s.Region + ":" + s.Account + ":" + s.TopicName()
}

// QueueName is the name of one of the cluster's queues.
func (s Scope) QueueName(what string) string { return fit(s.Mark()+"_"+what, 80) }

// RuleName is the name of a rule of EventBridge; all of a cluster's begin with RulePrefix.
func (s Scope) RuleName(what string) string { return fit(s.Mark()+"_"+what, 64) }

// RulePrefix is how the names of the cluster's rules begin, and those of no other cluster.
func (s Scope) RulePrefix() string {
	prefix := s.Mark() + "_"
	return prefix[:min(len(prefix), 64-9)]
}

// RuleDescription is what a rule says of itself: what it is about, and whose it is.
func (s Scope) RuleDescription(what, about string) string {
	return fit(about, 200) + " (" + TagKey + " " + s.keyTag(EventRuleKey(what)) + ")"
}

// OwnsRule tells whether a rule of EventBridge is this cluster's: it has the name of ours, and its description says so.
func (s Scope) OwnsRule(what, name, description string) bool {
	return name == s.RuleName(what) && strings.HasSuffix(description, "("+TagKey+" "+s.keyTag(EventRuleKey(what))+")")
}

// KeyAlias is the name of the cluster's encryption key.
func (s Scope) KeyAlias() string { return "alias/" + s.Mark() + "_events" }

// Tags are the tags that every resource of the cluster carries; what has no name of its own gets one too.
func (s Scope) Tags(k Key) Tags {
	t := NewTags(Tag{TagEnvironment, s.Environment}, Tag{TagCluster, s.Cluster}, Tag{TagKey, s.keyTag(k)})
	if name := s.nameTag(k); name != "" {
		t = t.With(TagName, name)
	}
	return t
}

// keyTag says whose it is as well as what it is: alone it tells a cluster's resources from those of another one.
func (s Scope) keyTag(k Key) string { return s.Mark() + ":" + k.String() }

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
	case KindFlowLog:
		return s.Environment + "_flow_log"
	case KindSecurityGroup:
		return s.SecurityGroupName(k)
	default:
		return ""
	}
}

// EndpointService is AWS's name of a service that endpoints lead to, as most services have it.
func (s Scope) EndpointService(service string) string {
	return "com.amazonaws." + s.Region + "." + service
}

// FlowLogGroupName is the name of the log group that the VPC's flow log goes to. It keeps away from the names of the
// instances' log groups, which instances may write to.
func (s Scope) FlowLogGroupName() string { return "/berth/" + s.Mark() + "/" + FlowLogGroup }

// SecurityGroupName is the name of a security group of the cluster. AWS keeps names that begin
// with "sg-" for ids (EC2 API reference, CreateSecurityGroup), and an environment may well be called sg.
func (s Scope) SecurityGroupName(k Key) string {
	name := s.guardName(k)
	if strings.HasPrefix(strings.ToLower(name), "sg-") {
		return "guard_" + name
	}
	return name
}

func (s Scope) guardName(k Key) string {
	if k == EndpointsGroupKey() {
		return s.Environment + "-" + s.Cluster + "_endpoints" // no instance group has a name like this
	}
	role, name, _ := strings.Cut(k.Name, "/")
	if role == "instances" {
		return s.GroupName(name)
	}
	if name == named("") {
		name = ""
	}
	return s.BalancerName(name) + "_alb"
}

// Owns tells whether tags say that a resource of that kind is this cluster's, and which one it is. A lost tag does not
// hide it, nor does it give it to another cluster: nothing may contradict, and either the key says it or environment and
// cluster both do. What was made for a service is no part of the cluster. A lost key is read from the name tag; where AWS has a name of its own the key stays zero, and that name
// tells.
func (s Scope) Owns(kind Kind, t Tags) (Key, bool) {
	if _, tenant := t.Lookup(TagService); tenant {
		return Key{}, false
	}
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
		if marks < 2 {
			return Key{}, false
		}
		return s.fromName(kind, t)
	}
	text, ours := strings.CutPrefix(text, s.Mark()+":")
	k := ParseKey(text)
	if !ours || k.Kind != kind {
		return Key{}, false
	}
	return k, true
}

// fromName turns the name tag of an unnamed resource back into its key; false where it is none that berth would give.
func (s Scope) fromName(kind Kind, t Tags) (Key, bool) {
	name := t.Get(TagName)
	rest, _ := strings.CutPrefix(name, s.Environment+"_")
	k := Key{Kind: kind}
	switch kind {
	case KindVPC, KindInternetGateway, KindFlowLog:
	case KindSubnet, KindRouteTable:
		tier, zone, _ := strings.Cut(rest, "_subnet_")
		k.Name = tier + "/" + zone
	case KindElasticIP, KindNATGateway:
		k.Name = strings.TrimPrefix(rest, "nat_")
	case KindEndpoint:
		k.Name = strings.TrimSuffix(rest, "_endpoint")
	case KindGroup: // others name and tag their groups just so, but only berth remembers a size
		_, ours := t.Lookup(TagDesired)
		return Key{}, ours
	default:
		return Key{}, true
	}
	if s.nameTag(k) != name {
		return Key{}, false
	}
	return k, true
}

// ParseKey reads a key as String writes it; the zero Key when it is none.
func ParseKey(text string) Key {
	for _, k := range kinds {
		if text == string(k) {
			return Key{Kind: k}
		}
		if name, ok := strings.CutPrefix(text, string(k)+"."); ok {
			return Key{k, name}
		}
	}
	return Key{}
}
