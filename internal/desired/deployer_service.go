package desired

import "berth/internal/model"

// provideServices is what berth deploy makes for a service, and what it must see for that: target groups and listener rules with
// the tags of the cluster and of a service, log groups with the same, and the lease of each service. What has not these tags it
// can neither change nor take away, the cluster's own target groups among it.
func (b *builder) provideServices() []statement {
	const balance = "elasticloadbalancing:"
	fronts := []string{b.arn("elasticloadbalancing", "listener/app/"+begin(b.scope.BalancerName("")+"-", balancerName)+"*/*")}
	if name := b.scope.BalancerName(""); len(name) < balancerName {
		fronts = append(fronts, b.arn("elasticloadbalancing", "listener/app/"+name+"/*"))
	}
	groups := []string{b.arn("elasticloadbalancing", "targetgroup/"+begin(b.scope.BalancerName("")+"-", balancerName)+"*/*")}
	rules := []string{b.arn("elasticloadbalancing", "listener-rule/app/*")}
	logs := []string{b.arn("logs", "log-group:*")}
	standing, made := b.ofServices("aws:ResourceTag/"), b.ofServices("aws:RequestTag/")
	return []statement{
		{Sid: "MakeTargetGroups", Effect: "Allow", Resource: groups, Condition: made, Action: []string{balance + "AddTags", balance + "CreateTargetGroup"}},
		{
			Sid: "TargetGroups", Effect: "Allow", Resource: groups, Condition: standing,
			Action: []string{balance + "DeleteTargetGroup", balance + "ModifyTargetGroup", balance + "ModifyTargetGroupAttributes"},
		},
		{Sid: "MakeRules", Effect: "Allow", Resource: append(fronts, rules...), Condition: made, Action: []string{balance + "AddTags", balance + "CreateRule"}},
		{
			Sid: "Rules", Effect: "Allow", Resource: rules, Condition: standing,
			Action: []string{balance + "DeleteRule", balance + "ModifyRule", balance + "SetRulePriorities"},
		},
		{Sid: "MakeLogs", Effect: "Allow", Resource: logs, Condition: made, Action: []string{"logs:CreateLogGroup", "logs:TagResource"}},
		{Sid: "KeepLogs", Effect: "Allow", Resource: logs, Condition: standing, Action: []string{"logs:PutRetentionPolicy"}},
		{Sid: "WhoseLogs", Effect: "Allow", Resource: logs, Action: []string{"logs:ListTagsForResource"}},
		{
			Sid: "See", Effect: "Allow", Resource: []string{"*"},
			Action: []string{
				"autoscaling:DescribeAutoScalingGroups", "ec2:DescribeInternetGateways", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs",
				balance + "DescribeInstanceHealth", balance + "DescribeTags", balance + "DescribeTargetGroupAttributes", "logs:DescribeLogGroups",
			},
		},
		{
			Sid: "Logins", Effect: "Allow", Resource: []string{b.arn("secretsmanager", "secret:"+b.scope.SecretPrefix()+"*")},
			Action: []string{"secretsmanager:DescribeSecret"},
		},
		{
			Sid: "Leases", Effect: "Allow", Resource: []string{"arn:" + b.scope.Partition + ":s3:::" + b.scope.BucketName() + "/lease/service/*"},
			Action: []string{"s3:DeleteObject", "s3:GetObject", "s3:PutObject"},
		},
		{
			Sid: "Instances", Effect: "Allow", Resource: []string{b.arn("ecs", "container-instance/"+b.scope.ClusterName()+"/*")},
			Action: []string{"ecs:DescribeContainerInstances"},
		},
		{
			Sid: "Label", Effect: "Allow", Resource: []string{b.arn("ecs", "service/"+b.scope.ClusterName()+"/*")},
			Action: []string{"ecs:TagResource", "ecs:UntagResource"},
		},
	}
}

// balancerName is how long the names of load balancers and target groups may be (ELB API reference, CreateLoadBalancer).
const balancerName = 32

// begin is what all names have in common that begin so and may be cut at a limit, as model.Scope cuts them.
func begin(name string, limit int) string { return name[:min(len(name), limit-9)] }

// ofServices is the condition that something carries the tags of the cluster and of a service: now, or in the call.
func (b *builder) ofServices(on string) conditions {
	return conditions{
		"StringEquals": {on + model.TagEnvironment: b.scope.Environment, on + model.TagCluster: b.scope.Cluster},
		"Null":         {on + model.TagService: "false"},
	}
}
