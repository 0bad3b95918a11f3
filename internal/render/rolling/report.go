package rolling

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"berth/internal/render/ink"
	"berth/internal/roll"
)

// Report is how a roll ended.
type Report struct {
	Cluster  string
	Snapshot roll.Snapshot
	Decision roll.Decision
	Took     time.Duration // of this run, by the clock of the cluster
	Calls    int
	Requests *Requests // what became of the requests meanwhile; nil: nobody counted them
	Fix      string    // what to do about how it ended
	Next     []string  // commands worth typing now
	All      bool      // every instance is shown
}

// Requests is what became of the requests that clients sent through the load balancers.
type Requests struct {
	Served, Failed int64
	Text           string // with the reasons
}

// figures are what a roll comes to.
type figures struct {
	tally

	Moves   float64       // per task
	Extra   time.Duration // instance hours
	Whole   time.Duration // since the roll began, whoever ran it
	Lowest  []serviceRow  // of services of which tasks moved, or which had fewer healthy tasks than before
	Skipped []roll.Old    // and those that were stuck
}

func figuresOf(m roll.Memory, at time.Time) figures {
	f := figures{tally: count(m), Extra: m.Count.Extra}
	if m.Count.Movable > 0 {
		f.Moves = math.Round(1000*float64(m.Count.Moves)/float64(m.Count.Movable)) / 1000
	}
	if end := cmp.Or(m.Ended, at); !m.Began.IsZero() && end.After(m.Began) {
		f.Whole = end.Sub(m.Began)
	}
	for _, b := range m.Services {
		f.Lowest = append(f.Lowest, serviceRow{Name: b.Name, Desired: b.Desired, Before: b.Healthy, Lowest: b.Lowest, Moved: b.Moved})
	}
	for _, o := range m.Olds {
		if o.State == roll.Stuck || o.State == roll.Skipped {
			f.Skipped = append(f.Skipped, o)
		}
	}
	return f
}

// memory is what is known at the end.
func (r Report) memory() roll.Memory { return r.Decision.Memory }

// Text is the report for people.
func (r Report) Text(s ink.Style) string {
	p := ink.NewPage(s)
	head := "Roll of cluster " + r.Cluster + ": " + outcome(r.Decision.Outcome)
	if f := figuresOf(r.memory(), r.Snapshot.At); r.touched() {
		r.Took = max(r.Took, f.Whole)
	}
	if r.Took >= time.Second {
		head += " (" + ink.Span(r.Took.Round(time.Second)) + ")"
	}
	p.Text(toneOf(r.Decision.Outcome), 0, ink.Clean(head))
	r.reasons(p)
	if r.Fix != "" {
		p.Item("  "+p.Paint(ink.Note, "fix:")+" ", ink.Plain, ink.Clean(r.Fix))
	}
	m := r.memory()
	if r.touched() {
		summary(p, m, figuresOf(m, r.Snapshot.At))
	}
	if r.Requests != nil && r.touched() {
		tone := ink.Good
		if r.Requests.Failed > 0 {
			tone = ink.Bad
		}
		p.Item("  "+ink.Pad("requests", 16), tone, ink.Clean(r.Requests.Text))
	}
	if r.touched() {
		lowest(p, figuresOf(m, r.Snapshot.At).Lowest, r.All)
		left(p, m, r.All)
	}
	if r.All && r.touched() {
		timeline(p, m)
	}
	next(p, r.Next)
	return p.String()
}

// reasons say why it ended so.
func (r Report) reasons(p *ink.Page) {
	m := r.memory()
	told := map[string]bool{}
	for _, why := range m.Why {
		if r.Decision.Outcome == roll.Nothing {
			break // the headline says it
		}
		told[why] = true
		p.Text(ink.Plain, 2, ink.Clean(why))
	}
	for _, l := range r.Decision.Why {
		if text := sentence(l); len(m.Olds) == 0 && !told[l.Text] {
			p.Text(ink.Plain, 2, ink.Clean(text))
		}
	}
}

