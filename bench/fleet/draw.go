package fleet

import (
	"strings"
	"time"

	"berth/internal/sim/world"
)

// delays adds up what a trace drew for each instance and each task, and returns the means and the largest sums. It counts only what
// came while the trace was written: instances that were launched, tasks that were started and tasks that were stopped. A service's
// scheduler is waited for twice, before tasks start and before those that they replace are stopped; a daemon's once.
func delays(entries []world.Entry, daemon func(task string) bool) (mean, slowest Delays) {
	sums := map[string]map[string]time.Duration{}
	add := func(of, subject string, d time.Duration) {
		if sums[of] == nil {
			sums[of] = map[string]time.Duration{}
		}
		sums[of][subject] += d
	}
	for n, e := range entries {
		if e.What != "draw" {
			continue
		}
		switch {
		case drawn(launches, e.Name):
			add("boot", e.Subject, e.For)
		case drawn(starts, e.Name) && daemon(e.Subject):
			add("daemon", e.Subject, e.For)
		case drawn(starts, e.Name):
			add("start", e.Subject, e.For)
		case drawn(stops, e.Name) && !daemon(e.Subject):
			add("stop", e.Subject, e.For)
		case drawn(passes, e.Name), drawn(targets, e.Name):
			add(e.Name, string(rune(n)), e.For)
		}
	}
	mean, slowest = sum(sums, average), sum(sums, longest)
	return mean, slowest
}

func drawn(names, name string) bool { return strings.Contains(" "+names+" ", " "+name+" ") }

// sum puts the delays together.
func sum(sums map[string]map[string]time.Duration, of func(map[string]time.Duration) time.Duration) Delays {
	pass := average(sums[passes]) // of many, which overlap, the slowest one tells nothing
	return Delays{
		Boot: of(sums["boot"]) + pass + of(sums["daemon"]),
		Move: pass + of(sums["start"]) + average(sums[targets]),
		Stop: pass + of(sums["stop"]),
	}
}

func average(all map[string]time.Duration) time.Duration {
	sum := time.Duration(0)
	for _, d := range all { // unordered: added up
		sum += d
	}
	return sum / time.Duration(max(1, len(all)))
}

func longest(all map[string]time.Duration) time.Duration {
	most := time.Duration(0)
	for _, d := range all { // unordered: the largest
		most = max(most, d)
	}
	return most
}
