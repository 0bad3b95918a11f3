package access

import "strings"

// logsTable follows "Actions, resources, and condition keys for Amazon CloudWatch Logs".
const logsTable = `
CreateLogGroup log-group:{LogGroupName}:*
+ ?logs:TagResource log-group:{LogGroupName}:*
CreateLogStream log-group:{LogGroupName}:log-stream:{LogStreamName}
DeleteLogGroup log-group:{LogGroupName}:*
DeleteLogStream log-group:{LogGroupName}:log-stream:{LogStreamName}
DeleteResourcePolicy
DeleteRetentionPolicy log-group:{LogGroupName}:*
DescribeLogGroups
DescribeLogStreams log-group:{LogGroupName}:*
DescribeResourcePolicies
FilterLogEvents log-group:{LogGroupName}:*
GetLogEvents log-group:{LogGroupName}:log-stream:{LogStreamName}
ListTagsForResource {ResourceArn}
ListTagsLogGroup log-group:{LogGroupName}:*
PutLogEvents log-group:{LogGroupName}:log-stream:{LogStreamName}
PutLogGroupDeletionProtection log-group:{LogGroupIdentifier}:*
PutResourcePolicy
PutRetentionPolicy log-group:{LogGroupName}:*
TagLogGroup log-group:{LogGroupName}:*
TagResource {ResourceArn}
UntagLogGroup log-group:{LogGroupName}:*
UntagResource {ResourceArn}
`

// cloudwatchTable follows "Actions, resources, and condition keys for Amazon CloudWatch".
const cloudwatchTable = `
DeleteAlarms alarm:{AlarmNames}
DescribeAlarmHistory alarm:{AlarmName~*}
DescribeAlarms alarm:{AlarmNames~*}
DescribeAlarmsForMetric
DisableAlarmActions alarm:{AlarmNames}
EnableAlarmActions alarm:{AlarmNames}
GetMetricData
GetMetricStatistics
ListMetrics
ListTagsForResource {ResourceARN}
PutMetricAlarm alarm:{AlarmName}
+ ?cloudwatch:TagResource alarm:{AlarmName}
PutMetricData
SetAlarmState alarm:{AlarmName}
TagResource {ResourceARN}
UntagResource {ResourceARN}
`

// quotasTable follows "Actions, resources, and condition keys for Service Quotas".
const quotasTable = `
GetAWSDefaultServiceQuota
GetServiceQuota {ServiceCode}/{QuotaCode}
ListAWSDefaultServiceQuotas
ListServiceQuotas
ListServices
RequestServiceQuotaIncrease {ServiceCode}/{QuotaCode}
`

// kmsTable follows "Actions, resources, and condition keys for AWS Key Management Service". The resource policies of keys are
// evaluated by the service itself.
const kmsTable = `
CancelKeyDeletion #aliased
CreateAlias {AliasName} key/{TargetKeyId}
CreateKey
+ ?kms:TagResource *
DeleteAlias {AliasName} #aliased
DescribeKey #aliased
DisableKey #aliased
DisableKeyRotation #aliased
EnableKey #aliased
EnableKeyRotation #aliased
GetKeyPolicy #aliased
GetKeyRotationStatus #aliased
ListAliases
ListKeyPolicies #aliased
ListKeys
ListResourceTags #aliased
PutKeyPolicy #aliased
ScheduleKeyDeletion #aliased
TagResource #aliased
UntagResource #aliased
UpdateAlias {AliasName} key/{TargetKeyId} #aliased
UpdateKeyDescription #aliased
`

// sqsTable follows "Actions, resources, and condition keys for Amazon SQS"; batches need the action of the single call.
const sqsTable = `
ChangeMessageVisibility #queue
ChangeMessageVisibilityBatch >sqs:ChangeMessageVisibility #queue
CreateQueue {QueueName}
+ ?sqs:TagQueue {QueueName}
DeleteMessage #queue
DeleteMessageBatch >sqs:DeleteMessage #queue
DeleteQueue #queue
GetQueueAttributes #queue
GetQueueUrl {QueueName}
ListDeadLetterSourceQueues #queue
ListQueueTags #queue
ListQueues
PurgeQueue #queue
ReceiveMessage #queue
SendMessage #queue
SendMessageBatch >sqs:SendMessage #queue
SetQueueAttributes #queue
TagQueue #queue
UntagQueue #queue
`

