package elb

import (
	"cmp"
	"net/netip"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/elb/probe"
	"berth/internal/sim/world"
)

// TargetAddress names a target of a group; port 0 means the group's port, zone is for addresses outside the VPC.
type TargetAddress struct {
	ID   string
	Port int32
	Zone string
}

// RegisterTargets puts instances or addresses into a target group; those that are in it already stay as they are.
func RegisterTargets(c *world.Call, in *elbv2.RegisterTargetsInput) (*elbv2.RegisterTargetsOutput, error) {
	targets, err := addresses(c.Region, in.TargetGroupArn, in.Targets)
	if err != nil {
		return nil, err
	}
	if err := Register(c.World, c.Region, *in.TargetGroupArn, targets...); err != nil {
		return nil, err
	}
	return &elbv2.RegisterTargetsOutput{}, nil
}

// DeregisterTargets takes targets out of a group after the deregistration delay; those that are not in it are skipped.
func DeregisterTargets(c *world.Call, in *elbv2.DeregisterTargetsInput) (*elbv2.DeregisterTargetsOutput, error) {
	targets, err := addresses(c.Region, in.TargetGroupArn, in.Targets)
	if err != nil {
		return nil, err
	}
	Deregister(c.World, c.Region, *in.TargetGroupArn, targets...)
	return &elbv2.DeregisterTargetsOutput{}, nil
}

func addresses(r *world.Region, group *string, in []types.TargetDescription) ([]TargetAddress, error) {
	if _, err := groupBy(r, group); err != nil {
		return nil, err
	}
	if err := needed("targets", len(in) > 0); err != nil {
		return nil, err
	}
	out := make([]TargetAddress, len(in))
	for i, t := range in {
		if err := first(needed("targets.id", t.Id != nil), within("targets.port", t.Port, 1, 65535)); err != nil {
			return nil, err
		}
		out[i] = TargetAddress{ID: *t.Id, Port: aws.ToInt32(t.Port), Zone: aws.ToString(t.AvailabilityZone)}
	}
	return out, nil
}

// Register puts targets into a target group, as RegisterTargets does; one that is draining comes back. It refuses all
// of them if one can't be registered.
func Register(w *world.World, r *world.Region, group string, targets ...TargetAddress) error {
	g, err := groupBy(r, &group)
	if err != nil {
		return err
	}
	for i := range targets {
		targets[i].Port = cmp.Or(targets[i].Port, g.Port)
	}
	if err := registrable(r, g, targets); err != nil {
		return err
	}
	if err := roomFor(r, g, targets); err != nil {
		return err
	}
	for _, a := range targets {
		key := probe.Key(a.ID, a.Port)
		if t, ok := g.Targets.Get(key); ok && t.DrainUntil.IsZero() {
			continue
		}
		t := &world.Target{ID: a.ID, Port: a.Port, Zone: a.Zone, Registered: w.Now()}
		if g.TargetType == "ip" {
			t.Interface = interfaceWith(r, g.VPCID, a.ID)
		}
		g.Targets.Put(key, t)
		refresh(w, r, g, t)
	}
	return nil
}

// roomFor refuses targets beyond the quotas of the group and of its load balancer.
func roomFor(r *world.Region, g *world.TargetGroup, targets []TargetAddress) error {
	fresh := 0
	for _, a := range targets {
		if _, ok := g.Targets.Get(probe.Key(a.ID, a.Port)); !ok {
			fresh++
		}
	}
	if g.Targets.Len()+fresh > targetsPerGroup().in(r) {
		return refuse("TooManyTargets", "The maximum number of targets has been reached for target group '%s'", g.ARN)
	}
	if g.LoadBalancer == "" || fresh == 0 {
		return nil
	}
	all := fresh
	for _, other := range groupsBehind(r, g.LoadBalancer) {
		all += other.Targets.Len()
	}
	if all > targetsPerBalancer().in(r) {
		return refuse("TooManyTargets", "The maximum number of targets has been reached for load balancer '%s'", g.LoadBalancer)
	}
	return nil
}

// registrable refuses targets that don't exist, don't run, or are elsewhere.
func registrable(r *world.Region, g *world.TargetGroup, targets []TargetAddress) error {
	if g.TargetType == "ip" {
		for _, a := range targets {
			if err := private(r, g, a); err != nil {
				return err
			}
		}
		return nil
	}
	var unknown, resting, elsewhere []string
	for _, a := range targets {
		i, ok := r.EC2.Instances.Get(a.ID)
		switch {
		case !ok:
			unknown = append(unknown, a.ID)
		case i.State != world.InstanceRunning:
			resting = append(resting, a.ID)
		case i.VPCID != g.VPCID:
			elsewhere = append(elsewhere, a.ID)
		}
	}
	list := func(ids []string) string { return "'" + strings.Join(ids, "', '") + "'" }
	switch {
	case len(unknown) > 0:
		return refuse("InvalidTarget", "The following targets are not valid instances: %s", list(unknown))
	case len(resting) > 0:
		return refuse("InvalidTarget", "The following targets are not in a running state and cannot be registered: %s", list(resting))
	case len(elsewhere) > 0:
		return refuse("InvalidTarget", "The following targets are not in the target group VPC '%s': %s", g.VPCID, list(elsewhere))
	}
	return nil
}

