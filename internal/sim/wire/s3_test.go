package wire_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/wire/wiretest"
)

// s3Call serves S3 with one answer and keeps the last call.
type s3Call struct {
	env wire.Envelope
	in  any
	out any
	err error
}

func (c *s3Call) server() *wire.Server[struct{}] {
	return serve(func(env wire.Envelope, in any) (any, error) {
		c.env, c.in = env, in
		return c.out, c.err
	}, "s3")
}

func TestBucketsAreNamedByPathOrHost(t *testing.T) {
	for _, test := range []struct{ host, path, operation, bucket, key string }{
		{"127.0.0.1:4566", "/", "ListBuckets", "", ""},
		{"127.0.0.1:4566", "/b", "HeadBucket", "b", ""},
		{"127.0.0.1:4566", "/b/", "HeadBucket", "b", ""},
		{"127.0.0.1:4566", "/b/k/l", "HeadObject", "b", "k/l"},
		{"localhost:4566", "/b/k", "HeadObject", "b", "k"},
		{"b.localhost:4566", "/k", "HeadObject", "b", "k"},
		{"s3.eu-west-1.amazonaws.com", "/b/k", "HeadObject", "b", "k"},
		{"b.s3.eu-west-1.amazonaws.com", "/k/", "HeadObject", "b", "k/"},
		{"b.c.s3-eu-west-1.amazonaws.com", "/k", "HeadObject", "b.c", "k"},
		{"b.sim.example.com", "/k", "HeadObject", "b", "k"},
		{"sim.example.com", "/b/k", "HeadObject", "b", "k"},
	} {
		call := &s3Call{}
		h := call.server()
		h.Host = "sim.example.com"
		method := http.MethodHead
		if test.operation == "ListBuckets" {
			method = http.MethodGet
		}
		r := httptest.NewRequest(method, test.path, nil)
		r.Host = test.host
		post(t, h, r)
		bucket, key := "", ""
		switch in := call.in.(type) {
		case *s3.HeadBucketInput:
			bucket = aws.ToString(in.Bucket)
		case *s3.HeadObjectInput:
			bucket, key = aws.ToString(in.Bucket), aws.ToString(in.Key)
		}
		if call.env.Operation != test.operation || bucket != test.bucket || key != test.key {
			t.Errorf("%s%s is %s of %q, %q", test.host, test.path, call.env.Operation, bucket, key)
		}
	}
}

func TestObjectsArriveWholeOverEveryTransport(t *testing.T) {
	call := &s3Call{out: &s3.PutObjectOutput{ETag: aws.String(`"e"`)}}
	h := call.server()
	far := httptest.NewServer(h)
	defer far.Close()
	tls := httptest.NewTLSServer(h)
	defer tls.Close()
	for name, cfg := range map[string]aws.Config{
		"in process, unsigned chunks with a trailer": wiretest.Config(h.RoundTripper()),
		"plain HTTP, signed body":                    endpoint(far),
		"HTTPS, unsigned chunks with a trailer":      endpoint(tls),
	} {
		for _, size := range []int{0, 1, 70_000, 3 << 20} {
			client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
			body := bytes.Repeat([]byte("0123456\r\n"), size/9+1)[:size]
			_, err := client.PutObject(context.Background(), &s3.PutObjectInput{
				Bucket: aws.String("b"), Key: aws.String("lease/infra"), Body: bytes.NewReader(body), IfNoneMatch: aws.String("*"),
			})
			in, ok := call.in.(*s3.PutObjectInput)
			if err != nil || !ok {
				t.Fatalf("%s, %d bytes: %v", name, size, err)
			}
			got, err := io.ReadAll(in.Body)
			if err != nil || !bytes.Equal(got, body) || aws.ToInt64(in.ContentLength) != int64(size) {
				t.Errorf("%s: %d of %d bytes arrived, %v", name, len(got), size, err)
			}
			if aws.ToString(in.IfNoneMatch) != "*" || in.ContentEncoding != nil || in.ChecksumCRC32 == nil {
				t.Errorf("%s: If-None-Match %v, Content-Encoding %v, checksum %v", name, in.IfNoneMatch, in.ContentEncoding, in.ChecksumCRC32)
			}
		}
	}
}

// endpoint is a configuration for a test server.
func endpoint(s *httptest.Server) aws.Config {
	cfg := wiretest.Config(s.Client().Transport)
	cfg.BaseEndpoint = aws.String(s.URL)
	return cfg
}

