package cloud

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// copying hands a copy of the body to the transport below. The SDK closes a request's body as soon as the answer's
// headers arrive; net/http, still looking for the body's end, takes that for a failure and cuts the answer off: about
// one call in 1,600 over a fast network.
type copying struct{ next http.RoundTripper }

// RoundTrip sends one request.
func (t copying) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return t.next.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil {
		return nil, err
	}
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	copied.ContentLength = int64(len(body))
	return t.next.RoundTrip(copied)
}
