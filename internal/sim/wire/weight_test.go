package wire_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// heavy is how many bytes the requests of these tests weigh.
const heavy = 100 << 20

// zeros is a body without an end.
type zeros struct{ read int }

func (z *zeros) Read(p []byte) (int, error) {
	clear(p)
	z.read += len(p)
	return len(p), nil
}

// bomb is a small body that unpacks to a heavy one.
func bomb(t *testing.T) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := io.CopyN(w, &zeros{}, heavy); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// framings are requests without a body, one in each framing.
func framings() map[string]func(io.Reader) *http.Request {
	request := func(method, path string, header ...string) func(io.Reader) *http.Request {
		return func(body io.Reader) *http.Request {
			r := httptest.NewRequest(method, path, body)
			for i := 0; i < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			return r
		}
	}
	return map[string]func(io.Reader) *http.Request{
		"form":     request(http.MethodPost, "/", "Content-Type", "application/x-www-form-urlencoded"),
		"JSON 1.0": request(http.MethodPost, "/", "X-Amz-Target", "AmazonSQS.SendMessage"),
		"JSON 1.1": request(http.MethodPost, "/", "X-Amz-Target", "AmazonEC2ContainerServiceV20141113.RunTask"),
		"CBOR": request(http.MethodPost, "/service/GraniteServiceVersion20100801/operation/PutMetricData", "Smithy-Protocol", "rpc-v2-cbor",
			"Content-Type", "application/cbor"),
		"XML":    request(http.MethodPost, "/bucket?delete", "Content-Type", "application/xml"),
		"object": request(http.MethodPut, "/bucket/key"),
		"chunks": request(http.MethodPut, "/bucket/key", "Content-Encoding", "aws-chunked", "X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
	}
}

func TestHeavyRequestsAreRefusedInEveryFraming(t *testing.T) {
	h := everything()
	for name, request := range framings() {
		body := &zeros{}
		said := request(body)
		said.ContentLength = heavy
		if status, answer := post(t, h, said); status != http.StatusRequestEntityTooLarge || body.read > 0 {
			t.Errorf("%s that says its weight: %d %s, after %d bytes", name, status, answer, body.read)
		}
		unsaid := request(io.LimitReader(body, heavy))
		unsaid.ContentLength = -1
		if status, answer := post(t, h, unsaid); status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s that does not: %d %s", name, status, answer)
		}
		if body.read > heavy/2 {
			t.Errorf("%s: %d bytes were read before the refusal", name, body.read)
		}
	}
}

func TestPackedRequestsAreWeighedUnpacked(t *testing.T) {
	h, packed := everything(), bomb(t)
	for name, request := range framings() {
		if name == "XML" || name == "object" || name == "chunks" {
			continue // S3 keeps what it gets as it is
		}
		r := request(bytes.NewReader(packed))
		r.Header.Set("Content-Encoding", "gzip")
		if status, answer := post(t, h, r); status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
}
