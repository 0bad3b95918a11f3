package diagram

// drawLegend says what the lines and machines mean, as far as the picture has them.
func (l *layout) drawLegend(c *canvas) {
	x := margin + 4
	sample := func(l look, colour, text string, y int) {
		c.arrow(l, colour, point{x, y}, point{x + 34, y})
		c.text(x+42, y+4, left, fontSmall.in(colourCluster), text)
		x += 42 + fontSmall.width(text) + 26
	}
	if len(l.s.Balancers) > 0 {
		sample(lookRequest, colourRequest, "requests", l.legend)
	}
	if len(l.s.Zones) > 0 && !l.s.closed() {
		sample(lookOut, colourOut, "the instances' own calls", l.legend)
	}
	if l.s.S3 {
		sample(lookS3, colourS3, "to S3, free of charge", l.legend)
	}
	if len(l.s.Interfaces) > 0 {
		sample(lookPrivateLink, colourPrivateLink, "to other AWS services", l.legend)
	}
	if l.s.Existing != "" {
		c.rect(box{x, l.legend - 7, 26, 14}, 4, l.theirs(lookPrivate))
		text := "of others, left alone"
		c.text(x+34, l.legend+4, left, fontSmall.in(colourCluster), text)
		x += 34 + fontSmall.width(text) + 26
	}
	text := "an instance"
	if l.s.Planned {
		text = "an instance to come"
	}
	c.add(`<g transform="translate(%d %d) scale(.6)">`, x, l.legend-10)
	c.machineIcon(0, 0, shade{strong: colourCluster}, l.s.Planned)
	c.add("</g>")
	c.text(x+26, l.legend+4, left, fontSmall.in(colourCluster), text)
}
