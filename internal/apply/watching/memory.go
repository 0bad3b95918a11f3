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

// Object is where something is written, over what.
type Object struct {
	Bucket, Key string
	Version     string // ETag of what stands there; empty: nothing does
}

// Store puts a text where that version stands, and returns the new version. Refused tells that another one stands there. It may be
// sent twice: once it was carried out the condition no longer holds, so an answer that was lost shows as a refusal, and a look tells.
func Store(ctx context.Context, c *cloud.Cloud, to Object, text []byte) (string, error) {
	in := &s3.PutObjectInput{Bucket: &to.Bucket, Key: &to.Key, ContentType: aws.String("application/json"), Body: bytes.NewReader(text)}
	if to.Version == "" {
		in.IfNoneMatch = aws.String("*")
	} else {
		in.IfMatch = &to.Version
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
