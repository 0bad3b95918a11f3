package dst

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/roll"
	"berth/internal/sim/world"
)

// facts are what counts of a world at one moment.
type facts struct {
	groups    map[string]groupFact
	members   map[string]memberFact // by EC2 id
	instances map[string]hostFact   // by the ARN of the container instance
	tasks     map[string]taskFact
	services  map[string]serviceFact
}

type groupFact struct {
	desired, least, most int
	suspended            string
	tag, surge, floor    string
	managed              bool           // ECS scales it
	shields              bool           // it protects new instances from scale-in by itself
	ready                map[string]int // by zone: in service, joined, ACTIVE, connected
}

// all is how many instances of a group are ready.
func (g groupFact) all() int { return sum(g.ready) }

// sum is how many instances there are in all zones.
func sum(zones map[string]int) int {
	n := 0
	for _, one := range zones { // unordered: a sum
		n += one
	}
	return n
}

type memberFact struct {
	group, zone, state string
	protected          bool
}

// going tells whether a member is on its way out.
func (m memberFact) going() bool {
	return strings.HasPrefix(m.state, "Terminating") || strings.HasPrefix(m.state, "Detach")
}

type hostFact struct {
	ec2, status, mark, fence string
	connected                bool
}

type taskFact struct {
	service, arn, on, status, desired, code, by string
	protected, daemon                           bool
}

type serviceFact struct {
	least, most int
	rules       string
	moves       bool // between zones
}

// factsOf reads a world.
func factsOf(w *world.World) facts {
	f := facts{map[string]groupFact{}, map[string]memberFact{}, map[string]hostFact{}, map[string]taskFact{}, map[string]serviceFact{}}
	region := w.Region("eu-west-1")
	k, _ := region.ECS.Clusters.Get("acc")
	works := map[string]bool{}
	for i := range k.Instances.Rows() {
		f.instances[i.ARN] = marksOf(i)
		works[i.EC2ID] = i.Status == "ACTIVE" && i.AgentConnected
	}
	for g := range region.AutoScaling.Groups.Rows() {
		one := f.group(g, works)
		for p := range region.ECS.Providers.Rows() {
			one.managed = one.managed || p.GroupName == g.Name && p.Scaling && p.Status == "ACTIVE"
		}
		f.groups[g.Name] = one
	}
	for t := range k.Tasks.Rows() {
		if t.Status != "STOPPED" {
			s, of := k.Services.Get(t.Service)
			f.tasks[t.ID] = taskFact{t.Service, t.ARN, t.Instance, t.Status, t.Desired, t.StopCode, t.StartedBy, w.Now().Before(t.ProtectedUntil), of && s.Daemon}
		}
	}
	for s := range k.Services.Rows() {
		if s.Status == "ACTIVE" {
			f.services[s.Name] = serviceFact{s.MinHealthy, s.Max, fmt.Sprint(s.Constraints), s.Rebalances}
		}
	}
	return f
}

func marksOf(i *world.ContainerInstance) hostFact {
	h := hostFact{ec2: i.EC2ID, status: i.Status, connected: i.AgentConnected}
	for _, a := range i.Attributes {
		switch a.Name {
		case roll.AttrDrain:
			h.mark = a.Value
		case roll.AttrFence:
			h.fence = a.Value
		}
	}
	return h
}

func (f facts) group(g *world.ScalingGroup, works map[string]bool) groupFact {
	out := groupFact{desired: g.Desired, least: g.Min, most: g.Max, shields: g.Settings.Protected, ready: readyOf(g, works)}
	var off []string
	for _, p := range g.Suspended {
		off = append(off, p.Name)
	}
	slices.Sort(off)
	out.suspended = strings.Join(off, " ")
	for _, tag := range g.Tags {
		switch tag.Key {
		case roll.TagRoll:
			out.tag = tag.Value
		case roll.TagSurge:
			out.surge = tag.Value
		case roll.TagFloor:
			out.floor = tag.Value
		}
	}
	for m := range g.Members.Rows() {
		f.members[m.ID] = memberFact{g.Name, m.Zone, m.State, m.Protected}
	}
	return out
}

// readyOf counts the instances of a group that are ready, by zone.
func readyOf(g *world.ScalingGroup, works map[string]bool) map[string]int {
	out := map[string]int{}
	for m := range g.Members.Rows() {
		if m.State == "InService" && works[m.ID] {
			out[m.Zone]++
		}
	}
	return out
}
