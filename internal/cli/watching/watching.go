// Package watching is the verb that follows a cluster and tells people: watch.
//
// In: the command line, and the program around it as a Tool. Out: incidents on stdout, talk on stderr, messages to the file's alerts,
// and a file with those that nobody took. It judges nothing about a cluster.
package watching

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/cli/source"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/desired"
	drive "berth/internal/drive/watching"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/observe"
	seen "berth/internal/observe/watching"
	"berth/internal/render/incident"
	"berth/internal/render/ink"
)

// Tool is what the verb needs of the program around it.
type Tool struct {
	With   func(context.Context, func(Cluster) error) error // opens the cluster of the file
	Print  func(text string) error
	Say    func(format string, args ...any)
	JSON   func() bool
	Flags  func() string // those that name the cluster, for commands to be copied
	Sim    func() bool   // the cluster is on the embedded AWS of this process
	Folder func() string // where berth keeps files beside those of the cluster: .berth
	Args   cobra.PositionalArgs
}

// Cluster is a cluster that is open.
type Cluster struct {
	Cloud   *cloud.Cloud
	Config  *config.Config
	Who     lease.Holder
	Secrets func() (map[string]source.Alert, error) // of the alerts; they are masked from then on
}

type flags struct {
	once bool
	time time.Duration
	dead string
}

// deadLetters is where messages go that nobody takes, beside the file unless the command line says otherwise.
const deadLetters = "dead-letters.jsonl"

// Command is berth watch.
func (t Tool) Command() *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use:   "watch",
		Short: "Follow the cluster's events, and tell people what fails and why",
		Long: `Follow what happens in the cluster: the events in the queue that berth apply makes, and every minute a look for what no event
tells. What fails becomes an incident, one for each cause, which is told when it begins, when it grows and when it is over: here,
and to the alerts of the file that berth watch sends to. A message that a receiver does not take is sent again for a day and then
goes to the file of dead letters. What is known is kept in the cluster's bucket, so it can be stopped and started at any time.

Of two watchers one works, and the other stands by. --once is for cron: it takes what lies in the queue, looks once and ends.`,
		Example: `  berth watch
  berth watch --once
  berth watch --sim --for 30m
  berth watch --output json | jq .title`,
		Args: t.Args,
		RunE: func(c *cobra.Command, _ []string) error { return t.run(c.Context(), f) },
	}
	fl := c.Flags()
	fl.BoolVar(&f.once, "once", false, "take what lies in the queue, look once, deliver what is due, and end")
	fl.DurationVar(&f.time, "for", 0, "end after `TIME`")
	fl.StringVar(&f.dead, "dead-letters", "", "the `FILE` for messages that nobody takes, one JSON object a line (default .berth/"+deadLetters+" beside the first file)")
	return c
}

func (t Tool) run(ctx context.Context, f flags) error {
	switch {
	case f.once && f.time != 0:
		return problem.Usage("--once and --for exclude each other", "berth watch --help")
	case f.time < 0:
		return problem.Usage("--for wants a time such as 30m", "berth watch --for 30m")
	case t.Sim() && !f.once && f.time == 0:
		return problem.Usage("on the embedded AWS time stands still while nobody sleeps, so watching would never end: --once or --for says how long",
			"berth watch"+t.Flags()+" --for 30m", "or let time run: berth sim serve, then berth watch --endpoint-url http://127.0.0.1:4566")
	}
	if f.dead == "" {
		f.dead = filepath.Join(t.Folder(), deadLetters)
	}
	return t.With(ctx, func(c Cluster) error {
		err := t.watch(ctx, c, f)
		return t.Not(err, c)
	})
}

func (t Tool) watch(ctx context.Context, c Cluster, f flags) error {
	scope, err := observe.Who(ctx, c.Cloud, c.Config.Environment, c.Config.Cluster)
	if err != nil {
		return err
	}
	w := drive.Watch{Cloud: c.Cloud, Scope: scope, Who: c.Who, Alerts: told(c.Config), DeadLetters: graveyard(f.dead).bury}
	if w.Sinks, w.Receivers, err = t.Sinks(c); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var failed error
	w.Tell = func(n drive.Told) {
		if err := t.tell(n); err != nil && failed == nil {
			failed = err
			stop() // nobody can read it
		}
	}
	if err := w.Run(ctx, f.once, f.time); failed == nil {
		return err
	}
	return failed
}

// told are the alerts of the file that AWS itself tells.
func told(c *config.Config) []model.Subscription { return desired.Subscriptions(c) }

// tell shows what the watcher says.
func (t Tool) tell(n drive.Told) error {
	switch {
	case n.Message == nil && n.Grave:
		t.Say("%s warning: %s\n", incident.Clock(n.At), ink.Clean(n.Text))
	case n.Message == nil:
		t.Say("%s %s\n", incident.Clock(n.At), ink.Clean(n.Text))
	case t.JSON():
		line, err := json.Marshal(n.Message)
		if err != nil {
			return err
		}
		return t.Print(string(line) + "\n")
	default:
		return t.Print(incident.Text(*n.Message))
	}
	return nil
}

// Not turns what stands in the way of watching into what people can do about it.
func (t Tool) Not(err error, c Cluster) error {
	var u *seen.Unreadable
	switch {
	case errors.As(err, &u):
		return &problem.Problem{
			Code: "WCH001", Text: u.Error(), Exit: problem.Failed,
			Hints: []string{
				"look at it: aws s3 cp s3://" + u.Bucket + "/" + seen.MemoryKey + " -",
				"forget it, and what was still to be told: aws s3 rm s3://" + u.Bucket + "/" + seen.MemoryKey,
			},
		}
	case cloud.Code(err) == "NoSuchBucket", cloud.Code(err) == "ClusterNotFoundException":
		return &problem.Problem{
			Code: "WHY001", Text: "there is no cluster " + c.Config.Cluster, Exit: problem.Misused, Hints: []string{"make it: berth apply" + t.Flags()},
		}
	}
	return err
}
