package placement

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"berth/internal/live"
)

// Growth is an instance that a group gets for tasks that find none.
type Growth struct {
	Group    string
	From, To int    // sizes of the group
	Zone     string // where it is likely to come
}

// String says what happens.
func (g Growth) String() string {
	return fmt.Sprintf("comes when %s grows from %d to %d", g.Group, g.From, g.To)
}

// room is a group that may grow.
type growing struct {
	live.Group

	most int // instances that it may have
}

// growing are the groups of a provider that managed scaling makes larger for tasks that wait. Only tasks of a capacity
// provider strategy wait; others fail at once (ECS developer guide, "Amazon ECS managed scaling behavior").
func (l *lander) growing(provider string) []growing {
	var out []growing
	for _, g := range l.site.Groups {
		if g.Managed && provider != "" && g.Provider == provider {
			out = append(out, growing{g, g.Max})
		}
	}
	slices.SortFunc(out, func(a, b growing) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// wait says of tasks that found no instance why, and which group will grow for them.
func (l *lander) wait(out []Landing, tasks []int, provider string) {
	unfit := l.unfit(provider)
	why := Summary(unfit)
	var notes, may []string
	for _, g := range l.growing(provider) {
		if l.unseen(g) {
			may = append(may, g.Name)
		}
		grown, note := l.grow(g, len(tasks))
		for _, one := range grown {
			out[tasks[0]] = Landing{Zone: one.Zone, Why: why + "; " + one.String(), Unfit: unfit, Comes: &one}
			tasks = tasks[1:]
		}
		if note != "" {
			notes = append(notes, note)
		}
	}
	if len(notes) == 0 && len(l.growing(provider)) == 0 {
		notes = append(notes, "no group grows for it")
	}
	why = strings.Join(append([]string{why}, notes...), "; ")
	for _, n := range tasks {
		out[n] = Landing{Why: why, Unfit: unfit, May: may}
	}
}

// grow adds instances to a group until so many tasks have landed, and gives one growth for each task that did. The note says
// why it was not enough.
func (l *lander) grow(g growing, tasks int) ([]Growth, string) {
	var out []Growth
	model, _ := l.model(g.Name)
	if tasks > 0 && l.unseen(g) {
		return nil, fmt.Sprintf("%s may grow from %d to %d, but nobody knows yet what its instances are", g.Name, g.Desired, g.most)
	}
	zones := l.zones(g)
	idle := 0
	for size := g.Desired + 1; size <= g.most && len(out) < tasks && idle < max(1, len(zones)); size++ {
		at := l.arrive(model, zones)
		idle++
		for len(out) < tasks && l.suitable(at) && l.fits(at) {
			l.land(at)
			out = append(out, Growth{Group: g.Name, From: size - 1, To: size, Zone: at.Zone})
			idle = 0
		}
	}
	switch {
	case len(out) == tasks:
		return out, ""
	case idle > 0 && len(out) == 0:
		at := l.arrive(model, zones)
		return nil, fmt.Sprintf("a new instance of %s would not do: %s", g.Name, sentence(l.lacks(at)))
	}
	return out, fmt.Sprintf("%s may have no more than %d", g.Name, g.most)
}

// unseen tells that a group may grow, and nobody knows yet what its instances are.
func (l *lander) unseen(g growing) bool {
	_, known := l.model(g.Name)
	return !known && g.Desired < g.most
}

// model is what a new instance of a group is like.
func (l *lander) model(group string) (live.Instance, bool) {
	for _, at := range l.seats {
		if at.Group == group && at.ARN != "" && !at.virtual {
			return *at.Instance, true
		}
	}
	for _, i := range l.site.Models {
		if i.Group == group {
			return i, true
		}
	}
	return live.Instance{}, false
}

// zones are a group's with how many instances it has in each.
func (l *lander) zones(g growing) map[string]int {
	out := map[string]int{}
	for _, z := range g.Zones {
		out[z] = 0
	}
	for _, at := range l.seats {
		if _, its := out[at.Zone]; at.Group == g.Name && (its || len(g.Zones) == 0) {
			out[at.Zone]++
		}
	}
	return out
}

// arrive adds a new, empty instance in the zone where its group has the fewest.
func (l *lander) arrive(model live.Instance, zones map[string]int) *seat {
	if len(zones) > 0 {
		names := slices.Sorted(maps.Keys(zones))
		model.Zone = slices.MinFunc(names, func(a, b string) int { return cmp.Compare(zones[a], zones[b]) })
		zones[model.Zone]++
	}
	model.Attributes = maps.Clone(model.Attributes)
	if model.Attributes == nil {
		model.Attributes = map[string]string{}
	}
	model.Attributes["ecs.availability-zone"] = model.Zone
	model.ID, model.ARN, model.Status, model.Connected = "", "(new)", active, true
	model.Free, model.Running, model.Pending = model.Total, 0, 0
	at := l.seat(&model)
	at.virtual, at.order = true, len(l.seats)
	l.add(&at)
	l.seats = append(l.seats, &at)
	return &at
}

// Summary says in one line what the instances lack: how many of them lack what, and of amounts the most that is free.
func Summary(all []Unfit) string {
	counts := map[string]*Count{}
	for _, u := range all {
		seen := map[string]bool{}
		for _, k := range u.Lacks {
			key := k.key()
			c, has := counts[key]
			if !has {
				c = &Count{Lack: k}
				counts[key] = c
			}
			if !seen[key] {
				seen[key] = true
				c.Of++
			}
			if k.Have > c.Have {
				c.Lack = k
			}
		}
	}
	out := make([]Count, 0, len(counts))
	for _, c := range counts { // unordered: Told sorts them
		out = append(out, *c)
	}
	return Told(out, len(all))
}

// key is the same for lacks that are told together.
func (l Lack) key() string {
	switch l.What {
	case Attribute, Expression:
		return l.What + " " + l.Name
	case Port, UDPPort:
		return fmt.Sprint(l.What, " ", l.Want)
	}
	return l.What
}

// among is String for several instances.
func (l Lack) among() string {
	switch l.What {
	case CPU, Memory, GPU, ENI:
		return fmt.Sprintf("%s wanted, at most %d free", l.unit(l.Want), l.Have)
	case Port, UDPPort:
		return fmt.Sprintf("%s %d is taken", l.What, l.Want)
	case Ports:
		return fmt.Sprintf("%d host ports wanted, at most %d of 100 free", l.Want, l.Have)
	case NotJoined:
		return "not in the cluster"
	case Agent:
		return "the ECS agent does not answer"
	case Draining:
		return "draining"
	case Capacity:
		return "of another capacity provider, or of none"
	case Zone:
		return "in a zone without a subnet of the task"
	case Distinct:
		return "a task of " + l.Name + " is there already"
	case Attribute:
		return "without the attribute " + l.Name
	}
	return "does not match " + l.Name
}

func sentence(lacks []Lack) string {
	parts := make([]string, len(lacks))
	for n, k := range lacks {
		parts[n] = k.String()
	}
	return strings.Join(parts, "; ")
}
