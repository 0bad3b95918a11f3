package sim_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"berth/internal/sim"
	"berth/internal/sim/wire/wiretest"
	"berth/internal/sim/world"
)

// served is a simulation behind a real socket.
type served struct {
	t    testing.TB
	url  string
	stop func() error // ends it and waits
}

func serve(t testing.TB, server *sim.Server) *served {
	t.Helper()
	l, err := server.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	running, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Serve(running, l) }()
	x := &served{t: t, url: "http://" + l.Addr().String()}
	x.stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() {
		if err := x.stop(); err != nil {
			t.Error(err)
		}
	})
	return x
}

// copying sends a copy of the body: the SDK takes its own away as soon as the answer begins, which net/http sometimes
// takes for a broken request.
type copying struct{ next http.RoundTripper }

func (c copying) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	return c.next.RoundTrip(r)
}

// client is the SDK with connections of its own.
func (x *served) client() cloud {
	transport := &http.Transport{}
	x.t.Cleanup(transport.CloseIdleConnections)
	cfg := wiretest.Config(copying{transport})
	cfg.BaseEndpoint = &x.url
	return clients(cfg)
}

// request sends a bare request and gives the answer's status and body.
func (x *served) request(method, path string) (int, string) {
	x.t.Helper()
	return x.send(method, path, "")
}

// send is request with a body.
func (x *served) send(method, path, body string) (int, string) {
	x.t.Helper()
	answer := must[*http.Response](x.t)(http.DefaultClient.Do(must[*http.Request](x.t)(http.NewRequest(method, x.url+path, strings.NewReader(body)))))
	defer func() { _ = answer.Body.Close() }()
	return answer.StatusCode, string(must[[]byte](x.t)(io.ReadAll(answer.Body)))
}

// now is the served world's time.
func (x *served) now() time.Time {
	x.t.Helper()
	status, body := x.request("GET", "/_sim/time")
	var out struct{ Time time.Time }
	if err := json.Unmarshal([]byte(body), &out); err != nil || status != 200 {
		x.t.Fatalf("%d %s: %v", status, body, err)
	}
	return out.Time
}

func TestServedWorldRunsAtItsSpeed(t *testing.T) {
	s, _ := embedded(1)
	began := time.Now()
	x := serve(t, &sim.Server{Sim: s, Speed: 10_000})
	c := x.client()
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	for x.now().Sub(world.Epoch()) < 5*time.Minute {
		if time.Since(began) > 10*time.Second {
			t.Fatalf("it is %v only", x.now())
		}
	}
	out := must[*ec2.DescribeVpcsOutput](t)(c.ec2.DescribeVpcs(ctx(), &ec2.DescribeVpcsInput{}))
	if len(out.Vpcs) != 1 || out.Vpcs[0].State != "available" {
		t.Errorf("five minutes later: %+v", out.Vpcs)
	}
	if passed, took := x.now().Sub(world.Epoch()), time.Since(began); passed > took*10_000 {
		t.Errorf("%v passed in %v", passed, took)
	}
}

func TestServedWorldCanBeAdvanced(t *testing.T) {
	s, _ := embedded(1)
	x := serve(t, &sim.Server{Sim: s})
	before := x.now()
	status, body := x.request("POST", "/_sim/advance?by=10m")
	if after := x.now(); status != 200 || after.Sub(before) < 10*time.Minute || after.Sub(before) > 11*time.Minute {
		t.Errorf("%d %s moved the time from %v to %v", status, body, before, after)
	}
	for _, bad := range []struct{ method, path string }{
		{"POST", "/_sim/advance"},
		{"POST", "/_sim/advance?by=soon"},
		{"POST", "/_sim/advance?by=-1m"},
		{"POST", "/_sim/advance?by=90000h"},
		{"GET", "/_sim/advance?by=10m"},
		{"POST", "/_sim/time"},
		{"GET", "/_sim/nothing"},
	} {
		if status, body := x.request(bad.method, bad.path); status/100 != 4 {
			t.Errorf("%s %s: %d %s", bad.method, bad.path, status, body)
		}
	}
	if now := x.now(); now.Sub(before) > 11*time.Minute {
		t.Errorf("a refused request moved the time to %v", now)
	}
}

