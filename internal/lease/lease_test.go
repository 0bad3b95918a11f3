package lease_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"berth/internal/cloud"
	"berth/internal/lease"
	"berth/internal/sim/world"
)

func TestFreeLeaseIsTakenWithOneCall(t *testing.T) {
	s := newStage(t)
	l := s.taken("a")
	var h lease.Holder
	if err := json.Unmarshal([]byte(s.text()), &h); err != nil {
		t.Fatal(err)
	}
	if h.Owner != "ann" || h.Host != "laptop" || h.Verb != "apply" || h.Run != "a" || !h.Since.Equal(world.Epoch()) {
		t.Errorf("the object holds %s", s.text())
	}
	if l.Unclean || !slices.Equal(s.calls, []string{"PutObject"}) || s.Now() != world.Epoch() {
		t.Errorf("unclean %v, after %v, at %v", l.Unclean, s.calls, s.Now())
	}
}

func TestSecondRunIsToldWhoHolds(t *testing.T) {
	s := newStage(t)
	a := s.taken("a")
	s.tick = func() { s.renew(a) }
	_, err := s.take("b")
	var held *lease.Held
	if !errors.As(err, &held) || held.Holder.Run != "a" {
		t.Fatalf("the second run gets %v", err)
	}
	if want := "another run holds the cluster: ann@laptop (berth apply, since 2026-11-02T09:00:00Z)"; err.Error() != want {
		t.Errorf("it says %q", err)
	}
	if waited := s.Now().Sub(world.Epoch()); waited > time.Minute || !s.holds("a") {
		t.Errorf("after %v the object is %s", waited, s.text())
	}
}

func TestLeaseOfADeadRunIsTakenOverAfterTTL(t *testing.T) {
	s := newStage(t)
	a := s.taken("a")
	b := s.taken("b")
	if waited := s.Now().Sub(world.Epoch()); waited < lease.TTL || waited > lease.TTL+20*time.Second {
		t.Errorf("it was taken over after %v", waited)
	}
	if !b.Unclean || !s.holds("b") {
		t.Errorf("unclean %v: %s", b.Unclean, s.text())
	}
	for range 3 { // lost is lost
		if err := a.Renew(t.Context()); !errors.Is(err, lease.ErrLost) {
			t.Errorf("the run that was thought dead goes on: %v", err)
		}
	}
	if err := a.Release(t.Context()); err != nil || !s.holds("b") {
		t.Errorf("what was lost was given back: %v, %s", err, s.text())
	}
	s.renew(b)
}

func TestHolderThatRenewsOnceMoreIsWatchedAnew(t *testing.T) {
	s := newStage(t)
	a := s.taken("a")
	s.tick = func() {
		if s.Now().Sub(world.Epoch()) > 80*time.Second {
			s.renew(a)
		}
	}
	_, err := s.take("b")
	if _, ok := errors.AsType[*lease.Held](err); !ok {
		t.Errorf("a run that came back late is answered %v", err)
	}
}

func TestLeaseThatIsGivenBackMeanwhileIsTakenClean(t *testing.T) {
	s := newStage(t)
	a := s.taken("a")
	s.tick = func() { s.must(nil, a.Release(t.Context())) }
	b := s.taken("b")
	if b.Unclean || !s.holds("b") || s.Now().Sub(world.Epoch()) > 15*time.Second {
		t.Errorf("unclean %v at %v: %s", b.Unclean, s.Now(), s.text())
	}
}

func TestLeasePassedOnToAThirdRunNamesTheThird(t *testing.T) {
	s := newStage(t)
	a := s.taken("a")
	s.tick = func() {
		s.tick = nil
		s.must(nil, a.Release(t.Context()))
		s.taken("c")
	}
	_, err := s.take("b")
	var held *lease.Held
	if !errors.As(err, &held) || held.Holder.Run != "c" {
		t.Errorf("it says %v", err)
	}
}

func TestFasterHeirIsWatchedInTurn(t *testing.T) {
	s := newStage(t)
	s.taken("a")
	s.pass(time.Hour)
	s.wire = func(r *http.Request, on send) (*http.Response, error) {
		if r.Method == http.MethodPut && r.Header.Get("If-Match") != "" { // b is about to take over: c is faster
			s.wire = nil
			c := s.taken("c")
			s.tick = func() { s.renew(c) }
		}
		return on(r)
	}
	_, err := s.take("b")
	var held *lease.Held
	if !errors.As(err, &held) || held.Holder.Run != "c" {
		t.Errorf("it says %v", err)
	}
}

