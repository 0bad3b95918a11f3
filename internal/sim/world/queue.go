package world

import (
	"cmp"
	"time"
)

// Kind names what an event does, as "service.noun-verb".
type Kind string

// Event is something that will happen: data, never a closure, so that worlds can be saved, printed and forked.
type Event struct {
	At     time.Time
	Seq    uint64 // orders events of one instant by when they were scheduled
	Kind   Kind
	Region string
	ID     string // the resource it happens to
	Arg    string // a second word where the kind needs one
}

// queue is a 4-ary heap of events by time, then by sequence.
type queue struct {
	Events []Event
	Next   uint64
}

func before(a, b Event) bool {
	if c := a.At.Compare(b.At); c != 0 {
		return c < 0
	}
	return cmp.Less(a.Seq, b.Seq)
}

func (q *queue) push(e Event) {
	e.Seq = q.Next
	q.Next++
	q.Events = append(q.Events, e)
	for i := len(q.Events) - 1; i > 0; {
		parent := (i - 1) / 4
		if !before(q.Events[i], q.Events[parent]) {
			return
		}
		q.Events[i], q.Events[parent] = q.Events[parent], q.Events[i]
		i = parent
	}
}

// pop takes the earliest event that is due at end or before.
func (q *queue) pop(end time.Time) (Event, bool) {
	if len(q.Events) == 0 || q.Events[0].At.After(end) {
		return Event{}, false
	}
	first := q.Events[0]
	last := len(q.Events) - 1
	q.Events[0] = q.Events[last]
	q.Events = q.Events[:last]
	q.sink()
	return first, true
}

func (q *queue) sink() {
	for i := 0; ; {
		least := i
		for c := 4*i + 1; c <= 4*i+4 && c < len(q.Events); c++ {
			if before(q.Events[c], q.Events[least]) {
				least = c
			}
		}
		if least == i {
			return
		}
		q.Events[i], q.Events[least] = q.Events[least], q.Events[i]
		i = least
	}
}

func (q *queue) next() (time.Time, bool) {
	if len(q.Events) == 0 {
		return time.Time{}, false
	}
	return q.Events[0].At, true
}

// Len counts the events that wait.
func (q *queue) Len() int { return len(q.Events) }
