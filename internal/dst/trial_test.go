package dst

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/clock"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/drive/trial"
	watching "berth/internal/drive/watching"
	"berth/internal/notify"
	"berth/internal/observe"
	"berth/internal/sim/access"
)

// try sends a test message along every way, as berth alerts test does.
func (r *Rig) try(c *config.Config, change ...func(*trial.Trial)) (map[string]trial.Way, []string, error) {
	cluster, _ := r.acting(c, "alerts")
	scope, err := observe.Who(context.Background(), cluster.Cloud, c.Environment, c.Cluster)
	if err != nil {
		return nil, nil, err
	}
	run := trial.Trial{Cloud: cluster.Cloud, Scope: scope, ID: "test-0f3a", Who: "mila@laptop", Alerts: desired.Subscriptions(c)}
	for _, a := range c.Alerts {
		if a.TopicARN != "" {
			run.Sinks = append(run.Sinks, notify.Sink(watching.Topic{Cloud: cluster.Cloud, Alert: a.Name, ARN: a.TopicARN}))
		}
	}
	for _, f := range change {
		f(&run)
	}
	ways, notes, err := run.Run(context.Background())
	out := map[string]trial.Way{}
	for _, w := range ways {
		out[w.Alert] = w
	}
	return out, notes, err
}

// informedCluster is a cluster whose alerts are confirmed: one by mail, one by a topic of others.
func informedCluster(t *testing.T) (*Rig, *config.Config, *cloud.Cloud) {
	t.Helper()
	r := NewRig(1)
	return r, confirmed(t, r), r.client()
}

func confirmed(t *testing.T, r *Rig) *config.Config {
	t.Helper()
	c := Load(t, small, informedOf)
	fine(t, r.Apply(c))
	r.Settle()
	r.confirm(t)
	fine(t, second(r.client().SQS.PurgeQueue(t.Context(), &sqs.PurgeQueueInput{QueueUrl: new(r.url(t, "events"))})))
	r.pass(time.Minute)
	_, err := r.client().SNS.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: new("team")})
	fine(t, err)
	return c
}

// came fails the test unless the ways have these outcomes, and say these words.
func came(t *testing.T, got map[string]trial.Way, want map[string]string) {
	t.Helper()
	for name, words := range want {
		outcome, text, _ := strings.Cut(words, ": ")
		if w := got[name]; string(w.Outcome) != outcome || !strings.Contains(w.Text, text) || (w.Fix == "") != (w.Outcome != trial.Failed) {
			t.Errorf("alert %q: %+v, want %s", name, w, words)
		}
	}
}

func TestATestMessageGoesAlongEveryWay(t *testing.T) {
	r, c, _ := informedCluster(t)
	last := r.lastMail()
	got, notes, err := r.try(c)
	fine(t, err)
	came(t, got, map[string]string{"ops": "handed: look for test test-0f3a", "team": "arrived: ", "": "arrived: it was in the queue"})
	if len(notes) > 0 || len(r.queued("events")) > 0 || len(r.queued("dead_letters")) > 0 {
		t.Errorf("it left %q %q, and says %q", r.queued("events"), r.queued("dead_letters"), notes)
	}
	r.Settle()
	mails := r.mails(last)
	if len(mails) != 1 || !strings.Contains(mails[0].Body, "test-0f3a") || !strings.Contains(mails[0].Body, "Nothing is wrong") {
		t.Errorf("the mails are %+v", mails)
	}
}

