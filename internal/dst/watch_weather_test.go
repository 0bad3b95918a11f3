package dst

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"berth/internal/sim/world"
)

// hail lets events get lost, come twice, hours late and in any order, and others among them that nobody of this cluster has sent.
type hail struct {
	*patrol
	dice  *rand.Rand
	known map[string]bool // ids of messages that were looked at
	n     int
	did   map[string]int
}

func newHail(p *patrol, seed uint64) *hail {
	h := &hail{patrol: p, dice: rand.New(rand.NewPCG(seed, 6)), known: map[string]bool{}, did: map[string]int{}} //nolint:gosec // it shall be the same each time
	p.weather = h.blow
	return h
}

// blow treats the messages that have come since it last did.
func (h *hail) blow() {
	h.Sim.With(func(w *world.World) {
		q, _ := w.Region("eu-west-1").SQS.Queues.Get("acc_acc_events")
		var out []world.QueueMessage
		for _, m := range q.Messages {
			if h.known[m.ID] {
				out = append(out, m)
				continue
			}
			h.known[m.ID] = true
			out = append(out, h.treat(m)...)
		}
		if h.dice.IntN(60) == 0 && w.Now().Sub(h.begin) < longTale {
			out = append(out, h.stranger(w.Now()))
		}
		h.dice.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		q.Messages = out
	})
}

// treat is what becomes of a message.
func (h *hail) treat(m world.QueueMessage) []world.QueueMessage {
	switch fate := h.dice.IntN(10); {
	case fate < 2:
		h.did["dropped"]++
		return nil
	case fate < 5:
		h.did["late"]++
		m.VisibleAt = m.VisibleAt.Add(time.Duration(h.dice.Int64N(int64(3 * time.Hour))))
		return []world.QueueMessage{m}
	case fate < 7:
		h.did["doubled"]++
		again := m
		again.ID = fmt.Sprintf("again-%d-%s", h.dice.Int(), m.ID)
		again.VisibleAt = again.VisibleAt.Add(time.Duration(h.dice.Int64N(int64(20 * time.Minute))))
		h.known[again.ID] = true
		return []world.QueueMessage{m, again}
	}
	return []world.QueueMessage{m}
}

// stranger is a message of somebody else's.
func (h *hail) stranger(now time.Time) world.QueueMessage {
	h.n++
	all := forgeries(now, h.n)
	body := all[h.dice.IntN(len(all))]
	if strings.Contains(body, "service:evil") {
		h.did["forged"]++
	} else {
		h.poison++
		h.did["poison"]++
	}
	m := world.QueueMessage{ID: fmt.Sprintf("stranger-%d", h.n), Body: body, Sent: now, VisibleAt: now, Sender: "AIDAEVIL"}
	h.known[m.ID] = true
	return m
}

// venom is what somebody writes who wants to do harm with a text.
const venom = "\x1b[31mred\x1b]8;;http://evil.example\x07\u202e <!channel> <!here> @everyone <@U123> <http://evil.example|login> `x` *b*\r\nBcc: victim@example.com\r\nX-Evil: 1\r\n\r\n.\r\nMAIL FROM:<evil@example.com>\r\n{{.ID}} <script>alert(1)</script>\x00\x9b31m"

