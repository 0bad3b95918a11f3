package desired

import "berth/internal/model"

// flowLogs record all connections of the VPC, also those that were refused: they tell most.
func (b *builder) flowLogs() []model.Resource {
	if !b.c.FlowLogs.On() {
		return nil
	}
	f := model.FlowLog{
		To: model.ToBucket, Bucket: b.c.FlowLogs.Bucket(), Traffic: "ALL", Seconds: b.c.FlowLogs.Seconds, Tags: b.tags(model.FlowLogKey()),
	}
	if f.Bucket == "" {
		f.To, f.LogGroup, f.Role = model.ToLogGroup, model.LogGroupKey(model.FlowLogGroup), model.RoleKey(model.FlowLogRole)
	}
	return []model.Resource{f}
}

// flowLogGroup is where flow logs go that the file gives no bucket.
func (b *builder) flowLogGroup() []model.Resource {
	if !b.c.FlowLogs.On() || b.c.FlowLogs.Bucket() != "" {
		return nil
	}
	return []model.Resource{model.LogGroup{
		File: model.FlowLogGroup, Name: b.scope.FlowLogGroupName(), Days: b.c.LogRetentionDays,
		Tags: b.tags(model.LogGroupKey(model.FlowLogGroup)),
	}}
}

// flowLogRole lets EC2 write the flow log, into its own log group only.
func (b *builder) flowLogRole() []model.Resource {
	if len(b.flowLogGroup()) == 0 {
		return nil
	}
	r := b.role(model.FlowLogRole, "writes the flow log of ECS cluster "+b.scope.ClusterName(), "vpc-flow-logs.amazonaws.com")
	r.Inline = []model.Policy{{Name: "logs", Document: document(statement{
		Effect: "Allow", Action: []string{"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"},
		Resource: []string{b.arn("logs", "log-group:"+b.scope.FlowLogGroupName()+":*")},
	}, statement{
		Effect: "Allow", Action: []string{"logs:DescribeLogGroups"}, Resource: []string{b.arn("logs", "log-group:*")},
	})}}
	return []model.Resource{r}
}
