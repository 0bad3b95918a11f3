package cli

import (
	"bufio"
	"strings"
	"time"

	"berth/internal/plan"
	"berth/internal/render"
)

// The rules of talking: data goes to stdout, talk to stderr. Nobody is asked who cannot answer: then the error names
// the flag to pass. Colours only for people, and not for those who said no.

// style is how to write to a stream.
func (a *app) style(toStdout bool) render.Style {
	out := a.Stderr
	if toStdout {
		out = a.Stdout
	}
	width, person := a.Terminal(out)
	color := person && !a.flags.noColor && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb"
	if a.getenv("CLICOLOR_FORCE") != "" && a.getenv("CLICOLOR_FORCE") != "0" && !a.flags.noColor {
		color = true
	}
	return render.Style{Color: color, Width: width}
}

// interactive tells whether somebody can be asked.
func (a *app) interactive() bool {
	_, sees := a.Terminal(a.Stderr)
	return sees && a.Reader(a.Stdin) && a.getenv("CI") == ""
}

// confirm asks before a plan is carried out, or takes --yes for an answer as far as that goes.
func (a *app) confirm(verb string, impact plan.Impact) error {
	switch {
	case impact == plan.Outage && !a.flags.allowOutage && (a.flags.yes || !a.interactive()):
		return &problem{
			code: "IMP001", text: "the plan interrupts service (impact outage), which --yes alone does not answer", exit: exitRefused,
			hints: []string{"berth " + verb + " --yes --allow-outage"},
		}
	case a.flags.yes:
		return nil
	case !a.interactive():
		return &problem{code: "USE002", text: "nobody can be asked here", hints: []string{"berth " + verb + " --yes"}, exit: exitUsage}
	}
	return a.expect("yes", "Carry this out? Only \"yes\" does: ")
}

// expect reads one line and goes on only if it is the word.
func (a *app) expect(word, question string) error {
	a.say("\n%s", question)
	line, _ := bufio.NewReader(a.Stdin).ReadString('\n') // the end of input is an answer too: no
	if strings.TrimSpace(line) != word {
		return &problem{code: "USE003", text: "not confirmed; nothing was changed", exit: exitFailed}
	}
	return nil
}

// progress shows a plan that is being carried out.
func (a *app) progress(p plan.Plan, began time.Time) *render.Progress {
	mode := render.Lines
	_, person := a.Terminal(a.Stderr)
	switch {
	case a.json():
		mode = render.JSONLines
	case person && a.getenv("TERM") != "dumb":
		mode = render.Live
	}
	return render.NewProgress(a.Stderr, p, a.style(false), mode, began)
}
