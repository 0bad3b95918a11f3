package rule

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/ecs/query"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostConstraints is how many constraints a task may have, with those of its definition (ECS API reference, RunTask).
const mostConstraints = 10

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}

// ReadConstraints reads the constraints of a call to run tasks or to make or change a service, with the definition of the
// tasks (ECS API reference, PlacementConstraint).
func ReadConstraints(in []types.PlacementConstraint, d *world.TaskDefinition) ([]world.PlacementConstraint, error) {
	var out []world.PlacementConstraint
	for _, c := range in {
		switch c.Type {
		case types.PlacementConstraintTypeDistinctInstance:
			if c.Expression != nil {
				return nil, invalid("distinctInstance expression should not be specified.")
			}
		case types.PlacementConstraintTypeMemberOf:
			if err := checkExpression(c.Expression); err != nil {
				return nil, err
			}
		default:
			return nil, invalid("Placement constraint type %s is invalid. Valid values are: distinctInstance, memberOf.", c.Type)
		}
		out = append(out, world.PlacementConstraint{Type: string(c.Type), Expression: aws.ToString(c.Expression)})
	}
	return out, CheckNumber(out, d)
}

// CheckNumber refuses more constraints than a task may have, with those of its definition.
func CheckNumber(own []world.PlacementConstraint, d *world.TaskDefinition) error {
	if len(own)+len(d.Constraints) > mostConstraints {
		return invalid("A task can have at most %d placement constraints, including those of its task definition.", mostConstraints)
	}
	return nil
}

func checkExpression(text *string) error {
	if aws.ToString(text) == "" {
		return invalid("memberOf expression should be specified.")
	}
	if _, err := query.Parse(*text); err != nil {
		return invalid("Invalid placement constraint expression: %s.", err)
	}
	return nil
}

// ReadDefinition reads the constraints of a task definition. They are of the type memberOf (ECS API reference,
// TaskDefinitionPlacementConstraint).
func ReadDefinition(in []types.TaskDefinitionPlacementConstraint) ([]world.PlacementConstraint, error) {
	if len(in) > mostConstraints {
		return nil, wire.Errorf("ClientException", "A task definition can have at most %d placement constraints.", mostConstraints)
	}
	var out []world.PlacementConstraint
	for _, c := range in {
		if c.Type != types.TaskDefinitionPlacementConstraintTypeMemberOf {
			return nil, wire.Errorf("ClientException", "constraint.type '%s' is not supported.", c.Type)
		}
		if err := checkExpression(c.Expression); err != nil {
			return nil, err
		}
		out = append(out, world.PlacementConstraint{Type: placement.MemberOf, Expression: *c.Expression})
	}
	return out, nil
}

// ViewConstraints shows constraints as they were given.
func ViewConstraints(all []world.PlacementConstraint) []types.PlacementConstraint {
	out := []types.PlacementConstraint{}
	for _, c := range all {
		v := types.PlacementConstraint{Type: types.PlacementConstraintType(c.Type)}
		if c.Expression != "" {
			v.Expression = aws.String(c.Expression)
		}
		out = append(out, v)
	}
	return out
}

// CheckDaemon refuses what a service with one task on every instance must not have.
func CheckDaemon(constraints []world.PlacementConstraint, strategy []world.PlacementStrategy) error {
	if len(strategy) > 0 {
		return invalid("The daemon scheduling strategy does not support placement strategies. Remove the placement strategy and try again")
	}
	for _, c := range constraints {
		if c.Type != placement.MemberOf {
			return invalid("The daemon scheduling strategy does not support the placement constraint %s. Remove the placement constraint and try again", c.Type)
		}
	}
	return nil
}
