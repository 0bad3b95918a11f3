package events

import (
	"berth/internal/sim/events/pattern"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is EventBridge's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CreateEventBus":        wire.Op(CreateEventBus),
		"DeleteEventBus":        wire.Op(DeleteEventBus),
		"DeleteRule":            wire.Op(DeleteRule),
		"DescribeEventBus":      wire.Op(DescribeEventBus),
		"DescribeRule":          wire.Op(DescribeRule),
		"DisableRule":           wire.Op(DisableRule),
		"EnableRule":            wire.Op(EnableRule),
		"ListEventBuses":        wire.Op(ListEventBuses),
		"ListRuleNamesByTarget": wire.Op(ListRuleNamesByTarget),
		"ListRules":             wire.Op(ListRules),
		"ListTagsForResource":   wire.Op(ListTagsForResource),
		"ListTargetsByRule":     wire.Op(ListTargetsByRule),
		"PutEvents":             wire.Op(PutEvents),
		"PutRule":               wire.Op(PutRule),
		"PutTargets":            wire.Op(PutTargets),
		"RemoveTargets":         wire.Op(RemoveTargets),
		"TagResource":           wire.Op(TagResource),
		"TestEventPattern":      wire.Op(TestEventPattern),
		"UntagResource":         wire.Op(UntagResource),
	}
}

// Handlers is what happens when one of EventBridge's events falls due.
func Handlers() world.Handlers {
	x := router{map[string]*pattern.Pattern{}}
	return world.Handlers{
		world.Emitted:  {x.emitted},
		"events.put":   {x.put},
		"events.retry": {retry},
	}
}