func TestATestNamesTheWayThatIsBroken(t *testing.T) {
	rule := "acc_acc_alert_test"
	for name, one := range map[string]struct {
		do   func(*testing.T, *Rig, *cloud.Cloud) error
		want map[string]string
	}{
		"the rule is disabled": {func(t *testing.T, _ *Rig, at *cloud.Cloud) error {
			return second(at.Events.DisableRule(t.Context(), &eventbridge.DisableRuleInput{Name: &rule}))
		}, map[string]string{"ops": "failed: the rule acc_acc_alert_test", "team": "arrived: ", "": "arrived: "}},
		"the rule has no target": {func(t *testing.T, _ *Rig, at *cloud.Cloud) error {
			return second(at.Events.RemoveTargets(t.Context(), &eventbridge.RemoveTargetsInput{Rule: &rule, Ids: []string{"berth"}}))
		}, map[string]string{"ops": "failed: the rule acc_acc_alert_test"}},
		"the topic's key is disabled": {func(t *testing.T, _ *Rig, at *cloud.Cloud) error {
			key, err := at.KMS.DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: new("alias/acc_acc_events")})
			if err != nil {
				return err
			}
			return second(at.KMS.DisableKey(t.Context(), &kms.DisableKeyInput{KeyId: key.KeyMetadata.KeyId}))
		}, map[string]string{"ops": "failed: EventBridge could not give it to the topic: ", "": "arrived: "}},
		"nothing goes into the queue": {func(t *testing.T, _ *Rig, at *cloud.Cloud) error {
			return second(at.Events.DisableRule(t.Context(), &eventbridge.DisableRuleInput{Name: new("acc_acc_events")}))
		}, map[string]string{"ops": "handed: ", "": "failed: it did not come within 20s"}},
		"the queue lets nobody in": {func(t *testing.T, r *Rig, at *cloud.Cloud) error {
			return second(at.SQS.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: new(r.url(t, "events")), Attributes: map[string]string{"Policy": ""}}))
		}, map[string]string{"ops": "handed: ", "": "failed: EventBridge could not put it into the queue: NO_PERMISSIONS"}},
		"there is no queue": {func(t *testing.T, r *Rig, at *cloud.Cloud) error {
			return second(at.SQS.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: new(r.url(t, "events"))}))
		}, map[string]string{"": "failed: EventBridge could not put it into the queue: NO_RESOURCE"}},
		"there is no topic": {func(t *testing.T, _ *Rig, at *cloud.Cloud) error {
			return second(at.SNS.DeleteTopic(t.Context(), &sns.DeleteTopicInput{TopicArn: new("arn:aws:sns:eu-west-1:123456789012:ecs_events_acc_acc")}))
		}, map[string]string{"ops": "failed: there is no topic", "": "arrived: "}},
		"the other topic is gone": {func(t *testing.T, _ *Rig, at *cloud.Cloud) error {
			return second(at.SNS.DeleteTopic(t.Context(), &sns.DeleteTopicInput{TopicArn: new("arn:aws:sns:eu-west-1:123456789012:team")}))
		}, map[string]string{"ops": "handed: ", "team": "failed: SNS: ", "": "arrived: "}},
		"somebody unsubscribed": {func(t *testing.T, r *Rig, at *cloud.Cloud) error {
			return second(at.SNS.Unsubscribe(t.Context(), &sns.UnsubscribeInput{SubscriptionArn: r.subscriptions(t)[0].SubscriptionArn}))
		}, map[string]string{"ops": "failed: AWS knows no such subscription", "": "arrived: "}},
	} {
		t.Run(name, func(t *testing.T) {
			r, c, at := informedCluster(t)
			fine(t, one.do(t, r, at))
			got, _, err := r.try(c)
			fine(t, err)
			came(t, got, one.want)
			if dead := r.queued("dead_letters"); len(dead) > 0 {
				t.Errorf("it leaves %q", dead)
			}
		})
	}
}

// second is the error of a call.
func second[T any](_ T, err error) error { return err }

// url is the address of one of the cluster's queues.
func (r *Rig) url(t *testing.T, what string) string {
	t.Helper()
	out, err := r.client().SQS.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: new("acc_acc_" + what)})
	fine(t, err)
	return *out.QueueUrl
}

func TestATestOfWhomNobodyAgreedToHearFails(t *testing.T) {
	r := NewRig(1)
	c := Load(t, small, told)
	fine(t, r.Apply(c))
	r.Settle()
	got, _, err := r.try(c)
	fine(t, err)
	came(t, got, map[string]string{"ops": "failed: nobody has confirmed it yet", "": "arrived: "})
}

