package cloud

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// doer is a function as an HTTP client.
type doer func(*http.Request) (*http.Response, error)

func (f doer) Do(r *http.Request) (*http.Response, error) { return f(r) }

// closing is a body that says whether it was closed.
type closing struct {
	io.Reader
	closed *bool
}

func (c closing) Close() error { *c.closed = true; return nil }

func TestBodiesArriveWholeWithTheirLength(t *testing.T) {
	type arrived struct {
		body     []byte
		length   int64
		encoding []string
	}
	var got arrived
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = arrived{b, r.ContentLength, r.TransferEncoding}
	}))
	defer server.Close()
	for _, size := range []int{0, 1, 100, 1 << 20} {
		text, closed := bytes.Repeat([]byte("b"), size), false
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Body = closing{bytes.NewReader(text), &closed} // of unknown length, as far as net/http knows
		r.ContentLength = -1
		answer, err := copying{server.Client()}.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if !bytes.Equal(got.body, text) || got.length != int64(size) || got.encoding != nil {
			t.Errorf("of %d bytes %d arrived, with length %d, encoding %v", size, len(got.body), got.length, got.encoding)
		}
		if !closed {
			t.Errorf("the body of %d bytes was left open", size)
		}
	}
}

func TestRequestsWithoutBodyPassUntouched(t *testing.T) {
	for _, body := range []io.ReadCloser{nil, http.NoBody} {
		r := httptest.NewRequest(http.MethodGet, "http://x/", nil)
		r.Body = body
		same := false
		_, err := copying{doer(func(in *http.Request) (*http.Response, error) { same = in == r; return nil, nil })}.Do(r)
		if err != nil || !same {
			t.Errorf("a body of %v was changed; %v", body, err)
		}
	}
}

func TestBodyThatCannotBeReadIsNotSent(t *testing.T) {
	broken := errors.New("the disk is gone")
	closed := false
	r := httptest.NewRequest(http.MethodPost, "http://x/", nil)
	r.Body = closing{io.MultiReader(strings.NewReader("half"), failing{broken}), &closed}
	_, err := copying{doer(func(*http.Request) (*http.Response, error) { panic("sent") })}.Do(r)
	if !errors.Is(err, broken) || !closed {
		t.Errorf("%v; closed: %v", err, closed)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// net/http takes the body again to send a request anew over another connection when the first turned out to be closed
// before anything was written.
func TestBodyCanBeTakenAgain(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "http://x/", strings.NewReader("Action=CreateVpc"))
	_, err := copying{doer(func(in *http.Request) (*http.Response, error) {
		for range 3 {
			b, err := in.GetBody()
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(b); err != nil || string(text) != "Action=CreateVpc" {
				t.Errorf("%q, %v", text, err)
			}
		}
		return nil, nil
	})}.Do(r)
	if err != nil {
		t.Fatal(err)
	}
}

// Large answers to requests with a body are what broke without the copy.
func TestLargeAnswersArriveOverANetwork(t *testing.T) {
	set := strings.Repeat("<item><vpcId>vpc-0123456789abcdef0</vpcId></item>", 3000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<DescribeVpcsResponse><vpcSet>"+set+"</vpcSet></DescribeVpcsResponse>")
	}))
	defer server.Close()
	quiet(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIA")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	c, err := Open(t.Context(), Account{Region: "eu-west-1", Endpoint: server.URL}, Options{Width: 8})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range Each(t.Context(), c, make([]int, 40), func(ctx context.Context, _ int) error {
		out, err := c.EC2.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: nil, MaxResults: aws.Int32(1000)})
		if err == nil && len(out.Vpcs) != 3000 {
			t.Errorf("%d of 3000 arrived", len(out.Vpcs))
		}
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
}
