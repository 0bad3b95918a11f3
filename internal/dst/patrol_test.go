package dst

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/drive/watching"
	"berth/internal/model"
	"berth/internal/notify"
	"berth/internal/observe"
	recall "berth/internal/observe/watching"
	"berth/internal/sim/world"
	"berth/internal/watch"
)

// patrol is a cluster with a story, and watchers that follow it one after the other. The story goes on by the world's time, whoever
// watches.
type patrol struct {
	*Rig
	t     *testing.T
	file  *config.Config
	begin time.Time
	told  int // how many steps of the story have happened
	story []scene

	got     []delivery // what the receivers took, in its order
	talk    []string   // what watchers said of themselves
	dead    []string   // "sink id"
	downFor time.Duration
	poison  int    // messages that nobody can understand
	weather func() // called after each sleep; nil: events come as they are

	// deliver is in the way of every delivery; nil: nothing is.
	deliver func(take func() error) error
}

// scene is a step of the story.
type scene struct {
	at time.Duration // since its beginning
	do func(p *patrol)
}

// delivery is a message that a receiver took.
type delivery struct{ sink, id, body, kind, cause string }

// heedful is a file whose events go into a queue.
const heedful = `
environment        = "acc"
aws_region         = "eu-west-1"
vpc_cidr           = "10.0.0.0/16"
availability_zones = ["eu-west-1a", "eu-west-1b"]
instance_type      = "t3.large"
min_size           = 2
max_size           = 2
desired_capacity   = 2
alerts             = { ops = { email = "ops@example.com" } }
`

// newPatrol is a cluster with two services that run, before anybody watches.
func newPatrol(t *testing.T) *patrol {
	t.Helper()
	p := &patrol{Rig: NewRig(1), t: t, file: Load(t, heedful), story: tale()}
	fine(t, p.Apply(p.file))
	p.confirm(t)
	p.offer("web", "berth.sim/web:1?boot=5s")
	p.offer("api", "berth.sim/api:1?boot=5s")
	p.Settle()
	p.Sim.With(func(w *world.World) {
		q, _ := w.Region("eu-west-1").SQS.Queues.Get("acc_acc_events")
		q.Messages = nil // what the beginning was like is not the question
	})
	p.begin, p.downFor = p.Sim.Now(), 6*time.Minute
	return p
}

// fork is the patrol at a moment, with what had been heard by then.
func (p *patrol) fork(t *testing.T, at moment) *patrol {
	t.Helper()
	out := *p
	out.Rig, out.t, out.got, out.told = p.at(t, at.state), t, slices.Clone(at.got), at.told
	out.talk, out.dead, out.deliver = nil, nil, nil
	return &out
}

// tale is a story in which causes come, grow and go.
func tale() []scene {
	return []scene{
		{30 * time.Second, func(p *patrol) { p.change("web", "berth.sim/web:2?pull=missing") }},
		{90 * time.Second, func(p *patrol) { p.work("berth.sim/job:1?once=5s&exit=3") }},
		{5 * time.Minute, func(p *patrol) { p.want("api", 400) }},
		{9 * time.Minute, func(p *patrol) { p.want("api", 2); p.change("web", "berth.sim/web:3?boot=5s") }},
		{10 * time.Minute, func(p *patrol) { p.work("berth.sim/job:1?once=5s&exit=0") }},
		{14 * time.Minute, func(p *patrol) { p.change("api", "berth.sim/api:2?crash=20s") }},
		{17 * time.Minute, func(p *patrol) { p.change("api", "berth.sim/api:3?boot=5s") }},
	}
}

// longTale is how long the story is, until all of it is over.
const longTale = 28 * time.Minute

func (p *patrol) api() *ecs.Client { return ecs.NewFromConfig(p.sdk()) }

func (p *patrol) revision(family, image string) *string {
	p.t.Helper()
	out, err := p.api().RegisterTaskDefinition(p.t.Context(), &ecs.RegisterTaskDefinitionInput{
		Family: &family, ContainerDefinitions: []types.ContainerDefinition{{Name: &family, Image: &image, Cpu: 64, Memory: new(int32(64))}},
	})
	fine(p.t, err)
	return out.TaskDefinition.TaskDefinitionArn
}

func (p *patrol) offer(name, image string) {
	p.t.Helper()
	_, err := p.api().CreateService(p.t.Context(), &ecs.CreateServiceInput{
		Cluster: new("acc"), ServiceName: &name, TaskDefinition: p.revision(name, image), LaunchType: types.LaunchTypeEc2, DesiredCount: new(int32(2)),
	})
	fine(p.t, err)
}