func TestChunkedBodiesAreUndone(t *testing.T) {
	const signed = "5;chunk-signature=ab\r\nhello\r\n6;chunk-signature=cd\r\n world\r\n0;chunk-signature=ef\r\n"
	for _, test := range []struct{ name, body, length, status, got string }{
		{"signed chunks", signed + "\r\n", "11", "200", "hello world"},
		{"a trailer", signed + "x-amz-checksum-crc32:DUoRhQ==\r\n\r\n", "11", "200", "hello world"},
		{"a wrong trailer", signed + "x-amz-checksum-crc32:AAAAAA==\r\n\r\n", "11", "400", "BadDigest"},
		{"a wrong length", signed + "\r\n", "12", "400", "IncompleteBody"},
		{"an unfinished chunk", "5\r\nhel", "5", "400", "IncompleteBody"},
		{"a chunk that runs on", "3\r\nhello\r\n0\r\n\r\n", "5", "400", "IncompleteBody"},
		{"no chunk at all", "hello", "5", "400", "IncompleteBody"},
		{"a huge size", "ffffffffffffffff\r\nhello", "5", "400", "IncompleteBody"},
	} {
		t.Run(test.name, func(t *testing.T) {
			call := &s3Call{}
			r := httptest.NewRequest(http.MethodPut, "/b/k", strings.NewReader(test.body))
			r.Header.Set("X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
			r.Header.Set("Content-Encoding", "aws-chunked,gzip")
			r.Header.Set("X-Amz-Decoded-Content-Length", test.length)
			status, body := post(t, call.server(), r)
			if in, ok := call.in.(*s3.PutObjectInput); ok {
				b, err := io.ReadAll(in.Body)
				if err != nil || aws.ToString(in.ContentEncoding) != "gzip" {
					t.Errorf("%v, Content-Encoding %q", err, aws.ToString(in.ContentEncoding))
				}
				body = string(b)
			}
			if fmt.Sprint(status) != test.status || !strings.Contains(body, test.got) {
				t.Errorf("%d %s, want %s %s", status, body, test.status, test.got)
			}
		})
	}
}

func TestDigestsAreChecked(t *testing.T) {
	for header, right := range map[string]string{
		"Content-Md5":              "XrY7u+Ae7tCTyyK7j1rNww==",
		"X-Amz-Checksum-Crc32":     "DUoRhQ==",
		"X-Amz-Checksum-Crc32c":    "yZRlqg==",
		"X-Amz-Checksum-Crc64nvme": "jSnVw/bqjr4=",
		"X-Amz-Checksum-Sha1":      "Kq5sNclPz7QV2+lfQIuc6R7oRu0=",
		"X-Amz-Checksum-Sha256":    "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=",
	} {
		for value, want := range map[string]int{right: 200, "AAAA": 400} {
			r := httptest.NewRequest(http.MethodPut, "/b/k", strings.NewReader("hello world"))
			r.Header.Set(header, value)
			if status, body := post(t, (&s3Call{}).server(), r); status != want {
				t.Errorf("%s %s: %d %s", header, value, status, body)
			}
		}
	}
}

func TestHeadTellsTheLengthAndErrorsWithoutABody(t *testing.T) {
	call := &s3Call{out: &s3.HeadObjectOutput{ContentLength: aws.Int64(1234), ETag: aws.String(`"e"`)}}
	server := httptest.NewServer(call.server())
	defer server.Close()
	for name, cfg := range map[string]aws.Config{"in process": wiretest.Config(call.server().RoundTripper()), "by socket": endpoint(server)} {
		client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
		in := &s3.HeadObjectInput{Bucket: aws.String("b"), Key: aws.String("k")}
		call.err = nil
		out, err := client.HeadObject(context.Background(), in)
		if err != nil || aws.ToInt64(out.ContentLength) != 1234 {
			t.Errorf("%s: %v, %+v", name, err, out)
		}
		call.err = &wire.Error{Code: "NoSuchKey", Message: "The specified key does not exist.", Status: 404}
		_, err = client.HeadObject(context.Background(), in)
		if _, ok := errors.AsType[*types.NotFound](err); !ok {
			t.Errorf("%s: %v is no NotFound", name, err)
		}
	}
}

func TestStatusesOfS3(t *testing.T) {
	for _, test := range []struct {
		method, path string
		out          any
		want         int
	}{
		{http.MethodDelete, "/b/k", &s3.DeleteObjectOutput{}, 204},
		{http.MethodDelete, "/b?policy", &s3.DeleteBucketPolicyOutput{}, 204},
		{http.MethodPost, "/b?delete", &s3.DeleteObjectsOutput{}, 200},
		{http.MethodGet, "/b/k", &s3.GetObjectOutput{}, 200},
		{http.MethodGet, "/b/k", &s3.GetObjectOutput{ContentRange: aws.String("bytes 0-1/9")}, 206},
	} {
		r := httptest.NewRequest(test.method, test.path, nil)
		if status, body := post(t, (&s3Call{out: test.out}).server(), r); status != test.want {
			t.Errorf("%s %s: %d %s", test.method, test.path, status, body)
		}
	}
}

func TestTheLocationIsTheRootElement(t *testing.T) {
	call := &s3Call{out: &s3.GetBucketLocationOutput{LocationConstraint: types.BucketLocationConstraintEuWest1}}
	_, body := post(t, call.server(), httptest.NewRequest(http.MethodGet, "/b?location", nil))
	if !strings.HasSuffix(body, "\n<LocationConstraint>eu-west-1</LocationConstraint>") {
		t.Error(body)
	}
}

func TestTextsInXMLArriveAsTheyAre(t *testing.T) {
	call := &s3Call{}
	r := httptest.NewRequest(http.MethodPut, "/b?tagging", strings.NewReader(
		"<?xml version='1.0'?>\n<Tagging xmlns='x'>\n <TagSet>\n <Tag><Key>a<!-- c --> &lt;b</Key><Value> <![CDATA[<&]]> </Value></Tag>\n</TagSet></Tagging>"))
	status, body := post(t, call.server(), r)
	in, ok := call.in.(*s3.PutBucketTaggingInput)
	if status != 200 || !ok || len(in.Tagging.TagSet) != 1 {
		t.Fatalf("%d %s, %+v", status, body, call.in)
	}
	if tag := in.Tagging.TagSet[0]; aws.ToString(tag.Key) != "a <b" || aws.ToString(tag.Value) != " <& " {
		t.Errorf("%q: %q", aws.ToString(tag.Key), aws.ToString(tag.Value))
	}
}
