package roll

import (
	"slices"
	"strings"
	"time"

	"berth/internal/live"
	"berth/internal/placement"
)

// notice takes over into the memory what has happened since the last look.
func (x *mind) notice() {
	if x.m.Stage == Begin {
		return
	}
	x.count()
	for n := range x.m.Olds {
		x.noticeOld(&x.m.Olds[n])
	}
	for n := range x.m.News {
		x.noticeNew(&x.m.News[n])
	}
	x.replacements()
	x.scaledIn()
	x.health()
	for n := range x.m.Pools {
		p := &x.m.Pools[n]
		if g := x.groups[p.Group]; g != nil {
			p.Was = Sizes{g.Desired, p.Launched, p.Left}
		}
	}
}

// shrunk tells whether somebody else has made a group smaller since the last look.
func (x *mind) shrunk(p *Pool) bool {
	g := x.groups[p.Group]
	return g != nil && g.Desired < p.Was.Desired+p.Launched-p.Was.Launched-(p.Left-p.Was.Left)
}

// scaledIn writes off what autoscaling has taken of the surge: a group never has less than its minimum, so where its desired capacity
// without the surge would be less there is no such surge any more. What AWS shows is as new as the newest instance in it.
func (x *mind) scaledIn() {
	for n := range x.m.Pools {
		p := &x.m.Pools[n]
		g := x.groups[p.Group]
		late := func(n New) bool { return n.Group == p.Group && n.State != Ended && x.nodes[n.ID] == nil }
		if g == nil || slices.ContainsFunc(x.m.News, late) {
			continue
		}
		least := g.Min
		if p.Top > 0 {
			least = p.Min
		}
		if gone := min(p.Extra(), least-(g.Desired-p.Extra())); gone > 0 {
			p.Launched -= gone
		}
	}
}

// count adds up what the surge costs.
func (x *mind) count() {
	if !x.m.Count.Looked.IsZero() {
		for _, p := range x.m.Pools {
			x.m.Count.Extra += time.Duration(max(0, p.Extra())) * x.At.Sub(x.m.Count.Looked)
		}
	}
	x.m.Count.Looked = x.At
}

// set puts an old instance into another state.
func (x *mind) set(o *Old, state OldState, why string) {
	o.State, o.Since, o.Why = state, x.At, why
	x.moved()
}

// put puts a new instance into another state.
func (x *mind) put(n *New, state NewState, why string) {
	n.State, n.Since, n.Why = state, x.At, why
	x.moved()
}

func (x *mind) noticeOld(o *Old) {
	node := x.nodes[o.ID]
	if o.State == Gone {
		return
	}
	if node == nil || leavesAlone(node.State) {
		x.went(o)
		return
	}
	if o.ARN == "" {
		o.ARN = node.ARN // it has joined since
	}
	switch o.State {
	case Draining:
		x.noticeDrain(o, node)
	case Drained:
		if node.Running+node.Pending > 0 && node.Status == active && !slices.Contains(x.Order.Force, o.ID) {
			x.set(o, Waiting, "somebody has set it to ACTIVE again")
		}
	case Skipped, Stuck, Waiting, Ending, Gone:
	}
}

// went notes that an old instance has left its group.
func (x *mind) went(o *Old) {
	p := x.pool(o.Group)
	if o.State == Ending {
		if o.Minus && !o.Sure { // the answer was lost, or the run died before it came
			p.Left++
		}
		p.Replaced, x.m.Count.Replaced = p.Replaced+1, x.m.Count.Replaced+1
		x.set(o, Gone, "")
		return
	}
	if o.State == Drained {
		p.Replaced, x.m.Count.Replaced = p.Replaced+1, x.m.Count.Replaced+1
		if p.Extra() > 0 && x.shrunk(p) { // its group has shrunk by it
			p.Left++
		}
	}
	x.set(o, Gone, "it went by itself")
}

// active is the status of a container instance that takes tasks.
const (
	active   = "ACTIVE"
	draining = "DRAINING"
)

