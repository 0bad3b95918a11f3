package traffic

import (
	"slices"
	"time"

	"berth/internal/sim/world"
)

// current is the spell of a flow that goes on.
func current(f *world.Flow) *world.Spell { return &f.Spells[len(f.Spells)-1] }

// turn ends a flow's spell at a moment and begins another one.
func turn(f *world.Flow, at time.Time, rate int64, paths []world.Path) {
	old := current(f)
	for _, p := range paths {
		total(f, p.Key)
	}
	n, phase := arrived(old, at)
	owed := fresh(old.Paths)
	settle(owed, n)
	inherit(paths, owed)
	next := world.Spell{From: at, Rate: rate, Phase: phase, Paths: paths}
	if n == 0 {
		*old = next
		return
	}
	old.Until = at
	reject(f, old, n)
	f.Spells = append(f.Spells, next)
	prune(f, at)
}

// fresh are the paths of a new spell that deals out as an old one does.
func fresh(paths []world.Path) []world.Path {
	out := slices.Clone(paths)
	for p := range out {
		out[p].Nodes = slices.Clone(out[p].Nodes)
		for n := range out[p].Nodes {
			out[p].Nodes[n].Lanes = slices.Clone(out[p].Nodes[n].Lanes)
			for l := range out[p].Nodes[n].Lanes {
				lane := &out[p].Nodes[n].Lanes[l]
				lane.Died, lane.Cut = false, 0
			}
		}
	}
	return out
}

// reject notes the requests of a spell that has ended which failed as they came.
func reject(f *world.Flow, s *world.Spell, n int64) {
	for _, x := range rejected(s, n) {
		fail(f, x)
	}
}

// rejected are the requests of a spell that failed as they came, by when the first of each lane did.
func rejected(s *world.Spell, n int64) []world.Failure {
	var out []world.Failure
	counts := spread(s, n)
	for i, l := range lanes(s) {
		if l.Outcome != "" && counts[i] > 0 {
			out = append(out, world.Failure{
				From: edge(s, i, 1, n), To: edge(s, i, counts[i], n), Reason: l.Outcome, Count: counts[i], Group: l.group, Target: l.Key,
			})
		}
	}
	slices.SortStableFunc(out, func(a, b world.Failure) int { return a.From.Compare(b.From) })
	return out
}

// cut loses what those programs work on that went away at this moment. The current spell must have begun now.
func cut(f *world.Flow, now time.Time, dead func(group, target string) bool) {
	for n := range f.Spells[:len(f.Spells)-1] {
		s := &f.Spells[n]
		for i, l := range lanes(s) {
			if l.Outcome != "" || l.Died || l.Key == "" || !dead(l.group, l.Key) {
				continue
			}
			all, _ := arrived(s, s.Until)
			l.Died, l.Cut = true, spread(s, all)[i]-done(s, i, l, now)
			if l.Cut > 0 {
				fail(f, world.Failure{From: now, To: now, Reason: Cut, Count: l.Cut, Group: l.group, Target: l.Key})
			}
		}
	}
	prune(f, now)
}

// prune counts the requests of spells that are over and done with, and forgets those spells.
func prune(f *world.Flow, now time.Time) {
	last := len(f.Spells) - 1
	for n := range f.Spells[:last] {
		s := &f.Spells[n]
		if busyUntil(s).After(now) {
			continue
		}
		all, _ := arrived(s, s.Until)
		counts := spread(s, all)
		for i, l := range lanes(s) {
			if l.Outcome == "" {
				total(f, l.group).Served += counts[i] - l.Cut
			}
		}
		s.Rate, s.Paths = 0, nil
	}
	f.Spells = slices.DeleteFunc(f.Spells, func(s world.Spell) bool { return !s.Until.IsZero() && s.Paths == nil })
}

// total finds, or makes, the count of a flow's requests for a target group.
func total(f *world.Flow, group string) *world.FlowTotal {
	n := slices.IndexFunc(f.Totals, func(t world.FlowTotal) bool { return t.Group == group })
	if n < 0 {
		n = len(f.Totals)
		f.Totals = append(f.Totals, world.FlowTotal{Group: group})
	}
	return &f.Totals[n]
}
