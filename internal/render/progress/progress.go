// Package progress shows a plan while it is carried out: as lines, in place on a terminal, or as JSON.
//
// In: the events of the run. Out: lines on a writer. It never reads the clock: time comes with the events, or by Tick.
package progress

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"berth/internal/plan"
	"berth/internal/render/frame"
	"berth/internal/render/ink"
)

// Progress shows one run. It is not safe for use from several goroutines.
type Progress struct {
	frame   *frame.Frame
	total   int
	done    int
	failed  int
	skipped int
	running []under
	told    bool
}

// under is a change that is under way.
type under struct {
	step   plan.Step
	since  time.Time
	reason string
}

// New is ready for the plan's events; elapsed times count from began, on the clock of the events.
func New(out io.Writer, p plan.Plan, s ink.Style, m frame.Mode, began time.Time) *Progress {
	return &Progress{frame: frame.New(out, s, m, began), total: len(p.Changes)}
}

// Tell shows one event.
func (p *Progress) Tell(e plan.Event) {
	defer p.frame.Flush()
	p.note(e)
	switch p.frame.Mode() {
	case frame.JSONLines:
		p.json(e)
	case frame.Lines:
		if text := p.sentence(e); text != "" {
			p.frame.Stay(text)
		}
	case frame.Live:
		p.frame.Erase()
		if e.Kind == plan.Gave {
			p.frame.Stay(p.sentence(e))
		}
		p.draw()
	}
	p.told = true
}

// Tick lets time pass without an event: Live draws its clocks again, Lines says what it is waiting for when it has been
// silent for half a minute. It may be called as often as one likes.
func (p *Progress) Tick(at time.Time) {
	if at.Before(p.frame.Now()) {
		return
	}
	p.frame.Pass(at)
	defer p.frame.Flush()
	switch p.frame.Mode() {
	case frame.Live:
		p.frame.Erase()
		p.draw()
	case frame.Lines:
		if len(p.running) > 0 && p.frame.Silent() {
			p.frame.Stay(p.frame.Paint(ink.Faint, "… waiting for "+p.waiting()+p.counts()))
		}
	case frame.JSONLines:
	}
}

// Close ends the display with one line that stays.
func (p *Progress) Close() {
	if p.frame.Mode() == frame.JSONLines || !p.told {
		return
	}
	defer p.frame.Flush()
	if p.frame.Mode() == frame.Live {
		p.frame.Erase()
	}
	p.frame.Stay(strings.TrimPrefix(p.counts(), "; "))
}

// note keeps count.
func (p *Progress) note(e plan.Event) {
	p.frame.Pass(e.At)
	i := slices.IndexFunc(p.running, func(u under) bool { return u.step == e.Step })
	switch e.Kind {
	case plan.Started:
		if i < 0 {
			p.running = append(p.running, under{step: e.Step, since: e.At})
		}
		return
	case plan.Waiting, plan.Retried:
		if i >= 0 {
			p.running[i].reason = e.Reason
		}
		return
	case plan.Finished:
		p.done++
	case plan.Gave:
		p.failed++
	case plan.Skipped:
		p.skipped++
	}
	if i >= 0 {
		p.running = slices.Delete(p.running, i, i+1)
	}
}

// sentence is an event as a line; a start is worth one only where the change takes its time.
func (p *Progress) sentence(e plan.Event) string {
	name, reason := ink.Name(e.Step.Key), ink.Clean(e.Reason)
	switch e.Kind {
	case plan.Started:
		if usual := plan.Usual(e.Step); usual > 0 {
			return p.frame.Paint(ink.Faint, "→ "+name+": "+ing(e.Step.Verb)+", usually about "+ink.Span(usual))
		}
		return ""
	case plan.Waiting:
		return p.frame.Paint(ink.Faint, "… "+name+" waits: "+reason)
	case plan.Retried:
		return p.frame.Paint(ink.Warn, "↻ "+name+" is tried again: "+reason)
	case plan.Finished:
		text := p.frame.Paint(ink.Good, "✓") + " " + name + " " + ed(e.Step.Verb)
		if e.Took >= time.Second {
			text += " (" + ink.Span(e.Took) + ")"
		}
		return text
	case plan.Gave:
		return p.frame.Paint(ink.Bad, "✗ "+name+" failed: "+reason)
	case plan.Skipped:
		return p.frame.Paint(ink.Warn, "- "+name+" skipped: "+cmp.Or(reason, "something that it needs failed"))
	}
	return name + " " + string(e.Kind)
}

// waiting names what is under way, and what each waits for.
func (p *Progress) waiting() string {
	const most = 6
	var parts []string
	for i, u := range p.running {
		if i == most {
			return strings.Join(parts, ", ") + fmt.Sprintf(" and %d more", len(p.running)-most)
		}
		part := ink.Name(u.step.Key) + " (" + ink.Span(p.frame.Now().Sub(u.since)) + ")"
		if u.reason != "" {
			part += ": " + ink.Clean(u.reason)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func (p *Progress) counts() string {
	text := fmt.Sprintf("; %d of %d done", p.done, p.total)
	if p.failed > 0 {
		text += fmt.Sprintf(", %d failed", p.failed)
	}
	if p.skipped > 0 {
		text += fmt.Sprintf(", %d skipped", p.skipped)
	}
	return text
}

// draw writes what is under way: the longest-running first, as far as a few lines reach.
func (p *Progress) draw() {
	const most = 6
	for i, u := range p.running {
		if i == most {
			p.frame.Draw(ink.Faint, fmt.Sprintf("            and %d more", len(p.running)-most))
			break
		}
		text := fmt.Sprintf("%8s  … %s: %s", ink.Span(p.frame.Now().Sub(u.since).Round(time.Second)), ink.Name(u.step.Key), ing(u.step.Verb))
		if u.reason != "" {
			text += ", " + ink.Clean(u.reason)
		}
		p.frame.Draw(ink.Plain, text)
	}
	p.frame.Draw(ink.Strong, fmt.Sprintf("%8s  %s", p.frame.Elapsed(), strings.TrimPrefix(p.counts(), "; ")))
}

// version counts the incompatible changes of the JSON that this package writes.
const version = 1

// object is an event for programs. Version stands in the first one only.
type object struct {
	Version int     `json:"version,omitempty"`
	At      string  `json:"at"`
	Elapsed float64 `json:"elapsed_seconds"`
	Event   string  `json:"event"`
	Verb    string  `json:"verb"`
	Key     string  `json:"key"`
	Reason  string  `json:"reason,omitempty"`
	Took    float64 `json:"took_seconds,omitempty"`
	Done    int     `json:"done"`
	Total   int     `json:"total"`
}

func (p *Progress) json(e plan.Event) {
	out := object{
		At: e.At.UTC().Format(time.RFC3339Nano), Elapsed: e.At.Sub(p.frame.Began()).Seconds(), Event: string(e.Kind), Verb: string(e.Step.Verb),
		Key: e.Step.Key.String(), Reason: ink.Clean(e.Reason), Took: e.Took.Seconds(), Done: p.done, Total: p.total,
	}
	if !p.told {
		out.Version = version
	}
	p.frame.Object(out)
}

func ing(v plan.Verb) string {
	switch v {
	case plan.Create:
		return "creating"
	case plan.Update:
		return "updating"
	case plan.Delete:
		return "deleting"
	case plan.Wait:
		return "on its way"
	}
	return string(v)
}

func ed(v plan.Verb) string {
	switch v {
	case plan.Create:
		return "created"
	case plan.Update:
		return "updated"
	case plan.Delete:
		return "deleted"
	case plan.Wait:
		return "ready"
	}
	return string(v)
}
