package asg

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/step"
	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/world"
)

// Simple and step policies act when an alarm calls them whose owner named them among its actions. CloudWatch calls them once a
// minute while the alarm stays as it is (CloudWatch user guide, "Alarm actions"); here only while that may change the group.

// alarmCalled lets the policies act that an alarm names for its present state. The alarm's history gets what came of its change;
// when it calls again nothing is said twice.
func alarmCalled(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	a, ok := r.CloudWatch.Alarms.Get(e.ID)
	again := e.Kind == cloudwatch.Repeated
	if !ok || !again && a.State != e.Arg {
		return
	}
	for _, arn := range a.Actions() {
		if !strings.HasPrefix(arn, "arn:aws:autoscaling:") {
			continue
		}
		err := invoke(w, r, a, arn)
		if !again {
			cloudwatch.Executed(w, r, a, cloudwatch.Action{ARN: arn, Err: err})
		}
	}
}

// invoke lets a policy act soon. A target tracking policy acts by its own alarms, in its own way.
func invoke(w *world.World, r *world.Region, a *world.MetricAlarm, arn string) error {
	for row := range r.AutoScaling.Groups.Rows() {
		for p := range row.Policies.Rows() {
			own := slices.ContainsFunc(p.Alarms, func(x world.PolicyAlarm) bool { return x.Name == a.Name })
			switch {
			case p.ARN != arn:
			case p.Steps != nil:
				group{row, w, r}.actIn(0, p)
				return nil
			case own:
				return nil
			default:
				return invalid("Policies of the type TargetTrackingScaling cannot be executed: %s", p.Name)
			}
		}
	}
	return invalid("Scaling policy not found: %s", arn)
}

// actIn lets a simple or step policy act after a while, and not twice within a minute; an earlier time makes a later one needless.
func (g group) actIn(after time.Duration, p *world.ScalingPolicy) {
	if next := p.Acted.Add(trackEvery); next.After(g.w.Now()) {
		after = max(after, next.Sub(g.w.Now()))
	}
	due := g.w.Now().Add(after)
	if g.caller(p) == nil || !p.Due.IsZero() && !due.Before(p.Due) {
		return
	}
	p.Due = due
	g.w.Schedule(after, world.Event{Kind: "asg.policy-act", Region: g.r.Name, ID: g.Name, Arg: p.Name})
}

// caller is the alarm whose present state calls a policy, nil if none does.
func (g group) caller(p *world.ScalingPolicy) *world.MetricAlarm {
	for a := range g.r.CloudWatch.Alarms.Rows() {
		if slices.Contains(a.Actions(), p.ARN) {
			return a
		}
	}
	return nil
}

// act is what a simple or step policy does about the alarm that calls it. It comes back only if it changed something or waits
// for something that is under way.
func act(w *world.World, e world.Event) {
	g, ok := named(w, e.Region, e.ID)
	if !ok {
		return
	}
	p, ok := g.Policies.Get(e.Arg)
	if !ok || !w.Now().Equal(p.Due) {
		return
	}
	p.Due = time.Time{}
	a := g.caller(p)
	if a == nil || p.Disabled || g.Status != "" || g.suspended("AlarmNotification") {
		return
	}
	desired, wait := g.answer(p, a)
	if desired = min(max(desired, g.Min), g.Max); desired != g.Desired {
		g.requested("a monitor alarm %s in state %s triggered policy %s changing the desired capacity from %d to %d", a.Name, a.State, p.Name, g.Desired, desired)
		g.Desired, g.DesiredBy = desired, p.Name
		g.soon()
		p.Acted, wait = w.Now(), trackEvery
	}
	if wait > 0 {
		g.actIn(wait, p)
	}
}

// answer is the desired capacity that a policy wants, or that it has and how long the policy waits.
func (g group) answer(p *world.ScalingPolicy, a *world.MetricAlarm) (desired int, wait time.Duration) {
	if p.Type == step.Stepping {
		if by := step.Of(p, a); by != nil {
			return g.stepped(p, int(*by))
		}
		return g.Desired, 0
	}
	if wait := g.cooling(p); wait > 0 {
		return g.Desired, wait
	}
	return step.Adjusted(g.Desired, int(*p.Steps.By), p.Steps), 0
}

// stepped is the desired capacity after a step. Growing starts from what has warmed up, so that what is on its way counts for
// the step; shrinking starts from what is not gone yet, and waits for what comes (Auto Scaling user guide, "Step and simple
// scaling policies", Considerations).
func (g group) stepped(p *world.ScalingPolicy, by int) (desired int, wait time.Duration) {
	warm, leaving, launching := 0, 0, false
	for m := range g.Members.Rows() {
		switch {
		case !stays(m):
			leaving += m.Weight
		case m.State != string(types.LifecycleStateInService):
			launching = true
		case !m.Launched.Add(g.warmup(p)).After(g.w.Now()):
			warm += m.Weight
		}
	}
	if grown := step.Adjusted(g.Desired, by, p.Steps); grown > g.Desired {
		return max(step.Adjusted(min(warm, g.Desired), by, p.Steps), g.Desired), g.warming(p)
	}
	if launching {
		return g.Desired, trackEvery
	}
	if leaving > 0 {
		wait = trackEvery
	}
	return min(step.Adjusted(g.Desired+leaving, by, p.Steps), g.Desired), wait
}

// cooling is how long a simple policy still has to wait: for an activity that is under way, and for the cooldown after it.
func (g group) cooling(p *world.ScalingPolicy) time.Duration {
	cooldown := time.Duration(g.Settings.DefaultCooldown) * time.Second
	if p.Steps.Cooldown != nil {
		cooldown = time.Duration(*p.Steps.Cooldown) * time.Second
	}
	switch _, busy := g.busy(); {
	case busy:
		return trackEvery
	case g.LastActivity.IsZero():
		return 0
	default:
		return g.LastActivity.Add(cooldown).Sub(g.w.Now())
	}
}
