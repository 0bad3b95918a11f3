package sim

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"berth/internal/sim/scenario"
	"berth/internal/sim/world"
)

// largestState is how many bytes a snapshot that is loaded may have.
const largestState = 1 << 30

// control is what a client may ask of the simulation itself, under /_sim/.
func (s *Server) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_sim/advance", s.advance)
	mux.HandleFunc("GET /_sim/time", s.time)
	mux.HandleFunc("POST /_sim/fault", s.fault)
	mux.HandleFunc("GET /_sim/faults", s.faults)
	mux.HandleFunc("GET /_sim/figures", s.figures)
	mux.HandleFunc("GET /_sim/trace", s.trace)
	mux.HandleFunc("GET /_sim/snapshot", s.snapshot)
	mux.HandleFunc("POST /_sim/snapshot", s.load)
	return mux
}

// advance is POST /_sim/advance?by=10m: the world's clock jumps.
func (s *Server) advance(w http.ResponseWriter, r *http.Request) {
	d, err := time.ParseDuration(r.FormValue("by"))
	if err != nil || d <= 0 || d > farthest {
		http.Error(w, `by must be a duration such as "10m", of at most a year`, http.StatusBadRequest)
		return
	}
	s.Sim.advance(d)
	s.time(w, r)
}

// time is GET /_sim/time: what time it is in the world.
func (s *Server) time(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, map[string]time.Time{"time": s.Sim.Now()})
}

// fault is POST /_sim/fault, with a scenario as its body: what it says is done, now or in its time. ?region= names the region
// that it is about.
func (s *Server) fault(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(io.LimitReader(r.Body, scenario.Largest+1))
	if err != nil {
		return // the client is gone
	}
	steps, err := scenario.File("scenario", string(text))
	if err == nil {
		err = s.Sim.Play(r.URL.Query().Get("region"), steps)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.figures(w, r)
}

// faults is GET /_sim/faults: what is wrong in the world now, as sentences.
func (s *Server) faults(w http.ResponseWriter, _ *http.Request) { answerJSON(w, s.Sim.Faults()) }

// figures is GET /_sim/figures: what can be counted in the world by now.
func (s *Server) figures(w http.ResponseWriter, _ *http.Request) { answerJSON(w, s.Sim.Figures()) }

// trace is GET /_sim/trace?last=100: the newest lines of the trace.
func (s *Server) trace(w http.ResponseWriter, r *http.Request) {
	last := 100
	if text := r.FormValue("last"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			http.Error(w, "last must be a number of lines", http.StatusBadRequest)
			return
		}
		last = n
	}
	var text strings.Builder
	s.Sim.traced(func(t *world.Trace) { _ = t.Last(last).Print(&text) }) // a strings.Builder takes everything
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, text.String()) // the client may be gone
}

// snapshot is GET /_sim/snapshot: the whole state.
func (s *Server) snapshot(w http.ResponseWriter, _ *http.Request) {
	state, err := s.Sim.Save()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(state) // the client may be gone
}

// load is POST /_sim/snapshot: the state becomes the one in the body.
func (s *Server) load(w http.ResponseWriter, r *http.Request) {
	state, err := io.ReadAll(io.LimitReader(r.Body, largestState))
	if err != nil {
		return // the client is gone
	}
	if err := s.Sim.Load(state); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.time(w, r)
}

func answerJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}
