// Package frame is the screen of something that goes on: lines that stay, and below them a few that are drawn again in place.
//
// In: texts, and the time. Out: bytes on a writer, as much at once as belongs together: half a screen would flicker. It knows nothing
// of what it shows, and never reads the clock.
package frame

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"berth/internal/render/ink"
)

// Mode is how something that goes on is shown.
type Mode int

// The modes.
const (
	Lines     Mode = iota // one line after the other: for logs, and the safe default
	Live                  // a few lines that are drawn again in place: for terminals
	JSONLines             // one JSON object for each thing that is new
)

// Frame is one screen. It is not safe for use from several goroutines.
type Frame struct {
	out   io.Writer
	style ink.Style
	mode  Mode
	began time.Time
	last  time.Time // of what was shown last, or of the last tick
	spoke time.Time // of the last line that stays
	drawn int       // lines to draw again
	page  strings.Builder
}

// New is an empty screen; elapsed times count from began.
func New(out io.Writer, s ink.Style, m Mode, began time.Time) *Frame {
	return &Frame{out: out, style: s, mode: m, began: began, last: began, spoke: began}
}

// Mode is how it is shown.
func (f *Frame) Mode() Mode { return f.mode }

// Paint gives a text the colour of a tone.
func (f *Frame) Paint(t ink.Tone, text string) string { return f.style.Paint(t, text) }

// Now is the time of what was shown last, or that was passed since.
func (f *Frame) Now() time.Time { return f.last }

// Began is when it began.
func (f *Frame) Began() time.Time { return f.began }

// Pass lets time pass; it never goes back.
func (f *Frame) Pass(at time.Time) {
	if at.After(f.last) {
		f.last = at
	}
}

// Elapsed is the time since the beginning: "+1m30s".
func (f *Frame) Elapsed() string { return "+" + ink.Span(f.last.Sub(f.began).Round(time.Second)) }

// Seconds is the same as a number.
func (f *Frame) Seconds() float64 { return f.last.Sub(f.began).Seconds() }

// heartbeat is how long people hear nothing while something is waited for.
const heartbeat = 30 * time.Second

// Silent tells whether nothing was said for so long that people should hear that it goes on.
func (f *Frame) Silent() bool { return f.last.Sub(f.spoke) >= heartbeat }

// Stay writes a line that stays, with the time since the beginning.
func (f *Frame) Stay(text string) {
	f.spoke = f.last
	fmt.Fprintf(&f.page, "%8s  %s\n", f.Elapsed(), text)
}

// Object writes a line for programs; it must be something that becomes JSON.
func (f *Frame) Object(v any) {
	f.spoke = f.last
	if b, err := json.Marshal(v); err == nil {
		f.page.Write(append(b, '\n'))
	}
}

// Draw writes a line that is drawn again, cut to the width of the terminal: what goes around its edge could not be erased.
func (f *Frame) Draw(t ink.Tone, text string) {
	width := f.style.Width
	if width <= 0 {
		width = f.style.Columns()
	}
	fmt.Fprintln(&f.page, f.style.Paint(t, ink.Cut(ink.Clean(text), width-1)))
	f.drawn++
}

// Erase takes the lines away that are drawn again.
func (f *Frame) Erase() {
	if f.drawn > 0 {
		fmt.Fprintf(&f.page, "\x1b[%dA\r\x1b[J", f.drawn)
	}
	f.drawn = 0
}

// Flush shows what was written.
func (f *Frame) Flush() {
	if f.page.Len() > 0 {
		_, _ = io.WriteString(f.out, f.page.String()) // a broken pipe shows at the end of the command
		f.page.Reset()
	}
}
