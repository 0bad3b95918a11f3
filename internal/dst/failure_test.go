package dst

import (
	"slices"
	"strings"
	"testing"

	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/sim/world"
)

// natQuota is the quota of NAT gateways in a zone.
const natQuota = "L-FE5A380F"

// quota sets a quota of the simulated region.
func (r *Rig) quota(code string, n int) {
	r.Sim.With(func(w *world.World) {
		region := w.Region("eu-west-1")
		if region.Quotas == nil {
			region.Quotas = map[string]int{}
		}
		region.Quotas[code] = n
	})
}

func TestAFailedBranchStopsNothingThatDoesNotNeedIt(t *testing.T) {
	c := Load(t, small)
	r := NewRig(1)
	r.quota(natQuota, -1) // nobody asks for this quota beforehand
	err := r.Apply(c)
	if err == nil || !strings.Contains(err.Error(), "NatGatewayLimitExceeded") {
		t.Fatalf("the run says %v", err)
	}
	s, err := r.Survey(c)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, change := range s.Plan.Changes {
		if change.Verb != plan.Wait {
			left = append(left, change.Key.String())
		}
	}
	want := []string{
		model.NATGatewayKey("eu-west-1a").String(), model.NATGatewayKey("eu-west-1b").String(),
		model.RouteKey(model.Private, "eu-west-1a").String(), model.RouteKey(model.Private, "eu-west-1b").String(),
		model.CapacityKey("default").String(),
	}
	if !slices.Equal(left, want) {
		t.Errorf("left to do is %v, want only what stands behind the NAT gateways: %v", left, want)
	}
	r.quota(natQuota, 5)
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.Agrees(t, c, "after the quota was raised")
}
