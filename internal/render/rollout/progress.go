package rollout

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"berth/internal/deploy"
	"berth/internal/live"
	"berth/internal/render/frame"
	"berth/internal/render/ink"
)

// Progress shows one run. It is not safe for use from several goroutines.
type Progress struct {
	frame *frame.Frame

	snapshot deploy.Snapshot
	decision deploy.Decision
	said     string          // the last state that was told
	events   map[string]bool // ids of the service's events that were told, or are older than the run
}

// NewProgress is ready for the run's looks; elapsed times count from began.
func NewProgress(out io.Writer, s ink.Style, m frame.Mode, began time.Time) *Progress {
	return &Progress{frame: frame.New(out, s, m, began), events: map[string]bool{}}
}

// Saw shows one look and what was decided.
func (p *Progress) Saw(s deploy.Snapshot, d deploy.Decision) {
	defer p.frame.Flush()
	p.frame.Pass(s.At)
	s.Run = d.Run
	p.snapshot, p.decision = s, d
	p.frame.Erase()
	for _, e := range p.news() {
		p.tell("event", p.frame.Paint(ink.Faint, "· "+ink.Clean(e.Text)), e.Text)
	}
	state := strings.Join(append(p.rows(), d.Why...), "; ")
	if state != p.said && p.frame.Mode() != frame.Live {
		p.tell("state", "… "+ink.Clean(state), state)
	}
	p.said = state
	p.draw()
}

// Did shows one write.
func (p *Progress) Did(a deploy.Action) {
	defer p.frame.Flush()
	p.frame.Erase()
	text := a.Verb + " " + a.Name
	p.tell("action", p.frame.Paint(ink.Good, "✓")+" "+ink.Clean(text), text)
	p.draw()
}

// Tick lets time pass.
func (p *Progress) Tick(at time.Time) {
	p.frame.Pass(at)
	defer p.frame.Flush()
	switch {
	case p.frame.Mode() == frame.Live:
		p.frame.Erase()
		p.draw()
	case p.frame.Mode() == frame.Lines && p.said != "" && p.frame.Silent():
		p.tell("state", p.frame.Paint(ink.Faint, "… still "+ink.Clean(p.said)), p.said)
	}
}

// Close leaves nothing on the screen that moves.
func (p *Progress) Close() {
	defer p.frame.Flush()
	p.frame.Erase()
	p.snapshot, p.decision = deploy.Snapshot{}, deploy.Decision{}
}

// news are the service's events since the run began that were not told yet, the oldest first.
func (p *Progress) news() []live.Event {
	var out []live.Event
	for _, sv := range p.snapshot.Found.Services {
		for _, e := range slices.Backward(sv.Events) {
			if !p.events[e.ID] && !e.At.Before(p.frame.Began()) {
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
	if p.frame.Mode() == frame.JSONLines {
		p.json(event, plain)
		return
	}
	p.frame.Stay(text)
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
	o := object{Version: version, At: p.frame.Now(), Elapsed: p.frame.Seconds(), Event: event, Text: text}
	if event == "state" {
		o.Table = deploy.Table(p.snapshot)
	}
	p.frame.Object(o)
}

// draw writes the table, and below it what the run waits for.
func (p *Progress) draw() {
	if p.frame.Mode() != frame.Live || p.snapshot.At.IsZero() {
		return
	}
	p.frame.Draw(ink.Faint, fmt.Sprintf("%10s%-22s %8s %8s %8s %8s %8s", "", "revision", "wanted", "running", "healthy", "pending", "failed"))
	for _, r := range deploy.Table(p.snapshot) {
		p.frame.Draw(ink.Plain, fmt.Sprintf("%10s%-22s %8d %8d %8d %8d %8d", "", ink.Cut(r.Name, 22), r.Wanted, r.Running, r.Healthy, r.Pending, r.Failed))
	}
	for i, why := range p.decision.Why {
		lead := strings.Repeat(" ", 10)
		if i == 0 {
			lead = fmt.Sprintf("%8s  ", p.frame.Elapsed())
		}
		p.frame.Draw(ink.Strong, lead+why)
	}
}
