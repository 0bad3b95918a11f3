package diagram

// drawTraffic draws the lines before the boxes that they pass behind.
func (l *layout) drawTraffic(c *canvas) {
	l.drawExits(c)
	l.drawRequests(c)
	l.drawEndpoints(c)
}

// drawRequests draws the way from the internet gateway to the load balancers and from there into every zone.
func (l *layout) drawRequests(c *canvas) {
	if len(l.publicBars) > 0 {
		c.arrow(lookRequest, colourRequest, point{l.middle, l.vpc.y}, point{l.middle, l.publicBars[0].y})
	}
	top := append(append([]box{}, l.publicBars...), l.privateBars...)
	if len(top) == 0 {
		return
	}
	for _, col := range l.columns {
		if col.Private != "" {
			c.arrow(lookRequest, colourRequest, point{col.in, top[0].bottom()}, point{col.in, l.cluster.y})
		}
	}
}

// drawExits draws the way from the instances through the NAT gateways to the internet gateway. Gateways to the left of
// it arrive on its left, so that no line crosses the requests.
func (l *layout) drawExits(c *canvas) {
	var sides [2][]point
	for _, nat := range l.columns {
		if !nat.NAT {
			continue
		}
		var users []point
		for _, col := range l.columns {
			if col.Exit == nat.Name {
				users = append(users, point{col.out, l.cluster.y})
			}
		}
		bottom := nat.public.bottom()
		c.merge(lookOut, colourOut, users, bottom+13, point{nat.out, bottom - 14})
		side := 0
		if nat.out > l.middle {
			side = 1
		}
		sides[side] = append(sides[side], point{nat.out, bottom - 50})
	}
	if !l.s.Gateway || len(sides[0])+len(sides[1]) == 0 {
		return
	}
	c.merge(lookOut, colourOut, sides[0], l.bus, point{l.middle - 13, l.vpc.y + 17})
	c.merge(lookOut, colourOut, sides[1], l.bus, point{l.middle + 13, l.vpc.y + 17})
	c.arrow(lookOut, colourOut, point{l.middle + 13, l.vpc.y - 17}, point{l.middle + 13, l.head + 24})
}

// drawGates draws what stands on the VPC's edge, over all lines.
func (l *layout) drawGates(c *canvas) {
	if l.s.Gateway {
		if len(l.publicBars) > 0 {
			c.arrow(lookRequest, colourRequest, point{l.middle, l.head + 24}, point{l.middle, l.vpc.y - 21})
		}
		c.gatewayIcon(l.middle, l.vpc.y)
		c.text(l.middle+32, l.vpc.y-9, left, fontLabel.in(colourVPC), "Internet gateway")
	}
	l.drawPlugs(c)
}
