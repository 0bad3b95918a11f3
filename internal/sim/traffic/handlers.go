package traffic

import (
	"slices"
	"strconv"
	"strings"

	"berth/internal/sim/elb"
	"berth/internal/sim/world"
)

// The events of services that traffic begins and ends with: ID is the cluster, Arg the service.
const (
	deploymentCompleted world.Kind = "ecs.deployment-completed"
	serviceDeleted      world.Kind = "ecs.service-deleted"
)

// Handlers is what happens when something changes that moves requests.
func Handlers() world.Handlers {
	return world.Handlers{
		elb.RoutesChanged:   {onRoutes},
		elb.RuleChanged:     {onRule},
		deploymentCompleted: {onCompleted},
		serviceDeleted:      {onDeleted},
	}
}

// watch lets changes of a target group, a listener rule or a classic load balancer be told from now on.
func watch(r *world.Region, id string) *world.Watched {
	x, ok := r.Traffic.Watched.Get(id)
	if !ok {
		x = &world.Watched{}
		r.Traffic.Watched.Put(id, x)
	}
	return x
}

func onRoutes(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	x, ok := r.Traffic.Watched.Get(e.ID)
	if !ok {
		return
	}
	gone := x.Gone
	x.Stirred, x.Gone = false, nil
	if b, ok := r.Balancing.Classics.Get(e.ID); ok && len(active(r, b.Name)) > 0 {
		startClassic(w, r, b)
	}
	for _, key := range x.Flows {
		update(w, r, key, gone)
	}
}

func onRule(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	rule, ok := r.Balancing.Rules.Get(e.ID)
	if ok && len(servicesOf(r, rule)) > 0 {
		start(w, r, rule)
	} else if _, flows := r.Traffic.Flows.Get(e.ID); flows {
		update(w, r, e.ID, nil)
	}
}

// onCompleted begins the traffic of a service whose first deployment has completed.
func onCompleted(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	s, ok := service(r, e.ID, e.Arg)
	if !ok {
		return
	}
	for _, b := range s.Balancers {
		x := watch(r, b.Group+b.Classic) // one of the two
		if name := e.ID + "/" + e.Arg; !slices.Contains(x.Services, name) {
			x.Services = append(x.Services, name)
			startAll(w, r, b)
		}
	}
}

// startAll begins the traffic to one of the load balancers of a service.
func startAll(w *world.World, r *world.Region, b world.ServiceBalancer) {
	if c, ok := r.Balancing.Classics.Get(b.Classic); ok {
		startClassic(w, r, c)
	}
	for rule := range r.Balancing.Rules.Rows() {
		if slices.Contains(groupsOf(rule), b.Group) {
			start(w, r, rule)
		}
	}
}

// onDeleted ends the traffic of a service that is deleted.
func onDeleted(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	s, ok := service(r, e.ID, e.Arg)
	if !ok {
		return
	}
	for _, b := range s.Balancers {
		for _, key := range watch(r, b.Group+b.Classic).Flows {
			update(w, r, key, nil)
		}
	}
}

// start begins, or brings up to date, what meets a listener rule.
func start(w *world.World, r *world.Region, rule *world.ListenerRule) {
	f := &world.Flow{Rule: rule.ARN, Spells: []world.Spell{{From: w.Now()}}}
	if l, ok := r.Balancing.Listeners.Get(rule.Listener); ok {
		f.Port = l.Port
		if lb, ok := r.Balancing.LoadBalancers.Get(l.LoadBalancer); ok {
			f.Balancer = lb.Name
		}
	}
	begin(w, r, rule.ARN, f)
}

// startClassic begins, or brings up to date, what meets the listeners of a classic load balancer.
func startClassic(w *world.World, r *world.Region, b *world.ClassicBalancer) {
	for _, l := range b.Listeners {
		key := b.Name + ":" + strconv.Itoa(int(l.Port))
		begin(w, r, key, &world.Flow{Balancer: b.Name, Port: l.Port, Spells: []world.Spell{{From: w.Now()}}})
	}
}

func begin(w *world.World, r *world.Region, key string, f *world.Flow) {
	if _, ok := r.Traffic.Flows.Get(key); !ok {
		r.Traffic.Flows.Put(key, f)
	}
	update(w, r, key, nil)
}

// update brings a flow up to this moment, and lets it go on as its load balancer has it now. The programs at the places that
// are gone have lost what they worked on.
func update(w *world.World, r *world.Region, key string, gone []string) {
	f, ok := r.Traffic.Flows.Get(key)
	if !ok {
		return
	}
	now := w.Now()
	advance(f, now)
	prune(f, now)
	rate, ways := wanted(w, r, key, f)
	for _, p := range ways {
		if p.Key == "" {
			continue
		}
		if x := watch(r, p.Key); !slices.Contains(x.Flows, key) {
			x.Flows = append(x.Flows, key)
		}
	}
	dead := func(group, target string) bool { return slices.Contains(gone, target) || lost(r, group, target) }
	if s := current(f); s.Rate != rate || !same(s.Paths, ways) || strikes(f, dead) {
		turn(f, now, rate, ways)
		cut(f, now, dead)
	}
}

// strikes tells whether a program is dead that requests of a flow are or were with.
func strikes(f *world.Flow, dead func(group, target string) bool) bool {
	for n := range f.Spells {
		for _, l := range lanes(&f.Spells[n]) {
			if l.Outcome == "" && !l.Died && l.Key != "" && dead(l.group, l.Key) {
				return true
			}
		}
	}
	return false
}

// lost tells whether a target has lost what it works on: its program does not run, or its load balancer has let it go.
func lost(r *world.Region, group, target string) bool {
	if g, ok := r.Balancing.TargetGroups.Get(group); ok {
		t, ok := g.Targets.Get(target)
		if !ok {
			return true
		}
		v, _ := elb.Visit(r, g, t)
		_, runs := v.Program(r)
		return !runs
	}
	b, ok := r.Balancing.Classics.Get(group)
	if !ok {
		return true
	}
	host, port, _ := strings.Cut(target, ":")
	if _, ok := b.Targets.Get(host); !ok {
		return true
	}
	n, _ := strconv.ParseInt(port, 10, 32) // it was made from a port
	_, runs := classicVisit(r, b, host, int32(n)).Program(r)
	return !runs
}

// same tells whether two ways to deal out requests differ in nothing but in what they owe.
func same(a, b []world.Path) bool {
	like := func(x, y world.Share) bool { return x.Key == y.Key && x.Weight == y.Weight }
	return slices.EqualFunc(a, b, func(x, y world.Path) bool {
		return like(x.Share, y.Share) && slices.EqualFunc(x.Nodes, y.Nodes, func(x, y world.TrafficNode) bool {
			return like(x.Share, y.Share) && slices.EqualFunc(x.Lanes, y.Lanes, func(x, y world.Lane) bool {
				return like(x.Share, y.Share) && x.Outcome == y.Outcome && x.Took == y.Took && x.SlowFrom.Equal(y.SlowFrom) && x.SlowFor == y.SlowFor
			})
		})
	})
}