// snsTable follows "Actions, resources, and condition keys for Amazon SNS".
const snsTable = `
ConfirmSubscription {TopicArn}
CreateTopic {Name}
+ ?sns:TagResource {Name}
DeleteTopic {TopicArn}
GetSubscriptionAttributes #subscription
GetTopicAttributes {TopicArn}
ListSubscriptions
ListSubscriptionsByTopic {TopicArn}
ListTagsForResource {ResourceArn}
ListTopics
Publish {TopicArn|TargetArn}
SetSubscriptionAttributes #subscription
SetTopicAttributes {TopicArn}
Subscribe {TopicArn} sns:protocol=Protocol sns:endpoint=Endpoint
TagResource {ResourceArn}
Unsubscribe #subscription
UntagResource {ResourceArn}
`

// eventsTable follows "Actions, resources, and condition keys for Amazon EventBridge".
const eventsTable = `
CreateEventBus event-bus/{Name}
+ ?events:TagResource event-bus/{Name}
DeleteEventBus event-bus/{Name}
DeleteRule #rule
DescribeEventBus event-bus/{Name~default}
DescribeRule #rule
DisableRule #rule
EnableRule #rule
ListEventBuses
ListRuleNamesByTarget
ListRules
ListTagsForResource {ResourceARN}
ListTargetsByRule #rule
PutEvents event-bus/{Entries.EventBusName~default}
PutRule #rule
+ ?events:TagResource #rule
PutTargets #rule events:targetarn=Targets.Arn
+ iam:PassRole role/{Targets.RoleArn} iam:passedtoservice:=events.amazonaws.com
RemoveTargets #rule
TagResource {ResourceARN}
TestEventPattern
UntagResource {ResourceARN}
`

// secretsTable follows "Actions, resources, and condition keys for AWS Secrets Manager"; six characters of AWS's follow a secret's
// name in its ARN.
const secretsTable = `
CreateSecret secret:{Name}-* secretsmanager:name=Name
+ ?secretsmanager:TagResource secret:{Name}-*
DeleteSecret #secret
DescribeSecret #secret
GetResourcePolicy #secret
GetSecretValue #secret
ListSecrets
PutResourcePolicy #secret
PutSecretValue #secret
RestoreSecret #secret
TagResource #secret
UntagResource #secret
UpdateSecret #secret
`

// secret is a secret by its ARN or name.
func secret(n need) []need {
	id := text(n.in, "SecretId")
	if strings.HasPrefix(id, "arn:") {
		n.resource = id
		return []need{n}
	}
	return []need{n.on("secret:" + id + "-*")}
}

// queue is a queue by its URL, which ends in its name.
func queue(n need) []need {
	url := text(n.in, "QueueUrl")
	return []need{n.on(url[strings.LastIndexByte(url, '/')+1:])}
}

// subscription is the topic of a subscription: AWS evaluates these on the topic.
func subscription(n need) []need {
	arn := text(n.in, "SubscriptionArn")
	if cut := strings.LastIndexByte(arn, ':'); strings.Count(arn, ":") == 6 {
		arn = arn[:cut]
	}
	n.resource = arn
	return []need{n}
}

// rule is a rule by its name and bus; rules of the default bus leave it out.
func rule(n need) []need {
	name, bus := text(n.in, "Name", "Rule"), text(n.in, "EventBusName")
	bus = bus[strings.LastIndexByte(bus, '/')+1:]
	if bus != "" && bus != "default" {
		name = bus + "/" + name
	}
	return []need{n.on("rule/" + name)}
}

// aliased is a key by its id, its ARN, or an alias; an alias that nothing has may be any key's, and who may ask about those learns
// that it is nobody's.
func aliased(n need) []need {
	id := text(n.in, "KeyId", "AliasName")
	if name := id[strings.LastIndexByte(id, ':')+1:]; strings.HasPrefix(name, "alias/") {
		a, ok := n.Region.KMS.Aliases.Get(name)
		if !ok {
			return []need{n.on("key/*")}
		}
		id = a.Key
	}
	if strings.HasPrefix(id, "arn:") {
		n.resource = id
		return []need{n}
	}
	return []need{n.on("key/" + id)}
}
