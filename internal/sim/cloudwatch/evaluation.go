package cloudwatch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"berth/internal/sim/world"
)

// The states of alarms.
const (
	isOK    = "OK"
	isAlarm = "ALARM"
	unknown = "INSUFFICIENT_DATA"
)

// What an alarm makes of a period without data.
const (
	missingMissing      = "missing"
	missingIgnored      = "ignore"
	missingBreaching    = "breaching"
	missingNotBreaching = "notBreaching"
)

// beyond is how many periods before those that count an alarm looks at too, in case some of these have no data (CloudWatch
// user guide, "How CloudWatch alarms evaluate data when data is missing").
const beyond = 2

// point is one period as an alarm sees it.
type point struct {
	at    time.Time
	there bool
	value float64
}

// breaches compares a value with an alarm's threshold.
func breaches(a *world.MetricAlarm, value float64) bool {
	switch a.Comparison {
	case "GreaterThanThreshold":
		return value > a.Threshold
	case "GreaterThanOrEqualToThreshold":
		return value >= a.Threshold
	case "LessThanThreshold":
		return value < a.Threshold
	default:
		return value <= a.Threshold
	}
}

// judge is the state that an alarm has with these points, the newest first. Real points count before missing ones; only where
// there are too few of them the missing ones are taken for what the alarm says (CloudWatch user guide, "How alarm state is
// evaluated when data is missing").
func judge(a *world.MetricAlarm, points []point) string {
	var real []point
	for _, p := range points {
		if p.there && len(real) < a.Periods {
			real = append(real, p)
		}
	}
	breaching := 0
	for _, p := range real {
		if breaches(a, p.value) {
			breaching++
		}
	}
	if breaching >= a.ToAlarm {
		return isAlarm
	}
	if fill := a.Periods - len(real); breaching+fill < a.ToAlarm {
		return isOK
	}
	return judgeMissing(a, points, breaching, len(real))
}

// judgeMissing is the state of an alarm that the missing points decide.
func judgeMissing(a *world.MetricAlarm, points []point, breaching, real int) string {
	switch {
	case a.Missing == missingNotBreaching:
		return isOK
	case a.Missing == missingBreaching:
		return isAlarm
	case a.Missing == missingMissing && real == 0:
		return unknown
	case a.Missing == missingMissing && breaching > 0 && onlyBreachingSince(a, points):
		return isAlarm
	default:
		return a.State
	}
}

// onlyBreachingSince tells whether the oldest breaching point is as old as an alarm needs, and whatever came after it breaches
// or is missing.
func onlyBreachingSince(a *world.MetricAlarm, points []point) bool {
	oldest := -1
	for n, p := range points[:min(a.Periods, len(points))] {
		switch {
		case p.there && !breaches(a, p.value):
			return false
		case p.there:
			oldest = n
		}
	}
	return oldest+1 >= a.ToAlarm
}

// points are the periods that an alarm looks at when one has ended, the newest first.
func points(m *world.Metric, a *world.MetricAlarm, end time.Time) []point {
	out := make([]point, 0, a.Periods+beyond)
	period := time.Duration(a.Period) * time.Second
	for n := range a.Periods + beyond {
		from := end.Add(-time.Duration(n+1) * period)
		p := point{at: from}
		if m != nil {
			if s := summarize(m, a.Unit, from, from.Add(period), end.Add(-time.Nanosecond)); s.count > 0 {
				p.there, p.value = true, s.of(a.Statistic)
			}
		}
		out = append(out, p)
	}
	return out
}

// watch lets an alarm look at the end of the period that is under way.
func watch(w *world.World, r *world.Region, a *world.MetricAlarm) {
	period := time.Duration(a.Period) * time.Second
	next := w.Now().Truncate(period).Add(period)
	if !a.Due.IsZero() && !next.Before(a.Due) {
		return
	}
	a.Due = next
	w.Schedule(next.Sub(w.Now()), world.Event{Kind: "cloudwatch.alarm-evaluate", Region: r.Name, ID: a.Name})
}

