package permit

import "slices"

// rollRows are what it takes to replace the instances of the groups: to see what a roll sees, to do each of its deeds, to remember
// them, and to hold the leases of the cluster and of services whose settings it changes for a while. A probe is a task like others:
// its definition may have any name, and ECS checks the handing over of its roles (service authorization reference, RunTask).
func rollRows() []row {
	return slices.Concat(
		rows("STS", replace, "GetCallerIdentity"),
		rows("ECS", replace, `DescribeCapacityProviders DescribeClusters DescribeContainerInstances DescribeServices DescribeTasks GetTaskProtection
			ListContainerInstances ListTasks`, containers),
		rows("ECS", replace, "ListServices", containerLists),
		rows("ECS", replace, "DescribeTaskDefinition", anywhere),
		rows("ECS", replace, "DeleteAttributes DeregisterContainerInstance PutAttributes StopTask UpdateContainerInstancesState UpdateService", containers),
		[]row{one("ECS.RunTask", replace, grant{"ecs:RunTask", tenantTasks}, grant{"iam:PassRole", tenantPass})},
		rows("EC2", replace, "DescribeInstanceTypes", anywhere),
		rows("Elastic Load Balancing v2", replace, "DescribeTargetHealth", anywhere),
		rows("Elastic Load Balancing", replace, "DescribeInstanceHealth", anywhere),
		rows("Auto Scaling", replace, "DescribeAutoScalingGroups DescribeInstanceRefreshes DescribeLifecycleHooks", anywhere),
		rows("Auto Scaling", replace, `CreateOrUpdateTags DeleteTags LaunchInstances ResumeProcesses SetInstanceProtection SuspendProcesses
			TerminateInstanceInAutoScalingGroup UpdateAutoScalingGroup`, groups),
		rows("S3", replace, "DeleteObject PutObject", rollObjects),
		[]row{one("S3.GetObject", replace, grant{"s3:GetObject", rollObjects}, grant{"s3:ListBucket", bucket})}, // 404, and not 403, where there is no memory yet
	)
}

func (c Cluster) rollSpec() spec {
	at := "arn:" + c.partition() + ":s3:::" + c.bucket() + "/lease/"
	return spec{sid: "RollObjects", resources: []string{at + "infra", at + "roll/*", at + "service/*"}}
}
