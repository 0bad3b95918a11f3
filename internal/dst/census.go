package dst

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"berth/internal/sim/world"
)

// Census counts everything that stands in a world, ours or not, by kind: two worlds in which the same was done have
// the same census, and an orphan shows as one too many.
func (r *Rig) Census() string {
	counts := map[string]int{}
	r.Sim.With(func(w *world.World) {
		b, err := w.Save()
		if err != nil {
			panic(err) // a world is plain data
		}
		var all map[string]any
		if err := json.Unmarshal(b, &all); err != nil {
			panic(err)
		}
		count("", all, counts)
	})
	var lines []string
	for k, n := range counts { // unordered: sorted below
		lines = append(lines, fmt.Sprintf("%s %d", k, n))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// count walks the saved world and counts the rows of its tables by the table's path.
func count(path string, v any, counts map[string]int) {
	switch x := v.(type) {
	case map[string]any:
		for k, e := range x { // unordered: only sums
			if slices.Contains([]string{"Queue", "Counts", "Buckets", "Tokens", "Activities", "Agents", "Metrics", "Families"}, k) {
				continue // records, not resources
			}
			count(path+"."+k, e, counts)
		}
	case []any:
		for _, e := range x {
			row, ok := e.(map[string]any)
			if !ok || row["Key"] == nil || row["Row"] == nil {
				continue
			}
			if dead(row["Row"]) {
				continue
			}
			counts[path]++
			count(path, row["Row"], counts)
		}
	}
}

// dead tells rows that AWS keeps showing for a while after the thing is gone.
func dead(row any) bool {
	m, ok := row.(map[string]any)
	if !ok {
		return false
	}
	for _, k := range []string{"State", "Status"} {
		switch fmt.Sprint(m[k]) {
		case "deleted", "terminated", "INACTIVE", "Deleted", "Terminated":
			return true
		}
	}
	return false
}
