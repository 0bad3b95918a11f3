package render

import (
	"fmt"
	"strings"

	"berth/internal/model"
	"berth/internal/render/ink"
)

// outdatedPart names every instance that is another than its group would launch now, and why.
func (v View) outdatedPart(p *ink.Page) {
	first := true
	for g := range model.Every[model.Group](&v.Have.Set) {
		for _, b := range g.Batches() {
			if first {
				p.Heading("Outdated instances")
			}
			first = false
			p.Item("  "+ink.Clean(g.Group)+": ", ink.Warn, ink.Clean(model.Because(b.Reasons)))
			p.Text(ink.Plain, 4, ink.Clean(strings.Join(b.IDs, ", ")))
		}
	}
}

// rolled says that a roll is at work on a group, or was left behind: nobody else sets these tags.
func rolled(g model.Group) string {
	switch {
	case g.Roll == "" && g.Raised == 0:
		return ""
	case g.Raised == 0:
		return "a roll is under way, or was left behind; berth roll status tells"
	default:
		return fmt.Sprintf("a roll is under way, or was left behind; it has raised the maximum by %d for the time being; berth roll status tells", g.Raised)
	}
}

// kinds are the reasons of an instance as one word each, as scripts know them: first that it comes from another launch template, or
// another version of it. It is empty where nothing is outdated.
func kinds(i model.Instance) []string {
	out := []string{}
	if i.Outdated() {
		out = append(out, "launch_template")
	}
	for _, r := range i.Reasons {
		word := string(r.Kind)
		if r.Kind == model.OldType {
			word = "instance_type"
		}
		out = append(out, word)
	}
	return out
}
