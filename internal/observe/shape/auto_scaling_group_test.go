package shape

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/model"
)

func TestThePolicyTellsWhatIsSpotAndWhatIsOnDemand(t *testing.T) {
	d := func(base, share *int32, strategy, price string) *types.MixedInstancesPolicy {
		return &types.MixedInstancesPolicy{InstancesDistribution: &types.InstancesDistribution{
			OnDemandBaseCapacity: base, OnDemandPercentageAboveBaseCapacity: share, SpotAllocationStrategy: aws.String(strategy), SpotMaxPrice: aws.String(price),
		}}
	}
	for _, one := range []struct {
		policy      *types.MixedInstancesPolicy
		spot        bool
		strategy    string
		base, share int
	}{
		{nil, false, "", 0, 100},
		{&types.MixedInstancesPolicy{}, false, "", 0, 100},
		{d(nil, nil, "lowest-price", ""), false, "", 0, 100},
		{d(aws.Int32(3), aws.Int32(100), "lowest-price", ""), false, "", 0, 100},
		{d(aws.Int32(0), aws.Int32(0), "price-capacity-optimized", ""), true, "price-capacity-optimized", 0, 0},
		{d(nil, aws.Int32(0), "x", "0.1"), true, "x for at most 0.1", 0, 0},
		{d(aws.Int32(1), aws.Int32(0), "x", ""), true, "x", 1, 0},
		{d(aws.Int32(0), aws.Int32(20), "x", ""), true, "x", 0, 20},
	} {
		var g model.Group
		setPurchase(&g, one.policy)
		if g.Spot != one.spot || g.SpotStrategy != one.strategy || g.OnDemandBase != one.base || g.OnDemandPercentage != one.share || g.OnDemandStrategy != "prioritized" {
			t.Errorf("got %+v, want %+v", g, one)
		}
	}
	var g model.Group
	setPurchase(&g, &types.MixedInstancesPolicy{InstancesDistribution: &types.InstancesDistribution{OnDemandAllocationStrategy: aws.String("lowest-price")}})
	if g.OnDemandStrategy != "lowest-price" {
		t.Error(g.OnDemandStrategy)
	}
}
