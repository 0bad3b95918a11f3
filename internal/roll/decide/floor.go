package decide

import (
	"strconv"

	"berth/internal/roll"
)

// floors keeps autoscaling from taking the surge away while it is needed: what is new holds nothing yet and what is drained holds
// nothing any more, so that managed scaling finds them idle, and may take those that boot. The group may still grow. Only a minimum
// that stands already as desired capacity is set: a higher one would launch instances.
func (x *mind) floors() {
	if x.M.Stage == roll.Begin || x.M.Stage == roll.Leaving {
		return
	}
	for n := range x.M.Pools {
		p := &x.M.Pools[n]
		g := x.Group[p.Group]
		if g == nil || !g.Managed || p.Extra() <= 0 {
			continue
		}
		if g.Min < p.Min || g.Min > max(p.Min, p.Top) { // somebody has set another one
			p.Min, p.Floor, p.Top = g.Min, 0, 0
		}
		if want := g.Desired - x.Leaving(p.Group); want > max(g.Min, p.Floor) {
			p.Floor, p.Top = want, max(p.Top, want)
		}
		if p.Floor > g.Min && p.Floor <= g.Desired {
			if g.Floor != strconv.Itoa(p.Min) {
				x.do(roll.Action{Verb: roll.Mark, Group: p.Group, Key: roll.TagFloor, Value: strconv.Itoa(p.Min)})
			}
			x.do(roll.Action{Verb: roll.SetMin, Group: p.Group, Count: p.Floor})
		}
	}
}

// lower lets a group become smaller by one.
func (x *mind) lower(p *roll.Pool) {
	if p.Floor > 0 {
		p.Floor = max(p.Min, p.Floor-1)
	}
}

// below makes sure that the group may be as small as it becomes.
func (x *mind) below(p *roll.Pool) {
	g := x.Group[p.Group]
	if g != nil && p.Top > 0 { // others may have made it smaller meanwhile
		p.Floor = min(p.Floor, max(p.Min, g.Desired-max(1, x.Leaving(p.Group))))
	}
	if p.Top > 0 && g != nil && g.Min > p.Floor && g.Min <= p.Top {
		x.do(roll.Action{Verb: roll.SetMin, Group: p.Group, Count: p.Floor})
	}
}

// unfloor gives a group its minimum back; it tells whether it has it. It goes before the maximum, which must not stand below it.
func (x *mind) unfloor(p *roll.Pool) bool {
	switch g := x.Group[p.Group]; {
	case p.Top > 0 && g.Min > p.Min && g.Min <= p.Top:
		x.do(roll.Action{Verb: roll.SetMin, Group: p.Group, Count: p.Min})
	case g.Floor != "":
		x.do(roll.Action{Verb: roll.Unmark, Group: p.Group, Key: roll.TagFloor})
	default:
		return true
	}
	return false
}
