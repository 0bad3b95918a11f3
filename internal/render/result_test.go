package render

import (
	"testing"
	"time"

	"berth/internal/model"
	"berth/internal/plan"
)

func TestResultsReadAsBefore(t *testing.T) {
	stands := wanted(t, original)
	stands.stand()
	golden(t, "result/embedded.txt", Result(stands.planned(t), ResultInfo{
		OnAWS: 310 * time.Second, Here: 400 * time.Millisecond, Calls: 212, Embedded: true, Next: []string{"berth status --sim", "berth diagram --sim --out cluster.svg"},
	}, Style{}))

	large := wanted(t, shop)
	large.stand()
	drift(&large, model.GroupKey("default"), func(g *model.Group) {
		for i := range 12 {
			more := model.Instance{ID: "i-more" + string(rune('a'+i)), Zone: "eu-west-1c", Type: "m7i.large", State: "Pending"}
			if i%2 == 0 {
				more.Reasons = []model.Reason{{Kind: model.OldType, Have: "m7i.large", Want: "m7i.xlarge"}}
			}
			g.Instances = append(g.Instances, more)
		}
	})
	large.Agents["i-default0"] = false
	large.Findings = found()[1:]
	golden(t, "result/large.txt", Result(large.planned(t), ResultInfo{OnAWS: 12 * time.Second, Calls: 1, Outdated: 6}, Style{Width: 120}))

	failed := wanted(t, original).planned(t)
	failed.stand()
	for _, k := range []model.Key{model.NATGatewayKey("eu-west-1b"), model.RouteKey(model.Private, "eu-west-1b"), model.CapacityKey("default"), model.LoadBalancerKey("")} {
		failed.Have.Remove(k)
	}
	golden(t, "result/failed.txt", Result(failed, ResultInfo{
		OnAWS: 2 * time.Minute, Calls: 99, Next: []string{"berth apply"},
		Failed: []Failed{{
			plan.Step{Verb: plan.Create, Key: model.NATGatewayKey("eu-west-1b")},
			"CreateNatGateway: NatGatewayLimitExceeded: the limit of 5 is reached\x1b[2J", "ask for more: quota L-FE5A380F\nor set nat = \"single\"",
		}},
		Skipped: []plan.Step{
			{Verb: plan.Create, Key: model.RouteKey(model.Private, "eu-west-1b")},
			{Verb: plan.Create, Key: model.CapacityKey("default")},
			{Verb: plan.Create, Key: model.LoadBalancerKey("")},
		},
	}, Style{}))

	gone := wanted(t, original)
	golden(t, "result/destroyed.txt", Result(gone, ResultInfo{OnAWS: 112 * time.Second, Here: time.Second, Calls: 180, Embedded: true}, Style{}))
}
