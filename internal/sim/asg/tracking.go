package asg

import (
	"encoding/json"
	"math"
	"slices"
	"time"

	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// trackEvery is how often CloudWatch calls a scaling policy while its alarm stays in ALARM (CloudWatch user guide, "Alarm
// actions").
const trackEvery = time.Minute

// Which of a policy's alarms is which.
const (
	highAlarm = iota
	lowAlarm
)

// putAlarms makes the two alarms of a policy on somebody's own metric: the high one after three minutes, the low one after
// fifteen at nine tenths of the target (Auto Scaling user guide, "Target tracking scaling policies"). Those of a capacity
// provider are at the target itself, the high one after one minute (ECS developer guide, "Managed scaling behavior").
func putAlarms(w *world.World, r *world.Region, g *world.ScalingGroup, p *world.ScalingPolicy) {
	if p.Metric == "" {
		return
	}
	quick, low := 3, 0.9*p.Target
	if p.Managed {
		quick, low = 1, p.Target
	}
	for n, a := range []world.MetricAlarm{
		highAlarm: {Comparison: "GreaterThanThreshold", Threshold: p.Target, Periods: quick},
		lowAlarm:  {Comparison: "LessThanThreshold", Threshold: low, Periods: 15},
	} {
		a.Name, a.Enabled, a.Alarm = p.Alarms[n].Name, true, []string{p.ARN}
		a.Description = "DO NOT EDIT OR DELETE. For TargetTrackingScaling policy " + p.ARN + "."
		a.Namespace, a.Metric, a.Dimensions = p.Namespace, p.Metric, p.Dimensions
		a.Statistic, a.Unit, a.Period, a.ToAlarm = p.Statistic, p.Unit, 60, a.Periods
		cloudwatch.PutAlarm(w, r, &a)
	}
	group{g, w, r}.trackSoon()
}

// alarmChanged lets the policy act that an alarm belongs to.
func alarmChanged(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	for row := range r.AutoScaling.Groups.Rows() {
		for p := range row.Policies.Rows() {
			if slices.ContainsFunc(p.Alarms, func(a world.PolicyAlarm) bool { return a.Name == e.ID }) {
				group{row, w, r}.trackIn(0, p)
			}
		}
	}
}

// Track lets a group's policies act, if an alarm of theirs is in ALARM: what they go by has been measured anew.
func Track(w *world.World, r *world.Region, row *world.ScalingGroup) {
	for p := range row.Policies.Rows() {
		group{row, w, r}.trackIn(0, p)
	}
}

// trackSoon lets a group's policies act when their alarms call them next, at a whole minute: somebody has moved the group or its
// bounds.
func (g group) trackSoon() {
	for p := range g.Policies.Rows() {
		next := trackEvery - g.w.Now().Sub(g.w.Now().Truncate(trackEvery))
		if p.Steps != nil {
			g.actIn(next, p)
		} else {
			g.trackIn(next, p)
		}
	}
}

// trackIn lets a policy act after a while; an earlier time makes a later one needless.
func (g group) trackIn(after time.Duration, p *world.ScalingPolicy) {
	if next := p.Acted.Add(trackEvery); next.After(g.w.Now()) {
		after = max(after, next.Sub(g.w.Now()))
	}
	due := g.w.Now().Add(after)
	if p.Metric == "" || !cloudwatch.Alarming(g.r, []string{p.Alarms[highAlarm].Name, p.Alarms[lowAlarm].Name}) || !p.Due.IsZero() && !due.Before(p.Due) {
		return
	}
	p.Due = due
	g.w.Schedule(after, world.Event{Kind: "asg.policy-track", Region: g.r.Name, ID: g.Name, Arg: p.Name})
}

// track is what a policy does about an alarm. It comes back only if it changed something, or waits for instances to warm up:
// a group at its bound waits for somebody to move the bound.
func track(w *world.World, e world.Event) {
	g, ok := named(w, e.Region, e.ID)
	if !ok {
		return
	}
	p, ok := g.Policies.Get(e.Arg)
	if !ok || !w.Now().Equal(p.Due) {
		return
	}
	p.Due = time.Time{}
	value, ok := cloudwatch.Latest(w, g.r, cloudwatch.Datum{Namespace: p.Namespace, Name: p.Metric, Dimensions: p.Dimensions}, p.Statistic)
	if !ok || p.Disabled || g.Status != "" || g.suspended("AlarmNotification") {
		return
	}
	desired := g.Desired
	switch {
	case cloudwatch.Alarming(g.r, []string{p.Alarms[highAlarm].Name}):
		if desired = g.larger(p, value); desired > g.Desired {
			if wait := g.warming(p); wait > 0 {
				g.trackIn(wait, p)
				return
			}
		}
	case !p.DisableScaleIn && cloudwatch.Alarming(g.r, []string{p.Alarms[lowAlarm].Name}):
		desired = g.smaller(p, value)
	}
	if desired != g.Desired {
		ScaleByPolicy(w, g.r, g.ScalingGroup, p.Name, desired)
		p.Acted = w.Now()
		g.trackIn(trackEvery, p)
	}
}

// larger is the desired capacity that brings a metric down to its target, within the group's bounds. From no instance a
// capacity provider goes to two at first, if there is anything to do (ECS developer guide, "Managed scaling behavior").
func (g group) larger(p *world.ScalingPolicy, value float64) int {
	n := len(g.serving())
	want := proportion(n, value, p.Target)
	switch {
	case n == 0 && !p.Managed:
		want = 1
	case n == 0 && value > 100:
		want = 2
	}
	return max(min(want, g.Max), g.Desired)
}

// smaller is the desired capacity that brings a metric up to its target, within the group's bounds: at least one instance less
// and at most half of them at a time (ECS developer guide, "Managed scaling behavior").
func (g group) smaller(p *world.ScalingPolicy, value float64) int {
	want := proportion(len(g.serving()), value, p.Target)
	want = max(want, g.Desired-max(g.Desired/2, 1), g.Min)
	return min(want, g.Desired)
}

// proportion is how many instances bring the metric of n to its target, rounded up.
func proportion(n int, value, target float64) int {
	const rounding = 1e-6
	return int(math.Ceil(min(float64(n)*value/target, math.MaxInt32) - rounding))
}

// warmup is how long instances warm up for a policy (Auto Scaling user guide, "Set the default instance warmup").
func (g group) warmup(p *world.ScalingPolicy) time.Duration {
	warmup := g.Settings.DefaultInstanceWarmup
	if p.Warmup != nil {
		warmup = p.Warmup
	}
	seconds := g.Settings.DefaultCooldown
	if warmup != nil && *warmup >= 0 {
		seconds = int(*warmup)
	}
	return time.Duration(seconds) * time.Second
}

// warming is how long the youngest instance still warms up. Scaling out waits for it (ECS developer guide, "Managed scaling
// behavior").
func (g group) warming(p *world.ScalingPolicy) time.Duration {
	wait := time.Duration(0)
	for m := range g.Members.Rows() {
		if stays(m) {
			wait = max(wait, m.Launched.Add(g.warmup(p)).Sub(g.w.Now()))
		}
	}
	return wait
}

// changed tells the services above that another number of instances is in service, if a capacity provider goes by it.
func (g group) changed() {
	for p := range g.Policies.Rows() {
		if p.Managed {
			g.w.Schedule(0, world.Event{Kind: "asg.group-changed", Region: g.r.Name, ID: g.Name})
			return
		}
	}
}

// Serving are the members of a group that are in service.
func Serving(r *world.Region, row *world.ScalingGroup) []*world.GroupMember {
	return group{ScalingGroup: row, r: r}.serving()
}

// Drafts are the instances that a group would launch, the preferred first: their type, image and user data, and nothing else.
func Drafts(r *world.Region, row *world.ScalingGroup) []world.Instance {
	var out []world.Instance
	for _, o := range (group{ScalingGroup: row, r: r}).offers() {
		_, v, err := ec2.FindTemplate(r, o.template.ID, "", o.template.Version)
		var data struct {
			InstanceType, UserData string
			ImageID                string `json:"ImageId"`
		}
		if err != nil || json.Unmarshal(v.Data, &data) != nil {
			continue // nothing is launched from it either
		}
		if o.typ != "" {
			data.InstanceType = o.typ
		}
		out = append(out, world.Instance{Type: data.InstanceType, ImageID: data.ImageID, UserData: data.UserData})
	}
	return out
}