func (p *patrol) change(name, image string) {
	p.t.Helper()
	_, err := p.api().UpdateService(p.t.Context(), &ecs.UpdateServiceInput{Cluster: new("acc"), Service: &name, TaskDefinition: p.revision(name, image)})
	fine(p.t, err)
}

func (p *patrol) want(name string, n int32) {
	p.t.Helper()
	_, err := p.api().UpdateService(p.t.Context(), &ecs.UpdateServiceInput{Cluster: new("acc"), Service: &name, DesiredCount: &n})
	fine(p.t, err)
}

func (p *patrol) work(image string) {
	p.t.Helper()
	_, err := p.api().RunTask(p.t.Context(), &ecs.RunTaskInput{Cluster: new("acc"), TaskDefinition: p.revision("job", image), LaunchType: types.LaunchTypeEc2})
	fine(p.t, err)
}

// beats is the world's clock: whoever sleeps on it lets the story go on.
type beats struct{ *patrol }

// Now is the world's time.
func (b beats) Now() time.Time { return b.Sim.Now() }

// Sleep moves the world's time, with a stop at each step of the story.
func (b beats) Sleep(ctx context.Context, d time.Duration) error {
	if b.weather != nil {
		defer b.weather()
	}
	for end := b.Sim.Now().Add(d); ; {
		at := end
		if b.told < len(b.story) {
			at = b.begin.Add(b.story[b.told].at)
		}
		if !at.Before(end) {
			return b.Sim.Sleep(ctx, max(0, end.Sub(b.Sim.Now())))
		}
		if err := b.Sim.Sleep(ctx, max(0, at.Sub(b.Sim.Now()))); err != nil {
			return err
		}
		b.told++
		b.play(b.story[b.told-1])
	}
}

// play lets a step happen. What goes wrong with the watcher's calls goes wrong with nobody else's.
func (p *patrol) play(s scene) {
	var troubles []world.Trouble
	p.Sim.With(func(w *world.World) { troubles, w.Troubles = w.Troubles, nil })
	s.do(p)
	p.Sim.With(func(w *world.World) { w.Troubles = troubles })
}

// taker is a receiver that keeps what it gets.
type taker struct {
	*patrol
	name string
	down bool // at first
}

// Name is the alert's.
func (k *taker) Name() string { return k.name }

// Send takes a message.
func (k *taker) Send(_ context.Context, m watch.Message) error {
	take := func() error {
		if k.down && k.Sim.Now().Sub(k.begin) < k.downFor {
			return &notify.Failure{Text: "it is down"}
		}
		body, err := json.Marshal(m)
		k.got = append(k.got, delivery{k.name, m.ID, string(body), m.Kind, m.Incident.Cause.Family + " " + m.Incident.Cause.Scope})
		return err
	}
	if k.deliver != nil {
		return k.deliver(take)
	}
	return take()
}

// watcher is a new watcher, as berth watch makes one, under its own permissions. It tells two receivers, of which one is down at
// first.
func (p *patrol) watcher(t *testing.T) *watching.Watch {
	t.Helper()
	cluster, who := p.acting(p.file, "watch")
	c := *cluster.Cloud
	c.Clock = beats{p}
	scope, err := observe.Who(t.Context(), &c, p.file.Environment, p.file.Cluster)
	fine(t, err)
	return &watching.Watch{
		Cloud: &c, Scope: scope, Who: who, Alerts: desired.Subscriptions(p.file),
		Sinks:     []notify.Sink{&taker{p, "up", false}, &taker{p, "down", true}},
		Receivers: []watch.Receiver{{Name: "up"}, {Name: "down"}},
		Tell: func(n watching.Told) {
			if n.Message == nil {
				p.talk = append(p.talk, n.Text)
			}
		},
		DeadLetters: func(m watch.Message, sink, _ string) error {
			p.dead = append(p.dead, sink+" "+m.ID)
			return nil
		},
		Deliver: func(ctx context.Context, jobs []notify.Job) []error {
			var errs []error
			for _, j := range jobs {
				errs = append(errs, j.Sink.Send(ctx, j.Message))
			}
			return errs
		},
	}
}

// rest watches to the end of the story, and long enough to take a dead one's place.
func (p *patrol) rest(t *testing.T) {
	t.Helper()
	w := p.watcher(t)
	fine(t, w.Run(t.Context(), false, max(5*time.Minute, p.begin.Add(longTale).Sub(p.Sim.Now()))))
}

// moment is a world that a watcher leaves behind that dies then, and what had been heard.
type moment struct {
	name  string
	state []byte
	got   []delivery
	told  int
}

