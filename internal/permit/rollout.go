package permit

import "slices"

// rolloutRows are what it takes to deploy a service and to take it back, and to see how it is.
func rolloutRows() []row {
	return slices.Concat(
		rows("STS", follow, "GetCallerIdentity"),
		rows("ECS", follow, `DescribeServices DescribeServiceDeployments DescribeServiceRevisions DescribeTasks DescribeContainerInstances
			ListServiceDeployments StopServiceDeployment TagResource UpdateService`, tenantServices),
		rows("ECS", follow, "DescribeTaskDefinition", anywhere),
		rows("ECS", follow, "ListTasks", containers),
		rows("ECS", ship, "UntagResource", tenantServices),
		rows("Elastic Load Balancing v2", follow, "DescribeTargetHealth", anywhere),
		rows("Elastic Load Balancing", follow, "DescribeInstanceHealth", anywhere),
		rows("S3", follow, "DeleteObject GetObject PutObject", serviceLeases),
		[]row{
			one("ECS.CreateService", ship, grant{"ecs:CreateService", tenantServices}, grant{"ecs:TagResource", tenantServices}),
			one("ECS.RegisterTaskDefinition", ship, grant{"ecs:RegisterTaskDefinition", tenantShipped}, grant{"ecs:TagResource", tenantShipped},
				grant{"iam:PassRole", tenantPass}),
			one("ECS.RunTask", ship, grant{"ecs:RunTask", tenantTasks}, grant{"ecs:TagResource", tenantServices}),
		},
	)
}

// rolloutSpec is services and what they run. A family may have any name; a task may be run only in the cluster.
func (c Cluster) rolloutSpec(at place) spec {
	cluster, inside := c.arn("ecs", "cluster/"+c.ClusterName()), "/"+c.ClusterName()+"/*"
	definitions := []string{c.arn("ecs", "task-definition/*")}
	switch at {
	case tenantServices:
		return spec{sid: "Services", resources: c.each("ecs", "", "container-instance"+inside, "service"+inside, "service-deployment"+inside,
			"service-revision"+inside, "task"+inside)}
	case tenantShipped:
		return spec{sid: "Register", resources: definitions}
	case tenantTasks:
		return spec{sid: "RunTasks", resources: definitions, condition: condition{"ArnEquals": {"ecs:cluster": {cluster}}}}
	case tenantPass:
		return spec{
			sid: "PassTaskRoles", resources: []string{c.arn("iam", "role"+c.RolePath()+"*")},
			condition: condition{"StringEquals": {"iam:PassedToService": {"ecs-tasks.amazonaws.com"}}},
		}
	case tenantRoles: // of a role that is not there IAM does not know the path
		return spec{sid: "SeeTaskRoles", resources: []string{c.arn("iam", "role/*")}}
	case tenantSecrets:
		return spec{sid: "SeeSecrets", resources: []string{c.arn("secretsmanager", "secret:*")}}
	case tenantLogins: // AWS knows no smaller resource
		return spec{sid: "ImageLogins", resources: []string{"*"}}
	case tenantImages: // of any account and region: the repository's own policy has a say as well
		return spec{sid: "SeeImages", resources: []string{"arn:" + c.partition() + ":ecr:*:*:repository/*"}}
	default:
		return spec{sid: "ServiceLeases", resources: []string{"arn:" + c.partition() + ":s3:::" + c.bucket() + "/lease/service/*"}}
	}
}
