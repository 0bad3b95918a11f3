package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/render/ink"
	"berth/internal/render/textdiff"
)

// most is how long a value may be to be shown whole.
const most = 60

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
	lines := textdiff.Compare(texts(f.From), texts(f.To))
	switch {
	case e.keys[0].Kind == model.KindGroup && f.Name == "launch_template":
		w.Item(lead, ink.Plain, "changed: see "+ink.Name(model.TemplateKey(e.keys[0].Name))+note)
	case isDocument(f.From) || isDocument(f.To):
		w.Item(lead, ink.Plain, "changed ("+several(textdiff.Changed(lines), "line")+")"+note)
		if w.verbose {
			w.lines(textdiff.Hunks(lines))
		}
	case isList(f.From, f.To):
		w.Item(lead, ink.Plain, "changed"+note)
		w.lines(slices.DeleteFunc(textdiff.Compare(items(f.From), items(f.To)), func(l textdiff.Line) bool { return l.Sign == textdiff.Kept }))
	default:
		w.Item(lead, ink.Plain, value(f.From)+" → "+value(f.To)+note)
	}
}

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
		if !isDocument(a.Value) {
			w.Item(lead, ink.Faint, value(a.Value))
			continue
		}
		w.Item(lead, ink.Faint, several(len(texts(a.Value)), "line"))
		for _, text := range texts(a.Value) {
			w.Line(w.indent()+"  ", w.Paint(ink.Faint, text))
		}
	}
}

// value is a short setting as people read it.
func value(text string) string {
	if text == "" {
		return "(none)"
	}
	return ink.Clean(bare(text))
}

// bare leaves the ids of what others own as AWS writes them.
func bare(text string) string {
	parts := strings.Split(text, ", ")
	for i := range parts {
		parts[i] = strings.TrimPrefix(parts[i], string(model.KindForeign)+".")
	}
	return strings.Join(parts, ", ")
}

// isDocument tells a text that is better compared line by line: a script, a policy.
func isDocument(text string) bool { return strings.Contains(text, "\n") || isJSON(text) }

func isJSON(text string) bool {
	return (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")) && json.Valid([]byte(text))
}

// isList tells a long list, of which only the difference matters.
func isList(from, to string) bool {
	return strings.Contains(from+to, ", ") && len(from)+len(to) > most
}

func items(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(ink.Clean(bare(text)), ", ")
}

// texts are the lines of a document; JSON gets its usual layout.
func texts(text string) []string {
	if text == "" {
		return nil
	}
	var b bytes.Buffer
	if isJSON(text) && json.Indent(&b, []byte(text), "", "  ") == nil {
		text = b.String()
	}
	return ink.CleanLines(text)
}

// impactLine says what a change does to traffic; nothing when nobody notices.
func (w *writer) impactLine(i plan.Impact) {
	if i != plan.None {
		w.Item(w.indent(), tone(i), fmt.Sprintf("impact %s: %s", i, means(i)))
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
