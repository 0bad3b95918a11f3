package lease_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/cloud"
	"berth/internal/lease"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

const bucket = "berth-123456789012-us-east-1-prod-shop"

// stage is a simulated AWS with the cluster's bucket, and what happens on the way to it.
type stage struct {
	*testing.T
	sim   *sim.Sim
	tick  func()                                            // called after every sleep
	wire  func(*http.Request, send) (*http.Response, error) // in the way of every request; nil: nothing is
	calls []string                                          // operations that were sent
}

// send passes a request on.
type send func(*http.Request) (*http.Response, error)

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{T: t, sim: sim.New(world.New(1))}
	s.must(s.cloud("setup").S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(bucket)}))
	s.must(s.cloud("setup").S3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: aws.String(bucket), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	}))
	s.calls = nil
	return s
}

// must takes the answer of a call that cannot fail.
func (s *stage) must(_ any, err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// Now is the world's time.
func (s *stage) Now() time.Time { return s.sim.Now() }

// Sleep moves the world's time.
func (s *stage) Sleep(ctx context.Context, d time.Duration) error {
	err := s.sim.Sleep(ctx, d)
	if s.tick != nil && err == nil {
		s.tick()
	}
	return err
}

// pass moves time with nobody doing anything.
func (s *stage) pass(d time.Duration) {
	s.Helper()
	s.must(nil, s.sim.Sleep(s.Context(), d))
}

// RoundTrip is the way to the simulated AWS.
func (s *stage) RoundTrip(r *http.Request) (*http.Response, error) {
	on := s.sim.Client().Transport.RoundTrip
	if s.wire != nil {
		return s.wire(r, on)
	}
	return on(r)
}

// cloud is a run's way to AWS.
func (s *stage) cloud(run string) *cloud.Cloud {
	return cloud.Embedded(&http.Client{Transport: s}, "us-east-1", cloud.Options{
		Clock: s, Run: run, Width: 1, Seen: func(c cloud.Call) { s.calls = append(s.calls, c.Operation) },
	})
}

func who(run string) lease.Holder {
	return lease.Holder{Owner: "ann", Host: "laptop", Verb: "apply", Run: run}
}

func (s *stage) take(run string) (*lease.Lease, error) {
	return lease.Take(s.Context(), s.cloud(run), bucket, lease.Infra, who(run))
}

// taken is a lease that nobody else wants.
func (s *stage) taken(run string) *lease.Lease {
	s.Helper()
	l, err := s.take(run)
	s.must(l, err)
	return l
}

func (s *stage) renew(l *lease.Lease) {
	s.Helper()
	s.must(nil, l.Renew(s.Context()))
}

// text is what the lease's object holds; empty when there is none.
func (s *stage) text() string {
	var text string
	s.sim.With(func(w *world.World) { text = content(w) })
	return text
}

// content is the current version of the lease's object; empty when there is none.
func content(w *world.World) string {
	b, ok := w.S3.Buckets.Get(bucket)
	if !ok {
		return ""
	}
	head, ok := b.Objects.Get(lease.Infra)
	if !ok || head.Versions[0].Marker {
		return ""
	}
	return string(head.Versions[0].Data)
}

// holds tells whether the object is of that run.
func (s *stage) holds(run string) bool { return strings.Contains(s.text(), `"run":"`+run+`"`) }

// write puts what it likes into the lease's object.
func (s *stage) write(text string) {
	s.Helper()
	s.must(s.cloud("vandal").S3.PutObject(s.Context(), &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String(lease.Infra), Body: strings.NewReader(text),
	}))
}

func (s *stage) weather(w world.Weather) { s.sim.With(func(x *world.World) { x.Weather = w }) }

// refusal is an answer of S3 that says no.
func refusal(r *http.Request, status int, code string) *http.Response {
	text := "<Error><Code>" + code + "</Code><Message>no</Message></Error>"
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: r}
}

var errCut = errors.New("connection reset by peer")
