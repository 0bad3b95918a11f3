package diagram

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/render/ink"
)

// chart is a Mermaid chart under way.
type chart struct {
	b      strings.Builder
	indent int
}

func (c *chart) add(format string, args ...any) {
	c.b.WriteString(strings.Repeat("  ", c.indent))
	fmt.Fprintf(&c.b, format+"\n", args...)
}

// inside draws a frame around what draw draws.
func (c *chart) inside(id, title string, draw func()) {
	c.add(`subgraph %s[%s]`, id, label(title))
	c.indent++
	draw()
	c.indent--
	c.add("end")
}

// label quotes a text of one or more lines for Mermaid, which takes entities that begin with #.
func label(lines ...string) string {
	for i, line := range lines {
		lines[i] = strings.NewReplacer("#", "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "&", "#amp;").Replace(ink.Clean(line))
	}
	return `"` + strings.Join(lines, "<br/>") + `"`
}

// Mermaid is the scene as a flowchart, for pages that draw them themselves.
func Mermaid(s Scene) string {
	c := &chart{}
	c.add("flowchart TB")
	c.indent++
	if s.open() {
		c.add(`users((%s))`, label("users"))
	}
	region := "Region " + s.Region
	if s.Planned {
		region += " (planned)"
	}
	c.inside("region", region, func() {
		c.inside("vpc", s.vpcTitle(), func() { s.mermaidVPC(c) })
		if s.S3 {
			c.add(`s3[(%s)]`, label("Amazon S3"))
		}
	})
	if s.Gateway && slices.ContainsFunc(s.Zones, func(z Zone) bool { return z.NAT }) {
		c.add(`internet((%s))`, label("internet")) // not the gateway again: a circle would turn the chart upside down
	}
	s.mermaidEdges(c)
	if s.Existing != "" { // dashed: of others
		c.add("style vpc stroke-dasharray: 5 5")
	}
	return c.b.String()
}

func (s Scene) mermaidVPC(c *chart) {
	if s.Gateway {
		c.add(`igw{{%s}}`, label("internet gateway"))
	}
	for i, b := range s.Balancers {
		c.add(`lb%d(%s)`, i, label(b.Name, b.about()))
	}
	for i, z := range s.Zones {
		c.inside(fmt.Sprintf("zone%d", i), z.title(), func() { s.mermaidZone(c, i, z) })
	}
	if s.S3 {
		c.add(`endpoint{{%s}}`, label(s.freeWays()))
	}
	if n := len(s.Interfaces); n > 0 {
		c.add(`interfaces{{%s}}`, label(ink.Several(n, "interface endpoint"), strings.Join(s.Interfaces, ", ")))
	}
}

// title is the zone's name, and its id where that is known.
func (z Zone) title() string {
	if z.ID == "" {
		return z.Name
	}
	return z.Name + " (" + z.ID + ")"
}

func (s Scene) mermaidZone(c *chart, i int, z Zone) {
	switch {
	case z.NAT:
		c.inside(fmt.Sprintf("public%d", i), "public subnet "+z.Public, func() {
			c.add(`nat%d{{%s}}`, i, label(strings.TrimSpace("NAT gateway "+z.Address)))
		})
	case z.Public != "":
		c.add(`public%d[%s]`, i, label("public subnet", z.Public))
	}
	if z.Private == "" {
		return
	}
	if !slices.ContainsFunc(s.Groups, func(g Group) bool { return g.Instances[z.Name] > 0 }) {
		c.add(`private%d[%s]`, i, label("private subnet", z.Private))
		return
	}
	c.inside(fmt.Sprintf("private%d", i), "private subnet "+z.Private, func() {
		for j, g := range s.Groups {
			if n := g.Instances[z.Name]; n > 0 {
				c.add(`group%d_%d[%s]`, i, j, label(g.Name, fmt.Sprintf("%d × %s", n, strings.Join(g.Types, ", "))))
			}
		}
	})
}

func (s Scene) mermaidEdges(c *chart) {
	if s.Gateway && s.open() {
		c.add("users --> igw")
	}
	for i, b := range s.Balancers {
		if !b.Internal && s.Gateway {
			c.add("igw --> lb%d", i)
		}
	}
	for i, z := range s.Zones {
		if z.Private != "" {
			s.mermaidZoneEdges(c, i, z)
		}
	}
	if s.S3 {
		c.add("endpoint --> s3")
	}
}

func (s Scene) mermaidZoneEdges(c *chart, i int, z Zone) {
	for k, b := range s.Balancers {
		if !b.Classic {
			c.add("lb%d --> private%d", k, i)
			continue
		}
		for j, g := range s.Groups {
			if g.Instances[z.Name] > 0 && slices.Contains(b.Groups, g.Name) {
				c.add("lb%d --> group%d_%d", k, i, j)
			}
		}
	}
	if at := slices.IndexFunc(s.Zones, func(other Zone) bool { return other.NAT && other.Name == z.Exit }); at >= 0 {
		c.add("private%d -.-> nat%d", i, at)
	}
	if z.Out != "" {
		c.add(`private%d -.-> out%d{{%s}}`, i, i, label(z.Out))
	}
	if z.NAT && s.Gateway {
		c.add("nat%d -.-> internet", i)
	}
	if s.S3 {
		c.add("private%d -.-> endpoint", i)
	}
	if len(s.Interfaces) > 0 {
		c.add("private%d -.-> interfaces", i)
	}
}
