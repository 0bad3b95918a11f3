package diagram

import "slices"

// legendEntry is a part of the legend: what it shows is drawn from its left edge on, the text beside it.
type legendEntry struct {
	text string
	room int // for what it shows
	draw func(c *canvas, x, y int)
}

func (s legendEntry) width() int { return s.room + fontSmall.width(s.text) }

const (
	legendGap  = 26
	legendStep = 22 // from one row to the next
)

// legendEntries are the lines and machines that the picture has.
func (l *layout) legendEntries() []legendEntry {
	line := func(look look, colour, text string) legendEntry {
		return legendEntry{text, 42, func(c *canvas, x, y int) { c.arrow(look, colour, point{x, y}, point{x + 34, y}) }}
	}
	var out []legendEntry
	if len(l.s.Balancers) > 0 {
		out = append(out, line(lookRequest, colourRequest, "requests"))
	}
	if slices.ContainsFunc(l.s.Zones, func(z Zone) bool { return z.Exit != "" }) {
		out = append(out, line(lookOut, colourOut, "the instances' own calls"))
	}
	if l.s.S3 {
		out = append(out, line(lookS3, colourS3, "to "+l.s.freeServices()+", free of charge"))
	}
	if len(l.s.Interfaces) > 0 {
		out = append(out, line(lookPrivateLink, colourPrivateLink, "to other AWS services"))
	}
	if l.s.Existing != "" {
		out = append(out, legendEntry{"of others, left alone", 34, func(c *canvas, x, y int) { c.rect(box{x, y - 7, 26, 14}, 4, l.theirs(lookPrivate)) }})
	}
	text := "an instance"
	if l.s.Planned {
		text = "an instance to come"
	}
	return append(out, legendEntry{text, 26, func(c *canvas, x, y int) {
		c.add(`<g transform="translate(%d %d) scale(.6)">`, x, y-10)
		c.machineIcon(0, 0, shade{strong: colourCluster}, l.s.Planned)
		c.add("</g>")
	}})
}

// legendRows breaks the legend into rows that the page has room for.
func (l *layout) legendRows() [][]legendEntry {
	rows := [][]legendEntry{nil}
	x := margin + 4
	for _, s := range l.legendEntries() {
		last := len(rows) - 1
		if len(rows[last]) > 0 && x+s.width() > l.width-margin {
			rows = append(rows, nil)
			last, x = last+1, margin+4
		}
		rows[last] = append(rows[last], s)
		x += s.width() + legendGap
	}
	return rows
}

// drawLegend says what the lines and machines mean, as far as the picture has them.
func (l *layout) drawLegend(c *canvas) {
	for i, row := range l.legendRows() {
		x, y := margin+4, l.legend+i*legendStep
		for _, s := range row {
			s.draw(c, x, y)
			c.text(x+s.room, y+4, left, fontSmall.in(colourCluster), s.text)
			x += s.width() + legendGap
		}
	}
}
