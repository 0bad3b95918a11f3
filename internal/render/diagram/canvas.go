package diagram

import (
	"fmt"
	"strconv"
	"strings"

	"berth/internal/render/ink"
)

// canvas is an SVG document under way. Everything on it is drawn with attributes of its own, in whole pixels: style
// sheets are what sanitizers of web pages throw out first.
type canvas struct{ b strings.Builder }

// box is a rectangle in pixels.
type box struct{ x, y, w, h int }

func (b box) right() int { return b.x + b.w }

func (b box) bottom() int { return b.y + b.h }

func (b box) centre() int { return b.x + b.w/2 }

// look is the SVG attributes of a shape or line.
type look string

func (c *canvas) add(format string, args ...any) { fmt.Fprintf(&c.b, format+"\n", args...) }

func (c *canvas) rect(b box, radius int, l look) {
	c.add(`<rect x="%d" y="%d" width="%d" height="%d" rx="%d" %s/>`, b.x, b.y, b.w, b.h, radius, l)
}

func (c *canvas) circle(x, y, r int, l look) {
	c.add(`<circle cx="%d" cy="%d" r="%d" %s/>`, x, y, r, l)
}

// path draws a path whose numbers count from x, y.
func (c *canvas) path(x, y int, d string, l look) {
	c.add(`<path transform="translate(%d %d)" d="%s" %s/>`, x, y, d, l)
}

// anchor is which end of a text its position names.
type anchor string

const (
	left   anchor = "start"
	middle anchor = "middle"
	right  anchor = "end"
)

// font is size, weight and colour of a text.
type font struct {
	size   float64
	weight int
	colour string
}

func (f font) in(colour string) font { return font{f.size, f.weight, colour} }

// text writes one line of text; its baseline is at y.
func (c *canvas) text(x, y int, a anchor, f font, text string) {
	c.add(`<text x="%d" y="%d" text-anchor="%s" font-size="%s" font-weight="%d" fill="%s">%s</text>`,
		x, y, a, strconv.FormatFloat(f.size, 'f', -1, 64), f.weight, f.colour, escape(text))
}

// texts writes a text and, at some distance behind it, another: how wide the first one is only the reader's font knows.
func (c *canvas) texts(x, y int, first, second words) {
	c.add(`<text x="%d" y="%d">%s%s</text>`, x, y, first.span(0), second.span(12))
}

// words are a text in a font.
type words struct {
	font
	text string
}

func (w words) span(gap int) string {
	return fmt.Sprintf(`<tspan dx="%d" font-size="%s" font-weight="%d" fill="%s">%s</tspan>`,
		gap, strconv.FormatFloat(w.size, 'f', -1, 64), w.weight, w.colour, escape(w.text))
}

// escape makes a text fit to stand in XML; control characters are not allowed there at all.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace(xmlText(text))
}

// xmlText leaves out what XML cannot hold even escaped.
func xmlText(text string) string {
	return strings.Map(func(r rune) rune {
		if r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, ink.Clean(text))
}

// point is a place on the canvas.
type point struct{ x, y int }

// line draws a line along points at right angles, with round corners; an arrow has a head at its end.
func (c *canvas) line(l look, points ...point) {
	c.add(`<path d="%s" fill="none" %s/>`, route(points), l)
}

func (c *canvas) arrow(l look, colour string, points ...point) {
	last, before := &points[len(points)-1], points[len(points)-2]
	tip := *last
	dx, dy := sign(tip.x-before.x), sign(tip.y-before.y)
	last.x, last.y = tip.x-7*dx, tip.y-7*dy
	c.line(l, points...)
	c.add(`<path d="M%d %dL%d %dL%d %dZ" fill="%s"/>`, tip.x, tip.y,
		tip.x-9*dx+5*dy, tip.y-9*dy+5*dx, tip.x-9*dx-5*dy, tip.y-9*dy-5*dx, colour)
}

// merge draws lines from several places, sorted from left to right, into one street and along it to a gate. The
// outermost takes the whole way; the others join it.
func (c *canvas) merge(l look, colour string, feeders []point, street int, gate point) {
	if len(feeders) == 0 {
		return
	}
	first, last := feeders[0], feeders[len(feeders)-1]
	through := first
	if first.x > gate.x {
		through = last
	}
	c.arrow(l, colour, through, point{through.x, street}, point{gate.x, street}, gate)
	for _, f := range feeders {
		switch {
		case f == through:
		case f == last && f.x > gate.x:
			c.line(l, f, point{f.x, street}, point{gate.x, street})
			c.circle(gate.x, street, 3, fill(colour))
		default:
			c.line(l, f, point{f.x, street})
			c.circle(f.x, street, 3, fill(colour))
		}
	}
}

// route is the path data of a line; corners are rounded by up to 8 pixels.
func route(points []point) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", points[0].x, points[0].y)
	for i := 1; i < len(points)-1; i++ {
		p := points[i]
		from, to := toward(p, points[i-1]), toward(p, points[i+1])
		fmt.Fprintf(&b, "L%d %dQ%d %d %d %d", from.x, from.y, p.x, p.y, to.x, to.y)
	}
	end := points[len(points)-1]
	fmt.Fprintf(&b, "L%d %d", end.x, end.y)
	return b.String()
}

// toward is up to 8 pixels from p on the way to q, at most half of it.
func toward(p, q point) point {
	dx, dy := q.x-p.x, q.y-p.y
	step := min(8, max(dx, -dx, dy, -dy)/2)
	return point{p.x + sign(dx)*step, p.y + sign(dy)*step}
}

func sign(n int) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}
