package permit

import "slices"

// groupRows are Auto Scaling groups. Setting a group's launch template takes what launching from it takes, which Auto Scaling
// checks beforehand (EC2 Auto Scaling user guide, "Control Amazon EC2 launch template usage in Auto Scaling groups").
func groupRows() []row {
	launch := []grant{
		{"ec2:RunInstances", ec2Launch},
		{"ec2:RunInstances", ec2Own},
		{"ec2:RunInstances", ec2Recover},
		{"ec2:RunInstances", othersSubnets},
		{"ec2:CreateTags", ec2Tag},
		{"iam:PassRole", rolePass},
	}
	return slices.Concat(
		rows("Auto Scaling", look, "DescribeAutoScalingGroups DescribeScalingActivities", anywhere),
		rows("Auto Scaling", change, `AttachLoadBalancers CreateOrUpdateTags DetachLoadBalancers DisableMetricsCollection
			EnableMetricsCollection`, groups),
		rows("Auto Scaling", leave, "DeleteAutoScalingGroup DeleteTags SetInstanceProtection UpdateAutoScalingGroup", groups),
		[]row{
			one("Auto Scaling.CreateAutoScalingGroup", change, append([]grant{
				{"autoscaling:CreateAutoScalingGroup", groups}, {"autoscaling:CreateOrUpdateTags", groups},
			}, launch...)...),
			one("Auto Scaling.UpdateAutoScalingGroup", change, launch...),
		},
	)
}

// containerRows are the ECS cluster, its capacity providers, and what runs in it. A provider marks its group with a tag (ECS
// developer guide, "Amazon ECS cluster auto scaling").
func containerRows() []row {
	return slices.Concat(
		rows("ECS", look, "DescribeCapacityProviders DescribeClusters", containers),
		rows("ECS", closer, "DescribeContainerInstances ListContainerInstances", containers),
		rows("ECS", look, "DescribeServices", containers),
		rows("ECS", look, "ListServices", containerLists),
		rows("ECS", look, "DescribeTaskDefinition ListTaskDefinitionFamilies ListTaskDefinitions", anywhere),
		rows("ECS", tenants, "DescribeTasks ListTasks StopTask", containers),
		rows("ECS", leave, "DeleteService DeleteTaskDefinitions", containers),
		rows("ECS", leave, "DeregisterTaskDefinition", anywhere),
		rows("ECS", change, "UpdateService", containers),
		rows("ECS", change, "TagResource UntagResource UpdateCapacityProvider UpdateClusterSettings", containers),
		rows("ECS", leave, "DeleteCapacityProvider PutClusterCapacityProviders", containers),
		rows("ECS", end, "DeleteCluster", containers),
		[]row{
			one("ECS.CreateCluster", change, grant{"ecs:CreateCluster", containers}, grant{"ecs:TagResource", containers}),
			one("ECS.CreateService", change, grant{"ecs:CreateService", containers}, grant{"ecs:TagResource", containers}),
			one("ECS.RegisterTaskDefinition", change, grant{"ecs:RegisterTaskDefinition", containers}, grant{"ecs:TagResource", containers},
				grant{"iam:PassRole", rolePass}, grant{"iam:PassRole", givenRoles}),
			one("ECS.CreateCapacityProvider", change, grant{"ecs:CreateCapacityProvider", containers}, grant{"ecs:TagResource", containers},
				grant{"autoscaling:CreateOrUpdateTags", groups}),
		},
	)
}
