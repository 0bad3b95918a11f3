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
	"berth/internal/roll/forecast"
)

// DryRun is what a roll would do.
type DryRun struct {
	Cluster  string
	Forecast forecast.Forecast
	Calls    int      // that the look took
	Next     []string // commands worth typing now
	All      bool     // every instance is shown, with every task
}

// headline is what it comes to.
func (d DryRun) headline() (ink.Tone, string) {
	f := d.Forecast
	going := 0
	for _, o := range f.Olds {
		if o.Fate == forecast.Replaced {
			going++
		}
	}
	of := fmt.Sprintf("%d of %s", len(f.Olds), ink.Several(f.Instances, "instance"))
	switch {
	case len(f.Olds) == 0:
		return ink.Good, "nothing to do: no instance is outdated"
	case f.Refused:
		return ink.Bad, of + " to be replaced, and it cannot be done as it stands"
	case going < len(f.Olds):
		return ink.Warn, of + fmt.Sprintf(" to be replaced, and %d would stay as they are", len(f.Olds)-going)
	}
	return ink.Strong, of + " to be replaced"
}

// Text is the dry run for people.
func (d DryRun) Text(s ink.Style) string {
	p := ink.NewPage(s)
	f := d.Forecast
	tone, head := d.headline()
	p.Text(tone, 0, ink.Clean("Roll of cluster "+d.Cluster+": "+head))
	for _, text := range f.Missing {
		p.Item("  "+p.Paint(ink.Warn, "not seen")+" ", ink.Plain, ink.Clean(text))
	}
	if len(f.Olds) == 0 {
		findings(p, f.Findings, d.All)
		next(p, d.Next)
		return p.String()
	}
	d.sums(p)
	findings(p, f.Findings, d.All)
	d.groups(p)
	d.instances(p)
	d.services(p)
	d.waves(p)
	d.calls(p)
	next(p, d.Next)
	return p.String()
}

// sums is how, how long and at what price.
func (d DryRun) sums(p *ink.Page) {
	f := d.Forecast
	line := func(name, text string) { p.Item("  "+ink.Pad(name, 16), ink.Plain, ink.Clean(text)) }
	line("strategy", orderOf(f.Order))
	if f.Order.Strategy == roll.Terminate {
		line("tasks", ink.Several(f.Movable, "task")+" of services would end with their instances")
	} else {
		line("tasks", fmt.Sprintf("%s of services on these instances, %s", ink.Several(f.Movable, "task"), ink.Several(f.Moves, "move")))
	}
	if f.Time.Seconds > 0 {
		line("time", "about "+spoken(f.Time.Seconds)+": "+parts(f.Time))
	}
	line("extra capacity", fmt.Sprintf("about %.1f instance hours", f.ExtraHours))
}

// parts are what it waits for, the longest first.
func parts(t forecast.Time) string {
	all := slices.Clone(t.Parts)
	slices.SortStableFunc(all, func(a, b forecast.Part) int { return cmp.Compare(b.Seconds, a.Seconds) })
	var words []string
	for _, part := range all {
		words = append(words, part.Name+" "+spoken(part.Seconds))
	}
	return strings.Join(words, ", ")
}

func spoken(seconds int) string { return ink.Span(time.Duration(seconds) * time.Second) }

// mostFindings are shown of one sort.
const mostFindings = 20

// findings are what stands in the way, or deserves a look.
func findings(p *ink.Page, all []forecast.Finding, whole bool) {
	for _, part := range []struct {
		title string
		tone  ink.Tone
		of    []forecast.Severity
	}{
		{"What stands in the way", ink.Bad, []forecast.Severity{forecast.BlocksAll, forecast.Blocks}},
		{"To be known", ink.Warn, []forecast.Severity{forecast.Warns, forecast.Informs}},
	} {
		of := slices.DeleteFunc(slices.Clone(all), func(f forecast.Finding) bool { return !slices.Contains(part.of, f.Severity) })
		if len(of) == 0 {
			continue
		}
		p.Heading(part.title)
		shown, more := cut(of, mostFindings, whole)
		for _, f := range shown {
			finding(p, f, part.tone)
		}
		andMore(p, more, "")
	}
}

func finding(p *ink.Page, f forecast.Finding, t ink.Tone) {
	if f.Severity == forecast.Informs {
		t = ink.Faint
	}
	text := ink.Clean(f.Text)
	if len(f.Instances) > 0 && f.Subject != f.Instances[0] {
		text += ": " + some(f.Instances, 3)
	}
	p.Item("  "+p.Paint(t, string(f.Severity))+" ", ink.Plain, text+" ["+ink.Clean(f.Code)+"]")
	if f.Fix != "" {
		p.Item("    "+p.Paint(ink.Note, "fix:")+" ", ink.Plain, ink.Clean(f.Fix))
	}
}

