// Package pinning is the verbs about machine images: which ones a cluster's groups start from, and writing a newer one into the file.
//
// In: the command line, and the program around it as a Tool. Out: a screen or JSON on stdout; of an update, changed files of
// settings. Nothing on AWS changes by it.
package pinning

import (
	"context"

	"github.com/spf13/cobra"

	"berth/internal/ami"
	"berth/internal/cli/problem"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/model"
	look "berth/internal/observe/ami"
	"berth/internal/observe/machine"
	show "berth/internal/render/ami"
	"berth/internal/render/ink"
)

// Cluster is what the verbs work on.
type Cluster struct {
	drive.Cluster

	Who lease.Holder
}

// Tool is what the verbs need of the program around it.
type Tool struct {
	With    func(ctx context.Context, f func(Cluster) error) error
	Show    func(data func() ([]byte, error), text func(ink.Style) string) error // prints the one or the other form of a screen
	Confirm func(ctx context.Context, command string) error
	JSON    func() bool
	Flags   func() string   // what further commands must be called with
	Files   func() []string // of settings
	Verbs   cobra.PositionalArgs
	None    cobra.PositionalArgs
}

// Command is berth ami.
func (t Tool) Command() *cobra.Command {
	c := t.statusOf(&cobra.Command{
		Use:   "ami",
		Short: "Show which images the groups start from, and what is outdated",
		Long: `Show for each group the image (AMI) that the file or the launch template pins and the one that AWS recommends: how old they are,
which ECS agent and Docker are in them, when their support ends, and which instances run what.
With --detailed-exitcode it ends with 2 where AWS recommends a newer one, or instances run another one than their group launches: for
cron. "berth ami status" is the same.`,
		Example: "  berth ami --sim\n  berth ami --detailed-exitcode --output json\n  berth ami update --dry-run",
		Args:    t.Verbs,
	})
	c.SuggestionsMinimumDistance = 2
	c.AddCommand(t.statusOf(&cobra.Command{
		Use: "status", Short: "Show which images the groups start from, and what is outdated",
		Long: "The same as \"berth ami\".", Example: "  berth ami status --sim", Args: t.None,
	}), t.updateCommand())
	return c
}

// statusOf makes a command show the images.
func (t Tool) statusOf(c *cobra.Command) *cobra.Command {
	detailed := c.Flags().Bool("detailed-exitcode", false, "exit 2 when something is outdated")
	c.RunE = func(c *cobra.Command, _ []string) error {
		return t.With(c.Context(), func(at Cluster) error { return t.status(c.Context(), at, *detailed) })
	}
	return c
}

func (t Tool) status(ctx context.Context, c Cluster, detailed bool) error {
	r, seen, err := report(ctx, c)
	if err != nil {
		return err
	}
	v := show.View{At: seen.At, Cluster: c.Config.Cluster, Region: c.Config.Region, Report: r, Flags: t.Flags()}
	if err := t.Show(v.JSON, v.Text); err != nil {
		return err
	}
	if detailed && r.Outdated() {
		return problem.Quiet(problem.Changes)
	}
	return nil
}

// report looks at the cluster, then at its instances, then at all their images.
func report(ctx context.Context, c Cluster) (ami.Report, drive.Survey, error) {
	seen, err := c.Survey(ctx)
	if err != nil {
		return ami.Report{}, seen, err
	}
	machines, err := machine.Look(ctx, c.Cloud, seen.Have)
	if err != nil {
		return ami.Report{}, seen, err
	}
	releases, err := look.Look(ctx, c.Cloud, ami.IDs(seen.Facts, seen.Have, machines.Images))
	return ami.Of(c.Config, ami.Seen{
		Facts: seen.Facts, Have: seen.Have, Releases: releases, Images: machines.Images, Software: machines.Software,
	}), seen, err
}

// locked runs f under the cluster's lease. Where nothing stands there is none: nobody can be at work.
func locked(ctx context.Context, c Cluster, seen drive.Survey, f func() error) (err error) {
	if !seen.Have.Has(model.BucketKey()) {
		return f()
	}
	held, err := lease.Take(ctx, c.Cloud, seen.Facts.Scope.BucketName(), lease.Infra, c.Who)
	if err != nil {
		return err
	}
	defer func() {
		if failed := held.Release(context.WithoutCancel(ctx)); err == nil {
			err = failed
		}
	}()
	return f()
}

// names are those of the file's groups.
func names(c *config.Config) []string {
	var out []string
	for _, g := range c.Groups {
		out = append(out, g.Name)
	}
	return out
}
