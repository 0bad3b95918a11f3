package shape

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"berth/internal/model"
)

// SecretTags are a secret's tags as ours.
func SecretTags(tags []types.Tag) model.Tags {
	out := make([]model.Tag, len(tags))
	for i, t := range tags {
		out[i] = model.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return model.NewTags(out...)
}

// KeyARN is the ARN of the key of its owner that protects a secret; empty for AWS's own (Secrets Manager API reference,
// DescribeSecret: an id, an ARN, or an alias, which aliases tell).
func KeyARN(key, secretARN string, aliases map[string]string) string {
	switch {
	case key == "", strings.HasSuffix(key, "alias/aws/secretsmanager"):
		return ""
	case strings.Contains(key, "alias/"):
		return aliases[key]
	case strings.HasPrefix(key, "arn:"):
		return key
	}
	owner := strings.Split(secretARN, ":")
	return strings.Join([]string{"arn", owner[1], "kms", owner[3], owner[4], "key/" + key}, ":")
}
