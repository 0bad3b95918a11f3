// Package world is the whole state of the simulated AWS as plain data, and the laws of time that move it.
//
// In: calls of the services (functions over *Call) and events that fall due. Out: changed state, a trace, and
// later events. It imports no service and no SDK type, starts no goroutine and reads no clock: the same seed and
// the same calls give the same world, to the last id.
package world

import (
	"context"
	"time"
)

// Version is the format of a saved world; a file of another version is refused.
const Version = 1

// Account is the one account of the simulated AWS.
const Account = "123456789012"

// Epoch is when every new world begins.
func Epoch() time.Time { return time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC) }

// World is the simulated AWS: everything in it is exported data, so that it can be saved, forked and compared.
// It is not safe for concurrent use; the simulator holds one lock around every call.
type World struct {
	Format   int
	Seed     uint64
	Time     time.Time
	Serial   uint64            // ids made so far
	Counts   map[string]uint64 // how often each die was thrown
	Queue    queue
	Buckets  map[string]Bucket // request rate budgets by service and class
	Tuning   Tuning
	Weather  Weather
	Troubles []Trouble // with calls; the first that fits decides
	Promises []Promise // in the order in which they were made
	Regions  Table[Region]
	IAM      IAM
	S3       S3
	Mailbox  Mailbox
	Outbox   Outbox

	handlers Handlers
	trace    *Trace
	watch    func(*World)
	happened uint64
}

// Handlers maps the kind of an event to what happens when it falls due, in order. Several services may answer one
// kind: what EC2 schedules as "ec2.instance-terminated" moves its group and its cluster too.
type Handlers map[Kind][]func(*World, Event)

// New makes an empty world.
func New(seed uint64) *World {
	return &World{Format: Version, Seed: seed, Time: Epoch(), Counts: map[string]uint64{}, Buckets: map[string]Bucket{}}
}

// Attach gives the world what is not data: the handlers of its events and where its trace goes (nil: nowhere).
func (w *World) Attach(h Handlers, t *Trace) { w.handlers, w.trace = h, t }

// Now is the world's own time.
func (w *World) Now() time.Time { return w.Time }

// Sleep moves the world's time; everything that falls due happens on the way. It makes World a clock.
func (w *World) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.Advance(d)
	return nil
}

// Advance moves time by d (nothing for d ≤ 0) and lets every event that falls due happen in order.
func (w *World) Advance(d time.Duration) {
	if d <= 0 {
		return
	}
	end := w.Time.Add(d)
	w.until(end)
	w.Time = end
}

// Settle lets everything that is due by now happen, and moves no time: what a call did to other services is there
// before its answer is.
func (w *World) Settle() { w.until(w.Time) }

func (w *World) until(end time.Time) {
	for {
		e, ok := w.Queue.pop(end)
		if !ok {
			return
		}
		w.Time = e.At
		w.happen(e)
	}
}

// Schedule lets e happen after d. An event without a handler is a defect of the simulator and panics when due.
func (w *World) Schedule(d time.Duration, e Event) {
	e.At = w.Time.Add(max(d, 0))
	w.Queue.push(e)
}

// NextEvent is when the earliest waiting event falls due, and whether there is one.
func (w *World) NextEvent() (time.Time, bool) { return w.Queue.next() }

// Happened counts the events that have happened since the world was made or loaded.
func (w *World) Happened() uint64 { return w.happened }

func (w *World) happen(e Event) {
	h, ok := w.handlers[e.Kind]
	if !ok {
		panic("world: no handler for event " + string(e.Kind))
	}
	w.happened++
	w.trace.event(e)
	for _, f := range h {
		f(w, e)
	}
	if w.watch != nil {
		w.watch(w)
	}
}

// Region is the state of one region, made on first use.
func (w *World) Region(name string) *Region {
	if r, ok := w.Regions.Get(name); ok {
		return r
	}
	r := &Region{Name: name}
	w.Regions.Put(name, r)
	return r
}

// Region is everything that AWS keeps apart by region. Each service owns one field and the file that declares it.
type Region struct {
	Name        string
	EC2         EC2
	AutoScaling AutoScaling
	Balancing   Balancing
	Traffic     Traffic
	ECS         ECS
	Logs        Logs
	CloudWatch  CloudWatch
	Events      Events
	KMS         KMS
	Secrets     Secrets
	Parameters  Parameters
	SQS         SQS
	SNS         SNS
	Quotas      map[string]int // raised quotas by quota code; absent means AWS's default
}
