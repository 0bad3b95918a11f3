package permit

import "slices"

// identityRows are the cluster's roles and instance profile, and AWS's own roles that it needs. Who the caller is, everybody may
// ask (STS API reference, GetCallerIdentity).
func identityRows() []row {
	return slices.Concat(
		rows("STS", look, "GetCallerIdentity"),
		rows("IAM", look, "GetInstanceProfile GetRolePolicy ListAttachedRolePolicies ListRolePolicies", roles),
		rows("IAM", look, "GetRole", roles, serviceRoles),
		rows("IAM", change, `PutRolePolicy TagInstanceProfile TagRole UntagInstanceProfile UntagRole UpdateAssumeRolePolicy
			UpdateRole`, roles),
		rows("IAM", change, "AttachRolePolicy", rolePolicies),
		rows("IAM", leave, "DeleteRole DeleteRolePolicy DetachRolePolicy RemoveRoleFromInstanceProfile", roles),
		rows("IAM", end, "DeleteInstanceProfile", roles),
		rows("IAM", change, "CreateServiceLinkedRole", serviceRoleMake),
		[]row{
			one("IAM.CreateRole", change, grant{"iam:CreateRole", roles}, grant{"iam:TagRole", roles}),
			one("IAM.CreateInstanceProfile", change, grant{"iam:CreateInstanceProfile", roles}, grant{"iam:TagInstanceProfile", roles}),
			one("IAM.AddRoleToInstanceProfile", change, grant{"iam:AddRoleToInstanceProfile", roles}, grant{"iam:PassRole", rolePass}),
		},
	)
}

// managedPolicies are the managed policies of AWS that the cluster's roles get, by path and name.
func managedPolicies() []string {
	return []string{
		"AmazonSSMManagedInstanceCore", "service-role/AmazonEC2ContainerServiceforEC2Role", "service-role/AmazonECSTaskExecutionRolePolicy",
	}
}

// passedTo are the services that take on the cluster's roles.
func passedTo() words {
	return words{"ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "vpc-flow-logs.amazonaws.com"}
}

// serviceNames are the services whose own roles the cluster needs.
func serviceNames() words {
	return words{"autoscaling.amazonaws.com", "ecs.amazonaws.com", "elasticloadbalancing.amazonaws.com", "spot.amazonaws.com"}
}