// private checks the address of a target: of the VPC, or of a private network that the VPC may reach.
func private(r *world.Region, g *world.TargetGroup, t TargetAddress) error {
	a, err := netip.ParseAddr(t.ID)
	if err != nil || !a.Is4() {
		return invalid("The IP address '%s' is not a valid IPv4 address", t.ID)
	}
	v, _ := r.EC2.VPCs.Get(g.VPCID)
	if v != nil {
		if block, err := netip.ParsePrefix(v.CIDR); err == nil && block.Contains(a) {
			return nil
		}
	}
	if !a.IsPrivate() && !netip.MustParsePrefix("100.64.0.0/10").Contains(a) {
		return refuse("InvalidTarget", "The IP address '%s' is not within the VPC or a private IP address range", t.ID)
	}
	if t.Zone == "" {
		return invalid("You must specify an Availability Zone or 'all' for the IP address '%s', which is outside the VPC", t.ID)
	}
	return nil
}

// Deregister takes targets out of a target group, as DeregisterTargets does: they drain for the group's deregistration
// delay and are then gone; those of a group that no load balancer uses are gone at once. "elb.target-changed" tells
// when. Unknown groups and targets are skipped.
func Deregister(w *world.World, r *world.Region, group string, targets ...TargetAddress) {
	g, ok := r.Balancing.TargetGroups.Get(group)
	if !ok {
		return
	}
	for _, a := range targets {
		key := probe.Key(a.ID, cmp.Or(a.Port, g.Port))
		t, ok := g.Targets.Get(key)
		if !ok || !t.DrainUntil.IsZero() {
			continue
		}
		after := drainTime(g)
		if !inUse(r, g, t) {
			after = 0
		}
		t.DrainUntil = w.Now().Add(after)
		if after == 0 {
			g.Targets.Delete(key)
		}
		stir(w, r, group)
		w.Schedule(after, world.Event{Kind: targetChanged, Region: r.Name, ID: group, Arg: key})
	}
}

// inUse tells whether requests could go to a target: its group has a load balancer that works in the target's zone,
// and its instance, if it is one, runs.
func inUse(r *world.Region, g *world.TargetGroup, t *world.Target) bool {
	_, reason, _ := unused(r, g, t)
	return reason == ""
}

// onTargetChanged counts the checks of a target whose state turns now, or takes it away at the end of its draining.
func onTargetChanged(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	g, ok := r.Balancing.TargetGroups.Get(e.ID)
	if !ok {
		return
	}
	t, ok := g.Targets.Get(e.Arg)
	switch {
	case !ok:
	case t.DrainUntil.IsZero():
		refresh(w, r, g, t)
	case !t.DrainUntil.After(w.Now()):
		g.Targets.Delete(e.Arg)
		stir(w, r, g.ARN)
	}
}

// refresh brings a target up to date: counts its checks, begins or ends checking, and notices how it answers now.
func refresh(w *world.World, r *world.Region, g *world.TargetGroup, t *world.Target) {
	defer turned(w, r, g.ARN, &t.Probe, t.Probe.State)
	switch {
	case !t.DrainUntil.IsZero():
		return
	case !inUse(r, g, t):
		t.Probe = world.Probe{}
		return
	}
	result := resultOf(r, g, t)
	if t.Probe.State == "" {
		key := probe.Key(t.ID, t.Port)
		after := w.Draw("elb.target-register", key, world.Span{Mean: 8 * time.Second, Deviation: 2 * time.Second, Floor: 5 * time.Second})
		probe.Start(&t.Probe, readyAt(w, r, g).Add(after), result)
		awaitTurn(w, r, g, t)
		return
	}
	if rhythm(g).Settle(&t.Probe, w.Now()) {
		t.SlowFrom = slowFrom(w, g, t)
		if t.Probe.State == world.ProbeUnhealthy {
			report(w, r, g.ARN, t.ID)
		}
	}
	if result != t.Probe.Result {
		t.Probe.Result = result
		awaitTurn(w, r, g, t)
	}
}

// rhythm is how a target group checks. A new target needs one success only (Application Load Balancers user guide,
// "Health checks for your target groups").
func rhythm(g *world.TargetGroup) probe.Rhythm {
	return probe.Rhythm{
		Interval: time.Duration(g.Check.Interval) * time.Second, Timeout: time.Duration(g.Check.Timeout) * time.Second,
		First: 1, Healthy: int(g.Check.Healthy), Unhealthy: int(g.Check.Unhealthy),
	}
}

// readyAt is when the load balancer of a group can make its first check: now, or when it becomes active.
func readyAt(w *world.World, r *world.Region, g *world.TargetGroup) time.Time {
	if lb, ok := r.Balancing.LoadBalancers.Get(g.LoadBalancer); ok && lb.ActiveAt.After(w.Now()) {
		return lb.ActiveAt
	}
	return w.Now()
}

// awaitTurn schedules the moment in which the target's health turns, if it will.
func awaitTurn(w *world.World, r *world.Region, g *world.TargetGroup, t *world.Target) {
	if at, ok := rhythm(g).TurnsAt(&t.Probe); ok {
		w.Schedule(at.Sub(w.Now()), world.Event{Kind: targetChanged, Region: r.Name, ID: g.ARN, Arg: probe.Key(t.ID, t.Port)})
	}
}

// refreshGroup brings all targets of a group up to date.
func refreshGroup(w *world.World, r *world.Region, g *world.TargetGroup) {
	for t := range g.Targets.Rows() {
		refresh(w, r, g, t)
	}
}

// refreshBalancer brings all targets behind a load balancer up to date.
func refreshBalancer(w *world.World, r *world.Region, balancer string) {
	for _, g := range groupsBehind(r, balancer) {
		refreshGroup(w, r, g)
	}
}