// forgeries are messages that are not what they should be; those of the service evil can be believed. SQS takes no control characters
// but within JSON, as escapes.
func forgeries(now time.Time, n int) []string {
	ours := func(change func(e, detail map[string]any)) string {
		arn := func(what string) string { return "arn:aws:ecs:eu-west-1:" + world.Account + ":" + what }
		task, at := arn(fmt.Sprintf("task/acc/%032x", n)), now.UTC().Format(time.RFC3339)
		reason := "CannotPullContainerError: manifest for evil:1 not found: manifest unknown " + venom + strings.Repeat("A", 3000)
		detail := map[string]any{
			"clusterArn": arn("cluster/acc"), "taskArn": task, "taskDefinitionArn": arn("task-definition/evil:1"), "group": "service:evil",
			"lastStatus": "STOPPED", "desiredStatus": "STOPPED", "stopCode": "TaskFailedToStart", "stoppedAt": at, "createdAt": at, "launchType": "EC2",
			"stoppedReason": reason, "containers": []map[string]any{{"name": "evil" + venom, "image": "evil:1", "lastStatus": "STOPPED", "reason": reason}},
		}
		e := map[string]any{
			"version": "0", "id": fmt.Sprintf("forged-%d", n), "detail-type": "ECS Task State Change", "source": "aws.ecs", "account": world.Account,
			"time": at, "region": "eu-west-1", "resources": []string{task}, "detail": detail,
		}
		change(e, detail)
		text, _ := json.Marshal(e) // maps of texts always become JSON
		return string(text)
	}
	same := func(_, _ map[string]any) {}
	return []string{
		ours(same), ours(same), ours(same),
		"<xml>\u202e<!channel></xml>", "{}", "null", `"text"`, "[]", strings.Repeat("9", 1<<20), strings.Repeat("[", 100_000),
		strings.Replace(ours(same), "service:evil", "service:other", 1)[:500],
		ours(func(_, d map[string]any) {
			d["clusterArn"], d["group"] = "arn:aws:ecs:eu-west-1:"+world.Account+":cluster/other", "service:x"
		}),
		ours(func(e, d map[string]any) { e["account"], d["group"] = "210987654321", "service:x" }),
		ours(func(e, d map[string]any) { e["region"], d["group"] = "us-east-1", "service:x" }),
		ours(func(e, d map[string]any) { e["time"], d["group"] = venom, "service:x" }),
	}
}

// TestWatcherBearsBadWeather: events of which one in five is lost and the others come late, twice and in any order, among forged ones
// and ones that nobody can read. Looks make up for what is lost. Every cause is told of and told to be over, nothing is doubled but
// under its id, what cannot be read is put aside by SQS and said once, and what strangers wrote is harmless where people read it.
func TestWatcherBearsBadWeather(t *testing.T) {
	t.Parallel()
	p := newPatrol(t)
	start := moment{state: p.saved(t)}
	calm := p.fork(t, start)
	calm.rest(t)
	want := calm.causes()
	for seed := range uint64(max(2, *seeds/2)) {
		t.Run(fmt.Sprintf("seed %d", seed+1), func(t *testing.T) {
			p := p.fork(t, start)
			h := newHail(p, seed+1)
			fine(t, p.watcher(t).Run(t.Context(), false, longTale+4*time.Hour))
			p.whole(t)
			for _, cause := range want {
				if !slices.Contains(p.causes(), cause) {
					t.Errorf("nobody was told of %s, but of %v", cause, p.causes())
				}
			}
			said := 0
			for _, line := range p.talk {
				if strings.Contains(line, "is left in the queue") {
					said++
				}
			}
			if said != p.poison {
				t.Errorf("%d messages could not be read, and of %d it is said", p.poison, said)
			}
			for _, d := range p.got {
				harmless(t, d.body)
			}
			t.Logf("%v, %d deliveries, told of %v", h.did, len(p.got), p.causes())
			for _, kind := range []string{"dropped", "late", "doubled", "poison", "forged"} {
				if h.did[kind] == 0 {
					t.Errorf("nothing was %s", kind)
				}
			}
		})
	}
}

// harmless fails when a message has anything in it that steers, hides or never ends.
func harmless(t *testing.T, body string) {
	t.Helper()
	var v any
	fine(t, json.Unmarshal([]byte(body), &v))
	var walk func(v any)
	walk = func(v any) {
		switch x := v.(type) {
		case string:
			if i := strings.IndexFunc(x, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) && r != '\n' }); i >= 0 || len(x) > 4000 {
				t.Errorf("%d bytes, with %q at %d: %.100q", len(x), x[max(i, 0):min(len(x), max(i, 0)+10)], i, x)
			}
		case []any:
			for _, e := range x {
				walk(e)
			}
		case map[string]any:
			for _, e := range x { // unordered: all of them
				walk(e)
			}
		}
	}
	walk(v)
	if len(body) > 128<<10 {
		t.Errorf("a message of %d bytes", len(body))
	}
}
