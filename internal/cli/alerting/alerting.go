// Package alerting is the verbs about the alerts themselves: whether they would reach people, and what captured events would have told.
//
// In: the command line, and the program around it as a Tool. Out: what came of a test on stdout, or incidents. Nothing of the cluster
// changes by it.
package alerting

import (
	"io"

	"github.com/spf13/cobra"

	"berth/internal/cli/watching"
	"berth/internal/config"
	"berth/internal/render/ink"
)

// Tool is what the verbs need of the program around it.
type Tool struct {
	watching.Tool

	Load  func() (*config.Config, error)
	Show  func(data func() ([]byte, error), text func(ink.Style) string) error // prints the one or the other form of a screen
	Stdin io.Reader
	Verbs cobra.PositionalArgs // of a verb that is nothing without one below it
	One   cobra.PositionalArgs // exactly one: the file
	Draw  func() string        // a name that no other test has
}

// Command is berth alerts.
func (t Tool) Command() *cobra.Command {
	c := &cobra.Command{
		Use: "alerts", Short: "Try whether people would be told, and what events would have told them",
		Args: t.Verbs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }, SuggestionsMinimumDistance: 2,
	}
	c.AddCommand(t.testCommand(), t.replayCommand())
	return c
}
