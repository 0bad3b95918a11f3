package render

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/render/ink"
	"berth/internal/render/setting"
	"berth/internal/render/textdiff"
)

// fields writes what differs, one setting per line.
func (w *writer) fields(e entry) {
	width := 0
	for _, f := range e.fields {
		width = max(width, ink.Wide(ink.Clean(f.Name)))
	}
	for _, f := range e.fields {
		w.field(e, f, min(width, 32))
	}
}

func (w *writer) field(e entry, f plan.Field, width int) {
	lead := w.indent() + ink.Pad(ink.Clean(f.Name), width) + "  "
	note := ""
	if f.Replaces && !strings.HasPrefix(e.why, f.Name+" cannot") {
		note = " (cannot be changed in place)"
	}
	lines := textdiff.Compare(setting.Lines(f.From), setting.Lines(f.To))
	switch {
	case isSecret(e.keys[0].Kind) && f.Name == "value":
		w.Item(lead, ink.Plain, "changed"+note)
	case e.keys[0].Kind == model.KindGroup && f.Name == "launch_template":
		w.Item(lead, ink.Plain, "changed: see "+ink.Name(model.TemplateKey(e.keys[0].Name))+note)
	case setting.IsDocument(f.From) || setting.IsDocument(f.To):
		w.Item(lead, ink.Plain, "changed ("+ink.Several(textdiff.Changed(lines), "line")+")"+note)
		if w.verbose {
			w.lines(textdiff.Hunks(lines))
		}
	case setting.IsList(f.From, f.To):
		w.Item(lead, ink.Plain, "changed"+note)
		w.lines(slices.DeleteFunc(textdiff.Compare(setting.Items(f.From), setting.Items(f.To)), func(l textdiff.Line) bool { return l.Sign == textdiff.Kept }))
	default:
		w.Item(lead, ink.Plain, setting.Value(f.From)+" → "+setting.Value(f.To)+note)
	}
}

// isSecret tells the kinds whose value is never shown, nor what it was.
func isSecret(k model.Kind) bool { return k == model.KindSecret || k == model.KindAgentConfig }

// lines writes a comparison under a setting.
func (w *writer) lines(all []textdiff.Line) {
	indent := w.indent() + "  "
	for _, l := range all {
		switch l.Sign {
		case textdiff.In:
			w.Line(indent, w.Paint(ink.Good, "+ "+l.Text))
		case textdiff.Out:
			w.Line(indent, w.Paint(ink.Bad, "- "+l.Text))
		default:
			w.Line(indent, w.Paint(ink.Faint, "  "+l.Text))
		}
	}
}

// settings writes every setting of what is made, for -v.
func (w *writer) settings(r model.Resource) {
	width := 0
	for _, a := range r.Attrs() {
		width = max(width, ink.Wide(ink.Clean(a.Name)))
	}
	for _, a := range r.Attrs() {
		lead := w.indent() + ink.Pad(ink.Clean(a.Name), min(width, 40)) + "  "
		if !setting.IsDocument(a.Value) {
			w.Item(lead, ink.Faint, setting.Value(a.Value))
			continue
		}
		w.Item(lead, ink.Faint, ink.Several(len(setting.Lines(a.Value)), "line"))
		for _, text := range setting.Lines(a.Value) {
			w.Line(w.indent()+"  ", w.Paint(ink.Faint, text))
		}
	}
}

// impactLine says what a change does to traffic; nothing when nobody notices.
func (w *writer) impactLine(e entry) {
	if e.impact != plan.None {
		w.Item(w.indent(), tone(e.impact), fmt.Sprintf("impact %s: %s", e.impact, effect([]entry{e})))
	}
}

func tone(i plan.Impact) ink.Tone {
	switch i {
	case plan.Rolling, plan.Brief:
		return ink.Warn
	case plan.Outage:
		return ink.Bad
	case plan.None:
	}
	return ink.Plain
}
