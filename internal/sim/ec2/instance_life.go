package ec2

import (
	"slices"
	"strconv"
	"time"

	"berth/internal/sim/ec2/network"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Kinds of the events in an instance's life. Their names are a contract with the services above, which may have
// handlers of their own for them; Event.ID is the instance and Event.Arg the number of its run (see Current).
const (
	InstanceRunning      world.Kind = "ec2.instance-running"       // pending → running
	InstanceBooted       world.Kind = "ec2.instance-booted"        // its agent could start now
	InstanceChecked      world.Kind = "ec2.instance-checked"       // the status checks pass
	InstanceShuttingDown world.Kind = "ec2.instance-shutting-down" // termination has begun
	InstanceTerminated   world.Kind = "ec2.instance-terminated"    // it is gone, interface and all
	InstanceForgotten    world.Kind = "ec2.instance-forgotten"     // DescribeInstances does not know it any longer
	InstanceStopping     world.Kind = "ec2.instance-stopping"      // a stop has begun
	InstanceStopped      world.Kind = "ec2.instance-stopped"
)

// The usual spans of an instance's life (EC2 user guide, "Instance lifecycle"; scaling activities in AWS's examples).
const (
	checksAfter  = 90 * time.Second
	forgetsAfter = time.Hour
)

func usualSpan(k world.Kind) world.Span {
	switch k {
	case InstanceRunning:
		return world.Span{Mean: 9 * time.Second, Deviation: 2 * time.Second, Floor: 5 * time.Second}
	case InstanceBooted:
		return world.Span{Mean: 25 * time.Second, Deviation: 5 * time.Second, Floor: 15 * time.Second}
	case InstanceTerminated:
		return world.Span{Mean: 35 * time.Second, Deviation: 6 * time.Second, Floor: 20 * time.Second}
	case InstanceStopped:
		return world.Span{Mean: 30 * time.Second, Deviation: 6 * time.Second, Floor: 15 * time.Second}
	default:
		return world.Span{}
	}
}

// expect schedules the next event of an instance's life after its usual span.
func expect(w *world.World, r *world.Region, i *world.Instance, k world.Kind) {
	w.Schedule(w.Draw(string(k), i.ID, usualSpan(k)), lifeEvent(r, i, k))
}

func lifeEvent(r *world.Region, i *world.Instance, k world.Kind) world.Event {
	return world.Event{Kind: k, Region: r.Name, ID: i.ID, Arg: strconv.Itoa(i.Run)}
}

// Current tells whether an event of an instance's life is of its present run: a stop and a start, or an end, let the
// events of the run before pass by.
func Current(i *world.Instance, e world.Event) bool { return strconv.Itoa(i.Run) == e.Arg }

// begin starts a run: the first one or, after a stop, the next.
func begin(w *world.World, r *world.Region, i *world.Instance) {
	i.Run++
	i.State, i.LaunchedAt = world.InstancePending, w.Now()
	i.ReasonCode, i.ReasonText, i.Transition = "pending", "pending", ""
	say(w, r, i)
	expect(w, r, i, InstanceRunning)
}

// subject finds the instance of an event if it is in one of the states and the event is of its present run.
func subject(w *world.World, e world.Event, states ...string) (*world.Region, *world.Instance) {
	r := w.Region(e.Region)
	i, ok := r.EC2.Instances.Get(e.ID)
	if !ok || !Current(i, e) {
		return r, nil
	}
	if slices.Contains(states, i.State) {
		return r, i
	}
	return r, nil
}

func becomeRunning(w *world.World, e world.Event) {
	r, i := subject(w, e, world.InstancePending)
	if i == nil {
		return
	}
	i.State, i.RunningAt = world.InstanceRunning, w.Now()
	say(w, r, i)
	i.ReasonCode, i.ReasonText = "", ""
	if !strikes(r, world.OutageDeadImage, func(o *world.Disruption) bool { return o.Image == i.ImageID }) {
		expect(w, r, i, InstanceBooted)
	}
	if strikes(r, world.OutageNetwork, func(o *world.Disruption) bool { return o.Zone == i.Zone }) {
		Cut(w, r, i)
	}
	w.Schedule(checksAfter, lifeEvent(r, i, InstanceChecked)) // nobody waits for it, so it is no draw
}

func becomeBooted(w *world.World, e world.Event) {
	if _, i := subject(w, e, world.InstanceRunning); i != nil {
		i.BootedAt = w.Now()
	}
}

func becomeChecked(w *world.World, e world.Event) {
	r, i := subject(w, e, world.InstanceRunning)
	if i == nil {
		return
	}
	i.ChecksOK = true
	switch {
	case i.Unreachable:
		Impair(w, r, i, true)
	case i.BootedAt.IsZero() && strikes(r, world.OutageDeadImage, func(o *world.Disruption) bool { return o.Image == i.ImageID }):
		Impair(w, r, i, false)
	}
}

// Terminate begins the end of an instance, whatever its termination protection says. An unknown or dying one stays as
// it is.
func Terminate(w *world.World, r *world.Region, id string) {
	i, ok := r.EC2.Instances.Get(id)
	if !ok || i.State == world.InstanceShuttingDown || i.State == world.InstanceTerminated {
		return
	}
	stopsAt(w, i, world.InstanceShuttingDown)
	say(w, r, i)
	w.Schedule(0, lifeEvent(r, i, InstanceShuttingDown))
	expect(w, r, i, InstanceTerminated)
}

// stopsAt takes an instance out of service at the user's wish.
func stopsAt(w *world.World, i *world.Instance, state string) {
	i.State, i.ChecksOK, i.BootedAt = state, false, time.Time{}
	i.Impaired, i.SystemFailed, i.ImpairedAt, i.Unreachable = false, false, time.Time{}, false
	i.ReasonCode, i.ReasonText = "Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown"
	i.Transition = "User initiated (" + w.Now().UTC().Format("2006-01-02 15:04:05") + " GMT)"
	if state == world.InstanceShuttingDown {
		i.TerminatedAt = w.Now()
	}
}

func becomeTerminated(w *world.World, e world.Event) {
	r, i := subject(w, e, world.InstanceShuttingDown)
	if i == nil {
		return
	}
	i.State = world.InstanceTerminated
	say(w, r, i)
	release(r, i)
	detachAll(r, i)
	if n, ok := r.EC2.Interfaces.Get(i.InterfaceID); ok && !n.KeepOnTermination {
		network.DeleteInterface(w, r, n.ID)
	} else if ok {
		n.InstanceID, n.AttachmentID, n.AttachOwner, n.Status = "", "", "", "available"
	}
	i.InterfaceID, i.PrivateIP, i.PublicIP = "", "", ""
	w.Schedule(forgetsAfter, lifeEvent(r, i, InstanceForgotten))
}

// release gives the instance's vCPUs back to the quota.
func release(r *world.Region, i *world.Instance) {
	if i.Charged {
		i.Charged = false
		useVCPUs(r, i.QuotaCode, -i.VCPUs)
	}
}

func forget(w *world.World, e world.Event) {
	if r, i := subject(w, e, world.InstanceTerminated); i != nil {
		r.EC2.Instances.Delete(i.ID)
	}
}

// Stop halts a running instance; its address and volumes stay, a public address of Amazon's goes. An unknown one, or
// one in another state, stays as it is.
func Stop(w *world.World, r *world.Region, id string) {
	i, ok := r.EC2.Instances.Get(id)
	if !ok || (i.State != world.InstanceRunning && i.State != world.InstancePending) {
		return
	}
	stopsAt(w, i, world.InstanceStopping)
	say(w, r, i)
	w.Schedule(0, lifeEvent(r, i, InstanceStopping))
	expect(w, r, i, InstanceStopped)
}

func becomeStopped(w *world.World, e world.Event) {
	r, i := subject(w, e, world.InstanceStopping)
	if i == nil {
		return
	}
	i.State = world.InstanceStopped
	say(w, r, i)
	release(r, i)
	if n, ok := r.EC2.Interfaces.Get(i.InterfaceID); ok && n.Allocation == "" {
		n.PublicIP, i.PublicIP = "", ""
	}
}

// Start runs a stopped instance again; one that is pending or running stays as it is. It is refused with
// VcpuLimitExceeded, InsufficientInstanceCapacity or IncorrectInstanceState.
func Start(w *world.World, r *world.Region, id string) error {
	i, err := instanceKind().Find(r, id)
	if err != nil {
		return err
	}
	switch i.State {
	case world.InstancePending, world.InstanceRunning:
		return nil
	case world.InstanceStopped:
	default:
		return wire.Errorf("IncorrectInstanceState", "The instance '%s' is not in a state from which it can be started.", i.ID)
	}
	if err := checkVCPUs(r, i.QuotaCode, i.VCPUs); err != nil {
		return err
	}
	t, _ := FindInstanceType(i.Type) // it was launched, so the type is known
	if err := checkCapacity(w, r, wanted{t, i.Zone, i.Spot}); err != nil {
		return err
	}
	charge(r, i)
	lendPublicIP(w, r, i)
	i.RunningAt = time.Time{}
	begin(w, r, i)
	return nil
}

// charge counts the instance's vCPUs towards the quota.
func charge(r *world.Region, i *world.Instance) {
	i.Charged = true
	useVCPUs(r, i.QuotaCode, i.VCPUs)
}
