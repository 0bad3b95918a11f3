// Package watching writes what a watcher has to write: its memory, that messages are done with, and messages to topics.
//
// In: a cloud.Cloud, and what is to be written where. Out: an error, or that it is done. It looks at nothing, decides nothing, and
// overwrites no memory that it was not told the version of.
package watching

import (
	"bytes"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"berth/internal/cloud"
)

// Store puts a text where one of that version stands, or none where the version is empty, and returns the new version. Refused
// tells that another one stands there. It may be sent twice: once it was carried out the condition no longer holds, so an answer
// that was lost shows as a refusal, and a look tells.
func Store(ctx context.Context, c *cloud.Cloud, bucket, key string, text []byte, version string) (string, error) {
	in := &s3.PutObjectInput{Bucket: &bucket, Key: &key, ContentType: aws.String("application/json"), Body: bytes.NewReader(text)}
	if version == "" {
		in.IfNoneMatch = aws.String("*")
	} else {
		in.IfMatch = &version
	}
	out, err := cloud.Repeat(ctx, c, c.S3.PutObject, in)
	if err != nil {
		return "", err
	}
	return aws.ToString(out.ETag), nil
}

// Refused tells that another version stands where one was to be put; or none, where there was one.
func Refused(err error) bool {
	return cloud.Code(err) == "PreconditionFailed" || cloud.Code(err) == "NoSuchKey"
}
