package roll

import "strconv"

// floors keeps autoscaling from taking the surge away while it is needed: what is new holds nothing yet and what is drained holds
// nothing any more, so that managed scaling finds them idle, and may take those that boot. The group may still grow. Only a minimum
// that stands already as desired capacity is set: a higher one would launch instances.
func (x *mind) floors() {
	if x.m.Stage == Begin || x.m.Stage == Leaving {
		return
	}
	for n := range x.m.Pools {
		p := &x.m.Pools[n]
		g := x.groups[p.Group]
		if g == nil || !g.Managed || p.Extra() <= 0 {
			continue
		}
		if g.Min < p.Min || g.Min > max(p.Min, p.Top) { // somebody has set another one
			p.Min, p.Floor, p.Top = g.Min, 0, 0
		}
		if want := g.Desired - x.leaving(p.Group); want > max(g.Min, p.Floor) {
			p.Floor, p.Top = want, max(p.Top, want)
		}
		if p.Floor > g.Min && p.Floor <= g.Desired {
			if g.Floor != strconv.Itoa(p.Min) {
				x.do(Action{Verb: Mark, Group: p.Group, Key: TagFloor, Value: strconv.Itoa(p.Min)})
			}
			x.do(Action{Verb: SetMin, Group: p.Group, Count: p.Floor})
		}
	}
}

// lower lets a group become smaller by one.
func (x *mind) lower(p *Pool) {
	if p.Floor > 0 {
		p.Floor = max(p.Min, p.Floor-1)
	}
}

// below makes sure that the group may be as small as it becomes.
func (x *mind) below(p *Pool) {
	g := x.groups[p.Group]
	if g != nil && p.Top > 0 { // others may have made it smaller meanwhile
		p.Floor = min(p.Floor, max(p.Min, g.Desired-max(1, x.leaving(p.Group))))
	}
	if p.Top > 0 && g != nil && g.Min > p.Floor && g.Min <= p.Top {
		x.do(Action{Verb: SetMin, Group: p.Group, Count: p.Floor})
	}
}

// unfloor gives a group its minimum back; it tells whether it has it. It goes before the maximum, which must not stand below it.
func (x *mind) unfloor(p *Pool) bool {
	switch g := x.groups[p.Group]; {
	case p.Top > 0 && g.Min > p.Min && g.Min <= p.Top:
		x.do(Action{Verb: SetMin, Group: p.Group, Count: p.Min})
	case g.Floor != "":
		x.do(Action{Verb: Unmark, Group: p.Group, Key: TagFloor})
	default:
		return true
	}
	return false
}
