package decide

import (
	"fmt"
	"slices"
	"time"

	"berth/internal/roll"
)

// falter notes since when a new instance that was proved works no more.
func (x *mind) falter(n *roll.New, node *roll.Node) {
	switch {
	case !x.Falters(n, node):
		n.Off = time.Time{}
	case n.Off.IsZero():
		n.Off = x.At
	}
}

// wreck ends a roll whose new instances do not last: the first ones, and more than a few of the others.
func (x *mind) wreck() bool {
	count := 0
	for n := range x.M.News {
		one := &x.M.News[n]
		if one.Off.IsZero() || one.State == roll.Working && !x.Broken(one) {
			continue
		}
		if count++; count > mostFlops || x.M.Stage == roll.Canary && x.Broken(one) {
			x.end(roll.Failed, "berth why "+one.ID, fmt.Sprintf("the new instance %s was proved, and works no more: %s", one.ID, x.Lacks(one)))
			return true
		}
	}
	return false
}

// relieve lets broken instances go once as many others work as are meant to.
func (x *mind) relieve() {
	for n := range x.M.News {
		one := &x.M.News[n]
		if one.State != roll.Working || !x.Broken(one) {
			continue
		}
		p := x.Pool(one.Group)
		if x.Room(p) < x.Unavailable(p) || p.Extra() <= x.Retiring(p.Group) {
			continue
		}
		why := "it was proved, and worked no more: " + x.Lacks(one)
		x.M.Why = append(x.M.Why, fmt.Sprintf("%s goes again, and another one takes its place: %s", one.ID, why))
		x.retire(one, why)
	}
}

// faltering tells whether a new instance does not work, and may yet, or is to have another one in its place.
func (x *mind) faltering() bool {
	return slices.ContainsFunc(x.M.News, func(n roll.New) bool {
		return n.State == roll.Working && !n.Off.IsZero() && !n.Stays
	})
}
