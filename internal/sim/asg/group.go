package asg

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/sim/world"
)

// deleting is the status of a group that waits for its last instance to go.
const deleting = "Delete in progress"

// group is a scaling group at work: its row, and the world and the region that it is in.
type group struct {
	*world.ScalingGroup
	w *world.World
	r *world.Region
}

// Find gives the group with a name or an ARN.
func Find(r *world.Region, nameOrARN string) (*world.ScalingGroup, bool) {
	name := nameOrARN
	if _, after, ok := strings.Cut(nameOrARN, ":autoScalingGroupName/"); ok {
		name = after
	}
	g, ok := r.AutoScaling.Groups.Get(name)
	if !ok || name != nameOrARN && g.ARN != nameOrARN {
		return nil, false
	}
	return g, true
}

// MemberOf gives the group that an instance belongs to, and the instance as its member.
func MemberOf(r *world.Region, instance string) (*world.ScalingGroup, *world.GroupMember, bool) {
	if i, ok := r.EC2.Instances.Get(instance); ok {
		g, ok := r.AutoScaling.Groups.Get(i.Owner)
		if !ok {
			return nil, nil, false
		}
		m, ok := g.Members.Get(instance)
		return g, m, ok
	}
	for g := range r.AutoScaling.Groups.Rows() { // EC2 forgets an instance that may still wait for a hook
		if m, ok := g.Members.Get(instance); ok {
			return g, m, true
		}
	}
	return nil, nil, false
}

// named is the group that an event names.
func named(w *world.World, region, name string) (group, bool) {
	r := w.Region(region)
	row, ok := r.AutoScaling.Groups.Get(name)
	return group{row, w, r}, ok
}

// holder is the group and the member that an event about an instance concerns.
func holder(w *world.World, e world.Event) (group, *world.GroupMember, bool) {
	r := w.Region(e.Region)
	row, m, ok := MemberOf(r, e.ID)
	return group{row, w, r}, m, ok
}

// event makes an event about an instance of the group.
func (g group) event(kind world.Kind, instance string) world.Event {
	return world.Event{Kind: kind, Region: g.r.Name, ID: instance, Arg: g.Name}
}

// soon lets the group look at itself about two seconds from now, once, however often it is asked.
func (g group) soon() {
	g.look(g.w.Draw("asg.reconcile", g.Name, world.Span{Mean: 2 * time.Second, Deviation: 500 * time.Millisecond, Floor: time.Second}))
}

// look lets the group look at itself after a while; an earlier look makes a later one needless.
func (g group) look(after time.Duration) {
	due := g.w.Now().Add(after)
	if !g.Due.IsZero() && !due.Before(g.Due) {
		return
	}
	g.Due = due
	g.w.Schedule(after, world.Event{Kind: "asg.reconcile", Region: g.r.Name, ID: g.Name})
}

// suspended tells whether the group does not do a thing at the moment.
func (g group) suspended(process string) bool {
	return slices.ContainsFunc(g.Suspended, func(p world.SuspendedProcess) bool { return p.Name == process })
}

// stays tells whether a member counts towards the group's capacity: it is on its way in, or in.
func stays(m *world.GroupMember) bool { return !dying(m) && !parkedOrLeaving(m) }

// dying tells whether a member is on its way to its end.
func dying(m *world.GroupMember) bool { return strings.HasPrefix(m.State, "Terminating") }

// capacity is what the group has of what it desires.
func (g group) capacity() int {
	n := 0
	for m := range g.Members.Rows() {
		if stays(m) {
			n += m.Weight
		}
	}
	return n
}

// Excess is by how much a group is larger than it should be, as long as nothing else holds it up.
func Excess(g *world.ScalingGroup) int {
	return max(group{ScalingGroup: g}.capacity()-g.Desired-g.Surplus-g.Ahead, 0)
}

// requested notes a sentence about a request, which the next activities will name as their cause.
func (g group) requested(format string, a ...any) {
	g.Requests = append(g.Requests, g.at(format, a...))
}

// at makes a sentence as causes have them: "At 2026-11-02T09:00:00Z something happened."
func (g group) at(format string, a ...any) string {
	return "At " + g.w.Now().UTC().Format("2006-01-02T15:04:05Z") + " " + fmt.Sprintf(format, a...) + "."
}

// cause joins what was requested and what the group does about it.
func (g group) cause(sentences ...string) string {
	return strings.Join(slices.Concat(g.Requests, sentences), "  ")
}
