package observe

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type bucketAnswers struct {
	bucketFound bool
	bucketTheft bool // a bucket of our name belongs to somebody else
	bucket      model.Bucket
	bucketTags  model.Tags
}

// bucketRow asks for everything at once: the bucket's name is known as soon as the account is.
func bucketRow() row {
	return row{model.KindBucket, []func(*look) []call{nothing, bucketCalls}, foldBucket}
}

func bucketCalls(l *look) []call {
	name := aws.String(l.scope.BucketName())
	l.bucket.Name = *name
	s := l.c.S3
	return []call{
		l.headBucket(name),
		fetch.Maybe(l, s.GetBucketTagging, &s3.GetBucketTaggingInput{Bucket: name}, func(out *s3.GetBucketTaggingOutput) {
			l.bucketTags = shape.S3Tags(out.TagSet)
		}),
		fetch.Maybe(l, s.GetBucketVersioning, &s3.GetBucketVersioningInput{Bucket: name}, func(out *s3.GetBucketVersioningOutput) {
			l.bucket.Versioning = out.Status == types.BucketVersioningStatusEnabled
		}),
		fetch.Maybe(l, s.GetBucketEncryption, &s3.GetBucketEncryptionInput{Bucket: name}, func(out *s3.GetBucketEncryptionOutput) {
			shape.SetEncryption(&l.bucket, out)
		}),
		fetch.Maybe(l, s.GetPublicAccessBlock, &s3.GetPublicAccessBlockInput{Bucket: name}, func(out *s3.GetPublicAccessBlockOutput) {
			shape.SetPublicBlock(&l.bucket, out)
		}),
		fetch.Maybe(l, s.GetBucketOwnershipControls, &s3.GetBucketOwnershipControlsInput{Bucket: name}, func(out *s3.GetBucketOwnershipControlsOutput) {
			shape.SetOwnership(&l.bucket, out)
		}),
		fetch.Maybe(l, s.GetBucketPolicy, &s3.GetBucketPolicyInput{Bucket: name}, func(out *s3.GetBucketPolicyOutput) {
			l.bucket.Policy = model.CanonicalJSON(aws.ToString(out.Policy))
		}),
		fetch.Maybe(l, s.GetBucketLifecycleConfiguration, &s3.GetBucketLifecycleConfigurationInput{Bucket: name}, func(out *s3.GetBucketLifecycleConfigurationOutput) {
			shape.SetLifecycle(&l.bucket, out)
		}),
	}
}

// headBucket finds out whether the bucket stands. A name that somebody else has taken answers Forbidden, and so does a caller's
// own who may not ask; to any other question AWS says which of the two it is.
func (l *look) headBucket(name *string) call {
	ask := fetch.Maybe(l, l.c.S3.HeadBucket, &s3.HeadBucketInput{Bucket: name}, func(*s3.HeadBucketOutput) { l.bucketFound = true })
	return func(ctx context.Context) error {
		err := ask(ctx)
		if cloud.Code(err) != "Forbidden" {
			return err
		}
		_, why := cloud.Read(ctx, l.c, l.c.S3.GetBucketVersioning, &s3.GetBucketVersioningInput{Bucket: name})
		switch {
		case why == nil, cloud.Missing(why):
			return err
		case !cloud.Denied(why) || strings.Contains(cloud.Message(why), "not authorized to perform"):
			return why
		}
		l.Lock()
		defer l.Unlock()
		l.bucketTheft = true
		return nil
	}
}

// foldBucket takes a bucket of our name for ours even without tags: the name carries the account, region and cluster,
// and a run may have died before it could set them.
func foldBucket(l *look) {
	switch {
	case l.bucketFound:
		l.bucket.Tags = l.bucketTags.Own()
		for _, t := range l.bucketTags {
			if _, own := l.bucket.Tags.Lookup(t.Key); !own {
				l.bucket.OtherTags = l.bucket.OtherTags.With(t.Key, t.Value)
			}
		}
		l.add(l.bucket, model.Handle{ID: l.bucket.Name})
	case l.bucketTheft:
		l.stray(model.BucketKey(), l.bucket.Name, "S3 bucket "+l.bucket.Name+" of another account")
	}
}
