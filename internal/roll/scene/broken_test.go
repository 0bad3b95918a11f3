package scene

import (
	"testing"
	"time"

	"berth/internal/roll"
)

func TestANewInstanceThatWorksNoMoreCountsAsLostInTime(t *testing.T) {
	ours := func(n *roll.Node) { n.Attributes = map[string]string{roll.AttrDrain: "run-1"} }
	drains := func(n *roll.Node) { n.Status = roll.NodeDraining }
	for name, c := range map[string]struct {
		state          roll.NewState
		node           roll.Node
		off            time.Duration
		stays          bool
		falter, broken bool
	}{
		"it works":                    {roll.Working, node("i-1", "a"), 0, false, false, false},
		"its agent is away":           {roll.Working, node("i-1", "a", deaf), recovery, false, true, false},
		"its agent is away for long":  {roll.Working, node("i-1", "a", deaf), recovery + 1, false, true, true},
		"somebody drains it":          {roll.Working, node("i-1", "a", drains), recovery + 1, false, true, true},
		"the roll does":               {roll.Working, node("i-1", "a", drains, ours), 0, false, false, false},
		"it is on standby":            {roll.Working, node("i-1", "a", deaf, func(n *roll.Node) { n.State = "Standby" }), 0, false, false, false},
		"its group takes care of it":  {roll.Working, node("i-1", "a", deaf, func(n *roll.Node) { n.Unhealthy = true }), 0, false, false, false},
		"it is still to prove itself": {roll.Proving, node("i-1", "a", deaf), 0, false, false, false},
		"it goes for that":            {roll.Retiring, node("i-1", "a", deaf), 1, false, false, true},
		"it has gone for that":        {roll.Ended, node("i-1", "a", deaf), recovery + 1, false, false, false},
		"it could not be drained":     {roll.Working, node("i-1", "a", deaf), recovery + 1, true, true, false},
	} { // unordered: each by itself
		one := fresh("i-1", "a", c.state)
		if one.Stays = c.stays; c.off > 0 {
			one.Off = noon().Add(-c.off)
		}
		x := stage(nodes(c.node), order(func(o *roll.Order) { o.Run = "run-1" }))
		same(t, name, []bool{x.Falters(&one, x.Node["i-1"]), x.Broken(&one)}, []bool{c.falter, c.broken})
	}
}
