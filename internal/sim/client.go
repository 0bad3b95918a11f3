package sim

import (
	"io"
	"net/http"
)

// Client is the in-process way to the simulation: an HTTP client for an AWS SDK whose requests never meet a socket.
// A lost request or answer ends as the error that a cut connection gives.
func (s *Sim) Client() *http.Client { return &http.Client{Transport: inProcess{s}} }

type inProcess struct{ sim *Sim }

// RoundTrip answers one request.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.sim.server.RoundTripper().RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if t.sim.cut(answer.Header.Get("X-Amzn-Requestid")) {
		return nil, io.ErrUnexpectedEOF
	}
	return answer, nil
}
