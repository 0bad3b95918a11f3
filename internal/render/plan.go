package render

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/plan"
	"berth/internal/render/essence"
	"berth/internal/render/ink"
)

// writer is a plan on its way to a page.
type writer struct {
	*ink.Page
	verbose bool
	ending  bool // everything goes
	sign    int  // the width of the widest sign
	deep    int  // where names begin
	column  int  // where reasons begin
}

// measure finds out where the parts of the lines begin.
func (w *writer) measure(all []entry) {
	for _, e := range all {
		w.sign = max(w.sign, len(symbol(e.verb)))
	}
	w.deep = 2 + w.sign + len(" replace ")
	for _, e := range all {
		if width := w.deep + ink.Wide(w.name(e)) + 2; width <= 46 {
			w.column = max(w.column, width)
		}
	}
	if w.Columns()-w.column < 30 {
		w.column = 0 // too narrow: reasons stand below
	}
}

// Plan is a plan for people: what would change, grouped, with reasons, impact and counts. Verbose names every resource
// and every setting, and shows how texts differ.
func Plan(v View, s Style, verbose bool) string {
	w := &writer{Page: ink.NewPage(s), verbose: verbose, ending: v.Want.Len() == 0}
	all := entries(v.Plan)
	w.Text(ink.Plain, 0, intro(v, count(all)))
	if e := v.Facts.Existing; e.ID() != "" && !w.ending {
		w.Text(ink.Faint, 0, "In "+lodgingText(e)+", which others own: nothing of its network is changed.")
	}
	if !verbose {
		all = fold(all)
	}
	w.measure(all)
	for _, section := range sections() {
		w.section(section, all)
	}
	w.strays(v)
	if !w.ending {
		v.outdatedPart(w.Page)
	}
	if !v.Plan.Empty() {
		w.Gap()
		w.totals(v)
	}
	return w.String()
}

// intro says what was compared and how it came out.
func intro(v View, n tally) string {
	asked := ink.Several(v.Want.Len(), "resource")
	switch {
	case v.Want.Len() == 0 && v.Plan.Empty():
		return "Nothing of " + v.cluster() + " stands: there is nothing to delete."
	case v.Want.Len() == 0:
		return fmt.Sprintf("Everything of %s goes: %s.", v.cluster(), ink.Several(n[plan.Delete], "resource"))
	case v.Plan.Empty():
		text := fmt.Sprintf("No changes. Compared the %s of the file with %s on AWS: every setting is as the file says.", asked, v.cluster())
		if n[plan.Wait] > 0 {
			text += fmt.Sprintf(" Not ready yet: %d.", n[plan.Wait])
		}
		return text
	case untouched(v, n):
		return fmt.Sprintf("Nothing of %s stands yet. The file asks for %s.", v.cluster(), asked)
	}
	text := fmt.Sprintf("Compared the %s of the file with %s on AWS: %s.", asked, v.cluster(), differences(n))
	if n[plan.Update]+n[replace] > 0 {
		text += " Settings read: on AWS → in the file. berth keeps no state, so it cannot tell which of the two has moved."
	}
	return text
}

// untouched tells that nothing of the cluster stands; what the whole account shares may.
func untouched(v View, n tally) bool {
	return !v.stands() && n[plan.Update]+n[replace]+n[plan.Delete] == 0
}

// differences says in how much the file and AWS differ.
func differences(n tally) string {
	var parts []string
	for _, p := range []struct {
		n    int
		text string
	}{{n[plan.Create], "missing"}, {n[plan.Update] + n[replace], "different from the file"}, {n[plan.Delete], "no longer in the file"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.text))
		}
	}
	return strings.Join(parts, ", ")
}

func (w *writer) section(name string, all []entry) {
	first := true
	for _, e := range all {
		if e.section() != name {
			continue
		}
		if first {
			w.Heading(name)
		}
		first = false
		w.entry(e)
	}
}

// name is an entry's headline: the resource, or the kind and how many; beside it what matters of it, where that is
// short.
func (w *writer) name(e entry) string {
	name := ink.Name(e.keys[0])
	switch {
	case e.onlyTags():
		name = ink.Several(len(e.keys), "resource")
	case len(e.keys) > 1:
		name = fmt.Sprintf("%s ×%d", e.keys[0].Kind, len(e.keys))
	}
	if d := w.detail(e); len(d) == 1 && ink.Wide(name)+2+ink.Wide(d[0]) <= beside {
		name += "  " + d[0]
	}
	return name
}

// beside is how much room there is for a name and what stands beside it.
const beside = 30

