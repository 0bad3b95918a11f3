package sim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"berth/internal/clock"
	"berth/internal/sim/access"
)

// Server serves a simulation over HTTP against the wall clock.
type Server struct {
	Sim     *Sim
	Speed   float64        // world seconds per second; 0 counts as 1
	Latency time.Duration  // added to every request, as a network would
	Public  bool           // may listen on addresses other than loopback
	Policy  *access.Policy // what all callers may do; nil: everything
	Log     func(string)   // one line per thing worth knowing; nil: nobody wants to know

	flushEvery time.Duration // 0: usualFlush
}

// How often a served world is written to its folder if it changed, how long the end waits for requests under way, and
// how far the clock may be moved at once.
const (
	usualFlush = time.Second
	patience   = 5 * time.Second
	farthest   = 366 * 24 * time.Hour
)

// Listen opens the address. One that is not loopback is refused unless the server is public: there is no
// authentication.
func (s *Server) Listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); !s.Public && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%s is not a loopback address: anybody who reaches it can change the simulated AWS", address)
	}
	return net.Listen("tcp", address)
}

// Serve answers until ctx ends; then it finishes the requests under way, of which none waits any longer, and writes the state. The world's time runs only
// as long.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	s.Sim.follow(ctx, clock.Scaled(s.Speed))
	s.Sim.reachableAt(l.Addr())
	s.Sim.remindOf(servedTrace)
	server := &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(lines(s.log), "", 0),
	}
	open, ended := context.WithCancel(ctx)
	done, posted := make(chan error, 1), make(chan struct{})
	go func() {
		done <- server.Serve(l)
		ended()
	}()
	go func() {
		s.postUntil(open)
		close(posted)
	}()
	s.flushUntil(open)
	err := s.shutdown(ctx, server)
	if served := <-done; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	<-posted
	s.Sim.halt()
	s.Sim.reachableAt(nil)
	return errors.Join(err, s.Sim.flush())
}

// servedTrace is how many lines of its trace a served world remembers.
const servedTrace = 10_000

// flushUntil writes the state now and then. That it cannot be written is said once, not every second.
func (s *Server) flushUntil(open context.Context) {
	said := ""
	for clock.System().Sleep(open, cmp.Or(s.flushEvery, usualFlush)) == nil {
		text := ""
		if err := s.Sim.flush(); err != nil {
			text = "cannot write the state: " + err.Error()
		}
		if text != "" && text != said {
			s.log(text)
		}
		said = text
	}
}

// shutdown lets the requests under way end, and cuts off those that take too long.
func (s *Server) shutdown(ctx context.Context, server *http.Server) error {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := server.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		s.log("some clients were cut off")
		err = server.Close()
	}
	return err
}

// handler tells control requests, which begin with /_sim/, from those of AWS clients. The latter must not go through a
// ServeMux: it would tidy up paths, and with them the keys of S3 objects.
func (s *Server) handler() http.Handler {
	control := s.control()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.Latency > 0 && clock.System().Sleep(r.Context(), s.Latency) != nil {
			return // the client is gone
		}
		if strings.HasPrefix(r.URL.Path, "/_sim/") { // no bucket's name begins with an underscore
			control.ServeHTTP(w, r)
			return
		}
		s.Sim.serve(w, r, s.Policy)
	})
}

func (s *Server) log(line string) {
	if s.Log != nil {
		s.Log(line)
	}
}

// lines is a function as a writer of lines.
type lines func(string)

// Write passes one line on.
func (f lines) Write(b []byte) (int, error) {
	f(strings.TrimRight(string(b), "\n"))
	return len(b), nil
}
