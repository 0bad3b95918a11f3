package world

import (
	"fmt"
	"io"
	"time"
)

// Entry is one line of a trace: a call, an event or a drawn delay.
type Entry struct {
	At      time.Time
	What    string // "call", "event" or "draw"
	Name    string // service.Operation, the event's kind, or the delay's name
	Subject string
	Detail  string        // the decoded input, or the error's code
	For     time.Duration // draws only
}

// Trace collects what happened, in order. A nil Trace collects nothing.
type Trace struct {
	Entries []Entry
	Most    int // so many of the newest entries are kept, for a while up to twice as many; 0: all
}

func (t *Trace) add(e Entry) {
	if t == nil {
		return
	}
	t.Entries = append(t.Entries, e)
	if t.Most > 0 && len(t.Entries) >= 2*t.Most {
		t.Entries = append(t.Entries[:0], t.Entries[t.Most:]...)
	}
}

// Last is the end of a trace: its n newest entries, fewer if there are not so many.
func (t *Trace) Last(n int) *Trace {
	if t == nil {
		return nil
	}
	return &Trace{Entries: t.Entries[max(len(t.Entries)-n, 0):]}
}

func (t *Trace) event(e Event) {
	t.add(Entry{At: e.At, What: "event", Name: string(e.Kind), Subject: e.ID, Detail: e.Arg})
}

func (t *Trace) draw(at time.Time, name, subject string, d time.Duration) {
	t.add(Entry{At: at, What: "draw", Name: name, Subject: subject, For: d})
}

// Call notes one operation with its decoded input and, if it was refused, the code.
func (t *Trace) Call(at time.Time, op, input, code string) {
	t.add(Entry{At: at, What: "call", Name: op, Subject: code, Detail: input})
}

// Print writes the trace as text, one entry a line; a nil Trace is empty.
func (t *Trace) Print(out io.Writer) error {
	if t == nil {
		return nil
	}
	for _, e := range t.Entries {
		if _, err := fmt.Fprintf(out, "%s %-5s %s %s %s %v\n", e.At.Format(time.RFC3339Nano), e.What, e.Name, e.Subject, e.Detail, e.For); err != nil {
			return err
		}
	}
	return nil
}
