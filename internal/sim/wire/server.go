package wire

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/traits"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// What a request's body may weigh at most.
const (
	maxBody   = 10 << 20
	maxObject = 20 << 20
)

// Server answers AWS requests; it is an http.Handler and safe for concurrent use.
type Server[C any] struct {
	// Date tells the real time for the Date header of in-process answers (net/http sets its own); nil leaves the header out,
	// which the SDK takes as "no clock skew". Never the virtual time: the SDK would correct its clock by it.
	Date func() time.Time

	// Host is the name clients reach the server by, without a port: S3 buckets may stand before it ("bucket.HOST"). AWS's own
	// names and localhost need no telling.
	Host string

	targets       map[string]*endpoint[C] // JSON services by X-Amz-Target prefix
	paths         map[string]*endpoint[C] // CBOR services by their name in the path
	versions      map[string]*endpoint[C] // query services by Version
	s3            *endpoint[C]
	s3Routes      []s3Route
	call          Caller[C]
	nextRequestID func() string
	codec         *codec
}

// endpoint is a service in one of its framings, with what is computed from it once.
type endpoint[C any] struct {
	Service[C]                           // Protocol, Route and XMLNS are those of the framing
	schemas    smithyhttp.ClientProtocol // of JSON and CBOR
	compatible bool                      // it was a query service once, and says so in its refusals
}

// NewServer makes a server of these services. nextRequestID is called once per request, concurrently if requests are.
func NewServer[C any](services []Service[C], call Caller[C], nextRequestID func() string) *Server[C] {
	s := &Server[C]{
		targets:       map[string]*endpoint[C]{},
		paths:         map[string]*endpoint[C]{},
		versions:      map[string]*endpoint[C]{},
		call:          call,
		nextRequestID: nextRequestID,
		codec:         newCodec(),
	}
	for _, svc := range services {
		for _, f := range append([]Framing{{svc.Protocol, svc.Route, svc.XMLNS}}, svc.Also...) {
			framed := svc
			framed.Protocol, framed.Route, framed.XMLNS = f.Protocol, f.Route, f.XMLNS
			s.add(&endpoint[C]{Service: framed})
		}
	}
	return s
}

// add makes an endpoint reachable.
func (s *Server[C]) add(e *endpoint[C]) {
	if e.Schema != nil {
		e.schemas = schemaProtocol(e.Protocol, e.Schema)
		_, e.compatible = smithy.SchemaTrait[*traits.AWSQueryCompatible](e.Schema.Schema)
	}
	switch e.Protocol {
	case EC2Query, Query:
		s.versions[e.Route] = e
	case JSON10, JSON11:
		s.targets[e.Route] = e
	case CBOR:
		s.paths[e.Route] = e
	case RestXML:
		s.s3, s.s3Routes = e, s3Routes()
	}
}

// With makes a server of the same services for another caller. The two share what is compiled from the services' types, and
// nothing else.
func (s *Server[C]) With(call Caller[C], nextRequestID func() string) *Server[C] {
	other := *s
	other.call, other.nextRequestID = call, nextRequestID
	return &other
}

// ServeHTTP answers one request, whatever it is.
func (s *Server[C]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	env := Envelope{RequestID: s.nextRequestID()}
	env.AccessKey, env.Region = scope(r)
	w.Header().Set("X-Amzn-Requestid", env.RequestID)
	s.answer(env, r).send(w, r.Method)
}

// answer routes: Smithy's protocol header, X-Amz-Target, then the form's Version, else S3. The host says nothing: one port serves
// everything.
func (s *Server[C]) answer(env Envelope, r *http.Request) *answer {
	switch {
	case r.Header.Get(smithyProtocol) != "":
		return s.serveCBOR(env, r)
	case r.Header.Get("X-Amz-Target") != "":
		return s.serveJSON(env, r)
	case isForm(r):
		return s.serveQuery(env, r)
	default:
		return s.serveS3(env, r)
	}
}

// isForm tells a query request: a form in the body, or an Action in a GET's URL.
func isForm(r *http.Request) bool {
	switch r.Method {
	case http.MethodPost:
		return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	case http.MethodGet:
		return strings.TrimPrefix(r.URL.Path, "/") == "" && strings.Contains(r.URL.RawQuery, "Action=")
	}
	return false
}

// run calls an operation through the Caller and makes sure that its output has the operation's type.
func (s *Server[C]) run(env Envelope, op Operation[C], in any) (any, error) {
	out, err := s.call(env, in, func(c C) (any, error) { return op.Run(c, in) })
	if err != nil {
		return nil, err
	}
	if out == nil {
		return reflect.New(op.Out).Interface(), nil
	}
	if t := reflect.TypeOf(out); t.Kind() != reflect.Pointer || t.Elem() != op.Out || reflect.ValueOf(out).IsNil() {
		return nil, fmt.Errorf("%s answered with a %T", env.Operation, out)
	}
	return out, nil
}

// readMessage reads the body of a request that is not S3's, and unpacks one that came compressed: the SDK sends CloudWatch's
// larger ones so. The limit is on what comes out.
func readMessage(r *http.Request) ([]byte, error) {
	body, err := readBody(r, maxBody)
	if err != nil || r.Header.Get("Content-Encoding") != "gzip" {
		return body, err
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, Errorf("SerializationException", "the body is not compressed by gzip: %v", err)
	}
	return readUpTo(unpacked, maxBody)
}

// readBody reads a body up to a limit.
func readBody(r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	if r.Body == nil {
		return nil, nil
	}
	return readUpTo(r.Body, limit)
}

// readUpTo reads to the end or to the limit, which is a refusal.
func readUpTo(from io.Reader, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(from, limit+1))
	if err != nil {
		return nil, Errorf("RequestTimeout", "the body could not be read: %v", err)
	}
	if int64(len(body)) > limit {
		return nil, tooLarge(limit)
	}
	return body, nil
}

func tooLarge(limit int64) *Error {
	return &Error{
		Code:    "RequestEntityTooLarge",
		Message: fmt.Sprintf("the request is larger than %d bytes", limit),
		Status:  http.StatusRequestEntityTooLarge,
	}
}
