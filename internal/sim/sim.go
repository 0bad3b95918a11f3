// Package sim is the embedded AWS: one world, its services behind AWS's own wire protocols, its clock, its faults.
//
// In: HTTP requests as AWS clients send them, and time. Out: answers as AWS gives them. It knows nothing of the tool
// that uses it and imports nothing of it but clock; every AWS client in any language can be pointed at it.
package sim

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"sync"
	"time"

	"berth/internal/clock"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// DefaultRegion is the region of requests that do not say one.
const DefaultRegion = "us-east-1"

// Sim is a running simulation. It is safe for concurrent use: one lock around every call.
type Sim struct {
	mu     sync.Mutex
	world  *world.World
	server *wire.Server[*world.Call]
	trace  *world.Trace
	past   []snapshot // what stale reads are answered from; kept only while the weather is stale
	lost   map[string]bool
	dirty  bool

	saved   func([]byte) error // where the state goes after every batch of writes; nil: nowhere
	written func([]byte) error // the same while the simulation is served, when it is written now and then
	catchUp func(*world.World) // lets happen what fell due by the clock that is followed; nil: time is virtual
	jumped  time.Duration      // how far the world is ahead of that clock
}

// New makes a simulation of a world. Its trace is nil until Record is called.
func New(w *world.World) *Sim {
	s := &Sim{world: w, lost: map[string]bool{}}
	s.server = wire.NewServer(Services(), s.call, s.requestID)
	s.server.Date = clock.System().Now
	w.Attach(handlers(), nil)
	return s
}

// Record starts a trace from here on and returns it.
func (s *Sim) Record() *world.Trace {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trace = &world.Trace{}
	s.world.Attach(handlers(), s.trace)
	return s.trace
}

// With runs f on the world while no call is under way.
func (s *Sim) With(f func(*world.World)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s.world)
	s.dirty = true
}

// Fork makes an independent simulation that starts where this one stands.
func (s *Sim) Fork() (*Sim, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.world.Fork()
	if err != nil {
		return nil, err
	}
	return New(w), nil
}

// Now is the world's time.
func (s *Sim) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	return s.world.Now()
}

// Sleep moves the world's time; it makes the simulation a clock.
func (s *Sim) Sleep(ctx context.Context, d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.save()
	s.dirty = true
	return errors.Join(err, s.world.Sleep(ctx, d))
}

func (s *Sim) requestID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.UUID()
}

// ServeHTTP answers an AWS client. A fault may cut the connection instead, as a broken network does.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.server.ServeHTTP(w, r)
	if s.cut(w.Header().Get("X-Amzn-Requestid")) {
		panic(http.ErrAbortHandler) // net/http's way to drop a connection
	}
}

// cut tells whether the answer with that request id must not arrive.
func (s *Sim) cut(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	cut := s.lost[id]
	delete(s.lost, id)
	return cut
}

// call runs one decoded operation under the lock.
func (s *Sim) call(env wire.Envelope, in any, run func(*world.Call) (any, error)) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	c := s.begin(env)
	fault := s.world.Weather.Throw(s.world, env.Service, env.Operation)
	if err := refuse(fault, env); err != nil {
		if fault == world.LoseRequest {
			s.lost[env.RequestID] = true
		}
		return nil, s.note(env, in, err)
	}
	if err := limit(s.world, env); err != nil {
		return nil, s.note(env, in, err)
	}
	if fault == world.StaleRead {
		if old := s.old(); old != nil {
			c.World, c.Region = old, old.Region(c.Region.Name)
		}
	}
	if world.Reads(env.Operation) {
		if err := s.save(); err != nil {
			return nil, err
		}
	} else {
		s.remember()
		s.dirty = true
	}
	out, err := run(c)
	if fault == world.LoseAnswer {
		s.lost[env.RequestID] = true
	}
	return out, s.note(env, in, err)
}

func (s *Sim) begin(env wire.Envelope) *world.Call {
	region := env.Region
	if region == "" {
		region = DefaultRegion
	}
	return &world.Call{
		World: s.world, Region: s.world.Region(region), Service: env.Service, Operation: env.Operation,
		RequestID: env.RequestID,
	}
}

// note writes the call into the trace: what came in decoded, what it was refused with; no ids of requests.
func (s *Sim) note(env wire.Envelope, in any, err error) error {
	if s.trace == nil {
		return err
	}
	code := ""
	if own, ok := errors.AsType[*wire.Error](err); ok {
		code = own.Code
	} else if err != nil {
		code = "InternalFailure"
	}
	s.trace.Call(s.world.Now(), env.Service+"."+env.Operation, inputText(in), code)
	return err
}

// inputText is an input as JSON; bodies that stream are left out.
func inputText(in any) string {
	if body := reflect.ValueOf(in).Elem().FieldByName("Body"); body.IsValid() {
		return ""
	}
	b, err := json.Marshal(in)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
