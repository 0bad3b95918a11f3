package elb

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/sim/elb/probe"
	"berth/internal/sim/world"
)

// RegisterClassicInstances puts instances behind a classic load balancer; those that are there already stay.
func RegisterClassicInstances(c *world.Call, in *elbv1.RegisterInstancesWithLoadBalancerInput) (*elbv1.RegisterInstancesWithLoadBalancerOutput, error) {
	b, ids, err := namedInstances(c.Region, in.LoadBalancerName, in.Instances)
	if err != nil {
		return nil, err
	}
	if err := RegisterInstances(c.World, c.Region, b.Name, ids...); err != nil {
		return nil, err
	}
	return &elbv1.RegisterInstancesWithLoadBalancerOutput{Instances: toInstances(b)}, nil
}

// DeregisterClassicInstances takes instances from behind a classic load balancer, after draining if that is on.
func DeregisterClassicInstances(c *world.Call, in *elbv1.DeregisterInstancesFromLoadBalancerInput) (*elbv1.DeregisterInstancesFromLoadBalancerOutput, error) {
	b, ids, err := namedInstances(c.Region, in.LoadBalancerName, in.Instances)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if _, ok := b.Targets.Get(id); !ok && !exists(c.Region, id) {
			return nil, unknownInstance(id)
		}
	}
	DeregisterInstances(c.World, c.Region, b.Name, ids...)
	return &elbv1.DeregisterInstancesFromLoadBalancerOutput{Instances: toInstances(b)}, nil
}

func namedInstances(r *world.Region, name *string, in []types1.Instance) (*world.ClassicBalancer, []string, error) {
	b, err := classicBy(r, name)
	if err != nil {
		return nil, nil, err
	}
	if err := needed("instances", len(in) > 0); err != nil {
		return nil, nil, err
	}
	ids := make([]string, len(in))
	for i, x := range in {
		ids[i] = aws.ToString(x.InstanceId)
	}
	return b, ids, nil
}

// exists tells whether an instance is there and not terminated.
func exists(r *world.Region, id string) bool {
	i, ok := r.EC2.Instances.Get(id)
	return ok && i.State != world.InstanceTerminated
}

func unknownInstance(id string) error {
	return refuse("InvalidInstance", "Could not find EC2 instance %s.", id)
}

// RegisterInstances puts instances behind a classic load balancer, as RegisterInstancesWithLoadBalancer does; one that
// is draining comes back. It refuses all of them if one can't be registered.
func RegisterInstances(w *world.World, r *world.Region, balancer string, ids ...string) error {
	b, err := classicBy(r, &balancer)
	if err != nil {
		return err
	}
	var unknown []string
	fresh := 0
	for _, id := range ids {
		i, _ := r.EC2.Instances.Get(id)
		switch {
		case !exists(r, id):
			unknown = append(unknown, id)
		case i.VPCID != b.VPCID:
			return refuse("InvalidInstance", "EC2 instance %s is not in the same VPC as ELB.", id)
		}
		if _, ok := b.Targets.Get(id); !ok {
			fresh++
		}
	}
	if len(unknown) > 0 {
		return unknownInstance(strings.Join(unknown, ", "))
	}
	if b.Targets.Len()+fresh > instancesPerClassic().in(r) {
		return refuse("InvalidInstance", "The maximum number of instances has been reached for load balancer %s", b.Name)
	}
	for _, id := range ids {
		if t, ok := b.Targets.Get(id); ok && t.DrainUntil.IsZero() {
			continue
		}
		t := &world.ClassicTarget{ID: id, Registered: w.Now()}
		b.Targets.Put(id, t)
		refreshClassic(w, r, b, t)
	}
	return nil
}

