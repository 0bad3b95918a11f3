package ssm

import (
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is the API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"DescribeParameters":  wire.Op(DescribeParameters),
		"GetParameter":        wire.Op(GetParameter),
		"GetParameters":       wire.Op(GetParameters),
		"GetParametersByPath": wire.Op(GetParametersByPath),
	}
}

// Handlers is empty: nothing happens here by itself.
func Handlers() world.Handlers { return world.Handlers{} }
