package forecast

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/placement"
	"berth/internal/roll"
)

// lackCodes are the codes of what is lacking, the hardest to help first.
//
//nolint:gochecknoglobals // a table
var lackCodes = []struct{ what, code string }{
	{placement.Port, "ROL111"},
	{placement.UDPPort, "ROL111"},
	{placement.Ports, "ROL111"},
	{placement.Distinct, "ROL112"},
	{placement.ENI, "ROL113"},
	{placement.Expression, "ROL114"},
	{placement.Attribute, "ROL114"},
	{placement.Zone, "ROL114"},
	{placement.Capacity, "ROL114"},
	{placement.GPU, "ROL110"},
	{placement.CPU, "ROL110"},
	{placement.Memory, "ROL110"},
}

// roomless tells of tasks that fit nowhere else, and of instances that cannot be spared.
func (c *scene) roomless() {
	byService := map[string][]*Old{}
	why := map[string]*Task{}
	for _, o := range c.olds {
		if o.Fate != Blocked {
			continue
		}
		for n := range o.Tasks {
			if t := &o.Tasks[n]; t.Why != "" {
				byService[t.Name] = append(byService[t.Name], o)
				why[t.Name] = cmp.Or(why[t.Name], t)
			}
		}
	}
	c.lastOfZone()
	c.unspared()
	for _, name := range slices.Sorted(maps.Keys(byService)) {
		c.stuck(byService[name], why[name])
	}
}

// lastOfZone tells of instances that are alone in their zones.
func (c *scene) lastOfZone() {
	for _, p := range c.pools {
		var ids, zones []string
		var one *Old
		for _, o := range c.olds {
			if o.Group == p.Key && o.Fate == Blocked && o.last {
				ids, zones, one = append(ids, o.ID), append(zones, o.Zone), o
			}
		}
		if one != nil {
			fix := c.more(one)
			if p.Surge == 0 {
				fix += ", or --allow-outage"
			}
			c.add(Finding{
				Code: "ROL127", Severity: c.blocking(one), Subject: p.Key, Instances: ids,
				Text: fmt.Sprintf("no other instance of group %s works in the zone of %s (%s), and none comes beside it: the zone would be empty", p.Key, list(ids), list(zones)),
				Fix:  fix,
			})
		}
	}
}

// unspared tells of groups that can spare no further instance, because fewer work than are meant to.
func (c *scene) unspared() {
	for _, p := range c.pools {
		var ids []string
		for _, o := range c.olds {
			if o.Group == p.Key && o.Fate == Blocked && o.Why == "" {
				ids = append(ids, o.ID)
				o.Why = "its group can spare none when it is its turn"
			}
		}
		if len(ids) > 0 && (p.Surge > 0 || p.Unavailable > 0 && p.Unavailable < p.Desired) { // of the others ROL121 tells
			c.add(Finding{
				Code: "ROL144", Severity: Blocks, Subject: p.Key, Instances: ids,
				Text: fmt.Sprintf("group %s can spare no instance when it is the turn of %s: %d work, and %d are meant to", p.Key, list(ids), p.ready()-p.extra, p.Desired),
				Fix:  "berth status shows which do not work, and berth why INSTANCE what they lack",
			})
		}
	}
}

// stuck tells of a service whose tasks fit nowhere else.
func (c *scene) stuck(olds []*Old, t *Task) {
	f := Finding{Code: codeOf(t.Lacks), Severity: c.blocking(olds[0]), Subject: t.Name}
	for _, o := range olds {
		f.Instances = append(f.Instances, o.ID)
	}
	f.Text = fmt.Sprintf("a task of %s fits on no other instance when its own goes: %s", t.Name, strings.Trim(strings.TrimPrefix(t.Why, "no instance fits "), "()"))
	p := c.byKey(olds[0].Group)
	lacks, seen := c.onNew(p, olds[0].Zone, t)
	switch {
	case seen && len(lacks) > 0:
		f.Text += "; a new, empty one would not do either: " + words(lacks)
		f.Fix = placement.Remedy(lacks, *c.example(p, olds[0].Zone))
	case p.Surge == 0:
		f.Text += "; a new instance beside the others would do, and the group gets none"
		f.Fix = c.more(olds[0]) + remedy(f.Code)
	default:
		f.Text += "; a new, empty one would do, and others take its place"
		f.Fix = "berth roll --surge " + itoa(p.Surge+1) + ", or more room in the group (max_size in ecs.tfvars)" + remedy(f.Code)
	}
	c.add(f)
}

