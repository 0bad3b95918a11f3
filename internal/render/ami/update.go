package ami

import (
	"encoding/json"
	"fmt"
	"strings"

	"berth/internal/ami"
	"berth/internal/render/ink"
	"berth/internal/render/textdiff"
)

// Change is a file before and after an update.
type Change struct {
	Path     string
	From, To string
}

// Update is what an update writes.
type Update struct {
	Pins    []ami.Pin
	Changes []Change
	Top     string   // where the top level's image stands, or will stand
	Notes   []string // what it leaves alone, and why
	Written bool
	Flags   string
}

// Text is the update for people: which groups get another image, and the lines of the files that differ.
func (u Update) Text(s ink.Style) string {
	p := ink.NewPage(s)
	for _, n := range u.Notes {
		p.Text(ink.Plain, 0, ink.Clean(n))
	}
	if len(u.Pins) == 0 {
		p.Text(ink.Good, 0, "Nothing to write: every group starts from the image that AWS recommends for it.")
		return p.String()
	}
	for _, pin := range u.Pins {
		text := pin.From + " → " + pin.To
		if pin.Top {
			text += ", which it takes from the top level, " + u.Top
		}
		p.Item("Group "+ink.Clean(pin.Group)+": ", ink.Plain, ink.Clean(text))
	}
	for _, c := range u.Changes {
		p.Heading(ink.Clean(c.Path))
		for _, l := range textdiff.Hunks(textdiff.Compare(lines(c.From), lines(c.To))) {
			p.Line("  ", p.Paint(tone(l.Sign), ink.Clean(string(l.Sign)+" "+l.Text)))
		}
	}
	return p.String()
}

// Done says what to do when the files are written.
func (u Update) Done(s ink.Style) string {
	p := ink.NewPage(s)
	p.Line("")
	p.Text(ink.Good, 0, fmt.Sprintf("Written: %s. Running instances keep theirs until they are replaced.", ink.Several(len(u.Changes), "file")))
	p.Heading("Next")
	for _, verb := range []string{"plan", "apply", "roll"} {
		p.Line("  ", p.Paint(ink.Note, ink.Clean("berth "+verb+u.Flags)))
	}
	return p.String()
}

func lines(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }

func tone(sign byte) ink.Tone {
	switch sign {
	case textdiff.In:
		return ink.Good
	case textdiff.Out:
		return ink.Bad
	default:
		return ink.Faint
	}
}

type jsonUpdate struct {
	Version int       `json:"version"`
	Written bool      `json:"written"`
	Groups  []jsonPin `json:"groups"`
	Files   []string  `json:"files"`
	Notes   []string  `json:"notes"`
}

type jsonPin struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
	Top  bool   `json:"from_top_level"`
}

// JSON is the update for programs.
func (u Update) JSON() ([]byte, error) {
	out := jsonUpdate{Version: version, Written: u.Written, Groups: []jsonPin{}, Files: []string{}, Notes: append([]string{}, u.Notes...)}
	for _, pin := range u.Pins {
		out.Groups = append(out.Groups, jsonPin{pin.Group, pin.From, pin.To, pin.Top})
	}
	for _, c := range u.Changes {
		out.Files = append(out.Files, c.Path)
	}
	return json.MarshalIndent(out, "", "  ")
}
