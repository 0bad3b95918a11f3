package decide

import (
	"slices"
	"time"

	"berth/internal/roll"
	"berth/internal/roll/scene"
)

// notice takes over into the memory what has happened since the last look.
func (x *mind) notice() {
	if x.M.Stage == roll.Begin {
		return
	}
	x.forsake()
	x.count()
	for n := range x.M.Olds {
		x.noticeOld(&x.M.Olds[n])
	}
	for n := range x.M.News {
		x.noticeNew(&x.M.News[n])
	}
	x.replacements()
	x.scaledIn()
	x.health()
}

// scaledIn writes off what autoscaling has taken of the surge: a group never has less than its minimum, so where its desired capacity
// without the surge would be less there is no such surge any more. What AWS shows is as new as the newest instance in it.
func (x *mind) scaledIn() {
	for n := range x.M.Pools {
		p := &x.M.Pools[n]
		g := x.Group[p.Group]
		late := func(n roll.New) bool { return n.Group == p.Group && n.State != roll.Ended && x.Node[n.ID] == nil }
		if g == nil || slices.ContainsFunc(x.M.News, late) {
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
	if !x.M.Count.Looked.IsZero() {
		for _, p := range x.M.Pools {
			x.M.Count.Extra += time.Duration(max(0, p.Extra())) * x.At.Sub(x.M.Count.Looked)
		}
	}
	x.M.Count.Looked = x.At
}

// set puts an old instance into another state.
func (x *mind) set(o *roll.Old, state roll.OldState, why string) {
	o.State, o.Since, o.Why = state, x.At, why
	x.moved()
}

// put puts a new instance into another state.
func (x *mind) put(n *roll.New, state roll.NewState, why string) {
	n.State, n.Since, n.Why = state, x.At, why
	x.moved()
}

func (x *mind) noticeOld(o *roll.Old) {
	node := x.Node[o.ID]
	if o.State == roll.Gone {
		return
	}
	if node == nil || roll.LeavesAlone(node.State) {
		x.went(o)
		return
	}
	if o.ARN == "" {
		o.ARN = node.ARN // it has joined since
	}
	switch o.State {
	case roll.Draining:
		x.noticeDrain(o, node)
	case roll.Drained:
		if node.Running+node.Pending > 0 && node.Status == roll.NodeActive && !slices.Contains(x.Order.Force, o.ID) {
			x.set(o, roll.Waiting, "somebody has set it to ACTIVE again")
		}
	case roll.Skipped, roll.Stuck, roll.Waiting, roll.Ending, roll.Gone:
	}
}

// went notes that an old instance has left its group.
func (x *mind) went(o *roll.Old) {
	p := x.Pool(o.Group)
	if o.State == roll.Ending {
		if o.Minus && !o.Sure { // the answer was lost, or the run died before it came
			p.Left++
		}
		p.Replaced, x.M.Count.Replaced = p.Replaced+1, x.M.Count.Replaced+1
		x.set(o, roll.Gone, "")
		return
	}
	if o.State == roll.Drained {
		p.Replaced, x.M.Count.Replaced = p.Replaced+1, x.M.Count.Replaced+1
	}
	if x.Shrunk(p) { // its group has shrunk by it
		if o.State == roll.Drained && p.Extra() > 0 {
			p.Left++
		} else {
			p.Base--
		}
	}
	x.set(o, roll.Gone, "it went by itself")
}

func (x *mind) noticeDrain(o *roll.Old, node *roll.Node) {
	if node.Status == roll.NodeDraining {
		o.Seen = true
	} else if o.Seen && node.Status == roll.NodeActive {
		x.set(o, roll.Skipped, "somebody has set it to ACTIVE again")
		return
	}
	o.Tasks = scene.Join(o.Tasks, x.On[o.ARN])
	if left := x.Left(o.Tasks, node); len(left) == 0 && (node.Running+node.Pending == 0 || !node.Connected) && (o.Seen || node.ARN == "") {
		o.Emptied = x.At
		x.set(o, roll.Drained, "")
	}
}

func (x *mind) noticeNew(n *roll.New) {
	if n.State == roll.Ended {
		return
	}
	node := x.Node[n.ID]
	if node == nil && x.At.Sub(n.At) < visible {
		return
	}
	if node == nil || roll.LeavesAlone(node.State) {
		x.wentNew(n)
		return
	}
	n.ARN, n.Zone = node.ARN, node.Zone
	if node.Arch != "" {
		n.Arch = node.Arch
	}
	if n.State == roll.Booting && x.Works(node) {
		x.put(n, roll.Proving, "")
	}
	switch n.State {
	case roll.Proving:
		if why := x.Unproved(n, node); why != "" {
			n.Why = why
		} else if x.Works(node) {
			x.M.Flops = 0
			x.put(n, roll.Working, "")
		}
	case roll.Retiring:
		n.Tasks = scene.Join(n.Tasks, x.On[n.ARN])
	case roll.Working:
		x.falter(n, node)
	case roll.Booting, roll.Ended:
	}
}

// visible is how long AWS may take to show an instance that it has launched.
const visible = 2 * time.Minute

func (x *mind) wentNew(n *roll.New) {
	if n.State == roll.Retiring {
		if !n.Began.IsZero() && !n.Sure { // the answer was lost
			x.Pool(n.Group).Left++
		}
		x.put(n, roll.Ended, n.Why)
		return
	}
	x.put(n, roll.Ended, "it went by itself")
	n.Lost = true
}

// replacements takes up the instances that groups have given in the place of new ones that went. A group that is whole without one gives
// none: where it is meant to have fewer than it was, it has shrunk by that one, and the surge is one less.
func (x *mind) replacements() {
	for n := range x.M.News {
		gone := &x.M.News[n]
		if !gone.Lost {
			continue
		}
		if node := x.Stranger(gone); node != nil {
			gone.Lost = false
			x.M.News = append(x.M.News, roll.New{
				ID: node.ID, ARN: node.ARN, Group: node.Group, Zone: node.Zone, Arch: node.Arch, State: roll.Booting, At: x.At, Since: x.At, Canary: gone.Canary,
			})
			x.Remember()
			x.moved()
			return // the rest at the next look: the list has moved
		}
		if g := x.Group[gone.Group]; g != nil && x.Over(g) >= 0 {
			gone.Lost = false
			if p := x.Pool(gone.Group); p.Extra() > 0 && x.Shrunk(p) {
				p.Launched--
			}
		}
	}
}

// sweep takes away what is left in the cluster of instances that have gone: ECS does that only for those whose agent was
// connected, and lets others wait on their way out for an agent that says nothing. It tells whether nothing is left.
func (x *mind) sweep() bool {
	clean := true
	due := func(arn string, sure bool, since time.Time) bool {
		node := x.Joined[arn]
		if node == nil || !roll.LeavesAlone(node.State) || node.Connected {
			return false
		}
		clean = false
		return sure || x.At.Sub(since) > visible
	}
	for n := range x.M.Olds {
		if o := &x.M.Olds[n]; o.State == roll.Gone && due(o.ARN, o.Sure, o.Since) {
			x.do(roll.Action{Verb: roll.Deregister, ARNs: []string{o.ARN}})
		}
	}
	for n := range x.M.News {
		if one := &x.M.News[n]; one.State == roll.Ended && due(one.ARN, one.Sure, one.Since) {
			x.do(roll.Action{Verb: roll.Deregister, ARNs: []string{one.ARN}})
		}
	}
	return clean
}

// health compares the services with how they were.
func (x *mind) health() {
	for n := range x.M.Services {
		b := &x.M.Services[n]
		if s := x.Served[b.Name]; s != nil {
			b.Lowest = min(b.Lowest, s.Healthy)
		}
	}
	if ill := x.Ill(); len(ill) > 0 {
		x.M.Well = time.Time{}
		for _, l := range ill {
			x.say(l.Subject, l.Text)
			x.watch.Services = append(x.watch.Services, l.Subject)
		}
	} else if x.M.Well.IsZero() {
		x.M.Well = x.At
	}
}
