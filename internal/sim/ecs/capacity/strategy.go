package capacity

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

// mostProviders is how many capacity providers a cluster, and a strategy, may have.
const mostProviders = 20

// ReadStrategy reads a capacity provider strategy of a cluster that has the given providers.
func ReadStrategy(r *world.Region, providers []string, in []types.CapacityProviderStrategyItem) ([]world.StrategyItem, error) {
	if len(in) > mostProviders {
		return nil, invalid("The specified capacity provider strategy cannot contain more than %d capacity providers.", mostProviders)
	}
	var out []world.StrategyItem
	based := 0
	for _, i := range in {
		item, err := readItem(r, providers, i)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(x world.StrategyItem) bool { return x.Provider == item.Provider }) {
			return nil, invalid("The specified capacity provider strategy cannot contain duplicate capacity providers.")
		}
		if len(out) > 0 && Fargate(out[0].Provider) != Fargate(item.Provider) {
			return nil, invalid("The specified capacity provider strategy cannot contain both Fargate and Auto Scaling group capacity providers.")
		}
		if item.Base > 0 {
			based++
		}
		out = append(out, item)
	}
	if based > 1 {
		return nil, invalid("The specified capacity provider strategy can contain only one capacity provider with a base value defined.")
	}
	return out, nil
}

func readItem(r *world.Region, providers []string, in types.CapacityProviderStrategyItem) (world.StrategyItem, error) {
	item := world.StrategyItem{Provider: nameOf(aws.ToString(in.CapacityProvider)), Base: int(in.Base), Weight: int(in.Weight)}
	switch {
	case item.Provider == "":
		return item, invalid("The capacity provider of a strategy item cannot be blank.")
	case item.Weight < 0 || item.Weight > 1000:
		return item, invalid("The weight of a capacity provider must be between 0 and 1000.")
	case item.Base < 0 || item.Base > 100_000:
		return item, invalid("The base of a capacity provider must be between 0 and 100000.")
	case !known(r, item.Provider):
		return item, unknownProvider(item.Provider)
	case !slices.Contains(providers, item.Provider):
		return item, invalid("The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. " +
			"Associate the capacity provider with the cluster or specify a valid capacity provider and try again.")
	}
	return item, nil
}

// ReadProviders reads the capacity providers of a cluster; they must be there and active.
func ReadProviders(r *world.Region, in []string) ([]string, error) {
	if len(in) > mostProviders {
		return nil, invalid("The maximum number of capacity providers per cluster has been exceeded.")
	}
	var out []string
	for _, p := range in {
		name := nameOf(p)
		if !known(r, name) {
			return nil, unknownProvider(name)
		}
		if row, ok := r.ECS.Providers.Get(name); ok && row.Status != "ACTIVE" {
			return nil, invalid("The specified capacity provider '%s' is not in an ACTIVE state. Specify a valid capacity provider and try again.", name)
		}
		if slices.Contains(out, name) {
			return nil, invalid("The specified capacity provider '%s' is specified more than once.", name)
		}
		out = append(out, name)
	}
	return out, nil
}

// Fargate tells whether a provider is one of the two that AWS has made.
func Fargate(name string) bool { return name == "FARGATE" || name == "FARGATE_SPOT" }

func known(r *world.Region, name string) bool {
	_, ok := r.ECS.Providers.Get(name)
	return ok || Fargate(name)
}

func unknownProvider(name string) error {
	return invalid("The specified capacity provider '%s' was not found. Specify a valid name or ARN and try again.", name)
}

// View shows a strategy as descriptions have it.
func View(s []world.StrategyItem) []types.CapacityProviderStrategyItem {
	out := []types.CapacityProviderStrategyItem{}
	for _, i := range s {
		out = append(out, types.CapacityProviderStrategyItem{CapacityProvider: aws.String(i.Provider), Base: int32(i.Base), Weight: int32(i.Weight)})
	}
	return out
}

// Reserved tells whether a provider's name is not for customers.
func Reserved(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "aws") || strings.HasPrefix(name, "ecs") || strings.HasPrefix(name, "fargate")
}
