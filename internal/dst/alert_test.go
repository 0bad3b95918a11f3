package dst

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/sim/scenario"
	"berth/internal/sim/world"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// told names somebody who hears of failures.
const told = `alerts = { ops = { email = "ops@example.com" } }` + "\n"

// mails are what the receiver was sent since the n-th, without the confirmation.
func (r *Rig) mails(n int) []world.Mail {
	var out []world.Mail
	r.Sim.With(func(w *world.World) {
		for _, m := range w.Mailbox.Mails {
			if m.Number > n {
				out = append(out, m)
			}
		}
	})
	return out
}

// lastMail is the number of the newest mail.
func (r *Rig) lastMail() int {
	n := 0
	r.Sim.With(func(w *world.World) { n = w.Mailbox.Sent })
	return n
}

// queued are the events in the cluster's queue, as they were said.
func (r *Rig) queued(what string) []string {
	var out []string
	r.Sim.With(func(w *world.World) {
		q, ok := w.Region("eu-west-1").SQS.Queues.Get("acc_acc_" + what)
		if !ok {
			return
		}
		for _, m := range q.Messages {
			out = append(out, m.Body)
		}
	})
	return out
}

// confirm follows the link in the mail that asks for it.
func (r *Rig) confirm(t *testing.T) {
	t.Helper()
	link := regexp.MustCompile(`https?://\S+ConfirmSubscription\S+`).FindString(r.mails(0)[0].Body)
	u, err := url.Parse(link)
	if err != nil || link == "" {
		t.Fatalf("%q %v", r.mails(0)[0].Body, err)
	}
	_, err = r.topics().ConfirmSubscription(t.Context(), &sns.ConfirmSubscriptionInput{TopicArn: new(u.Query().Get("TopicArn")), Token: new(u.Query().Get("Token"))})
	if err != nil {
		t.Fatal(err)
	}
}

func (r *Rig) sdk() sdk.Config {
	return sdk.Config{
		Region: "eu-west-1", HTTPClient: r.Sim.Client(), Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
	}
}

func (r *Rig) topics() *sns.Client { return sns.NewFromConfig(r.sdk()) }

// fault plays a sentence.
func (s *stand) fault(sentence string) {
	s.t.Helper()
	steps, err := scenario.File("fault", sentence+"\n")
	s.must(err)
	s.must(s.Sim.Play("", steps))
}

// run runs a task once.
func (s *stand) run(image string) { s.runIn("acc", image) }

func (s *stand) runIn(cluster, image string) {
	s.t.Helper()
	s.deploy(image, func(definition string) error {
		_, err := s.ecs.RunTask(s.t.Context(), &ecs.RunTaskInput{Cluster: &cluster, TaskDefinition: &definition, LaunchType: types.LaunchTypeEc2})
		return err
	})
}

// want sets the service's number of tasks.
func (s *stand) want(n int32) {
	s.t.Helper()
	_, err := s.ecs.UpdateService(s.t.Context(), &ecs.UpdateServiceInput{Cluster: new("acc"), Service: new("web"), DesiredCount: &n})
	s.must(err)
}

// failures are ways to fail, and how long it takes until all is told.
func failures() map[string]func(*stand) {
	return map[string]func(*stand){
		"a job that ends with 3":             func(s *stand) { s.run("berth.sim/job:1?once=5s&exit=3") },
		"a job that takes too much memory":   func(s *stand) { s.run("berth.sim/job:1?oom=5s") },
		"an image that is not there":         func(s *stand) { s.run("berth.sim/job:1?pull=missing") },
		"a deployment that crashes":          func(s *stand) { s.update("berth.sim/web:2?crash=20s") },
		"a deployment that fails its checks": func(s *stand) { s.update("berth.sim/web:2?unhealthy") },
		"more tasks than room":               func(s *stand) { s.want(400) },
		"no capacity": func(s *stand) {
			s.fault("no capacity for m7i.large for 20m")
			s.fault("terminate instance acc/1")
		},
	}
}

