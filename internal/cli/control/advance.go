package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/sim"
)

// Advance is berth sim advance.
func (t Tool) Advance() *cobra.Command {
	return &cobra.Command{
		Use:   "advance TIME",
		Short: "Move the embedded AWS's time, for example by 10m",
		Long: `Move the embedded AWS's time, for example by 10m. With --endpoint-url it is the time of the world that berth sim serve
serves there. Where requests are offered it says how many were served and failed meanwhile.`,
		Example: "  berth sim advance 10m",
		RunE: func(c *cobra.Command, args []string) error {
			d, err := time.ParseDuration(args[0])
			if err != nil || d <= 0 {
				return problem.Usage(fmt.Sprintf("%q is no time to move by; one is 90s, 10m or 2h", args[0]), "berth sim advance 10m")
			}
			if t.Endpoint() != "" {
				return t.advanceServed(c.Context(), d)
			}
			return t.advance(c.Context(), d)
		},
	}
}

// advance moves the world in its folder.
func (t Tool) advance(ctx context.Context, d time.Duration) error {
	world, store, err := t.Open()
	if err != nil {
		return err
	}
	before := world.Figures()
	err = errors.Join(world.Sleep(ctx, d), store.Close(world))
	if err != nil {
		return err
	}
	t.Say("it is now %s in %s\n", world.Now().Format(time.RFC3339), t.Folder())
	return t.moved(before, world.Figures())
}

// advanceServed moves a served world by its control address.
func (t Tool) advanceServed(ctx context.Context, d time.Duration) error {
	before := served{ctx, t}.Figures()
	if _, err := t.control(ctx, http.MethodPost, "advance?"+url.Values{"by": {d.String()}}.Encode(), nil); err != nil {
		return err
	}
	t.Say("moved by %s\n", d)
	return t.moved(before, served{ctx, t}.Figures())
}

// moved says what became of the requests between two looks at a world, and what was promised and is broken.
func (t Tool) moved(before, after sim.Figures) error {
	if count := after.Count().Since(before.Count()); count.Offered > 0 {
		t.Say("%s\n", count)
	}
	return kept(after.Promises)
}
