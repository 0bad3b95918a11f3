package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type topicAnswers struct {
	topic     map[string]string // attributes
	topicTags model.Tags
}

// topicRow asks for everything at once: the topic's ARN is known as soon as the account is.
func topicRow() row {
	return row{model.KindTopic, []func(*look) []call{nothing, topicCalls}, foldTopic}
}

func (l *look) topicARN() *string { return aws.String(l.scope.TopicARN()) }

func topicCalls(l *look) []call {
	return []call{
		fetch.Maybe(l, l.c.SNS.GetTopicAttributes, &sns.GetTopicAttributesInput{TopicArn: l.topicARN()}, func(out *sns.GetTopicAttributesOutput) {
			l.topic = out.Attributes
		}),
		fetch.Maybe(l, l.c.SNS.ListTagsForResource, &sns.ListTagsForResourceInput{ResourceArn: l.topicARN()}, func(out *sns.ListTagsForResourceOutput) {
			for _, t := range out.Tags {
				l.topicTags = l.topicTags.With(aws.ToString(t.Key), aws.ToString(t.Value))
			}
		}),
	}
}

func foldTopic(l *look) {
	if l.topic == nil {
		return
	}
	name, arn := l.scope.TopicName(), l.topic["TopicArn"]
	if _, ours := l.mine(l.topicTags, model.KindTopic); !ours {
		l.stray(model.TopicKey(), arn, "SNS topic "+name)
		return
	}
	l.add(model.Topic{
		Name: name, DisplayName: l.topic["DisplayName"], Policy: model.CanonicalJSON(l.topic["Policy"]), KMSKey: l.key(l.topic["KmsMasterKeyId"]),
		Signature: shape.Signature(l.topic["SignatureVersion"]), Tags: l.topicTags.Own(),
	}, model.Handle{ID: arn, ARN: arn})
}
