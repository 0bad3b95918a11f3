package rolling

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"berth/internal/render/frame"
	"berth/internal/render/ink"
	"berth/internal/roll"
)

// Progress shows one run. It is not safe for use from several goroutines.
type Progress struct {
	frame *frame.Frame
	all   bool // what only keeps house is shown, too

	snapshot roll.Snapshot
	decision roll.Decision
	looked   bool                     // there was a look
	before   roll.Memory              // of the look before
	low      map[string]bool          // services that have fewer healthy tasks than they should
	command  roll.Command             // that was told
	stopping bool                     // that it is asked to end was told
	shapes   map[string]string        // what was said last, by subject, without its figures
	begun    map[string]time.Duration // of instances whose drain is over: how long it took
}

// How much is shown one by one.
const (
	mostRows     = 10 // instances that something happens to, of a table
	mostServices = 8
	mostWhys     = 6 // things that are waited for, at one time
	mostNames    = 6 // of a list within a sentence
)

// NewProgress is ready for the run's looks; elapsed times count from began. All shows every write, not only those that instances,
// tasks and services feel.
func NewProgress(out io.Writer, s ink.Style, m frame.Mode, began time.Time, all bool) *Progress {
	return &Progress{
		frame: frame.New(out, s, m, began), all: all,
		low: map[string]bool{}, shapes: map[string]string{}, begun: map[string]time.Duration{},
	}
}

// Saw shows one look and what was decided.
func (p *Progress) Saw(s roll.Snapshot, d roll.Decision) {
	defer p.frame.Flush()
	p.frame.Pass(s.At)
	p.snapshot, p.decision = s, d
	p.frame.Erase()
	if !p.looked {
		p.first()
	}
	p.looked = true
	p.ordered()
	p.turned()
	p.reasons()
	p.before = d.Memory
	p.draw()
}

// first says where a roll goes on that another run has begun.
func (p *Progress) first() {
	p.before = p.snapshot.Memory
	if m := p.snapshot.Memory; m.Stage != roll.Begin && m.Stage != roll.Over {
		p.tell(object{Event: "resumed", Stage: short(m.Stage)}, ink.Plain, "→", "goes on with the roll of "+clock(m.Began)+": "+count(m).String())
	}
}

// ordered tells what somebody wants of the run.
func (p *Progress) ordered() {
	switch {
	case p.snapshot.Interrupted && !p.stopping:
		p.stopping = true
		p.tell(object{Event: "command", Command: "interrupt"}, ink.Warn, "!",
			"interrupted: nothing new is begun; what drains is finished, and all is put back. Interrupted once more it stops at once: "+
				"berth roll resume goes on later, berth roll abort puts back")
	case p.snapshot.Interrupted, p.snapshot.Command == roll.GoOn && (p.decision.Memory.Stage == roll.Leaving || p.decision.Memory.Stage == roll.Over):
	case p.snapshot.Command != p.command:
		p.command = p.snapshot.Command
		p.tell(object{Event: "command", Command: string(p.command)}, ink.Warn, "!", map[roll.Command]string{
			roll.GoOn: "it goes on", roll.Pause: "paused: nothing new is begun until berth roll resume",
			roll.Abort: "to be aborted: nothing new is begun, and what was begun is put back",
			roll.Undo:  "to be undone: the old instances that still stand get their work back",
		}[p.command])
	}
}

// reasons tells what is done or waited for, where it is something else than before; figures alone make no news.
func (p *Progress) reasons() {
	var fresh []roll.Line
	now := map[string]string{}
	for _, l := range p.decision.Why {
		now[l.Subject] += shape(l.Text)
	}
	for _, l := range p.decision.Why {
		if now[l.Subject] != p.shapes[l.Subject] && (p.frame.Mode() == frame.JSONLines || !doing(l.Text)) {
			fresh = append(fresh, l)
		}
	}
	p.shapes = now
	if p.frame.Mode() != frame.Live {
		p.whys(fresh, "…")
	}
}

// whys tells a few lines, and how many more there are.
func (p *Progress) whys(all []roll.Line, sign string) {
	for i, l := range all {
		if i == mostWhys && p.frame.Mode() != frame.JSONLines && !p.all {
			p.tell(object{}, ink.Faint, sign, fmt.Sprintf("and %d more", len(all)-i))
			return
		}
		p.tell(object{Event: "waiting", Subject: l.Subject}, ink.Faint, sign, sentence(l))
	}
}

// sentence is a line with what it is about.
func sentence(l roll.Line) string {
	if l.Subject == "" {
		return l.Text
	}
	return l.Subject + ": " + l.Text
}

// shape is a text without its figures, and the units of its times.
func shape(text string) string {
	var b strings.Builder
	figure := false
	for _, r := range text {
		if unicode.IsDigit(r) || figure && strings.ContainsRune("hms.", r) {
			figure = true
			continue
		}
		figure = false
		b.WriteRune(r)
	}
	return b.String()
}

// doing tells that a line is about a write of the same moment, which is told when it is done.
func doing(text string) bool {
	return text == "drains" || text == "terminates" || strings.HasPrefix(shape(text), " new instance")
}

// Did shows one write.
func (p *Progress) Did(a roll.Action, made roll.Made) {
	defer p.frame.Flush()
	p.frame.Erase()
	if text, matters := p.deed(a, made); matters || p.all || p.frame.Mode() == frame.JSONLines {
		p.tell(p.written(a, made), ink.Good, "✓", text)
	}
	for _, what := range sorted(made.Refused) {
		p.tell(object{Event: "refused", Verb: string(a.Verb), Subject: p.named(what)}, ink.Bad, "✗", string(a.Verb)+" "+p.named(what)+": "+made.Refused[what])
	}
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
	case p.looked && p.frame.Silent():
		p.tell(p.state(), ink.Faint, "…", "still "+p.where())
		p.whys(p.decision.Why, " ")
	}
}

// Close leaves nothing on the screen that moves.
func (p *Progress) Close() {
	defer p.frame.Flush()
	p.frame.Erase()
	p.looked = false
}

func clock(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05") + " UTC" }

// where is how far it is, in a few words.
func (p *Progress) where() string {
	m := p.decision.Memory
	text := short(m.Stage) + ": " + count(m).String()
	booting, proving := 0, 0
	for _, n := range m.News {
		switch n.State {
		case roll.Booting:
			booting++
		case roll.Proving:
			proving++
		case roll.Working, roll.Retiring, roll.Ended:
		}
	}
	if booting > 0 {
		text += fmt.Sprintf(", %d booting", booting)
	}
	if proving > 0 {
		text += fmt.Sprintf(", %d proving", proving)
	}
	return text
}

// tell writes something that stays.
func (p *Progress) tell(o object, t ink.Tone, sign, text string) {
	text = ink.Clean(text)
	if p.frame.Mode() == frame.JSONLines {
		p.json(o, text)
		return
	}
	line := sign + " " + text
	if t == ink.Good {
		line = p.frame.Paint(t, sign) + " " + text
	} else {
		line = p.frame.Paint(t, line)
	}
	p.frame.Stay(line)
}

func sorted(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m { // unordered: they are sorted
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