// remedy is what helps for good with what is lacking.
func remedy(code string) string {
	switch code {
	case "ROL111":
		return `; for good: a dynamic port ("hostPort": 0), which any instance has`
	case "ROL112":
		return "; for good: one instance more than the service has tasks"
	case "ROL113":
		return "; for good: the account setting awsvpcTrunking, or an instance type with more network interfaces"
	case "ROL114":
		return "; for good: let constraints, subnets or capacity providers of the service admit the new instances"
	}
	return ""
}

func codeOf(lacks []placement.Count) string {
	best, most := "ROL110", 0
	for _, l := range lackCodes {
		n := 0
		for _, c := range lacks {
			if c.What == l.what {
				n += c.Of
			}
		}
		if n > most {
			best, most = l.code, n
		}
	}
	return best
}

func words(lacks []placement.Lack) string {
	var parts []string
	for _, l := range lacks {
		parts = append(parts, l.String())
	}
	return strings.Join(parts, "; ")
}

// blocking is how bad it is that an instance cannot be drained: where its group gets no others, the roll does not begin.
func (c *scene) blocking(o *Old) Severity {
	if p := c.byKey(o.Group); p.Surge == 0 {
		return BlocksAll
	}
	return Blocks
}

// byKey is the group of an old instance.
func (c *scene) byKey(key string) *pool {
	return c.pools[slices.IndexFunc(c.pools, func(p *pool) bool { return p.Key == key })]
}

// more is how a group gets an instance beside the others.
func (c *scene) more(o *Old) string {
	p := c.byKey(o.Group)
	if !c.Order.BeyondMax {
		return fmt.Sprintf("surge_beyond_max = true for the group %s in ecs.tfvars, or max_size = %d", p.Key, p.Desired+1)
	}
	return "berth roll --surge " + itoa(p.Surge+1)
}

// example is what a new instance of a group would be.
func (c *scene) example(p *pool, zone string) *live.Instance {
	i, known := c.model(p, zone)
	if !known {
		return nil
	}
	i.ID, i.ARN = "a new instance", "new"
	return &i
}

// onNew is what a new, empty instance lacks for a task; false: nobody knows what one is like.
func (c *scene) onNew(p *pool, zone string, t *Task) ([]placement.Lack, bool) {
	i := c.example(p, zone)
	if i == nil {
		return nil, false
	}
	for _, o := range c.olds {
		for _, one := range c.on[o.ARN] {
			if one.ARN == t.ARN {
				d, known := c.need(*one)
				return placement.Lacks(d, *i, placement.Site{Daemons: c.daemonsOf()}), known
			}
		}
	}
	return nil, false
}

// daemonsOf are the daemons of the cluster, as far as it is known what they want.
func (c *scene) daemonsOf() []placement.Demand {
	var out []placement.Demand
	for n := range c.Services {
		s := &c.Services[n]
		if need := c.Demands[s.Definition+" "+s.Name]; s.Daemon && s.Status == active && need.Known {
			need.Daemon = true
			out = append(out, need.Demand)
		}
	}
	return out
}