func TestLatencyIsAddedToEveryRequest(t *testing.T) {
	s, _ := embedded(1)
	const latency = 60 * time.Millisecond
	x := serve(t, &sim.Server{Sim: s, Latency: latency})
	c := x.client()
	c.vpcs(t)
	for range 2 {
		began := time.Now()
		c.vpcs(t)
		if took := time.Since(began); took < latency {
			t.Errorf("answered within %v", took)
		}
	}
}

func TestOnlyLoopbackIsListenedOnUnlessPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:0": true, "localhost:0": true, "127.3.2.1:0": true,
		"0.0.0.0:0": false, ":0": false, "[::]:0": false, "192.0.2.1:0": false, "example.com:0": false, "127.0.0.1": false,
	} {
		l, err := (&sim.Server{}).Listen(address)
		if (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
		if err == nil {
			_ = l.Close()
		}
	}
	l, err := (&sim.Server{Public: true}).Listen("0.0.0.0:0")
	if err != nil {
		t.Fatalf("a public server does not listen: %v", err)
	}
	_ = l.Close()
}

func TestServedWorldGoesOnWhereItStopped(t *testing.T) {
	dir := t.TempDir()
	s, st, _ := open(t, dir)
	x := serve(t, &sim.Server{Sim: s, Speed: 1000})
	must[*ec2.CreateVpcOutput](t)(x.client().createVPC())
	x.request("POST", "/_sim/advance?by=1h")
	if err := x.stop(); err != nil {
		t.Fatal(err)
	}
	stopped := must[*world.World](t)(world.Load(state(t, dir))).Now()
	if stopped.Sub(world.Epoch()) < time.Hour || !s.Now().Equal(stopped) {
		t.Errorf("it stopped at %v and goes on to %v", stopped, s.Now())
	}
	if err := st.Close(s); err != nil {
		t.Fatal(err)
	}

	s, st, _ = open(t, dir)
	if !s.Now().Equal(stopped) {
		t.Errorf("time ran from %v to %v while the world was down", stopped, s.Now())
	}
	x = serve(t, &sim.Server{Sim: s})
	if n := x.client().vpcs(t); n != 1 {
		t.Errorf("%d VPCs after the restart", n)
	}
	if now := x.now(); now.Before(stopped) || now.After(stopped.Add(time.Minute)) {
		t.Errorf("it is %v after the restart, %v before", now, stopped)
	}
	if err := errors.Join(x.stop(), st.Close(s)); err != nil {
		t.Fatal(err)
	}
}

func TestServedStateIsWrittenWhileServing(t *testing.T) {
	dir := t.TempDir()
	s, st, _ := open(t, dir)
	x := serve(t, (&sim.Server{Sim: s}).FlushEvery(time.Millisecond))
	c := x.client()
	must[*ec2.CreateVpcOutput](t)(c.createVPC())
	began := time.Now()
	for saved(t, dir) == 0 {
		if time.Since(began) > 20*time.Second {
			t.Fatal("nothing was written")
		}
		x.now()
	}
	if err := errors.Join(x.stop(), st.Close(s)); err != nil {
		t.Fatal(err)
	}
}

func TestUnwritableStateIsSaidOnceAndAtTheEnd(t *testing.T) {
	s, _ := embedded(1)
	full := errors.New("disk full")
	tried := make(chan bool, 10_000)
	s.KeepAt(func([]byte) error { tried <- true; return full })
	var said []string
	server := &sim.Server{Sim: s, Log: func(line string) { said = append(said, line) }}
	x := serve(t, server.FlushEvery(time.Millisecond))
	must[*ec2.CreateVpcOutput](t)(x.client().createVPC())
	<-tried
	<-tried
	if err := x.stop(); !errors.Is(err, full) {
		t.Errorf("Serve = %v", err)
	}
	if len(said) != 1 || said[0] != "cannot write the state: disk full" {
		t.Errorf("said %q", said)
	}
	x.stop = func() error { return nil }
}

