package verify

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/placement"
)

// places looks for room: for the tasks at all, for one beside them while a deployment goes on, and when a zone is lost.
func (c *checker) places() {
	count := countOf(c.order, c.facts)
	d := c.demand()
	if !c.facts.Cluster || count == 0 && !d.Daemon {
		return
	}
	site := placement.SiteOf(c.facts.Found)
	empty := site
	if c.order.Service != "" {
		empty = site.Without(d.Group, c.taken)
	}
	if d.Daemon {
		count = len(empty.Instances)
	}
	landings := placement.Land(d, count, empty)
	if !c.never(d, empty, landings) {
		c.short(d, empty, landings)
		if !d.Daemon && c.order.Service != "" { // for tasks that run once no other ones come
			c.loss(d, empty, landings)
			c.beside(d, site, empty, count)
		}
	}
}

// taken is what a task of the service takes of its instance: by its own definition where that was read, else by the order's.
func (c *checker) taken(t live.Task) live.Room {
	for _, d := range c.facts.Found.Definitions {
		if d.ARN == t.Definition {
			return placement.DemandOf(d.Spec, document.Value{}).Room
		}
	}
	return c.demand().Room
}

// never tells of a task that no instance could have, were it empty.
func (c *checker) never(d placement.Demand, site placement.Site, landings []placement.Landing) bool {
	if d.Daemon && len(landings) > 0 || slices.ContainsFunc(landings, lands) {
		return false
	}
	var best *placement.Unfit
	for _, u := range unfit(d, site) {
		if placement.Possible(u.Lacks) {
			return false
		}
		if best == nil || len(u.Lacks) < len(best.Lacks) {
			best = &u
		}
	}
	where := at(c.order.Definition.Get("placementConstraints"), c.order.Spec.Get("placementConstraints"), c.order.Definition)
	if best == nil {
		return c.nobody(where, d)
	}
	i := site.Instances[slices.IndexFunc(site.Instances, func(i live.Instance) bool { return i.ID == best.Instance })]
	c.add(Finding{
		Code: "DEP141", Severity: Error, At: at(c.culprit(best.Lacks), document.Value{At: where}),
		Text: "no instance of the cluster can ever have the task: " + placement.Summary(unfit(d, site)),
		Fix:  fmt.Sprintf("nearest is %s in %s. %s", i.ID, i.Zone, placement.Remedy(best.Lacks, i)),
	})
	return true
}

// Never tells a task that no instance of the cluster can ever have.
func Never(f Finding) bool { return f.Code == "DEP141" && f.Severity == Error }

// culprit is where the folder asks for what the nearest instance will never have.
func (c *checker) culprit(lacks []placement.Lack) document.Value {
	for _, l := range lacks {
		if l.What != placement.CPU && l.What != placement.Memory {
			continue
		}
		for _, one := range c.order.Definition.Get("containerDefinitions").Items {
			for _, name := range []string{l.What + "Reservation", l.What} {
				if v := one.Get(name); v.At.Line > 0 {
					return v
				}
			}
		}
	}
	return document.Value{}
}

// nobody tells that there is no instance to judge by.
func (c *checker) nobody(where document.Position, d placement.Demand) bool {
	var may []string
	for _, g := range c.facts.Found.Groups {
		if slices.ContainsFunc(d.Providers, func(p placement.Provider) bool { return p.Name == g.Provider }) {
			may = append(may, fmt.Sprintf("%s may grow from %d to %d", g.Name, g.Desired, g.Max))
		}
	}
	c.add(Finding{
		Code: "DEP144", Severity: Info, At: where,
		Text: "no instance stands yet that the tasks may be on, so whether they fit is not known: " + orWord(strings.Join(may, ", "), "no group is there for them"),
		Fix:  "the first task that waits makes the group grow; berth why says what it waits for",
	})
	return true
}

// unfit are the instances that cannot have the task as they are, by id. Those of other providers are not asked while any of its
// own is there.
func unfit(d placement.Demand, s placement.Site) []placement.Unfit {
	judge := placement.NewJudge(d, s)
	var out []placement.Unfit
	for n := range s.Instances {
		i := &s.Instances[n]
		if len(d.Providers) > 0 && !slices.ContainsFunc(d.Providers, func(p placement.Provider) bool { return p.Name == i.Provider }) {
			continue
		}
		if lacks := judge.Lacks(i); i.ARN != "" && len(lacks) > 0 {
			out = append(out, placement.Unfit{Instance: i.ID, Zone: i.Zone, Lacks: lacks})
		}
	}
	slices.SortFunc(out, func(a, b placement.Unfit) int { return strings.Compare(a.Instance, b.Instance) })
	return out
}

// lands tells that a task finds an instance, now or when a group has grown.
func lands(l placement.Landing) bool { return l.Instance != "" || l.Comes != nil }

// short tells of tasks that find no instance now.
func (c *checker) short(d placement.Demand, site placement.Site, landings []placement.Landing) {
	now, comes, why, maybe := 0, 0, "", ""
	grows := map[string]placement.Growth{}
	for _, l := range landings {
		switch {
		case l.Instance != "":
			now++
		case l.Comes != nil:
			comes++
			grows[l.Comes.Group] = *l.Comes
		case len(l.May) > 0:
			maybe = l.Why
		default:
			why = l.Why
		}
	}
	where := at(c.order.Spec.Get("desiredCount"), c.order.Spec, c.order.Definition)
	switch all := len(landings); {
	case why != "":
		c.add(Finding{
			Code: "DEP142", Severity: Error, At: where,
			Text: fmt.Sprintf("there is room for %d of %d tasks: %s", now+comes, all, why), Fix: c.larger(d, site, all),
		})
	case maybe != "":
		c.add(Finding{
			Code: "DEP142", Severity: Info, At: where,
			Text: fmt.Sprintf("there is room for %d of %d tasks now; whether the others find some is not known: %s", now, all, maybe),
		})
	case comes > 0:
		c.add(Finding{
			Code: "DEP142", Severity: Info, At: where,
			Text: fmt.Sprintf("there is room for %d of %d tasks now; the others wait until %s", now, all, grown(grows)),
		})
	}
}

