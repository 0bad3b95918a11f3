package dst

import (
	"slices"
	"strings"
	"testing"
)

// TestWatcherThatDiesAnywhereLosesNothing lets a watcher die after each of its calls that had an effect, and before and after each
// delivery, and a new one go on. The moment of a death changes when things are told: an incident that the reference tells may be told
// later, with more in it, or have another id where a look and not an event found it. So what is compared with the reference is the
// causes, each of which must be told of and told to be over; and what whole says must hold of every run by itself.
func TestWatcherThatDiesAnywhereLosesNothing(t *testing.T) {
	t.Parallel()
	p := newPatrol(t)
	unseen := p.Fork(t)
	all := p.moments(t)
	p.whole(t)
	want, keys := p.causes(), p.keys()
	kinds := map[string]int{}
	for _, d := range p.got {
		kinds[d.kind]++
	}
	t.Logf("%d moments, %d deliveries of %v: %v", len(all), len(p.got), kinds, want)
	if len(want) < 3 || kinds["opened"] < 6 || kinds["grown"] == 0 || kinds["resolved"] < 6 {
		t.Errorf("the story is dull: %v of %v", kinds, want)
	}
	stored := 0 // deliveries that the memory knows of
	for i, at := range all {
		if strings.HasSuffix(at.name, "memory.json") {
			stored = len(at.got)
		}
		if !sampled(t, i, len(all), 24) {
			continue
		}
		t.Run(at.name, func(t *testing.T) {
			next := p.fork(t, at)
			next.rest(t)
			next.whole(t)
			if got := next.causes(); !slices.Equal(got, want) {
				t.Errorf("told of %v, want %v; it said %q", got, want, next.talk)
			}
			if got := next.keys(); !slices.Equal(got, keys) {
				t.Errorf("the bucket holds %v, and without a death %v", got, keys)
			}
			if n := next.doubled(); n > len(at.got)-stored {
				t.Errorf("%d messages came twice, and only %d had been taken since the memory was stored", n, len(at.got)-stored)
			}
		})
	}
	for _, r := range []*Rig{unseen, p.Rig} {
		fine(t, r.Destroy(p.file))
		r.Settle()
	}
	if left := p.keys(); len(left) > 0 {
		t.Errorf("destroy leaves %v", left)
	}
	if got, want := p.Census(), unseen.Census(); withoutDefinitions(got) != withoutDefinitions(want) {
		t.Errorf("destroy leaves:\n%s\nand of a cluster that nobody watched:\n%s", got, want)
	}
}

// doubled is how many messages came again to a receiver that had taken them.
func (p *patrol) doubled() (n int) {
	known := map[string]bool{}
	for _, d := range p.got {
		key := d.sink + " " + d.id
		if known[key] {
			n++
		}
		known[key] = true
	}
	return n
}

// withoutDefinitions is a census without what the story itself leaves: revisions of task definitions, which are not the cluster's.
func withoutDefinitions(census string) string {
	lines := strings.Split(census, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, ".Regions.ECS.Definitions") }), "\n")
}
