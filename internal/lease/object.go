package lease

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"berth/internal/cloud"
)

// most is how many bytes of the object are read; a holder's are a few hundred.
const most = 1 << 16

// condition is what must be true of the object for a write to happen.
type condition struct {
	none bool   // there is none
	etag string // it is this one
}

// object is a lease's object as it was read.
type object struct {
	holder Holder
	etag   string
}

// put writes the holder into the object if the condition holds. It may be repeated: once it was carried out the
// condition no longer holds, so an answer that was lost shows as a refusal, and a look at the object tells whose it is.
func (l *Lease) put(ctx context.Context, c condition) error {
	body, err := json.Marshal(l.holder)
	if err != nil {
		return err
	}
	in := &s3.PutObjectInput{
		Bucket: aws.String(l.bucket), Key: aws.String(l.name), ContentType: aws.String("application/json"),
		Body: bytes.NewReader(body),
	}
	if c.none {
		in.IfNoneMatch = aws.String("*")
	} else {
		in.IfMatch = aws.String(c.etag)
	}
	out, err := cloud.Repeat(ctx, l.c, l.c.S3.PutObject, in)
	if err == nil {
		l.etag = aws.ToString(out.ETag)
	}
	return err
}

// get reads the object. What cannot be understood has an unknown holder.
func (l *Lease) get(ctx context.Context) (object, error) {
	o, err := cloud.Read(ctx, l.c, l.fetch, &s3.GetObjectInput{Bucket: aws.String(l.bucket), Key: aws.String(l.name)})
	if err != nil {
		return object{}, err
	}
	return *o, nil
}

// fetch is GetObject with the reading of the body, so that a connection that breaks off in the midst of it is tried
// again like any other.
func (l *Lease) fetch(ctx context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*object, error) {
	out, err := l.c.S3.GetObject(ctx, in)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Body.Close() }() // read only
	text, err := io.ReadAll(io.LimitReader(out.Body, most))
	if err != nil {
		return nil, &smithy.OperationError{ServiceID: s3.ServiceID, OperationName: "GetObject", Err: &smithy.DeserializationError{Err: err}}
	}
	o := &object{etag: aws.ToString(out.ETag)}
	if err := json.Unmarshal(text, &o.holder); err != nil {
		o.holder = Holder{}
	}
	o.holder.Renewed = aws.ToTime(out.LastModified)
	return o, nil
}

// drop deletes the object if it is the one with that ETag.
func (l *Lease) drop(ctx context.Context, etag string) error {
	_, err := cloud.Repeat(ctx, l.c, l.c.S3.DeleteObject, &s3.DeleteObjectInput{
		Bucket: aws.String(l.bucket), Key: aws.String(l.name), IfMatch: aws.String(etag),
	})
	return err
}

// refused says that a condition did not hold.
func refused(err error) bool { return cloud.Code(err) == "PreconditionFailed" }

// errGone says that there is no object where one was expected.
var errGone = errors.New("nobody holds the lease")

// others is the object of somebody else, found where ours was expected.
type others object

// Error names the holder.
func (o *others) Error() string { return "the lease is held by " + o.holder.String() }

// write makes the object ours, newly or again, if the condition holds. *others and errGone say what is there instead;
// other errors leave open whether it was written.
func (l *Lease) write(ctx context.Context, need condition) error {
	for {
		l.holder.Beat++
		sent := l.c.Clock.Now()
		failed := l.put(ctx, need)
		switch {
		case failed == nil:
			l.renewed = sent
			return nil
		case !need.none && cloud.Missing(failed):
			return errGone
		case !refused(failed) && !cloud.Lost(failed):
			return failed
		}
		now, err := l.instead(ctx, need, failed)
		if err != nil {
			return err
		}
		l.etag = now.etag
		if now.holder.Beat == l.holder.Beat && now.holder.Since.Equal(l.holder.Since) {
			l.renewed = sent
			return nil
		}
		if !refused(failed) {
			return failed
		}
		need, l.left = condition{etag: now.etag}, true // an earlier write of ours, whose answer was lost
	}
}

// instead is what stands where a write was refused or its answer lost, if it is ours.
func (l *Lease) instead(ctx context.Context, need condition, failed error) (object, error) {
	now, err := l.get(ctx)
	switch {
	case cloud.Missing(err) && (refused(failed) || !need.none):
		return object{}, errGone
	case err != nil && refused(failed):
		return object{}, err
	case err != nil:
		return object{}, failed
	case now.holder.Run != l.holder.Run:
		return object{}, (*others)(&now)
	}
	return now, nil
}
