package watching_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/cloud"
	"berth/internal/drive/watching"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/notify"
	seen "berth/internal/observe/watching"
	"berth/internal/sim"
	"berth/internal/sim/world"
	"berth/internal/watch"
)

// stage is a simulated AWS with a cluster's bucket and queues, and what happens on the way to it.
type stage struct {
	*testing.T
	sim   *sim.Sim
	scope model.Scope
	tick  func()                                                                   // called after every sleep
	wire  func(operation string, r *http.Request, on send) (*http.Response, error) // in the way of every request; nil: nothing is
	calls []string                                                                 // writes and receives that were sent, and messages that were delivered
	talk  []string                                                                 // what the watcher said of itself
	told  []watch.Message                                                          // what it told of the cluster
	dead  []string                                                                 // "sink id why"
	quiet bool                                                                     // nobody notes calls
}

// send passes a request on.
type send func(*http.Request) (*http.Response, error)

var errCut = errors.New("connection reset by peer")

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{T: t, sim: sim.New(world.New(1)), scope: model.Scope{
		Account: world.Account, Region: "us-east-1", Partition: "aws", Environment: "prod", Cluster: "shop",
	}}
	c := s.cloud("setup")
	_, err := c.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(s.scope.BucketName())})
	s.must(err)
	_, err = c.ECS.CreateCluster(t.Context(), &ecs.CreateClusterInput{ClusterName: aws.String("shop")})
	s.must(err)
	dead := s.queue(model.DeadQueue, nil)
	redrive := fmt.Sprintf(`{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:%s:%s","maxReceiveCount":5}`, world.Account, dead)
	s.queue(model.EventQueue, map[string]string{"RedrivePolicy": redrive, "VisibilityTimeout": "60"})
	s.calls = nil
	return s
}

