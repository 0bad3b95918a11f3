package pinning

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/ami"
	"berth/internal/cli/problem"
	show "berth/internal/render/ami"
)

// choice is what an update is told.
type choice struct {
	groups []string
	dry    bool
}

func (t Tool) updateCommand() *cobra.Command {
	var f choice
	c := &cobra.Command{
		Use:   "update",
		Short: "Write the images that AWS recommends into the file",
		Long: `Write the image that AWS recommends now into the file, as aws_ecs_ami of each group that has an older one. Comments and everything
else stay byte for byte. A group that takes the image from the top level goes on to do so; one of another architecture or family gets its
own. Of several files it is the last that sets the image, and else the first.
Nothing on AWS changes: berth plan shows what would, berth apply makes new instances start from it, and berth roll replaces those that run.`,
		Example: "  berth ami update --dry-run\n  berth ami update --group batch --yes",
		Args:    t.None,
		RunE: func(c *cobra.Command, _ []string) error {
			return t.With(c.Context(), func(at Cluster) error { return t.update(c.Context(), at, f) })
		},
	}
	c.Flags().StringArrayVar(&f.groups, "group", nil, "only the `GROUP`; repeatable")
	c.Flags().BoolVar(&f.dry, "dry-run", false, "show the lines that would change, and write nothing")
	return c
}

func (t Tool) update(ctx context.Context, c Cluster, f choice) error {
	for _, g := range f.groups {
		if !slices.Contains(names(c.Config), g) {
			return problem.Usage("the file has no group "+problem.Shell(g), "its groups are "+strings.Join(names(c.Config), ", "))
		}
	}
	r, seen, err := report(ctx, c)
	if err != nil {
		return err
	}
	u := show.Update{Pins: r.Newer(f.groups), Notes: notes(r, f.groups), Flags: t.Flags()}
	texts := files{paths: t.Files()}
	if err := texts.write(c.Config, ami.Edits(c.Config, u.Pins)); err != nil {
		return err
	}
	u.Changes, u.Top = texts.changes(), texts.top
	if len(u.Pins) == 0 || f.dry {
		return t.Show(u.JSON, u.Text)
	}
	if !t.JSON() {
		if err := t.Show(u.JSON, u.Text); err != nil {
			return err
		}
	}
	if err := t.Confirm(ctx, "berth ami update"+t.Flags()); err != nil {
		return err
	}
	if err := locked(ctx, c, seen, texts.save); err != nil {
		return err
	}
	u.Written = true
	if t.JSON() {
		return t.Show(u.JSON, u.Text)
	}
	return t.Show(u.JSON, u.Done)
}

// notes say which groups stay as they are although they might be meant.
func notes(r ami.Report, groups []string) []string {
	var out []string
	for _, g := range r.Groups {
		if g.Own && (len(groups) == 0 || slices.Contains(groups, g.Name)) {
			out = append(out, fmt.Sprintf("Group %s stays: %s is an image of one's own, or of another sort, and nobody can tell whether it is older.", g.Name, g.Pinned.ID))
		}
	}
	return out
}
