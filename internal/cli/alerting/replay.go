package alerting

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/cli/privilege"
	"berth/internal/cli/problem"
	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/permit"
	"berth/internal/render/incident"
	"berth/internal/render/ink"
	"berth/internal/watch"
	"berth/internal/watch/hear"
)

func (t Tool) replayCommand() *cobra.Command {
	var account string
	c := &cobra.Command{
		Use:   "replay FILE",
		Short: "Say what captured events would have told",
		Long: `Take events of EventBridge out of a file, in the order of their times, and show the incidents that berth watch would have made of
them: without AWS, and without looking at the cluster as it is. The file holds events as JSON, in a list or one after the other, or
messages of SQS as "aws sqs receive-message" prints them; "-" is standard input. Of the file of settings it needs the names of
environment, cluster and region. The account is that of the first event, unless --account names another.

What is no event of the cluster is named with its line. It ends with 0, and with 1 when nothing in the file was one.`,
		Example: "  berth alerts replay events.json\n  aws sqs receive-message --queue-url URL --max-number-of-messages 10 | berth alerts replay -\n  berth alerts replay events.jsonl --output json",
		Args:    t.One,
		RunE: func(_ *cobra.Command, args []string) error {
			return t.replay(args[0], account)
		},
	}
	c.Flags().StringVar(&account, "account", "", "the `ID` of the account whose events count (default that of the first)")
	return c
}

func (t Tool) replay(file, account string) error {
	if err := privilege.CheckAccount(account); err != nil {
		return err
	}
	c, err := t.Load()
	if err != nil {
		return err
	}
	text, err := read(file, t.Stdin)
	if err != nil {
		return err
	}
	found := events(text)
	if account == "" {
		account = accountOf(found)
	}
	scope := scopeOf(c, account)
	heard, refused := t.heard(found, scope)
	changes, open := play(heard, scope)
	incidents := map[string]bool{}
	for _, change := range changes {
		incidents[change.Incident.ID] = true
		if err := t.tell(watch.MessageOf(change, scope)); err != nil {
			return err
		}
	}
	t.Say("%s, %d refused; %s, %d of them open at the end\n", ink.Several(len(heard), "event"), refused, ink.Several(len(incidents), "incident"), open)
	if len(heard) == 0 {
		return empty(file, scope)
	}
	return nil
}

// empty is a file without events of the cluster.
func empty(file string, scope model.Scope) error {
	if file == "-" {
		file = "standard input"
	}
	return &problem.Problem{
		Code: "WCH003", Text: file + " holds no event of cluster " + scope.ClusterName() + " in " + scope.Region, Exit: problem.Failed,
		Hints: []string{"capture some: aws sqs receive-message --queue-url QUEUE --max-number-of-messages 10 > events.json (berth outputs names the queue)"},
	}
}

// accountOf is the account of the first event that names one.
func accountOf(found []captured) string {
	for _, f := range found {
		var e struct {
			Account string `json:"account"`
		}
		if json.Unmarshal(f.body, &e) == nil && e.Account != "" {
			return e.Account
		}
	}
	return ""
}

func scopeOf(c *config.Config, account string) model.Scope {
	return model.Scope{Account: account, Region: c.Region, Partition: permit.Partition(c.Region), Environment: c.Environment, Cluster: c.Cluster}
}

// heard are what the events say, in the order of their times; those that are none are said.
func (t Tool) heard(found []captured, scope model.Scope) (out []hear.Heard, refused int) {
	for _, f := range found {
		why := f.bad
		if why == "" {
			h, err := hear.Event(f.body, scope)
			if err == nil {
				out = append(out, h)
				continue
			}
			why = err.Error()
			if r, ok := errors.AsType[*hear.Refusal](err); ok {
				why = r.Why
			}
		}
		refused++
		t.Say("line %d: %s\n", f.line, ink.Clean(why))
	}
	slices.SortStableFunc(out, func(a, b hear.Heard) int { return a.At.Compare(b.At) })
	return out, refused
}

// How time goes by between events: often at first, and not at all once nothing more can come of what was heard.
const (
	tick    = 30 * time.Second
	settled = 2 * time.Hour
)

// play hands the events to watch.Step as they happened, and goes on until nothing more comes of them.
func play(heard []hear.Heard, scope model.Scope) (changes []watch.Change, open int) {
	state := watch.State{Cluster: scope.ClusterName()}
	step := func(in watch.Input) {
		var some []watch.Change
		state, some = watch.Step(state, in)
		changes = append(changes, some...)
	}
	idle := func(from, to time.Time) {
		for at := from.Add(tick); at.Before(to) && at.Sub(from) <= settled; at = at.Add(tick) {
			step(watch.Input{At: at})
		}
	}
	for n, h := range heard {
		if n > 0 {
			idle(heard[n-1].At, h.At)
		}
		step(watch.Input{At: h.At, Signals: h.Signals})
	}
	if len(heard) > 0 {
		last := heard[len(heard)-1].At
		idle(last, last.Add(settled))
	}
	for _, i := range state.Incidents {
		if !i.Opened.IsZero() && i.Resolved.IsZero() {
			open++
		}
	}
	return changes, open
}

// tell shows a change, with its day: captured events are of other days.
func (t Tool) tell(m watch.Message) error {
	if t.JSON() {
		line, err := json.Marshal(m)
		if err != nil {
			return err
		}
		return t.Print(string(line) + "\n")
	}
	return t.Print(strings.Join([]string{m.At.UTC().Format(time.DateOnly), incident.Text(m)}, " "))
}