func grown(all map[string]placement.Growth) string {
	var out []string
	for _, g := range all { // unordered: sorted below
		out = append(out, fmt.Sprintf("%s has %d instances", g.Group, g.To))
	}
	slices.Sort(out)
	return strings.Join(out, " and ")
}

// most is more instances than any group has.
const most = 5000

// larger says which group would have to grow, and to what.
func (c *checker) larger(d placement.Demand, s placement.Site, count int) string {
	s.Groups = slices.Clone(s.Groups)
	for n := range s.Groups {
		s.Groups[n].Max = min(most, s.Groups[n].Max+count)
	}
	grows := map[string]placement.Growth{}
	for _, l := range placement.Land(d, count, s) {
		if !lands(l) {
			return "let the task want less, or let fewer of them run: larger groups of the same instances do not help"
		}
		if l.Comes != nil {
			grows[l.Comes.Group] = *l.Comes
		}
	}
	if len(grows) == 0 {
		return ""
	}
	return "let the group have more instances (max_size in ecs.tfvars): it fits when " + grown(grows)
}

// loss tells what the worst zone to lose would leave.
func (c *checker) loss(d placement.Demand, site placement.Site, landings []placement.Landing) {
	var worst placement.ZoneLoss
	short := 0
	for _, z := range placement.Loss(d, landings, site) {
		if missing := z.Lost - z.Fits - z.Comes; missing > short {
			worst, short = z, missing
		}
	}
	if short == 0 || len(landings) < 2 {
		return
	}
	c.add(Finding{
		Code: "DEP143", Severity: Warning, At: at(c.order.Spec.Get("desiredCount"), c.order.Spec),
		Text: fmt.Sprintf("the loss of zone %s would leave %d of %d tasks, and room for %d of the %d that were there: %s",
			worst.Zone, worst.Left, worst.Left+worst.Lost, worst.Fits+worst.Comes, worst.Lost, worst.Missing),
		Fix: "let the group have instances to spare in the other zones (max_size in ecs.tfvars), or let the task want less",
	})
}

// beside tells of a deployment that waits for ever: no old task may stop before a new one serves, and there is no place for one
// beside them (ECS API reference, DeploymentConfiguration).
func (c *checker) beside(d placement.Demand, site, empty placement.Site, count int) {
	low, high := bounds(c.order.Spec, count)
	if low < count || high <= count {
		return
	}
	sv, runs := c.facts.service()
	runs = runs && sv.Running >= count
	var next placement.Landing
	if runs {
		next = placement.Land(d, 1, site)[0]
	} else {
		all := placement.Land(d, count+1, empty)
		if slices.ContainsFunc(all[:count], func(l placement.Landing) bool { return !lands(l) }) {
			return
		}
		next = all[count]
	}
	if lands(next) {
		return
	}
	f := c.obstacle(next)
	f.Severity = Warning
	which := "the next deployment"
	if runs && c.facts.Changes {
		f.Severity, which = Error, "the deployment"
	}
	f.Text = fmt.Sprintf("%s would wait for ever: all %d tasks must stay until a new one serves, and no instance has room for one more%s", which, count, f.Text)
	c.add(f)
}

// obstacle is what most instances lack for one task more.
func (c *checker) obstacle(next placement.Landing) Finding {
	counts := map[string]int{}
	for _, u := range next.Unfit {
		for _, l := range u.Lacks {
			if !l.Ever {
				counts[l.What]++
			}
		}
	}
	top, spec := "", c.order.Spec
	for _, what := range []string{placement.Distinct, placement.Port, placement.UDPPort, placement.ENI, placement.GPU, placement.CPU, placement.Memory} {
		if counts[what] > counts[top] {
			top = what
		}
	}
	yield := `or let ECS stop one first: "minimumHealthyPercent": 50`
	f := Finding{Code: "DEP156", Text: ": " + next.Why, Fix: "let the group have one more instance (max_size in ecs.tfvars), " + yield, At: at(spec.Get("deploymentConfiguration"), spec)}
	switch top {
	case placement.Distinct:
		f.Code, f.Fix = "DEP152", "let the group have one more instance than tasks, "+yield
		f.At = at(spec.Get("placementConstraints"), spec)
	case placement.Port, placement.UDPPort:
		f.Code, f.Fix = "DEP153", `let Docker choose the port ("hostPort": 0), let the group have one more instance than tasks, `+yield
		f.At = at(c.hostPort(), spec)
	case placement.ENI:
		f.Code, f.Fix = "DEP154", "take instance types with more network interfaces, switch on the account setting awsvpcTrunking, "+yield
		f.At = at(c.order.Definition.Get("networkMode"), spec)
	case placement.GPU:
		f.Code, f.Fix = "DEP155", "let the group have one more instance, "+yield
	}
	return f
}

// hostPort is the first port that the definition fixes.
func (c *checker) hostPort() document.Value {
	for _, one := range c.order.Definition.Get("containerDefinitions").Items {
		for _, p := range one.Get("portMappings").Items {
			if n, ok := p.Get("hostPort").Number(); ok && n > 0 {
				return p.Get("hostPort")
			}
		}
	}
	return document.Value{}
}
