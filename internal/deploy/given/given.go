// Package given holds what a cluster gives to the services in it: the values behind "${berth.…}", and what a service must have made for it before it can run.
//
// In: what the cluster's file says, what of it stands, and a folder's documents. Out: texts, documents in AWS's shapes, and
// needs. It reads no file and asks nobody, and never holds a secret: of a login it knows the ARN.
package given

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/route"
	"berth/internal/model"
)

// Cluster is what its file says of it.
type Cluster struct {
	model.Scope
	LogPrefix     string
	RetentionDays int        // of log groups; 0: for ever
	Tags          model.Tags // the file's, for everything that is made
	Balancers     []Balancer
	Groups        []string // instance groups
	Registries    []Registry
}

// Balancer is a load balancer of the file.
type Balancer struct {
	Key     string // as the file calls it; empty: the default one
	Classic bool
}

// Name is how placeholders call it.
func (b Balancer) Name() string {
	if b.Key == "" {
		return "default"
	}
	return b.Key
}

// Registry is a registry of the file.
type Registry struct {
	Host      string // "docker.io", "localhost:5000"
	SecretARN string // of a secret of others; empty: the cluster has its own
	InBucket  bool   // the ECS agents have the login already; no task definition needs to name it
}

// Standing is what was found of it, as far as it was asked for.
type Standing struct {
	Cluster        bool              // the ECS cluster is there
	Others         bool              // and it is not the file's, by its tags
	Fronts         map[string]Front  // application load balancers, by Balancer.Name
	Classic        map[string]bool   // classic ones, by Balancer.Name
	Secrets        map[string]string // ARNs by registry host
	SecurityGroups map[string]string // ids by instance group
	PrivateSubnets []string          // ids
}

// Front is an application load balancer that stands.
type Front struct {
	ARN, VPC    string
	TargetGroup string // ARN of its own target group; empty: it is gone
	Listeners   []Listener
}

// Listener is one of its ports.
type Listener struct {
	ARN      string
	Port     int
	Forwards bool // it sends requests to targets; false: elsewhere
}

// Table is what placeholders stand for.
type Table struct {
	Cluster
	Standing
}

// Unknown says that there is no value of a name.
type Unknown struct {
	Name  string   // what was asked for, without "berth."
	Known []string // what could have been meant, without "berth."
}

func (u *Unknown) Error() string {
	return fmt.Sprintf("the cluster gives no berth.%s; it gives berth.%s", u.Name, strings.Join(u.Known, ", berth."))
}

// Absent says that something which the file asks for does not stand.
type Absent struct {
	Name, What string // "load balancer public"
	Fix        string // the next command
}

func (a *Absent) Error() string { return a.What + " does not stand yet" }

// Names are all names that have a value in this cluster, sorted; a route is known by its load balancer.
func (t Table) Names() []string {
	out := []string{"account", "cluster", "environment", "log_prefix", "region", "role.execution", "role.task", "subnets.private"}
	for _, b := range t.Balancers {
		if b.Classic {
			out = append(out, "load_balancer."+b.Name())
			continue
		}
		out = append(out, "target_group."+b.Name())
	}
	for _, g := range t.Groups {
		out = append(out, "capacity_provider."+g, "security_group."+g)
	}
	for _, r := range t.Registries {
		if !r.InBucket {
			out = append(out, "registry."+r.Host)
		}
	}
	slices.Sort(out)
	return out
}

// Lookup is the value of a name, given without "berth.": a text, or for subnets.private a list of texts. Of a route, such as
// "target_group.public?path=/api/*", it is a mark that Provide later puts a target group in the place of. Errors are
// *Unknown, *Absent, or of a route that is none one line of text.
func (t Table) Lookup(name string) (document.Value, error) {
	plain, query, isRoute := strings.Cut(name, "?")
	if isRoute && !strings.HasPrefix(plain, "target_group.") {
		return document.Value{}, fmt.Errorf("only berth.target_group takes what stands behind the ?")
	}
	if !slices.Contains(t.Names(), plain) {
		return document.Value{}, &Unknown{Name: plain, Known: t.like(plain)}
	}
	if isRoute {
		text := strings.TrimPrefix(plain, "target_group.") + "?" + query
		if _, err := route.Parse(text); err != nil {
			return document.Value{}, err
		}
		return document.Of(mark + text), nil
	}
	if v, ok := t.fixed(plain); ok {
		return document.Of(v), nil
	}
	return t.found(plain)
}

// like are the names of the same kind, or all.
func (t Table) like(name string) []string {
	kind, _, _ := strings.Cut(name, ".")
	same := slices.DeleteFunc(t.Names(), func(n string) bool { return !strings.HasPrefix(n, kind+".") })
	if len(same) > 0 {
		return same
	}
	return t.Names()
}

// fixed are the values that follow from names alone.
func (t Table) fixed(name string) (string, bool) {
	kind, of, _ := strings.Cut(name, ".")
	switch kind {
	case "cluster":
		return t.ClusterName(), true
	case "environment":
		return t.Environment, true
	case "region":
		return t.Region, true
	case "account":
		return t.Account, true
	case "log_prefix":
		return t.LogPrefix, true
	case "role":
		return t.RoleARN(of), true
	case "capacity_provider":
		return t.ProviderName(of), true
	}
	return "", false
}

// RoleARN is the ARN of one of the cluster's roles: "execution" or "task".
func (t Table) RoleARN(what string) string {
	return "arn:" + t.Partition + ":iam::" + t.Account + ":role" + t.RolePath() + t.RoleName(what)
}

// found are the values that AWS gives.
func (t Table) found(name string) (document.Value, error) {
	kind, of, _ := strings.Cut(name, ".")
	value, what := "", kind
	switch kind {
	case "load_balancer":
		what = "classic load balancer " + of
		if t.Classic[of] {
			value = t.BalancerName(t.balancer(of).Key)
		}
	case "target_group":
		value, what = t.Fronts[of].TargetGroup, "load balancer "+of
	case "registry":
		value, what = t.secret(of), "the secret of registry "+of
	case "security_group":
		value, what = t.SecurityGroups[of], "the security group of instance group "+of
	case "subnets":
		if len(t.PrivateSubnets) > 0 {
			return list(t.PrivateSubnets), nil
		}
		what = "a private subnet"
	}
	if value == "" {
		return document.Value{}, t.absent(name, what)
	}
	return document.Of(value), nil
}

func (t Table) absent(name, what string) error {
	if !t.Standing.Cluster {
		what = "cluster " + t.ClusterName()
	}
	return &Absent{Name: name, What: what, Fix: "berth apply"}
}

func (t Table) balancer(name string) Balancer {
	i := slices.IndexFunc(t.Balancers, func(b Balancer) bool { return b.Name() == name })
	if i < 0 {
		return Balancer{}
	}
	return t.Balancers[i]
}

// secret is the ARN of a registry's secret; empty where there is none.
func (t Table) secret(host string) string {
	for _, r := range t.Registries {
		if r.Host == host && r.SecretARN != "" {
			return r.SecretARN
		}
	}
	return t.Secrets[host]
}

func list(texts []string) document.Value {
	var items []document.Value
	for _, text := range texts {
		items = append(items, document.Of(text))
	}
	return document.Items(items...)
}
