package sim

import (
	"bytes"
	"io"
	"maps"
	"net/http"

	"berth/internal/sim/access"
	"berth/internal/sim/distribution"
)

// Client is the in-process way to the simulation: an HTTP client for an AWS SDK whose requests never meet a socket.
// A lost request or answer ends as the error that a cut connection gives.
func (s *Sim) Client() *http.Client { return s.Under(nil) }

// Under is a client of somebody who may do what a policy allows; nil: everything. One policy may have several clients.
func (s *Sim) Under(p *access.Policy) *http.Client { return &http.Client{Transport: inProcess{s, p}} }

type inProcess struct {
	sim   *Sim
	guard *access.Policy
}

// RoundTrip answers one request.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	return t.sim.answer(r, t.guard)
}

// answer runs one request from its first byte to the last of its answer.
func (s *Sim) answer(r *http.Request, guard *access.Policy) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if distribution.Asked(r) {
		s.tick()
		return distribution.Answer(s.world, r, guard.Check), nil
	}
	s.cut, s.guard, s.caller = false, guard, r.Context()
	answer, err := s.server.RoundTripper().RoundTrip(r)
	if err == nil && s.cut {
		return nil, io.ErrUnexpectedEOF
	}
	return answer, err
}

// ServeHTTP answers an AWS client over the network, who may do everything.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.serve(w, r, nil) }

// serve answers one who may do what a policy allows. A fault may cut the connection instead, as a broken network does.
func (s *Sim) serve(w http.ResponseWriter, r *http.Request, guard *access.Policy) {
	whole, err := received(r)
	if err != nil {
		http.Error(w, "the body could not be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	answer, err := s.answer(whole, guard)
	if err != nil {
		panic(http.ErrAbortHandler) // net/http's way to drop a connection
	}
	maps.Copy(w.Header(), answer.Header)
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body) // a client that hung up learns nothing more
}

// mostBody is more than any request may weigh, in bytes.
const mostBody = 24 << 20

// received is a request that has arrived: whoever sends slowly holds nobody else up. Of one that is too large the rest is
// not read; its service will refuse it.
func received(r *http.Request) (*http.Request, error) {
	if r.ContentLength > mostBody {
		return r, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, mostBody))
	if err != nil {
		return nil, err
	}
	whole := r.WithContext(r.Context())
	whole.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), r.Body))
	return whole, nil
}
