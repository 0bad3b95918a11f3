package permit

import "slices"

// foresightRows are what it takes to find beforehand what would keep a deployment from a good end: what its folder names, which may
// be anybody's, and the instances and tasks that it would be placed among. No value of a secret or parameter is read.
func foresightRows() []row {
	return slices.Concat(
		rows("ECS", foresee, "DescribeCapacityProviders ListContainerInstances", containers),
		rows("EC2", foresee, "DescribeInstanceTypes DescribeSubnets", anywhere),
		rows("Secrets Manager", foresee, "DescribeSecret", tenantSecrets),
		rows("SSM", foresee, "DescribeParameters", anywhere),
		rows("IAM", foresee, "GetRole", tenantRoles),
		rows("ECR", foresee, "GetAuthorizationToken", anywhere),
	)
}
