// Package cli is the command line: one file per verb, each of which turns flags into one piece of work and hands what
// came of it to render. It is the only place where everything is wired together.
//
// In: arguments, streams, environment. Out: text for people on stderr, data on stdout, an exit code. No decision about
// a cluster is made here.
package cli

//go:generate go run ./docgen ../../docs

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/cli/flag"
	"berth/internal/cli/manual"
	"berth/internal/cli/problem"
	"berth/internal/permit"
)

// Manual is docs/verbs.
func Manual() []manual.Page { return manual.Pages((&app{}).root()) }

// Process is what a run of the program gets from its surroundings.
type Process struct {
	Args     []string // without the program's name
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	Environ  []string
	Terminal func(io.Writer) (width int, ok bool) // ok: a person is looking at the stream
	Reader   func(io.Reader) bool                 // a person can answer on the stream
	User     string
	Host     string
}

// app is one run of the program.
type app struct {
	Process
	flags   globals
	verb    string         // the one that runs, without those it stands below
	cluster permit.Cluster // the file's, once it is read
}

// Run carries out one command and returns the exit code.
func Run(ctx context.Context, p Process) int {
	a := &app{Process: p}
	root := a.root()
	root.SetArgs(flag.Terraform(root, p.Args))
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	return int(a.report(ctx, a.misspelt(root, root.ExecuteContext(ctx))))
}

// report says what went wrong and returns the exit code.
func (a *app) report(ctx context.Context, err error) problem.Exit {
	if err == nil {
		return problem.Done
	}
	if code := problem.Quiet(0); errors.As(err, &code) {
		return problem.Exit(code)
	}
	p := problem.Of(ctx, err, a.place())
	p.Write(a.Stderr)
	return p.Exit
}

// misspelt turns cobra's error about a verb that does not exist into ours.
func (a *app) misspelt(root *cobra.Command, err error) error {
	if err == nil || !strings.HasPrefix(err.Error(), "unknown command ") {
		return err
	}
	for _, word := range a.Args {
		if strings.Contains(err.Error(), `"`+word+`"`) {
			return noVerb(root, word)
		}
	}
	return problem.Usage(err.Error(), "berth --help")
}

// noVerb is the error about a verb that does not exist.
func noVerb(parent *cobra.Command, word string) error {
	p := problem.Usage(parent.CommandPath()+" has no verb "+problem.Shell(word), parent.CommandPath()+" --help")
	for _, s := range parent.SuggestionsFor(word) {
		p.Hints = append([]string{"did you mean: " + parent.CommandPath() + " " + s}, p.Hints...)
	}
	return p
}

// verbOf is for a verb that is nothing without one below it.
func verbOf(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return noVerb(c, args[0])
	}
	return nil
}

// root is the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "berth",
		Short: "Highly available Amazon ECS clusters on EC2, out of one small file",
		Long: `berth makes a highly available Amazon ECS cluster on EC2 out of one small file (ecs.tfvars), and keeps it alive.
Add --sim to any verb to try it on the embedded AWS: no account, nothing leaves this machine.`,
		SilenceUsage: true, SilenceErrors: true, DisableSuggestions: true, SuggestionsMinimumDistance: 2,
		Version:           Version(),
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			a.verb = c.Name()
			if above := c.Parent(); above != nil && slices.Contains(permit.Verbs(), above.Name()) {
				a.verb = above.Name() // the verbs below it have its policy
			}
			return a.flags.check(a.getenv("BERTH_CLOCK_SPEED"))
		},
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return problem.Usage(err.Error(), c.CommandPath()+" --help") })
	root.SetHelpCommand(helpCommand())
	a.addGlobals(root)
	addGroup(root, "make", "Make a cluster", a.initCommand(), a.validateCommand(), a.planCommand(), a.applyCommand(), a.destroyCommand())
	addGroup(root, "run", "Run services in it", a.rollouts()...)
	addGroup(root, "keep", "Keep it up to date", a.amiCommand(), a.rollCommand())
	addGroup(root, "look", "Look at it", a.statusCommand(), a.servicesCommand(), a.whyCommand(), a.watchCommand(), a.alertsCommand(), a.outputsCommand(), a.diagramCommand())
	root.SetHelpCommandGroupID("more")
	addGroup(root, "more", "And", a.iamCommand(), a.simCommand(), a.explainCommand(), a.versionCommand(), a.completionCommand())
	return root
}

func addGroup(root *cobra.Command, id, title string, verbs ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: id, Title: title + ":"})
	for _, c := range verbs {
		c.GroupID = id
		root.AddCommand(c)
	}
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [VERB]", Short: "Show the help of a verb", Hidden: true,
		RunE: func(c *cobra.Command, args []string) error {
			found, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return noVerb(c.Root(), strings.Join(args, " "))
			}
			return found.Help()
		},
	}
}

// none refuses arguments that a verb does not take.
func none(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hints := []string{c.CommandPath() + " --help"}
	if f := c.Flag("sim"); f != nil && f.Value.String() == flag.BesideFile {
		hints = append(hints, simFolder(args[0]))
	}
	return problem.Usage(c.CommandPath()+" takes no argument: "+args[0], hints...)
}

// simFolder is the hint for --sim DIR, where the folder is taken for an argument of the verb.
func simFolder(dir string) string {
	return "the folder of --sim goes behind an equals sign: --sim=" + problem.Shell(dir)
}

// one wants exactly one argument; what and example say which.
func one(what, example string) cobra.PositionalArgs {
	atMost := optional(what, example)
	return func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			args = []string{"", ""} // none is as wrong as two
		}
		return atMost(c, args)
	}
}

// optional wants one argument at most.
func optional(what, example string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) > 1 {
			return problem.Usage(c.CommandPath()+" takes one argument, "+what, "for example: "+c.CommandPath()+" "+example)
		}
		return nil
	}
}
