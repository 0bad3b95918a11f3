package rolling

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"berth/internal/cloud"
	"berth/internal/roll"
)

// Text is a memory as it is stored.
func Text(m roll.Memory) ([]byte, error) {
	m.Version = roll.Version
	return json.Marshal(m)
}

// Store puts a memory where the version etag stands in the bucket (empty: where none does), and returns the new
// version. Refused tells that another one stands there. It may be sent twice: once it was carried out the condition no longer
// holds, so an answer that was lost shows as a refusal, and a look tells.
func Store(ctx context.Context, c *cloud.Cloud, bucket string, m roll.Memory, etag string) (string, error) {
	text, err := Text(m)
	if err != nil {
		return "", err
	}
	in := &s3.PutObjectInput{Bucket: &bucket, Key: aws.String(roll.MemoryKey), ContentType: aws.String("application/json"), Body: bytes.NewReader(text)}
	if etag == "" {
		in.IfNoneMatch = aws.String("*")
	} else {
		in.IfMatch = &etag
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
