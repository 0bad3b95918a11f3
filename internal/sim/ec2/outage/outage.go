package outage

import (
	"slices"
	"time"

	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Kinds of the events of outages. Event.ID is the outage, but of spotTaken the instance.
const (
	begins    world.Kind = "ec2.outage-begins"
	ends      world.Kind = "ec2.outage-ends"
	spotTaken world.Kind = "ec2.spot-taken"
)

// notice is how long before it takes a Spot Instance back EC2 says so (EC2 user guide, "Spot Instance interruption notices").
const notice = 2 * time.Minute

// Power is a zone without electricity. At its end the instances boot anew, or are lost.
func Power(zone string, lost bool) world.Disruption {
	return world.Disruption{Kind: world.OutagePower, Zone: zone, Lost: lost}
}

// Network is a zone that nothing reaches and that reaches nothing.
func Network(zone string) world.Disruption {
	return world.Disruption{Kind: world.OutageNetwork, Zone: zone}
}

// Capacity is a lack of machines of a type in a zone; an empty one of the two means any.
func Capacity(zone, instanceType string, spotOnly bool) world.Disruption {
	return world.Disruption{Kind: world.OutageCapacity, Zone: zone, Type: instanceType, SpotOnly: spotOnly}
}

// Spot is EC2 taking Spot Instances back: one by its id, or all that run in a zone, of a type; what is empty means any. It
// has no end.
func Spot(instance, zone, instanceType string) world.Disruption {
	return world.Disruption{Kind: world.OutageSpot, Instance: instance, Zone: zone, Type: instanceType}
}

// Impaired is an instance that hangs: its status check fails, and it answers nobody.
func Impaired(instance string) world.Disruption {
	return world.Disruption{Kind: world.OutageImpaired, Instance: instance}
}

// Terminated is an instance whose machine is lost. It has no end.
func Terminated(instance string) world.Disruption {
	return world.Disruption{Kind: world.OutageTerminated, Instance: instance}
}

// Agent is an ECS agent that hears nothing, on an instance that runs on.
func Agent(instance string) world.Disruption {
	return world.Disruption{Kind: world.OutageAgent, Instance: instance}
}

// DeadImage is an image whose instances run, but never boot.
func DeadImage(image string) world.Disruption {
	return world.Disruption{Kind: world.OutageDeadImage, Image: image}
}

// SilentImage is an image whose instances boot, but whose ECS agent never registers.
func SilentImage(image string) world.Disruption {
	return world.Disruption{Kind: world.OutageMuteImage, Image: image}
}

// Plan lets an outage begin after a while and end when it has lasted; 0 lasts until End. It gives the outage's id, and
// refuses one that strikes nothing that could be, with InvalidParameterValue.
func Plan(w *world.World, r *world.Region, o world.Disruption, after, lasts time.Duration) (string, error) {
	if err := check(r, o); err != nil {
		return "", err
	}
	o.ID, o.State = w.NewID("outage"), world.OutagePlanned
	o.From = w.Now().Add(max(after, 0))
	r.EC2.Outages.Put(o.ID, &o)
	w.Schedule(after, world.Event{Kind: begins, Region: r.Name, ID: o.ID})
	if lasts > 0 {
		o.Until = o.From.Add(lasts)
		w.Schedule(o.Until.Sub(w.Now()), world.Event{Kind: ends, Region: r.Name, ID: o.ID})
	}
	return o.ID, nil
}

// End ends an outage now; one that has not begun never will. An unknown one, or one that is over, is fine.
func End(w *world.World, r *world.Region, id string) {
	if _, ok := r.EC2.Outages.Get(id); ok {
		w.Schedule(0, world.Event{Kind: ends, Region: r.Name, ID: id})
	}
}

// Handlers is what happens when an event of an outage falls due.
func Handlers() world.Handlers {
	return world.Handlers{
		begins:    {begin},
		ends:      {end},
		spotTaken: {taken},
	}
}

func check(r *world.Region, o world.Disruption) error {
	needs := map[string]string{
		world.OutagePower: o.Zone, world.OutageNetwork: o.Zone, world.OutageImpaired: o.Instance, world.OutageTerminated: o.Instance,
		world.OutageAgent:     o.Instance,
		world.OutageDeadImage: o.Image, world.OutageMuteImage: o.Image, world.OutageCapacity: "any", world.OutageSpot: "any",
	}
	what, known := needs[o.Kind]
	switch {
	case !known:
		return invalid("there is no outage of the kind %q", o.Kind)
	case what == "":
		return invalid("an outage of the kind %s needs what it strikes", o.Kind)
	case o.Zone != "" && !slices.ContainsFunc(ec2.Zones(r.Name), func(z ec2.Zone) bool { return z.Name == o.Zone }):
		return invalid("the region %s has no zone %s", r.Name, o.Zone)
	}
	if o.Instance == "" {
		return nil
	}
	if _, ok := r.EC2.Instances.Get(o.Instance); !ok {
		return invalid("there is no instance %s", o.Instance)
	}
	return nil
}

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterValue", format, a...)
}

