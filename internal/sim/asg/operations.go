package asg

import (
	"maps"

	"berth/internal/sim/asg/activity"
	"berth/internal/sim/asg/catalogue"
	"berth/internal/sim/asg/configuration"
	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is Auto Scaling's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	all := map[string]wire.Operation[*world.Call]{
		"AttachInstances":                     wire.Op(AttachInstances),
		"DetachInstances":                     wire.Op(DetachInstances),
		"EnterStandby":                        wire.Op(EnterStandby),
		"ExitStandby":                         wire.Op(ExitStandby),
		"ExecutePolicy":                       wire.Op(ExecutePolicy),
		"LaunchInstances":                     wire.Op(LaunchInstances),
		"AttachLoadBalancerTargetGroups":      wire.Op(AttachLoadBalancerTargetGroups),
		"AttachLoadBalancers":                 wire.Op(AttachLoadBalancers),
		"AttachTrafficSources":                wire.Op(AttachTrafficSources),
		"CompleteLifecycleAction":             wire.Op(CompleteLifecycleAction),
		"CreateAutoScalingGroup":              wire.Op(CreateAutoScalingGroup),
		"CreateOrUpdateTags":                  wire.Op(CreateOrUpdateTags),
		"DeleteAutoScalingGroup":              wire.Op(DeleteAutoScalingGroup),
		"DeleteLifecycleHook":                 wire.Op(DeleteLifecycleHook),
		"DeletePolicy":                        wire.Op(DeletePolicy),
		"DeleteTags":                          wire.Op(DeleteTags),
		"DescribeAutoScalingGroups":           wire.Op(DescribeAutoScalingGroups),
		"DescribeAutoScalingInstances":        wire.Op(DescribeAutoScalingInstances),
		"DescribeLifecycleHooks":              wire.Op(DescribeLifecycleHooks),
		"DescribeLoadBalancerTargetGroups":    wire.Op(DescribeLoadBalancerTargetGroups),
		"DescribeLoadBalancers":               wire.Op(DescribeLoadBalancers),
		"DescribePolicies":                    wire.Op(DescribePolicies),
		"DescribeScalingActivities":           wire.Op(activity.DescribeScalingActivities),
		"DescribeTags":                        wire.Op(DescribeTags),
		"DescribeTrafficSources":              wire.Op(DescribeTrafficSources),
		"DetachLoadBalancerTargetGroups":      wire.Op(DetachLoadBalancerTargetGroups),
		"DetachLoadBalancers":                 wire.Op(DetachLoadBalancers),
		"DetachTrafficSources":                wire.Op(DetachTrafficSources),
		"DisableMetricsCollection":            wire.Op(DisableMetricsCollection),
		"EnableMetricsCollection":             wire.Op(EnableMetricsCollection),
		"PutLifecycleHook":                    wire.Op(PutLifecycleHook),
		"PutScalingPolicy":                    wire.Op(PutScalingPolicy),
		"RecordLifecycleActionHeartbeat":      wire.Op(RecordLifecycleActionHeartbeat),
		"ResumeProcesses":                     wire.Op(ResumeProcesses),
		"SetDesiredCapacity":                  wire.Op(SetDesiredCapacity),
		"SetInstanceHealth":                   wire.Op(SetInstanceHealth),
		"SetInstanceProtection":               wire.Op(SetInstanceProtection),
		"SuspendProcesses":                    wire.Op(SuspendProcesses),
		"TerminateInstanceInAutoScalingGroup": wire.Op(TerminateInstanceInAutoScalingGroup),
		"UpdateAutoScalingGroup":              wire.Op(UpdateAutoScalingGroup),
	}
	maps.Copy(all, configuration.Operations())
	maps.Copy(all, catalogue.Operations())
	return all
}

// Handlers is what happens when one of Auto Scaling's events, or one of EC2's about an instance, falls due. Kinds that
// only the services above act upon have an entry too, so that a world without those services runs.
func Handlers() world.Handlers {
	pass := func(*world.World, world.Event) {}
	return world.Handlers{
		ec2.InstanceRunning:      {running},
		ec2.InstanceShuttingDown: {halted},
		ec2.InstanceStopping:     {halted},
		ec2.InstanceTerminated:   {terminated},

		"cloudwatch.alarm-changed": {alarmChanged, alarmCalled},
		cloudwatch.Repeated:        {alarmCalled},

		"asg.reconcile":           {reconcile},
		"asg.policy-act":          {act},
		"asg.policy-track":        {track},
		"asg.group-changed":       {pass},
		"asg.group-delete":        {eraseNamed},
		"asg.instance-ready":      {ready},
		"asg.instance-expired":    {expired},
		"asg.instance-drained":    {drained},
		"asg.instance-proceed":    {proceed},
		"asg.health-check":        {checked},
		"asg.instance-unhealthy":  {foundUnhealthy},
		"asg.grace-over":          {graceOver},
		"asg.hook-timeout":        {timeout},
		"asg.source-attached":     {sourceAttached},
		"asg.source-detached":     {sourceDetached},
		instanceParked:            {parked},
		instanceDetached:          {detached},
		"asg.instance-returned":   {returned},
		"asg.status-check":        {statusChecked},
		ec2.InstanceImpaired:      {impaired},
		ec2.SpotWarned:            {warned},
		ec2.CapacityRestored:      {roomAgain},
		"asg.instance-in-service": {pass},
		"asg.instance-leaving":    {pass},
		"asg.lifecycle-action":    {pass},
		"asg.scale-in-blocked":    {pass},
	}
}