func TestATestLeavesMessagesOfOthersInTheQueues(t *testing.T) {
	r, c, at := informedCluster(t)
	for _, what := range []string{"events", "dead_letters"} {
		for range 4 {
			fine(t, second(at.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: new(r.url(t, what)), MessageBody: new("another")})))
		}
	}
	got, notes, err := r.try(c)
	fine(t, err)
	came(t, got, map[string]string{"": "arrived: "})
	if len(notes) != 1 || notes[0] != "acc_acc_dead_letters holds what could not be delivered, or not be read: 4 × read five times in vain" {
		t.Errorf("it says %q", notes)
	}
	for _, what := range []string{"events", "dead_letters"} {
		seen, err := at.SQS.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: new(r.url(t, what)), MaxNumberOfMessages: 10})
		if fine(t, err); len(seen.Messages) != 4 {
			t.Errorf("%s shows %d of 4 messages of others", what, len(seen.Messages))
		}
	}
}

func TestATestDoesNotDigThroughAFullQueue(t *testing.T) {
	r, c, at := informedCluster(t)
	for range 60 {
		fine(t, second(at.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: new(r.url(t, "events")), MessageBody: new("another")})))
	}
	reads := 0
	got, _, err := r.try(c)
	fine(t, err)
	for _, body := range r.queued("events") {
		if body == "another" {
			reads++
		}
	}
	if w := got[""]; w.Outcome != trial.Failed || !strings.Contains(w.Text, "which wait for berth watch") || reads != 60 {
		t.Errorf("%+v, and %d of 60 are left", w, reads)
	}
}

// nudged is a clock whose first sleep lets somebody else work.
type nudged struct {
	clock.Clock

	do func()
}

// Sleep sleeps.
func (n *nudged) Sleep(ctx context.Context, d time.Duration) error {
	if do := n.do; do != nil {
		n.do = nil
		do()
	}
	return n.Clock.Sleep(ctx, d)
}

func TestATestAsksTheWatcherAtWorkAndNotTheQueue(t *testing.T) {
	r, c, _ := informedCluster(t)
	watched := func(d time.Duration) {
		_, err := r.Watch(c, d)
		fine(t, err)
	}
	watched(2 * time.Minute)
	got, _, err := r.try(c, func(run *trial.Trial) {
		at := *run.Cloud
		at.Clock = &nudged{at.Clock, func() { watched(10 * time.Second) }}
		run.Cloud = &at
	})
	fine(t, err)
	came(t, got, map[string]string{"": "arrived: the berth watch at work has heard it", "ops": "handed: "})
}

func TestATestOfNoClusterSaysSo(t *testing.T) {
	_, _, err := NewRig(1).try(Load(t, small, informedOf))
	if cloud.Code(err) != "NoSuchBucket" {
		t.Errorf("it says %v", err)
	}
}

func TestATestThatMayNotSendSaysWhatIsMissing(t *testing.T) {
	r, c, _ := informedCluster(t)
	cluster, _ := r.acting(c, "outputs")
	_, _, err := r.try(c, func(run *trial.Trial) {
		at := *run.Cloud
		at.Events = cluster.Cloud.Events
		run.Cloud = &at
	})
	if !cloud.Denied(err) {
		t.Errorf("it says %v", err)
	}
}

func TestEveryPermissionToTryTheAlertsIsNeeded(t *testing.T) {
	l := &ledger{map[string][]*access.Policy{}}
	r := l.rig()
	c := confirmed(t, r)
	at := r.client()
	fine(t, second(at.SQS.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: new(r.url(t, "events")), MessageBody: new("another")})))
	_, _, err := r.try(c)
	fine(t, err)
	if unused := l.unused("alerts"); len(unused) > 0 {
		t.Errorf("alerts may %q, and nothing ever needed it: narrow its row in internal/permit", unused)
	}
}
