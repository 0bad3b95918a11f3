// Package cli is the command line: one file per verb, each of which turns flags into one piece of work and hands what
// came of it to render. It is the only place where everything is wired together.
//
// In: arguments, streams, environment. Out: text for people on stderr, data on stdout, an exit code. No decision about
// a cluster is made here.
package cli

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"
)

// Exit codes, the same for every verb.
const (
	exitDone        = 0
	exitFailed      = 1
	exitChanges     = 2
	exitUsage       = 3
	exitCredentials = 4
	exitRefused     = 5
	exitInterrupted = 130
)

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
	PID      int
}

// app is one run of the program.
type app struct {
	Process
	flags globals
}

// Run carries out one command and returns the exit code.
func Run(ctx context.Context, p Process) int {
	a := &app{Process: p}
	root := a.root()
	root.SetArgs(terraformArgs(p.Args))
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	return a.report(ctx, err)
}

// exit is an error that says nothing more: everything has been said, only the code is left.
type exit int

func (e exit) Error() string { return "" }

// root is the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "berth",
		Short: "Highly available Amazon ECS clusters on EC2, out of one small file",
		Long: `berth makes a highly available Amazon ECS cluster on EC2 out of one small file (ecs.tfvars), and keeps it alive.
Add --sim to any verb to try it on the embedded AWS: no account, nothing leaves this machine.`,
		SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &usageError{err, "berth " + c.Name() + " --help"}
	})
	a.addGlobals(root)
	root.AddCommand(
		a.validateCommand(), a.planCommand(), a.applyCommand(), a.destroyCommand(), a.statusCommand(), a.outputsCommand(),
		a.diagramCommand(), a.simCommand(), a.explainCommand(), a.versionCommand(), a.completionCommand(),
	)
	return root
}

// usageError is a command line that cannot be understood.
type usageError struct {
	err  error
	help string
}

func (u *usageError) Error() string { return u.err.Error() }

func (u *usageError) Unwrap() error { return u.err }

// noArguments refuses arguments that a verb does not take.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &usageError{errors.New("berth " + c.Name() + " takes no argument: " + args[0]), "berth " + c.Name() + " --help"}
	}
	return nil
}
