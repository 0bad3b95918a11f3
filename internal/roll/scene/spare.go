package scene

import "berth/internal/roll"

// Spare is the instance of a group that goes with the least ado: a new one that does not work yet, else the one that holds the least. One
// that is the last to work in its zone goes after the others, and among those first where an old one stays; it does not go at all while
// as many are meant to work as there are zones.
func (x *Scene) Spare(p *roll.Pool) *roll.New {
	working, stays := x.Zones(p)
	var best *roll.New
	var least int
	for n := range x.M.News {
		one := &x.M.News[n]
		if one.Group != p.Group || one.State == roll.Ended || one.State == roll.Retiring || one.Sure {
			continue
		}
		held, node := len(x.On[one.ARN]), x.Node[one.ID]
		ready := node != nil && x.Ready(node)
		if ready {
			held += atWork
		}
		if ready && working[one.Zone] == 1 {
			if x.Meant(p)-x.Short(p) >= len(working) {
				continue
			}
			held += lastThere
			if stays[one.Zone] {
				held -= lastThere / 2
			}
		}
		if best == nil || held < least {
			best, least = one, held
		}
	}
	return best
}

// As many tasks as an instance that works counts for, and one that is the last of its zone.
const (
	atWork    = 1 << 16
	lastThere = 1 << 20
)
