// Package inquiry is the verb that says why something fails: why.
//
// In: arguments, an open cluster or a capture that somebody saved, and what the tool prints with. Out: one screen, or its JSON. It
// reads only, and judges nothing: that is diagnose's.
package inquiry

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"berth/internal/cli/capture"
	"berth/internal/cli/privilege"
	"berth/internal/cli/problem"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/diagnose"
	"berth/internal/live"
	"berth/internal/observe/service"
	"berth/internal/render/diagnosis"
	"berth/internal/render/ink"
	"berth/internal/spell"
)

// Tool is what the verb needs of the program around it.
type Tool struct {
	With  func(context.Context, func(*cloud.Cloud, *config.Config) error) error // opens the cluster of the file
	Show  func(data func() ([]byte, error), text func(ink.Style) string) error  // prints the one or the other form of a screen
	Say   func(format string, args ...any)
	Flags func() string                                   // what the next command must be called with: " --sim"
	One   func(what, example string) cobra.PositionalArgs // just one
}

// Command is berth why.
func (t Tool) Command() *cobra.Command {
	var from, save string
	c := &cobra.Command{
		Use:   "why SERVICE|TASK|INSTANCE|DEPLOYMENT",
		Short: "Say what failed, why, and what to do",
		Long: `Say what failed and why, with the evidence, the likely cause and the next step: for a service or a task definition's family by
its name, a task or a deployment by its id or ARN, an instance by the id of its machine. A deployment is found by its id alone
while it is among the last twenty of its service, else by SERVICE/ID. It reads only, and ends with 0 whether something is wrong
or not.

A capture is what berth looked at, as JSON: --save writes one, without the values of environment variables and secrets, and
--from diagnoses one, without AWS and without a file of settings.`,
		Example: `  berth why web --sim
  berth why web --save web.json
  berth why --from web.json --output json`,
		Args: func(c *cobra.Command, args []string) error {
			if from != "" && len(args) == 0 {
				return nil
			}
			return t.One("what to look at", "web")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case from != "" && save != "":
				return problem.Usage("--from and --save exclude each other: the one reads a capture, the other writes one", c.CommandPath()+" --help")
			case from != "":
				return t.from(from, args)
			}
			return t.With(c.Context(), func(at *cloud.Cloud, file *config.Config) error { return t.why(c.Context(), at, file, args[0], save) })
		},
	}
	c.Flags().StringVar(&from, "from", "", "diagnose the capture in `FILE` instead of what runs")
	c.Flags().StringVar(&save, "save", "", "write what was looked at to `FILE`, which must not be there yet")
	return c
}

// why looks at what runs.
func (t Tool) why(ctx context.Context, at *cloud.Cloud, file *config.Config, name, save string) error {
	scope := privilege.Cluster(file, "").Scope
	of, err := service.Whose(ctx, at, scope)
	switch {
	case err != nil:
		return err
	case of.Others:
		return problem.Elsewhere("DEP205", scope)
	}
	subject, err := service.Find(ctx, at, scope, name)
	if err != nil {
		return Absent(err, name, scope.ClusterName(), t.Flags())
	}
	c, err := service.Why(ctx, at, scope, subject)
	if err != nil {
		return Absent(err, name, scope.ClusterName(), t.Flags())
	}
	if save != "" {
		if err := capture.Save(save, c); err != nil {
			return err
		}
		t.Say("what was looked at is in %s; to look at it again: berth why --from %s\n", save, problem.Shell(save))
	}
	return t.diagnosed(c)
}

// diagnosed shows what a capture tells.
func (t Tool) diagnosed(c live.Capture) error {
	found := diagnose.Of(c)
	return t.Show(func() ([]byte, error) { return diagnosis.JSON(c, found) }, func(s ink.Style) string { return diagnosis.Text(c, found, s) })
}

// Absent turns what stands in the way of an answer into what people can do about it.
func Absent(err error, name, cluster, flags string) error {
	var u *service.Unknown
	switch {
	case errors.As(err, &u):
		p := &problem.Problem{Code: "WHY001", Text: u.Error(), Exit: problem.Misused}
		if near := spell.Nearest(name, u.Near); near != "" {
			p.Hints = append(p.Hints, "did you mean: berth why "+problem.Shell(near)+flags)
		} else if len(u.Near) > 0 {
			p.Hints = append(p.Hints, "the services are "+list(u.Near))
		}
		return p
	case cloud.Code(err) == "ClusterNotFoundException":
		return &problem.Problem{
			Code: "WHY001", Text: "there is no cluster " + cluster, Exit: problem.Misused,
			Hints: []string{"make it: berth apply" + flags},
		}
	}
	return err
}

// list are some names, and how many more there are.
func list(names []string) string {
	const most = 10
	text := ""
	for i, n := range names {
		switch {
		case i == most:
			return text + " and " + strconv.Itoa(len(names)-most) + " more"
		case i > 0:
			text += ", "
		}
		text += n
	}
	return text
}

// from diagnoses a saved capture.
func (t Tool) from(file string, args []string) error {
	c, err := capture.Load(file)
	if err != nil {
		return err
	}
	if len(args) == 1 && args[0] != c.Subject.Name {
		return &problem.Problem{
			Code: "WHY001", Text: fmt.Sprintf("%s is about %s %s, not about %s", file, c.Subject.Kind, c.Subject.Name, args[0]), Exit: problem.Misused,
			Hints: []string{"berth why --from " + problem.Shell(file)},
		}
	}
	return t.diagnosed(c)
}
