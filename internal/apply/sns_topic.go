package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func topicEntry() entry { return typed(createTopic, updateTopic, deleteTopic) }

// topicSetting is a setting of a topic under AWS's name and ours.
type topicSetting struct{ ours, aws, value string }

func (j *job) topicSettings(t model.Topic) []topicSetting {
	return []topicSetting{
		{"display_name", "DisplayName", t.DisplayName},
		{"kms_key", "KmsMasterKeyId", j.have.Handle(t.KMSKey).ARN},
		{"policy", "Policy", t.Policy},
		{"signature_version", "SignatureVersion", t.Signature},
	}
}

// createTopic can be repeated: a topic of the same name and attributes is the answer itself.
func createTopic(ctx context.Context, j *job, t model.Topic) (model.Handle, error) {
	in := &sns.CreateTopicInput{Name: aws.String(t.Name), Attributes: map[string]string{}, Tags: snsTags(t.Tags)}
	for _, s := range j.topicSettings(t) {
		in.Attributes[s.aws] = s.value
	}
	out, err := cloud.Repeat(ctx, j.c, j.c.SNS.CreateTopic, in)
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: aws.ToString(out.TopicArn), ARN: aws.ToString(out.TopicArn)}, nil
}

func updateTopic(ctx context.Context, j *job, t model.Topic) (model.Handle, error) {
	h := j.handle()
	for _, s := range j.topicSettings(t) {
		if !j.differs(s.ours) {
			continue
		}
		in := &sns.SetTopicAttributesInput{TopicArn: &h.ARN, AttributeName: &s.aws, AttributeValue: &s.value}
		if _, err := cloud.Repeat(ctx, j.c, j.c.SNS.SetTopicAttributes, in); err != nil {
			return h, err
		}
	}
	set, drop := tagChanges(j.change.From.(model.Topic).Tags, t.Tags)
	if err := j.tagTopic(ctx, h.ARN, set); err != nil || len(drop) == 0 {
		return h, err
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.SNS.UntagResource, &sns.UntagResourceInput{ResourceArn: &h.ARN, TagKeys: drop})
	return h, err
}

// deleteTopic takes all subscriptions along, also those that nobody confirmed.
func deleteTopic(ctx context.Context, j *job, _ model.Topic) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.SNS.DeleteTopic, &sns.DeleteTopicInput{TopicArn: aws.String(j.handle().ARN)})
	return model.Handle{}, gone(err)
}

func (j *job) tagTopic(ctx context.Context, arn string, tags model.Tags) error {
	if len(tags) == 0 {
		return nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.SNS.TagResource, &sns.TagResourceInput{ResourceArn: &arn, Tags: snsTags(tags)})
	return err
}

func snsTags(tags model.Tags) []types.Tag {
	out := make([]types.Tag, len(tags))
	for i, t := range tags {
		out[i] = types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)}
	}
	return out
}