func TestRenewWritesOnlyWhenDue(t *testing.T) {
	s := newStage(t)
	l := s.taken("a")
	s.calls = nil
	for range 22 {
		s.pass(time.Second)
		s.renew(l)
	}
	if len(s.calls) > 0 {
		t.Errorf("within a quarter of the TTL it did %v", s.calls)
	}
	before := s.text()
	s.pass(time.Second)
	s.renew(l)
	s.renew(l)
	if !slices.Equal(s.calls, []string{"PutObject"}) || s.text() == before || !s.holds("a") {
		t.Errorf("after a quarter it did %v: %s", s.calls, s.text())
	}
}

func TestHolderThatWasAwayForLongKeepsWhatNobodyWanted(t *testing.T) {
	s := newStage(t)
	l := s.taken("a")
	s.pass(24 * time.Hour)
	s.renew(l)
}

func TestLeaseWhoseObjectSomebodyDeletedIsLost(t *testing.T) {
	s := newStage(t)
	l := s.taken("a")
	s.must(s.cloud("vandal").S3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(bucket), Key: aws.String(lease.Infra)}))
	s.pass(time.Minute)
	if err := l.Renew(t.Context()); !errors.Is(err, lease.ErrLost) || s.text() != "" {
		t.Errorf("%v; %s", err, s.text())
	}
}

func TestReleaseGivesBackOnce(t *testing.T) {
	s := newStage(t)
	a := s.taken("a")
	for range 3 {
		s.must(nil, a.Release(t.Context()))
		if s.text() != "" {
			t.Errorf("the object is still %s", s.text())
		}
	}
	if err := a.Renew(t.Context()); !errors.Is(err, lease.ErrLost) {
		t.Errorf("what was given back is renewed: %v", err)
	}
	b := s.taken("b") // over the delete marker of a bucket with versions
	if s.must(nil, a.Release(t.Context())); b.Unclean || !s.holds("b") {
		t.Errorf("unclean %v: %s", b.Unclean, s.text())
	}
}

func TestReleaseWithoutABucketIsDone(t *testing.T) {
	s := newStage(t)
	l := s.taken("a")
	s.must(nil, lease.Empty(t.Context(), s.cloud("a"), bucket))
	s.must(s.cloud("a").S3.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String(bucket)}))
	s.must(nil, l.Release(t.Context()))
}

// What stands in the object may be anything: an older berth's, a newer one's, a person's.
func TestRubbishIsAnUnknownHolder(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "words": "do not touch", "huge": strings.Repeat("x", 3<<20), "huge JSON": `{"run":"a` + strings.Repeat("a", 3<<20) + `"}`,
		"a list": "[1,2]", "other types": `{"run":7,"since":"yesterday"}`, "null": "null", "nobody": "{}",
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.write(text)
			s.tick = func() { s.write(text + " ") }
			_, err := s.take("b")
			var held *lease.Held
			if !errors.As(err, &held) || !strings.Contains(err.Error(), "somebody unknown") {
				t.Errorf("while somebody writes rubbish: %v", err)
			}
			s.tick = nil
			if b := s.taken("b"); !b.Unclean || !s.holds("b") {
				t.Errorf("rubbish that nobody renews stays: %s", s.text())
			}
		})
	}
}

func TestHolderWhoseObjectBecomesRubbishHasLostIt(t *testing.T) {
	s := newStage(t)
	l := s.taken("a")
	s.write("rubbish")
	s.pass(time.Minute)
	if err := l.Renew(t.Context()); !errors.Is(err, lease.ErrLost) {
		t.Errorf("%v", err)
	}
	if s.must(nil, l.Release(t.Context())); s.text() != "rubbish" {
		t.Errorf("somebody else's object is now %q", s.text())
	}
}

func TestRunWithoutANameGetsNoLease(t *testing.T) {
	s := newStage(t)
	s.write("{}")
	if _, err := s.take(""); err == nil || len(s.calls) > 1 {
		t.Errorf("%v after %v", err, s.calls)
	}
}

// One fault at any request of a holder's whole life: it goes on as if nothing had been.
func TestFaultAtAnyRequestChangesNothing(t *testing.T) {
	faults := map[string]func(*http.Request, send) (*http.Response, error){
		"request lost": func(*http.Request, send) (*http.Response, error) { return nil, errCut },
		"answer lost":  func(r *http.Request, on send) (*http.Response, error) { _, _ = on(r); return nil, errCut },
		"answer broken": func(r *http.Request, on send) (*http.Response, error) {
			_, _ = on(r)
			return refusal(r, 500, "InternalError"), nil
		},
		"broken":    func(r *http.Request, _ send) (*http.Response, error) { return refusal(r, 500, "InternalError"), nil },
		"throttled": func(r *http.Request, _ send) (*http.Response, error) { return refusal(r, 503, "SlowDown"), nil },
		"conflict": func(r *http.Request, _ send) (*http.Response, error) {
			return refusal(r, 409, "ConditionalRequestConflict"), nil
		},
		"answer cut": func(r *http.Request, on send) (*http.Response, error) {
			out, err := on(r)
			if err == nil {
				out.Body = cutBody{}
			}
			return out, err
		},
	}
	for name, fault := range faults {
		for at := 1; ; at++ {
			s, n := newStage(t), 0
			s.write("left by a dead run")
			s.wire = func(r *http.Request, on send) (*http.Response, error) {
				if n++; n == at {
					return fault(r, on)
				}
				return on(r)
			}
			if s.life(); s.Failed() {
				t.Fatalf("%s at request %d", name, at)
			}
			if n < at {
				break // a life without a fault
			}
		}
	}
}