// classes counts mails by what they are about, and shows one of each.
func classes(mails []world.Mail) string {
	var order []string
	counts, first := map[string]int{}, map[string]string{}
	for _, m := range mails {
		head, _, _ := strings.Cut(m.Body, "\n")
		if counts[head]++; counts[head] == 1 {
			order = append(order, head)
			first[head] = m.Body
		}
	}
	slices.Sort(order)
	var b strings.Builder
	for _, head := range order {
		fmt.Fprintf(&b, "== %d like this\n%s\n\n", counts[head], strings.TrimSpace(first[head]))
	}
	return b.String()
}

// alerting is a stand whose receiver has confirmed, at rest.
func alerting(t *testing.T) *stand {
	t.Helper()
	s := newStand(t, told)
	s.confirm(t)
	return s
}

func TestEveryClassOfFailureIsToldInReadableMails(t *testing.T) {
	t.Parallel()
	base := alerting(t)
	for name, fail := range failures() {
		t.Run(name, func(t *testing.T) {
			s := base.fork(t)
			before, raw := s.lastMail(), len(s.queued("events"))
			fail(s)
			s.pass(30 * time.Minute)
			agrees(t, name, classes(s.mails(before)))
			if len(s.queued("events")) == raw {
				t.Error("the queue heard nothing")
			}
			if dead := s.queued("dead_letters"); len(dead) > 0 {
				t.Errorf("not delivered: %s", dead[0])
			}
		})
	}
}

// agrees compares with the golden file of a case.
func agrees(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata/alert", strings.ReplaceAll(name, " ", "-")+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("%v, mails:\n%s", err, got)
	}
}

func TestNobodyIsToldOfWhatIsMeantToHappen(t *testing.T) {
	base := alerting(t)
	c := Load(t, shop, told)
	for name, do := range map[string]func(*stand){
		"a deployment":             func(s *stand) { s.update("berth.sim/web:2?boot=5s") },
		"fewer tasks":              func(s *stand) { s.want(2) },
		"no tasks":                 func(s *stand) { s.want(0) },
		"a job that ends with 0":   func(s *stand) { s.run("berth.sim/job:1?once=5s") },
		"an instance is replaced":  func(s *stand) { s.replaced() },
		"a spot instance is taken": func(s *stand) { s.fault("interrupt spot instances in eu-west-1a") },
		"an agent connects anew":   func(s *stand) { s.fault("agent of acc/1 gone for 1m") }, // several times an hour, AWS says
		"another cluster fails": func(s *stand) {
			s.must(s.Apply(Load(t, shop, "cluster = \"acc-2\"\nnat = \"single\"\n")))
			s.Settle()
			s.runIn("acc-2", "berth.sim/job:1?once=5s&exit=3")
			s.fault("no capacity for m7i.large for 20m")
			s.fault("terminate instance acc-2/1")
		},
		"another apply": func(s *stand) { s.must(s.Apply(c)) },
		"a group comes and goes": func(s *stand) {
			s.must(s.Apply(Load(t, shop, told, `instance_groups = { more = { min_size = 1, max_size = 2 } }`)))
			s.must(s.Apply(c))
		},
		"destroy": func(s *stand) { s.must(s.Destroy(c)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := base.fork(t)
			before := s.lastMail()
			do(s)
			s.pass(20 * time.Minute)
			if mails := s.mails(before); len(mails) > 0 {
				t.Errorf("somebody is told:\n%s", classes(mails))
			}
		})
	}
}

func TestWhatCannotBeToldIsKeptAmongTheDeadLetters(t *testing.T) {
	s := alerting(t)
	before := s.lastMail()
	s.Sim.With(func(w *world.World) {
		for k := range w.Region("eu-west-1").KMS.Keys.Rows() {
			k.State = "Disabled"
		}
	})
	s.run("berth.sim/job:1?once=5s&exit=3")
	s.pass(10 * time.Minute)
	if mails, dead := s.mails(before), s.queued("dead_letters"); len(mails) != 0 || len(dead) != 1 || !strings.Contains(dead[0], `"exitCode":3`) {
		t.Errorf("%d mails, dead letters %v", len(mails), dead)
	}
}

