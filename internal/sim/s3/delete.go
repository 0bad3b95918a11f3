package s3

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// removal is what became of a deletion.
type removal struct {
	id     string // of the version that was removed or of the delete marker that was made; empty without versioning
	marker bool   // a delete marker was made or removed
}

// remove deletes a version for good, or without one puts a delete marker before the key's versions. What is not there
// is deleted with success, unless a condition wants it there; conditions are about the current version.
func remove(c *world.Call, b *world.StorageBucket, key string, version, ifMatch *string) (removal, error) {
	sweepKey(c, b, key)
	if ifMatch != nil {
		v, ok := current(b, key)
		if !ok {
			return removal{}, noKey()
		}
		if !matches(v.ETag, *ifMatch) {
			return removal{}, preconditionFailed()
		}
	}
	if version != nil && *version != "" {
		v := drop(b, key, *version)
		return removal{*version, v.Marker}, nil
	}
	if b.Versioning == "" {
		drop(b, key, null)
		return removal{}, nil
	}
	id := newVersionID(c, b)
	push(b, key, world.ObjectVersion{ID: id, Marker: true, Modified: now(c)})
	return removal{id, true}, nil
}

// DeleteObject deletes an object or one of its versions.
func DeleteObject(c *world.Call, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if in.IfMatchLastModifiedTime != nil || in.IfMatchSize != nil {
		return nil, unsupported() // directory buckets only
	}
	r, err := remove(c, b, aws.ToString(in.Key), in.VersionId, in.IfMatch)
	if err != nil {
		return nil, err
	}
	out := &s3.DeleteObjectOutput{VersionId: text(r.id)}
	if r.marker {
		out.DeleteMarker = aws.Bool(true)
	}
	return out, nil
}

// DeleteObjects deletes up to 1,000 objects or versions, and says of each what became of it.
func DeleteObjects(c *world.Call, in *s3.DeleteObjectsInput) (*s3.DeleteObjectsOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if in.Delete == nil || len(in.Delete.Objects) == 0 || len(in.Delete.Objects) > 1000 {
		return nil, malformedXML()
	}
	out := &s3.DeleteObjectsOutput{}
	for _, o := range in.Delete.Objects {
		r, err := remove(c, b, aws.ToString(o.Key), o.VersionId, o.ETag)
		if e, ok := errors.AsType[*wire.Error](err); ok {
			out.Errors = append(out.Errors, types.Error{Key: o.Key, VersionId: o.VersionId, Code: aws.String(e.Code), Message: aws.String(e.Message)})
			continue
		}
		if !aws.ToBool(in.Delete.Quiet) {
			out.Deleted = append(out.Deleted, deleted(o, r))
		}
	}
	return out, nil
}

func deleted(o types.ObjectIdentifier, r removal) types.DeletedObject {
	d := types.DeletedObject{Key: o.Key, VersionId: text(aws.ToString(o.VersionId))}
	if r.marker {
		d.DeleteMarker, d.DeleteMarkerVersionId = aws.Bool(true), aws.String(r.id)
	}
	return d
}
