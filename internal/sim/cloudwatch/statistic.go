package cloudwatch

import (
	"slices"
	"time"

	"berth/internal/sim/world"
)

// summary is what was measured in some time.
type summary struct{ count, sum, min, max float64 }

// summarize adds up what a metric has in [from, to) by a moment; an empty unit is any. Of a span that goes on by itself the
// minutes count that have begun.
func summarize(m *world.Metric, unit string, from, to, now time.Time) summary {
	var out summary
	for _, s := range m.Spans {
		end := s.To
		if end.IsZero() {
			end = minuteAfter(now)
		}
		begin := s.From
		if begin.Before(from) {
			begin = from
		}
		if end.After(to) {
			end = to
		}
		minutes := float64((end.Sub(begin) + time.Minute - 1) / time.Minute)
		if minutes <= 0 || s.Count == 0 || unit != "" && s.Unit != unit {
			continue
		}
		if out.count == 0 {
			out.min, out.max = s.Min, s.Max
		}
		out.min, out.max = min(out.min, s.Min), max(out.max, s.Max)
		out.count, out.sum = out.count+minutes*s.Count, out.sum+minutes*s.Sum
	}
	return out
}

// of is one statistic of a summary that is not empty.
func (s summary) of(statistic string) float64 {
	switch statistic {
	case "SampleCount":
		return s.count
	case "Sum":
		return s.sum
	case "Minimum":
		return s.min
	case "Maximum":
		return s.max
	default:
		return s.sum / s.count
	}
}

// statistics are those that the simulated CloudWatch knows: all but percentiles.
func statistics() []string {
	return []string{"SampleCount", "Average", "Sum", "Minimum", "Maximum"}
}

// readPeriod checks a period: whole minutes, at most a day.
func readPeriod(seconds *int32, most int32) (time.Duration, error) {
	switch {
	case seconds == nil:
		_, err := required(nil, "Period")
		return 0, err
	case slices.Contains([]int32{1, 5, 10, 20, 30}, *seconds):
		return 0, unsupported("A high-resolution period")
	case *seconds < 60 || *seconds%60 != 0 || *seconds > most:
		return 0, invalid("The parameter Period must be a multiple of 60 between 60 and %d.", most)
	}
	return time.Duration(*seconds) * time.Second, nil
}

// Latest is a statistic of the newest minute in which a metric has data, within the last five.
func Latest(w *world.World, r *world.Region, d Datum, statistic string) (float64, bool) {
	key, _ := metricKey(d.Namespace, d.Name, d.Dimensions)
	m, ok := r.CloudWatch.Metrics.Get(key)
	for at := w.Now().Truncate(time.Minute); ok && w.Now().Sub(at) < 5*time.Minute; at = at.Add(-time.Minute) {
		if s := summarize(m, d.Unit, at, at.Add(time.Minute), w.Now()); s.count > 0 {
			return s.of(statistic), true
		}
	}
	return 0, false
}