func TestWhatSomebodyHasSetOnATargetIsSeenAndTakenAway(t *testing.T) {
	c := Load(t, small)
	r := NewRig(1)
	fine(t, r.Apply(c))
	r.Settle()
	events := eventbridge.NewFromConfig(r.sdk())
	rule := new("acc_acc_events")
	found, err := events.ListTargetsByRule(t.Context(), &eventbridge.ListTargetsByRuleInput{Rule: rule})
	fine(t, err)
	target := found.Targets[0]
	target.RoleArn = new("arn:aws:iam::123456789012:role/mallory")
	target.RetryPolicy = &eventtypes.RetryPolicy{MaximumRetryAttempts: new(int32(0))}
	_, err = events.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: rule, Targets: []eventtypes.Target{target}})
	fine(t, err)
	s, err := r.Survey(c)
	fine(t, err)
	if len(s.Plan.Changes) != 1 || len(s.Plan.Changes[0].Fields) != 1 || s.Plan.Changes[0].Fields[0].From != "RoleArn, RetryPolicy" {
		t.Errorf("%+v", s.Plan.Changes)
	}
	fine(t, r.Apply(c))
	r.Agrees(t, c, "mended")
	found, err = events.ListTargetsByRule(t.Context(), &eventbridge.ListTargetsByRuleInput{Rule: rule})
	fine(t, err)
	if found.Targets[0].RoleArn != nil || found.Targets[0].RetryPolicy != nil {
		t.Errorf("%+v", found.Targets[0])
	}
}

func TestAnAlertIsAskedForConfirmationUntilItIsForgottenAndThenAgain(t *testing.T) {
	c := Load(t, small, told)
	r, _ := standing(t, small, told)
	r.Agrees(t, c, "while it is pending")
	other := Load(t, small, strings.Replace(told, "ops@", "others@", 1))
	if err := r.Apply(other); err != nil { // nobody can delete the pending one
		t.Fatal(err)
	}
	r.Agrees(t, other, "with two pending")
	r.Sim.With(func(w *world.World) { w.Advance(49 * time.Hour) })
	s, err := r.Survey(c)
	if err != nil {
		t.Fatal(err)
	}
	if change, found := s.Plan.Find(plan.Step{Verb: plan.Create, Key: model.SubscriptionKey("ops")}); !found || len(s.Plan.Changes) != 1 {
		t.Fatalf("after it was forgotten: %+v %+v", change, s.Plan.Changes)
	}
	before := r.lastMail()
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	if mails := r.mails(before); len(mails) != 1 || mails[0].To != "ops@example.com" {
		t.Errorf("asked: %+v", mails)
	}
}

func TestAnAlertThatLeavesTheFileGoesAndWhatOthersSubscribedStays(t *testing.T) {
	r, c := standing(t, small, told)
	r.confirm(t)
	topic := ""
	r.Sim.With(func(w *world.World) {
		for arn := range w.Region("eu-west-1").SNS.Topics.All() {
			topic = arn
		}
	})
	_, err := r.topics().Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: &topic, Protocol: new("sqs"), Endpoint: new("arn:aws:sqs:eu-west-1:123456789012:chatbot")})
	if err != nil {
		t.Fatal(err)
	}
	r.Agrees(t, c, "with somebody else's subscription")
	other := Load(t, small, strings.Replace(told, "ops@", "others@", 1))
	s, err := r.Survey(other)
	if err != nil {
		t.Fatal(err)
	}
	comes, goes := plan.Step{Verb: plan.Create, Key: model.SubscriptionKey("ops")}, plan.Step{Verb: plan.Delete, Key: model.SubscriptionKey("ops@example.com")}
	for _, step := range []plan.Step{comes, goes} {
		if _, found := s.Plan.Find(step); !found || len(s.Plan.Changes) != 2 {
			t.Errorf("another address: no %s %s in %+v", step.Verb, step.Key, s.Plan.Changes)
		}
	}
	for _, next := range []*config.Config{other, Load(t, small)} {
		if err := r.Apply(next); err != nil {
			t.Fatal(err)
		}
		r.Agrees(t, next, "afterwards")
	}
	left := r.subscriptions(t)
	for _, s := range left {
		if *s.Protocol == "email" && *s.SubscriptionArn != "PendingConfirmation" {
			t.Errorf("%s is still told", *s.Endpoint)
		}
	}
	if len(left) != 2 { // the other tool's, and the one that nobody confirmed
		t.Errorf("%d subscriptions are left", len(left))
	}
}

