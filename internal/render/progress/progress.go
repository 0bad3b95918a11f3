// Package progress shows a plan while it is carried out: as lines, in place on a terminal, or as JSON.
//
// In: the events of the run. Out: lines on a writer. It never reads the clock: time comes with the events, or by Tick.
package progress

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"berth/internal/plan"
	"berth/internal/render/ink"
)

// Mode is how progress is shown.
type Mode int

// The modes.
const (
	Lines     Mode = iota // one line after the other: for logs, and the safe default
	Live                  // a few lines that are drawn again in place: for terminals
	JSONLines             // one JSON object for each event
)

// Progress shows one run. It is not safe for use from several goroutines.
type Progress struct {
	out     io.Writer
	style   ink.Style
	mode    Mode
	began   time.Time
	last    time.Time // of the newest event or tick
	spoke   time.Time // of the last line in mode Lines
	total   int
	done    int
	failed  int
	skipped int
	running []under
	drawn   int             // lines to draw again in mode Live
	page    strings.Builder // what goes out next, in one piece: half a screen would flicker
	told    bool
}

// under is a change that is under way.
type under struct {
	step   plan.Step
	since  time.Time
	reason string
}

// heartbeat is how long mode Lines stays silent while something runs.
const heartbeat = 30 * time.Second

// New is ready for the plan's events; elapsed times count from began, on the clock of the events.
func New(out io.Writer, p plan.Plan, s ink.Style, m Mode, began time.Time) *Progress {
	return &Progress{out: out, style: s, mode: m, began: began, last: began, spoke: began, total: len(p.Changes)}
}

// Tell shows one event.
func (p *Progress) Tell(e plan.Event) {
	defer p.flush()
	p.note(e)
	switch p.mode {
	case JSONLines:
		p.json(e)
	case Lines:
		if text := p.sentence(e); text != "" {
			p.line(text)
		}
	case Live:
		p.erase()
		if e.Kind == plan.Gave {
			p.line(p.sentence(e))
		}
		p.draw()
	}
	p.told = true
}

// Tick lets time pass without an event: Live draws its clocks again, Lines says what it is waiting for when it has been
// silent for half a minute. It may be called as often as one likes.
func (p *Progress) Tick(at time.Time) {
	if at.Before(p.last) {
		return
	}
	p.last = at
	defer p.flush()
	switch p.mode {
	case Live:
		p.erase()
		p.draw()
	case Lines:
		if len(p.running) > 0 && at.Sub(p.spoke) >= heartbeat {
			p.line(p.style.Paint(ink.Faint, "… waiting for "+p.waiting()+p.counts()))
		}
	case JSONLines:
	}
}

// Close ends the display with one line that stays.
func (p *Progress) Close() {
	if p.mode == JSONLines || !p.told {
		return
	}
	defer p.flush()
	if p.mode == Live {
		p.erase()
	}
	p.line(strings.TrimPrefix(p.counts(), "; "))
}

func (p *Progress) flush() {
	if p.page.Len() > 0 {
		_, _ = io.WriteString(p.out, p.page.String()) // a broken pipe shows at the end of the command
		p.page.Reset()
	}
}

// note keeps count.
func (p *Progress) note(e plan.Event) {
	p.last = e.At
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
			return p.style.Paint(ink.Faint, "→ "+name+": "+ing(e.Step.Verb)+", usually about "+ink.Span(usual))
		}
		return ""
	case plan.Waiting:
		return p.style.Paint(ink.Faint, "… "+name+" waits: "+reason)
	case plan.Retried:
		return p.style.Paint(ink.Warn, "↻ "+name+" is tried again: "+reason)
	case plan.Finished:
		text := p.style.Paint(ink.Good, "✓") + " " + name + " " + ed(e.Step.Verb)
		if e.Took >= time.Second {
			text += " (" + ink.Span(e.Took) + ")"
		}
		return text
	case plan.Gave:
		return p.style.Paint(ink.Bad, "✗ "+name+" failed: "+reason)
	case plan.Skipped:
		return p.style.Paint(ink.Warn, "- "+name+" skipped: "+cmp.Or(reason, "something that it needs failed"))
	}
	return name + " " + string(e.Kind)
}

// line writes a line that stays, with the time since the beginning.
func (p *Progress) line(text string) {
	p.spoke = p.last
	fmt.Fprintf(&p.page, "%8s  %s\n", "+"+ink.Span(p.last.Sub(p.began).Round(time.Second)), text)
}

// waiting names what is under way, and what each waits for.
func (p *Progress) waiting() string {
	const most = 6
	var parts []string
	for i, u := range p.running {
		if i == most {
			return strings.Join(parts, ", ") + fmt.Sprintf(" and %d more", len(p.running)-most)
		}
		part := ink.Name(u.step.Key) + " (" + ink.Span(p.last.Sub(u.since)) + ")"
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

// erase takes the lines away that are drawn in place.
func (p *Progress) erase() {
	if p.drawn > 0 {
		fmt.Fprintf(&p.page, "\x1b[%dA\r\x1b[J", p.drawn)
	}
	p.drawn = 0
}

// draw writes what is under way: the longest-running first, as far as a few lines reach.
func (p *Progress) draw() {
	const most = 6
	width := p.style.Width
	if width <= 0 {
		width = p.style.Columns()
	}
	put := func(t ink.Tone, text string) {
		fmt.Fprintln(&p.page, p.style.Paint(t, ink.Cut(text, width-1)))
		p.drawn++
	}
	for i, u := range p.running {
		if i == most {
			put(ink.Faint, fmt.Sprintf("            and %d more", len(p.running)-most))
			break
		}
		text := fmt.Sprintf("%8s  … %s: %s", ink.Span(p.last.Sub(u.since).Round(time.Second)), ink.Name(u.step.Key), ing(u.step.Verb))
		if u.reason != "" {
			text += ", " + ink.Clean(u.reason)
		}
		put(ink.Plain, text)
	}
	put(ink.Strong, fmt.Sprintf("%8s  %s", "+"+ink.Span(p.last.Sub(p.began).Round(time.Second)), strings.TrimPrefix(p.counts(), "; ")))
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
		At: e.At.UTC().Format(time.RFC3339Nano), Elapsed: e.At.Sub(p.began).Seconds(), Event: string(e.Kind), Verb: string(e.Step.Verb),
		Key: e.Step.Key.String(), Reason: ink.Clean(e.Reason), Took: e.Took.Seconds(), Done: p.done, Total: p.total,
	}
	if !p.told {
		out.Version = version
	}
	b, err := json.Marshal(out)
	if err == nil { // texts and numbers always marshal
		fmt.Fprintf(&p.page, "%s\n", b)
	}
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
