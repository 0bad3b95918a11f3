// Package landing shows where the tasks of a service would come, why, and what a lost zone would leave of them.
//
// In: a placement.Forecast. Out: text for people, and values for JSON. It decides nothing and leaves no task out; of instances
// that cannot have one it shows the closest few, and says how many more there are.
package landing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"berth/internal/live"
	"berth/internal/placement"
	"berth/internal/render/ink"
)

// How much is shown one by one.
const (
	mostInstances = 20 // of a zone
	mostReasons   = 5  // why instances do not fit
	mostNames     = 3  // of instances that do not fit for one reason
)

// Text is a forecast for people.
func Text(f placement.Forecast, s ink.Style) string {
	p := ink.NewPage(s)
	Part(p, f)
	return p.String()
}

// Part puts a forecast on a page.
func Part(p *ink.Page, f placement.Forecast) {
	p.Heading("Where " + subject(f) + " would land")
	p.Text(ink.Faint, 2, rule(f.Demand))
	switch f.Standing {
	case 0:
	case 1:
		p.Text(ink.Faint, 2, "1 task of it is there already and counts")
	default:
		p.Text(ink.Faint, 2, ink.Several(f.Standing, "task")+" of it are there already and count")
	}
	for _, z := range byZone(f.Landings) {
		z.write(p)
	}
	for _, u := range nowhere(f.Landings) {
		unplaced(p, f, u)
	}
	loss(p, f)
}

func (z zone) write(p *ink.Page) {
	p.Gap()
	p.Line("  ", p.Paint(ink.Strong, ink.Clean(z.name)), "  ", ink.Several(z.tasks, "task"))
	left := z.tasks
	for _, i := range z.instances[:min(len(z.instances), mostInstances)] {
		p.Item(fmt.Sprintf("    %s  %s  ", p.Paint(ink.Note, ink.Clean(i.id)), ink.Several(i.tasks, "task")), ink.Faint, ink.Clean(i.why))
		left -= i.tasks
	}
	if more := len(z.instances) - mostInstances; more > 0 {
		p.Line("    ", p.Paint(ink.Faint, fmt.Sprintf("and %s on %s more", ink.Several(left, "task"), ink.Several(more, "instance"))))
	}
}

func subject(f placement.Forecast) string {
	n, name := len(f.Landings), ink.Clean(f.Demand.Name)
	switch {
	case f.Demand.Daemon:
		return ink.Several(n, "task") + " of the daemon " + name
	case f.Standing > 0:
		return ink.Several(n, "new task") + " of " + name
	}
	return ink.Several(n, "task") + " of " + name
}

// rule says what decides.
func rule(d placement.Demand) string {
	if d.Daemon {
		return "one on every instance that meets its constraints"
	}
	all, own := d.Strategies()
	var words []string
	for _, s := range all {
		words = append(words, ink.Clean(s.String()))
	}
	switch {
	case len(all) == 0:
		return "at random among the instances that fit"
	case own:
		return "by ECS's own strategy: " + strings.Join(words, ", then ")
	}
	return "by " + strings.Join(words, ", then ")
}

// zone is the tasks that come to a zone.
type zone struct {
	name      string
	tasks     int
	instances []instance
}

// instance is the tasks that come to an instance, with the reason of the first.
type instance struct {
	id, zone, why string
	tasks         int
}

// byInstance counts tasks by instance, in the order of zones and ids.
func byInstance(all []placement.Landing) []instance {
	at := map[string]int{}
	var out []instance
	for _, l := range all {
		if l.Instance == "" {
			continue
		}
		n, known := at[l.Instance]
		if !known {
			n = len(out)
			at[l.Instance] = n
			out = append(out, instance{id: l.Instance, zone: l.Zone, why: l.Why})
		}
		out[n].tasks++
	}
	slices.SortFunc(out, func(a, b instance) int { return cmp.Or(cmp.Compare(a.zone, b.zone), cmp.Compare(a.id, b.id)) })
	return out
}

func byZone(all []placement.Landing) []zone {
	var out []zone
	for _, i := range byInstance(all) {
		if len(out) == 0 || out[len(out)-1].name != i.zone {
			out = append(out, zone{name: i.zone})
		}
		z := &out[len(out)-1]
		z.tasks += i.tasks
		z.instances = append(z.instances, i)
	}
	return out
}

// waiting is tasks that find no instance for the same reason.
type waiting struct {
	placement.Landing

	tasks int
}

