package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/render"
)

type diagramFlags struct{ format, out string }

func (a *app) diagramCommand() *cobra.Command {
	var f diagramFlags
	c := &cobra.Command{
		Use:   "diagram",
		Short: "Draw the cluster as SVG, Mermaid or text",
		Long:  "Draw the cluster that stands, or the one that the file asks for while none does.",
		Example: `  berth diagram --sim --out cluster.svg
  berth diagram --sim --format mermaid`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.check(c); err != nil {
				return err
			}
			return a.with(c.Context(), func(s *session) error { return a.diagram(c.Context(), s, f) })
		},
	}
	c.Flags().StringVar(&f.format, "format", "", "`svg`, mermaid or text (default svg with --out, else text)")
	c.Flags().StringVar(&f.out, "out", "", "write to `FILE`")
	complete(c, "format", "svg", "mermaid", "text")
	return c
}

func (f *diagramFlags) check(c *cobra.Command) error {
	switch f.format {
	case "svg", "mermaid", "text":
	case "":
		f.format = "text"
		if f.out != "" {
			f.format = "svg"
		}
	default:
		return problem.Usage(fmt.Sprintf("--format is svg, mermaid or text, not %q", f.format), c.CommandPath()+" --help")
	}
	return nil
}

func (a *app) diagram(ctx context.Context, s *session, f diagramFlags) error {
	seen, err := s.Survey(ctx)
	if err != nil {
		return err
	}
	v, text := view(seen), ""
	switch f.format {
	case "svg":
		text = render.DiagramSVG(v)
	case "mermaid":
		text = render.DiagramMermaid(v)
	default:
		text = render.DiagramText(v, a.styleOf(f))
	}
	if f.out == "" {
		return a.print(text)
	}
	if err := os.WriteFile(f.out, []byte(text), 0o644); err != nil {
		return err
	}
	a.say("drawn: %s\n", f.out)
	return nil
}

// styleOf is the style of a drawing in text; a file has none.
func (a *app) styleOf(f diagramFlags) render.Style {
	if f.out != "" {
		return render.Style{}
	}
	return a.style(true)
}
