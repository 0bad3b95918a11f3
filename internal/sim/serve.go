package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"berth/internal/clock"
	"berth/internal/sim/world"
)

// Server serves a simulation over HTTP against the wall clock.
type Server struct {
	Sim     *Sim
	Speed   float64       // world seconds per second; 0 counts as 1
	Latency time.Duration // added to every request, as a network would
	Public  bool          // may listen on addresses other than loopback
	Log     func(string)  // one line per thing worth knowing
}

// flushEvery is how often a served world is written to its folder, if it changed.
const flushEvery = time.Second

// Listen opens the address. One that is not loopback is refused unless the server is public: there is no
// authentication.
func (s *Server) Listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); !s.Public && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%s is not a loopback address: anybody who reaches it can change the simulated AWS", host)
	}
	return net.Listen("tcp", address)
}

// Serve answers until ctx ends; then it finishes the requests under way and writes the state.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	wall := clock.Scaled(s.Speed)
	s.Sim.follow(wall)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_sim/advance", s.advance)
	mux.HandleFunc("GET /_sim/time", s.time)
	mux.Handle("/", s.slow(s.Sim))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	for {
		err := clock.System().Sleep(ctx, flushEvery)
		if err != nil {
			return s.shutdown(ctx, server, done)
		}
		if err := s.flush(); err != nil {
			s.Log("cannot write the state: " + err.Error())
		}
		select {
		case err := <-done:
			return err
		default:
		}
	}
}

func (s *Server) shutdown(ctx context.Context, server *http.Server, done chan error) error {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := server.Shutdown(last)
	if served := <-done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, s.flush())
}

// flush copies the world under the lock and writes it outside.
func (s *Server) flush() error {
	s.Sim.mu.Lock()
	write, dirty := s.Sim.written, s.Sim.dirty
	var state []byte
	var err error
	if dirty && write != nil {
		state, err = s.Sim.world.Save()
		s.Sim.dirty = false
	}
	s.Sim.mu.Unlock()
	if state == nil {
		return err
	}
	return write(state)
}

// slow adds the latency before the request is looked at.
func (s *Server) slow(next http.Handler) http.Handler {
	if s.Latency <= 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := clock.System().Sleep(r.Context(), s.Latency); err != nil {
			return
		}
		next.ServeHTTP(w, r)
	})
}

// advance is POST /_sim/advance?by=10m: the world's clock jumps.
func (s *Server) advance(w http.ResponseWriter, r *http.Request) {
	d, err := time.ParseDuration(r.FormValue("by"))
	if err != nil || d <= 0 {
		http.Error(w, `by must be a duration such as "10m"`, http.StatusBadRequest)
		return
	}
	s.Sim.jump(d)
	s.time(w, r)
}

// time is GET /_sim/time: what time it is in the world.
func (s *Server) time(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]time.Time{"time": s.Sim.Now()}) // the client may be gone
}

// follow makes the world's time run with a clock from now on: every call first lets happen what fell due.
func (s *Sim) follow(c clock.Clock) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.written, s.saved = s.saved, nil
	start, epoch := c.Now(), s.world.Now()
	s.catchUp = func(w *world.World) {
		due := epoch.Add(c.Now().Sub(start)).Add(s.jumped)
		if d := due.Sub(w.Now()); d > 0 {
			w.Advance(d)
			s.dirty = true
		}
	}
}

func (s *Sim) jump(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.jumped += d
	s.tick()
}

// tick brings a world that follows a clock up to date.
func (s *Sim) tick() {
	if s.catchUp != nil {
		s.catchUp(s.world)
	}
}
