package diagram

import (
	"slices"

	"berth/internal/model"
	"berth/internal/render/ink"
)

// endpoints notes the ways to AWS that do not pass the NAT gateways.
func (s *Scene) endpoints(set *model.Set) {
	for e := range model.Every[model.Endpoint](set) {
		switch {
		case e.Type == model.InterfaceEndpoint:
			s.Interfaces = append(s.Interfaces, e.Service)
		case e.Service == "dynamodb":
			s.DynamoDB = true
		}
	}
}

// freeWays names the gateway endpoints.
func (s Scene) freeWays() string {
	if s.DynamoDB {
		return "S3 and DynamoDB endpoints"
	}
	return "S3 gateway endpoint"
}

// freeServices are the services that the gateway endpoints lead to.
func (s Scene) freeServices() string {
	if s.DynamoDB {
		return "S3 and DynamoDB"
	}
	return "S3"
}

// closed tells that no private subnet has a way to the internet, though there are some.
func (s Scene) closed() bool {
	for _, z := range s.Zones {
		if z.Exit != "" {
			return false
		}
	}
	return len(s.Zones) > 0 && s.Existing == "" // of an existing VPC the routes tell, which are its owner's
}

// streetStep is how far the two streets below the zones are apart.
const streetStep = 12

// drawEndpoints draws the ways from the private subnets to the endpoints on the VPC's edge.
func (l *layout) drawEndpoints(c *canvas) {
	aside := 0 // where both ways begin at a subnet they begin beside each other
	if l.s.S3 && len(l.s.Interfaces) > 0 {
		aside = 14
	}
	if l.s.S3 {
		l.drawWay(c, l.services[2], l.harbour, aside, wayTo{lookS3, colourS3, true})
	}
	if len(l.s.Interfaces) > 0 {
		l.drawWay(c, l.services[1], l.harbour+streetStep, -aside, wayTo{lookPrivateLink, colourPrivateLink, slices.Contains(l.s.Interfaces, "logs")})
	}
}

// wayTo is how a way is drawn, and whether it ends at the service below.
type wayTo struct {
	look   look
	colour string
	there  bool
}

// drawWay draws the way from the private subnets along a street to an endpoint above the box of a service.
func (l *layout) drawWay(c *canvas, to box, street, aside int, w wayTo) {
	var users []point
	for _, col := range l.columns {
		if col.Private != "" {
			users = append(users, point{col.private.centre() + aside, col.private.bottom()})
		}
	}
	at := to.centre()
	c.merge(w.look, w.colour, users, street, point{at, l.vpc.bottom() - 17})
	if w.there {
		c.arrow(w.look, w.colour, point{at, l.vpc.bottom() + 17}, point{at, to.y})
	}
}

// drawPlugs draws the endpoints themselves, over all lines.
func (l *layout) drawPlugs(c *canvas) {
	if l.s.S3 {
		at := l.services[2].centre()
		c.endpointIcon(at, l.vpc.bottom(), colourS3)
		c.text(at-27, l.vpc.bottom()+20, right, fontLabel.in(colourS3), l.s.freeWays())
	}
	if n := len(l.s.Interfaces); n > 0 {
		at := l.services[1].centre()
		c.endpointIcon(at, l.vpc.bottom(), colourPrivateLink)
		c.text(at-27, l.vpc.bottom()+20, right, fontLabel.in(colourPrivateLink), ink.Several(n, "interface endpoint"))
		room := at - 27 - l.vpc.x - 8
		c.text(at-27, l.vpc.bottom()+35, right, fontSmall, fontSmall.whole(l.s.Interfaces, room))
	}
}

// drawClosed says where a NAT gateway would stand that there is none.
func (l *layout) drawClosed(c *canvas) {
	if !l.s.closed() {
		return
	}
	for _, col := range l.columns {
		if col.Public != "" && col.Private != "" {
			c.text(col.public.right()-14, col.public.bottom()-14, right, fontSmall, "no NAT gateway")
		}
	}
}
