package rolling

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/render/ink"
	"berth/internal/roll"
)

// Status is how far a roll is, for whoever looks from outside.
type Status struct {
	Cluster string
	At      time.Time
	Memory  roll.Memory
	Found   bool // there is a roll, or there was one
	Holder  string
	Run     string // of the holder; empty: nobody is at work
	Command roll.Command
	Waits   []roll.Line // what it does or waits for
	Fix     string      // what to do about how it ends
	Next    []string
	All     bool // every instance is shown
}

// Unfinished tells whether a roll was begun and has not come to its end.
func (s Status) Unfinished() bool { return s.Found && s.Memory.Stage != roll.Over }

// headline is the state in a few words.
func (s Status) headline() (ink.Tone, string) {
	m := s.Memory
	switch {
	case !s.Found:
		return ink.Good, "no roll is under way"
	case !s.Unfinished():
		return toneOf(m.End), "no roll is under way; the last one: " + cmp.Or(outcome(m.End), string(m.End))
	case s.Run == "":
		return ink.Bad, "a roll was begun and is not finished, and nobody works on it"
	case s.Command == roll.Pause:
		return ink.Warn, "a roll is under way, and paused"
	case s.Command == roll.Abort, s.Command == roll.Undo:
		return ink.Warn, "a roll is under way, and is to " + string(s.Command)
	}
	return ink.Good, "a roll is under way"
}

// Text is the status for people.
func (s Status) Text(style ink.Style) string {
	p := ink.NewPage(style)
	tone, head := s.headline()
	p.Text(tone, 0, ink.Clean("Cluster "+s.Cluster+": "+head))
	if s.Found {
		s.facts(p)
		s.waits(p)
		s.moving(p)
		lowest(p, figuresOf(s.Memory, s.At).Lowest, s.All)
		left(p, s.Memory, s.All)
		s.changed(p)
		if s.All {
			timeline(p, s.Memory)
		}
	}
	next(p, s.Next)
	return p.String()
}

func (s Status) facts(p *ink.Page) {
	m := s.Memory
	line := func(name, text string) { p.Item("  "+ink.Pad(name, 16), ink.Plain, ink.Clean(text)) }
	line("strategy", orderOf(m.Order))
	line("began", clock(m.Began)+ended(m, s.At))
	if s.Unfinished() {
		line("stage", stage(m.Stage)+since(m.Since, s.At))
		if s.Holder != "" {
			line("run by", s.Holder)
		}
	}
	summary(p, m, figuresOf(m, s.At))
	for _, why := range m.Why {
		line("because", why)
	}
	if s.Fix != "" {
		line("fix", s.Fix)
	}
}

func ended(m roll.Memory, now time.Time) string {
	if m.Stage == roll.Over && !m.Ended.IsZero() {
		return ", ended " + clock(m.Ended)
	}
	return since(m.Began, now)
}

// since says how long something is so.
func since(at, now time.Time) string {
	if text := ago(at, now); text != "" {
		return ", for " + text
	}
	return ""
}

// orderOf is what was ordered, in a line.
func orderOf(o roll.Order) string {
	words := []string{string(o.Strategy)}
	if o.Strategy == roll.Drain {
		words = append(words, "surge "+o.Surge.String(), "at most "+o.MaxUnavailable.String()+" unavailable", ink.Several(o.Canary, "canary instance")+" of each architecture")
	}
	if len(o.Groups) > 0 {
		words = append(words, "groups "+some(o.Groups, mostNames))
	}
	if len(o.Instances) > 0 {
		words = append(words, "instances "+some(o.Instances, mostNames))
	}
	for _, f := range []struct {
		on   bool
		text string
	}{{o.All, "every instance"}, {o.Patch, "services are patched"}, {o.Fence, "fenced"}, {len(o.Force) > 0, "by force: " + some(o.Force, mostNames)}} {
		if f.on {
			words = append(words, f.text)
		}
	}
	return strings.Join(words, ", ")
}

// waits says what holds it up, as far as its memory tells.
func (s Status) waits(p *ink.Page) {
	if !s.Unfinished() {
		return
	}
	var words []string
	for _, l := range s.Waits {
		words = append(words, sentence(l))
	}
	for _, o := range s.Memory.Olds {
		if len(s.Waits) == 0 && o.Why != "" && (o.State == roll.Waiting || o.State == roll.Draining || o.State == roll.Drained) {
			words = append(words, o.ID+": "+o.Why)
		}
	}
	for _, l := range s.Memory.Launches {
		if l.Refused != "" {
			words = append(words, "group "+group(s.Memory, l.Group)+", zone "+l.Zone+": "+l.Refused)
		}
	}
	if len(words) == 0 {
		return
	}
	p.Heading("Waits for")
	shown, more := cut(words, mostRows, s.All)
	for _, w := range shown {
		p.Item("  ", ink.Plain, ink.Clean(w))
	}
	andMore(p, more, "")
}

// moving are the instances that something happens to.
func (s Status) moving(p *ink.Page) {
	if !s.Unfinished() {
		return
	}
	all := busy(s.Memory, map[string]string{})
	if len(all) == 0 {
		return
	}
	p.Heading("Under way")
	shown, more := cut(all, mostRows, s.All)
	var rows [][]string
	for _, r := range shown {
		rows = append(rows, []string{p.Paint(ink.Note, r.id), r.zone, p.Paint(r.tone, r.state), ago(r.since, s.At)})
	}
	p.Table([]string{"instance", "zone", "state", "for"}, rows)
	andMore(p, more, "instance")
}

