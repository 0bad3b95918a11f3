// Package incident shows what goes wrong in a cluster, incident by incident.
//
// In: messages of changes, or what a watcher remembers. Out: text for people, and JSON for programs. It judges nothing, and lets no
// text of AWS steer a terminal.
package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/plain"
	"berth/internal/render/ink"
	"berth/internal/watch"
)

// Clock is a time of the day, for lines that come as time goes by.
func Clock(at time.Time) string { return at.UTC().Format("15:04:05") }

// Text is a change of an incident for people.
func Text(m watch.Message) string {
	i := m.Incident
	var b strings.Builder
	b.WriteString(strings.Join([]string{Clock(m.At), ink.Clean(m.Kind), i.Severity.String(), ink.Clean(i.Code), ink.Clean(m.Title)}, " ") + "\n")
	line := func(text string) {
		if text = ink.Clean(text); text != "" {
			b.WriteString("         " + text + "\n")
		}
	}
	if m.Kind == watch.Resolved {
		return b.String()
	}
	if names := Names(i); len(i.Members) > 1 {
		line("at: " + names)
	}
	for _, e := range i.Also {
		line("also: " + e)
	}
	for _, e := range i.Evidence {
		line("- " + e)
	}
	if i.Fix != "" {
		line("fix: " + i.Fix)
	}
	return b.String()
}

// mostNames is how many members are named in a line.
const mostNames = 20

// Names are the members of an incident, the first ones: "service web, service api and 3 more".
func Names(i watch.Incident) string {
	var out []string
	for _, m := range i.Members[:min(len(i.Members), mostNames)] {
		out = append(out, ink.Clean(strings.Replace(m.Name, "/", " ", 1)))
	}
	text := strings.Join(out, ", ")
	if more := len(i.Members) + i.More - len(out); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// View is what a watcher remembers, as a screen of the cluster shows it.
type View struct {
	At    time.Time
	Beat  time.Time        // when a watcher was last at work; zero: none ever was
	Open  []watch.Incident // oldest first
	Flags string           // what further commands must be called with: " --sim"
}

// Of is what a watcher remembers.
func Of(m watch.Memory, at time.Time, flags string) View {
	v := View{At: at, Beat: m.Beat, Flags: flags}
	for _, i := range m.State.Incidents {
		if !i.Opened.IsZero() && i.Resolved.IsZero() {
			v.Open = append(v.Open, *i)
		}
	}
	slices.SortStableFunc(v.Open, func(a, b watch.Incident) int { return a.Began.Compare(b.Began) })
	return v
}

// rest is how long a watcher may be silent that is at work: it says so every minute, and looks at large clusters take longer.
const rest = 5 * time.Minute

// Watched tells whether a watcher is at work.
func (v View) Watched() bool { return !v.Beat.IsZero() && v.At.Sub(v.Beat) < rest }

// longest is how many bytes of a sentence a screen of the whole cluster shows.
const longest = 500

// Part is the part of a screen; nothing where nobody ever watched.
func (v View) Part(p *ink.Page) {
	if v.Beat.IsZero() {
		return
	}
	p.Heading("Incidents")
	for _, i := range v.Open {
		tone := ink.Warn
		if i.Severity == watch.Error {
			tone = ink.Bad
		}
		p.Item("  "+p.Paint(tone, i.Severity.String())+" ", ink.Plain, plain.Cut(Names(i)+": "+ink.Clean(i.Text), longest)+" ["+ink.Clean(i.Code)+"]")
		p.Item("    ", ink.Faint, "for "+ink.Span(v.At.Sub(i.Began))+times(i))
		if i.Fix != "" {
			p.Item("    "+p.Paint(ink.Note, "fix:")+" ", ink.Plain, plain.Cut(ink.Clean(i.Fix), longest))
		}
	}
	if len(v.Open) == 0 {
		p.Item("  ", ink.Good, "none is open")
	}
	switch ago := "a berth watch was last at work " + ink.Span(v.At.Sub(v.Beat)) + " ago"; {
	case v.Watched():
		p.Item("  ", ink.Faint, ago)
	default:
		p.Item("  ", ink.Warn, ago+", and knows nothing newer: berth watch"+v.Flags)
	}
}

func times(i watch.Incident) string {
	if i.Count < 2 {
		return ""
	}
	return fmt.Sprintf(", %d times", i.Count)
}

// JSON is an incident for programs.
type JSON struct {
	ID       string         `json:"id"`
	Code     string         `json:"code"`
	Severity watch.Severity `json:"severity"`
	Text     string         `json:"text"`
	Fix      string         `json:"fix,omitempty"`
	Members  []string       `json:"members"`
	More     int            `json:"more,omitempty"`
	Count    int            `json:"count,omitempty"`
	Began    time.Time      `json:"began"`
	Opened   time.Time      `json:"opened"`
	Last     time.Time      `json:"last"`
}

// ForPrograms are the open incidents for programs.
func (v View) ForPrograms() []JSON {
	out := []JSON{}
	for _, i := range v.Open {
		one := JSON{
			ID: ink.Clean(i.ID), Code: ink.Clean(i.Code), Severity: i.Severity, Text: ink.Clean(i.Text), Fix: ink.Clean(i.Fix), Members: []string{},
			More: i.More, Count: i.Count, Began: i.Began, Opened: i.Opened, Last: i.Last,
		}
		for _, m := range i.Members {
			one.Members = append(one.Members, ink.Clean(m.Name))
		}
		out = append(out, one)
	}
	return out
}