// DeregisterInstances takes instances from behind a classic load balancer: they are gone at once, or after the draining
// time where connection draining is on. "elb.instance-changed" tells when. Unknown ones are skipped.
func DeregisterInstances(w *world.World, r *world.Region, balancer string, ids ...string) {
	b, ok := r.Balancing.Classics.Get(balancer)
	if !ok {
		return
	}
	for _, id := range ids {
		t, ok := b.Targets.Get(id)
		if !ok || !t.DrainUntil.IsZero() {
			continue
		}
		var after time.Duration
		if b.Draining && t.Probe.State == world.ProbeHealthy {
			after = time.Duration(b.DrainSeconds) * time.Second
		}
		t.DrainUntil = w.Now().Add(after)
		if after == 0 {
			b.Targets.Delete(id)
		}
		stir(w, r, b.Name)
		w.Schedule(after, world.Event{Kind: instanceChanged, Region: r.Name, ID: b.Name, Arg: id})
	}
}

// onInstanceChanged counts the checks of an instance whose state turns now, or takes it away at the end of its draining.
func onInstanceChanged(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	b, ok := r.Balancing.Classics.Get(e.ID)
	if !ok {
		return
	}
	t, ok := b.Targets.Get(e.Arg)
	switch {
	case !ok:
	case t.DrainUntil.IsZero():
		refreshClassic(w, r, b, t)
	case !t.DrainUntil.After(w.Now()):
		b.Targets.Delete(e.Arg)
		stir(w, r, b.Name)
	}
}

// refreshClassic brings an instance up to date: counts its checks, begins or ends checking, and notices how it answers.
func refreshClassic(w *world.World, r *world.Region, b *world.ClassicBalancer, t *world.ClassicTarget) {
	defer turned(w, r, b.Name, &t.Probe, t.Probe.State)
	if !t.DrainUntil.IsZero() {
		return
	}
	if _, text := resting(r, b, t); text != "" {
		t.Probe = world.Probe{}
		return
	}
	result := classicResult(r, b, t)
	if t.Probe.State == "" {
		after := w.Draw("elb.instance-register", b.Name+"/"+t.ID, world.Span{Mean: 15 * time.Second, Deviation: 5 * time.Second, Floor: 5 * time.Second})
		probe.Start(&t.Probe, w.Now().Add(after), result)
		awaitClassicTurn(w, r, b, t)
		return
	}
	if classicRhythm(b).Settle(&t.Probe, w.Now()) && t.Probe.State == world.ProbeUnhealthy {
		report(w, r, b.Name, t.ID)
	}
	if result != t.Probe.Result {
		t.Probe.Result = result
		awaitClassicTurn(w, r, b, t)
	}
}

// refreshAllClassic brings all instances of a classic load balancer up to date.
func refreshAllClassic(w *world.World, r *world.Region, b *world.ClassicBalancer) {
	for t := range b.Targets.Rows() {
		refreshClassic(w, r, b, t)
	}
}

// awaitClassicTurn schedules the moment in which the instance's health turns, if it will.
func awaitClassicTurn(w *world.World, r *world.Region, b *world.ClassicBalancer, t *world.ClassicTarget) {
	if at, ok := classicRhythm(b).TurnsAt(&t.Probe); ok {
		w.Schedule(at.Sub(w.Now()), world.Event{Kind: instanceChanged, Region: r.Name, ID: b.Name, Arg: t.ID})
	}
}

// classicResult tells how the health checks of an instance end at present.
func classicResult(r *world.Region, b *world.ClassicBalancer, t *world.ClassicTarget) string {
	v := probe.Visit{
		Zones: b.Zones, From: b.Groups, Host: t.ID, Port: classicPort(b.Check),
		HTTP: strings.HasPrefix(strings.ToUpper(b.Check.Target), "HTTP"),
	}
	if i, ok := r.EC2.Instances.Get(t.ID); ok {
		v.Interface = i.InterfaceID
	}
	return v.Result(r)
}

