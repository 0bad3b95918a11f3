package wire

import (
	"net/http"
	"net/url"
	"reflect"
)

// serveS3 answers one S3 request.
func (s *Server[C]) serveS3(env Envelope, r *http.Request) *answer {
	env.Service = "s3"
	a, err := s.s3Answer(env, r)
	if err != nil {
		a = s3Error(env, r.Method, asError(err))
	}
	a.header.Set("X-Amz-Request-Id", env.RequestID)
	a.header.Set("X-Amz-Id-2", env.RequestID)
	return a
}

// s3Answer finds the operation, decodes its input, runs it and renders its output.
func (s *Server[C]) s3Answer(env Envelope, r *http.Request) (*answer, error) {
	if s.s3 == nil {
		return nil, &Error{"NotImplemented", "There is no S3 here, and the request is for no other service.", http.StatusNotImplemented}
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, Errorf("InvalidURI", "Couldn't parse the specified URI.")
	}
	req := &s3Request{query: query}
	req.bucket, req.key = s3Path(r, s.Host)
	env.Operation = s3Operation(s.s3Routes, r, levelOf(req.bucket, req.key), query)
	if env.Operation == "" {
		return nil, &Error{"MethodNotAllowed", "The specified method is not allowed against this resource.", http.StatusMethodNotAllowed}
	}
	op, ok := s.s3.Ops[env.Operation]
	if !ok {
		return nil, &Error{"NotImplemented", "The operation " + env.Operation + " is not implemented.", http.StatusNotImplemented}
	}
	if err := req.read(r); err != nil {
		return nil, err
	}
	in := reflect.New(op.In)
	if err := req.decode(s.codec.decoder(op.In), in.Elem()); err != nil {
		return nil, err
	}
	out, err := s.run(env, op, in.Interface())
	if err != nil {
		return nil, err
	}
	v := reflect.ValueOf(out).Elem()
	return s.codec.encoder(v.Type()).s3Answer(env.Operation, s.s3.XMLNS, v)
}

// s3Error renders a refusal; the answer to HEAD is only a status.
func s3Error(env Envelope, method string, e *Error) *answer {
	if method == http.MethodHead {
		return newAnswer(e.status(), "application/xml", nil)
	}
	b := []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error>")
	b = appendElement(b, "Code", e.Code)
	b = appendElement(b, "Message", e.Message)
	b = appendElement(b, "RequestId", env.RequestID)
	b = append(b, "</Error>"...)
	return newAnswer(e.status(), "application/xml", b)
}
