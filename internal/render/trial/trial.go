// Package trial shows what came of a test of the alerts.
//
// In: the ways that were tried. Out: text for people, and JSON for programs. It judges nothing, and shows no secret part of an
// address, since it is given none.
package trial

import (
	"encoding/json"
	"strings"
	"time"

	"berth/internal/render/ink"
)

// Way is one way by which people are told.
type Way struct {
	Alert   string `json:"alert"` // empty: the queue that berth watch hears by
	By      string `json:"by"`    // "email", "slack", "queue"
	To      string `json:"to"`    // as far as it may be shown
	Outcome string `json:"outcome"`
	Text    string `json:"text"`
	Fix     string `json:"fix,omitempty"`
}

// View is a test.
type View struct {
	ID      string
	At      time.Time
	Cluster string
	Ways    []Way
	Notes   []string
	Failed  string // the word for a way that did not work
}

// Passed tells whether every way works, as far as anybody can know.
func (v View) Passed() bool {
	for _, w := range v.Ways {
		if w.Outcome == v.Failed {
			return false
		}
	}
	return true
}

// Text is the test for people.
func (v View) Text(s ink.Style) string {
	p := ink.NewPage(s)
	p.Line(p.Paint(ink.Strong, ink.Clean("test "+v.ID+" of the alerts of "+v.Cluster)))
	for _, w := range v.Ways {
		p.Gap()
		p.Item("", ink.Strong, ink.Clean(strings.TrimSpace(w.Alert+" "+w.By+" "+w.To)))
		tone := ink.Good
		if w.Outcome == v.Failed {
			tone = ink.Bad
		}
		p.Item("  "+p.Paint(tone, w.Outcome+":")+" ", ink.Plain, ink.Clean(w.Text))
		if w.Fix != "" {
			p.Item("  "+p.Paint(ink.Note, "fix:")+" ", ink.Plain, ink.Clean(w.Fix))
		}
	}
	for _, n := range v.Notes {
		p.Gap()
		p.Item(p.Paint(ink.Warn, "note:")+" ", ink.Plain, ink.Clean(n))
	}
	return p.String()
}

// version counts the incompatible changes of the JSON.
const version = 1

// JSON is the test for programs.
func (v View) JSON() ([]byte, error) {
	out := struct {
		Version int       `json:"version"`
		ID      string    `json:"id"`
		At      time.Time `json:"at"`
		Cluster string    `json:"cluster"`
		Passed  bool      `json:"passed"`
		Ways    []Way     `json:"ways"`
		Notes   []string  `json:"notes"`
	}{Version: version, ID: v.ID, At: v.At, Cluster: ink.Clean(v.Cluster), Passed: v.Passed(), Ways: []Way{}, Notes: []string{}}
	for _, w := range v.Ways {
		w.Text, w.Fix, w.To = ink.Clean(w.Text), ink.Clean(w.Fix), ink.Clean(w.To)
		out.Ways = append(out.Ways, w)
	}
	for _, n := range v.Notes {
		out.Notes = append(out.Notes, ink.Clean(n))
	}
	return json.MarshalIndent(out, "", "  ")
}
