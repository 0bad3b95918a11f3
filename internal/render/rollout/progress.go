package rollout

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"berth/internal/deploy"
	"berth/internal/live"
	"berth/internal/render/ink"
)

// Mode is how progress is shown.
type Mode int

// The modes.
const (
	Lines     Mode = iota // one line after the other: for logs, and the safe default
	Live                  // a table that is drawn again in place: for terminals
	JSONLines             // one JSON object for each thing that is new
)

// Progress shows one run. It is not safe for use from several goroutines.
type Progress struct {
	out   io.Writer
	style ink.Style
	mode  Mode
	began time.Time
	last  time.Time
	spoke time.Time

	snapshot deploy.Snapshot
	decision deploy.Decision
	said     string          // the last state that was told
	events   map[string]bool // ids of the service's events that were told, or are older than the run
	drawn    int
	page     strings.Builder
}

// heartbeat is how long mode Lines stays silent while something is waited for.
const heartbeat = 30 * time.Second

// NewProgress is ready for the run's looks; elapsed times count from began.
func NewProgress(out io.Writer, s ink.Style, m Mode, began time.Time) *Progress {
	return &Progress{out: out, style: s, mode: m, began: began, last: began, spoke: began, events: map[string]bool{}}
}

// Saw shows one look and what was decided.
func (p *Progress) Saw(s deploy.Snapshot, d deploy.Decision) {
	defer p.flush()
	p.last = later(p.last, s.At)
	s.Run = d.Run
	p.snapshot, p.decision = s, d
	p.erase()
	for _, e := range p.news() {
		p.tell("event", p.style.Paint(ink.Faint, "· "+ink.Clean(e.Text)), e.Text)
	}
	state := strings.Join(append(p.rows(), d.Why...), "; ")
	if state != p.said && p.mode != Live {
		p.tell("state", "… "+ink.Clean(state), state)
	}
	p.said = state
	p.draw()
}

// Did shows one write.
func (p *Progress) Did(a deploy.Action) {
	defer p.flush()
	p.erase()
	text := a.Verb + " " + a.Name
	p.tell("action", p.style.Paint(ink.Good, "✓")+" "+ink.Clean(text), text)
	p.draw()
}

// Tick lets time pass.
func (p *Progress) Tick(at time.Time) {
	p.last = later(p.last, at)
	defer p.flush()
	switch {
	case p.mode == Live:
		p.erase()
		p.draw()
	case p.mode == Lines && p.said != "" && p.last.Sub(p.spoke) >= heartbeat:
		p.tell("state", p.style.Paint(ink.Faint, "… still "+ink.Clean(p.said)), p.said)
	}
}

// Close leaves nothing on the screen that moves.
func (p *Progress) Close() {
	defer p.flush()
	p.erase()
	p.snapshot, p.decision = deploy.Snapshot{}, deploy.Decision{}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// news are the service's events since the run began that were not told yet, the oldest first.
func (p *Progress) news() []live.Event {
	var out []live.Event
	for _, sv := range p.snapshot.Found.Services {
		for _, e := range slices.Backward(sv.Events) {
			if !p.events[e.ID] && !e.At.Before(p.began) {
				out = append(out, e)
			}
			p.events[e.ID] = true
		}
	}
	return out
}

// rows are the revisions that the service has tasks of, each in a few words.
func (p *Progress) rows() []string {
	var out []string
	for _, r := range deploy.Table(p.snapshot) {
		words := []string{fmt.Sprintf("%s %d of %d running", r.Name, r.Running, r.Wanted)}
		for _, n := range []struct {
			n    int
			what string
		}{{r.Healthy, "healthy"}, {r.Pending, "pending"}, {r.Failed, "failed"}} {
			if n.n > 0 {
				words = append(words, fmt.Sprintf("%d %s", n.n, n.what))
			}
		}
		out = append(out, strings.Join(words, ", "))
	}
	return out
}

// tell writes something that stays.
func (p *Progress) tell(event, text, plain string) {
	p.spoke = p.last
	if p.mode == JSONLines {
		p.json(event, plain)
		return
	}
	fmt.Fprintf(&p.page, "%8s  %s\n", p.elapsed(), text)
}

func (p *Progress) elapsed() string {
	return "+" + ink.Span(p.last.Sub(p.began).Round(time.Second))
}

// object is one line for programs.
type object struct {
	Version int          `json:"version"`
	At      time.Time    `json:"at"`
	Elapsed float64      `json:"elapsed_seconds"`
	Event   string       `json:"event"`
	Text    string       `json:"text"`
	Table   []deploy.Row `json:"revisions,omitempty"`
}

func (p *Progress) json(event, text string) {
	o := object{Version: version, At: p.last, Elapsed: p.last.Sub(p.began).Seconds(), Event: event, Text: text}
	if event == "state" {
		o.Table = deploy.Table(p.snapshot)
	}
	b, err := json.Marshal(o)
	if err == nil {
		p.page.Write(append(b, '\n'))
	}
}

func (p *Progress) flush() {
	if p.page.Len() > 0 {
		_, _ = io.WriteString(p.out, p.page.String()) // a broken pipe shows at the end of the command
		p.page.Reset()
	}
}

func (p *Progress) erase() {
	if p.drawn > 0 {
		fmt.Fprintf(&p.page, "\x1b[%dA\r\x1b[J", p.drawn)
	}
	p.drawn = 0
}

// draw writes the table, and below it what the run waits for.
func (p *Progress) draw() {
	if p.mode != Live || p.snapshot.At.IsZero() {
		return
	}
	width := p.style.Columns()
	put := func(t ink.Tone, text string) {
		fmt.Fprintln(&p.page, p.style.Paint(t, ink.Cut(ink.Clean(text), width-1)))
		p.drawn++
	}
	put(ink.Faint, fmt.Sprintf("%10s%-22s %8s %8s %8s %8s %8s", "", "revision", "wanted", "running", "healthy", "pending", "failed"))
	for _, r := range deploy.Table(p.snapshot) {
		put(ink.Plain, fmt.Sprintf("%10s%-22s %8d %8d %8d %8d %8d", "", ink.Cut(r.Name, 22), r.Wanted, r.Running, r.Healthy, r.Pending, r.Failed))
	}
	for i, why := range p.decision.Why {
		lead := strings.Repeat(" ", 10)
		if i == 0 {
			lead = fmt.Sprintf("%8s  ", p.elapsed())
		}
		put(ink.Strong, lead+why)
	}
}