// life is what a holder does from the takeover to the end.
func (s *stage) life() {
	s.Helper()
	l := s.taken("a")
	for range 3 {
		s.pass(30 * time.Second)
		s.renew(l)
		if !s.holds("a") {
			s.Errorf("the object is %s", s.text())
		}
	}
	s.must(nil, l.Release(s.Context()))
	if !l.Unclean || s.text() != "" {
		s.Errorf("unclean %v; in the end there is %q", l.Unclean, s.text())
	}
}

// cutBody is a body whose connection breaks.
type cutBody struct{}

func (cutBody) Read([]byte) (int, error) { return 0, errCut }

func (cutBody) Close() error { return nil }

func TestRefusalsOfS3AreErrorsAtOnce(t *testing.T) {
	for code, is := range map[string]func(error) bool{"AccessDenied": cloud.Denied, "NoSuchBucket": cloud.Missing, "ExpiredToken": cloud.Credentials} {
		s := newStage(t)
		s.wire = func(r *http.Request, _ send) (*http.Response, error) { return refusal(r, 403, code), nil }
		l, err := s.take("a")
		if l != nil || !is(err) || len(s.calls) != 1 {
			t.Errorf("%s: %v after %v", code, err, s.calls)
		}
		s.wire = nil
		l = s.taken("a")
		s.wire = func(r *http.Request, _ send) (*http.Response, error) { return refusal(r, 403, code), nil }
		s.pass(time.Minute)
		err = l.Renew(t.Context())
		if code != "NoSuchBucket" && !is(err) || code == "NoSuchBucket" && !errors.Is(err, lease.ErrLost) {
			t.Errorf("%s: renewing says %v", code, err)
		}
	}
}

func TestBucketThatIsNotThereIsAnErrorNotAWait(t *testing.T) {
	s := newStage(t)
	_, err := lease.Take(t.Context(), s.cloud("a"), "no-such-bucket", lease.Infra, who("a"))
	if !cloud.Missing(err) || s.Now() != world.Epoch() {
		t.Errorf("%v at %v", err, s.Now())
	}
}

func TestShortTroubleWithS3IsNoReasonToStop(t *testing.T) {
	s := newStage(t)
	l := s.taken("a")
	s.pass(25 * time.Second)
	down := s.Now()
	s.wire = func(r *http.Request, on send) (*http.Response, error) {
		if s.Now().Sub(down) < 10*time.Second {
			return nil, errCut
		}
		return on(r)
	}
	s.renew(l)
	if s.Now().Sub(down) > 20*time.Second || !s.holds("a") {
		t.Errorf("it took %v", s.Now().Sub(down))
	}
}

// deaf is a network on which no answer to a write arrives; the writes do, if they are let through.
func deaf(through bool) func(*http.Request, send) (*http.Response, error) {
	return func(r *http.Request, on send) (*http.Response, error) {
		if r.Method != http.MethodPut {
			return on(r)
		}
		if through {
			_, _ = on(r)
		}
		return nil, errCut
	}
}

func TestRenewalThatDoesNotGetThroughIsMadeNextTime(t *testing.T) {
	s := newStage(t)
	l := s.taken("a")
	s.pass(25 * time.Second)
	before := s.text()
	s.wire = deaf(false)
	s.renew(l)
	if s.text() != before {
		t.Fatal("it got through")
	}
	s.wire = nil
	s.renew(l)
	if s.text() == before || !s.holds("a") {
		t.Errorf("the next one did not: %s", s.text())
	}
}

func TestWriteWhoseAnswersAreAllLostIsFoundByLooking(t *testing.T) {
	s := newStage(t)
	s.wire = deaf(true)
	l := s.taken("a")
	s.pass(25 * time.Second)
	before := s.text()
	s.renew(l)
	if !s.holds("a") || s.text() == before {
		t.Errorf("the object is %s", s.text())
	}
}

