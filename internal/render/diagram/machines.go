package diagram

import (
	"fmt"
	"strings"

	"berth/internal/render/ink"
)

// drawCluster draws the ECS cluster over all zones, with a lane for each group of instances.
func (l *layout) drawCluster(c *canvas) {
	c.rect(l.cluster, 10, lookCluster)
	x, y := l.cluster.x, l.cluster.y
	c.clusterIcon(x+14, y+10, colourCluster)
	name := fontHeading.cut("ECS cluster "+l.s.Cluster, l.cluster.w-60)
	c.text(x+42, y+25, left, fontHeading, name)
	if text := "Container Insights " + l.s.Insights; l.s.Insights != "" && 42+fontHeading.width(name)+fontSmall.width(text)+30 < l.cluster.w {
		c.text(l.cluster.right()-14, y+25, right, fontSmall, text)
	}
	if len(l.lanes) == 0 {
		c.text(l.cluster.centre(), y+70, middle, fontPlain.in(colourFaint), "no instance groups")
	}
	for i, b := range l.lanes {
		l.drawLane(c, b, l.s.Groups[i], shades(i))
	}
}

func (l *layout) drawLane(c *canvas, b box, g Group, s shade) {
	c.rect(b, 8, look(fmt.Sprintf(`fill="%s" stroke="%s"`, s.soft, s.edge)))
	c.circle(b.x+16, b.y+17, 5, fill(s.strong))
	name := fontLabel.cut(g.Name, b.w-50)
	about := fontSmall.cut(g.about(), b.w-50-fontLabel.width(name))
	c.texts(b.x+28, b.y+21, words{fontLabel.in(s.strong), name}, words{fontSmall, about})
	for _, col := range l.columns {
		if col.Private == "" {
			continue
		}
		c.rect(box{col.private.x + 24, b.y + 32, col.private.w - 48, 44}, 7, `fill="#ffffff" fill-opacity=".75"`)
		l.drawMachines(c, col, b.y+38, g.Instances[col.Name], s)
	}
}

// about is what one line says of a group.
func (g Group) about() string {
	text := fmt.Sprintf("%s (%d to %d)", ink.Several(g.Total(), "instance"), g.Min, g.Max)
	if g.Min == g.Max {
		text = fmt.Sprintf("%s (always %d)", ink.Several(g.Total(), "instance"), g.Max)
	}
	if g.Spot {
		text += ", spot"
	}
	return text + " · " + strings.Join(g.Types, ", ")
}

// drawMachines draws a zone's instances of one group around the zone's middle; what does not fit is a number.
func (l *layout) drawMachines(c *canvas, col column, y, n int, s shade) {
	const step = 38
	x := col.private.centre()
	if n > (col.private.w-60)/step {
		c.rect(box{x - 27, y - 2, 30, 32}, 5, outline(s, l.s.Planned))
		c.machineIcon(x-33, y+2, s, l.s.Planned)
		c.text(x+12, y+22, left, font{15, 600, s.strong}, fmt.Sprintf("× %d", n))
		return
	}
	x -= (n*step - 8) / 2
	for i := range n {
		c.machineIcon(x+i*step, y, s, l.s.Planned)
	}
}
