package rule

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/world"
)

// mostStrategies is how many strategies a call may have (ECS API reference, RunTask).
const mostStrategies = 5

// ReadStrategy reads placement strategies (ECS API reference, PlacementStrategy). An empty one alone is none: UpdateService
// removes a service's strategy with it.
func ReadStrategy(in []types.PlacementStrategy) ([]world.PlacementStrategy, error) {
	if len(in) > mostStrategies {
		return nil, invalid("A maximum of %d placement strategies can be specified.", mostStrategies)
	}
	if len(in) == 1 && in[0].Type == "" && aws.ToString(in[0].Field) == "" {
		return nil, nil
	}
	var out []world.PlacementStrategy
	for _, s := range in {
		if !slices.Contains(s.Type.Values(), s.Type) {
			return nil, invalid("Placement strategy type %s is invalid. Valid values are: random, spread, binpack.", s.Type)
		}
		field, ok := readField(s.Type, aws.ToString(s.Field))
		if !ok {
			return nil, invalid("Placement strategy field %s is invalid for the type %s.", aws.ToString(s.Field), s.Type)
		}
		out = append(out, world.PlacementStrategy{Type: string(s.Type), Field: field})
	}
	return out, nil
}

// readField gives the field of a strategy as descriptions have it.
func readField(kind types.PlacementStrategyType, field string) (string, bool) {
	switch kind {
	case types.PlacementStrategyTypeRandom:
		return "", true // the field is not used
	case types.PlacementStrategyTypeBinpack:
		field = strings.ToLower(field)
		return field, field == placement.FieldCPU || field == placement.FieldMemory
	default:
		if field == "host" {
			field = placement.FieldInstance
		}
		return field, field == placement.FieldInstance || strings.HasPrefix(field, placement.FieldAttribute) && len(field) > len(placement.FieldAttribute)
	}
}

// ViewStrategy shows strategies.
func ViewStrategy(all []world.PlacementStrategy) []types.PlacementStrategy {
	out := []types.PlacementStrategy{}
	for _, s := range all {
		v := types.PlacementStrategy{Type: types.PlacementStrategyType(s.Type)}
		if s.Field != "" {
			v.Field = aws.String(s.Field)
		}
		out = append(out, v)
	}
	return out
}