func TestTakingCountsFromBeforeTheFirstAttempt(t *testing.T) {
	s := newStage(t)
	slow := func(r *http.Request, on send) (*http.Response, error) {
		out, err := on(r)
		s.pass(20 * time.Second)
		return out, err
	}
	for _, wire := range []func(*http.Request, send) (*http.Response, error){deaf(true), slow} {
		began := s.Now()
		s.wire = wire
		l := s.taken("a")
		took := s.Now().Sub(began)
		s.wire, s.calls = nil, nil
		s.pass(lease.TTL/4 - took)
		if s.renew(l); took < 10*time.Second || len(s.calls) == 0 {
			t.Errorf("taking took %v, and the renewal was not due a quarter of the TTL after its begin", took)
		}
		s.must(nil, l.Release(t.Context()))
	}
}

func TestLooksThatFailDoNotKeepAnHeirFromTakingOver(t *testing.T) {
	s := newStage(t)
	s.taken("a")
	began := s.Now()
	s.wire = func(r *http.Request, on send) (*http.Response, error) {
		if since := s.Now().Sub(began); r.Method == http.MethodGet && since > time.Second && since < time.Minute {
			return nil, errCut
		}
		return on(r)
	}
	if b := s.taken("b"); !b.Unclean || s.Now().Sub(began) < lease.TTL {
		t.Errorf("unclean %v after %v", b.Unclean, s.Now().Sub(began))
	}
}

func TestLongTroubleWithS3StopsARunButDoesNotTakeItsLease(t *testing.T) {
	s := newStage(t)
	l := s.taken("a")
	s.pass(25 * time.Second)
	s.weather(world.Weather{LoseRequest: 1})
	var err error
	for range 20 {
		if err = l.Renew(t.Context()); err != nil {
			break
		}
		if age := s.Now().Sub(world.Epoch()); age >= lease.TTL*2/3 {
			t.Fatalf("after %v without renewal the run goes on", age)
		}
	}
	if err == nil || errors.Is(err, lease.ErrLost) || !cloud.Lost(err) {
		t.Errorf("S3 is away, and it says %v", err)
	}
	if err := l.Release(t.Context()); !cloud.Lost(err) {
		t.Errorf("giving back says %v", err)
	}
	s.weather(world.Weather{})
	s.renew(l)
	s.must(nil, l.Release(t.Context()))
	if s.text() != "" {
		t.Errorf("it is not given back: %s", s.text())
	}
}

func TestTakingEndsWithItsContext(t *testing.T) {
	s := newStage(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lease.Take(ctx, s.cloud("b"), bucket, lease.Infra, who("b")); !errors.Is(err, context.Canceled) || len(s.calls) > 0 {
		t.Errorf("before it began: %v, %v", err, s.calls)
	}
	s.taken("a")
	ctx, cancel = context.WithCancel(t.Context())
	s.tick = cancel
	l, err := lease.Take(ctx, s.cloud("b"), bucket, lease.Infra, who("b"))
	if l != nil || !errors.Is(err, context.Canceled) || s.Now().Sub(world.Epoch()) > 20*time.Second {
		t.Errorf("while it watches: %v at %v", err, s.Now())
	}
}

func TestWriteUnderWayIsFinishedWhenTheContextEnds(t *testing.T) {
	for _, first := range []error{nil, errCut} {
		s := newStage(t)
		ctx, cancel := context.WithCancel(t.Context())
		s.wire = func(r *http.Request, on send) (*http.Response, error) {
			cancel()
			s.wire = nil
			out, err := on(r)
			if first != nil {
				return nil, first
			}
			return out, err
		}
		l, err := lease.Take(ctx, s.cloud("a"), bucket, lease.Infra, who("a"))
		if err != nil || !s.holds("a") {
			t.Fatalf("%v: %s", err, s.text())
		}
		s.must(nil, l.Release(context.WithoutCancel(ctx)))
	}
}

func TestManyMayAskForARenewalAtOnce(t *testing.T) {
	s := newStage(t)
	l := s.taken("a")
	s.pass(time.Minute)
	s.calls = nil
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			if err := l.Renew(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if !slices.Equal(s.calls, []string{"PutObject"}) {
		t.Errorf("they did %v", s.calls)
	}
}

func TestLostLeaseStopsWritesBehindItsFence(t *testing.T) {
	s := newStage(t)
	l := s.taken("a")
	fenced := s.cloud("a").Fenced(l.Renew)
	vpc := func() error {
		_, err := cloud.Write(t.Context(), fenced, fenced.EC2.CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
		return err
	}
	s.must(nil, vpc())
	s.taken("b") // a did not renew for a TTL
	s.calls = nil
	if err := vpc(); !errors.Is(err, lease.ErrLost) || slices.Contains(s.calls, "CreateVpc") {
		t.Errorf("%v after %v", err, s.calls)
	}
}

func TestLeasesOfOtherNamesDoNotMeet(t *testing.T) {
	s := newStage(t)
	s.taken("a")
	if _, err := lease.Take(t.Context(), s.cloud("b"), bucket, "lease/service/api", who("b")); err != nil || s.Now() != world.Epoch() {
		t.Errorf("%v at %v", err, s.Now())
	}
}
