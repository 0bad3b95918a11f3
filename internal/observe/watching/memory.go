package watching

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"berth/internal/cloud"
	"berth/internal/watch"
)

// MemoryKey is where the memory lies in the cluster's bucket: below lease/, where old versions go after a day.
const MemoryKey = "lease/watch/memory.json"

// MostMemory is how many bytes of a memory are read.
const MostMemory = 16 << 20

// Stored is a memory as it lies in the bucket.
type Stored struct {
	Memory watch.Memory
	Text   []byte
	ETag   string // of this version; empty: there is none
}

// Unreadable is a memory that cannot be understood. It must not be overwritten: what is in it was to be told to somebody.
type Unreadable struct {
	Bucket string
	Text   string // why
}

// Error says which object, and why.
func (u *Unreadable) Error() string {
	return fmt.Sprintf("the watcher's memory s3://%s/%s %s", u.Bucket, MemoryKey, u.Text)
}

// Memory reads what the watcher before has stored; there is nothing before the first one. What it cannot understand is *Unreadable.
func Memory(ctx context.Context, c *cloud.Cloud, bucket string) (Stored, error) {
	get := func(ctx context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*Stored, error) {
		return read(ctx, c, in)
	}
	found, err := cloud.Read(ctx, c, get, &s3.GetObjectInput{Bucket: &bucket, Key: aws.String(MemoryKey)})
	switch {
	case cloud.Code(err) == "NoSuchKey":
		return Stored{Memory: watch.Memory{Version: watch.Version}}, nil
	case err != nil:
		return Stored{}, err
	}
	if len(found.Text) > MostMemory {
		return Stored{}, &Unreadable{bucket, fmt.Sprintf("has more than %d MiB", MostMemory>>20)}
	}
	err = json.Unmarshal(found.Text, &found.Memory)
	switch {
	case found.Memory.Version > watch.Version:
		return Stored{}, &Unreadable{bucket, fmt.Sprintf("was written by a newer berth: it has version %d, and this one knows %d", found.Memory.Version, watch.Version)}
	case err != nil:
		return Stored{}, &Unreadable{bucket, "cannot be read: " + err.Error()}
	case found.Memory.Version < 1:
		return Stored{}, &Unreadable{bucket, "is no watcher's memory: it has no version"}
	}
	return *found, nil
}

// read is GetObject with the reading of the body, so that a connection that breaks off in the midst of it is tried again like any
// other.
func read(ctx context.Context, c *cloud.Cloud, in *s3.GetObjectInput) (*Stored, error) {
	out, err := c.S3.GetObject(ctx, in)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Body.Close() }() // read only
	text, err := io.ReadAll(io.LimitReader(out.Body, MostMemory+1))
	if err != nil {
		return nil, &smithy.OperationError{ServiceID: s3.ServiceID, OperationName: "GetObject", Err: &smithy.DeserializationError{Err: err}}
	}
	return &Stored{Text: text, ETag: aws.ToString(out.ETag)}, nil
}
