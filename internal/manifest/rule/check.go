package rule

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/draft"
	"berth/internal/manifest/fault"
	"berth/internal/manifest/placeholder"
	"berth/internal/spell"
)

// Fit asks whether a folder that was read without errors fits a cluster. What is not known of the cluster is not asked about.
func Fit(r *fault.Report, f draft.Folder, cl draft.Cluster) {
	c := &checker{r, f}
	for _, ref := range f.References {
		c.known(ref, cl)
	}
	c.reachable()
	c.f = draft.Resolve(f, cl.Answer)
	draft.Reshape(r, c.f)
	c.home(cl)
	c.wired(cl)
	c.providers(cl)
	c.fits(cl)
}

// known refuses a reference to what the cluster's file does not have.
func (c *checker) known(r draft.Reference, cl draft.Cluster) {
	names, named := candidates(r, cl)
	if !named {
		return
	}
	at := c.f.Book.Inside(document.Value{Kind: document.Text, At: r.At}, strings.TrimSuffix(r.String(), "}"))
	if !slices.Contains(names, r.Name) {
		c.Fail(at, fault.Fault{Code: fault.CodeCluster, Summary: "the cluster has no " + strings.ReplaceAll(r.What, "_", " ") + " for " + r.String(), Hint: among(r, names)})
		return
	}
	if b, found := cl.Balancer(r.Name); found && (r.What == placeholder.LoadBalancer || r.What == placeholder.TargetGroup) {
		c.kind(at, r, b)
	}
}

// candidates are the names that a reference could have; false where it has none to choose. A load balancer of the wrong kind is one
// only when it is the one that is named.
func candidates(r draft.Reference, cl draft.Cluster) (names []string, named bool) {
	switch r.What {
	case placeholder.LoadBalancer, placeholder.TargetGroup:
		for _, one := range cl.Balancers {
			if one.Classic == (r.What == placeholder.LoadBalancer) || one.Key == r.Name {
				names = append(names, one.Key)
			}
		}
	case placeholder.Registry:
		for _, one := range cl.Registries {
			names = append(names, one.Host)
		}
	case placeholder.CapacityProvider, placeholder.SecurityGroup:
		for _, g := range cl.Groups {
			names = append(names, g.Key)
		}
	default:
		return nil, false
	}
	return names, true
}

// kind refuses a load balancer of the wrong kind.
func (c *checker) kind(at document.Position, r draft.Reference, b draft.Balancer) {
	f := fault.Fault{Code: fault.CodeKind}
	switch {
	case r.What == placeholder.LoadBalancer && !b.Classic:
		f.Summary = fmt.Sprintf("the load balancer %q is an application load balancer", r.Name)
		f.Hint = `write "targetGroupArn": "${berth.target_group.` + r.Name + `}"`
	case r.What == placeholder.TargetGroup && b.Classic:
		f.Summary = fmt.Sprintf("the load balancer %q is a classic one, and has no target groups", r.Name)
		f.Hint = `write "loadBalancerName": "${berth.load_balancer.` + r.Name + `}"`
	case r.What == placeholder.TargetGroup && !r.Route.Own() && c.mode() == awsvpc:
		f.Summary = fmt.Sprintf("the load balancer %q's own target group sends to instances, not to tasks with networkMode awsvpc", r.Name)
		f.Hint = `give the service one of its own: "targetGroupArn": "${berth.target_group.` + r.Name + `?path=/*}"`
	default:
		return
	}
	c.Fail(at, f)
}

// lowest is the lowest port of instances that application load balancers may reach: Docker chooses those above.
const lowest = 32768

// reachable refuses target groups of tasks with network interfaces of their own whose ports their security groups keep closed: all of
// them are those of the cluster's instances.
func (c *checker) reachable() {
	groups := c.f.Service.Get("networkConfiguration", "awsvpcConfiguration", "securityGroups").Items
	for _, v := range groups {
		if !slices.ContainsFunc(c.f.References, func(r draft.Reference) bool { return r.At == v.At && r.What == placeholder.SecurityGroup }) {
			return
		}
	}
	for _, t := range c.f.TargetGroups() {
		if t.Type != "ip" || len(groups) == 0 || t.Port == 0 || t.Port >= lowest {
			continue
		}
		c.Fail(groups[0].At, fault.Fault{
			Code: fault.CodeUnreachable, Summary: fmt.Sprintf("the load balancer %q cannot reach port %d of the tasks", t.Reference.Name, t.Port),
			Detail: "The security groups of the instances let load balancers in at ports from 32768 up only.",
			Hint:   `name a security group of your own that lets it in, or write "networkMode": "bridge" in ` + c.f.Files[0],
		})
	}
}

// among says which names there are, or which was meant.
func among(r draft.Reference, names []string) string {
	head := "${berth." + r.What + "."
	switch near := spell.Meant(r.Name, names); {
	case near != "":
		return "did you mean " + head + near + "}?"
	case len(names) == 0:
		return "the cluster's file has none"
	}
	return "there are " + head + strings.Join(names, "}, "+head) + "}"
}

// home checks that the service is for this cluster.
func (c *checker) home(cl draft.Cluster) {
	v := c.f.Service.Get("cluster")
	if v.Kind != document.Text || v.Text == "" || cl.Name == "" || c.f.Open(v) {
		return
	}
	if v.Text[strings.LastIndexByte(v.Text, '/')+1:] != cl.Name {
		c.Fail(v.At, fault.Fault{Code: fault.CodeForeign, Summary: "the service is for the cluster " + c.f.Quote(v) + ", and this is " + fault.Quote(cl.Name), Hint: "leave cluster out, or name the other cluster's file with -f"})
	}
}

