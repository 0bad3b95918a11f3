package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/cli/wizard"
	"berth/internal/config"
)

func (a *app) initCommand() *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "init",
		Short: "Write a commented ecs.tfvars",
		Long: `Write the file of a new cluster, with every setting that berth knows: those that were asked for, and all others as
comments with an example each. On a terminal a few questions are asked, each with a proposal; otherwise, with --yes and
where CI is set, the proposals count. What --var and --region give is not asked for. No AWS is asked: berth plan checks
the zones. An existing file is left alone without --force.`,
		Example: `  berth init
  berth init -f prod.tfvars --var environment=prod --region eu-central-1 --yes`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error { return a.init(c.Context(), force) },
	}
	c.Flags().BoolVar(&force, "force", false, "overwrite the file if there is one")
	return c
}

func (a *app) init(ctx context.Context, force bool) error {
	path, err := a.newFile(force)
	if err != nil {
		return err
	}
	given, err := a.given()
	if err != nil {
		return err
	}
	set, faults := wizard.Usual(given)
	if a.interactive() && !a.flags.yes {
		set, err = wizard.Ask(ctx, a.Stdin, a.Stderr, given)
		if errors.Is(err, wizard.ErrEnded) {
			return &problem.Problem{Code: "USE003", Text: err.Error(), Hints: []string{"take the proposals: berth init --yes" + a.suffix()}, Exit: problem.Failed}
		}
	} else if faults.Failed() {
		return &problem.Problem{Code: faults[0].Code, Text: faults[0].Summary, Exit: problem.Misused, Whole: faults.String()}
	}
	if err != nil {
		return err
	}
	if err := wizard.Save(path, wizard.Compose(set), force); err != nil {
		return problem.Usage("cannot write "+path+": "+err.Error(), "name another file: berth init -f FILE")
	}
	a.say("%s is written.\n\nNext\n  berth validate%s\n  berth plan --sim%s\n", path, a.file(), a.file())
	return nil
}

// newFile is the one file to write.
func (a *app) newFile(force bool) (string, error) {
	if len(a.flags.files) > 1 {
		return "", problem.Usage("berth init writes one file, and -f names several", "berth init -f "+problem.Shell(a.flags.files[0]))
	}
	path := "ecs.tfvars"
	if len(a.flags.files) == 1 {
		path = a.flags.files[0]
	}
	if wizard.Taken(path) && !force {
		return "", problem.Usage(path+" is there already", "write another: berth init -f new.tfvars", "overwrite it: berth init --force"+a.file())
	}
	return path, nil
}

// file is the flag that names the file.
func (a *app) file() string {
	if len(a.flags.files) == 0 {
		return ""
	}
	return " -f " + problem.Shell(a.flags.files[0])
}

// given are the settings of the command line. They are checked as they stand: their faults are about the command line.
func (a *app) given() ([]wizard.Setting, error) {
	_, faults := config.Load(config.Sources{Vars: a.overrides()})
	var wrong config.Faults
	for _, f := range faults {
		if f.Severity == config.Error && f.Range != (config.Range{}) {
			wrong = append(wrong, f)
		}
	}
	if len(wrong) > 0 {
		return nil, &problem.Problem{Code: wrong[0].Code, Text: wrong[0].Summary, Exit: problem.Misused, Whole: wrong.String()}
	}
	var out []wizard.Setting
	for _, line := range a.overrides() {
		name, raw, _ := strings.Cut(line, "=")
		if strings.TrimSpace(raw) != "null" {
			out = append(out, wizard.Setting{Name: strings.TrimSpace(name), Raw: raw})
		}
	}
	return out, nil
}
