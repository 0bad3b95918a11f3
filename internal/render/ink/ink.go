// Package ink puts text on a screen: tones, columns, lines that fit the width, and nothing that could steer a terminal.
//
// In: text and a Style. Out: text. It never asks the terminal anything and never writes anywhere.
package ink

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// Style is what the reader's screen can do.
type Style struct {
	Color bool // escape sequences for colour are understood
	Width int  // columns; 0 means 80
}

// Columns is the width to write for.
func (s Style) Columns() int {
	if s.Width <= 0 {
		return 80
	}
	return max(s.Width, 40)
}

// Tone is what a piece of text means; the words say it too, since not everybody sees colours.
type Tone int

// The tones.
const (
	Plain  Tone = iota
	Faint       // can be skipped
	Strong      // a heading
	Good        // done, made
	Warn        // to be looked at, changed
	Bad         // failed, taken away
	Note        // a name or a command
)

// Paint gives one line of text its tone; without colours it stays as it is.
func (s Style) Paint(t Tone, text string) string {
	if !s.Color || t == Plain || text == "" {
		return text
	}
	return look(t).Render(text)
}

// look is a tone in the sixteen colours that every terminal's owner has chosen to be readable.
func look(t Tone) lipgloss.Style {
	base := lipgloss.NewStyle().TabWidth(lipgloss.NoTabConversion)
	switch t {
	case Faint:
		return base.Faint(true)
	case Strong:
		return base.Bold(true)
	case Good:
		return base.Foreground(lipgloss.Green)
	case Warn:
		return base.Foreground(lipgloss.Yellow)
	case Bad:
		return base.Foreground(lipgloss.Red)
	case Note:
		return base.Foreground(lipgloss.Cyan)
	case Plain:
	}
	return base
}

// Wide is how many columns a text takes, colours not counted.
func Wide(text string) int { return lipgloss.Width(text) }

// Pad fills a text with spaces up to a width.
func Pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-Wide(text)))
}

// Cut shortens a text without colours to a width; an ellipsis shows it.
func Cut(text string, width int) string {
	if Wide(text) <= width {
		return text
	}
	taken := 0
	for i, r := range text {
		w := Wide(string(r))
		if taken+w > width-1 {
			return text[:i] + "…"
		}
		taken += w
	}
	return text
}
