package diagram

import (
	"cmp"
	"fmt"
	"strings"

	"berth/internal/render/ink"
)

// SVG is the scene as a picture that stands by itself: no fonts, styles or images from elsewhere.
func SVG(s Scene) string {
	l := arrange(s)
	c := &canvas{}
	c.add(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`, l.width, l.height, l.width, l.height)
	c.add(`<title>%s</title>`, escape(l.title()+", "+l.subtitle()+", "+l.s.Region))
	c.add(`<g font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif">`)
	c.rect(box{1, 1, l.width - 2, l.height - 2}, 14, lookPage)
	l.drawHead(c)
	l.drawFrames(c)
	for i := range l.columns {
		l.drawZone(c, l.columns[i])
	}
	l.drawTraffic(c)
	l.drawNATs(c)
	l.drawClosed(c)
	l.drawBars(c)
	l.drawCluster(c)
	l.drawServices(c)
	l.drawGates(c)
	l.drawLegend(c)
	c.add("</g>")
	c.add("</svg>")
	return c.b.String()
}

func (l *layout) title() string { return "ECS cluster " + l.s.Cluster }

func (l *layout) subtitle() string { return "environment " + l.s.Environment }

// counts is the picture in figures.
func (l *layout) counts() string {
	machines := 0
	for _, g := range l.s.Groups {
		machines += g.Total()
	}
	return strings.Join([]string{
		ink.Several(len(l.s.Zones), "zone"), ink.Several(len(l.s.Balancers), "load balancer"), ink.Several(machines, "instance"),
	}, " · ")
}

func (l *layout) drawHead(c *canvas) {
	most := l.middle - 150 - margin
	if l.head > 60 {
		most = l.width - 2*margin - fontPlain.width(l.counts()) - 40
	}
	c.text(margin+4, 40, left, fontTitle, fontTitle.cut(l.title(), most))
	c.text(margin+4, 60, left, fontPlain.in(colourFaint), fontPlain.cut(l.subtitle(), most))
	c.text(l.width-margin-4, 40, right, fontPlain.in(colourFaint), l.counts())
	if l.s.Planned {
		text := "planned"
		w := fontLabel.width(text) + 20
		b := box{l.width - margin - 4 - w, 50, w, 22}
		c.rect(b, 11, `fill="#fff7e6" stroke="#f0c36d"`)
		c.text(b.centre(), b.y+15, middle, fontLabel.in("#92610a"), text)
	}
	c.cloudIcon(l.middle, l.head)
	c.text(l.middle, l.head+7, middle, fontLabel.in(colourCluster), "Internet")
	if len(l.publicBars) == 0 {
		return
	}
	c.usersIcon(l.middle-122, l.head-4)
	c.text(l.middle-122, l.head+30, middle, fontSmall, "Users")
	c.arrow(lookRequest, colourRequest, point{l.middle - 96, l.head}, point{l.middle - 50, l.head})
}

func (l *layout) drawFrames(c *canvas) {
	c.rect(l.region, 14, lookRegion)
	c.text(l.region.x+16, l.region.y+25, left, fontHeading.in(colourCluster), "Region "+l.s.Region)
	if l.s.Account != "" {
		c.text(l.region.right()-16, l.region.y+25, right, fontSmall, "account "+l.s.Account)
	}
	c.rect(l.vpc, 12, l.theirs(lookVPC))
	if l.s.Existing == "" {
		c.text(l.vpc.x+16, l.vpc.y+26, left, fontHeading.in(colourVPC), l.s.vpcTitle())
	} else {
		c.text(l.vpc.x+16, l.vpc.y+26, left, fontHeading.in(colourVPC), "Existing VPC "+l.s.Existing)
		c.text(l.vpc.x+16, l.vpc.y+43, left, fontSmall.in(colourVPC), l.s.VPC)
	}
	if l.s.FlowLog != "" {
		c.text(l.vpc.right()-16, l.vpc.y+26, right, fontSmall, fontSmall.cut("flow log to "+l.s.FlowLog, l.vpc.w/2-60))
	}
	if len(l.columns) == 0 {
		c.text(l.vpc.centre(), l.vpc.y+130, middle, fontPlain.in(colourFaint), "no subnets")
	}
}

// theirs is how a shape of a VPC of others is drawn: dashed.
func (l *layout) theirs(as look) look {
	if l.s.Existing == "" {
		return as
	}
	return as + ` stroke-dasharray="6 4"`
}

func (l *layout) drawZone(c *canvas, col column) {
	c.rect(col.zone, 10, lookZone)
	c.text(col.zone.x+14, col.zone.y+21, left, fontHeading, col.Name)
	c.text(col.zone.x+14, col.zone.y+36, left, fontSmall, col.ID)
	l.subnet(c, col, subnetBox{"Public subnet", col.Public, "", col.public, lookPublic})
	l.subnet(c, col, subnetBox{"Private subnet", col.Private, col.Out, col.private, lookPrivate})
}

// subnet draws a subnet where there is one; its name stands to the right of the way that requests come down.
func (l *layout) subnet(c *canvas, col column, s subnetBox) {
	if s.cidr == "" {
		return
	}
	c.rect(s.box, 8, l.theirs(s.look))
	y, colour := s.y+20, colourPrivate
	if s.look == lookPublic {
		y, colour = s.bottom()-68, colourPublic
	}
	about := s.cidr
	if s.out != "" {
		about += ", out by " + gateways(s.out)
	}
	room := s.right() - col.in - 24
	c.text(col.in+16, y, left, fontLabel.in(colour), s.name)
	c.text(col.in+16, y+15, left, fontSmall.in(colour), fontSmall.cut(about, room))
}

// gateways says what kind of things ids are, each kind once: the ids themselves are long, and stand in the tables.
func gateways(ids string) string {
	kinds := map[string]string{
		"nat": "NAT gateway", "tgw": "transit gateway", "igw": "internet gateway", "vgw": "VPN gateway", "pcx": "peering", "vpce": "firewall endpoint",
		"eni": "an instance", "i": "an instance",
	}
	out := ""
	for id := range strings.SplitSeq(ids, ", ") {
		prefix, _, _ := strings.Cut(id, "-")
		out = joined(out, cmp.Or(kinds[prefix], id))
	}
	return out
}

// subnetBox is a subnet with what is said of it.
type subnetBox struct {
	name, cidr, out string
	box
	look
}

func (l *layout) drawNATs(c *canvas) {
	for _, col := range l.columns {
		if !col.NAT {
			continue
		}
		y := col.public.bottom() - 32
		c.natIcon(col.out, y)
		if col.Address == "" {
			c.text(col.out-25, y+4, right, fontLabel.in(colourOut), "NAT gateway")
			continue
		}
		c.text(col.out-25, y+6, right, fontLabel.in(colourOut), "NAT gateway")
		c.text(col.out-25, y+21, right, fontSmall.in("#a8660a"), col.Address)
	}
}

func (l *layout) drawBars(c *canvas) {
	next := map[bool]int{}
	for _, b := range l.s.Balancers {
		l.bar(c, l.bars(b.Internal)[next[b.Internal]], b)
		next[b.Internal]++
	}
}

func (l *layout) bar(c *canvas, at box, b Balancer) {
	c.rect(at, 8, lookBar)
	c.balancerIcon(at.x+14, at.y+19, colourBar)
	room := at.w - 64
	name := fontHeading.cut(b.Name, room)
	about := fontPlain.cut(b.about(), room-12-fontHeading.width(name))
	c.texts(at.x+50, at.y+24, words{fontHeading, name}, words{fontPlain.in(colourFaint), about})
}

// about is what one line says of a load balancer.
func (b Balancer) about() string {
	kind, from := "application", "internet-facing"
	if b.Classic {
		kind = "classic"
	}
	if b.Internal {
		from = "internal"
	}
	text := kind + " load balancer, " + from
	if b.Ports != "" {
		text += ", " + b.Ports
	}
	if b.Classic && len(b.Groups) > 0 {
		text += " on " + strings.Join(b.Groups, ", ")
	}
	return text
}

func (l *layout) drawServices(c *canvas) {
	b := l.services[0]
	c.scaleIcon(service(c, b, "Capacity providers", l.scaling()), b.y+19)
	b = l.services[1]
	text := "no log groups"
	if l.s.Logs.Count > 0 {
		text = ink.Several(l.s.Logs.Count, "log group") + ", kept for ever"
		if l.s.Logs.Days > 0 {
			text = fmt.Sprintf("%s, kept %s", ink.Several(l.s.Logs.Count, "log group"), ink.Several(l.s.Logs.Days, "day"))
		}
	}
	c.logIcon(service(c, b, "CloudWatch Logs", text), b.y+19)
	b = l.services[2]
	c.bucketIcon(service(c, b, "Amazon S3", "image layers, the lease"), b.y+19)
}

// service draws the box of a regional service and says where its icon goes.
func service(c *canvas, b box, name, text string) int {
	c.rect(b, 10, lookService)
	c.text(b.x+52, b.y+28, left, fontHeading, fontHeading.cut(name, b.w-60))
	c.text(b.x+52, b.y+46, left, fontSmall, fontSmall.cut(text, b.w-60))
	return b.x + 16
}

func (l *layout) scaling() string {
	names := make([]string, 0, len(l.s.Groups))
	for _, g := range l.s.Groups {
		if g.Provider != "" {
			names = append(names, g.Name)
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return "for " + strings.Join(names, ", ")
}
