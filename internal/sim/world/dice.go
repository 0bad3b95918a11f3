package world

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"time"
)

// Dice is a throw that depends on the seed, the die's name and how often that die was thrown before, and on nothing
// else: two worlds that interleave their calls differently still throw the same.
func (w *World) Dice(die string) *rand.Rand {
	n := w.Counts[die]
	w.Counts[die] = n + 1
	return rand.New(rand.NewPCG(w.Seed, hash(die, n)))
}

func hash(s string, n uint64) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // hash.Hash never fails
	_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, n))
	return h.Sum64()
}

// NewID makes an id in AWS's form: the prefix, a dash and 17 hex digits.
func (w *World) NewID(prefix string) string { return prefix + "-" + w.Hex(17) }

// Hex makes n hex digits; from 16 on, no two calls make the same.
func (w *World) Hex(n int) string {
	w.Serial++
	r := rand.New(rand.NewPCG(w.Seed^0x9e3779b97f4a7c15, w.Serial))
	b := make([]byte, (n+1)/2)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return hex.EncodeToString(b)[:n]
}

// Digits makes n decimal digits, the first not 0 (load balancers' names in DNS, deployment ids).
func (w *World) Digits(n int) string {
	w.Serial++
	r := rand.New(rand.NewPCG(w.Seed^0x517cc1b727220a95, w.Serial))
	b := []byte(strconv.Itoa(1 + r.IntN(9)))
	for len(b) < n {
		b = strconv.AppendInt(b, int64(r.IntN(10)), 10)
	}
	return string(b)
}

// UUID makes a random-looking identifier of the form 8-4-4-4-12.
func (w *World) UUID() string { return uuid(w.Hex(32)) }

// RequestID makes the id of a request, a UUID. It has a die of its own: how often somebody only looked must not change
// the ids of what is made.
func (w *World) RequestID() string {
	r := w.Dice("request")
	return uuid(fmt.Sprintf("%016x%016x", r.Uint64(), r.Uint64()))
}

// uuid puts 32 hex digits into the form of a random UUID.
func uuid(h string) string {
	return fmt.Sprintf("%s-%s-4%s-a%s-%s", h[:8], h[8:12], h[13:16], h[17:20], h[20:32])
}

// Span is how long something takes: normally distributed around Mean, never below Floor.
type Span struct{ Mean, Deviation, Floor time.Duration }

// Tuning overrides what the world takes for granted; the zero value changes nothing.
type Tuning struct {
	Spans   map[string]Span // by the name that Draw is given
	NoLimit bool            // no request throttling
	Ties    Ties            // which of the instances that are equally good gets a task
}

// Ties says which of several container instances gets a task, or loses one, when nothing that AWS documents decides.
type Ties string

// What decides; the one that would get a task last loses one first.
const (
	TiesOldest Ties = ""       // TiesOldest is the instance that was registered first; the newest task stops.
	TiesNewest Ties = "newest" // TiesNewest is the instance that was registered last; the oldest task stops.
	TiesDice   Ties = "dice"   // TiesDice throws dice.
)

// Draw throws how long something takes and notes it in the trace as a delay that somebody may be waiting for.
// name is "service.noun-verb"; subject is the resource.
func (w *World) Draw(name, subject string, usual Span) time.Duration {
	if s, ok := w.Tuning.Spans[name]; ok {
		usual = s
	}
	d := usual.Mean + time.Duration(w.Dice(name).NormFloat64()*float64(usual.Deviation))
	d = max(d.Round(time.Millisecond), usual.Floor)
	w.trace.draw(w.Time, name, subject, d)
	return d
}
