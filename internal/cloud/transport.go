package cloud

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// copying hands a copy of the body to the client below. The SDK closes a request's body as soon as the answer's
// headers arrive; net/http, still looking for the body's end, takes that for a failure and cuts the answer off: about
// one call in 1,600 over a fast network. With a copy net/http can also send a request anew by itself when a kept
// connection turns out to be closed before anything was written to it.
type copying struct{ next aws.HTTPClient }

// Do sends one request.
func (c copying) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return c.next.Do(r)
	}
	body, err := io.ReadAll(r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil {
		return nil, err
	}
	copied := r.Clone(r.Context())
	copied.ContentLength = int64(len(body))
	copied.GetBody = func() (io.ReadCloser, error) {
		if len(body) == 0 {
			return http.NoBody, nil // anything else of length 0 counts as of unknown length
		}
		return io.NopCloser(bytes.NewReader(body)), nil
	}
	copied.Body, _ = copied.GetBody() // never fails
	return c.next.Do(copied)
}

// whole reads an answer that is an error to its end before the SDK does. When the connection breaks off in the midst of
// it nobody knows what AWS meant, and that is an error of the network, not an answer.
type whole struct{ next aws.HTTPClient }

// Do sends one request.
func (w whole) Do(r *http.Request) (*http.Response, error) {
	answer, err := w.next.Do(r)
	if err != nil || answer.StatusCode < http.StatusMultipleChoices || answer.Body == nil {
		return answer, err
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, longest))
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return answer, nil
}

// longest is how many bytes an error may have; AWS's have some kilobytes.
const longest = 1 << 20