func TestAQueueOfAnotherAccountWaitsForItsConfirmation(t *testing.T) {
	r, c := standing(t, small, `alerts = { own = { sqs_arn = "arn:aws:sqs:eu-west-1:123456789012:ops" }, far = { sqs_arn = "arn:aws:sqs:eu-west-1:210987654321:ops" } }`)
	s, err := r.Survey(c)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Plan.Empty() || s.Facts.Asked == "" {
		t.Errorf("the plan is %v, and it was asked %q", s.Plan.Changes, s.Facts.Asked)
	}
	var waiting []string
	for _, f := range s.Findings {
		if f.Code == "OPS403" {
			waiting = append(waiting, f.Text)
		}
	}
	if len(waiting) != 1 || !strings.Contains(waiting[0], "210987654321") {
		t.Errorf("waiting: %q", waiting)
	}
}

func TestAnotherSubscriptionOfTheSameServerIsLeftAlone(t *testing.T) {
	const hook = `alerts = { hook = { https = "https://hooks.example.com/ecs" } }` + "\n"
	r, c := standing(t, small, hook)
	topic := *r.subscriptions(t)[0].TopicArn
	_, err := r.topics().Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: &topic, Protocol: new("https"), Endpoint: new("https://hooks.example.com/theirs")})
	if err != nil {
		t.Fatal(err)
	}
	r.Sim.With(func(w *world.World) {
		for s := range w.Region("eu-west-1").SNS.Subscriptions.Rows() {
			s.Confirmed = true
		}
	})
	r.Agrees(t, c, "with theirs")
	moved := Load(t, small, strings.Replace(hook, "/ecs", "/berth", 1))
	for _, next := range []*config.Config{moved, Load(t, small)} {
		if err := r.Apply(next); err != nil {
			t.Fatal(err)
		}
		r.Agrees(t, next, "afterwards")
	}
	for _, s := range r.subscriptions(t) {
		if *s.Endpoint == "https://hooks.example.com/theirs" {
			return
		}
	}
	t.Errorf("theirs is gone, of %d", len(r.subscriptions(t)))
}

// subscriptions are all that SNS shows.
func (r *Rig) subscriptions(t *testing.T) []snstypes.Subscription {
	t.Helper()
	all, err := r.topics().ListSubscriptions(t.Context(), &sns.ListSubscriptionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	return all.Subscriptions
}

func TestAQueueOfTheUsersHearsOnceItsPolicyLetsTheTopicIn(t *testing.T) {
	queues := func(r *Rig) *sqs.Client { return sqs.NewFromConfig(r.sdk()) }
	own := `alerts = { own = { sqs_arn = "arn:aws:sqs:eu-west-1:123456789012:ops" } }` + "\n"
	s := newStand(t, own)
	c := Load(t, shop, own)
	finding := func() string {
		v, err := s.Survey(c)
		s.must(err)
		for _, f := range v.Findings {
			if f.Code == "OPS407" {
				return f.Text + "\n" + f.Fix
			}
		}
		return ""
	}
	if got := finding(); !strings.Contains(got, "there is no queue") {
		t.Errorf("before there is a queue: %q", got)
	}
	made, err := queues(s.Rig).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: new("ops")})
	s.must(err)
	_, statement, found := strings.Cut(finding(), "add to its policy: ")
	if !found {
		t.Fatalf("without a policy: %q", finding())
	}
	_, err = queues(s.Rig).SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{
		QueueUrl: made.QueueUrl, Attributes: map[string]string{"Policy": `{"Version":"2012-10-17","Statement":[` + statement + `]}`},
	})
	s.must(err)
	if got := finding(); got != "" {
		t.Errorf("with the policy that it asked for: %q", got)
	}
	s.run("berth.sim/job:1?once=5s&exit=3")
	s.pass(10 * time.Minute)
	got, err := queues(s.Rig).ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: made.QueueUrl})
	s.must(err)
	if len(got.Messages) != 1 || !strings.Contains(*got.Messages[0].Body, "Exit codes: [3]") {
		t.Errorf("%d messages", len(got.Messages))
	}
}