// tight tells of services that the surge alone lets move.
func (c *scene) tight() {
	seen := map[string]bool{}
	for _, o := range c.olds {
		for _, t := range o.Tasks {
			if seen[t.Name] || t.Kind != OfService || !strings.HasPrefix(t.To, "new-") {
				continue
			}
			seen[t.Name] = true
			s := c.served[t.Name]
			if s == nil {
				continue
			}
			d := c.Demands[s.Definition+" "+t.Name].Demand
			ports := slices.Concat(d.Room.TCP, d.Room.UDP)
			switch {
			case len(ports) > 0:
				c.add(Finding{
					Code: "ROL111", Severity: Informs, Subject: t.Name, Instances: c.of(t.Name),
					Text: fmt.Sprintf("%s has the port %d of its instances for itself, so that its task on %s goes to a new one: the surge makes it possible", t.Name, ports[0], o.ID),
				})
			case slices.ContainsFunc(d.Constraints, func(k placement.Constraint) bool { return k.Type == "distinctInstance" }):
				c.add(Finding{
					Code: "ROL112", Severity: Informs, Subject: t.Name, Instances: c.of(t.Name),
					Text: fmt.Sprintf("no two tasks of %s may be on one instance, so that the one on %s goes to a new one: the surge makes it possible", t.Name, o.ID),
				})
			}
		}
	}
}

// daemons tells of daemons that a new instance has no room for: the canary would never prove itself.
func (c *scene) daemons() {
	for _, p := range c.pools {
		zone := c.olds[slices.IndexFunc(c.olds, func(o *Old) bool { return o.Group == p.Key })].Zone
		i := c.example(p, zone)
		if i == nil || c.Order.Strategy == roll.Terminate {
			continue
		}
		c.crew(p, i)
		c.otherType(p)
	}
}

// crew puts all daemons on a new instance, one after the other. For one that would not fit on an empty one, or runs nowhere, nobody
// waits.
func (c *scene) crew(p *pool, i *live.Instance) {
	var names []string
	empty := *i
	for _, d := range c.daemonsOf() {
		if len(placement.NewJudge(d, placement.Site{}).Lasting(i)) > 0 {
			continue // it is for other instances
		}
		lacks := placement.Lacks(d, *i, placement.Site{})
		if len(lacks) == 0 {
			names = append(names, d.Name)
			i.Free.CPU, i.Free.Memory, i.Free.GPUs, i.Free.ENIs = i.Free.CPU-d.Room.CPU, i.Free.Memory-d.Room.Memory, i.Free.GPUs-d.Room.GPUs, i.Free.ENIs-d.Room.ENIs
			i.Free.TCP, i.Free.UDP = slices.Concat(i.Free.TCP, d.Room.TCP), slices.Concat(i.Free.UDP, d.Room.UDP)
			continue
		}
		f := Finding{Code: "ROL107", Severity: BlocksAll, Subject: d.Name, Fix: "let the daemons want less, or a larger instance_type for the group " + p.Key + " in ecs.tfvars"}
		if len(names) > 0 {
			f.Text = fmt.Sprintf("the daemon %s does not fit on a new instance of group %s beside %s: %s", d.Name, p.Key, list(names), words(lacks))
		} else {
			f.Text = fmt.Sprintf("the daemon %s does not fit on a new instance of group %s: %s", d.Name, p.Key, words(lacks))
		}
		if s := c.served[d.Name]; s.Running == 0 || !placement.Possible(placement.Lacks(d, empty, placement.Site{})) {
			f.Severity = Warns
		}
		c.add(f)
	}
}

// otherType tells that nobody has seen yet what the new instances are.
func (c *scene) otherType(p *pool) {
	for _, o := range c.olds {
		at := slices.IndexFunc(o.Reasons, func(r model.Reason) bool { return r.Kind == model.OldType })
		if o.Group == p.Key && at >= 0 && !slices.ContainsFunc(c.Nodes, func(n roll.Node) bool { return n.Group == p.Name && n.ARN != "" && len(n.Outdated) == 0 }) {
			c.add(Finding{
				Code: "ROL115", Severity: Warns, Subject: p.Key,
				Text: fmt.Sprintf("new instances of group %s are of another type (%s) than those that stand (%s): the forecast reckons with what these have", p.Key, cmp.Or(o.Reasons[at].Want, "not known"), o.Type),
				Fix:  "the canary shows what the new type holds: no old instance goes before it has proved itself",
			})
			return
		}
	}
}
