package render

import (
	"fmt"
	"strings"

	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/render/ink"
)

// Where the parts of a plan's lines begin: the verb, the name, and what is said below the name.
const (
	wide = 14 // sign and verb
	deep = wide + 2
)

// writer is a plan on its way to a page.
type writer struct {
	*ink.Page
	verbose bool
	column  int // where reasons begin
}

// Plan is a plan for people: what would change, grouped, with reasons, impact and counts. Verbose names every resource
// and every setting, and shows how texts differ.
func Plan(v View, s Style, verbose bool) string {
	w := &writer{Page: ink.NewPage(s), verbose: verbose}
	all := entries(v.Plan)
	w.Text(ink.Plain, 0, intro(v, count(all)))
	if !verbose {
		all = fold(all)
	}
	for _, e := range all {
		w.column = max(w.column, min(wide+ink.Wide(w.name(e))+2, 44))
	}
	for _, section := range sections() {
		w.section(section, all)
	}
	w.strays(v)
	if !v.Plan.Empty() {
		w.Gap()
		w.totals(v)
	}
	return w.String()
}

// intro says what was compared and how it came out.
func intro(v View, n tally) string {
	asked := several(v.Want.Len(), "resource")
	switch {
	case v.Want.Len() == 0 && v.Plan.Empty():
		return "Nothing of " + v.cluster() + " stands: there is nothing to delete."
	case v.Want.Len() == 0:
		return fmt.Sprintf("Everything of %s goes: %s.", v.cluster(), several(n[plan.Delete], "resource"))
	case v.Plan.Empty():
		text := fmt.Sprintf("No changes. Compared the %s of the file with %s on AWS: every setting is as the file says.", asked, v.cluster())
		if n[plan.Wait] > 0 {
			text += fmt.Sprintf(" Not ready yet: %d.", n[plan.Wait])
		}
		return text
	case !v.Have.Has(model.VPCKey()) && n[plan.Update]+n[replace]+n[plan.Delete] == 0:
		return fmt.Sprintf("Nothing of %s stands yet. The file asks for %s.", v.cluster(), asked)
	}
	var parts []string
	for _, p := range []struct {
		n    int
		text string
	}{{n[plan.Create], "missing"}, {n[plan.Update] + n[replace], "different from the file"}, {n[plan.Delete], "no longer in the file"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.text))
		}
	}
	text := fmt.Sprintf("Compared the %s of the file with %s on AWS: %s.", asked, v.cluster(), strings.Join(parts, ", "))
	if n[plan.Update]+n[replace] > 0 {
		text += " Settings read: on AWS → in the file. berth keeps no state, so it cannot tell which of the two has moved."
	}
	return text
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

// name is an entry's headline: the resource, or the kind and how many.
func (w *writer) name(e entry) string {
	switch {
	case len(e.keys) == 1:
		return title(e.keys[0])
	case e.onlyTags():
		return several(len(e.keys), "resource")
	}
	return fmt.Sprintf("%s ×%d", e.keys[0].Kind, len(e.keys))
}

func (w *writer) entry(e entry) {
	mark := ink.Pad(symbol(e.verb), 3) + " " + string(e.verb)
	lead := "  " + ink.Pad(w.Paint(toneOf(e.verb), mark), wide-2) + w.name(e)
	why := e.why
	if e.verb == plan.Delete && strings.HasPrefix(why, "the file no longer") {
		why = ""
	}
	w.head(lead, ink.Clean(why))
	w.detail(e)
	if e.verb == plan.Update || e.verb == replace {
		w.fields(e)
	}
	w.impactLine(e.impact)
}

// head writes the reason beside the name, or below it where the name is too long.
func (w *writer) head(lead, why string) {
	switch {
	case why == "":
		w.Line(lead)
	case ink.Wide(lead)+2 <= w.column:
		w.Item(ink.Pad(lead, w.column), ink.Faint, why)
	default:
		w.Line(lead)
		w.Item(strings.Repeat(" ", w.column), ink.Faint, why)
	}
}

// detail names what a folded line stands for, or what matters of a new resource.
func (w *writer) detail(e entry) {
	indent := strings.Repeat(" ", deep)
	switch {
	case len(e.keys) > 1:
		for _, line := range e.roster() {
			w.Item(indent, ink.Plain, line)
		}
	case e.verb == plan.Create && w.verbose:
		w.settings(e.to[0])
	case e.verb == plan.Create:
		if text := essence(e.to[0]); text != "" {
			w.Item(indent, ink.Plain, ink.Clean(text))
		}
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
	n := count(entries(v.Plan))
	w.Line(w.Paint(ink.Strong, fmt.Sprintf("Plan: %d to create, %d to change, %d to replace, %d to delete.",
		n[plan.Create], n[plan.Update], n[replace], n[plan.Delete])))
	impact := v.Plan.Impact()
	text := "Impact " + impact.String() + ": " + means(impact) + "."
	if d := v.Plan.Duration(); d > 0 {
		text += " Usually takes about " + span(d) + " on AWS."
	} else {
		text += " Usually takes seconds."
	}
	w.Text(tone(impact), 0, text)
}

// PlanSummary is a plan in one line for each part of the cluster that changes.
func PlanSummary(v View, s Style) string {
	w := &writer{Page: ink.NewPage(s)}
	all := entries(v.Plan)
	if v.Plan.Empty() {
		w.Text(ink.Plain, 0, intro(v, count(all)))
		return w.String()
	}
	for _, section := range sections() {
		var part []entry
		for _, e := range all {
			if e.section() == section {
				part = append(part, e)
			}
		}
		if len(part) > 0 {
			w.summary(section, part)
		}
	}
	w.totals(v)
	return w.String()
}

func (w *writer) summary(section string, part []entry) {
	n := count(part)
	var parts []string
	for _, v := range []plan.Verb{plan.Create, plan.Update, replace, plan.Delete, plan.Wait} {
		if n[v] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d to %s", symbol(v), n[v], v))
		}
	}
	impact := worst(part)
	lead := ink.Pad(section, 16) + ink.Pad(strings.Join(parts, "  "), 30) + "  "
	w.Item(lead, tone(impact), "impact "+impact.String()+": "+means(impact))
}
