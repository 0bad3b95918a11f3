package wiretest

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// s3Field sets the fields of S3's messages that can't be just anything, and leaves those out that the client computes from
// others or checks against the body.
func (f *filler) s3Field(field string, v reflect.Value) bool {
	f.tick = time.Second // headers carry no fractions
	text := ""
	switch {
	case strings.HasPrefix(field, "Checksum"), strings.HasPrefix(field, "SSECustomer"), strings.HasPrefix(field, "CopySourceSSE"),
		field == "ContentMD5", field == "ContentLength", field == "ContentEncoding", field == "ContentRange",
		field == "Expires", field == "ExpiresString", field == "ContinuationToken" && f.sparse:
		return true
	case v.Type() == reflect.TypeFor[types.Type](): // an attribute, which this SDK reads only without a declared namespace
		return true
	case field == "Bucket" && v.Type() == reflect.TypeFor[*string]():
		text = fmt.Sprintf("bucket-%d", f.rng.IntN(1000))
	case field == "Key" && v.Type() == reflect.TypeFor[*string]():
		text = fmt.Sprintf("lease/a b+c/é%%2F%d", f.rng.IntN(1000))
	case field == "BucketArn", field == "ExpectedBucketOwner":
		text = "123456789012"
	case field == "Metadata":
		v.Set(reflect.ValueOf(map[string]string{"owner": "ci", "since-when": "now"}))
		return true
	default:
		return false
	}
	v.Set(reflect.New(v.Type().Elem()))
	v.Elem().SetString(text)
	return true
}

// object is a body that can be read again after a client has.
type object struct{ *bytes.Reader }

// Close does nothing.
func (object) Close() error { return nil }

// sayLength sets the ContentLength of a message to what its body has.
func sayLength(message reflect.Value) {
	body, length := message.Elem().FieldByName("Body"), message.Elem().FieldByName("ContentLength")
	if body.IsValid() && length.IsValid() {
		n := int64(len(read(body)))
		length.Set(reflect.ValueOf(&n))
	}
}

// read reads all of a message's body, from its start where that can be.
func read(body reflect.Value) []byte {
	if s, ok := reflect.TypeAssert[io.Seeker](body); ok {
		_, _ = s.Seek(0, io.SeekStart) // memory
	}
	var b []byte
	if r, ok := reflect.TypeAssert[io.Reader](body); ok {
		b, _ = io.ReadAll(r) // what could not be read will not compare equal
	}
	if s, ok := reflect.TypeAssert[io.Seeker](body); ok {
		_, _ = s.Seek(0, io.SeekStart) // memory
	}
	return b
}

// forgive evens out what S3's client adds to a message by itself, and turns bodies into comparable ones.
func forgive(sent, arrived reflect.Value) {
	if !arrived.IsValid() || sent.Type() != arrived.Type() {
		return
	}
	for i := range sent.Elem().NumField() {
		name := sent.Elem().Type().Field(i).Name
		was, is := sent.Elem().Field(i), arrived.Elem().Field(i)
		added := strings.HasPrefix(name, "Checksum") || strings.HasPrefix(name, "Content")
		switch {
		case added && was.IsZero():
			is.SetZero()
		case name == "Body":
			was.Set(reflect.ValueOf(object{bytes.NewReader(read(was))}))
			is.Set(reflect.ValueOf(object{bytes.NewReader(read(is))}))
		}
	}
}
