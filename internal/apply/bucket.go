package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func bucketEntry() entry { return typed(createBucket, updateBucket, deleteBucket) }

func createBucket(ctx context.Context, j *job, b model.Bucket) (model.Handle, error) {
	in := &s3.CreateBucketInput{Bucket: aws.String(b.Name), ObjectOwnership: types.ObjectOwnership(b.Ownership)}
	in.CreateBucketConfiguration = &types.CreateBucketConfiguration{Tags: s3Tags(b.Tags)}
	if j.scope.Region != "us-east-1" { // the one region that AWS does not want to be told
		in.CreateBucketConfiguration.LocationConstraint = types.BucketLocationConstraint(j.scope.Region)
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.S3.CreateBucket, in)
	if err != nil && cloud.Code(err) != "BucketAlreadyOwnedByYou" {
		return model.Handle{}, err
	}
	return model.Handle{ID: b.Name}, j.setBucket(ctx, b, func(...string) bool { return true })
}

func updateBucket(ctx context.Context, j *job, b model.Bucket) (model.Handle, error) {
	b.OtherTags = j.change.From.(model.Bucket).OtherTags
	return j.handle(), j.setBucket(ctx, b, j.differs)
}

// setBucket puts those settings of the bucket that differ.
func (j *job) setBucket(ctx context.Context, b model.Bucket, differs func(...string) bool) error {
	for _, one := range []struct {
		names []string
		put   func(context.Context, model.Bucket) error
	}{
		{[]string{"public_access_block"}, j.putPublicBlock},
		{[]string{"ownership"}, j.putOwnership},
		{[]string{"versioning"}, j.putVersioning},
		{[]string{"encryption"}, j.putEncryption},
		{[]string{"policy"}, j.putPolicy},
		{[]string{"expire_prefix", "expire_old_versions_days"}, j.putLifecycle},
		{[]string{"tags."}, j.putTags},
	} {
		if !differs(one.names...) {
			continue
		}
		if err := one.put(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) putPublicBlock(ctx context.Context, b model.Bucket) error {
	on := aws.Bool(b.PublicBlock)
	_, err := cloud.Repeat(ctx, j.c, j.c.S3.PutPublicAccessBlock, &s3.PutPublicAccessBlockInput{
		Bucket: aws.String(b.Name),
		PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: on, BlockPublicPolicy: on, IgnorePublicAcls: on, RestrictPublicBuckets: on,
		},
	})
	return err
}

func (j *job) putOwnership(ctx context.Context, b model.Bucket) error {
	_, err := cloud.Repeat(ctx, j.c, j.c.S3.PutBucketOwnershipControls, &s3.PutBucketOwnershipControlsInput{
		Bucket:            aws.String(b.Name),
		OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnership(b.Ownership)}}},
	})
	return err
}

func (j *job) putVersioning(ctx context.Context, b model.Bucket) error {
	status := types.BucketVersioningStatusSuspended
	if b.Versioning {
		status = types.BucketVersioningStatusEnabled
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.S3.PutBucketVersioning, &s3.PutBucketVersioningInput{
		Bucket: aws.String(b.Name), VersioningConfiguration: &types.VersioningConfiguration{Status: status},
	})
	return err
}

func (j *job) putEncryption(ctx context.Context, b model.Bucket) error {
	rule := types.ServerSideEncryptionRule{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{
		SSEAlgorithm: types.ServerSideEncryption(b.Encryption),
	}}
	_, err := cloud.Repeat(ctx, j.c, j.c.S3.PutBucketEncryption, &s3.PutBucketEncryptionInput{
		Bucket:                            aws.String(b.Name),
		ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{rule}},
	})
	return err
}

func (j *job) putPolicy(ctx context.Context, b model.Bucket) error {
	_, err := cloud.Repeat(ctx, j.c, j.c.S3.PutBucketPolicy, &s3.PutBucketPolicyInput{Bucket: aws.String(b.Name), Policy: aws.String(b.Policy)})
	return err
}

func (j *job) putLifecycle(ctx context.Context, b model.Bucket) error {
	_, err := cloud.Repeat(ctx, j.c, j.c.S3.PutBucketLifecycleConfiguration, &s3.PutBucketLifecycleConfigurationInput{
		Bucket: aws.String(b.Name),
		LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
			ID: aws.String("old-leases"), Status: types.ExpirationStatusEnabled,
			Filter:                      &types.LifecycleRuleFilter{Prefix: aws.String(b.ExpirePrefix)},
			NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(int32(b.ExpireAfter))},
		}}},
	})
	return err
}

// putTags sets all tags at once, which is the only way S3 has, and so hands back those of others.
func (j *job) putTags(ctx context.Context, b model.Bucket) error {
	all := b.OtherTags
	for _, t := range b.Tags {
		all = all.With(t.Key, t.Value)
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.S3.PutBucketTagging, &s3.PutBucketTaggingInput{
		Bucket: aws.String(b.Name), Tagging: &types.Tagging{TagSet: s3Tags(all)},
	})
	return err
}

// deleteBucket expects the bucket to be empty: whoever holds the lease in it empties it last.
func deleteBucket(ctx context.Context, j *job, b model.Bucket) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.S3.DeleteBucket, &s3.DeleteBucketInput{Bucket: aws.String(b.Name)})
	return model.Handle{}, gone(err)
}

func s3Tags(tags model.Tags) []types.Tag {
	out := make([]types.Tag, len(tags))
	for i, t := range tags {
		out[i] = types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)}
	}
	return out
}