func (d DryRun) groups(p *ink.Page) {
	p.Heading("Groups")
	var rows [][]string
	for _, g := range d.Forecast.Groups {
		most := fmt.Sprint(g.Max)
		if g.Raised > 0 {
			most += fmt.Sprintf(" (%d meanwhile)", g.Raised)
		}
		rows = append(rows, []string{ink.Clean(g.Key), fmt.Sprint(g.Olds), fmt.Sprint(g.Desired), most, fmt.Sprint(g.Surge), fmt.Sprint(g.Unavailable)})
	}
	p.Table([]string{"group", "to replace", "desired", "maximum", "surge", "may lack"}, rows)
}

// instances are the old ones: why each goes, what runs there, and where that will fit.
func (d DryRun) instances(p *ink.Page) {
	p.Heading("Instances")
	most := mostRows
	switch {
	case d.All:
		most = len(d.Forecast.Olds)
	case len(d.Forecast.Olds) > mostRows:
		most = mostRows / 2
	}
	for _, o := range d.Forecast.Olds[:min(len(d.Forecast.Olds), most)] {
		d.instance(p, o)
	}
	rest := d.Forecast.Olds[min(len(d.Forecast.Olds), most):]
	if len(rest) == 0 {
		return
	}
	tasks := 0
	for _, o := range rest {
		tasks += len(o.Tasks)
	}
	p.Line("  ", p.Paint(ink.Faint, "and "+ink.Several(len(rest), "instance")+" more with "+ink.Several(tasks, "task")+": -v"))
	for _, text := range summed(rest) {
		p.Item("    ", ink.Faint, text)
	}
}

// summed are instances by group, zone and reason.
func summed(all []forecast.Old) []string {
	counts := map[string]int{}
	var keys []string
	for _, o := range all {
		key := ink.Clean(o.Group + ", " + o.Zone + ": " + Why(o.Reasons))
		if counts[key] == 0 {
			keys = append(keys, key)
		}
		counts[key]++
	}
	slices.Sort(keys)
	out := make([]string, len(keys))
	for i, key := range keys {
		out[i] = fmt.Sprintf("%d in %s", counts[key], key)
	}
	return out
}

func (d DryRun) instance(p *ink.Page, o forecast.Old) {
	tone, fate := ink.Plain, "wave "+fmt.Sprint(o.Wave)
	if o.Canary {
		fate += ", canary"
	}
	if o.Fate != forecast.Replaced {
		tone, fate = ink.Warn, string(o.Fate)
	}
	lead := "  " + p.Paint(ink.Note, ink.Clean(o.ID)) + "  " + ink.Clean(o.Zone) + "  " + p.Paint(tone, fate) + "  "
	p.Item(lead, ink.Plain, Why(o.Reasons))
	if o.Why != "" {
		p.Text(ink.Warn, 6, ink.Clean(o.Why))
	}
	if len(o.Tasks) == 0 {
		p.Text(ink.Faint, 6, "nothing runs there")
	}
	if d.All {
		for _, t := range o.Tasks {
			p.Item("      "+ink.Clean(t.Name)+" "+ink.Clean(t.ID)+" ", ink.Faint, ink.Clean(place(t)))
		}
		return
	}
	for _, line := range places(o.Tasks) {
		p.Item("      ", ink.Faint, ink.Clean(line))
	}
}

// place is where a task will go.
func place(t forecast.Task) string {
	text := ""
	switch {
	case t.Kind == forecast.Daemon:
		return "(daemon): each new instance has its own"
	case t.To != "":
		text = "→ " + t.To
		if t.Zone != "" {
			text += " (" + t.Zone + ")"
		}
	case t.Why != "":
		text = t.Why
	case !t.Known:
		text = "nobody knows what it wants"
	case t.Kind == forecast.StandAlone:
		text = "no service owns it"
	default:
		text = "it stays"
	}
	if !t.Protected.IsZero() {
		text += ", protected until " + clock(t.Protected)
	}
	return text
}

// places are the tasks of an instance, those of one name that go to the same place together.
func places(all []forecast.Task) []string {
	counts := map[string]int{}
	var keys []string
	for _, t := range all {
		key := t.Name + " " + place(t)
		if counts[key] == 0 {
			keys = append(keys, key)
		}
		counts[key]++
	}
	shown, more := cut(keys, 8, false)
	var out []string
	for _, key := range shown {
		out = append(out, fmt.Sprintf("%d × %s", counts[key], key))
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("and %d more kinds: -v", more))
	}
	return out
}