// touched tells whether anything was done.
func (r Report) touched() bool {
	return len(r.memory().Olds) > 0 && r.Decision.Outcome != roll.Refused && r.Decision.Outcome != roll.Nothing
}

// summary is what it comes to, in a few lines.
func summary(p *ink.Page, m roll.Memory, f figures) {
	line := func(name, text string) { p.Item("  "+ink.Pad(name, 16), ink.Plain, ink.Clean(text)) }
	line("instances", f.String())
	if m.Count.Movable > 0 || m.Count.Moves > 0 {
		line("tasks moved", fmt.Sprintf("%d; %.2f moves per task", m.Count.Moves, f.Moves))
	}
	if f.Extra > 0 {
		line("extra capacity", fmt.Sprintf("%.2f instance hours", f.Extra.Hours()))
	}
}

// lowest is how few healthy tasks each service had at worst.
func lowest(p *ink.Page, all []serviceRow, whole bool) {
	touched := slices.DeleteFunc(slices.Clone(all), func(s serviceRow) bool { return !whole && s.Moved == 0 && s.Lowest >= s.Before })
	if len(touched) == 0 {
		return
	}
	shown, more := cut(touched, mostServices, whole)
	p.Heading("Services")
	var rows [][]string
	for _, s := range shown {
		worst := fmt.Sprint(s.Lowest)
		if s.Lowest < min(s.Before, s.Desired) {
			worst = p.Paint(ink.Warn, worst)
		}
		rows = append(rows, []string{ink.Cut(ink.Clean(s.Name), 40), fmt.Sprint(s.Desired), fmt.Sprint(s.Before), worst, fmt.Sprint(s.Moved)})
	}
	p.Table([]string{"service", "wanted", "healthy before", "lowest healthy", "tasks moved"}, rows)
	andMore(p, more, "service")
}

// left are the instances that were not replaced, with the reason, the same reasons together.
func left(p *ink.Page, m roll.Memory, whole bool) {
	type why struct {
		state, text string
		ids         []string
	}
	var all []why
	for _, o := range figuresOf(m, m.Ended).Skipped {
		one := why{string(o.State), cmp.Or(o.Why, "no reason is known"), nil}
		i := slices.IndexFunc(all, func(w why) bool { return w.state == one.state && w.text == one.text })
		if i < 0 {
			i, all = len(all), append(all, one)
		}
		all[i].ids = append(all[i].ids, o.ID)
	}
	if len(all) == 0 {
		return
	}
	p.Heading("Not replaced")
	for _, w := range all {
		tone, most := ink.Warn, mostNames
		if w.state == string(roll.Stuck) {
			tone = ink.Bad
		}
		if whole {
			most = len(w.ids)
		}
		p.Item("  "+p.Paint(tone, w.state)+" ", ink.Plain, some(w.ids, most))
		p.Text(ink.Faint, 4, ink.Clean(w.text))
	}
}

// timeline is when what became of each old instance.
func timeline(p *ink.Page, m roll.Memory) {
	if len(m.Olds) == 0 {
		return
	}
	p.Heading("Instances")
	var rows [][]string
	for _, o := range m.Olds {
		rows = append(rows, []string{
			p.Paint(ink.Note, ink.Clean(o.ID)), ink.Clean(o.Zone), string(o.State), after(m.Began, o.Began), after(m.Began, o.Emptied), fmt.Sprint(len(o.Tasks)), Why(o.Reasons),
		})
	}
	p.Table([]string{"instance", "zone", "state", "drain began", "drained", "tasks", "because of"}, rows)
}

func after(began, at time.Time) string {
	if at.IsZero() || at.Before(began) {
		return "-"
	}
	return "+" + ink.Span(at.Sub(began).Round(time.Second))
}

