package traffic

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"berth/internal/sim/world"
)

// Usual is how many requests a second meet a listener rule with a service behind it unless somebody offers another number.
const Usual = 10

// Most is how many requests a second may be offered.
const Most = 1_000_000

// Offer sets how many requests a second come from now on: to a listener rule or a listener (its default rule), by ARN, with or
// without a service behind it; to each that has one of a service ("NAME" or "CLUSTER/NAME"), or of a load balancer, by name or
// ARN. What is closer counts more: a rule, then a service, then a load balancer. A name that is a service's and a load
// balancer's means the service. It refuses what is not there, and more than Most.
func Offer(w *world.World, r *world.Region, what string, perSecond int64) error {
	if perSecond < 0 || perSecond > Most {
		return fmt.Errorf("%d requests per second cannot be offered: 0 to %d can", perSecond, int64(Most))
	}
	kind, name, err := resolve(r, what)
	if err != nil {
		return err
	}
	r.Traffic.Rates.Put(kind+" "+name, &world.OfferedRate{PerSecond: perSecond})
	if rule, ok := r.Balancing.Rules.Get(name); ok {
		watch(r, rule.ARN) // its changes are told, even if it forwards to no target group
		start(w, r, rule)
		return nil
	}
	for key := range r.Traffic.Flows.All() {
		update(w, r, key, nil)
	}
	return nil
}

// resolve tells what somebody means: the kind of thing, and its ARN or name.
func resolve(r *world.Region, what string) (kind, name string, err error) {
	if l, ok := r.Balancing.Listeners.Get(what); ok {
		what = l.DefaultRule
	}
	if _, ok := r.Balancing.Rules.Get(what); ok {
		return "rule", what, nil
	}
	switch all := servicesNamed(r, what); {
	case len(all) == 1:
		return "service", all[0], nil
	case len(all) > 1:
		return "", "", fmt.Errorf("several clusters have a service %s: say CLUSTER/%s", what, what)
	}
	for lb := range r.Balancing.LoadBalancers.Rows() {
		if lb.Name == what || lb.ARN == what {
			return "balancer", lb.Name, nil
		}
	}
	if _, ok := r.Balancing.Classics.Get(what); ok {
		return "balancer", what, nil
	}
	return "", "", fmt.Errorf("there is no service and no load balancer %s", what)
}

// servicesNamed are the services with a name, "NAME" or "CLUSTER/NAME", as "CLUSTER/NAME".
func servicesNamed(r *world.Region, what string) []string {
	in, name, qualified := strings.Cut(what, "/")
	if !qualified {
		in, name = "", what
	}
	var out []string
	for k := range r.ECS.Clusters.Rows() {
		if _, ok := k.Services.Get(name); ok && (in == "" || in == k.Name) {
			out = append(out, k.Name+"/"+name)
		}
	}
	return out
}

func service(r *world.Region, cluster, name string) (*world.Service, bool) {
	k, ok := r.ECS.Clusters.Get(cluster)
	if !ok {
		return nil, false
	}
	return k.Services.Get(name)
}

// active are the services behind a target group or a classic load balancer that traffic is meant for.
func active(r *world.Region, id string) []string {
	x, ok := r.Traffic.Watched.Get(id)
	if !ok {
		return nil
	}
	var out []string
	for _, full := range x.Services {
		cluster, name, _ := strings.Cut(full, "/")
		s, ok := service(r, cluster, name)
		if ok && s.Status == "ACTIVE" && slices.ContainsFunc(s.Balancers, func(b world.ServiceBalancer) bool { return b.Group+b.Classic == id }) {
			out = append(out, full)
		}
	}
	return out
}

// groupsOf are the target groups that a rule forwards to.
func groupsOf(rule *world.ListenerRule) []string {
	var out []string
	for _, a := range rule.Actions {
		for _, g := range a.Groups {
			out = append(out, g.ARN)
		}
	}
	return out
}

// servicesOf are the services behind a rule that traffic is meant for.
func servicesOf(r *world.Region, rule *world.ListenerRule) []string {
	var out []string
	for _, g := range groupsOf(rule) {
		out = append(out, active(r, g)...)
	}
	return out
}

// wanted is how a flow is to go on from now: nothing comes where nobody listens.
func wanted(w *world.World, r *world.Region, key string, f *world.Flow) (rate int64, ways []world.Path) {
	if f.Rule == "" {
		return wantedClassic(r, key, f)
	}
	rule, ok := r.Balancing.Rules.Get(f.Rule)
	if !ok {
		return 0, nil
	}
	l, ok := r.Balancing.Listeners.Get(rule.Listener)
	if !ok {
		return 0, nil
	}
	lb, ok := r.Balancing.LoadBalancers.Get(l.LoadBalancer)
	if !ok || lb.State != world.BalancerActive {
		return 0, nil
	}
	if rate = rateOf(r, key, f, servicesOf(r, rule)); rate == 0 {
		return 0, nil
	}
	return rate, paths(w, r, lb, rule.Actions[len(rule.Actions)-1])
}

func wantedClassic(r *world.Region, key string, f *world.Flow) (rate int64, ways []world.Path) {
	b, ok := r.Balancing.Classics.Get(f.Balancer)
	if !ok {
		return 0, nil
	}
	n := slices.IndexFunc(b.Listeners, func(l world.ClassicListener) bool { return b.Name+":"+strconv.Itoa(int(l.Port)) == key })
	if n < 0 {
		return 0, nil
	}
	if rate = rateOf(r, key, f, active(r, b.Name)); rate == 0 {
		return 0, nil
	}
	return rate, classicPaths(r, b, b.Listeners[n].InstancePort)
}

// rateOf is how many requests a second a flow has.
func rateOf(r *world.Region, key string, f *world.Flow, services []string) int64 {
	if x, ok := r.Traffic.Rates.Get("rule " + key); ok {
		return x.PerSecond
	}
	if len(services) == 0 {
		return 0
	}
	for _, s := range services {
		if x, ok := r.Traffic.Rates.Get("service " + s); ok {
			return x.PerSecond
		}
	}
	if x, ok := r.Traffic.Rates.Get("balancer " + f.Balancer); ok {
		return x.PerSecond
	}
	return Usual
}
