package events

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/sim/kms"
	"berth/internal/sim/sns"
	"berth/internal/sim/sqs"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// stage is a world in which services speak and rules listen.
type stage struct {
	*world.Call
	t *testing.T
}

func newStage(t *testing.T) stage {
	t.Helper()
	w := world.New(1)
	all := world.Handlers{}
	for _, h := range []world.Handlers{kms.Handlers(), sns.Handlers(), Handlers()} {
		maps.Copy(all, h)
	}
	w.Attach(all, nil)
	return stage{&world.Call{World: w, Region: w.Region("eu-west-1"), Service: "events", Operation: "Test"}, t}
}

func must[T any](s stage, v T, err error) T {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

func refused(t *testing.T, err error, code, text string) {
	t.Helper()
	e, ok := errors.AsType[*wire.Error](err)
	if !ok || e.Code != code || !strings.Contains(e.Message, text) {
		t.Errorf("%v, want %s: %s", err, code, text)
	}
}

const aboutTasks = `{"source":["aws.ecs"],"detail-type":["ECS Task State Change"],"detail":{"lastStatus":["STOPPED"]}}`

func arn(service, name string) string {
	return "arn:aws:" + service + ":eu-west-1:123456789012:" + name
}

func (s stage) rule(name, pattern string) {
	s.t.Helper()
	_, err := PutRule(s.Call, &eventbridge.PutRuleInput{Name: aws.String(name), EventPattern: aws.String(pattern)})
	must(s, 0, err)
}

func (s stage) targets(rule string, targets ...types.Target) error {
	_, err := PutTargets(s.Call, &eventbridge.PutTargetsInput{Rule: aws.String(rule), Targets: targets})
	return err
}

func target(id, arn string) types.Target {
	return types.Target{Id: aws.String(id), Arn: aws.String(arn)}
}

// queue makes a queue that lets EventBridge in for one rule.
func (s stage) queue(name, rule string) string {
	s.t.Helper()
	policy := `{"Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"` + arn("events", "rule/"+rule) + `"}}}}`
	_, err := sqs.CreateQueue(s.Call, &awssqs.CreateQueueInput{QueueName: aws.String(name), Attributes: map[string]string{"Policy": policy}})
	must(s, 0, err)
	return arn("sqs", name)
}

// received are the messages in a queue.
func (s stage) received(queue string) []world.QueueMessage {
	q, _ := s.Region.SQS.Queues.Get(queue)
	return q.Messages
}

// emit lets ECS say that a task has come to a state, and waits until it was heard.
func (s stage) emit(status string) {
	s.Emit(s.Region, world.Notice{Source: "aws.ecs", DetailType: "ECS Task State Change", Resources: []string{"arn:task"}}, func() any {
		return map[string]string{"lastStatus": status, "stoppedReason": "Essential container in task exited"}
	})
	s.Advance(2 * time.Second)
}

// figures are those of the rule ops.
func (s stage) figures() world.EventFigures {
	r, _ := s.Region.Events.Rules.Get("default/ops")
	return r.Figures
}
