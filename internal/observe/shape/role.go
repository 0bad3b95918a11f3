package shape

import (
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"berth/internal/model"
)

// IAMTags are a role's tags as ours.
func IAMTags(tags []types.Tag) model.Tags {
	out := make([]model.Tag, len(tags))
	for i, t := range tags {
		out[i] = model.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return model.NewTags(out...)
}

// PolicyText reads a policy as IAM hands it out: percent-encoded.
func PolicyText(doc *string) string {
	text, err := url.PathUnescape(aws.ToString(doc))
	if err != nil {
		text = aws.ToString(doc)
	}
	return model.CanonicalJSON(text)
}
