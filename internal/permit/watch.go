package permit

import (
	"slices"

	"berth/internal/model"
)

// watchRows are what it takes to follow a cluster's events and to tell people, beside what tells how its services are; and to try
// whether they would hear of them.
func watchRows() []row {
	return slices.Concat(
		rows("STS", attend|try, "GetCallerIdentity"),
		rows("S3", attend, "DeleteObject PutObject", watchObjects),
		[]row{one("S3.GetObject", attend|try|recall, grant{"s3:GetObject", watchObjects}, grant{"s3:ListBucket", bucket})}, // 404, and not 403, where there is no memory yet
		rows("SQS", attend, "GetQueueUrl ReceiveMessage", eventQueue),
		[]row{one("SQS.DeleteMessageBatch", attend, grant{"sqs:DeleteMessage", eventQueue})},
		rows("SNS", attend, "ListSubscriptionsByTopic", topic),
		rows("EC2", attend, "DescribeImages DescribeInstances", anywhere),
		rows("SNS", utter, "Publish", alertTopics),
		rows("EventBridge", try, "PutEvents", eventBus),
		rows("SNS", try, "ListSubscriptionsByTopic", topic),
		rows("EventBridge", try, "ListRules", anywhere),
		rows("EventBridge", try, "ListTargetsByRule", eventRules),
		rows("SQS", try, "GetQueueUrl ReceiveMessage", bothQueues),
		[]row{
			one("SQS.DeleteMessageBatch", try, grant{"sqs:DeleteMessage", bothQueues}),
			one("SQS.ChangeMessageVisibilityBatch", try, grant{"sqs:ChangeMessageVisibility", bothQueues}),
		},
	)
}

func (c Cluster) watchSpec(at place) spec {
	switch at {
	case alertTopics:
		return spec{sid: "AlertTopics", resources: c.AlertTopics}
	case eventQueue:
		return spec{sid: "EventQueue", resources: []string{c.arn("sqs", c.QueueName(model.EventQueue))}}
	case bothQueues:
		return spec{sid: "EventQueues", resources: []string{c.arn("sqs", c.QueueName(model.EventQueue)), c.arn("sqs", c.QueueName(model.DeadQueue))}}
	case eventBus:
		return spec{sid: "EventBus", resources: []string{c.arn("events", "event-bus/default")}}
	default:
		return spec{sid: "WatchObjects", resources: []string{"arn:" + c.partition() + ":s3:::" + c.bucket() + "/lease/watch*"}}
	}
}
