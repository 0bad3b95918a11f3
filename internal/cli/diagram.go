package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"berth/internal/render"
)

type diagramFlags struct{ format, out string }

func (a *app) diagramCommand() *cobra.Command {
	var f diagramFlags
	c := &cobra.Command{
		Use:   "diagram",
		Short: "Draw the cluster as SVG, Mermaid or text",
		Long:  "Draw the cluster that stands, or the one that the file asks for while none does.",
		RunE:  only(func(c *cobra.Command) error { return a.diagram(c.Context(), f) }),
	}
	c.Flags().StringVar(&f.format, "format", "", "`svg`, mermaid or text (default svg with --out, else text)")
	c.Flags().StringVar(&f.out, "out", "", "write to `FILE`")
	return c
}

func (a *app) diagram(ctx context.Context, f diagramFlags) (err error) {
	if f.format == "" {
		f.format = "text"
		if f.out != "" {
			f.format = "svg"
		}
	}
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = s.close(err) }()
	seen, err := s.Survey(ctx)
	if err != nil {
		return err
	}
	v := view(seen)
	var text string
	switch f.format {
	case "svg":
		text = render.DiagramSVG(v)
	case "mermaid":
		text = render.DiagramMermaid(v)
	case "text":
		text = render.DiagramText(v, a.style(f.out == ""))
	default:
		return &usageError{fmt.Errorf("--format is svg, mermaid or text, not %q", f.format), "berth diagram --help"}
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
