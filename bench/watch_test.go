package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/clock"
	"berth/internal/cloud"
	"berth/internal/drive/watching"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/notify"
	"berth/internal/secret"
	"berth/internal/sim"
	"berth/internal/sim/world"
	incidents "berth/internal/watch"
)

// wired is the way to a served AWS: requests go to its address, under the names that AWS has.
type wired string

// RoundTrip sends a request.
func (w wired) RoundTrip(r *http.Request) (*http.Response, error) {
	out := r.Clone(r.Context())
	out.Host = r.URL.Host
	out.URL.Scheme, out.URL.Host = "http", string(w)
	return http.DefaultTransport.RoundTrip(out)
}

// BenchmarkMessage is a task that cannot start, each time one of another service: from when the queue has taken the event to when a
// web server on this machine has the message, by the wall clock. The simulator is served on loopback at speed 1, and the watcher is
// the one of berth watch, with its closer look at what failed.
func BenchmarkMessage(b *testing.B) {
	s := sim.New(world.New(1))
	server := &sim.Server{Sim: s}
	l, err := server.Listen("127.0.0.1:0")
	must(b, err)
	ctx, stop := context.WithCancel(b.Context())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, l) }()
	came := make(chan string, 100)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var m incidents.Message
		if json.NewDecoder(r.Body).Decode(&m) == nil && m.Kind == incidents.Opened {
			came <- m.Incident.Cause.Scope
		}
	}))
	defer hook.Close()

	scope := model.Scope{Account: world.Account, Region: "us-east-1", Partition: "aws", Environment: "prod", Cluster: "shop"}
	c := cloud.Embedded(&http.Client{Transport: wired(l.Addr().String())}, "us-east-1", cloud.Options{Clock: clock.System(), Run: "bench", Width: Width})
	queue := stage(b, c, scope)
	sink, err := notify.NewWebhook("ops", secret.New(hook.URL), secret.New("key"), clock.System())
	must(b, err)
	w := watching.Watch{
		Cloud: c, Scope: scope, Who: lease.Holder{Owner: "bench", Run: "bench"}, Sinks: []notify.Sink{sink}, Receivers: []incidents.Receiver{{Name: "ops"}},
		Tell: func(watching.Told) {},
	}
	watched := make(chan error, 1)
	awake, rest := context.WithCancel(b.Context())
	go func() { watched <- w.Run(awake, false, 0) }()
	var took []time.Duration
	for n := 0; b.Loop(); n++ {
		time.Sleep(100 * time.Millisecond) // it waits for the next one
		name := fmt.Sprint("web-", n)
		body := ended(b, name, n)
		_, err := c.SQS.SendMessage(b.Context(), &sqs.SendMessageInput{QueueUrl: queue, MessageBody: &body})
		began := time.Now()
		must(b, err)
		select {
		case of := <-came:
			if of != "service/"+name {
				b.Fatalf("told of %s", of)
			}
		case <-time.After(time.Minute):
			b.Fatal("nobody was told within a minute")
		}
		took = append(took, time.Since(began))
	}
	rest()
	if err := <-watched; !errors.Is(err, context.Canceled) {
		b.Error(err)
	}
	stop()
	must(b, <-served)
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "ms-median")
	b.ReportMetric(took[len(took)-1].Seconds()*1000, "ms-most")
	b.ReportMetric(0, "ns/op")
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// stage makes what a watcher needs of a cluster, and gives its queue.
func stage(tb testing.TB, c *cloud.Cloud, scope model.Scope) *string {
	tb.Helper()
	_, err := c.S3.CreateBucket(tb.Context(), &s3.CreateBucketInput{Bucket: new(scope.BucketName())})
	must(tb, err)
	_, err = c.ECS.CreateCluster(tb.Context(), &ecs.CreateClusterInput{ClusterName: new("shop")})
	must(tb, err)
	out, err := c.SQS.CreateQueue(tb.Context(), &sqs.CreateQueueInput{QueueName: new(scope.QueueName(model.EventQueue))})
	must(tb, err)
	return out.QueueUrl
}

// ended is the event that a task of a service has ended, because its image is not there.
func ended(tb testing.TB, service string, n int) string {
	tb.Helper()
	arn := func(what string) string { return "arn:aws:ecs:us-east-1:" + world.Account + ":" + what }
	at, task := time.Now().UTC().Format(time.RFC3339), arn(fmt.Sprintf("task/shop/%032x", n))
	reason := "CannotPullContainerError: manifest for " + service + ":1 not found: manifest unknown"
	body, err := json.Marshal(map[string]any{
		"version": "0", "id": fmt.Sprint("event-", n), "detail-type": "ECS Task State Change", "source": "aws.ecs", "account": world.Account,
		"time": at, "region": "us-east-1", "resources": []string{task},
		"detail": map[string]any{
			"clusterArn": arn("cluster/shop"), "taskArn": task, "taskDefinitionArn": arn("task-definition/" + service + ":1"),
			"group": "service:" + service, "lastStatus": "STOPPED", "desiredStatus": "STOPPED", "stopCode": "TaskFailedToStart",
			"stoppedAt": at, "createdAt": at, "launchType": "EC2", "stoppedReason": reason,
			"containers": []map[string]any{{"name": service, "image": service + ":1", "lastStatus": "STOPPED", "reason": reason}},
		},
	})
	must(tb, err)
	return string(body)
}