// wired checks what stands behind classic load balancers.
func (c *checker) wired(cl draft.Cluster) {
	for i, b := range c.f.Service.Get("loadBalancers").Items {
		v, said := b.Get("loadBalancerName"), fmt.Sprintf("loadBalancers[%d]", i)
		n := slices.IndexFunc(cl.Balancers, func(one draft.Balancer) bool { return one.Name != "" && one.Name == v.Text })
		if v.Kind != document.Text || n < 0 {
			continue
		}
		if lb := cl.Balancers[n]; !lb.Classic {
			c.Fail(v.At, fault.Fault{Code: fault.CodeKind, Summary: said + ": " + c.f.Quote(v) + " is an application load balancer", Hint: `write "targetGroupArn": "${berth.target_group.` + lb.Key + `}"`})
		} else {
			c.reached(said, b, lb)
		}
	}
}

// reached checks that a classic load balancer sends to the port where the container is.
func (c *checker) reached(said string, b document.Value, lb draft.Balancer) {
	for _, one := range c.containers() {
		for _, m := range one.Get("portMappings").Items {
			host, fixed := hostOf(c.mode(), m)
			if one.name != draft.Text(b, "containerName") || !m.Get("containerPort").Equal(b.Get("containerPort")) || !fixed || lb.Port == 0 || host.port == lb.Port {
				continue
			}
			c.Fail(portAt(m), fault.Fault{
				Code: fault.CodeClassic, Summary: fmt.Sprintf("%s: the load balancer %q sends to port %d of the instances, and the container is at %d", said, lb.Key, lb.Port, host.port),
				Hint: fmt.Sprintf(`write "hostPort": %d`, lb.Port),
			})
		}
	}
}

// providers checks that the service's capacity providers are the cluster's.
func (c *checker) providers(cl draft.Cluster) {
	var names []string
	for _, g := range cl.Groups {
		if g.Provider != "" {
			names = append(names, g.Provider)
		}
	}
	for _, item := range c.f.Service.Get("capacityProviderStrategy").Items {
		v := item.Get("capacityProvider")
		if v.Kind != document.Text || c.f.Open(v) || len(names) == 0 || slices.Contains(names, v.Text) {
			continue
		}
		n := max(0, slices.Index(names, spell.Meant(v.Text, names)))
		c.Fail(v.At, fault.Fault{
			Code: fault.CodeCluster, Summary: "the cluster has no capacity provider " + c.f.Quote(v), Hint: `write "capacityProvider": "${berth.capacity_provider.` + cl.Groups[n].Key + `}"`,
		})
	}
}

// fits checks that a task would fit an empty instance of some type that it may run on.
func (c *checker) fits(cl draft.Cluster) {
	cpu, memory := Takes(c.f)
	d := c.f.Definition
	arch := draft.Text(d, "runtimePlatform", "cpuArchitecture")
	var best draft.Type
	seen, worst := 0, ""
	for _, g := range cl.Groups {
		if !c.allowed(g) {
			continue
		}
		for _, t := range g.Types {
			lack := lacks(t, cpu, memory, c.mode() == awsvpc, arch)
			if lack == "" {
				return
			}
			if seen++; seen == 1 || t.Memory > best.Memory {
				best, worst = t, lack
			}
		}
	}
	if seen == 0 {
		return
	}
	at := d.Get("containerDefinitions").At
	for _, v := range []document.Value{d.Get("runtimePlatform", "cpuArchitecture"), d.Get("cpu"), d.Get("memory")} {
		if v.There() {
			at = v.At
		}
	}
	hint := "take less, or a larger instance_type in the cluster's file"
	if strings.HasPrefix(worst, "the architecture") {
		hint = "name a group of that architecture in capacityProviderStrategy, or another cpuArchitecture"
	}
	c.Fail(at, fault.Fault{
		Code: fault.CodeNever, Summary: fmt.Sprintf("no instance that the task may run on can have it: it takes %d cpu units and %d MiB of memory", cpu, memory),
		Detail: fmt.Sprintf("The largest is %s, with %d units and %d MiB for tasks; it lacks %s.", best.Name, best.CPU, best.Memory, worst),
		Hint:   hint,
	})
}

// allowed tells whether the tasks may run in a group: the one of its capacity providers, if the service names any.
func (c *checker) allowed(g draft.Group) bool {
	items := c.f.Service.Get("capacityProviderStrategy").Items
	return len(items) == 0 || slices.ContainsFunc(items, func(item document.Value) bool {
		v := item.Get("capacityProvider")
		return c.f.Open(v) || v.Text == g.Provider
	})
}

// lacks is what an empty instance of the type lacks for a task; "": nothing.
func lacks(t draft.Type, cpu, memory int, ownInterface bool, arch string) string {
	switch {
	case arch != "" && t.Arch != "" && arch != t.Arch:
		return "the architecture " + fault.Quote(arch)
	case t.CPU > 0 && cpu > t.CPU:
		return "cpu"
	case t.Memory > 0 && memory > t.Memory:
		return "memory"
	case ownInterface && t.Interfaces == 1:
		return "a second network interface"
	}
	return ""
}
