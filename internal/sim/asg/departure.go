package asg

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/activity"
	"berth/internal/sim/world"
)

// mostMoved is how many instances one call may attach, detach, or move into or out of standby.
const mostMoved = 20

// The ends of departures: ID is the instance.
const (
	instanceParked   world.Kind = "asg.instance-parked"
	instanceDetached world.Kind = "asg.instance-detached"
)

// departing is a call that takes members out of service.
type departing struct {
	group
	members   []*world.GroupMember
	decrement bool
}

// departure is how a member goes: what the activity says, its state meanwhile, and the event at the end.
type departure struct {
	verb, past string
	state      types.LifecycleState
	then       world.Kind
}

func readDeparture(c *world.Call, name *string, ids []string, decrement *bool) (departing, error) {
	if decrement == nil {
		return departing{}, missing("shouldDecrementDesiredCapacity")
	}
	g, members, err := readMoved(c, name, ids)
	return departing{g, members, *decrement}, err
}

// readMoved reads which members a call moves.
func readMoved(c *world.Call, name *string, ids []string) (group, []*world.GroupMember, error) {
	g, err := change(c, name)
	if err != nil {
		return g, nil, err
	}
	if err := checkMoved(ids); err != nil {
		return g, nil, err
	}
	var out []*world.GroupMember
	for _, id := range ids {
		m, ok := g.Members.Get(id)
		if !ok {
			return g, nil, invalid("The instance %s is not part of Auto Scaling group %s.", id, g.Name)
		}
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return g, out, nil
}

func checkMoved(ids []string) error {
	if len(ids) == 0 {
		return missing("instanceIds")
	}
	if len(ids) > mostMoved {
		return invalid("The number of instance ids that may be passed in is limited to %d", mostMoved)
	}
	return nil
}

// allowed refuses members in other states, and a desired capacity below the least.
func (d departing) allowed(what string, states ...types.LifecycleState) error {
	for _, m := range d.members {
		if !slices.Contains(states, types.LifecycleState(m.State)) {
			return invalid("The instance %s is not in %s.", m.ID, joined(states))
		}
	}
	if n := len(d.members); d.decrement && d.Desired-n < d.Min {
		return d.unfit(what, n, "")
	}
	return nil
}

func joined(states []types.LifecycleState) string {
	words := make([]string, 0, len(states))
	for _, s := range states {
		words = append(words, string(s))
	}
	return strings.Join(words, " or ")
}

// unfit is the refusal of a move that the group's bounds do not allow.
func (g group) unfit(what string, n int, more string) error {
	noun := "instance"
	if n > 1 {
		noun = "instances"
	}
	return invalid("AutoScalingGroup %s has min-size=%d, max-size=%d, and desired-size=%d. To %s %d %s%s, please update the AutoScalingGroup sizes appropriately.",
		g.Name, g.Min, g.Max, g.Desired, what, n, more, noun)
}

// all takes the members out, and gives what the group notes of each.
func (d departing) all(how departure) []types.Activity {
	var out []types.Activity
	for _, m := range d.members {
		out = append(out, activity.View(d.depart(m, how)))
	}
	d.soon()
	return out
}

// depart takes a member out of its load balancers, and lets it go once its connections are drained.
func (d departing) depart(m *world.GroupMember, how departure) *world.ScalingActivity {
	why := d.at("instance %s %s in response to a user request", m.ID, how.past)
	if d.decrement {
		why = d.at("instance %s %s in response to a user request, shrinking the capacity from %d to %d", m.ID, how.past, d.Desired, d.Desired-1)
		d.Desired, d.DesiredBy = d.Desired-1, byUser
	}
	a := d.begin(how.verb+m.ID, why)
	a.Instance, a.Zone, a.Progress = m.ID, m.Zone, 50
	if i, ok := d.r.EC2.Instances.Get(m.ID); ok {
		a.Subnet = i.SubnetID
	}
	served := m.State == string(types.LifecycleStateInService)
	m.State, m.Activity = string(how.state), a.ID
	wait := d.w.Draw(string(how.then), m.ID, shortly())
	if served && len(d.Sources) > 0 {
		d.w.Schedule(0, d.event("asg.instance-leaving", m.ID))
		wait += d.drainTime(m)
	}
	d.w.Schedule(wait, d.event(how.then, m.ID))
	return a
}

// DetachInstances takes instances out of the group for good; they run on by themselves. Unless the desired capacity goes
// down along with them, the group launches others (Auto Scaling user guide, "Detach or attach instances").
func DetachInstances(c *world.Call, in *autoscaling.DetachInstancesInput) (*autoscaling.DetachInstancesOutput, error) {
	d, err := readDeparture(c, in.AutoScalingGroupName, in.InstanceIds, in.ShouldDecrementDesiredCapacity)
	if err != nil {
		return nil, err
	}
	if err := d.allowed("detach", types.LifecycleStateInService, types.LifecycleStateStandby); err != nil {
		return nil, err
	}
	return &autoscaling.DetachInstancesOutput{Activities: d.all(departure{
		verb: "Detaching EC2 instance: ", past: "was detached", state: types.LifecycleStateDetaching, then: instanceDetached,
	})}, nil
}

// detached lets go of a member: of all its tags it loses the one that names the group.
func detached(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok || m.State != string(types.LifecycleStateDetaching) {
		return
	}
	if i, ok := g.r.EC2.Instances.Get(m.ID); ok {
		i.Owner, i.Tags = "", i.Tags.Without(groupTag)
	}
	g.Members.Delete(m.ID)
	g.succeed(m)
	if g.unsettled() {
		g.soon()
	}
}
