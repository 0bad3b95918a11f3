package elb

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/elb/probe"
	"berth/internal/sim/world"
)

// Health tells a target's state and reason as DescribeTargetHealth does, brought up to date first; a target that is not
// in the group is "unused" for "Target.NotRegistered".
func Health(w *world.World, r *world.Region, group string, target TargetAddress) (state, reason string) {
	state, reason, _ = HealthText(w, r, group, target)
	return state, reason
}

// HealthText is Health with the description.
func HealthText(w *world.World, r *world.Region, group string, target TargetAddress) (state, reason, text string) {
	if g, ok := r.Balancing.TargetGroups.Get(group); ok {
		if t, ok := g.Targets.Get(probe.Key(target.ID, cmp.Or(target.Port, g.Port))); ok {
			refresh(w, r, g, t)
			return healthOf(w, r, g, t)
		}
	}
	return "unused", "Target.NotRegistered", "Target is not registered to the target group"
}

// DescribeTargetHealth tells the state of all targets of a group, or of those named.
func DescribeTargetHealth(c *world.Call, in *elbv2.DescribeTargetHealthInput) (*elbv2.DescribeTargetHealthOutput, error) {
	g, err := groupBy(c.Region, in.TargetGroupArn)
	if err != nil {
		return nil, err
	}
	rows := slices.Collect(g.Targets.Rows())
	if len(in.Targets) > 0 {
		asked, err := addresses(c.Region, in.TargetGroupArn, in.Targets)
		if err != nil {
			return nil, err
		}
		rows = named(g, asked)
	}
	anomalies := len(in.Include) > 0
	out := &elbv2.DescribeTargetHealthOutput{TargetHealthDescriptions: []types.TargetHealthDescription{}}
	for _, t := range rows {
		if _, registered := g.Targets.Get(probe.Key(t.ID, t.Port)); registered {
			refresh(c.World, c.Region, g, t)
		}
		d := describeTarget(c, g, t)
		if anomalies && speaksHTTP(g.Protocol) {
			d.AnomalyDetection = &types.AnomalyDetection{Result: types.AnomalyResultEnumNormal, MitigationInEffect: types.MitigationInEffectEnumNo}
		}
		out.TargetHealthDescriptions = append(out.TargetHealthDescriptions, d)
	}
	return out, nil
}

// named finds targets by id and port; a port left out means all ports of the id, and unknown ones get a row too.
func named(g *world.TargetGroup, asked []TargetAddress) []*world.Target {
	var out []*world.Target
	for _, a := range asked {
		found := false
		for t := range g.Targets.Rows() {
			if t.ID == a.ID && (a.Port == 0 || t.Port == a.Port) {
				out, found = append(out, t), true
			}
		}
		if !found {
			out = append(out, &world.Target{ID: a.ID, Port: cmp.Or(a.Port, g.Port)})
		}
	}
	return out
}

func describeTarget(c *world.Call, g *world.TargetGroup, t *world.Target) types.TargetHealthDescription {
	state, reason, text := healthOf(c.World, c.Region, g, t)
	out := types.TargetHealthDescription{
		Target:          &types.TargetDescription{Id: aws.String(t.ID), Port: aws.Int32(t.Port)},
		HealthCheckPort: aws.String(strconv.Itoa(int(checkPort(g, t)))),
		TargetHealth:    &types.TargetHealth{State: types.TargetHealthStateEnum(state), Reason: types.TargetHealthReasonEnum(reason)},
		AdministrativeOverride: &types.AdministrativeOverride{
			State: types.TargetAdministrativeOverrideStateEnumNoOverride, Reason: types.TargetAdministrativeOverrideReasonEnumNoOverrideEngaged,
			Description: aws.String("No override is currently active on target"),
		},
	}
	if t.Zone != "" {
		out.Target.AvailabilityZone = aws.String(t.Zone)
	}
	if text != "" {
		out.TargetHealth.Description = aws.String(text)
	}
	return out
}

// healthOf is a target's state, reason and description (ELB API reference 2015-12-01, TargetHealth).
func healthOf(w *world.World, r *world.Region, g *world.TargetGroup, t *world.Target) (state, reason, text string) {
	if _, ok := g.Targets.Get(probe.Key(t.ID, t.Port)); !ok {
		return "unused", "Target.NotRegistered", "Target is not registered to the target group"
	}
	if !t.DrainUntil.IsZero() {
		return "draining", "Target.DeregistrationInProgress", "Target deregistration is in progress"
	}
	if state, reason, text := unused(r, g, t); reason != "" {
		return state, reason, text
	}
	switch p := t.Probe; p.State {
	case world.ProbeHealthy:
		return "healthy", "", ""
	case world.ProbeUnhealthy:
		reason, text := failure(p.Failure)
		return "unhealthy", reason, text
	default:
		if p.Start.After(w.Now()) {
			return "initial", "Elb.RegistrationInProgress", "Target registration is in progress"
		}
		return "initial", "Elb.InitialHealthChecking", "Initial health checks in progress"
	}
}

// failure is the reason of an unhealthy target and its description.
func failure(result string) (reason, text string) {
	reason, code, _ := strings.Cut(result, " ")
	switch reason {
	case probe.Mismatched:
		return reason, "Health checks failed with these codes: [" + code + "]"
	case probe.TimedOut:
		return reason, "Request timed out"
	default:
		return probe.Failed, "Health checks failed"
	}
}

// unused tells why no requests could go to a target; an empty reason says they could.
func unused(r *world.Region, g *world.TargetGroup, t *world.Target) (state, reason, text string) {
	zone := t.Zone
	if i, ok := r.EC2.Instances.Get(t.ID); ok {
		zone = i.Zone
		if i.State == world.InstanceStopped || i.State == world.InstanceTerminated {
			return "unused", "Target.InvalidState", "Target is in the " + i.State + " state"
		}
	} else if g.TargetType == "instance" {
		return "unused", "Target.InvalidState", "Target is in the terminated state"
	}
	lb, ok := r.Balancing.LoadBalancers.Get(g.LoadBalancer)
	if !ok {
		return "unused", "Target.NotInUse", "Target group is not configured to receive traffic from the load balancer"
	}
	if zone != "" && zone != "all" && !inZone(lb.Zones, zone) {
		return "unused", "Target.NotInUse", "Target is in an Availability Zone that is not enabled for the load balancer"
	}
	return "", "", ""
}
