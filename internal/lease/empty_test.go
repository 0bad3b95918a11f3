package lease_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"berth/internal/cloud"
	"berth/internal/lease"
	"berth/internal/sim/world"
)

// fill puts many versions and delete markers into the bucket, at its end a lease that is held, with an old version.
func (s *stage) fill(keys, versions int) {
	s.sim.With(func(w *world.World) {
		b, _ := w.S3.Buckets.Get(bucket)
		put := func(key string, n int, marker bool) {
			head := &world.ObjectHead{}
			for i := range n {
				head.Versions = append(head.Versions, world.ObjectVersion{
					ID: fmt.Sprintf("%032d", w.Serial), Marker: marker && i%2 == 0, Data: []byte("x"), ETag: `"x"`, Modified: w.Now(),
				})
				w.Serial++
			}
			b.Objects.Put(key, head)
		}
		for i := range keys {
			put(fmt.Sprintf("lease/service/%04d", i), versions, true)
		}
		put("lease/infra", 2, false)
		put("notes", 3, false)
	})
}

// left is how many keys the bucket has.
func (s *stage) left() (n int) {
	s.sim.With(func(w *world.World) {
		if b, ok := w.S3.Buckets.Get(bucket); ok {
			n = b.Objects.Len()
		}
	})
	return n
}

func (s *stage) empty() error { return lease.Empty(s.Context(), s.cloud("a"), bucket) }

func TestEverythingIsRemovedPageByPage(t *testing.T) {
	s := newStage(t)
	s.fill(900, 5)
	if err := s.empty(); err != nil || s.left() != 0 {
		t.Fatalf("%v; %d keys are left", err, s.left())
	}
	want := []string{}
	for range 5 { // 4,505 versions
		want = append(want, "ListObjectVersions", "DeleteObjects")
	}
	if want = append(want, "DeleteObjects"); !slices.Equal(s.calls, want) {
		t.Errorf("it took %v", s.calls)
	}
	if _, err := s.cloud("a").S3.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String(bucket)}); err != nil {
		t.Error(err)
	}
}

func TestHeldLeaseGoesLast(t *testing.T) {
	s := newStage(t)
	s.fill(700, 2)
	s.wire = func(r *http.Request, on send) (*http.Response, error) {
		if _, there := r.URL.Query()["delete"]; there && !strings.Contains(s.text(), "x") {
			t.Error("the lease was gone while something else was deleted")
		}
		return on(r)
	}
	if err := s.empty(); err != nil || s.left() != 0 {
		t.Errorf("%v; %d keys are left", err, s.left())
	}
}

func TestEmptyBucketAndNoBucketAreEmpty(t *testing.T) {
	s := newStage(t)
	if err := s.empty(); err != nil {
		t.Error(err)
	}
	if err := lease.Empty(t.Context(), s.cloud("a"), "no-such-bucket"); err != nil {
		t.Error(err)
	}
}

func TestBucketThatVanishesMeanwhileIsEmpty(t *testing.T) {
	for at := 1; at <= 3; at++ {
		s, n := newStage(t), 0
		s.fill(10, 2)
		s.wire = func(r *http.Request, on send) (*http.Response, error) {
			if n++; n == at {
				s.sim.With(func(w *world.World) { w.S3.Buckets.Delete(bucket) })
			}
			return on(r)
		}
		if err := s.empty(); err != nil {
			t.Errorf("gone before request %d: %v", at, err)
		}
	}
}

func TestBucketThatMayNotBeEmptiedIsAnError(t *testing.T) {
	for at, action := range map[int]string{1: "s3:ListBucketVersions", 2: "s3:DeleteObjectVersion"} {
		s, n := newStage(t), 0
		s.fill(3, 1)
		s.wire = func(r *http.Request, on send) (*http.Response, error) {
			if n++; n == at {
				return refusal(r, 403, "AccessDenied"), nil
			}
			return on(r)
		}
		err := s.empty()
		if p, ok := cloud.ProblemOf(err); !cloud.Denied(err) || !ok || p.Action != action || n != at {
			t.Errorf("%v lacks %q after %d requests, want %q", err, p.Action, n, action)
		}
	}
}

// S3 answers a deletion of many with an error for each one that failed.
func TestVersionsThatAreNotDeletedAtOnceAreDeletedAgain(t *testing.T) {
	s := newStage(t)
	s.fill(5, 1)
	fails := 3
	s.wire = func(r *http.Request, on send) (*http.Response, error) {
		if _, there := r.URL.Query()["delete"]; !there || fails == 0 {
			return on(r)
		}
		fails--
		return partly(r, on, "InternalError")
	}
	if err := s.empty(); err != nil || s.left() != 0 || fails != 0 {
		t.Errorf("%v; %d keys are left", err, s.left())
	}
	if s.Now().Equal(world.Epoch()) {
		t.Error("it did not wait")
	}
}

func TestVersionsThatMayNotBeDeletedAreAnErrorThatNamesThem(t *testing.T) {
	for code, most := range map[string]int{"AccessDenied": 1, "InternalError": 5} {
		s, n := newStage(t), 0
		s.fill(5, 1)
		s.wire = func(r *http.Request, on send) (*http.Response, error) {
			if _, there := r.URL.Query()["delete"]; !there {
				return on(r)
			}
			n++
			return partly(r, on, code)
		}
		err := s.empty()
		if err == nil || cloud.Code(err) != code || !strings.Contains(err.Error(), "lease/infra: no") || n != most {
			t.Errorf("%s: after %d deletions: %v", code, n, err)
		}
	}
}

// partly is an answer to a deletion of many in which the first one failed and all others went.
func partly(r *http.Request, on send, code string) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	open, _, _ := bytes.Cut(body, []byte("<Object>"))
	first, rest, _ := bytes.Cut(body[len(open):], []byte("</Object>"))
	key, _, _ := strings.Cut(string(first[bytes.Index(first, []byte("<Key>"))+5:]), "<")
	version, _, _ := strings.Cut(string(first[bytes.Index(first, []byte("<VersionId>"))+11:]), "<")
	if bytes.Contains(rest, []byte("<Object>")) {
		passed := r.Clone(r.Context())
		passed.Body = io.NopCloser(bytes.NewReader(append(slices.Clip(open), rest...)))
		for name := range passed.Header {
			if strings.HasPrefix(name, "X-Amz-Checksum") || name == "Content-Md5" {
				passed.Header.Del(name)
			}
		}
		if _, err := on(passed); err != nil {
			return nil, err
		}
	}
	text := fmt.Sprintf("<DeleteResult><Error><Key>%s</Key><VersionId>%s</VersionId><Code>%s</Code><Message>no</Message></Error></DeleteResult>", key, version, code)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

func TestNetworkTroubleLeavesNothingBehind(t *testing.T) {
	s := newStage(t)
	s.fill(300, 5)
	s.weather(world.Weather{LoseAnswer: 0.25, LoseRequest: 0.1, Break: 0.1})
	for range 5 {
		if err := s.empty(); err == nil {
			break
		} else if !cloud.Lost(err) {
			t.Fatal(err)
		}
	}
	if s.left() != 0 {
		t.Errorf("%d keys are left", s.left())
	}
}
