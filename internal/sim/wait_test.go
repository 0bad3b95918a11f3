package sim_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"berth/internal/sim"
	"berth/internal/sim/wire/wiretest"
	"berth/internal/sim/world"
)

// poller is a queue of a served world, and its clients.
type poller struct {
	*served
	world *sim.Sim
	sqs   *sqs.Client
	url   *string
}

func newPoller(t *testing.T, speed float64) *poller {
	t.Helper()
	s, _ := embedded(1)
	p := &poller{served: serve(t, &sim.Server{Sim: s, Speed: speed}), world: s}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	cfg := wiretest.Config(copying{transport})
	cfg.BaseEndpoint = &p.served.url
	p.sqs = sqs.NewFromConfig(cfg)
	p.url = must[*sqs.CreateQueueOutput](t)(p.sqs.CreateQueue(ctx(), &sqs.CreateQueueInput{QueueName: aws.String("watch")})).QueueUrl
	return p
}

// polls asks for a message in another goroutine, and hands over how long that took, by the machine's clock, and what came.
func (p *poller) polls(c context.Context, wait int32) <-chan answer {
	out := make(chan answer, 1)
	go func() {
		began := time.Now()
		got, err := p.sqs.ReceiveMessage(c, &sqs.ReceiveMessageInput{QueueUrl: p.url, WaitTimeSeconds: wait})
		a := answer{took: time.Since(began), err: err}
		if err == nil {
			a.messages = got.Messages
		}
		out <- a
	}()
	return out
}

type answer struct {
	took     time.Duration
	messages []types.Message
	err      error
}

func (p *poller) send(text string) {
	p.t.Helper()
	must[*sqs.SendMessageOutput](p.t)(p.sqs.SendMessage(ctx(), &sqs.SendMessageInput{QueueUrl: p.url, MessageBody: &text}))
}

// receives is how often the first message was received.
func (p *poller) receives() (n int) {
	p.world.With(func(w *world.World) {
		q, _ := w.Region(wiretest.Region).SQS.Queues.Get("watch")
		n = q.Messages[0].Receives
	})
	return n
}

func TestAPollIsHeldUntilAMessageIsThere(t *testing.T) {
	p := newPoller(t, 1)
	waiting := p.polls(ctx(), 20)
	select {
	case a := <-waiting:
		t.Fatalf("it did not wait: %+v", a)
	case <-time.After(200 * time.Millisecond):
	}
	p.send("news") // others are answered meanwhile
	if a := <-waiting; a.err != nil || len(a.messages) != 1 || *a.messages[0].Body != "news" || a.took > 10*time.Second {
		t.Errorf("%+v", a)
	}
}

func TestAPollEndsWhenTheWorldsTimeIsOver(t *testing.T) {
	p := newPoller(t, 20)
	if a := <-p.polls(ctx(), 20); a.err != nil || len(a.messages) > 0 || a.took < time.Second || a.took > 10*time.Second {
		t.Errorf("20 s at speed 20: %+v", a)
	}
	if a := <-p.polls(ctx(), 0); a.err != nil || a.took > time.Second {
		t.Errorf("no wait: %+v", a)
	}
	must[*sqs.SetQueueAttributesOutput](t)(p.sqs.SetQueueAttributes(ctx(), &sqs.SetQueueAttributesInput{
		QueueUrl: p.url, Attributes: map[string]string{"ReceiveMessageWaitTimeSeconds": "10"},
	}))
	if a := <-p.polls(ctx(), 0); a.err != nil || a.took < 500*time.Millisecond {
		t.Errorf("the queue's own 10 s at speed 20: %+v", a)
	}
}

func TestAPollEndsWhenTheTimeIsMoved(t *testing.T) {
	p := newPoller(t, 1)
	waiting := p.polls(ctx(), 20)
	time.Sleep(200 * time.Millisecond) // until it waits
	p.request("POST", "/_sim/advance?by=10m")
	if a := <-waiting; a.err != nil || a.took > 10*time.Second {
		t.Errorf("ten minutes later: %+v", a)
	}
}

func TestAMessageThatIsVisibleAgainEndsAPoll(t *testing.T) {
	p := newPoller(t, 20)
	p.send("news")
	must[*sqs.ReceiveMessageOutput](t)(p.sqs.ReceiveMessage(ctx(), &sqs.ReceiveMessageInput{QueueUrl: p.url, VisibilityTimeout: 10}))
	if a := <-p.polls(ctx(), 20); a.err != nil || len(a.messages) != 1 || a.took < 250*time.Millisecond {
		t.Errorf("%+v", a)
	}
}

func TestACallerWhoIsGoneTakesNoMessage(t *testing.T) {
	p := newPoller(t, 1)
	short, cancel := context.WithTimeout(ctx(), 100*time.Millisecond)
	defer cancel()
	if a := <-p.polls(short, 20); a.err == nil {
		t.Fatal("it was answered")
	}
	time.Sleep(200 * time.Millisecond) // until the server knows
	p.send("news")
	time.Sleep(200 * time.Millisecond)
	if n := p.receives(); n != 0 {
		t.Errorf("it was received %d times", n)
	}
}

func TestTheEndWaitsForNoPoll(t *testing.T) {
	p := newPoller(t, 1)
	waiting := p.polls(ctx(), 20)
	time.Sleep(100 * time.Millisecond)
	began := time.Now()
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v to stop", took)
	}
	if a := <-waiting; a.err != nil || len(a.messages) > 0 {
		t.Errorf("whoever waited got %+v", a)
	}
}
