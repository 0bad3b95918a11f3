package asg

import "berth/internal/sim/world"

// warned follows a Spot Instance that EC2 will take back: a group that rebalances its capacity launches another one at
// once (Auto Scaling user guide, "Capacity Rebalancing").
func warned(w *world.World, e world.Event) {
	if g, m, ok := holder(w, e); ok && stays(m) {
		m.AtRisk = true
		if g.bad(m) {
			g.soon()
		}
	}
}

// roomAgain lets groups look whether they lack instances, or balance, in a zone that has machines again.
func roomAgain(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	for row := range r.AutoScaling.Groups.Rows() {
		if g := (group{row, w, r}); g.Status == "" && g.unsettled() {
			g.soon()
		}
	}
}
