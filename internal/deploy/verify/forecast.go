package verify

import (
	"berth/internal/deploy"
	"berth/internal/placement"
)

// Foresee says where the tasks of an order would be in the end and why, and what a lost zone would leave of them. anew: those of
// the service that run now make room for others. False: nobody looked at the cluster.
//
// Tasks that run once come beside those of their family that run already. Where fewer are to run than do, and nobody can tell
// which will stop, all are placed anew.
func Foresee(o deploy.Order, f Facts, anew bool) (placement.Forecast, bool) {
	if !f.Cluster {
		return placement.Forecast{}, false
	}
	c := &checker{order: o, facts: f}
	d, count, site := c.demand(), countOf(o, f), placement.SiteOf(f.Found)
	if o.Service == "" {
		return placement.Foresee(d, count, site), true
	}
	standing := placement.Foresee(d, 0, site).Standing
	if anew || !d.Daemon && standing > count {
		return placement.Foresee(d, count, site.Without(d.Group, c.taken)), true
	}
	return placement.Foresee(d, count-standing, site), true
}