// effect is what an outage does when it begins, and when it ends: to where it strikes, and to one instance after the other.
type effect struct {
	short         bool // nothing can be launched where it strikes
	strikes       func(*world.Disruption, *world.Instance) bool
	strike, spare func(*world.World, *world.Region, *world.Disruption, *world.Instance)
}

// effects is what each kind of outage does; image outages do nothing by themselves, EC2 and the agents look at them.
func effects(kind string) effect {
	here := func(o *world.Disruption, i *world.Instance) bool { return i.Zone == o.Zone }
	it := func(o *world.Disruption, i *world.Instance) bool { return i.ID == o.Instance }
	switch kind {
	case world.OutagePower:
		return effect{short: true, strikes: here, strike: darken, spare: power}
	case world.OutageNetwork:
		return effect{strikes: here, strike: darken, spare: reconnect}
	case world.OutageCapacity:
		return effect{short: true}
	case world.OutageSpot:
		return effect{strikes: spotStrikes, strike: warn}
	case world.OutageImpaired:
		return effect{strikes: it, strike: hang, spare: reconnect}
	case world.OutageTerminated:
		return effect{strikes: it, strike: lose}
	case world.OutageAgent:
		return effect{strikes: it, strike: silence, spare: rouse}
	default:
		return effect{}
	}
}

func begin(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	o, ok := r.EC2.Outages.Get(e.ID)
	if !ok || o.State != world.OutagePlanned {
		return
	}
	o.State = world.OutageActive
	does := effects(o.Kind)
	if does.short {
		r.EC2.Shortages = append(r.EC2.Shortages, world.Shortage{Type: o.Type, Zone: o.Zone, SpotOnly: o.SpotOnly, Outage: o.ID})
	}
	for i := range r.EC2.Instances.Rows() {
		if does.strikes != nil && i.State == world.InstanceRunning && does.strikes(o, i) {
			o.Struck = append(o.Struck, i.ID)
			does.strike(w, r, o, i)
		}
	}
	if does.strikes != nil && does.spare == nil {
		o.State = world.OutageOver // it has struck, and that is all
	}
}

func end(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	o, ok := r.EC2.Outages.Get(e.ID)
	if !ok || o.State == world.OutageOver {
		return
	}
	was := o.State
	o.State, o.Until = world.OutageOver, w.Now()
	if was != world.OutageActive {
		return
	}
	does := effects(o.Kind)
	if does.short {
		r.EC2.Shortages = slices.DeleteFunc(slices.Clone(r.EC2.Shortages), func(s world.Shortage) bool { return s.Outage == o.ID })
		w.Schedule(0, world.Event{Kind: ec2.CapacityRestored, Region: r.Name, ID: o.Zone})
	}
	for i := range r.EC2.Instances.Rows() {
		if does.spare != nil && i.State == world.InstanceRunning && does.strikes(o, i) {
			does.spare(w, r, o, i)
		}
	}
}

// darken takes an instance off the network; both of its status checks fail.
func darken(w *world.World, r *world.Region, _ *world.Disruption, i *world.Instance) {
	ec2.Cut(w, r, i)
	ec2.Impair(w, r, i, true)
}

// hang lets an instance answer nobody, on a machine that is well.
func hang(w *world.World, r *world.Region, _ *world.Disruption, i *world.Instance) {
	ec2.Cut(w, r, i)
	ec2.Impair(w, r, i, false)
}

func reconnect(w *world.World, r *world.Region, _ *world.Disruption, i *world.Instance) {
	ec2.Reconnect(w, r, i)
}

func silence(w *world.World, r *world.Region, _ *world.Disruption, i *world.Instance) {
	ec2.LoseAgent(w, r, i)
}

func rouse(w *world.World, r *world.Region, _ *world.Disruption, i *world.Instance) {
	ec2.FindAgent(w, r, i)
}

// power boots an instance that was dark, or ends one whose machine did not survive.
func power(w *world.World, r *world.Region, o *world.Disruption, i *world.Instance) {
	switch {
	case !slices.Contains(o.Struck, i.ID):
	case o.Lost:
		ec2.Lose(w, r, i.ID, "Server.InternalError", "Internal error")
	default:
		ec2.Restart(w, r, i)
	}
}

func lose(w *world.World, r *world.Region, _ *world.Disruption, i *world.Instance) {
	ec2.Lose(w, r, i.ID, "Server.InternalError", "Internal error")
}