func (s *stage) queue(what string, attributes map[string]string) string {
	name := s.scope.QueueName(what)
	_, err := s.cloud("setup").SQS.CreateQueue(s.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	s.must(err)
	return name
}

func (s *stage) must(err error) {
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

// RoundTrip is the way to the simulated AWS.
func (s *stage) RoundTrip(r *http.Request) (*http.Response, error) {
	on := s.sim.Client().Transport.RoundTrip
	name := operation(r)
	if !s.quiet {
		s.calls = append(s.calls, name)
	}
	if s.wire != nil {
		return s.wire(name, r, on)
	}
	return on(r)
}

// operation is what a request is, as far as the tests ask: "put memory", "delete", "receive", "put lease".
func operation(r *http.Request) string {
	target := r.Header.Get("X-Amz-Target")
	if _, name, ok := strings.Cut(target, "."); ok {
		return name
	}
	switch {
	case strings.HasSuffix(r.URL.Path, seen.MemoryKey):
		return r.Method + " memory"
	case strings.HasSuffix(r.URL.Path, lease.Watch):
		return r.Method + " lease"
	}
	return r.Method + " " + r.URL.Path
}

// cloud is a run's way to AWS.
func (s *stage) cloud(run string) *cloud.Cloud {
	return cloud.Embedded(&http.Client{Transport: s}, "us-east-1", cloud.Options{Clock: s, Run: run, Width: 1})
}

// sink takes messages, or not.
type sink struct {
	*stage
	name string
	got  []watch.Message
	fail func(watch.Message) error // nil: it takes everything
}

func (k *sink) Name() string { return k.name }

func (k *sink) Send(_ context.Context, m watch.Message) error {
	k.calls = append(k.calls, "send")
	if k.fail != nil {
		if err := k.fail(m); err != nil {
			return err
		}
	}
	k.got = append(k.got, m)
	return nil
}

// kinds are the messages that a sink got, as "opened 1": the kind and the number of the change.
func (k *sink) kinds() []string {
	var out []string
	for _, m := range k.got {
		out = append(out, m.Kind+" "+m.ID[strings.LastIndexByte(m.ID, '-')+1:])
	}
	return out
}

// watcher is a watcher that tells these sinks.
func (s *stage) watcher(run string, sinks ...*sink) *watching.Watch {
	w := &watching.Watch{
		Cloud: s.cloud(run), Scope: s.scope, Who: lease.Holder{Owner: "ann", Host: "laptop", Verb: "watch", Run: run},
		Tell: func(n watching.Told) {
			if n.Message != nil {
				s.told = append(s.told, *n.Message)
			} else {
				s.talk = append(s.talk, n.Text)
			}
		},
		DeadLetters: func(m watch.Message, sink, why string) error {
			s.dead = append(s.dead, sink+" "+m.ID+" "+why)
			return nil
		},
	}
	for _, k := range sinks {
		w.Sinks = append(w.Sinks, notify.Sink(k))
		w.Receivers = append(w.Receivers, watch.Receiver{Name: k.name})
	}
	return w
}

// said tells whether the watcher has said something with these words, and how often.
func (s *stage) said(words string) (n int) {
	for _, t := range s.talk {
		if strings.Contains(t, words) {
			n++
		}
	}
	return n
}

// ended is the event that a task of a service has ended, because its image is not there.
func (s *stage) ended(service string, n int) string {
	arn := func(what string) string { return "arn:aws:ecs:us-east-1:" + world.Account + ":" + what }
	id := fmt.Sprintf("%032x", n)
	at := s.Now().UTC().Format(time.RFC3339)
	b, err := json.Marshal(map[string]any{
		"version": "0", "id": fmt.Sprintf("event-%s-%d", service, n), "detail-type": "ECS Task State Change", "source": "aws.ecs", "account": world.Account,
		"time": at, "region": "us-east-1", "resources": []string{arn("task/shop/" + id)},
		"detail": map[string]any{
			"clusterArn": arn("cluster/shop"), "taskArn": arn("task/shop/" + id), "taskDefinitionArn": arn("task-definition/" + service + ":1"),
			"group": "service:" + service, "lastStatus": "STOPPED", "desiredStatus": "STOPPED", "stopCode": "TaskFailedToStart", "stoppedAt": at,
			"createdAt": at, "launchType": "EC2", "version": 3,
			"stoppedReason": "CannotPullContainerError: manifest for " + service + ":1 not found: manifest unknown",
			"containers":    []map[string]any{{"name": service, "image": service + ":1", "lastStatus": "STOPPED", "reason": "CannotPullContainerError: manifest for " + service + ":1 not found: manifest unknown"}},
		},
	})
	s.must(err)
	return string(b)
}

// post puts messages into the queue, as EventBridge does.
func (s *stage) post(bodies ...string) {
	s.Helper()
	s.quiet = true
	defer func() { s.quiet = false }()
	wire := s.wire
	s.wire = nil
	defer func() { s.wire = wire }()
	c := s.cloud("events")
	url, err := seen.Queue(s.Context(), c, s.scope)
	s.must(err)
	for _, b := range bodies {
		_, err := c.SQS.SendMessage(s.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &b})
		s.must(err)
	}
}

// left is how many messages a queue has.
func (s *stage) left(what string) (n int) {
	s.sim.With(func(w *world.World) {
		r := w.Region("us-east-1")
		q, _ := r.SQS.Queues.Get(s.scope.QueueName(what))
		n = len(q.Messages)
	})
	return n
}

// memory is what is stored; false: nothing is.
func (s *stage) memory() (watch.Memory, bool) {
	s.Helper()
	s.quiet = true
	defer func() { s.quiet = false }()
	wire := s.wire
	s.wire = nil
	defer func() { s.wire = wire }()
	m, err := seen.Memory(s.Context(), s.cloud("reader"), s.scope.BucketName())
	s.must(err)
	return m.Memory, m.ETag != ""
}

// write puts what it likes where the memory lies.
func (s *stage) write(text string) {
	s.Helper()
	_, err := s.cloud("vandal").S3.PutObject(s.Context(), &s3.PutObjectInput{
		Bucket: aws.String(s.scope.BucketName()), Key: aws.String(seen.MemoryKey), Body: strings.NewReader(text),
	})
	s.must(err)
}

// deeds are the calls of these operations, in their order, each once where it is repeated at once.
func (s *stage) deeds(of ...string) []string {
	var out []string
	for _, c := range s.calls {
		if slices.Contains(of, c) {
			out = append(out, c)
		}
	}
	return slices.Compact(out)
}
