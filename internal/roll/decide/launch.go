package decide

import (
	"fmt"
	"strconv"

	"berth/internal/model"
	"berth/internal/roll"
	"berth/internal/roll/scene"
)

// launch orders new instances where fewer stand by than there may be.
func (x *mind) launch() {
	for n := range x.M.Pools {
		p := &x.M.Pools[n]
		if x.unanswered(p) || x.At.Before(p.Retry) {
			continue
		}
		x.order(p)
	}
}

// unanswered asks once more for what AWS has not answered; it tells whether there was such a thing.
func (x *mind) unanswered(p *roll.Pool) bool {
	found := false
	for _, l := range x.M.Launches {
		if l.Group == p.Group && l.Refused == "" {
			x.raise(p, l.Count)
			x.ask(l)
			found = true
		}
	}
	return found
}

// order decides how many new instances are to come, and where.
func (x *mind) order(p *roll.Pool) {
	names, zones, missing := x.Places(p)
	if g := x.Group[p.Group]; !x.Order.BeyondMax {
		missing = min(missing, g.Max-g.Desired)
	}
	missing = min(missing, x.Allowance())
	total := 0
	var orders []roll.Launch
	for _, zone := range names {
		for count := min(zones[zone], missing-total); count > 0; count = min(zones[zone], missing-total) {
			some := min(count, mostAtOnce)
			zones[zone] -= some
			total += some
			orders = append(orders, roll.Launch{Group: p.Group, Zone: zone, Count: some, At: x.At, Canary: x.M.Stage == roll.Canary})
		}
	}
	if total == 0 {
		return
	}
	x.raise(p, total)
	for _, l := range orders {
		x.M.Seq++
		l.Seq = x.M.Seq
		x.M.Launches = append(x.M.Launches, l)
		x.ask(l)
	}
}

// mostAtOnce is how many instances one call launches (Auto Scaling API reference, LaunchInstances).
const mostAtOnce = 100

func (x *mind) ask(l roll.Launch) {
	x.say("", fmt.Sprintf("%d new %s in %s", l.Count, scene.Instances(l.Count), l.Zone))
	x.do(roll.Action{Verb: roll.LaunchNew, Group: l.Group, Zone: l.Zone, Count: l.Count, Token: x.Order.Run + "-" + strconv.Itoa(l.Seq)})
}

// raise makes room for more instances than the group's maximum. What the maximum was stands in a tag before it is raised. Where
// somebody else has set another one meanwhile, that counts from now on.
func (x *mind) raise(p *roll.Pool, more int) {
	g := x.Group[p.Group]
	if g.Max < p.Max || g.Max > p.Max+p.Raised {
		p.Max, p.Raised = g.Max, 0
	}
	if need := g.Desired + more - p.Max; need > p.Raised && need > 0 {
		p.Raised = need
	}
	if p.Raised > 0 && g.Max < p.Max+p.Raised {
		x.do(roll.Action{Verb: roll.Mark, Group: p.Group, Key: roll.TagSurge, Value: model.Surge{Delta: p.Raised, Max: p.Max}.String()})
		x.do(roll.Action{Verb: roll.SetMax, Group: p.Group, Count: p.Max + p.Raised})
	}
}
