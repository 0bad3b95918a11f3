package capacity

import (
	"cmp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Next gives the capacity provider of the next task by a strategy: first the base is filled, then each provider
// gets its weight's share (ECS API reference, CapacityProviderStrategyItem). Without a strategy there is none.
func Next(strategy []world.StrategyItem, have []*world.Task) string {
	counts := map[string]int{}
	for _, t := range have {
		counts[t.Provider]++
	}
	best := -1
	for n, item := range strategy {
		if counts[item.Provider] < item.Base {
			return item.Provider
		}
		if item.Weight == 0 {
			continue
		}
		if best < 0 || cmp.Less(share(item, counts), share(strategy[best], counts)) {
			best = n
		}
	}
	if best < 0 {
		return ""
	}
	return strategy[best].Provider
}

// share is how far a provider would be with its part of the tasks above the base, if it got the next one.
func share(item world.StrategyItem, counts map[string]int) float64 {
	return float64(counts[item.Provider]-item.Base+1) / float64(item.Weight)
}

// Read reads where tasks of a call go: a launch type, a strategy, or the cluster's default.
func Read(r *world.Region, row *world.Cluster, launch types.LaunchType, in []types.CapacityProviderStrategyItem) (string, []world.StrategyItem, error) {
	if launch != "" && len(in) > 0 {
		return "", nil, invalid("Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.")
	}
	if launch == types.LaunchTypeEc2 {
		return string(launch), nil, nil
	}
	if launch != "" {
		return "", nil, unsupported("The launch type " + string(launch))
	}
	strategy, err := ReadStrategy(r, row.Providers, in)
	if err != nil {
		return "", nil, err
	}
	if len(in) == 0 {
		strategy = row.Strategy
	}
	if len(strategy) == 0 {
		return string(types.LaunchTypeEc2), nil, nil
	}
	weights := 0
	for _, item := range strategy {
		if weights += item.Weight; Fargate(item.Provider) {
			return "", nil, unsupported("The capacity provider " + item.Provider)
		}
	}
	if weights == 0 {
		return "", nil, invalid("The capacity provider strategy must contain at least one capacity provider with a weight greater than 0.")
	}
	return "", strategy, nil
}

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}

func unsupported(what string) error {
	return wire.Errorf("UnsupportedFeatureException", "%s is not available in this Region.", what)
}

// nameOf takes the last part of an ARN, or what is no ARN as it is.
func nameOf(nameOrARN string) string { return nameOrARN[strings.LastIndex(nameOrARN, "/")+1:] }
