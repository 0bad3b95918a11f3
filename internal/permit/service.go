package permit

import "berth/internal/model"

// serviceRows are what services in the cluster need and leave: to be found, made, changed and taken away. Beside a target group
// that is made IAM evaluates reads of EC2 (Elastic Load Balancing user guide, "Elastic Load Balancing API permissions").
func serviceRows() (out []row) {
	const v2, v1, logs = "Elastic Load Balancing v2", "Elastic Load Balancing", "CloudWatch Logs"
	for _, some := range [][]row{
		rows("STS", offer, "GetCallerIdentity"),
		rows("ECS", offer, "DescribeClusters", containers),
		rows("EC2", offer, "DescribeSecurityGroups", anywhere),
		rows("Auto Scaling", offer, "DescribeAutoScalingGroups", anywhere),
		rows("Secrets Manager", offer, "DescribeSecret", secrets),
		rows(v1, offer, "DescribeLoadBalancers", anywhere),
		rows(v2, offer, "DescribeListeners DescribeLoadBalancers DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups", anywhere),
		rows(v2, offer|tenants, "DescribeRules", anywhere),
		rows(logs, offer, "DescribeLogGroups", anywhere),
		rows(logs, offer|tenants, "ListTagsForResource", tenantLogTags),
		rows(v2, provide, "AddTags CreateRule CreateTargetGroup DeleteTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes", balancers),
		rows(v2, provide, "ModifyRule SetRulePriorities", tenantRules),
		rows(v2, provide|tenants, "DeleteRule", tenantRules),
		rows(logs, provide, "PutRetentionPolicy", tenantLogs),
		rows(logs, tenants, "DeleteLogGroup", tenantLogs),
		rows("ECS", tenants, "DeleteTaskDefinitions", tenantDefinitions),
	} {
		out = append(out, some...)
	}
	return append(out,
		one(logs+".CreateLogGroup", provide, grant{"logs:CreateLogGroup", tenantLogMake}, grant{"logs:TagResource", tenantLogMake}),
		one(v2+".CreateTargetGroup", provide, grant{"ec2:DescribeInternetGateways", anywhere}, grant{"ec2:DescribeVpcs", anywhere}),
	)
}

// tenantSpec is what was made for services: it may have any name, and its tags say whose it is.
func (c Cluster) tenantSpec(at place) spec {
	marks := func(on string) condition {
		return condition{
			"StringEquals": {on + model.TagEnvironment: {c.Environment}, on + model.TagCluster: {c.Cluster}},
			"Null":         {on + model.TagService: {"false"}},
		}
	}
	every := []string{c.arn("logs", "log-group:*")}
	switch at {
	case tenantLogs:
		return spec{sid: "ServiceLogs", resources: every, condition: marks("aws:ResourceTag/")}
	case tenantLogMake:
		return spec{sid: "MakeServiceLogs", resources: every, condition: marks("aws:RequestTag/"), made: true}
	case tenantLogTags:
		return spec{sid: "ServiceLogTags", resources: every}
	case tenantRules:
		return spec{sid: "ServiceRules", resources: []string{c.arn("elasticloadbalancing", "listener-rule/app/*")}, condition: marks("aws:ResourceTag/")}
	default:
		return spec{sid: "ServiceDefinitions", resources: []string{c.arn("ecs", "task-definition/*")}, condition: marks("aws:ResourceTag/")}
	}
}