// detail names what a folded line stands for, or what matters of a new resource.
func (w *writer) detail(e entry) []string {
	switch {
	case len(e.keys) > 1 || e.onlyTags():
		return e.roster()
	case e.verb == plan.Create && !w.verbose:
		if text := ink.Clean(essence.Of(e.to[0])); text != "" {
			return []string{text}
		}
	}
	return nil
}

func (w *writer) entry(e entry) {
	mark := ink.Pad(symbol(e.verb), w.sign) + " " + string(e.verb)
	name := w.name(e)
	lead := "  " + ink.Pad(w.Paint(toneOf(e.verb), mark), w.deep-2) + name
	why := ink.Clean(e.why)
	if strings.HasPrefix(why, "the file no longer") {
		why = "" // the verb says it
	}
	w.head(lead, why)
	if d := w.detail(e); len(d) > 1 || len(d) == 1 && !strings.HasSuffix(name, d[0]) {
		for _, line := range d {
			w.Item(w.indent(), ink.Plain, line)
		}
	}
	switch {
	case e.verb == plan.Update || e.verb == replace:
		w.fields(e)
	case e.verb == plan.Create && w.verbose:
		w.settings(e.to[0])
	}
	if !w.ending {
		w.impactLine(e)
	}
}

// indent leads what is said below a name.
func (w *writer) indent() string { return strings.Repeat(" ", w.deep+2) }

// head writes the reason beside the name, or below it where the name is too long.
func (w *writer) head(lead, why string) {
	switch {
	case why == "":
		w.Line(lead)
	case ink.Wide(lead)+2 <= w.column:
		w.Item(ink.Pad(lead, w.column), ink.Faint, why)
	default:
		w.Line(lead)
		w.Item(w.indent(), ink.Faint, why)
	}
}

func toneOf(v plan.Verb) ink.Tone {
	switch v {
	case plan.Create:
		return ink.Good
	case plan.Update, plan.Wait:
		return ink.Warn
	case plan.Delete, replace:
		return ink.Bad
	}
	return ink.Plain
}

// strays names what lies in the way or inside the VPC and is not berth's.
func (w *writer) strays(v View) {
	if len(v.Have.Strays) == 0 {
		return
	}
	w.Heading("Not berth's, and left alone")
	for _, s := range v.Have.Strays {
		w.Item("  ", ink.Plain, ink.Clean(s.What))
	}
}

// totals are the last lines: how many of each, how long, how bad.
func (w *writer) totals(v View) {
	all := entries(v.Plan)
	n := count(all)
	w.Line(w.Paint(ink.Strong, fmt.Sprintf("Plan: %d to create, %d to change, %d to replace, %d to delete.",
		n[plan.Create], n[plan.Update], n[replace], n[plan.Delete])))
	impact := v.Plan.Impact()
	text := "Impact " + impact.String() + ": " + effect(all) + "."
	if w.ending {
		text = "Impact " + impact.String() + ": nothing serves any more."
	}
	if d := v.Plan.Duration(); d > 0 {
		text += " Usually takes about " + ink.Span(d) + " on AWS."
	} else {
		text += " Usually takes seconds."
	}
	w.Text(tone(impact), 0, text)
}

// PlanSummary is a plan in one line for each part of the cluster that changes.
func PlanSummary(v View, s Style) string {
	w := &writer{Page: ink.NewPage(s), ending: v.Want.Len() == 0}
	all := entries(v.Plan)
	if v.Plan.Empty() {
		w.Text(ink.Plain, 0, intro(v, count(all)))
		return w.String()
	}
	var rows [][3]string
	var impacts []plan.Impact
	for _, section := range sections() {
		part := slices.DeleteFunc(slices.Clone(all), func(e entry) bool { return e.section() != section })
		if len(part) > 0 {
			rows = append(rows, summary(section, part))
			impacts = append(impacts, worst(part))
		}
	}
	width := 0
	for _, r := range rows {
		width = max(width, ink.Wide(r[1]))
	}
	for i, r := range rows {
		w.Item(ink.Pad(r[0], 16)+ink.Pad(r[1], width)+"  ", tone(impacts[i]), r[2])
	}
	w.totals(v)
	return w.String()
}

// summary is one part of a plan: its name, how many of each, the worst impact.
func summary(section string, part []entry) [3]string {
	n := count(part)
	var parts []string
	for _, v := range []plan.Verb{plan.Create, plan.Update, replace, plan.Delete, plan.Wait} {
		if n[v] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d to %s", symbol(v), n[v], v))
		}
	}
	impact := worst(part)
	return [3]string{section, strings.Join(parts, "  "), "impact " + impact.String()}
}
