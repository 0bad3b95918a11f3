package forecast

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"berth/internal/live"
	"berth/internal/placement"
	"berth/internal/roll"
	"berth/internal/roll/fit"
)

// scene is a forecast in the making.
type scene struct {
	roll.Snapshot

	groups   map[string]*roll.Group // by the name of the Auto Scaling group
	nodes    map[string]*roll.Node  // by EC2 id
	served   map[string]*roll.Service
	on       map[string][]*live.Task // by ARN of the instance, by ARN
	olds     []*Old
	byID     map[string]*Old
	pools    []*pool
	services map[string]*Service
	touched  []string // names of services
	board    *fit.Board
	landed   map[string]*Task // by ARN of the task
	waved    []Wave
	came     []New // instances that have come for a wave in which nothing could go
	movable  int
	total    int
	fresh    int // new instances so far
	found    []Finding
	starts   map[string][]time.Duration // how long tasks of a service took until they ran
	users    map[string][]string        // EC2 ids of the old instances that have tasks of a service
}

// pool is a group with what is left to do.
type pool struct {
	Group

	group    *roll.Group
	extra    int // instances that stand beyond what is meant
	replaced int
	waiting  []*Old
	works    map[string]int // instances that work, by zone
}

func newScene(s roll.Snapshot) *scene {
	c := &scene{
		Snapshot: s, groups: map[string]*roll.Group{}, nodes: map[string]*roll.Node{}, served: map[string]*roll.Service{}, on: map[string][]*live.Task{},
		starts: map[string][]time.Duration{}, byID: map[string]*Old{}, services: map[string]*Service{}, landed: map[string]*Task{},
	}
	for n := range s.Groups {
		c.groups[s.Groups[n].Name] = &s.Groups[n]
	}
	for n := range s.Nodes {
		one := &s.Nodes[n]
		if one.ID != "" {
			c.nodes[one.ID] = one
		}
		if c.inOrder(one.Group) {
			c.total++
		}
	}
	for n := range s.Services {
		c.served[s.Services[n].Name] = &s.Services[n]
	}
	for n := range s.Tasks {
		t := &s.Tasks[n]
		if t.Instance != "" && t.Last != stopped {
			c.on[t.Instance] = append(c.on[t.Instance], t)
		}
		if name, of := serviceOf(t); of && !t.Created.IsZero() && t.Started.After(t.Created) {
			c.starts[name] = append(c.starts[name], t.Started.Sub(t.Created))
		}
	}
	for _, o := range roll.Targets(s) {
		c.target(o)
	}
	c.touched = slices.Sorted(maps.Keys(c.services))
	c.fill()
	return c
}

// inOrder tells whether a group is one of the order's.
func (c *scene) inOrder(name string) bool {
	g := c.groups[name]
	return g != nil && (len(c.Order.Groups) == 0 || slices.Contains(c.Order.Groups, g.Key))
}

// target takes up an old instance with what runs there.
func (c *scene) target(t roll.Old) {
	n := c.nodes[t.ID]
	o := &Old{
		ID: t.ID, ARN: t.ARN, Group: c.key(t.Group), Zone: t.Zone, Type: n.Type, Arch: t.Arch, AMI: n.AMI, State: n.State, Launched: n.Launched, Reasons: t.Reasons,
		Fate: Blocked, Tasks: []Task{}, order: len(c.olds),
	}
	for _, one := range c.on[t.ARN] {
		o.Tasks = append(o.Tasks, c.task(one))
	}
	slices.SortFunc(o.Tasks, func(a, b Task) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ARN, b.ARN))
	})
	for n := range o.Tasks {
		c.landed[o.Tasks[n].ARN] = &o.Tasks[n]
	}
	c.olds = append(c.olds, o)
	c.byID[o.ID] = o
	p := c.pool(t.Group)
	p.Olds++
	p.waiting = append(p.waiting, o)
}

func (c *scene) key(group string) string { return cmp.Or(c.groups[group].Key, group) }

// task is a task on an old instance, as the roll sees it.
func (c *scene) task(t *live.Task) Task {
	_, name, _ := strings.Cut(t.Group, ":")
	out := Task{ARN: t.ARN, ID: t.ID, Name: name, Kind: StandAlone, Known: c.demand(*t).Known}
	if t.Protected.After(c.At) {
		out.Protected = t.Protected
	}
	if _, of := serviceOf(t); of {
		out.Kind = OfService
		if s := c.served[name]; s != nil && s.Daemon || c.demand(*t).Daemon {
			out.Kind = Daemon
		}
	}
	if out.Kind == OfService {
		c.movable++
		if c.services[name] == nil {
			c.services[name] = &Service{Name: name}
		}
		c.services[name].Tasks++
	}
	return out
}

// serviceOf is the name of the service that a task belongs to; false: it belongs to none.
func serviceOf(t *live.Task) (string, bool) { return strings.CutPrefix(t.Group, "service:") }

// demand is what a task wants.
func (c *scene) demand(t live.Task) roll.Need {
	if name, of := serviceOf(&t); of {
		return c.Demands[t.Definition+" "+name]
	}
	return c.Demands[t.Definition]
}

