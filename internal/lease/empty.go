package lease

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/cloud"
)

// Empty removes every version and delete marker of the bucket, the leases' with them, so that the bucket can be
// deleted. A bucket that is not there is empty.
func Empty(ctx context.Context, c *cloud.Cloud, bucket string) error {
	in := &s3.ListObjectVersionsInput{Bucket: aws.String(bucket)}
	for {
		out, err := cloud.Read(ctx, c, c.S3.ListObjectVersions, in)
		if cloud.Missing(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := remove(ctx, c, bucket, identifiers(out)); err != nil {
			return err
		}
		if !aws.ToBool(out.IsTruncated) {
			return nil
		}
		in.KeyMarker, in.VersionIdMarker = out.NextKeyMarker, out.NextVersionIdMarker
	}
}

func identifiers(out *s3.ListObjectVersionsOutput) []types.ObjectIdentifier {
	var ids []types.ObjectIdentifier
	for _, v := range out.Versions {
		ids = append(ids, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
	}
	for _, m := range out.DeleteMarkers {
		ids = append(ids, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
	}
	return ids
}

func remove(ctx context.Context, c *cloud.Cloud, bucket string, ids []types.ObjectIdentifier) error {
	if len(ids) == 0 {
		return nil
	}
	out, err := cloud.Repeat(ctx, c, c.S3.DeleteObjects, &s3.DeleteObjectsInput{
		Bucket: aws.String(bucket), Delete: &types.Delete{Objects: ids, Quiet: aws.Bool(true)},
	})
	if err != nil {
		return err
	}
	if len(out.Errors) > 0 {
		e := out.Errors[0]
		return fmt.Errorf("cannot empty bucket %s: %s: %s", bucket, aws.ToString(e.Key), aws.ToString(e.Message))
	}
	return nil
}
