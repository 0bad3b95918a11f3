// Package rollout shows how a service comes to run what its folder says: what would change, how far it is, what came of it.
//
// In: deploy's snapshots and decisions. Out: text for people, JSON for programs. It decides nothing, shows no value of an
// environment variable, and lets no text of others steer the terminal.
package rollout

import (
	"encoding/json"
	"slices"
	"strings"

	"berth/internal/check"
	"berth/internal/deploy"
	"berth/internal/deploy/differ"
	"berth/internal/document"
	"berth/internal/manifest"
	"berth/internal/placement"
	"berth/internal/render/finding"
	"berth/internal/render/ink"
	"berth/internal/render/landing"
)

// Diff is what a run would do.
type Diff struct {
	Snapshot deploy.Snapshot
	Changes  deploy.Changes
	Added    []manifest.Added
	Forecast *placement.Forecast // nil: nobody asked, or it is unknown
	Unknown  string              // why it is unknown
	Findings []check.Finding     // shown to programs; people see them beside the data
}

// Text is the diff for people: what is made, then what differs field by field; all says which defaults were added, too.
func (d Diff) Text(s ink.Style, all bool) string {
	p := ink.NewPage(s)
	name := d.Snapshot.Order.Service
	what := "Service " + name
	if name == "" {
		what = "Task " + d.Snapshot.Order.Definition.Get("family").Text + ", which runs once"
	}
	p.Heading(ink.Clean(what + " in cluster " + d.Snapshot.Order.Cluster))
	if d.Changes.Empty() {
		p.Line("  Nothing differs from what stands.")
	}
	for _, a := range d.Changes.Needs {
		sign, what := "+ ", strings.TrimPrefix(a.Verb, "create ")
		if what == a.Verb {
			sign, what = "~ ", strings.TrimPrefix(a.Verb, "modify ")
		}
		p.Line("  ", p.Paint(ink.Good, sign+ink.Clean(what+" "+a.Name)))
	}
	for _, a := range d.Changes.Leaves {
		p.Line("  ", p.Paint(ink.Bad, "- "+ink.Clean(strings.TrimPrefix(a.Verb, "delete ")+" "+a.Name)))
	}
	d.part(p, "task definition "+d.Changes.Family, d.Changes.Definition, d.Changes.NewFamily)
	d.part(p, "service "+name, d.Changes.Service, d.Changes.NewService)
	if d.Changes.Why != "" {
		p.Text(ink.Plain, 2, ink.Clean(d.Changes.Why))
	}
	if all && len(d.Added) > 0 {
		p.Heading("Added because the folder leaves it out")
		for i, a := range d.Added {
			if slices.ContainsFunc(d.Added[:i], func(b manifest.Added) bool { return b.Path == a.Path && b.Value.Equal(a.Value) }) {
				continue // the same tags, in both documents
			}
			p.Line("  ", p.Paint(ink.Good, ink.Cut(ink.Clean("+ "+a.Path+said(": ", a.Value)), p.Columns()-2)))
			why := a.Why
			if a.Off != "" {
				why += ". To do without it: " + a.Off
			}
			p.Text(ink.Faint, 6, ink.Clean(why))
		}
	}
	switch {
	case d.Forecast != nil:
		landing.Part(p, *d.Forecast)
	case d.Unknown != "":
		p.Heading("Where its tasks would land is not known")
		p.Text(ink.Plain, 2, ink.Clean(d.Unknown))
	}
	return p.String()
}

// part shows the fields of one document; of one that is new only the name, since its fields stand in the folder.
func (d Diff) part(p *ink.Page, name string, fields []differ.Field, fresh bool) {
	switch {
	case fresh:
		p.Line("  ", p.Paint(ink.Good, "+ "+ink.Clean(name)))
		return
	case len(fields) == 0:
		return
	}
	p.Line("  ", p.Paint(ink.Warn, "~ "+ink.Clean(name)))
	for _, f := range fields {
		tone, text := field(f)
		p.Line("      ", p.Paint(tone, ink.Clean(text)))
	}
}

