package cloudwatch

import (
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is CloudWatch's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"DeleteAlarms":            wire.Op(DeleteAlarms),
		"DescribeAlarmHistory":    wire.Op(DescribeAlarmHistory),
		"DescribeAlarms":          wire.Op(DescribeAlarms),
		"DescribeAlarmsForMetric": wire.Op(DescribeAlarmsForMetric),
		"DisableAlarmActions":     wire.Op(DisableAlarmActions),
		"EnableAlarmActions":      wire.Op(EnableAlarmActions),
		"GetMetricData":           wire.Op(GetMetricData),
		"GetMetricStatistics":     wire.Op(GetMetricStatistics),
		"ListMetrics":             wire.Op(ListMetrics),
		"ListTagsForResource":     wire.Op(ListTagsForResource),
		"PutMetricAlarm":          wire.Op(PutMetricAlarm),
		"PutMetricData":           wire.Op(PutMetricData),
		"SetAlarmState":           wire.Op(SetAlarmState),
		"TagResource":             wire.Op(TagResource),
		"UntagResource":           wire.Op(UntagResource),
	}
}

// Handlers is what happens when one of CloudWatch's events falls due.
func Handlers() world.Handlers {
	return world.Handlers{
		"cloudwatch.alarm-changed":  {acted},
		"cloudwatch.alarm-evaluate": {evaluate},
		Repeated:                    {}, // for what scales
	}
}
