package permit

import "slices"

// overviewRows are what it takes to see how services are, and what is wrong with those that are not well. Nothing of it changes
// anything.
func overviewRows() []row {
	return slices.Concat(
		rows("ECS", glance, "DescribeContainerInstances DescribeServices DescribeTasks ListTasks", containers),
		rows("ECS", glance, "ListServices", containerLists),
		rows("Elastic Load Balancing v2", glance, "DescribeTargetGroups DescribeTargetHealth", anywhere),
		rows("Elastic Load Balancing", glance, "DescribeInstanceHealth", anywhere),
		rows("ECS", weigh, "DescribeCapacityProviders DescribeClusters ListContainerInstances", containers),
		rows("ECS", glance, "DescribeServiceDeployments DescribeServiceRevisions ListServiceDeployments", tenantServices),
		rows("ECS", weigh, "DescribeTaskDefinition", anywhere),
		rows("EC2", weigh, "DescribeInstanceTypes", anywhere),
		rows("Auto Scaling", weigh, "DescribeAutoScalingGroups DescribeScalingActivities", anywhere),
	)
}