func nowhere(all []placement.Landing) []waiting {
	var out []waiting
	for _, l := range all {
		if l.Instance != "" {
			continue
		}
		if n := slices.IndexFunc(out, func(w waiting) bool { return w.Why == l.Why }); n >= 0 {
			out[n].tasks++
		} else {
			out = append(out, waiting{l, 1})
		}
	}
	return out
}

// unplaced shows tasks that find no instance: those that will come when a group has grown, and those that will not.
func unplaced(p *ink.Page, f placement.Forecast, w waiting) {
	p.Gap()
	tone, verb := ink.Bad, " would find no instance"
	if w.Comes != nil {
		tone, verb = ink.Warn, " would wait"
	}
	p.Item("  "+p.Paint(tone, ink.Several(w.tasks, "task")+verb+":")+" ", ink.Plain, ink.Clean(w.Why))
	if w.Comes != nil || f.Demand.Daemon { // that says it all
		return
	}
	all := reasons(f.Site, closest(w.Unfit))
	for _, r := range all[:min(len(all), mostReasons)] {
		p.Item("    "+p.Paint(ink.Note, r.names())+"  ", ink.Plain, r.text)
		p.Text(ink.Faint, 6, r.remedy)
	}
	if more := len(all) - mostReasons; more > 0 {
		p.Line("    ", p.Paint(ink.Faint, "and "+ink.Several(more, "other reason")+" on others"))
	}
}

// reason is why some instances do not fit, and what would make it fit.
type reason struct {
	text, remedy string
	instances    []string
}

// reasons puts instances together that do not fit for the same reason, in their order.
func reasons(s placement.Site, all []placement.Unfit) []reason {
	var out []reason
	at := map[string]int{}
	for _, u := range all {
		lacks := make([]string, len(u.Lacks))
		for n, k := range u.Lacks {
			lacks[n] = k.String()
		}
		text, remedy := ink.Clean(strings.Join(lacks, "; ")), ink.Clean(placement.Remedy(u.Lacks, find(s, u.Instance)))
		n, known := at[text+remedy]
		if !known {
			n = len(out)
			at[text+remedy] = n
			out = append(out, reason{text: text, remedy: remedy})
		}
		out[n].instances = append(out[n].instances, ink.Clean(u.Instance))
	}
	return out
}

func (r reason) names() string {
	text := strings.Join(r.instances[:min(len(r.instances), mostNames)], ", ")
	if more := len(r.instances) - mostNames; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// closest sorts instances by how little they lack: first those that will do some day.
func closest(all []placement.Unfit) []placement.Unfit {
	all = slices.Clone(all)
	distance := func(u placement.Unfit) int {
		d := len(u.Lacks)
		if !placement.Possible(u.Lacks) {
			d += 100
		}
		return d
	}
	slices.SortStableFunc(all, func(a, b placement.Unfit) int { return cmp.Compare(distance(a), distance(b)) })
	return all
}

func find(s placement.Site, id string) live.Instance {
	if n := slices.IndexFunc(s.Instances, func(i live.Instance) bool { return i.ID == id }); n >= 0 {
		return s.Instances[n]
	}
	return live.Instance{ID: id}
}

func loss(p *ink.Page, f placement.Forecast) {
	if len(f.Loss) == 0 {
		return
	}
	p.Heading("What a lost zone would leave")
	for _, z := range f.Loss {
		tone, text := told(f.Demand, z)
		p.Item("  "+p.Paint(ink.Strong, ink.Clean(z.Zone))+"  ", tone, ink.Clean(text))
	}
}

// told says what the loss of a zone means.
func told(d placement.Demand, z placement.ZoneLoss) (ink.Tone, string) {
	text := fmt.Sprintf("%d of %d left", z.Left, z.Left+z.Lost)
	tone := ink.Warn
	if z.Left == 0 {
		tone, text = ink.Bad, "none left"
	}
	switch {
	case d.Daemon:
		return tone, text + "; a daemon's tasks go with their instances"
	case z.Fits == z.Lost && z.Lost == 1:
		text += "; there is room elsewhere for the lost one"
	case z.Fits == z.Lost:
		text += fmt.Sprintf("; there is room elsewhere for all %d lost", z.Lost)
	default:
		return tone, text + fmt.Sprintf("; there is room elsewhere for %d of %d lost: %s", z.Fits, z.Lost, z.Missing)
	}
	if z.Left > 0 {
		tone = ink.Good
	}
	return tone, text
}
