package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/check"
	"berth/internal/cloud"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/plan"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// problem is an error as people get it: one line, hints with the exact next command, a code that explain knows, and
// the exit code.
type problem struct {
	code  string
	text  string
	hints []string
	exit  int
}

// report says what went wrong and returns the exit code.
func (a *app) report(ctx context.Context, err error) int {
	if code := exit(0); errors.As(err, &code) {
		return int(code)
	}
	var faults *faultsError
	if errors.As(err, &faults) {
		fmt.Fprint(a.Stderr, faults.faults.String())
		return exitUsage
	}
	p := a.problemOf(ctx, err)
	fmt.Fprintf(a.Stderr, "error: %s", oneLine(p.text))
	if p.code != "" {
		fmt.Fprintf(a.Stderr, " [%s]", p.code)
	}
	fmt.Fprintln(a.Stderr)
	for _, h := range p.hints {
		fmt.Fprintln(a.Stderr, "hint: "+oneLine(h))
	}
	return p.exit
}

// oneLine keeps text of others from breaking the line or the terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}

// problemOf finds out what kind of error it is.
func (a *app) problemOf(ctx context.Context, err error) problem {
	for _, known := range []func(context.Context, error) (problem, bool){
		interrupted, misused, ownProblem, conflicts, heldProblem, simProblem, a.cloudProblem,
	} {
		if p, ok := known(ctx, err); ok {
			return p
		}
	}
	return problem{text: err.Error(), exit: exitFailed}
}

func (p *problem) Error() string { return p.text }

// ownProblem is an error that the command line itself has made.
func ownProblem(_ context.Context, err error) (problem, bool) {
	var p *problem
	if errors.As(err, &p) {
		return *p, true
	}
	return problem{}, false
}

func interrupted(ctx context.Context, err error) (problem, bool) {
	if ctx.Err() == nil || !errors.Is(err, context.Canceled) {
		return problem{}, false
	}
	return problem{text: "interrupted", hints: []string{"run the same command again: it goes on where this one stopped"}, exit: exitInterrupted}, true
}

func misused(_ context.Context, err error) (problem, bool) {
	var u *usageError
	switch {
	case errors.As(err, &u):
		return problem{code: "USE001", text: u.Error(), hints: []string{u.help}, exit: exitUsage}, true
	case strings.HasPrefix(err.Error(), "unknown command"):
		return problem{code: "USE001", text: err.Error(), hints: []string{"berth --help"}, exit: exitUsage}, true
	}
	return problem{}, false
}

func conflicts(_ context.Context, err error) (problem, bool) {
	var foreign *plan.Conflict
	var circle *plan.Cycle
	var refusal *check.Refusal
	var quota *check.Quota
	switch {
	case errors.As(err, &foreign):
		return problem{
			code: "OWN001", text: foreign.Error(), exit: exitFailed,
			hints: []string{"rename the cluster in ecs.tfvars, or delete what is in the way yourself; berth never touches what it did not make"},
		}, true
	case errors.As(err, &circle):
		return problem{
			code: "PLN002", text: circle.Error(), exit: exitUsage,
			hints: []string{"give the new subnets ranges that no subnet has now, or go there in two steps"},
		}, true
	case errors.As(err, &refusal):
		return problem{code: refusal.Code, text: refusal.Error(), hints: refusal.Hints, exit: exitUsage}, true
	case errors.As(err, &quota):
		return problem{code: "QTA001", text: quota.Error(), hints: quota.Hints(), exit: exitFailed}, true
	}
	return problem{}, false
}

func heldProblem(_ context.Context, err error) (problem, bool) {
	var held *lease.Held
	switch {
	case errors.As(err, &held):
		return problem{
			code: "LCK001", text: held.Error(), exit: exitFailed,
			hints: []string{"wait for it to end; if it died, its hold ends by itself after 90 seconds"},
		}, true
	case errors.Is(err, lease.ErrLost):
		return problem{
			code: "LCK002", text: err.Error(), exit: exitFailed,
			hints: []string{"look at what the other run did: berth plan"},
		}, true
	}
	return problem{}, false
}

func simProblem(_ context.Context, err error) (problem, bool) {
	var locked *sim.Locked
	switch {
	case errors.As(err, &locked):
		return problem{
			code: "SIM001", text: locked.Error(), exit: exitFailed,
			hints: []string{"wait for it to end, or serve one simulation to many: berth sim serve"},
		}, true
	case errors.Is(err, world.ErrVersion):
		return problem{code: "SIM002", text: err.Error(), hints: []string{"berth sim reset"}, exit: exitFailed}, true
	}
	return problem{}, false
}

// cloudProblem is an answer of AWS that nobody expected.
func (a *app) cloudProblem(_ context.Context, err error) (problem, bool) {
	p, ok := cloud.ProblemOf(err)
	if !ok {
		return problem{}, false
	}
	text := p.Operation + ": " + p.Message
	if p.Code != "" {
		text = p.Operation + ": " + p.Code + ": " + p.Message
	}
	if p.RequestID != "" {
		text += " (request " + p.RequestID + ")"
	}
	switch {
	case cloud.Credentials(err):
		return problem{code: "AWS001", text: "no usable AWS credentials: " + text, hints: a.credentialHints(), exit: exitCredentials}, true
	case p.Action != "":
		return problem{
			code: "AWS002", text: "missing permission " + p.Action + ": " + text, exit: exitCredentials,
			hints: []string{"allow " + p.Action + " to the identity that runs berth"},
		}, true
	case cloud.Exceeded(err):
		return problem{code: "QTA001", text: text, hints: []string{"ask AWS for a higher quota in the Service Quotas console"}, exit: exitFailed}, true
	case cloud.Lost(err):
		return problem{
			code: "AWS003", text: "AWS does not answer: " + text, exit: exitFailed,
			hints: []string{"check the region (aws_region) and the network, then run the same command again"},
		}, true
	}
	return problem{code: "AWS004", text: text, exit: exitFailed}, true
}

func (a *app) credentialHints() []string {
	return []string{"try it without an account: add --sim", "log in, for example: aws sso login --profile NAME, then berth --profile NAME"}
}

// failures turns the changes that did not work out into lines for the result screen, and the exit code.
func (a *app) failures(ctx context.Context, failed []drive.Failure) (lines []failedLine, code int) {
	code = exitDone
	for _, f := range failed {
		p := a.problemOf(ctx, f.Err)
		line := failedLine{f.Change.Step, p.text, ""}
		if len(p.hints) > 0 {
			line.hint = p.hints[0]
		}
		lines = append(lines, line)
		code = max(code, exitFailed)
		if p.exit == exitCredentials {
			code = exitCredentials
		}
	}
	return lines, code
}

type failedLine struct {
	step         plan.Step
	reason, hint string
}

// say writes talk: what people read beside the data.
func (a *app) say(format string, args ...any) { fmt.Fprintf(a.Stderr, format, args...) }

// print writes data.
func (a *app) print(text string) error {
	_, err := io.WriteString(a.Stdout, text)
	return err
}

// only is a cobra RunE for verbs without arguments.
func only(f func(*cobra.Command) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		if err := noArguments(c, args); err != nil {
			return err
		}
		return f(c)
	}
}