func next(p *ink.Page, commands []string) {
	if len(commands) == 0 {
		return
	}
	p.Heading("Next")
	for _, command := range commands {
		p.Line("  ", p.Paint(ink.Note, ink.Clean(command)))
	}
}

// record is the report for programs.
type record struct {
	Version  int            `json:"version"`
	Cluster  string         `json:"cluster"`
	Run      string         `json:"run,omitempty"`
	Outcome  string         `json:"outcome"`
	Strategy string         `json:"strategy,omitempty"`
	Why      []string       `json:"why"`
	Fix      string         `json:"fix,omitempty"`
	Replaced int            `json:"instances_replaced"`
	Total    int            `json:"instances_outdated"`
	Tasks    int            `json:"tasks_moved"`
	Moves    float64        `json:"moves_per_task"`
	Lowest   map[string]int `json:"lowest_healthy"` // by service
	Services []endJSON      `json:"services"`
	Left     []instanceJSON `json:"not_replaced"`
	Extra    float64        `json:"extra_instance_hours"`
	Began    *time.Time     `json:"began,omitempty"`
	Seconds  float64        `json:"seconds"`      // since the roll began
	Here     float64        `json:"seconds_here"` // of this run of the program
	Calls    int            `json:"calls"`
	Served   *int64         `json:"requests_served,omitempty"`
	Failed   *int64         `json:"requests_failed,omitempty"`
	Next     []string       `json:"next"`
}

type endJSON struct {
	Name    string `json:"name"`
	Desired int    `json:"desired"`
	Before  int    `json:"healthy_before"`
	Lowest  int    `json:"lowest_healthy"`
	Moved   int    `json:"tasks_moved"`
}

// JSON is the report for programs.
func (r Report) JSON() ([]byte, error) {
	m := r.memory()
	f := figuresOf(m, r.Snapshot.At)
	out := record{
		Version: version, Cluster: ink.Clean(r.Cluster), Run: m.Order.Run, Outcome: string(r.Decision.Outcome), Strategy: string(m.Order.Strategy),
		Why: cleaned(reasonsOf(r.Decision)), Fix: ink.Clean(r.Fix), Replaced: f.Replaced, Total: f.Total, Tasks: m.Count.Moves, Moves: f.Moves,
		Lowest: map[string]int{}, Services: []endJSON{}, Left: []instanceJSON{}, Extra: math.Round(f.Extra.Hours()*1000) / 1000,
		Seconds: max(f.Whole, r.Took).Seconds(), Here: r.Took.Seconds(), Calls: r.Calls, Next: bare(r.Next),
	}
	if !m.Began.IsZero() {
		out.Began = &m.Began
	}
	for _, s := range f.Lowest {
		out.Lowest[ink.Clean(s.Name)] = s.Lowest
		out.Services = append(out.Services, endJSON{ink.Clean(s.Name), s.Desired, s.Before, s.Lowest, s.Moved})
	}
	for _, o := range f.Skipped {
		out.Left = append(out.Left, oldJSON(m, o))
	}
	if r.Requests != nil {
		out.Served, out.Failed = &r.Requests.Served, &r.Requests.Failed
	}
	return json.MarshalIndent(out, "", "  ")
}

// reasonsOf is why it ended so.
func reasonsOf(d roll.Decision) []string {
	if len(d.Memory.Why) > 0 || len(d.Memory.Olds) > 0 {
		return d.Memory.Why
	}
	var out []string
	for _, l := range d.Why {
		out = append(out, sentence(l))
	}
	return out
}

func cleaned(all []string) []string {
	out := []string{}
	for _, text := range all {
		out = append(out, strings.TrimSpace(ink.Clean(text)))
	}
	return out
}

// bare are commands without what people are told about them.
func bare(commands []string) []string {
	out := []string{}
	for _, command := range commands {
		command, _, _ = strings.Cut(command, "    (")
		out = append(out, ink.Clean(command))
	}
	return out
}