func TestManyClientsAtOnceLoseNothing(t *testing.T) {
	dir := t.TempDir()
	s, st, _ := open(t, dir)
	s.With(func(w *world.World) {
		w.Tuning.NoLimit = true
		w.Region(wiretest.Region).Quotas = map[string]int{"L-F678F1CE": 1000} // VPCs
	})
	x := serve(t, (&sim.Server{Sim: s, Speed: 500}).FlushEvery(time.Millisecond))
	const writers, each = 8, 10
	var wg sync.WaitGroup
	ids := make(chan string, writers*each)
	for range writers {
		c := x.client()
		wg.Go(func() {
			for range each {
				out, err := c.createVPC()
				if err != nil {
					t.Error(err)
					return
				}
				ids <- *out.Vpc.VpcId
				if _, err := c.ec2.DescribeVpcs(ctx(), &ec2.DescribeVpcsInput{}); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for range each {
				s.Now()
				if err := s.Flush(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	close(ids)
	seen := map[string]bool{}
	for id := range ids {
		seen[id] = true
	}
	if n := x.client().vpcs(t); n != writers*each || len(seen) != n {
		t.Errorf("%d VPCs, %d ids, want %d", n, len(seen), writers*each)
	}
	if err := errors.Join(x.stop(), st.Close(s)); err != nil {
		t.Fatal(err)
	}
	if n := saved(t, dir); n != writers*each {
		t.Errorf("%d VPCs are saved, want %d", n, writers*each)
	}
}

func TestLostAnswerCutsTheConnection(t *testing.T) {
	s, inner := embedded(1)
	x := serve(t, &sim.Server{Sim: s})
	c := x.client()
	s.With(func(w *world.World) { // so that the answer is larger than every buffer on its way
		w.Region(wiretest.Region).Quotas = map[string]int{"L-F678F1CE": 1000}
		w.Tuning.NoLimit = true
	})
	for range 100 {
		must[*ec2.CreateVpcOutput](t)(inner.createVPC())
	}
	for _, f := range []struct {
		weather world.Weather
		effect  int
	}{{world.Weather{LoseRequest: 1}, 0}, {world.Weather{LoseAnswer: 1}, 1}} {
		setWeather(s, world.Weather{})
		before := inner.vpcs(t)
		setWeather(s, f.weather)
		if _, err := c.createVPC(); err == nil || codeOf(err) != "" {
			t.Errorf("%+v: %v, want a connection that is cut", f.weather, err)
		}
		if _, err := c.ec2.DescribeVpcs(ctx(), &ec2.DescribeVpcsInput{}); err == nil || codeOf(err) != "" {
			t.Errorf("%+v: a large answer arrived: %v", f.weather, err)
		}
		setWeather(s, world.Weather{})
		if got := c.vpcs(t) - before; got != f.effect {
			t.Errorf("%+v: %d more VPCs, want %d", f.weather, got, f.effect)
		}
	}
}

// zeros is an endless body.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

func TestHugeBodyIsRefused(t *testing.T) {
	s, _ := embedded(1)
	x := serve(t, &sim.Server{Sim: s})
	const huge = 100 << 20
	for _, r := range []struct{ name, method, path, contentType, target string }{
		{"s3", "PUT", "/bucket/key", "", ""},
		{"query", "POST", "/", "application/x-www-form-urlencoded", ""},
		{"json", "POST", "/", "application/x-amz-json-1.1", "AmazonEC2ContainerServiceV20141113.CreateCluster"},
	} {
		for _, length := range []int64{huge, -1} { // told beforehand, or in chunks
			req := must[*http.Request](t)(http.NewRequest(r.method, x.url+r.path, io.LimitReader(zeros{}, huge)))
			req.ContentLength = length
			req.Header.Set("Content-Type", r.contentType)
			if r.target != "" {
				req.Header.Set("X-Amz-Target", r.target)
			}
			answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
			if err != nil { // the server hung up on a client that went on talking
				t.Logf("%s, length %d: %v", r.name, length, err)
				continue
			}
			if answer.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("%s, length %d: status %d", r.name, length, answer.StatusCode)
			}
			_ = answer.Body.Close()
		}
	}
	if n := x.client().vpcs(t); n != 0 {
		t.Errorf("%d VPCs", n)
	}
}

func TestUnknownOperationsAreAnsweredLoudly(t *testing.T) {
	s, _ := embedded(1)
	x := serve(t, &sim.Server{Sim: s})
	for _, r := range []struct{ name, method, path, header, value, body, code, op string }{
		{"ec2", "POST", "/", "Content-Type", "application/x-www-form-urlencoded", "Action=CreateFpgaImage&Version=2016-11-15", "InvalidAction", "CreateFpgaImage"},
		{"query", "POST", "/", "Content-Type", "application/x-www-form-urlencoded", "Action=CreateUser&Version=2010-05-08", "InvalidAction", "CreateUser"},
		{"json", "POST", "/", "X-Amz-Target", "AmazonEC2ContainerServiceV20141113.Dance", "{}", "UnknownOperationException", "Dance"},
		{"a JSON service", "POST", "/", "X-Amz-Target", "Kinesis_20131202.PutRecord", "{}", "UnknownOperationException", "Kinesis_20131202"},
		{"a query service", "POST", "/", "Content-Type", "application/x-www-form-urlencoded", "Action=Publish&Version=2010-03-31", "NoSuchVersion", "2010-03-31"},
		{"s3", "GET", "/bucket?inventory&id=1", "X", "", "", "NotImplemented", "GetBucketInventoryConfiguration"},
	} {
		req := must[*http.Request](t)(http.NewRequest(r.method, x.url+r.path, strings.NewReader(r.body)))
		req.Header.Set(r.header, r.value)
		answer := must[*http.Response](t)(http.DefaultClient.Do(req))
		body := string(must[[]byte](t)(io.ReadAll(answer.Body)))
		if answer.StatusCode/100 == 2 || !strings.Contains(body, r.code) || !strings.Contains(body, r.op) {
			t.Errorf("%s: %d %s, want %s and %s", r.name, answer.StatusCode, body, r.code, r.op)
		}
		_ = answer.Body.Close()
	}
}

func TestKeysWithSlashesAndDotsArriveAsTheyAre(t *testing.T) {
	s, _ := embedded(1)
	x := serve(t, &sim.Server{Sim: s})
	c := x.client()
	must[*s3.CreateBucketOutput](t)(c.s3.CreateBucket(ctx(), locatedBucket("bucket")))
	for _, key := range []string{"a//b", "a/./b", "a/../b", "/a", "a/", "_sim/time", "é %2F+?"} {
		must[*s3.PutObjectOutput](t)(c.s3.PutObject(ctx(), &s3.PutObjectInput{
			Bucket: aws.String("bucket"), Key: aws.String(key), Body: strings.NewReader(key),
		}))
		out, err := c.s3.GetObject(ctx(), &s3.GetObjectInput{Bucket: aws.String("bucket"), Key: aws.String(key)})
		if err != nil {
			t.Errorf("%q: %v", key, err)
			continue
		}
		if got := must[[]byte](t)(io.ReadAll(out.Body)); string(got) != key {
			t.Errorf("%q holds %q", key, got)
		}
	}
}

func TestSlowClientHoldsNobodyUp(t *testing.T) {
	s, _ := embedded(1)
	x := serve(t, &sim.Server{Sim: s})
	slow := must[net.Conn](t)(net.Dial("tcp", strings.TrimPrefix(x.url, "http://")))
	_, err := fmt.Fprint(slow, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 35\r\n\r\nAction=Describe")
	if err != nil {
		t.Fatal(err)
	}
	if n := x.client().vpcs(t); n != 0 {
		t.Errorf("%d VPCs", n)
	}
	if _, err := fmt.Fprint(slow, "Vpcs&Version=2016-11"); err != nil {
		t.Fatal(err)
	}
	if err := slow.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(slow).ReadString('\n')
	if err != nil || !strings.Contains(line, " 400 ") {
		t.Errorf("the slow one got %q, %v", line, err)
	}
	_ = slow.Close()
}

func TestServerThatLosesItsListenerEnds(t *testing.T) {
	s, _ := embedded(1)
	server := &sim.Server{Sim: s}
	l := must[net.Listener](t)(server.Listen("127.0.0.1:0"))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := server.Serve(ctx(), l); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve = %v", err)
	}
}

func TestPanicOfTheSimulatorIsLoggedAndHoldsNobodyUp(t *testing.T) {
	s, c := embedded(1)
	var mu sync.Mutex
	var said []string
	x := serve(t, &sim.Server{Sim: s, Log: func(line string) { mu.Lock(); defer mu.Unlock(); said = append(said, line) }})
	s.With(func(w *world.World) { w.Schedule(1, world.Event{Kind: "nobody's"}) })
	client := x.client()
	if _, err := client.ec2.DescribeVpcs(ctx(), &ec2.DescribeVpcsInput{}); err == nil {
		t.Error("a defect is answered as if nothing were wrong")
	}
	c.vpcs(t)
	if err := x.stop(); err != nil {
		t.Error(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if !strings.Contains(strings.Join(said, "\n"), "no handler for event nobody's") {
		t.Errorf("said %q", said)
	}
}
