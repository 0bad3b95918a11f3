package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/cli/privilege"
	"berth/internal/cli/problem"
	"berth/internal/sim"
)

func (a *app) simCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "sim",
		Short: "Run the embedded AWS for other clients, move its time, break it, keep it, forget it",
		Args:  verbOf, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }, SuggestionsMinimumDistance: 2,
	}
	c.AddCommand(a.simServeCommand(), a.simResetCommand(), a.simAdvanceCommand(), a.simFaultCommand(), a.simSaveCommand(), a.simLoadCommand())
	return c
}

type serveFlags struct {
	listen  string
	speed   float64
	latency time.Duration
	public  bool
	policy  string
}

func (a *app) simServeCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the embedded AWS over HTTP",
		Long: `Serve the embedded AWS over HTTP, for any AWS client in any language: aws --endpoint-url http://127.0.0.1:4566 …
Credentials may be anything. The state is kept in the --sim folder, over restarts too. With --policy all callers may do only what
that policy document allows, as an identity that has it; what it does not allow is refused as AWS refuses it.`,
		Example: `  berth sim serve --speed 60
  berth apply --yes --endpoint-url http://127.0.0.1:4566 --clock-speed 60
  berth sim serve --policy apply.json`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			switch {
			case f.speed <= 0:
				return problem.Usage("--speed is greater than 0", c.CommandPath()+" --help")
			case f.latency < 0:
				return problem.Usage("--latency is not less than 0", c.CommandPath()+" --help")
			}
			return a.simServe(c.Context(), f)
		},
	}
	c.Flags().StringVar(&f.listen, "listen", "127.0.0.1:4566", "listen at `ADDRESS`; port 0 takes a free one")
	c.Flags().Float64Var(&f.speed, "speed", 1, "let the world's time run `N` times as fast as the wall clock")
	c.Flags().DurationVar(&f.latency, "latency", 0, "answer every call `TIME` later")
	c.Flags().StringVar(&f.policy, "policy", "", "let callers do only what the policy document in `FILE` allows")
	c.Flags().BoolVar(&f.public, "public", false, "allow addresses other than loopback; there is no authentication")
	return c
}

func (a *app) simServe(ctx context.Context, f serveFlags) error {
	policy, err := privilege.Read(f.policy)
	if err != nil {
		return err
	}
	world, store, err := a.openSim(a.simDir())
	if err != nil {
		return err
	}
	server := &sim.Server{Sim: world, Policy: policy, Speed: f.speed, Latency: f.latency, Public: f.public, Log: func(s string) { a.say("%s\n", s) }}
	l, err := server.Listen(f.listen)
	if err != nil {
		return errors.Join(problem.Unserved(err), store.Close(world))
	}
	a.say("serving the embedded AWS at http://%s (state in %s); Ctrl-C ends it\n", l.Addr(), a.simDir())
	return errors.Join(server.Serve(ctx, l), store.Close(world))
}

func (a *app) simResetCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "reset",
		Short:   "Forget the embedded AWS and everything in it",
		Example: "  berth sim reset",
		Args:    none,
		RunE: func(*cobra.Command, []string) error {
			if err := sim.Reset(a.simDir()); err != nil {
				return err
			}
			a.say("forgotten: %s\n", a.simDir())
			return nil
		},
	}
}

func (a *app) simAdvanceCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "advance TIME",
		Short: "Move the embedded AWS's time, for example by 10m",
		Long: `Move the embedded AWS's time, for example by 10m. With --endpoint-url it is the time of the world that berth sim serve
serves there. Where requests are offered it says how many were served and failed meanwhile.`,
		Example: "  berth sim advance 10m",
		Args:    one("a time", "10m"),
		RunE: func(c *cobra.Command, args []string) error {
			d, err := time.ParseDuration(args[0])
			if err != nil || d <= 0 {
				return problem.Usage(fmt.Sprintf("%q is no time to move by; one is 90s, 10m or 2h", args[0]), "berth sim advance 10m")
			}
			if a.flags.endpoint != "" {
				return a.advanceServed(c.Context(), d)
			}
			return a.advance(c.Context(), d)
		},
	}
}

// advance moves the world in its folder.
func (a *app) advance(ctx context.Context, d time.Duration) error {
	world, store, err := a.openSim(a.simDir())
	if err != nil {
		return err
	}
	before := world.Figures()
	err = errors.Join(world.Sleep(ctx, d), store.Close(world))
	if err != nil {
		return err
	}
	a.say("it is now %s in %s\n", world.Now().Format(time.RFC3339), a.simDir())
	return a.moved(before, world.Figures())
}

// advanceServed moves a served world by its control address.
func (a *app) advanceServed(ctx context.Context, d time.Duration) error {
	before := served{ctx, a}.Figures()
	if _, err := a.control(ctx, http.MethodPost, "advance?"+url.Values{"by": {d.String()}}.Encode(), nil); err != nil {
		return err
	}
	a.say("moved by %s\n", d)
	return a.moved(before, served{ctx, a}.Figures())
}

// moved says what became of the requests between two looks at a world, and what was promised and is broken.
func (a *app) moved(before, after sim.Figures) error {
	if count := after.Count().Since(before.Count()); count.Offered > 0 {
		a.say("%s\n", count)
	}
	return kept(after.Promises)
}
