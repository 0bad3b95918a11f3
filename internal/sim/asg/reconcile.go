package asg

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/world"
)

// reconcile is a group's look at itself: replace what is unhealthy, then launch or terminate, then balance the zones.
func reconcile(w *world.World, e world.Event) {
	g, ok := named(w, e.Region, e.ID)
	if !ok || !w.Now().Equal(g.Due) {
		return // an earlier look has been asked for meanwhile, and has happened
	}
	g.Due = time.Time{}
	if g.Status != "" {
		return
	}
	g.replaceUnhealthy()
	have, want := g.capacity(), g.Desired+g.Surplus+g.Ahead
	switch {
	case have < want:
		g.grow(have, want)
	case have > want:
		g.shrink(have, want)
	default:
		g.balance()
	}
	g.Requests = nil
}

// grow launches what is missing; the first failure ends the attempt.
func (g group) grow(have, want int) {
	if g.suspended("Launch") {
		return
	}
	for n := have; n < want; n = g.capacity() {
		why := g.at("an instance was started in response to a difference between desired and actual capacity, increasing the capacity from %d to %d", have, want)
		if g.Replacing > 0 {
			why = g.at("an instance was launched in response to an unhealthy instance needing to be replaced")
		}
		if !g.launch(g.cause(why), g.zonesToFill()) {
			g.launchFailed()
			return
		}
		g.Replacing = max(g.Replacing-1, 0)
	}
}

// shrink terminates what is too much, one instance after the other, until only protected ones are left.
func (g group) shrink(have, want int) {
	if g.suspended("Terminate") {
		return
	}
	for n := have; n > want; {
		m := g.victim()
		if m == nil || n-m.Weight < want {
			g.blocked(m == nil)
			return
		}
		n -= m.Weight
		g.terminate(m, g.cause(
			g.at("an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from %d to %d", have, want),
			g.at("instance %s was selected for termination", m.ID)))
	}
}

// blocked notes that the group cannot shrink: whatever is left is protected from scale-in. A request is answered with an
// activity; without a new request nothing is said twice.
func (g group) blocked(protected bool) {
	if !protected {
		return
	}
	if len(g.Requests) > 0 {
		a := g.begin("Could not scale to desired capacity because all remaining instances are protected from scale-in.",
			g.cause(g.at("group reached equilibrium")))
		a.Status, a.Progress, a.Ended = string(types.ScalingActivityStatusCodeCancelled), 100, g.w.Now()
	}
	g.w.Schedule(0, world.Event{Kind: "asg.scale-in-blocked", Region: g.r.Name, ID: g.Name})
}

// balance evens the zones out once everything is in service: it launches in the emptiest zone first and terminates in
// the fullest one after (Auto Scaling user guide, "Rebalancing activities"). While it may not terminate, the group stays one
// larger (the same guide, "How suspended processes affect other processes").
func (g group) balance() {
	for m := range g.Members.Rows() {
		if stays(m) && (m.State != string(types.LifecycleStateInService) || g.bad(m)) {
			return
		}
	}
	if g.Surplus > 0 {
		g.Surplus = 0
		g.shrink(g.capacity(), g.Desired+g.Ahead)
		return
	}
	if !g.lopsided() || slices.ContainsFunc([]string{"AZRebalance", "Launch"}, g.suspended) {
		return
	}
	if !g.launch(g.at("an instance was launched to aid in balancing the group's zones"), g.emptiest()) {
		g.launchFailed()
		return
	}
	g.Surplus = 1
}

// launchFailed puts the next attempt off, twice as long each time. A group that could launch nothing for a day while it
// lacks instances is suspended by AWS (Auto Scaling user guide, "Suspend and resume processes").
func (g group) launchFailed() {
	if g.Failures == 0 {
		g.FailingSince = g.w.Now()
	}
	g.Failures++
	g.Surplus = 0
	if g.w.Now().Sub(g.FailingSince) >= 24*time.Hour {
		if g.capacity() < g.Desired {
			g.suspend("Launch", "Administratively suspended: the group has failed to launch instances for more than 24 hours")
		}
		return
	}
	wait := min(15*time.Second<<min(g.Failures-1, 10), 20*time.Minute)
	g.look(g.w.Draw("asg.launch-retry", g.Name, world.Span{Mean: wait, Deviation: wait / 10, Floor: 5 * time.Second}))
}
