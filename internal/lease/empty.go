package lease

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"berth/internal/cloud"
)

// How many keys S3 deletes in one call, and how often those that it could not delete are tried again.
const (
	batch = 1000
	tries = 5
)

// Empty removes every version and delete marker of the bucket so that the bucket can be deleted; the leases that are
// held go last, so that nobody takes one meanwhile. A bucket that is not there is empty.
func Empty(ctx context.Context, c *cloud.Cloud, bucket string) error {
	var held []types.ObjectIdentifier
	in := &s3.ListObjectVersionsInput{Bucket: aws.String(bucket)}
	for more := true; more; {
		out, err := cloud.Read(ctx, c, c.S3.ListObjectVersions, in)
		if err != nil {
			return unlessMissing(err)
		}
		old, current := sorted(out)
		if err := remove(ctx, c, bucket, old); err != nil {
			return unlessMissing(err)
		}
		held = append(held, current...)
		more = aws.ToBool(out.IsTruncated)
		in.KeyMarker, in.VersionIdMarker = out.NextKeyMarker, out.NextVersionIdMarker
	}
	for part := range slices.Chunk(held, batch) {
		if err := remove(ctx, c, bucket, part); err != nil {
			return unlessMissing(err)
		}
	}
	return nil
}

func unlessMissing(err error) error {
	if cloud.Missing(err) {
		return nil
	}
	return err
}

// sorted tells leases that are held now from everything else.
func sorted(out *s3.ListObjectVersionsOutput) (old, held []types.ObjectIdentifier) {
	for _, v := range out.Versions {
		id := types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId}
		if aws.ToBool(v.IsLatest) && strings.HasPrefix(aws.ToString(v.Key), "lease/") {
			held = append(held, id)
		} else {
			old = append(old, id)
		}
	}
	for _, m := range out.DeleteMarkers {
		old = append(old, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
	}
	return old, held
}

// remove deletes up to a batch of versions. S3 answers for each of them: those that only failed for now are deleted
// again.
func remove(ctx context.Context, c *cloud.Cloud, bucket string, ids []types.ObjectIdentifier) error {
	for try := 1; len(ids) > 0; try++ {
		out, err := cloud.Repeat(ctx, c, c.S3.DeleteObjects, &s3.DeleteObjectsInput{
			Bucket: aws.String(bucket), Delete: &types.Delete{Objects: ids, Quiet: aws.Bool(true)},
		})
		if err != nil || len(out.Errors) == 0 {
			return err
		}
		ids = nil
		for _, e := range out.Errors {
			err := failure(e)
			if cloud.Missing(err) {
				continue
			}
			if try == tries || !passing(err) {
				return err
			}
			ids = append(ids, types.ObjectIdentifier{Key: e.Key, VersionId: e.VersionId})
		}
		if err := c.Clock.Sleep(ctx, time.Duration(try)*time.Second); err != nil {
			return err
		}
	}
	return nil
}

// failure is what S3 says of one version, as the error that it would be if the call had been about that alone.
func failure(e types.Error) error {
	return &smithy.OperationError{ServiceID: s3.ServiceID, OperationName: "DeleteObjects", Err: &smithy.GenericAPIError{
		Code: aws.ToString(e.Code), Message: aws.ToString(e.Key) + ": " + aws.ToString(e.Message),
	}}
}