// changed is what the roll has changed beside instances and will put back.
func (s Status) changed(p *ink.Page) {
	all := lent(s.Memory)
	if len(all) == 0 || !s.Unfinished() {
		return
	}
	p.Heading("To be put back at the end")
	for _, c := range all {
		p.Item("  ", ink.Plain, ink.Clean(c.Text))
	}
}

// loan is a setting that the roll has changed for its time.
type loan struct {
	Kind string `json:"kind"` // "maximum", "processes", "surge", "service"
	Name string `json:"name"`
	Text string `json:"text"`
}

func lent(m roll.Memory) []loan {
	out := []loan{}
	for _, g := range m.Pools {
		if g.Raised > 0 {
			out = append(out, loan{"maximum", g.Key, fmt.Sprintf("group %s: maximum size %d, raised by %d", g.Key, g.Max+g.Raised, g.Raised)})
		}
		if g.Extra() > 0 {
			out = append(out, loan{"surge", g.Key, fmt.Sprintf("group %s: %s more than is meant", g.Key, ink.Several(g.Extra(), "instance"))})
		}
		if len(g.Suspended) > 0 {
			out = append(out, loan{"processes", g.Key, "group " + g.Key + ": suspended " + strings.Join(g.Suspended, ", ")})
		}
	}
	for _, e := range m.Edits {
		var what []string
		if e.MaxPct > 0 {
			what = append(what, fmt.Sprintf("maximumPercent %d instead of %d", e.SetPct, e.MaxPct))
		}
		if e.Fence != "" {
			what = append(what, "kept off old instances by "+e.Fence)
		}
		if e.Still {
			what = append(what, "not moved between zones")
		}
		out = append(out, loan{"service", e.Service, "service " + e.Service + ": " + strings.Join(what, "; ")})
	}
	return out
}

// statusJSON is the status for programs.
type statusJSON struct {
	Version   int            `json:"version"`
	Cluster   string         `json:"cluster"`
	State     string         `json:"state"` // "none", "running", "paused", "aborting", "undoing", "abandoned", "over"
	Run       string         `json:"run,omitempty"`
	Holder    string         `json:"holder,omitempty"`
	Strategy  string         `json:"strategy,omitempty"`
	Stage     string         `json:"stage,omitempty"`
	Outcome   string         `json:"outcome,omitempty"` // of one that is over
	Began     *time.Time     `json:"began,omitempty"`
	Since     *time.Time     `json:"since,omitempty"` // of the stage
	Ended     *time.Time     `json:"ended,omitempty"`
	Progress  progressJSON   `json:"progress"`
	Instances []instanceJSON `json:"instances"`
	Services  []endJSON      `json:"services"`
	Changed   []loan         `json:"to_be_put_back"`
	Waits     []roll.Line    `json:"waits_for"`
	Why       []string       `json:"why"`
	Fix       string         `json:"fix,omitempty"`
	Next      []string       `json:"next"`
}

// State is the status in a word.
func (s Status) State() string {
	switch {
	case !s.Found:
		return "none"
	case !s.Unfinished():
		return "over"
	case s.Run == "":
		return "abandoned"
	}
	return map[roll.Command]string{roll.GoOn: "running", roll.Pause: "paused", roll.Abort: "aborting", roll.Undo: "undoing"}[s.Command]
}

// JSON is the status for programs.
func (s Status) JSON() ([]byte, error) {
	m := s.Memory
	out := statusJSON{
		Version: version, Cluster: ink.Clean(s.Cluster), State: s.State(), Holder: ink.Clean(s.Holder), Strategy: string(m.Order.Strategy), Run: ink.Clean(m.Order.Run),
		Progress: progressJSON(count(m)), Instances: []instanceJSON{}, Services: []endJSON{}, Changed: []loan{}, Waits: []roll.Line{}, Why: cleaned(m.Why), Fix: ink.Clean(s.Fix),
		Next: bare(s.Next),
	}
	if s.Found {
		out.Stage, out.Began, out.Since = short(m.Stage), &m.Began, &m.Since
	}
	if s.Found && !s.Unfinished() {
		out.Outcome, out.Ended = string(m.End), &m.Ended
	}
	for _, o := range m.Olds {
		out.Instances = append(out.Instances, oldJSON(m, o))
	}
	for _, n := range m.News {
		out.Instances = append(out.Instances, newJSON(m, n))
	}
	for _, b := range m.Services {
		out.Services = append(out.Services, endJSON{ink.Clean(b.Name), b.Desired, b.Healthy, b.Lowest, b.Moved})
	}
	for _, l := range s.Waits {
		out.Waits = append(out.Waits, roll.Line{Subject: ink.Clean(l.Subject), Text: ink.Clean(l.Text)})
	}
	if s.Unfinished() {
		out.Changed = slices.Concat(out.Changed, lent(m))
	}
	for i := range out.Changed {
		out.Changed[i].Name, out.Changed[i].Text = ink.Clean(out.Changed[i].Name), ink.Clean(out.Changed[i].Text)
	}
	return json.MarshalIndent(out, "", "  ")
}

// Told is for programs: a command was handed over to whoever is at work.
func Told(cluster, command, to string) ([]byte, error) {
	return json.MarshalIndent(struct {
		Version int    `json:"version"`
		Cluster string `json:"cluster"`
		Command string `json:"command"`
		To      string `json:"told"`
	}{version, ink.Clean(cluster), command, ink.Clean(to)}, "", "  ")
}
