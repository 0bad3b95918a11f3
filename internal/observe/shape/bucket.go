package shape

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/model"
)

// S3Tags are a bucket's tags as ours.
func S3Tags(tags []types.Tag) model.Tags {
	out := make([]model.Tag, len(tags))
	for i, t := range tags {
		out[i] = model.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return model.NewTags(out...)
}

// SetEncryption reads what a bucket is encrypted with by default.
func SetEncryption(into *model.Bucket, out *s3.GetBucketEncryptionOutput) {
	for _, r := range out.ServerSideEncryptionConfiguration.Rules {
		if r.ApplyServerSideEncryptionByDefault != nil {
			into.Encryption = string(r.ApplyServerSideEncryptionByDefault.SSEAlgorithm)
		}
	}
}

// SetPublicBlock reads whether a bucket refuses everything public.
func SetPublicBlock(into *model.Bucket, out *s3.GetPublicAccessBlockOutput) {
	b := out.PublicAccessBlockConfiguration
	into.PublicBlock = aws.ToBool(b.BlockPublicAcls) && aws.ToBool(b.BlockPublicPolicy) &&
		aws.ToBool(b.IgnorePublicAcls) && aws.ToBool(b.RestrictPublicBuckets)
}

// SetOwnership reads whose the objects of a bucket are.
func SetOwnership(into *model.Bucket, out *s3.GetBucketOwnershipControlsOutput) {
	for _, r := range out.OwnershipControls.Rules {
		into.Ownership = string(r.ObjectOwnership)
	}
}

// SetLifecycle reads when older versions of objects expire, and of which.
func SetLifecycle(into *model.Bucket, out *s3.GetBucketLifecycleConfigurationOutput) {
	for _, r := range out.Rules {
		if r.Status != types.ExpirationStatusEnabled || r.NoncurrentVersionExpiration == nil || r.Filter == nil {
			continue
		}
		into.ExpirePrefix = aws.ToString(r.Filter.Prefix)
		into.ExpireAfter = int(aws.ToInt32(r.NoncurrentVersionExpiration.NoncurrentDays))
	}
}
