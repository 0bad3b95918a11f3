package wire

import (
	"bytes"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
)

// s3Request is a request to S3, taken apart.
type s3Request struct {
	bucket, key string
	query       url.Values
	header      http.Header
	body        []byte
}

// read takes headers and body, undoes chunks and checks digests.
func (q *s3Request) read(r *http.Request) error {
	body, err := readBody(r, maxObject)
	if err != nil {
		return err
	}
	q.header, q.body = r.Header.Clone(), body
	if isChunked(q.header) {
		if q.body, err = unchunk(body, q.header); err != nil {
			return err
		}
		q.header.Set("Content-Encoding", withoutChunked(q.header.Get("Content-Encoding")))
		if q.header.Get("Content-Encoding") == "" {
			q.header.Del("Content-Encoding")
		}
	}
	q.header.Set("Content-Length", strconv.Itoa(len(q.body)))
	return checkDigests(q.body, q.header)
}

// decode fills an input from every part of the request.
func (q *s3Request) decode(p *decodePlan, v reflect.Value) error {
	if f := v.FieldByName("Bucket"); f.IsValid() && f.Type() == reflect.TypeFor[*string]() && q.bucket != "" {
		f.Set(reflect.ValueOf(&q.bucket))
	}
	for i := range p.other {
		f := &p.other[i]
		if err := q.field(f, v.Field(f.index)); err != nil {
			return err
		}
	}
	return nil
}

// field fills one field of an input.
func (q *s3Request) field(f *decodeField, v reflect.Value) error {
	var texts []string
	switch f.place {
	case inHeader:
		texts = q.header.Values(f.name)
	case inURLQuery:
		texts = q.query[f.name]
	case inPath:
		texts = []string{q.key}
	case inHeaders:
		q.prefixed(f.name, v)
	case asWholeBody:
		return q.payload(f, v)
	}
	if len(texts) == 0 {
		return nil
	}
	if err := f.decode(textNodes(f.typ, texts), v); err != nil {
		return Errorf("InvalidArgument", "%s: %v", f.name, err)
	}
	return nil
}

// textNodes makes nodes of header or query values: one per list element, else one.
func textNodes(t reflect.Type, texts []string) []*node {
	if t.Kind() != reflect.Slice {
		return []*node{{text: texts[0]}}
	}
	var nodes []*node
	for part := range strings.SplitSeq(strings.Join(texts, ","), ",") {
		nodes = append(nodes, &node{text: strings.TrimSpace(part), index: len(nodes) + 1})
	}
	return nodes
}

// prefixed fills a map from the headers with a common prefix; its keys are in small letters, as S3 keeps them.
func (q *s3Request) prefixed(prefix string, v reflect.Value) {
	m := map[string]string{}
	for name, values := range q.header { // unordered: into a map
		if len(name) > len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
			m[strings.ToLower(name[len(prefix):])] = values[0]
		}
	}
	if len(m) > 0 && v.Type() == reflect.TypeOf(m) {
		v.Set(reflect.ValueOf(m))
	}
}

// payload fills the field that is the whole body: text, bytes, or a document.
func (q *s3Request) payload(f *decodeField, v reflect.Value) error {
	body := reflect.ValueOf(bytes.NewReader(q.body))
	switch {
	case v.Kind() == reflect.Interface && body.Type().Implements(v.Type()):
		v.Set(body)
	case len(q.body) == 0:
	case f.decode == nil && v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.String:
		v.Set(reflect.New(v.Type().Elem()))
		v.Elem().SetString(string(q.body))
	case f.decode != nil:
		root, err := parseXML(q.body)
		if err == nil {
			err = f.decode([]*node{root}, v)
		}
		if err != nil {
			return Errorf("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema: %v", err)
		}
	}
	return nil
}
