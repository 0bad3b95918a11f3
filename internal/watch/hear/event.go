package hear

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"berth/internal/model"
	"berth/internal/watch"
)

// Heard is what an event says.
type Heard struct {
	ID      string    // of the event, which is the same when it is delivered twice
	At      time.Time // when it was so
	Kind    string    // AWS's detail-type: "ECS Task State Change"
	Signals []watch.Signal
	Test    *watch.Test // it is a test message: nothing happened
}

// Until is what was heard, as known at a moment: nothing was much later than that. Clocks that differ by some minutes are told as they
// are, and Step bears them.
func (h Heard) Until(now time.Time) Heard {
	known := func(at time.Time) time.Time {
		if at.Sub(now) > ahead {
			return now
		}
		return at
	}
	h.At = known(h.At)
	for n := range h.Signals {
		h.Signals[n].At = known(h.Signals[n].At)
	}
	if h.Test != nil {
		h.Test = &watch.Test{ID: h.Test.ID, At: known(h.Test.At)}
	}
	return h
}

// ahead is how far clocks may differ, and how far times within an event may be from the event's own.
const ahead = time.Hour

// Refusal is why an event is not believed.
type Refusal struct{ Why string }

func (r *Refusal) Error() string { return "this is no event of the cluster: " + r.Why }

func refuse(format string, args ...any) error {
	return &Refusal{Why: cut(fmt.Sprintf(format, args...), mostText)}
}

// envelope is what all events have (EventBridge user guide, "Events").
type envelope struct {
	ID        string   `json:"id"`
	Kind      string   `json:"detail-type"`
	Source    string   `json:"source"`
	Account   string   `json:"account"`
	Time      string   `json:"time"`
	Region    string   `json:"region"`
	Resources []string `json:"resources"`
	Detail    detail   `json:"detail"`
}

// mostBody is the most bytes that a message of a queue has (SQS developer guide, "Quotas").
const mostBody = 1 << 20

// firstYear is the first that an event can be of: EventBridge began in January 2016, as CloudWatch Events.
const firstYear = 2016

// Event tells what an event of a cluster says. The error is a *Refusal: it is none, or of another cluster. An event that means nothing
// has no signals.
func Event(body []byte, scope model.Scope) (Heard, error) {
	e, err := opened(body)
	if err != nil {
		return Heard{}, err
	}
	at, err := time.Parse(time.RFC3339, e.Time)
	switch {
	case err != nil:
		return Heard{}, refuse("its time is %q", quotable(e.Time))
	case at.Year() < firstYear:
		return Heard{}, refuse("it is of %d", at.Year())
	case e.Account != scope.Account:
		return Heard{}, refuse("it is of account %s", quotable(e.Account))
	case e.Region != scope.Region:
		return Heard{}, refuse("it is of region %s", quotable(e.Region))
	}
	l := &listener{scope: scope, envelope: e, at: at.UTC()}
	h := Heard{ID: cut(e.ID, mostID), At: l.at, Kind: quotable(e.Kind)}
	if err := l.listen(&h); err != nil {
		return Heard{}, err
	}
	for n := range h.Signals {
		h.Signals[n] = bounded(h.Signals[n])
	}
	return h, nil
}

// opened is an event's envelope.
func opened(body []byte) (envelope, error) {
	var e envelope
	if len(body) > mostBody {
		return e, refuse("it has %d bytes", len(body))
	}
	if err := lenient(body, &e); err != nil {
		return e, refuse("it is no JSON: %v", err)
	}
	for _, part := range []struct{ name, value string }{{"id", e.ID}, {"detail-type", e.Kind}, {"source", e.Source}, {"account", e.Account}, {"time", e.Time}, {"region", e.Region}} {
		if part.value == "" {
			return e, refuse("it has no %s", part.name)
		}
	}
	return e, nil
}

// lenient reads JSON. What is of another type than it was when this was written is left out: AWS adds to events and may change them.
func lenient(body []byte, into any) error {
	err := json.Unmarshal(body, into)
	if other := (*json.UnmarshalTypeError)(nil); errors.As(err, &other) {
		return nil
	}
	return err
}

// listener is one event with the cluster that it is to be of.
type listener struct {
	envelope

	scope model.Scope
	at    time.Time
}

// listen finds out what the event is about.
func (l *listener) listen(h *Heard) (err error) {
	switch l.Source + " " + l.Kind {
	case "aws.ecs ECS Task State Change":
		h.Signals, err = l.task()
	case "aws.ecs ECS Service Action":
		h.Signals, err = l.action()
	case "aws.ecs ECS Deployment State Change":
		h.Signals, err = l.turn()
	case "aws.ecs ECS Container Instance State Change":
		h.Signals, err = l.instance()
	case "aws.autoscaling EC2 Instance Launch Unsuccessful":
		h.Signals, err = l.group(true)
	case "aws.autoscaling EC2 Instance Terminate Unsuccessful":
		h.Signals, err = l.group(false)
	case model.TestSource + " " + model.TestType:
		h.Test, err = l.test()
	}
	return err
}

// test is what berth alerts test has put on the bus.
func (l *listener) test() (*watch.Test, error) {
	if err := l.ours(); err != nil {
		return nil, err
	}
	if l.Detail.ID == "" {
		return nil, refuse("a test message without an id")
	}
	return &watch.Test{ID: cut(l.Detail.ID, mostID), At: l.at}, nil
}

// ours refuses what ECS says of another cluster.
func (l *listener) ours() error {
	if want := l.arn("ecs", "cluster/"+l.scope.ClusterName()); l.Detail.Cluster != want {
		return refuse("it is of cluster %q", quotable(l.Detail.Cluster))
	}
	return nil
}

// arn is the ARN of something of a service of AWS in the account and region.
func (l *listener) arn(service, resource string) string {
	return strings.Join([]string{"arn", l.scope.Partition, service, l.scope.Region, l.scope.Account, resource}, ":")
}

// moment is a time within an event; the zero time where there is none, or one that makes no sense.
func moment(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || at.Year() < firstYear {
		return time.Time{}
	}
	return at.UTC()
}

// when is a time within the event if it is near that of the event itself, and else the event's.
func (l *listener) when(at time.Time) time.Time {
	if d := at.Sub(l.at); at.IsZero() || d > ahead || d < -ahead {
		return l.at
	}
	return at
}
