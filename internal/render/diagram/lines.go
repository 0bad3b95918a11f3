package diagram

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/render/ink"
)

// Lines is the scene for a terminal: the way of a request from top to bottom, the zones beside each other.
func Lines(s Scene, style ink.Style) string {
	p := ink.NewPage(style)
	title := "ECS cluster " + s.Cluster + " in " + s.Region
	if s.Planned {
		title += " (planned)"
	}
	p.Heading(ink.Clean(title))
	p.Gap()
	s.entrance(p)
	s.zoneTable(p)
	for _, b := range s.Balancers {
		if b.Internal {
			p.Item("  "+p.Paint(ink.Note, ink.Clean(b.Name))+"  ", ink.Plain, ink.Clean(b.about()))
		}
	}
	for _, g := range s.Groups {
		p.Item("  group "+p.Paint(ink.Note, ink.Clean(g.Name))+"  ", ink.Plain, ink.Clean(g.about()))
	}
	s.ways(p)
	return p.String()
}

// ways says how the private subnets reach AWS's services, and what they do not reach.
func (s Scene) ways(p *ink.Page) {
	past := ", past the NAT gateways."
	if s.closed() {
		past = "; there is no NAT gateway, and no way to the internet."
	}
	if s.S3 {
		what := "S3 is"
		if s.DynamoDB {
			what = "S3 and DynamoDB are"
		}
		p.Item("  ", ink.Plain, what+" reached through a gateway endpoint"+past)
	}
	if len(s.Interfaces) > 0 {
		p.Item("  "+ink.Several(len(s.Interfaces), "interface endpoint")+"  ", ink.Plain, ink.Clean(strings.Join(s.Interfaces, ", ")))
	}
	if s.FlowLog != "" {
		p.Item("  flow log  ", ink.Plain, "to "+ink.Clean(s.FlowLog))
	}
}

// entrance is the way from the users to the zones.
func (s Scene) entrance(p *ink.Page) {
	var open []Balancer
	for _, b := range s.Balancers {
		if !b.Internal {
			open = append(open, b)
		}
	}
	down := p.Paint(ink.Faint, "↓")
	if len(open) > 0 {
		p.Line("  users")
		p.Line("    ", down)
	}
	if s.Gateway {
		p.Line("  internet gateway")
	}
	if len(open) > 0 {
		p.Line("    ", down)
	}
	for _, b := range open {
		p.Item("  "+p.Paint(ink.Note, ink.Clean(b.Name))+"  ", ink.Plain, ink.Clean(b.about()))
	}
	if len(open) > 0 {
		p.Line("    ", down)
	}
	p.Line(p.Paint(ink.Strong, ink.Clean(s.vpcTitle())))
}

// zoneTable draws as many zones side by side as the width has room for.
func (s Scene) zoneTable(p *ink.Page) {
	for start := 0; start < len(s.Zones); {
		width, n := 0, 0
		var cells [][]string
		for _, z := range s.Zones[start:] {
			cell := s.cell(z)
			widest := width
			for _, line := range cell {
				widest = max(widest, ink.Wide(line))
			}
			if n > 0 && (n+1)*(widest+3)+1 > p.Columns() {
				break
			}
			cells, width, n = append(cells, cell), widest, n+1
		}
		frame(p, cells, width)
		start += n
	}
}

// rule is a line of a zone's cell that divides it.
const rule = "\x00"

// cell is what stands in a zone, line by line; every zone has the same lines.
func (s Scene) cell(z Zone) []string {
	nat := ""
	switch {
	case z.NAT:
		nat = strings.TrimSpace("NAT " + z.Address)
	case z.Exit != "":
		nat = "out by " + z.Exit
	}
	lines := []string{z.title(), rule, "public  " + orNone(z.Public), "  " + nat, rule, "private " + orNone(z.Private)}
	if s.Existing != "" {
		lines = append(slices.Delete(lines, 3, 4), "  out by "+orNone(z.Out))
	}
	for _, g := range s.Groups {
		text := "  " + g.Name + ": none"
		if n := g.Instances[z.Name]; n > 0 {
			text = fmt.Sprintf("  %s: %d", g.Name, n)
		}
		lines = append(lines, text)
	}
	for i, line := range lines {
		if line != rule {
			lines[i] = ink.Clean(line)
		}
	}
	return lines
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func frame(p *ink.Page, cells [][]string, width int) {
	bar := func(l, m, r string) {
		parts := make([]string, len(cells))
		for i := range parts {
			parts[i] = strings.Repeat("─", width+2)
		}
		p.Line(p.Paint(ink.Faint, l+strings.Join(parts, m)+r))
	}
	bar("┌", "┬", "┐")
	for i, first := range cells[0] {
		if first == rule {
			bar("├", "┼", "┤")
			continue
		}
		wall := p.Paint(ink.Faint, "│")
		line := []string{wall}
		for _, cell := range cells {
			line = append(line, " ", ink.Pad(cell[i], width), " ", wall)
		}
		p.Line(line...)
	}
	bar("└", "┴", "┘")
}
