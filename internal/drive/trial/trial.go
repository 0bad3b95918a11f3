// Package trial tries the ways by which people are told: it sends one message along each, and finds out how far it came.
//
// In: a Cloud, the cluster's scope, and whom the file wants told. Out: one Way for each of them, and one for the queue that
// berth watch hears by. What cannot be known it does not claim: whether a mail was read, say. In the queues it deletes nothing but
// its own message.
package trial

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	deed "berth/internal/apply/watching"
	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/notify"
	seen "berth/internal/observe/watching"
	"berth/internal/watch"
)

// Outcome is how far a message came.
type Outcome string

// The outcomes. Only Failed means that somebody would not hear of a failure.
const (
	Arrived Outcome = "arrived" // the receiver has said so
	Handed  Outcome = "handed"  // to SNS; what comes of it nobody says
	Written Outcome = "written" // into a file, in a rehearsal
	Failed  Outcome = "failed"
)

// Way is one way, and what came of the message on it.
type Way struct {
	Alert   string // its name in the file; empty: the queue of events
	Outcome Outcome
	Text    string
	Fix     string // of one that failed
}

// Trial is a message that is to be sent along every way.
type Trial struct {
	Cloud  *cloud.Cloud
	Scope  model.Scope
	ID     string // tells this test from others
	Who    string // asks for it
	Sinks  []notify.Sink
	Alerts []model.Subscription // those whom AWS itself tells
	Flags  string               // that name the cluster, for commands to be copied
}

// slow is how long the receivers of berth watch may take, all of them.
const slow = 25 * time.Second

// Run sends the message. Notes are about what else was seen on the way. With an error the ways are those that were tried by then.
func (t *Trial) Run(ctx context.Context) (ways []Way, notes []string, err error) {
	memory, err := seen.Memory(ctx, t.Cloud, t.Scope.BucketName())
	if err != nil {
		if _, unreadable := errors.AsType[*seen.Unreadable](err); !unreadable {
			return nil, nil, err
		}
		notes = append(notes, err.Error()) // berth watch stops at it, and this test is not about that
	}
	ways = t.own(ctx)
	path, err := seen.WayOf(ctx, t.Cloud, t.Scope, t.Alerts)
	if err != nil {
		return ways, notes, err
	}
	if err := t.emit(ctx); err != nil {
		return ways, notes, err
	}
	queue, err := t.queue(ctx, memory.Memory.Beat)
	if err != nil {
		return ways, notes, err
	}
	dead, more, err := t.deadLetters(ctx)
	if err != nil {
		return ways, notes, err
	}
	if queue.Outcome == Failed && dead[model.EventsRule] != "" {
		queue.Text = "EventBridge could not put it into the queue: " + dead[model.EventsRule]
	}
	return append(append(ways, t.subscribers(path, dead[model.TestRule])...), queue), append(notes, more...), nil
}

// own tries what berth watch tells.
func (t *Trial) own(ctx context.Context) []Way {
	ctx, cancel := context.WithTimeout(ctx, slow)
	defer cancel()
	m := watch.Trial(t.ID, t.Who, t.Cloud.Clock.Now(), t.Scope)
	var jobs []notify.Job
	for _, s := range t.Sinks {
		jobs = append(jobs, notify.Job{Sink: s, Message: m})
	}
	var ways []Way
	for i, err := range notify.Deliver(ctx, jobs) {
		ways = append(ways, came(jobs[i].Sink, err))
	}
	return ways
}

// came is what came of a message to one sink.
func came(s notify.Sink, err error) Way {
	w := Way{Alert: s.Name(), Outcome: Arrived, Text: "the receiver has taken it"}
	paper, written := s.(interface{ Folder() string })
	f, known := errors.AsType[*notify.Failure](err)
	switch {
	case err == nil && written:
		w.Outcome, w.Text = Written, "into "+paper.Folder()+": a rehearsal sends nothing"
	case err != nil:
		w.Outcome, w.Text, w.Fix = Failed, err.Error(), "berth watch would try again for a day; see whether the receiver is up and can be reached from here"
		if known && f.Final {
			w.Fix = "look at alerts." + s.Name() + " in the file: trying again does not help"
		}
	}
	return w
}

// emit puts the message on the event bus.
func (t *Trial) emit(ctx context.Context) error {
	detail, err := json.Marshal(map[string]string{
		"id": t.ID, "who": t.Who,
		"clusterArn": "arn:" + t.Scope.Partition + ":ecs:" + t.Scope.Region + ":" + t.Scope.Account + ":cluster/" + t.Scope.ClusterName(),
	})
	if err != nil {
		return err
	}
	_, err = deed.Emit(ctx, t.Cloud, deed.Event{Source: model.TestSource, Type: model.TestType, Detail: string(detail)})
	return err
}

// subscribers is what is known of those whom AWS tells; dead is why EventBridge could not give the message to the topic.
func (t *Trial) subscribers(path seen.Way, dead string) []Way {
	var ways []Way
	for _, a := range t.Alerts {
		w := Way{Alert: a.Name, Outcome: Failed, Fix: "berth apply" + t.Flags}
		switch {
		case !path.Topic:
			w.Text = "there is no topic " + t.Scope.TopicName()
		case named(path.Facts.Absent, a.Name):
			w.Text = "AWS knows no such subscription: nobody made it, or it was not confirmed for 48 hours, or somebody unsubscribed"
		case named(path.Facts.Unconfirmed, a.Name):
			w.Text, w.Fix = "nobody has confirmed it yet, so AWS sends nothing there", confirm(a)
		case !path.Tests:
			w.Text = "the rule " + t.Scope.RuleName(model.TestRule) + " is not there, disabled, or has another target"
		case dead != "":
			w.Text = "EventBridge could not give it to the topic: " + dead
		default:
			w.Outcome, w.Fix = Handed, ""
			w.Text = "to SNS, and the subscription is confirmed; " + beyond(a) + " " + t.ID
		}
		ways = append(ways, w)
	}
	return ways
}

func named(some []model.Subscription, alert string) bool {
	for _, s := range some {
		if s.Name == alert {
			return true
		}
	}
	return false
}

// confirm is how somebody agrees to be told.
func confirm(a model.Subscription) string {
	if a.Protocol == model.ProtocolEmail {
		return `follow the link in the mail "AWS Notification - Subscription Confirmation" to ` + a.Endpoint + "; look into the spam, too"
	}
	return "let the server visit the SubscribeURL of the post of type SubscriptionConfirmation"
}

// beyond is what AWS tells nobody.
func beyond(a model.Subscription) string {
	switch a.Protocol {
	case model.ProtocolEmail:
		return "only the mailbox tells whether it came: look for test"
	case model.ProtocolHTTPS:
		return "only the server tells whether it took it: look for test"
	}
	return "only the queue tells whether it is there: look for test"
}