// pool is the group of an old instance.
func (c *scene) pool(name string) *pool {
	for _, p := range c.pools {
		if p.Name == name {
			return p
		}
	}
	g := c.groups[name]
	p := &pool{Group: Group{Key: c.key(name), Name: name, Desired: g.Desired, Max: g.Max}, group: g, works: map[string]int{}}
	for n := range c.Nodes {
		if one := &c.Nodes[n]; one.Group == name && works(one) {
			p.works[one.Zone]++
		}
	}
	c.pools = append(c.pools, p)
	return p
}

// fill says of each service what it is set to, and of each group what it may do.
func (c *scene) fill() {
	for _, name := range c.touched {
		out, s := c.services[name], c.served[name]
		if s == nil {
			continue
		}
		out.Desired, out.Healthy, out.MinPct, out.MaxPct = s.Desired, s.Healthy, s.MinPct, s.MaxPct
		pct := s.MaxPct
		if c.Order.Patch && !movable(s, pct) {
			out.SetPct = patched(s)
			pct = out.SetPct
		}
		out.Fenced, out.Still = c.fenced(name), c.Order.Still(s)
		out.Lowest = min(s.Healthy, s.Desired)
		if low, high := bounds(s, pct); high <= s.Desired {
			out.Lowest = min(out.Lowest, low)
		}
		c.clock(out, s)
	}
	for _, p := range c.pools {
		p.Surge, p.Unavailable = c.surge(p, len(c.olds)), c.unavailable(p)
		if most := p.Desired + min(p.Surge, p.Olds); most > p.Max {
			p.Raised = most
		}
	}
	slices.SortFunc(c.pools, func(a, b *pool) int { return cmp.Compare(a.Name, b.Name) })
}

// fenced tells whether tasks of a service are kept off old instances.
func (c *scene) fenced(name string) bool {
	s := c.served[name]
	if !c.Order.Fence || c.Order.Strategy == roll.Terminate || s == nil || s.Daemon {
		return false
	}
	need := c.Demands[s.Definition+" "+name]
	return need.Known && len(need.Constraints) < mostConstraints
}

// mostConstraints is how many a task may have (ECS API reference, UpdateService).
const mostConstraints = 10

// surge is how many instances a group may have beyond what is meant, when so many were replaced.
func (c *scene) surge(p *pool, replaced int) int {
	n := c.Order.Surge.Of(p.Desired)
	switch c.Order.Strategy {
	case roll.Double:
		n = p.Olds
	case roll.Terminate:
		return 0
	case roll.Drain:
		if c.Order.Ramp {
			n = min(n, 2*max(1, replaced))
		}
	}
	if !c.Order.BeyondMax {
		n = min(n, max(0, p.Max-p.Desired))
	}
	return n
}

// unavailable is how many instances a group may lack: as ordered, and one where no other way is left.
func (c *scene) unavailable(p *pool) int {
	n := c.Order.MaxUnavailable.Of(p.Desired)
	if c.Order.Strategy == roll.Terminate {
		return max(1, n)
	}
	if n == 0 && c.surge(p, len(c.olds)) == 0 && p.Desired > 1 {
		n = 1
	}
	return n
}

// model is what a new instance of a group is like in a zone: one that is up to date, or else an old one, before any work is on it.
// False: the group has none that has joined.
func (c *scene) model(p *pool, zone string) (live.Instance, bool) {
	var best *roll.Node
	for n := range c.Nodes {
		one := &c.Nodes[n]
		if one.Group != p.Name || one.ARN == "" || one.Total.Memory == 0 {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(rank(one, zone), rank(best, zone)), cmp.Compare(best.ID, one.ID)) > 0 {
			best = one
		}
	}
	if best == nil {
		return live.Instance{}, false
	}
	i := best.Instance
	i.Zone, i.Status, i.Connected, i.Free, i.Running, i.Pending = zone, active, true, i.Total, 0, 0
	i.Attributes = maps.Clone(i.Attributes)
	if i.Attributes == nil {
		i.Attributes = map[string]string{}
	}
	i.Attributes["ecs.availability-zone"] = zone
	delete(i.Attributes, roll.AttrDrain)
	if c.Order.Fence {
		i.Attributes[roll.AttrFence] = c.run()
	}
	return i, true
}

// rank is how much a new instance in a zone will be like one that stands.
func rank(n *roll.Node, zone string) int {
	r := 0
	if len(n.Outdated) == 0 {
		r += 2
	}
	if n.Zone == zone {
		r++
	}
	return r
}

// run is the roll's name, or what stands for it in a roll that has none yet.
func (c *scene) run() string { return cmp.Or(c.Order.Run, "run") }

// need is what a task wants, for the board: the fence is one more constraint.
func (c *scene) need(t live.Task) (placement.Demand, bool) {
	n := c.demand(t)
	d := n.Demand
	if name, of := serviceOf(&t); of && c.fenced(name) {
		d.Constraints = append(slices.Clip(d.Constraints), placement.Constraint{Type: "memberOf", Expression: "attribute:" + roll.AttrFence + " == " + c.run()})
	}
	return d, n.Known
}
