package cli

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
	"berth/internal/diagnose"
	"berth/internal/live"
	"berth/internal/observe/service"
	"berth/internal/render/diagnosis"
	"berth/internal/spell"
)

func (a *app) whyCommand() *cobra.Command {
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
			return one("what to look at", "web")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case from != "" && save != "":
				return problem.Usage("--from and --save exclude each other: the one reads a capture, the other writes one", c.CommandPath()+" --help")
			case from != "":
				return a.whyFrom(from, args)
			}
			return a.with(c.Context(), func(s *session) error { return a.why(c.Context(), s, args[0], save) })
		},
	}
	c.Flags().StringVar(&from, "from", "", "diagnose the capture in `FILE` instead of what runs")
	c.Flags().StringVar(&save, "save", "", "write what was looked at to `FILE`, which must not be there yet")
	return c
}

// why looks at what runs.
func (a *app) why(ctx context.Context, s *session, name, save string) error {
	scope := privilege.Cluster(s.Config, "").Scope
	of, err := service.Whose(ctx, s.Cloud, scope)
	switch {
	case err != nil:
		return err
	case of.Others:
		return problem.Elsewhere("DEP205", scope)
	}
	subject, err := service.Find(ctx, s.Cloud, scope, name)
	if err != nil {
		return a.whyNot(err, name, scope.ClusterName())
	}
	c, err := service.Why(ctx, s.Cloud, scope, subject)
	if err != nil {
		return a.whyNot(err, name, scope.ClusterName())
	}
	if save != "" {
		if err := capture.Save(save, c); err != nil {
			return err
		}
		a.say("what was looked at is in %s; to look at it again: berth why --from %s\n", save, problem.Shell(save))
	}
	return a.diagnosed(c)
}

// diagnosed shows what a capture tells.
func (a *app) diagnosed(c live.Capture) error {
	found := diagnose.Of(c)
	if a.json() {
		return a.printJSON(diagnosis.JSON(c, found))
	}
	return a.print(diagnosis.Text(c, found, a.style(true)))
}

// whyNot turns what stands in the way of an answer into what people can do about it.
func (a *app) whyNot(err error, name, cluster string) error {
	var u *service.Unknown
	switch {
	case errors.As(err, &u):
		p := &problem.Problem{Code: "WHY001", Text: u.Error(), Exit: problem.Misused}
		if near := spell.Nearest(name, u.Near); near != "" {
			p.Hints = append(p.Hints, "did you mean: berth why "+problem.Shell(near)+a.suffix())
		} else if len(u.Near) > 0 {
			p.Hints = append(p.Hints, "the services are "+list(u.Near))
		}
		return p
	case cloud.Code(err) == "ClusterNotFoundException":
		return &problem.Problem{
			Code: "WHY001", Text: "there is no cluster " + cluster, Exit: problem.Misused,
			Hints: []string{"make it: berth apply" + a.suffix()},
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

// whyFrom diagnoses a saved capture.
func (a *app) whyFrom(file string, args []string) error {
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
	return a.diagnosed(c)
}