// moments are the worlds of a watcher's whole life: before it, after each of its calls that had an effect, and before and after
// each delivery. A death at another call leaves the same world as at the one before it.
func (p *patrol) moments(t *testing.T) []moment {
	t.Helper()
	var out []moment
	shot := func(name string) {
		out = append(out, moment{fmt.Sprintf("%d after %s", len(out), name), p.saved(t), slices.Clone(p.got), p.told})
	}
	shot("nothing")
	p.Hook = func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(req *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			if name := effect(t, req, resp); err == nil && name != "" {
				shot(name)
			}
			return resp, err
		})
	}
	p.deliver = func(take func() error) error {
		shot("thinking of a delivery")
		err := take()
		if err == nil {
			shot("a delivery")
		}
		return err
	}
	p.rest(t)
	p.Hook, p.deliver = nil, nil
	return out
}

// effect is the name of a call that has changed something; empty: it has not.
func effect(t *testing.T, req *http.Request, resp *http.Response) string {
	_, name, _ := strings.Cut(req.Header.Get("X-Amz-Target"), ".")
	switch {
	case resp == nil:
		return ""
	case name == "" && req.Method != http.MethodGet && req.Method != http.MethodHead && strings.Contains(req.URL.Path, "lease/"):
		return req.Method + " " + req.URL.Path[strings.Index(req.URL.Path, "lease/"):]
	case name == "DeleteMessageBatch":
		return name
	case name == "ReceiveMessage":
		body, err := io.ReadAll(resp.Body)
		fine(t, err)
		resp.Body = io.NopCloser(bytes.NewReader(body))
		if bytes.Contains(body, []byte("ReceiptHandle")) {
			return name
		}
	}
	return ""
}

// remembers is the memory as it is stored.
func (p *patrol) remembers(t *testing.T) watch.Memory {
	t.Helper()
	cluster, _ := p.cluster(p.file)
	scope, err := observe.Who(t.Context(), cluster.Cloud, p.file.Environment, p.file.Cluster)
	fine(t, err)
	m, err := recall.Memory(t.Context(), cluster.Cloud, scope.BucketName())
	fine(t, err)
	return m.Memory
}

// keys are the objects of the cluster's bucket.
func (p *patrol) keys() (out []string) {
	p.Sim.With(func(w *world.World) {
		for b := range w.S3.Buckets.Rows() {
			for o := range b.Objects.All() {
				out = append(out, o)
			}
		}
	})
	return out
}

// whole fails unless nothing of what the last watcher knew is lost, and nothing was doubled but under its own id:
//
//   - each receiver took the changes 1 to n of each incident, in their order, where n is how many the memory says there were;
//   - what it took twice was the same message, to the letter;
//   - no letter waits, none is dead, no event is left in the queue, and what was put aside is what nobody can understand.
func (p *patrol) whole(t *testing.T) {
	t.Helper()
	m := p.remembers(t)
	for _, i := range m.State.Incidents {
		if i.Opened.IsZero() {
			continue
		}
		if i.Resolved.IsZero() {
			t.Errorf("%s of %s never ends", i.Code, i.Cause.Scope)
		}
		for _, sink := range []string{"up", "down"} {
			if got := p.numbers(sink, i.ID); got != i.Changes {
				t.Errorf("%s took the changes 1 to %d of %s %s, and there were %d", sink, got, i.Code, i.Cause.Scope, i.Changes)
			}
		}
	}
	bodies := map[string]string{}
	for _, d := range p.got {
		if body, known := bodies[d.id]; known && body != d.body {
			t.Errorf("%s is two messages:\n%s\n%s", d.id, body, d.body)
		}
		bodies[d.id] = d.body
	}
	if n := len(m.Letters) + len(p.dead); n > 0 {
		t.Errorf("%d letters wait, dead are %v", len(m.Letters), p.dead)
	}
	if q, d := p.queued(model.EventQueue), p.queued(model.DeadQueue); len(q) > 0 || len(d) != p.poison {
		t.Errorf("%d events are left, %d were put aside", len(q), len(d))
	}
}

// numbers is up to which change, from the first on and without a gap, a receiver took those of an incident in their order.
func (p *patrol) numbers(sink, incident string) int {
	n := 0
	for _, d := range p.got {
		if rest, ok := strings.CutPrefix(d.id, incident+"-"); ok && d.sink == sink && rest == strconv.Itoa(n+1) {
			n++
		}
	}
	return n
}

// causes are what people were told of.
func (p *patrol) causes() []string {
	var out []string
	for _, d := range p.got {
		out = append(out, d.cause)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// errCut is a connection that breaks.
var errCut = errors.New("connection reset by peer")
