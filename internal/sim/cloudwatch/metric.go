package cloudwatch

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"berth/internal/sim/world"
)

// What is kept of a metric: CloudWatch keeps data of a minute for 15 days (CloudWatch user guide, "Metrics retention"); the
// number of spans bounds a saved world.
const (
	retention = 15 * 24 * time.Hour
	mostSpans = 1440
)

// none is the unit of what has none.
const none = "None"

// Datum says what was measured of a metric at a moment.
type Datum struct {
	Namespace, Name string
	Dimensions      []world.Tag
	Unit            string // empty: None
	At              time.Time
	Value           float64
}

// metricKey is a metric's key in its table, and the order of its dimensions.
func metricKey(namespace, name string, dimensions []world.Tag) (string, []world.Tag) {
	sorted := slices.SortedFunc(slices.Values(dimensions), func(a, b world.Tag) int { return cmp.Compare(a.Key, b.Key) })
	var b strings.Builder
	b.WriteString(namespace + "\n" + name)
	for _, d := range sorted {
		b.WriteString("\n" + d.Key + "\n" + d.Value)
	}
	return b.String(), sorted
}

// find finds a metric, made if need be.
func find(r *world.Region, namespace, name string, dimensions []world.Tag) *world.Metric {
	key, sorted := metricKey(namespace, name, dimensions)
	m, ok := r.CloudWatch.Metrics.Get(key)
	if !ok {
		m = &world.Metric{Namespace: namespace, Name: name, Dimensions: sorted}
		r.CloudWatch.Metrics.Put(key, m)
	}
	return m
}

// Put measures something; a zero At is now.
func Put(w *world.World, r *world.Region, all ...Datum) {
	for _, d := range all {
		if d.At.IsZero() {
			d.At = w.Now()
		}
		add(w, r, d, world.MetricSpan{Unit: cmp.Or(d.Unit, none), Count: 1, Sum: d.Value, Min: d.Value, Max: d.Value})
	}
}

// add enters measurements of one minute, and lets the alarms over them look.
func add(w *world.World, r *world.Region, d Datum, s world.MetricSpan) {
	m := find(r, d.Namespace, d.Name, d.Dimensions)
	s.From = d.At.Truncate(time.Minute)
	s.To = s.From.Add(time.Minute)
	n, found := slices.BinarySearchFunc(m.Spans, s, func(a, b world.MetricSpan) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Unit, b.Unit))
	})
	if found {
		old := &m.Spans[n]
		old.Min, old.Max = min(old.Min, s.Min), max(old.Max, s.Max)
		old.Count, old.Sum = old.Count+s.Count, old.Sum+s.Sum
	} else {
		m.Spans = slices.Insert(m.Spans, n, s)
	}
	measured(w, r, m)
}

// Hold says that from this minute on a metric has one value every minute, until Hold or Release says otherwise. It is for what
// a service publishes every minute: nothing has to happen while the value stays. Of several values in a minute the last counts.
func Hold(w *world.World, r *world.Region, d Datum) {
	m := find(r, d.Namespace, d.Name, d.Dimensions)
	if h := held(m); h != nil && h.Sum == d.Value {
		return
	}
	end(w, m)
	m.Spans = append(m.Spans, world.MetricSpan{
		From: w.Now().Truncate(time.Minute), Unit: cmp.Or(d.Unit, none), Count: 1, Sum: d.Value, Min: d.Value, Max: d.Value,
	})
	measured(w, r, m)
}

// Release ends a value that is held: from the next minute on there is none.
func Release(w *world.World, r *world.Region, d Datum) {
	key, _ := metricKey(d.Namespace, d.Name, d.Dimensions)
	m, ok := r.CloudWatch.Metrics.Get(key)
	if !ok || held(m) == nil {
		return
	}
	held(m).To = minuteAfter(w.Now())
	measured(w, r, m)
}

// held is the span of a metric that goes on by itself, or nil.
func held(m *world.Metric) *world.MetricSpan {
	if n := len(m.Spans); n > 0 && m.Spans[n-1].To.IsZero() {
		return &m.Spans[n-1]
	}
	return nil
}

// end ends the span that goes on before this minute; one that began in it never was.
func end(w *world.World, m *world.Metric) {
	h, minute := held(m), w.Now().Truncate(time.Minute)
	switch n := len(m.Spans); {
	case h != nil && h.From.Before(minute):
		h.To = minute
	case n > 0 && !m.Spans[n-1].From.Before(minute):
		m.Spans = m.Spans[:n-1]
	case n > 0 && m.Spans[n-1].To.After(minute): // released in this minute
		m.Spans[n-1].To = minute
	}
}

func minuteAfter(t time.Time) time.Time { return t.Truncate(time.Minute).Add(time.Minute) }

// measured forgets what is too old and lets the alarms over a metric look.
func measured(w *world.World, r *world.Region, m *world.Metric) {
	m.Last = w.Now()
	oldest := w.Now().Add(-retention)
	m.Spans = slices.DeleteFunc(m.Spans, func(s world.MetricSpan) bool { return !s.To.IsZero() && s.To.Before(oldest) })
	m.Spans = m.Spans[max(len(m.Spans)-mostSpans, 0):]
	for a := range r.CloudWatch.Alarms.Rows() {
		if a.Metric == m.Name && a.Namespace == m.Namespace && slices.Equal(a.Dimensions, m.Dimensions) {
			watch(w, r, a)
		}
	}
}
