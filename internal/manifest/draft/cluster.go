package draft

import (
	"slices"

	"berth/internal/document"
	"berth/internal/manifest/placeholder"
)

// Cluster is what folders take from a cluster, as plain data. What is empty is not known yet: names come from the cluster's file,
// ARNs and ids from AWS.
type Cluster struct {
	Name, Environment, Region, Account string
	LogPrefix                          string
	ExecutionRole, TaskRole            string // ARNs
	Balancers                          []Balancer
	Registries                         []Registry
	Groups                             []Group
	Subnets                            []string // ids of the private ones
}

// Balancer is a load balancer of the cluster.
type Balancer struct {
	Key         string // in the cluster's file; the one that stands in no file is "default"
	Name        string // of AWS
	Classic     bool
	Port        int    // of the instances, that a classic one sends to
	TargetGroup string // ARN of an application load balancer's own target group
}

// Registry is a private registry whose login is in Secrets Manager.
type Registry struct {
	Host   string
	Secret string // ARN; empty: not known, or not there
}

// Group is an instance group.
type Group struct {
	Key           string
	Provider      string // the name of its capacity provider
	SecurityGroup string // the id of its instances' group
	Types         []Type // that its instances may be of
}

// Type is an instance type, as large as tasks find it.
type Type struct {
	Name       string
	CPU        int    // units, 1024 for each virtual processor
	Memory     int    // MiB, less what the instance keeps for itself
	Interfaces int    // network interfaces that it can have, its own with them; 0: not known
	Arch       string // X86_64, ARM64, as in a task definition's runtimePlatform
}

// Answer is what stands for a reference: a text, or a list of texts for subnets. It is false for what is not known, and for target
// groups that the service shall have of its own: they are made by the deployment.
func (c Cluster) Answer(r Reference) (document.Value, bool) {
	text := map[string]string{
		placeholder.Cluster: c.Name, placeholder.Environment: c.Environment, placeholder.Region: c.Region, placeholder.Account: c.Account,
		placeholder.LogPrefix: c.LogPrefix,
	}[r.What]
	switch r.What {
	case placeholder.Role:
		text = map[string]string{"execution": c.ExecutionRole, "task": c.TaskRole}[r.Name]
	case placeholder.LoadBalancer, placeholder.TargetGroup:
		text = c.behind(r)
	case placeholder.Registry:
		if i := slices.IndexFunc(c.Registries, func(one Registry) bool { return one.Host == r.Name }); i >= 0 {
			text = c.Registries[i].Secret
		}
	case placeholder.CapacityProvider:
		text = c.group(r.Name).Provider
	case placeholder.SecurityGroup:
		text = c.group(r.Name).SecurityGroup
	case placeholder.Subnets:
		ids := document.Value{Kind: document.List}
		for _, id := range c.Subnets {
			ids.Items = append(ids.Items, document.Of(id))
		}
		return ids, len(c.Subnets) > 0
	}
	return document.Of(text), text != ""
}

// behind is a classic load balancer's name, or an application load balancer's own target group.
func (c Cluster) behind(r Reference) string {
	b, _ := c.Balancer(r.Name)
	switch {
	case r.What == placeholder.LoadBalancer && b.Classic:
		return b.Name
	case r.What == placeholder.TargetGroup && !b.Classic && !r.Route.Own():
		return b.TargetGroup
	}
	return ""
}

// Balancer finds a load balancer by its key.
func (c Cluster) Balancer(key string) (Balancer, bool) {
	if i := slices.IndexFunc(c.Balancers, func(b Balancer) bool { return b.Key == key }); i >= 0 {
		return c.Balancers[i], true
	}
	return Balancer{}, false
}

func (c Cluster) group(key string) Group {
	if i := slices.IndexFunc(c.Groups, func(g Group) bool { return g.Key == key }); i >= 0 {
		return c.Groups[i]
	}
	return Group{}
}
