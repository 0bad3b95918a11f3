package wire

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// RoundTripper returns a transport that hands a client's requests straight to the server: no socket, no goroutine, and so no
// order but the caller's.
func (s *Server[C]) RoundTripper() http.RoundTripper { return transport[C]{s} }

// transport is the in-process way to a server.
type transport[C any] struct{ server *Server[C] }

// RoundTrip answers one request; it fails only when the request's context is over.
func (t transport[C]) RoundTrip(r *http.Request) (*http.Response, error) {
	defer closeBody(r.Body)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	if in.Header == nil {
		in.Header = http.Header{}
	}
	rec := &recorder{header: http.Header{}}
	t.server.ServeHTTP(rec, in)
	if t.server.Date != nil {
		rec.header.Set("Date", t.server.Date().UTC().Format(http.TimeFormat))
	}
	return rec.response(r), nil
}

// recorder keeps an answer in memory.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is part of http.ResponseWriter.
func (w *recorder) Header() http.Header { return w.header }

// WriteHeader is part of http.ResponseWriter.
func (w *recorder) WriteHeader(status int) { w.status = status }

// Write is part of http.ResponseWriter.
func (w *recorder) Write(b []byte) (int, error) { return w.body.Write(b) }

// response is the answer as net/http's client would hand it out.
func (w *recorder) response(r *http.Request) *http.Response {
	length := int64(w.body.Len())
	if r.Method == http.MethodHead {
		length = -1
		if n, err := strconv.ParseInt(w.header.Get("Content-Length"), 10, 64); err == nil {
			length = n
		}
	}
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)),
		StatusCode:    w.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        w.header,
		Body:          io.NopCloser(bytes.NewReader(w.body.Bytes())),
		ContentLength: length,
		Request:       r,
	}
}

// closeBody keeps RoundTripper's promise.
func closeBody(body io.Closer) {
	if body != nil {
		_ = body.Close() // nobody could do anything about it
	}
}