func TestAQueueThatWasJustDeletedIsMadeWhenItsNameIsFree(t *testing.T) {
	r, c := standing(t, small)
	var url string
	r.Sim.With(func(w *world.World) {
		q, _ := w.Region("eu-west-1").SQS.Queues.Get("acc_acc_events")
		url = q.URL
	})
	if _, err := sqs.NewFromConfig(r.sdk()).DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: &url}); err != nil {
		t.Fatal(err)
	}
	began := r.Sim.Now()
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	if took := r.Sim.Now().Sub(began); took < 55*time.Second || took > 2*time.Minute {
		t.Errorf("it took %s", took)
	}
	r.Agrees(t, c, "after the queue was made again")
}

func TestAKeyThatWaitsForItsDeletionIsTakenBack(t *testing.T) {
	r, c := standing(t, small, told)
	key := func() (id, state string) {
		n := 0
		r.Sim.With(func(w *world.World) {
			for k := range w.Region("eu-west-1").KMS.Keys.Rows() {
				id, state = k.ID, k.State
				n++
			}
		})
		if n != 1 {
			t.Errorf("%d keys", n)
		}
		return id, state
	}
	before, _ := key()
	for _, named := range []bool{true, false} {
		if err := r.Destroy(c); err != nil {
			t.Fatal(err)
		}
		if _, state := key(); state != "PendingDeletion" {
			t.Errorf("after destroy the key is %s", state)
		}
		if !named { // somebody took its name away meanwhile
			r.Sim.With(func(w *world.World) { w.Region("eu-west-1").KMS.Aliases = world.Table[world.KeyAlias]{} })
		}
		if s, err := r.Survey(c); err != nil || s.Facts.KMSKey != before {
			t.Fatalf("%v, the facts know the key %q", err, s.Facts.KMSKey)
		}
		if err := r.Apply(c); err != nil {
			t.Fatal(err)
		}
		if id, state := key(); id != before || state != "Enabled" {
			t.Errorf("after apply the key is %s, %s", id, state)
		}
		r.Agrees(t, c, "after the key was taken back")
	}
}

// kept are the encryption keys that nobody has given up.
func (r *Rig) kept() int {
	n := 0
	r.Sim.With(func(w *world.World) {
		for k := range w.Region("eu-west-1").KMS.Keys.Rows() {
			if k.Managed == "" && k.State != "PendingDeletion" {
				n++
			}
		}
	})
	return n
}

// hidingKeys loses the answer to the first key that is made, and shows no keys until the second is.
func hidingKeys(next http.RoundTripper) http.RoundTripper {
	made := 0
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		answer, err := next.RoundTrip(r)
		switch target := r.Header.Get("X-Amz-Target"); {
		case err != nil:
		case target == "TrentService.CreateKey":
			if made++; made == 1 {
				return nil, io.ErrUnexpectedEOF
			}
		case target == "TrentService.ListKeys" && made == 1:
			none := `{"Keys":[],"Truncated":false}`
			answer.Body, answer.ContentLength = io.NopCloser(strings.NewReader(none)), int64(len(none))
			answer.Header.Set("Content-Length", strconv.Itoa(len(none)))
		}
		return answer, err
	})
}

func TestASecondKeyThatALostAnswerLeftBehindGoesWithTheCluster(t *testing.T) {
	t.Parallel()
	r, c := NewRig(1), Load(t, small)
	r.Hook = hidingKeys
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Hook = nil
	r.Settle()
	if n := r.kept(); n != 2 {
		t.Fatalf("%d keys were made", n)
	}
	r.Agrees(t, c, "with a key too many, which costs too many calls to find")
	for died := range r.deaths(t, 20, func() error { return r.Destroy(c) }) {
		if err := died.Destroy(c); err != nil {
			t.Fatal(err)
		}
		if n := died.kept(); n != 0 {
			t.Errorf("%d keys stay when destroy died at %s", n, died.name)
		}
	}
	if n := r.kept(); n != 0 {
		t.Errorf("%d keys stay", n)
	}
}

// replaced ends an instance by its group, as a replacement does.
func (s *stand) replaced() {
	s.t.Helper()
	id := ""
	s.Rig.group(func(g *world.ScalingGroup) {
		for member := range g.Members.All() {
			id = member
		}
	})
	_, err := autoscaling.NewFromConfig(s.sdk()).TerminateInstanceInAutoScalingGroup(s.t.Context(), &autoscaling.TerminateInstanceInAutoScalingGroupInput{
		InstanceId: &id, ShouldDecrementDesiredCapacity: new(false),
	})
	s.must(err)
}