// resting tells why no requests could go to an instance: the one to blame and a sentence; an empty one says they could.
func resting(r *world.Region, b *world.ClassicBalancer, t *world.ClassicTarget) (reason, text string) {
	i, ok := r.EC2.Instances.Get(t.ID)
	switch {
	case !ok || i.State == world.InstanceTerminated:
		return "Instance", "Instance is in terminated state."
	case i.State == world.InstancePending:
		return "Instance", "Instance is in pending state."
	case i.State == world.InstanceStopped:
		return "Instance", "Instance is in stopped state."
	case !inZone(b.Zones, i.Zone):
		return "ELB", "Instance is in the EC2 Availability Zone for which LoadBalancer is not configured to route traffic to."
	}
	return "", ""
}

// InstanceHealth tells whether a classic load balancer has an instance in service, brought up to date first.
func InstanceHealth(w *world.World, r *world.Region, balancer, id string) (inService bool) {
	state, _, _ := InstanceState(w, r, balancer, id)
	return state == "InService"
}

// InstanceState tells an instance's state behind a classic load balancer, who is to blame for it, and why, as
// DescribeInstanceHealth does, brought up to date first; one that is not there is out of service, and nobody is to blame.
func InstanceState(w *world.World, r *world.Region, balancer, id string) (state, reason, text string) {
	if b, ok := r.Balancing.Classics.Get(balancer); ok {
		if t, ok := b.Targets.Get(id); ok {
			refreshClassic(w, r, b, t)
			return classicHealth(r, b, t)
		}
	}
	return "OutOfService", "N/A", "Instance is not currently registered with the LoadBalancer."
}

// DescribeInstanceHealth tells the state of all instances behind a classic load balancer, or of those named.
func DescribeInstanceHealth(c *world.Call, in *elbv1.DescribeInstanceHealthInput) (*elbv1.DescribeInstanceHealthOutput, error) {
	b, err := classicBy(c.Region, in.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(in.Instances))
	for _, i := range in.Instances {
		ids = append(ids, aws.ToString(i.InstanceId))
	}
	if len(ids) == 0 {
		for id := range b.Targets.All() {
			ids = append(ids, id)
		}
	}
	out := &elbv1.DescribeInstanceHealthOutput{InstanceStates: []types1.InstanceState{}}
	for _, id := range ids {
		state, reason, text := "OutOfService", "Instance", "Instance is not currently registered with the LoadBalancer."
		t, ok := b.Targets.Get(id)
		if !ok && !exists(c.Region, id) {
			return nil, unknownInstance(id)
		}
		if ok {
			refreshClassic(c.World, c.Region, b, t)
			state, reason, text = classicHealth(c.Region, b, t)
		}
		out.InstanceStates = append(out.InstanceStates, types1.InstanceState{
			InstanceId: aws.String(id), State: aws.String(state), ReasonCode: aws.String(reason), Description: aws.String(text),
		})
	}
	return out, nil
}

// classicHealth is an instance's state, who is to blame, and why (ELB API reference 2012-06-01, InstanceState).
func classicHealth(r *world.Region, b *world.ClassicBalancer, t *world.ClassicTarget) (state, reason, text string) {
	if !t.DrainUntil.IsZero() {
		return "InService", "N/A", "Instance deregistration currently in progress."
	}
	if reason, text := resting(r, b, t); text != "" {
		return "OutOfService", reason, text
	}
	switch p := t.Probe; {
	case p.State == world.ProbeHealthy:
		return "InService", "N/A", "N/A"
	case p.State != world.ProbeUnhealthy:
		return "OutOfService", "ELB", "Instance registration is still in progress."
	case p.Passing:
		return "OutOfService", "Instance", "Instance has not passed the configured HealthyThreshold number of health checks consecutively."
	default:
		return "OutOfService", "Instance", "Instance has failed at least the UnhealthyThreshold number of health checks consecutively."
	}
}

// toInstances lists the instances behind a load balancer, without those that are leaving.
func toInstances(b *world.ClassicBalancer) []types1.Instance {
	rows := slices.DeleteFunc(slices.Collect(b.Targets.Rows()), func(t *world.ClassicTarget) bool { return !t.DrainUntil.IsZero() })
	out := make([]types1.Instance, len(rows))
	for i, t := range rows {
		out[i] = types1.Instance{InstanceId: aws.String(t.ID)}
	}
	return out
}