// field is one difference in one line.
func field(f differ.Field) (ink.Tone, string) {
	switch {
	case f.Hidden && !f.Was.There():
		return ink.Good, "+ " + f.Path + ": (hidden)"
	case f.Hidden && !f.Want.There():
		return ink.Bad, "- " + f.Path + ": (hidden)"
	case f.Hidden:
		return ink.Warn, "~ " + f.Path + ": (hidden) changed"
	case !f.Was.There():
		return ink.Good, "+ " + f.Path + said(": ", f.Want)
	case !f.Want.There():
		return ink.Bad, "- " + f.Path + said(": ", f.Was)
	}
	return ink.Warn, "~ " + f.Path + said(": ", f.Was) + said(" → ", f.Want)
}

// said is a value as people read it; nothing for an object without parts, whose name says it all.
func said(before string, v document.Value) string {
	switch {
	case v.Kind == document.Object && len(v.Members) == 0:
		return ""
	case v.Kind == document.Text:
		return before + v.Text
	}
	return before + v.JSON()
}

// change is the diff for programs.
type change struct {
	Version int        `json:"version"`
	Cluster string     `json:"cluster"`
	Service string     `json:"service,omitempty"`
	Family  string     `json:"family"`
	Changes []piece    `json:"changes"`
	Added   []addition `json:"added"`
	Why     string     `json:"why,omitempty"`

	*landing.JSON // absent where it is unknown

	Unknown  string         `json:"unknown,omitempty"` // why
	Findings []finding.JSON `json:"findings"`
}

type piece struct {
	Verb   string    `json:"verb"` // "create", "update", "modify", "delete"
	What   string    `json:"what"`
	Fields []fieldOf `json:"fields,omitempty"`
}

type fieldOf struct {
	Path   string         `json:"path"`
	From   document.Value `json:"from,omitzero"`
	To     document.Value `json:"to,omitzero"`
	Hidden bool           `json:"hidden,omitempty"`
}

type addition struct {
	File  string         `json:"file"`
	Path  string         `json:"path"`
	Value document.Value `json:"value"`
	Why   string         `json:"why"`
	Off   string         `json:"off"`
}

// JSON is the diff for programs.
func (d Diff) JSON() ([]byte, error) {
	c := d.Changes
	out := change{
		Version: version, Cluster: d.Snapshot.Order.Cluster, Service: d.Snapshot.Order.Service, Family: c.Family, Changes: []piece{},
		Added: []addition{}, Why: c.Why, Unknown: ink.Clean(d.Unknown), Findings: finding.ForPrograms(d.Findings),
	}
	if d.Forecast != nil {
		out.JSON = new(landing.ForPrograms(*d.Forecast))
	}
	for _, a := range slices.Concat(c.Needs, c.Leaves) {
		verb, what, _ := strings.Cut(a.Verb, " ")
		out.Changes = append(out.Changes, piece{Verb: verb, What: what + " " + a.Name})
	}
	for _, part := range []struct {
		what   string
		fresh  bool
		fields []differ.Field
	}{{"task definition " + c.Family, c.NewFamily, c.Definition}, {"service " + d.Snapshot.Order.Service, c.NewService, c.Service}} {
		switch {
		case part.fresh:
			out.Changes = append(out.Changes, piece{Verb: "create", What: part.what})
		case len(part.fields) > 0:
			out.Changes = append(out.Changes, piece{Verb: "update", What: part.what, Fields: plain(part.fields)})
		}
	}
	for _, a := range d.Added {
		out.Added = append(out.Added, addition{a.File, a.Path, a.Value, a.Why, a.Off})
	}
	return json.MarshalIndent(out, "", "  ")
}

// plain are fields without what is hidden.
func plain(fields []differ.Field) []fieldOf {
	var out []fieldOf
	for _, f := range fields {
		one := fieldOf{Path: f.Path, From: f.Was, To: f.Want, Hidden: f.Hidden}
		if f.Hidden {
			one.From, one.To = document.Value{}, document.Value{}
		}
		out = append(out, one)
	}
	return out
}
