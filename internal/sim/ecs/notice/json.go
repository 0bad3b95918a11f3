package notice

import (
	"encoding/json"
	"strings"
	"time"
)

// detail is a value of the API as events have it: names begin with a small letter, what is not set is left out, and times are
// in ISO 8601 with milliseconds.
func detail(v any) map[string]any {
	b, err := json.Marshal(v)
	if err != nil {
		panic("notice: an answer has no JSON: " + err.Error()) // answers are plain structs
	}
	var fields any
	_ = json.Unmarshal(b, &fields) // it was made a line above
	out, _ := small(fields).(map[string]any)
	return out
}

// small rewrites a value, and all below it.
func small(v any) any {
	switch x := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(x))
		for name, value := range x { // unordered: into a map
			if value = small(value); value != nil && value != "" {
				out[strings.ToLower(name[:1])+name[1:]] = value
			}
		}
		return out
	case []any:
		for i := range x {
			x[i] = small(x[i])
		}
		return x
	case string:
		if at, err := time.Parse(time.RFC3339Nano, x); err == nil {
			return stamp(at)
		}
	}
	return v
}

func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