func (d DryRun) services(p *ink.Page) {
	all := d.Forecast.Services
	if len(all) == 0 {
		return
	}
	p.Heading("Services")
	shown, more := cut(all, mostServices, d.All)
	var rows [][]string
	for _, s := range shown {
		most := fmt.Sprintf("%d%%", s.MaxPct)
		if s.SetPct > 0 {
			most += fmt.Sprintf(" (→ %d%%)", s.SetPct)
		}
		lowest := fmt.Sprint(s.Lowest)
		if s.Lowest < min(s.Healthy, s.Desired) {
			lowest = p.Paint(ink.Warn, lowest)
		}
		rows = append(rows, []string{
			ink.Cut(ink.Clean(s.Name), 30), fmt.Sprint(s.Desired), fmt.Sprint(s.Healthy), lowest, fmt.Sprint(s.Tasks), fmt.Sprint(s.Moves), fmt.Sprintf("%d%%", s.MinPct), most,
		})
	}
	p.Table([]string{"service", "wanted", "healthy", "at worst", "tasks there", "moves", "min", "max"}, rows)
	andMore(p, more, "service")
}

func (d DryRun) waves(p *ink.Page) {
	all := d.Forecast.Waves
	if len(all) == 0 {
		return
	}
	p.Heading("Waves")
	shown, more := cut(all, mostRows, d.All)
	var rows [][]string
	for _, w := range shown {
		name := fmt.Sprint(w.N)
		if w.Canary {
			name += " canary"
		}
		var fresh []string
		for _, n := range w.New {
			fresh = append(fresh, fmt.Sprintf("%d in %s", n.Count, ink.Clean(n.Zone)))
		}
		rows = append(rows, []string{name, "+" + spoken(w.Begins), spoken(w.Takes), fmt.Sprint(len(w.Olds)), fmt.Sprint(w.Moves), cmp.Or(strings.Join(fresh, ", "), "-")})
	}
	p.Table([]string{"wave", "begins", "takes", "instances", "moves", "new"}, rows)
	andMore(p, more, "wave")
}

func (d DryRun) calls(p *ink.Page) {
	if len(d.Forecast.Calls) == 0 {
		return
	}
	p.Heading("Calls to AWS")
	var rows [][]string
	for _, c := range d.Forecast.Calls {
		rate, share := "not published", "-"
		if c.Sustained > 0 {
			rate, share = fmt.Sprintf("%d/s, burst %d", c.Sustained, c.Burst), fmt.Sprintf("%d%%", c.Share)
		}
		rows = append(rows, []string{c.Budget, fmt.Sprint(c.Calls), fmt.Sprintf("%.1f/s", c.PerSecond), rate, share})
	}
	p.Table([]string{"budget", "calls", "at most", "AWS allows", "share"}, rows)
}

// dryJSON is the dry run for programs.
type dryJSON struct {
	Version int    `json:"version"`
	Cluster string `json:"cluster"`
	State   string `json:"state"` // "dry run"

	forecast.Forecast

	Looked int      `json:"calls_of_the_look"`
	Next   []string `json:"next"`
}

// JSON is the dry run for programs.
func (d DryRun) JSON() ([]byte, error) {
	f := d.Forecast
	f.Olds, f.Findings, f.Why, f.Missing = slices.Clone(f.Olds), slices.Clone(f.Findings), cleaned(f.Why), cleaned(f.Missing)
	for i, o := range f.Olds {
		one := o
		one.Zone, one.Group, one.Why, one.Reasons, one.Tasks = ink.Clean(o.Zone), ink.Clean(o.Group), ink.Clean(o.Why), clean(o.Reasons), slices.Clone(o.Tasks)
		for n := range one.Tasks {
			t := &one.Tasks[n]
			t.Name, t.Why, t.Zone = ink.Clean(t.Name), ink.Clean(t.Why), ink.Clean(t.Zone)
		}
		f.Olds[i] = one
	}
	for i := range f.Findings {
		one := &f.Findings[i]
		one.Text, one.Fix, one.Subject = ink.Clean(one.Text), ink.Clean(one.Fix), ink.Clean(one.Subject)
	}
	return json.MarshalIndent(dryJSON{Version: version, Cluster: ink.Clean(d.Cluster), State: "dry run", Forecast: f, Looked: d.Calls, Next: bare(d.Next)}, "", "  ")
}
