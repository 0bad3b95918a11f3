package fleet

import (
	"time"

	"berth/internal/roll"
)

// phases tells where the time of a roll goes, as its memory has it: for whoever wants to make it shorter.
func (r *run) phases(m roll.Memory) {
	var boot, drain, hold time.Duration
	for _, n := range m.News {
		boot += r.worked[n.ID].Sub(n.At)
	}
	for _, o := range m.Olds {
		drain += o.Emptied.Sub(o.Began)
		hold += r.ended[o.ID].Sub(o.Emptied)
	}
	news, olds := time.Duration(max(1, len(m.News))), time.Duration(max(1, len(m.Olds)))
	r.tb.Logf("launch to work %s, drain %s, hold %s", boot/news, drain/olds, hold/olds)
	mean, slowest := delays(r.trace.Entries, r.census.people, delay*time.Second)
	r.tb.Logf("drawn: %+v, the slowest %+v", mean, slowest)
}

// follow notes when instances work, and when they are given up.
func (r *run) follow(s roll.Snapshot, m roll.Memory) {
	for _, n := range m.News {
		if _, known := r.worked[n.ID]; n.State == roll.Working && !known {
			r.worked[n.ID] = s.At
		}
	}
	for _, o := range m.Olds {
		if _, known := r.ended[o.ID]; o.State == roll.Ending && !known {
			r.ended[o.ID] = s.At
		}
	}
}
