package permit

import "slices"

// inquiryRows are what it takes to find out why a service, a task, an instance or a deployment is as it is. Nothing of it changes
// anything, and no value of a secret is read.
func inquiryRows() []row {
	return slices.Concat(
		rows("ECS", inquire, "DescribeCapacityProviders DescribeClusters ListContainerInstances", containers),
		rows("ECS", inquire, `DescribeContainerInstances DescribeServices DescribeServiceDeployments DescribeServiceRevisions DescribeTasks GetTaskProtection
			ListServiceDeployments`, tenantServices),
		rows("ECS", inquire, "ListTasks", containers),
		rows("ECS", inquire, "ListServices", containerLists),
		rows("ECS", inquire, "DescribeTaskDefinition", anywhere),
		rows("EC2", inquire, "DescribeInstanceTypes", anywhere),
		rows("Auto Scaling", inquire, "DescribeAutoScalingGroups DescribeAutoScalingInstances DescribeScalingActivities", anywhere),
		rows("Elastic Load Balancing v2", inquire, "DescribeTargetGroups DescribeTargetHealth", anywhere),
		rows("Elastic Load Balancing", inquire, "DescribeInstanceHealth DescribeLoadBalancers", anywhere),
		rows("Secrets Manager", inquire, "DescribeSecret", secrets, givenSecrets),
	)
}
