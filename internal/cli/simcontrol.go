package cli

import (
	"context"

	"github.com/spf13/cobra"

	"berth/internal/cli/control"
	"berth/internal/cli/endpoint"
	"berth/internal/sim"
)

// simControls are the verbs that take the embedded AWS in hand.
func (a *app) simControls() []*cobra.Command {
	t := control.Tool{
		Folder: a.simDir, Open: func() (*sim.Sim, *sim.Store, error) { return a.openSim(a.simDir()) },
		Endpoint: func() string { return a.flags.endpoint }, Region: func() string { return a.flags.region },
		Reach: func(ctx context.Context) error { return endpoint.Reach(ctx, a.flags.endpoint, a.place()) }, Place: a.place, Say: a.say,
	}
	advance, fault, save, load := t.Advance(), t.Fault(), t.Save(), t.Load()
	advance.Args = one("a time", "10m")
	save.Args, load.Args = one("a file", "before.json"), one("a file", "before.json")
	return []*cobra.Command{advance, fault, save, load}
}
