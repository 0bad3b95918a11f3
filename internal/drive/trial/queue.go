package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	deed "berth/internal/apply/watching"
	"berth/internal/model"
	seen "berth/internal/observe/watching"
	"berth/internal/watch"
)

// How long the message is waited for, and how long a watcher is believed to be at work.
const (
	patience = 20 * time.Second
	asking   = 2 * time.Second
	alive    = 3 * time.Minute
)

// mostOthers is how many messages of others are taken out for a moment: this counts as one of the five times after which SQS puts
// them aside.
const mostOthers = 20

// queue finds out whether the message came into the queue of events: by the watcher at work, else by reading the queue.
func (t *Trial) queue(ctx context.Context, beat time.Time) (Way, error) {
	if t.Cloud.Clock.Now().Sub(beat) < alive {
		if heard, err := t.heard(ctx); heard || err != nil {
			return Way{Outcome: Arrived, Text: "the berth watch at work has heard it"}, err
		}
	}
	url, err := seen.Queue(ctx, t.Cloud, t.Scope)
	switch {
	case err != nil:
		return Way{}, err
	case url == "":
		return Way{Outcome: Failed, Text: "there is no queue " + t.Scope.QueueName(model.EventQueue), Fix: "berth apply" + t.Flags}, nil
	}
	found, err := t.search(ctx, url, hunt{end: t.Cloud.Clock.Now().Add(patience), want: 1})
	switch {
	case err != nil:
		return Way{}, err
	case len(found.own) > 0:
		return Way{Outcome: Arrived, Text: "it was in the queue; no berth watch was at work to hear it"}, nil
	}
	if heard, err := t.recall(ctx); heard || err != nil { // one has come meanwhile
		return Way{Outcome: Arrived, Text: "a berth watch has heard it"}, err
	}
	return t.lost(len(found.others)), nil
}

// lost is a message that was not found in the queue, among some others.
func (t *Trial) lost(others int) Way {
	if others >= mostOthers {
		return Way{
			Outcome: Failed, Text: fmt.Sprintf("it was not among the first %d messages, which wait for berth watch", others),
			Fix: "let berth watch" + t.Flags + " --once take what lies there, and try again",
		}
	}
	return Way{
		Outcome: Failed, Text: fmt.Sprintf("it did not come within %s", patience),
		Fix: "berth plan" + t.Flags + " shows whether the rule " + t.Scope.RuleName(model.EventsRule) + " and the queue are as they should be",
	}
}

// heard waits until a watcher has taken the message.
func (t *Trial) heard(ctx context.Context) (bool, error) {
	for end := t.Cloud.Clock.Now().Add(patience); t.Cloud.Clock.Now().Before(end); {
		if err := t.Cloud.Clock.Sleep(ctx, asking); err != nil {
			return false, err
		}
		if heard, err := t.recall(ctx); heard || err != nil {
			return heard, err
		}
	}
	return false, nil
}

// recall tells whether a watcher remembers the message. One whose memory cannot be read does not work.
func (t *Trial) recall(ctx context.Context) (bool, error) {
	m, err := seen.Memory(ctx, t.Cloud, t.Scope.BucketName())
	if _, unreadable := errors.AsType[*seen.Unreadable](err); unreadable {
		return false, nil
	}
	return slices.ContainsFunc(m.Memory.Tests, func(one watch.Test) bool { return one.ID == t.ID }), err
}

// finds are messages of a queue: those of this test, and others.
type finds struct{ own, others []seen.Message }

// hunt is how long a queue is searched: until an end, or so many messages of this test.
type hunt struct {
	end  time.Time
	want int
}

// search reads a queue. Messages of others are there again at once, and those of this test are deleted.
func (t *Trial) search(ctx context.Context, url string, h hunt) (f finds, err error) {
	for len(f.others) < mostOthers && len(f.own) < h.want && err == nil {
		asked := t.Cloud.Clock.Now()
		left := h.end.Sub(asked)
		if left <= 0 {
			break
		}
		var got []seen.Message
		if got, err = seen.Receive(ctx, t.Cloud, url, min(left, asking)); err != nil {
			break
		}
		for _, m := range got {
			if strings.Contains(m.Body, t.ID) {
				f.own = append(f.own, m)
			} else {
				f.others = append(f.others, m)
			}
		}
		if len(got) == 0 && t.Cloud.Clock.Now().Sub(asked) < time.Second/2 { // it did not wait as it was asked to
			err = t.Cloud.Clock.Sleep(ctx, time.Second)
		}
	}
	return f, errors.Join(err, t.leave(context.WithoutCancel(ctx), url, f))
}

// leave leaves a queue as it was, without the messages of this test.
func (t *Trial) leave(ctx context.Context, url string, f finds) error {
	if err := deed.Return(ctx, t.Cloud, url, receipts(f.others)); err != nil {
		return err
	}
	_, err := deed.Delete(ctx, t.Cloud, url, receipts(f.own))
	return err
}

func receipts(messages []seen.Message) []string {
	var out []string
	for _, m := range messages {
		out = append(out, m.Receipt)
	}
	return out
}

// deadLetters finds out what of this test could not be delivered, by the rule's purpose, and says what else lies there.
func (t *Trial) deadLetters(ctx context.Context) (mine map[string]string, notes []string, err error) {
	url, err := seen.DeadLetters(ctx, t.Cloud, t.Scope)
	if err != nil || url == "" {
		return nil, nil, err
	}
	if err := t.Cloud.Clock.Sleep(ctx, asking); err != nil { // it comes there after the attempt to deliver it
		return nil, nil, err
	}
	mine = map[string]string{}
	f, err := t.search(ctx, url, hunt{end: t.Cloud.Clock.Now().Add(time.Second), want: 2})
	for _, m := range f.own {
		for _, what := range []string{model.TestRule, model.EventsRule} {
			if strings.HasSuffix(m.Rule, ":rule/"+t.Scope.RuleName(what)) {
				mine[what] = cmp.Or(m.Error, "nobody says why")
			}
		}
	}
	if len(f.others) > 0 {
		notes = append(notes, fmt.Sprintf("%s holds what could not be delivered, or not be read: %s", t.Scope.QueueName(model.DeadQueue), reasons(f.others)))
	}
	return mine, notes, err
}

// reasons counts dead letters by what was wrong with them.
func reasons(dead []seen.Message) string {
	count := map[string]int{}
	var names []string
	for _, m := range dead {
		code, _, _ := strings.Cut(m.Error, ":")
		code = cmp.Or(code, "read five times in vain")
		if count[code]++; count[code] == 1 {
			names = append(names, code)
		}
	}
	slices.Sort(names)
	for i, n := range names {
		names[i] = fmt.Sprintf("%d × %s", count[n], n)
	}
	return strings.Join(names, ", ")
}
