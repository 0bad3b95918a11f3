package alerting

import (
	"context"
	"errors"
	"io"
	"text/template"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/cli/watching"
	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/drive/trial"
	"berth/internal/model"
	"berth/internal/observe"
	show "berth/internal/render/trial"
	"berth/internal/watch"
)

func (t Tool) testCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "test",
		Short: "Send one message along every way, and say what arrived",
		Long: `Send one test message to every alert of the file, and say what arrived and what did not: to Slack, web servers, mail servers and
topics as berth watch sends, and by AWS's own way (EventBridge, topic, subscriptions, queue) as a failure would go. What a mailbox
does with it nobody can know: then it says what to look for.

Where no berth watch is at work it reads the queue of events itself, and at most twenty messages of others with it: these are there
again when it is done.
It ends with 0 when everything arrived or was handed over, and with 1 when something did not.`,
		Example: "  berth alerts test\n  berth alerts test --sim\n  berth alerts test --output json",
		Args:    t.Args,
		RunE: func(c *cobra.Command, _ []string) error {
			return t.With(c.Context(), func(at watching.Cluster) error { return t.Not(t.test(c.Context(), at), at) })
		},
	}
}

func (t Tool) test(ctx context.Context, c watching.Cluster) error {
	if len(c.Config.Alerts) == 0 {
		return &problem.Problem{
			Code: "OPS402", Text: "the file has no alerts: nobody is told when something fails", Exit: problem.Misused,
			Hints: []string{`add to the file: alerts = { ops = { email = "ops@example.com" } }`, "then: berth apply" + t.Flags()},
		}
	}
	scope, err := observe.Who(ctx, c.Cloud, c.Config.Environment, c.Config.Cluster)
	if err != nil {
		return err
	}
	run := trial.Trial{
		Cloud: c.Cloud, Scope: scope, ID: "test-" + t.Draw(), Who: c.Who.Owner + "@" + c.Who.Host, Alerts: desired.Subscriptions(c.Config), Flags: t.Flags(),
	}
	if run.Sinks, _, err = t.Sinks(c); err != nil {
		return err
	}
	at := c.Cloud.Clock.Now()
	ways, notes, failed := run.Run(ctx)
	if len(ways) == 0 && failed != nil {
		return failed
	}
	v := show.View{ID: run.ID, At: at, Cluster: scope.ClusterName(), Notes: notes, Failed: string(trial.Failed)}
	v.Ways = shown(c.Config, scope, worded(ways, c.Config, watch.Trial(run.ID, run.Who, at, scope)))
	if err := t.Show(v.JSON, v.Text); err != nil || failed != nil {
		return errors.Join(failed, err)
	}
	if !v.Passed() {
		return problem.Quiet(problem.Failed)
	}
	return nil
}

// worded are the ways, with those failed whose templates do not work: the messages come, in berth's own words.
func worded(ways []trial.Way, c *config.Config, m watch.Message) []trial.Way {
	for n := range ways {
		for _, a := range c.Alerts {
			w := &ways[n]
			if a.Name != w.Alert || a.Template == "" || w.Outcome == trial.Failed {
				continue
			}
			words, err := template.New("template").Parse(a.Template)
			if err == nil {
				err = words.Execute(io.Discard, m)
			}
			if err != nil {
				w.Outcome, w.Text, w.Fix = trial.Failed, "its template cannot be used, so messages come in berth's own words: "+err.Error(), "mend alerts."+a.Name+".template in the file"
			}
		}
	}
	return ways
}

// shown are the ways as people see them.
func shown(c *config.Config, scope model.Scope, ways []trial.Way) []show.Way {
	var out []show.Way
	for _, w := range ways {
		one := show.Way{Alert: w.Alert, By: "queue", To: scope.QueueName(model.EventQueue), Outcome: string(w.Outcome), Text: w.Text, Fix: w.Fix}
		for _, a := range c.Alerts {
			if a.Name == w.Alert {
				one.By, one.To = a.Receiver()
			}
		}
		out = append(out, one)
	}
	return out
}
