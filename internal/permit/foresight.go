package permit

import "slices"

// foresightRows are what it takes to find beforehand what would keep a deployment from a good end: what its folder names, which may
// be anybody's, and the instances and tasks that it would be placed among. No value of a secret or parameter is read. Whoever has a
// login to ECR still needs what reading an image takes there: its manifest, and its configuration, which is stored as a layer (ECR
// user guide, "Amazon ECR private registry policy examples").
func foresightRows() []row {
	return slices.Concat(
		[]row{one("ECR.GetAuthorizationToken", foresee, grant{"ecr:GetAuthorizationToken", tenantLogins}, grant{"ecr:BatchGetImage", tenantImages},
			grant{"ecr:GetDownloadUrlForLayer", tenantImages})},
		rows("ECS", foresee, "DescribeCapacityProviders ListContainerInstances", containers),
		rows("EC2", foresee, "DescribeInstanceTypes DescribeSubnets", anywhere),
		rows("Secrets Manager", foresee, "DescribeSecret", tenantSecrets),
		rows("SSM", foresee, "DescribeParameters", anywhere),
		rows("IAM", foresee, "GetRole", tenantRoles),
	)
}