func (x *mind) noticeDrain(o *Old, node *Node) {
	if node.Status == draining {
		o.Seen = true
	} else if o.Seen && node.Status == active {
		x.set(o, Skipped, "somebody has set it to ACTIVE again")
		return
	}
	o.Tasks = join(o.Tasks, x.on[o.ARN])
	if left := x.left(o.Tasks, node); len(left) == 0 && (node.Running+node.Pending == 0 || !node.Connected) && (o.Seen || node.ARN == "") {
		o.Emptied = x.At
		x.set(o, Drained, "")
	}
}

// join adds the ARNs of tasks to those that are known.
func join(known []string, tasks []*live.Task) []string {
	for _, t := range tasks {
		if !slices.Contains(known, t.ARN) {
			known = append(slices.Clone(known), t.ARN)
		}
	}
	return known
}

// left are the tasks of a list that have not stopped. Of an instance whose agent does not answer nobody hears when they do: it
// must be enough that ECS has put others in their place, which for a daemon it never does.
func (x *mind) left(arns []string, node *Node) []*live.Task {
	var out []*live.Task
	for _, arn := range arns {
		t := x.task[arn]
		if t == nil || t.Last == stopped || !node.Connected && (t.Desired == stopped || x.daemon(t)) {
			continue
		}
		out = append(out, t)
	}
	return out
}

func (x *mind) noticeNew(n *New) {
	if n.State == Ended {
		return
	}
	node := x.nodes[n.ID]
	if node == nil && x.At.Sub(n.At) < visible {
		return
	}
	if node == nil || leavesAlone(node.State) {
		x.wentNew(n)
		return
	}
	n.ARN, n.Zone = node.ARN, node.Zone
	if node.Arch != "" {
		n.Arch = node.Arch
	}
	if n.State == Booting && x.works(node) {
		x.put(n, Proving, "")
	}
	switch n.State {
	case Proving:
		if why := x.unproved(n, node); why != "" {
			n.Why = why
		} else if x.works(node) {
			x.m.Flops = 0
			x.put(n, Working, "")
		}
	case Retiring:
		n.Tasks = join(n.Tasks, x.on[n.ARN])
	case Booting, Working, Ended:
	}
}

// visible is how long AWS may take to show an instance that it has launched.
const visible = 2 * time.Minute

func (x *mind) wentNew(n *New) {
	if n.State == Retiring {
		if !n.Began.IsZero() && !n.Sure { // the answer was lost
			x.pool(n.Group).Left++
		}
		x.put(n, Ended, n.Why)
		return
	}
	x.put(n, Ended, "it went by itself")
	n.Lost = true
}

// works tells whether tasks can be placed on an instance.
func (x *mind) works(n *Node) bool {
	return n.State == inService && n.ARN != "" && n.Status == active && n.Connected
}

// inService is the state of a group's member that works.
const inService = "InService"

// unproved is what a new instance has still to show; empty: nothing.
func (x *mind) unproved(n *New, node *Node) string {
	for s := range x.daemons() {
		if !x.has(node, s.Name) && x.wants(s, node) {
			return "the daemon " + s.Name + " does not run there yet"
		}
	}
	if x.Order.Probe == "" || !n.Canary {
		return ""
	}
	t := x.task[n.Probe]
	switch {
	case n.Probe == "" || t == nil || t.Last != stopped:
		return "the probe has not ended"
	case !succeeded(t):
		return "the probe failed: " + failure(t)
	}
	return ""
}

// daemons are the services that are to run on every instance that suits them.
func (x *mind) daemons() func(func(*Service) bool) {
	return func(yield func(*Service) bool) {
		for n := range x.Services {
			if s := &x.Services[n]; s.Daemon && s.Status == active && !yield(s) {
				return
			}
		}
	}
}

func (x *mind) has(node *Node, name string) bool {
	return slices.ContainsFunc(x.on[node.ARN], func(t *live.Task) bool { return t.Group == "service:"+name && t.Last == running })
}

// wants tells whether a daemon is to run on an instance at all. One that never ran anywhere keeps nobody waiting: it was broken
// before.
func (x *mind) wants(s *Service, node *Node) bool {
	need := x.Demands[demandKey(s)]
	if !need.Known || s.Running == 0 {
		return false
	}
	return placement.Possible(placement.Lacks(need.Demand, node.Instance, placement.Site{}))
}

