package rolling

import (
	"github.com/spf13/cobra"

	"berth/internal/roll"
)

// Command is berth roll, with the verbs below it.
func (t Tool) Command() *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use: "roll", SuggestionsMinimumDistance: 2,
		Short: "Replace the instances that are outdated, without anybody noticing",
		Long: `Replace the instances that are outdated. Without --yes it is a dry run: which instances, why, what runs there and where it would
go, what stands in the way and how to mend it, how long it takes and what it costs. On a terminal it asks afterwards; anywhere else
it changes nothing. With --yes it does it, and follows it to its end.

First one new instance of each architecture must prove itself. Then new ones come, a few at a time, each in the zone of the one
that it replaces; the tasks of as many old ones move; and when everything has been well for a while the old ones go. A drain that
does not end is undone and named; nothing is killed by a timeout unless --force names the instance. However it ends, sizes,
protection, suspended processes and settings of services are put back.

It can be interrupted, and killed: what it does is remembered in the cluster's bucket. berth roll --yes goes on with a roll that is
not finished, from any machine.

Exit codes: 0 all are replaced, or none was outdated; 1 it failed, was aborted or undone, or instances were left as they are; 2 some
are outdated (only with --detailed-exitcode); 3 the command line cannot be used; 4 a permission is missing; 5 it would lose
availability, so nothing was touched; 8 --max-duration was over first; 130 interrupted.`,
		Example: `  berth roll --sim
  berth roll --yes -f prod.tfvars
  berth roll --group batch --max-age 30d --yes
  berth roll --strategy double --yes
  berth roll --detailed-exitcode`,
		Args: t.Verbs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.check(c, t.Yes(), t.AllowOutage()); err != nil {
				return err
			}
			return t.With(c.Context(), func(open Cluster) error { return t.roll(c.Context(), open, f) })
		},
	}
	f.bind(c)
	c.AddCommand(t.statusCommand())
	for _, s := range signals() {
		c.AddCommand(t.signalCommand(s))
	}
	return c
}

func (t Tool) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show how far the roll is, who runs it, and what it waits for",
		Long: `Show the roll that is under way, or the last one: its stage, its instances, who runs it and since when, what it waits for, what
it will put back, and the commands that make sense now. It changes nothing.`,
		Example: "  berth roll status\n  berth roll status --sim --output json",
		Args:    t.Args,
		RunE: func(c *cobra.Command, _ []string) error {
			return t.With(c.Context(), func(open Cluster) error { return t.status(c.Context(), open) })
		},
	}
}

// signal is a verb that tells a roll what to do.
type signal struct {
	command     roll.Command
	name, short string
	long        string
}

func signals() []signal {
	return []signal{
		{roll.Pause, "pause", "Have the roll begin nothing new", "Have the roll begin nothing new. What drains drains on; berth roll resume goes on."},
		{roll.GoOn, "resume", "Have the roll go on", "Have a roll go on that is paused. Where nobody is at work on it, this run goes on with it, and follows it to its end."},
		{
			roll.Abort, "abort", "End the roll and put back what it has begun",
			`End the roll: nothing new is begun, what drains is finished, the surge is taken away, and sizes, protection and settings are put
back. Instances that were replaced stay replaced. Where nobody is at work on it, this run does it.`,
		},
		{
			roll.Undo, "undo", "Give the old instances that still stand their work back",
			`Give every old instance that still stands its work back, drained ones too, take as many new ones away, and put everything else
back. What is terminated does not come back. Where nobody is at work on it, this run does it.`,
		},
	}
}

func (t Tool) signalCommand(s signal) *cobra.Command {
	return &cobra.Command{
		Use: s.name, Short: s.short,
		Long: s.long + `

A run that is at work on the roll is told by a tag on the cluster's groups, from any machine, and obeys at its next look.`,
		Example: "  berth roll " + s.name + "\n  berth roll " + s.name + " -f prod.tfvars",
		Args:    t.Args,
		RunE: func(c *cobra.Command, _ []string) error {
			return t.With(c.Context(), func(open Cluster) error { return t.signal(c.Context(), open, s) })
		},
	}
}