// evaluate is an alarm's look at the periods that have ended. It looks again after the next one only if that may show it
// something else.
func evaluate(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	a, ok := r.CloudWatch.Alarms.Get(e.ID)
	if !ok || !w.Now().Equal(a.Due) {
		return // it is gone, or was made anew
	}
	a.Due = time.Time{}
	key, _ := metricKey(a.Namespace, a.Metric, a.Dimensions)
	m, _ := r.CloudWatch.Metrics.Get(key)
	seen := points(m, a, w.Now())
	before, was := a.State, a.Seen
	a.Seen = values(seen[:a.Periods])
	setState(w, r, a, verdict{judge(a, seen), reasonFor(a, seen), reasonData(w, a, seen)})
	if a.State == before && scales(a) && !slices.Equal(a.Seen, was) {
		lasting(w, r, a)
	}
	if !settled(m, a, seen) {
		watch(w, r, a)
	}
}

// values are the values of the points that are there.
func values(seen []point) []float64 {
	var out []float64
	for _, p := range seen {
		if p.there {
			out = append(out, p.value)
		}
	}
	return out
}

// settled tells whether an alarm that looks again and again, while nothing changes, comes to no other state. More and more
// periods with the held value can only bring it to the state that it has with nothing else; without one they bring it to where
// no period has data.
func settled(m *world.Metric, a *world.MetricAlarm, seen []point) bool {
	if m != nil && held(m) != nil {
		h, minutes, final := held(m), float64(a.Period/60), isOK
		if breaches(a, summary{minutes, minutes * h.Sum, h.Min, h.Max}.of(a.Statistic)) {
			final = isAlarm
		}
		return a.State == final && !scales(a) || !h.From.After(seen[len(seen)-1].at)
	}
	later := m != nil && len(m.Spans) > 0 && m.Spans[len(m.Spans)-1].To.After(seen[0].at)
	return !later && !slices.ContainsFunc(seen, func(p point) bool { return p.there })
}

// reasonFor is the sentence about an alarm's state.
func reasonFor(a *world.MetricAlarm, seen []point) string {
	var values []string
	breaching, not := 0, 0
	for _, p := range seen[:a.Periods] {
		if !p.there {
			continue
		}
		values = append(values, fmt.Sprintf("%s (%s)", number(p.value), p.at.Format("02/01/06 15:04:05")))
		if breaches(a, p.value) {
			breaching++
		} else {
			not++
		}
	}
	if len(values) == 0 {
		return fmt.Sprintf("Insufficient Data: %d datapoints were unknown.", a.Periods)
	}
	n, was, verb := breaching, "was", ""
	if breaching < a.ToAlarm {
		n, verb = not, "not "
	}
	if n != 1 {
		was = "were"
	}
	return fmt.Sprintf("Threshold Crossed: %d out of the last %d datapoints [%s] %s %s%s (%s) (minimum %d %s for %s transition).",
		n, a.Periods, strings.Join(values, ", "), was, verb, sentence(a.Comparison), number(a.Threshold), a.ToAlarm, plural(a.ToAlarm), transition(verb))
}

func plural(n int) string {
	if n == 1 {
		return "datapoint"
	}
	return "datapoints"
}

func transition(verb string) string {
	if verb == "" {
		return "OK -> ALARM"
	}
	return "ALARM -> OK"
}

// sentence turns a comparison into words: "greater than the threshold".
func sentence(comparison string) string {
	return map[string]string{
		"GreaterThanThreshold": "greater than the threshold", "GreaterThanOrEqualToThreshold": "greater than or equal to the threshold",
		"LessThanThreshold": "less than the threshold", "LessThanOrEqualToThreshold": "less than or equal to the threshold",
	}[comparison]
}

// number writes a value as CloudWatch's sentences do: with a fraction, always.
func number(v float64) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}