func demandKey(s *Service) string { return s.Definition + " " + s.Name }

func succeeded(t *live.Task) bool {
	for _, c := range t.Containers {
		if c.Exit == nil || *c.Exit != 0 {
			return false
		}
	}
	return len(t.Containers) > 0
}

func failure(t *live.Task) string {
	if t.Reason != "" {
		return t.Reason
	}
	return "a container did not end with 0"
}

// replacements takes up the instances that groups have given in the place of new ones that went, and writes off those that they
// have not: then it was a group that shrank.
func (x *mind) replacements() {
	for n := range x.m.News {
		gone := &x.m.News[n]
		if !gone.Lost {
			continue
		}
		g := x.groups[gone.Group]
		if node := x.stranger(gone); node != nil {
			gone.Lost = false
			x.m.News = append(x.m.News, New{
				ID: node.ID, ARN: node.ARN, Group: node.Group, Zone: node.Zone, Arch: node.Arch, State: Booting, At: x.At, Since: x.At, Canary: gone.Canary,
			})
			x.remember()
			x.moved()
			return // the rest at the next look: the list has moved
		}
		if g != nil && x.At.Sub(gone.Since) > lastCall && x.full(g) {
			gone.Lost = false
			if p := x.pool(gone.Group); p.Extra() > 0 {
				p.Launched--
			}
		}
	}
}

// lastCall is how long a group may take to begin with another instance for one that went.
const lastCall = 5 * time.Minute

// full tells whether a group has all the instances that it is to have.
func (x *mind) full(g *Group) bool {
	n := 0
	for _, node := range x.Nodes {
		if node.Group == g.Name && !leavesAlone(node.State) {
			n++
		}
	}
	return n >= g.Desired
}

// stranger is an instance of a group that nobody knows and that was launched after one went.
func (x *mind) stranger(gone *New) *Node {
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if node.Group == gone.Group && x.old[node.ID] == nil && x.fresh[node.ID] == nil && !leavesAlone(node.State) &&
			(node.Launched.IsZero() || node.Launched.After(gone.At)) {
			return node
		}
	}
	return nil
}

// sweep takes away what is left in the cluster of instances that have gone: ECS does that only for those whose agent was
// connected, and lets others wait on their way out for an agent that says nothing.
func (x *mind) sweep() {
	due := func(arn string, sure bool, since time.Time) bool {
		node := x.joined[arn]
		return node != nil && leavesAlone(node.State) && !node.Connected && (sure || x.At.Sub(since) > visible)
	}
	for n := range x.m.Olds {
		if o := &x.m.Olds[n]; o.State == Gone && !o.Swept && due(o.ARN, o.Sure, o.Since) {
			o.Swept = true
			x.do(Action{Verb: Deregister, ARNs: []string{o.ARN}})
		}
	}
	for n := range x.m.News {
		if one := &x.m.News[n]; one.State == Ended && !one.Swept && due(one.ARN, one.Sure, one.Since) {
			one.Swept = true
			x.do(Action{Verb: Deregister, ARNs: []string{one.ARN}})
		}
	}
}

// health compares the services with how they were.
func (x *mind) health() {
	for n := range x.m.Services {
		b := &x.m.Services[n]
		if s := x.served[b.Name]; s != nil {
			b.Lowest = min(b.Lowest, s.Healthy)
		}
	}
	if ill := x.ill(); len(ill) > 0 {
		x.m.Well = time.Time{}
		for _, l := range ill {
			x.say(l.Subject, l.Text)
			x.watch.Services = append(x.watch.Services, l.Subject)
		}
	} else if x.m.Well.IsZero() {
		x.m.Well = x.At
	}
}

// wellFor is how long everything has been well.
func (x *mind) wellFor() time.Duration {
	if x.m.Well.IsZero() {
		return 0
	}
	return x.At.Sub(x.m.Well)
}

// group is the name of the Auto Scaling group without what the environment's name adds.
func (p Pool) String() string {
	if p.Key != "" {
		return p.Key
	}
	return p.Group[strings.LastIndexByte(p.Group, '_')+1:]
}
