package rolling

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"berth/internal/cloud"
	"berth/internal/roll"
)

// mostMemory is how many bytes of a memory are read: some kilobytes for each instance.
const mostMemory = 64 << 20

// Unreadable is a memory that cannot be understood. It must not be overwritten: it says what has to be put back.
type Unreadable struct {
	Bucket string
	Text   string // why
}

// Error says which object, and why.
func (u *Unreadable) Error() string {
	return fmt.Sprintf("what the roll remembers, s3://%s/%s, %s", u.Bucket, roll.MemoryKey, u.Text)
}

// stored is a memory as it lies in the bucket.
type stored struct {
	text []byte
	etag string
}

// Memory reads what a roll has stored, and its version; found is false where there was none yet. What it cannot understand is
// *Unreadable.
func Memory(ctx context.Context, c *cloud.Cloud, bucket string) (m roll.Memory, etag string, found bool, err error) {
	get := func(ctx context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*stored, error) {
		return fetchObject(ctx, c, in)
	}
	o, err := cloud.Read(ctx, c, get, &s3.GetObjectInput{Bucket: &bucket, Key: aws.String(roll.MemoryKey)})
	switch {
	case cloud.Code(err) == "NoSuchKey":
		return m, "", false, nil
	case err != nil:
		return m, "", false, err
	case len(o.text) > mostMemory:
		return m, "", false, &Unreadable{bucket, fmt.Sprintf("has more than %d MiB", mostMemory>>20)}
	}
	err = json.Unmarshal(o.text, &m)
	switch {
	case m.Version > roll.Version:
		return m, "", false, &Unreadable{bucket, fmt.Sprintf("was written by a newer berth: it has version %d, and this one knows %d", m.Version, roll.Version)}
	case err != nil:
		return m, "", false, &Unreadable{bucket, "cannot be read: " + err.Error()}
	case m.Version < 1:
		return m, "", false, &Unreadable{bucket, "is no memory of a roll: it has no version"}
	}
	return m, o.etag, true, nil
}

// fetchObject is GetObject with the reading of the body, so that a connection that breaks off in the midst of it is tried again
// like any other.
func fetchObject(ctx context.Context, c *cloud.Cloud, in *s3.GetObjectInput) (*stored, error) {
	out, err := c.S3.GetObject(ctx, in)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Body.Close() }() // read only
	text, err := io.ReadAll(io.LimitReader(out.Body, mostMemory+1))
	if err != nil {
		return nil, &smithy.OperationError{ServiceID: s3.ServiceID, OperationName: "GetObject", Err: &smithy.DeserializationError{Err: err}}
	}
	return &stored{text, aws.ToString(out.ETag)}, nil
}
