package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"berth/internal/cli/problem"
	"berth/internal/plan"
	"berth/internal/render"
	"berth/internal/render/frame"
)

// The rules of talking: data goes to stdout, talk to stderr. Nobody is asked who cannot answer: then the error names
// the flag to pass. Colours only for people, and not for those who said no.

// say writes talk: what people read beside the data.
func (a *app) say(format string, args ...any) { fmt.Fprintf(a.Stderr, format, args...) }

// print writes data.
func (a *app) print(text string) error {
	_, err := io.WriteString(a.Stdout, text)
	return err
}

// printJSON writes data for programs, in which version counts the incompatible changes.
func (a *app) printJSON(b []byte, err error) error {
	if err != nil {
		return err
	}
	return a.print(strings.TrimRight(string(b), "\n") + "\n")
}

// show writes the one or the other form of a screen.
func (a *app) show(data func() ([]byte, error), text func(render.Style) string) error {
	if a.json() {
		return a.printJSON(data())
	}
	return a.print(text(a.style(true)))
}

// style is how to write to a stream.
func (a *app) style(toStdout bool) render.Style {
	out := a.Stderr
	if toStdout {
		out = a.Stdout
	}
	width, person := a.Terminal(out)
	color := person && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb"
	if force := a.getenv("CLICOLOR_FORCE"); force != "" && force != "0" {
		color = true
	}
	return render.Style{Color: color && !a.flags.noColor, Width: width}
}

// watched tells whether a person looks at the progress and a display that is drawn again in place is fine.
func (a *app) watched() bool {
	_, person := a.Terminal(a.Stderr)
	return person && a.getenv("TERM") != "dumb" && !a.json() && !a.flags.verbose
}

// interactive tells whether somebody can be asked, and has seen what the question is about.
func (a *app) interactive() bool {
	_, sees := a.Terminal(a.Stderr)
	return sees && a.Reader(a.Stdin) && a.getenv("CI") == "" && !a.json()
}

// confirm asks before a plan is carried out. --yes is an answer to all but outages.
func (a *app) confirm(ctx context.Context, command string, impact plan.Impact) error {
	outage := impact == plan.Outage
	switch {
	case a.flags.yes && (!outage || a.flags.allowOutage):
		return nil
	case outage && (a.flags.yes || !a.interactive()):
		return &problem.Problem{
			Code: "IMP001", Text: "the plan interrupts service (impact outage), and --yes does not answer that", Exit: problem.Refused,
			Hints: []string{"look at it: berth plan" + a.suffix(), "do it all the same: " + command + " --yes --allow-outage"},
		}
	case !a.interactive():
		return nobody(command + " --yes")
	case outage:
		a.say("\nThis interrupts service.")
	}
	return a.expect(ctx, "yes", "Carry this out? Only \"yes\" does: ")
}

// nobody is the error for a question without anybody to answer it.
func nobody(command string) error {
	return &problem.Problem{Code: "USE002", Text: "there is nobody to be asked", Hints: []string{command}, Exit: problem.Misused}
}

// expect reads one line and goes on only if it is the word.
func (a *app) expect(ctx context.Context, word, question string) error {
	a.say("\n%s", question)
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(a.Stdin).ReadString('\n') // the end of input is an answer too: no
		answer <- line
	}()
	select {
	case <-ctx.Done():
		a.say("\n")
		return ctx.Err()
	case line := <-answer:
		if strings.TrimSpace(line) != word {
			return &problem.Problem{Code: "USE003", Text: "not confirmed; nothing was changed", Exit: problem.Failed}
		}
		return nil
	}
}

// progress is how a plan is shown while it is carried out.
func (a *app) progress(p plan.Plan, now time.Time) *render.Progress {
	return render.NewProgress(a.Stderr, p, a.style(false), a.mode(), now)
}

// mode is how something that goes on is shown.
func (a *app) mode() frame.Mode {
	switch {
	case a.json():
		return frame.JSONLines
	case a.watched():
		return frame.Live
	}
	return frame.Lines
}
