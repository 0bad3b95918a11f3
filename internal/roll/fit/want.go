package fit

import (
	"strings"

	"berth/internal/live"
	"berth/internal/placement"
)

// key names what a task wants: its definition, and of a service's its settings.
type key struct{ definition, group string }

// want is what tasks want, prepared to be asked of many instances.
type want struct {
	demand placement.Demand
	known  bool
	judge  *placement.Judge
	alike  bool
	suits  []verdict                  // by kind, or by seat where those of one kind are not alike
	lacks  map[int32][]placement.Lack // of those that do not suit
	ranks  []rank
}

type verdict int8

const (
	unasked verdict = iota
	yes
	no
)

// rank is a strategy: the least of what it goes by comes first.
type rank struct {
	by   by
	name string           // of the attribute
	keys map[string]int32 // numbers of its values
	of   []int32          // number of the value, by kind
}

type by int8

const (
	byValue by = iota
	byPeers
	byCPU
	byMemory
)

func (b *Board) want(t *live.Task) *want {
	k := key{t.Definition, t.Group}
	if w := b.wants[k]; w != nil {
		return w
	}
	w := &want{}
	if w.demand, w.known = b.need(*t); w.known {
		w.judge = placement.NewJudge(w.demand, placement.Site{})
		w.alike = w.judge.Alike()
		all, _ := w.demand.Strategies()
		for _, s := range all {
			w.rank(s)
		}
	}
	b.wants[k] = w
	return w
}

// rank adds a strategy. What is random decides nothing.
func (w *want) rank(s placement.Strategy) {
	switch {
	case s.Type == "random":
	case s.Type == "binpack" && s.Field == "cpu":
		w.ranks = append(w.ranks, rank{by: byCPU})
	case s.Type == "binpack":
		w.ranks = append(w.ranks, rank{by: byMemory})
	case s.Field == "instanceId" || s.Field == "host":
		w.ranks = append(w.ranks, rank{by: byPeers})
	default:
		w.ranks = append(w.ranks, rank{by: byValue, name: strings.TrimPrefix(s.Field, "attribute:"), keys: map[string]int32{}})
	}
}

// value is the number of what a kind has of the attribute that a strategy spreads over.
func (r *rank) value(all []*live.Instance, kind int32) int32 {
	for n := len(r.of); n <= int(kind); n++ {
		value, has := all[n].Attributes[r.name]
		switch {
		case r.name == "ecs.availability-zone" && all[n].Zone != "":
			value = all[n].Zone
		case !has:
			value = "\x00" // all that have none are one
		}
		number, known := r.keys[value]
		if !known {
			number = int32(len(r.keys))
			r.keys[value] = number
		}
		r.of = append(r.of, number)
	}
	return r.of[kind]
}

// suitable tells whether a seat lacks nothing that lasts.
func (w *want) suitable(b *Board, n int32) bool {
	at := w.class(b, n)
	for len(w.suits) <= int(at) {
		w.suits = append(w.suits, unasked)
	}
	if w.suits[at] == unasked {
		w.suits[at] = yes
		if lacks := w.judge.Lasting(&b.instances[n]); len(lacks) > 0 {
			w.suits[at] = no
			if w.lacks == nil {
				w.lacks = map[int32][]placement.Lack{}
			}
			w.lacks[at] = lacks
		}
	}
	return w.suits[at] == yes
}

// class is the number under which an answer about a seat is kept.
func (w *want) class(b *Board, n int32) int32 {
	if w.alike {
		return b.seats[n].kind
	}
	return n
}

// lasting is what a seat lacks for good.
func (w *want) lasting(b *Board, n int32) []placement.Lack {
	if w.suitable(b, n) {
		return nil
	}
	return w.lacks[w.class(b, n)]
}
