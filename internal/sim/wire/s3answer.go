package wire

import (
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
)

// s3Answer renders an output: headers, then a raw body, a document, or nothing.
func (p *encodePlan) s3Answer(op, xmlns string, v reflect.Value) (*answer, error) {
	a := &answer{status: s3Status(op), header: http.Header{}}
	if len(p.body) > 0 {
		a.document(s3Root(op), xmlns, p.members(nil, v))
	}
	for i := range p.other {
		f := &p.other[i]
		if err := a.s3Field(f, xmlns, v.Field(f.index)); err != nil {
			return nil, err
		}
	}
	if a.header.Get("Content-Range") != "" {
		a.status = http.StatusPartialContent
	}
	if op != "HeadObject" {
		a.header.Del("Content-Length") // the body's real length counts
	}
	return a, nil
}

// s3Field renders a field that is not part of a document.
func (a *answer) s3Field(f *encodeField, xmlns string, v reflect.Value) error {
	if v.IsZero() {
		return nil
	}
	switch f.place {
	case inHeader:
		a.header.Set(f.name, headerText(f.name, v))
	case inHeaders:
		for _, key := range v.MapKeys() { // unordered: headers are a map anyway
			a.header[f.name+strings.ToLower(key.String())] = []string{v.MapIndex(key).String()} // botocore keeps the case it sees
		}
	case asWholeBody:
		if f.encode != nil {
			a.document(f.name, xmlns, f.encode(nil, v.Elem()))
			return nil
		}
		return a.raw(v)
	}
	return nil
}

// document makes the answer's body an XML document; without a root name the content is all there is.
func (a *answer) document(root, xmlns string, content []byte) {
	b := []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	if root == "" {
		b = append(b, content...)
	} else {
		b = append(b, "<"+root+` xmlns="`+xmlns+`">`...)
		b = append(b, content...)
		b = append(b, "</"+root+">"...)
	}
	a.body = b
	a.header.Set("Content-Type", "application/xml")
}

// raw makes a text or a stream the answer's body.
func (a *answer) raw(v reflect.Value) error {
	switch x := v.Interface().(type) {
	case *string:
		a.body = []byte(*x)
	case []byte:
		a.body = x
	case io.ReadCloser:
		defer closeBody(x)
		body, err := io.ReadAll(x)
		if err != nil {
			return fmt.Errorf("reading the object: %w", err)
		}
		a.body = body
	default:
		return fmt.Errorf("a %s can't be a body", v.Type())
	}
	return nil
}

// headerText is a value as a header says it: dates in HTTP's form, but the one that S3 wants otherwise.
func headerText(name string, v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if isTime(v.Type()) {
		if strings.EqualFold(name, "x-amz-object-lock-retain-until-date") {
			return timeOf(v).UTC().Format(isoMillis)
		}
		return timeOf(v).UTC().Format(httpDate)
	}
	return fmt.Sprint(v.Interface())
}

// s3Status is the status of a success.
func s3Status(op string) int {
	if strings.HasPrefix(op, "Delete") && op != "DeleteObjects" {
		return http.StatusNoContent
	}
	return http.StatusOK
}

// s3Root is the root element of an answer whose members are its children (Amazon S3 API reference, "Response Syntax").
func s3Root(op string) string {
	switch op {
	case "DeleteObjects":
		return "DeleteResult"
	case "GetBucketLifecycleConfiguration":
		return "LifecycleConfiguration"
	case "GetBucketLocation":
		return "" // LocationConstraint is both root and member
	case "GetBucketTagging", "GetObjectTagging":
		return "Tagging"
	case "GetBucketVersioning":
		return "VersioningConfiguration"
	case "ListBuckets":
		return "ListAllMyBucketsResult"
	case "ListObjects", "ListObjectsV2":
		return "ListBucketResult"
	case "ListObjectVersions":
		return "ListVersionsResult"
	}
	return op + "Result"
}
