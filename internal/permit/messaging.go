package permit

import (
	"slices"

	"berth/internal/model"
)

// messagingRows are the way by which people are told: the key, the topic with its subscriptions, the queues, the rules. Keys are
// read by whoever looks, to find the cluster's own among them; only its own are changed.
func messagingRows() []row {
	return slices.Concat(
		rows("KMS", look, "ListAliases ListKeys", anywhere),
		rows("KMS", look, "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags", keys),
		rows("KMS", change, `CancelKeyDeletion EnableKey EnableKeyRotation PutKeyPolicy TagResource
			UpdateKeyDescription`, keyOwn, keyRecover),
		rows("KMS", change, "UntagResource", keyOwn), // by then it has its key again
		rows("KMS", change, "CreateAlias", keyAlias, keyOwn, keyRecover),
		rows("KMS", never, "DeleteAlias DisableKey DisableKeyRotation", keyOwn),
		rows("KMS", end, "ScheduleKeyDeletion", keyOwn, keyRecover),
		[]row{one("KMS.CreateKey", change, grant{"kms:CreateKey", keyMake}, grant{"kms:TagResource", keyMake})},
		rows("SNS", look, "GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource", topic),
		rows("SNS", change, "SetTopicAttributes Subscribe TagResource UntagResource", topic),
		rows("SNS", leave, "Unsubscribe", topic),
		rows("SNS", end, "DeleteTopic", topic),
		[]row{one("SNS.CreateTopic", change, grant{"sns:CreateTopic", topic}, grant{"sns:TagResource", topic})},
		rows("SQS", look, "ListQueues", anywhere),
		rows("SQS", look, "GetQueueAttributes", queues, alertQueues),
		rows("SQS", look, "GetQueueUrl", alertQueues),
		rows("SQS", look, "ListQueueTags", queues),
		rows("SQS", change, "SetQueueAttributes TagQueue UntagQueue", queues),
		rows("SQS", end, "DeleteQueue", queues),
		[]row{one("SQS.CreateQueue", change, grant{"sqs:CreateQueue", queues}, grant{"sqs:TagQueue", queues})},
		rows("EventBridge", look, "ListRules", anywhere),
		rows("EventBridge", look, "ListTargetsByRule", eventRules),
		rows("EventBridge", change, "PutTargets", eventRules),
		rows("EventBridge", end, "DeleteRule RemoveTargets", eventRules),
		[]row{one("EventBridge.PutRule", change, grant{"events:PutRule", eventRules}, grant{"events:TagResource", eventRules})},
	)
}

func (c Cluster) messagingSpec(at place) spec {
	own := "aws:ResourceTag/" + model.TagKey
	every := []string{c.arn("kms", "key/*")}
	switch at {
	case keys:
		return spec{sid: "Keys", resources: every}
	case keyMake:
		return spec{"KeyMake", []string{"*"}, condition{"StringEquals": {
			"aws:RequestTag/" + model.TagEnvironment: {c.Environment}, "aws:RequestTag/" + model.TagCluster: {c.Cluster},
		}}, true}
	case keyOwn:
		return spec{sid: "KeyOwn", resources: every, condition: condition{"StringLike": {own: {c.Mark() + ":*"}}}}
	case keyRecover:
		return spec{sid: "KeyWithoutKey", resources: every, condition: condition{
			"StringEquals": {"aws:ResourceTag/" + model.TagEnvironment: {c.Environment}, "aws:ResourceTag/" + model.TagCluster: {c.Cluster}},
			"Null":         {own: {"true"}},
		}}
	case keyAlias:
		return spec{sid: "KeyAlias", resources: []string{c.arn("kms", c.KeyAlias())}}
	case topic:
		return spec{sid: "Topic", resources: []string{c.arn("sns", c.TopicName())}}
	case queues:
		return spec{sid: "Queues", resources: c.each("sqs", "", begin(c.QueueName(""), 80)...)}
	case alertQueues:
		return spec{sid: "AlertQueues", resources: c.AlertQueues}
	case alertTopics, eventQueue, bothQueues, eventBus, watchObjects:
		return c.watchSpec(at)
	default:
		return spec{sid: "Rules", resources: []string{c.arn("events", "rule/"+c.RulePrefix()+"*")}}
	}
}
