package catalogue

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations are the operations that tell names and limits, by name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"DescribeAccountLimits":                wire.Op(DescribeAccountLimits),
		"DescribeAdjustmentTypes":              wire.Op(DescribeAdjustmentTypes),
		"DescribeAutoScalingNotificationTypes": wire.Op(DescribeAutoScalingNotificationTypes),
		"DescribeLifecycleHookTypes":           wire.Op(DescribeLifecycleHookTypes),
		"DescribeMetricCollectionTypes":        wire.Op(DescribeMetricCollectionTypes),
		"DescribeScalingProcessTypes":          wire.Op(DescribeScalingProcessTypes),
		"DescribeTerminationPolicyTypes":       wire.Op(DescribeTerminationPolicyTypes),
	}
}

// Granularity is the only one of group metrics.
const Granularity = "1Minute"

// Processes are what a group does by itself and can be told not to.
func Processes() []string {
	return []string{
		"Launch", "Terminate", "AddToLoadBalancer", "AlarmNotification", "AZRebalance", "HealthCheck", "InstanceRefresh",
		"RemoveFromLoadBalancerLowPriority", "ReplaceUnhealthy", "ScheduledActions",
	}
}

// TerminationPolicies are the policies that AWS has; a Lambda function's ARN is none here, there are no functions.
func TerminationPolicies() []string {
	return []string{
		"Default", "AllocationStrategy", "OldestLaunchTemplate", "OldestLaunchConfiguration",
		"ClosestToNextInstanceHour", "NewestInstance", "OldestInstance",
	}
}

// Metrics are those that Auto Scaling can collect for a group.
func Metrics() []string {
	return []string{
		"GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances", "GroupPendingInstances",
		"GroupStandbyInstances", "GroupTerminatingInstances", "GroupTotalInstances", "GroupInServiceCapacity",
		"GroupPendingCapacity", "GroupStandbyCapacity", "GroupTerminatingCapacity", "GroupTotalCapacity",
		"WarmPoolDesiredCapacity", "WarmPoolWarmedCapacity", "WarmPoolPendingCapacity", "WarmPoolTerminatingCapacity",
		"WarmPoolTotalCapacity", "GroupAndWarmPoolDesiredCapacity", "GroupAndWarmPoolTotalCapacity",
	}
}

// AdjustmentTypes are how a simple or step policy can change a capacity.
func AdjustmentTypes() []string {
	return []string{"ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"}
}

// DescribeAccountLimits tells how many groups and launch configurations there may be, and are.
func DescribeAccountLimits(c *world.Call, _ *autoscaling.DescribeAccountLimitsInput) (*autoscaling.DescribeAccountLimitsOutput, error) {
	r := c.Region
	return &autoscaling.DescribeAccountLimitsOutput{
		MaxNumberOfAutoScalingGroups:    aws.Int32(int32(cmp.Or(r.Quota("L-CDE20ADC"), 500))),
		MaxNumberOfLaunchConfigurations: aws.Int32(int32(cmp.Or(r.Quota("L-6B80B8FA"), 200))),
		NumberOfAutoScalingGroups:       aws.Int32(int32(r.AutoScaling.Groups.Len())),
		NumberOfLaunchConfigurations:    aws.Int32(int32(r.AutoScaling.Configurations.Len())),
	}, nil
}

// DescribeAdjustmentTypes lists how a simple or step policy can change a capacity.
func DescribeAdjustmentTypes(*world.Call, *autoscaling.DescribeAdjustmentTypesInput) (*autoscaling.DescribeAdjustmentTypesOutput, error) {
	out := &autoscaling.DescribeAdjustmentTypesOutput{}
	for _, name := range AdjustmentTypes() {
		out.AdjustmentTypes = append(out.AdjustmentTypes, types.AdjustmentType{AdjustmentType: aws.String(name)})
	}
	return out, nil
}

// DescribeAutoScalingNotificationTypes lists what a group can send notifications about.
func DescribeAutoScalingNotificationTypes(*world.Call, *autoscaling.DescribeAutoScalingNotificationTypesInput) (*autoscaling.DescribeAutoScalingNotificationTypesOutput, error) {
	return &autoscaling.DescribeAutoScalingNotificationTypesOutput{AutoScalingNotificationTypes: []string{
		"autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:EC2_INSTANCE_LAUNCH_ERROR", "autoscaling:EC2_INSTANCE_TERMINATE",
		"autoscaling:EC2_INSTANCE_TERMINATE_ERROR", "autoscaling:TEST_NOTIFICATION",
	}}, nil
}

// DescribeLifecycleHookTypes lists the transitions that hooks can make wait.
func DescribeLifecycleHookTypes(*world.Call, *autoscaling.DescribeLifecycleHookTypesInput) (*autoscaling.DescribeLifecycleHookTypesOutput, error) {
	return &autoscaling.DescribeLifecycleHookTypesOutput{LifecycleHookTypes: []string{
		"autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING",
	}}, nil
}

// DescribeMetricCollectionTypes lists the metrics of groups.
func DescribeMetricCollectionTypes(*world.Call, *autoscaling.DescribeMetricCollectionTypesInput) (*autoscaling.DescribeMetricCollectionTypesOutput, error) {
	out := &autoscaling.DescribeMetricCollectionTypesOutput{
		Granularities: []types.MetricGranularityType{{Granularity: aws.String(Granularity)}},
	}
	for _, name := range Metrics() {
		out.Metrics = append(out.Metrics, types.MetricCollectionType{Metric: aws.String(name)})
	}
	return out, nil
}

// DescribeScalingProcessTypes lists the processes that can be suspended.
func DescribeScalingProcessTypes(*world.Call, *autoscaling.DescribeScalingProcessTypesInput) (*autoscaling.DescribeScalingProcessTypesOutput, error) {
	out := &autoscaling.DescribeScalingProcessTypesOutput{}
	for _, name := range Processes() {
		out.Processes = append(out.Processes, types.ProcessType{ProcessName: aws.String(name)})
	}
	return out, nil
}

// DescribeTerminationPolicyTypes lists the termination policies.
func DescribeTerminationPolicyTypes(*world.Call, *autoscaling.DescribeTerminationPolicyTypesInput) (*autoscaling.DescribeTerminationPolicyTypesOutput, error) {
	return &autoscaling.DescribeTerminationPolicyTypesOutput{TerminationPolicyTypes: TerminationPolicies()}, nil
}
