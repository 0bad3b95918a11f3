package s3

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// bodiless turns a refusal into what a HEAD request gets to see of it: there is no body to tell more.
func bodiless(err error) error {
	e, ok := errors.AsType[*wire.Error](err)
	if !ok {
		return err
	}
	switch e.Status {
	case 404:
		return wire.Errorf("NotFound", "Not Found").WithStatus(404)
	case 0:
		return wire.Errorf("BadRequest", "Bad Request").WithStatus(400)
	}
	return e
}

// wanted finds the version that a call asks for, or the current one.
func wanted(c *world.Call, in *s3.GetObjectInput) (*world.StorageBucket, *world.ObjectVersion, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, nil, err
	}
	key := aws.ToString(in.Key)
	sweepKey(c, b, key)
	if in.VersionId == nil {
		v, ok := current(b, key)
		if !ok {
			return nil, nil, noKey()
		}
		return b, v, nil
	}
	if *in.VersionId == "" {
		return nil, nil, wire.Errorf("InvalidArgument", "Version id cannot be the empty string")
	}
	if head, ok := b.Objects.Get(key); ok {
		for i := range head.Versions {
			if v := &head.Versions[i]; v.ID == *in.VersionId {
				return b, v, readable(v)
			}
		}
	}
	return nil, nil, missing("NoSuchVersion", "The specified version does not exist.")
}

func readable(v *world.ObjectVersion) error {
	if v.Marker {
		return wire.Errorf("MethodNotAllowed", "The specified method is not allowed against this resource.").WithStatus(405)
	}
	return nil
}

// checkRead holds a read's conditions against a version, in the order of RFC 7232.
func checkRead(v *world.ObjectVersion, in *s3.GetObjectInput) error {
	notModified := wire.Errorf("NotModified", "Not Modified").WithStatus(304)
	if in.IfMatch != nil {
		if !matches(v.ETag, *in.IfMatch) {
			return preconditionFailed()
		}
	} else if in.IfUnmodifiedSince != nil && v.Modified.After(*in.IfUnmodifiedSince) {
		return preconditionFailed()
	}
	if in.IfNoneMatch != nil {
		if matches(v.ETag, *in.IfNoneMatch) {
			return notModified
		}
	} else if in.IfModifiedSince != nil && !v.Modified.After(*in.IfModifiedSince) {
		return notModified
	}
	return nil
}

// GetObject reads an object, an older version of it, or a part.
func GetObject(c *world.Call, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	b, v, err := wanted(c, in)
	if err != nil {
		return nil, err
	}
	if err := checkRead(v, in); err != nil {
		return nil, err
	}
	from, to, part, err := span(in.Range, len(v.Data))
	if err != nil {
		return nil, err
	}
	out := show(b, v)
	out.Body = io.NopCloser(bytes.NewReader(v.Data[from:to]))
	out.ContentLength = aws.Int64(int64(to - from))
	if part {
		out.ContentRange = aws.String(fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(v.Data)))
		return out, nil
	}
	if in.ChecksumMode == types.ChecksumModeEnabled {
		s := sumOf(v)
		out.ChecksumType = types.ChecksumTypeFullObject
		out.ChecksumCRC32, out.ChecksumCRC32C, out.ChecksumCRC64NVME, out.ChecksumSHA1, out.ChecksumSHA256 = s.crc32, s.crc32c, s.crc64, s.sha1, s.sha256
	}
	return out, nil
}

// span reads a Range header: the part [from, to) of size bytes. A header that is not understood is ignored.
func span(header *string, size int) (from, to int, part bool, err error) {
	text, ok := strings.CutPrefix(aws.ToString(header), "bytes=")
	first, last, dashed := strings.Cut(text, "-")
	if !ok || !dashed || strings.Contains(text, ",") {
		return 0, size, false, nil
	}
	a, errA := strconv.Atoi(first)
	z, errZ := strconv.Atoi(last)
	switch {
	case errA == nil && errZ == nil && a <= z:
		from, to = a, min(z+1, size)
	case errA == nil && last == "":
		from, to = a, size
	case first == "" && errZ == nil:
		from, to = max(size-z, 0), size
	default:
		return 0, size, false, nil
	}
	if from >= to {
		return 0, 0, false, wire.Errorf("InvalidRange", "The requested range is not satisfiable").WithStatus(416)
	}
	return from, to, true, nil
}

// show is everything about a version but its body and its checksum.
func show(b *world.StorageBucket, v *world.ObjectVersion) *s3.GetObjectOutput {
	h := v.Headers
	out := &s3.GetObjectOutput{
		AcceptRanges: aws.String("bytes"), ETag: aws.String(v.ETag), LastModified: aws.Time(v.Modified), VersionId: shown(b, v.ID),
		ServerSideEncryption: types.ServerSideEncryption(v.Encryption), SSEKMSKeyId: text(v.KMSKey), Metadata: maps.Clone(v.Meta),
		ContentType: text(h.ContentType), ContentEncoding: text(h.ContentEncoding), ContentLanguage: text(h.ContentLanguage),
		ContentDisposition: text(h.ContentDisposition), CacheControl: text(h.CacheControl), WebsiteRedirectLocation: text(h.Redirect),
	}
	if t, err := time.Parse(http.TimeFormat, h.Expires); err == nil {
		out.Expires, out.ExpiresString = aws.Time(t), aws.String(h.Expires) //nolint:staticcheck // both are read
	}
	if v.StorageClass != string(types.StorageClassStandard) {
		out.StorageClass = types.StorageClass(v.StorageClass)
	}
	if len(v.Tags) > 0 {
		out.TagCount = aws.Int32(int32(len(v.Tags)))
	}
	return out
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// HeadObject is GetObject without the body.
func HeadObject(c *world.Call, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	g, err := GetObject(c, &s3.GetObjectInput{
		Bucket: in.Bucket, Key: in.Key, VersionId: in.VersionId, ExpectedBucketOwner: in.ExpectedBucketOwner, Range: in.Range,
		IfMatch: in.IfMatch, IfNoneMatch: in.IfNoneMatch, IfModifiedSince: in.IfModifiedSince, IfUnmodifiedSince: in.IfUnmodifiedSince,
		ChecksumMode: in.ChecksumMode,
	})
	if err != nil {
		return nil, bodiless(err)
	}
	return &s3.HeadObjectOutput{
		AcceptRanges: g.AcceptRanges, ETag: g.ETag, LastModified: g.LastModified, VersionId: g.VersionId, ContentLength: g.ContentLength,
		ContentRange: g.ContentRange, ServerSideEncryption: g.ServerSideEncryption, SSEKMSKeyId: g.SSEKMSKeyId, Metadata: g.Metadata,
		ContentType: g.ContentType, ContentEncoding: g.ContentEncoding, ContentLanguage: g.ContentLanguage,
		ContentDisposition: g.ContentDisposition, CacheControl: g.CacheControl, WebsiteRedirectLocation: g.WebsiteRedirectLocation,
		Expires: g.Expires, ExpiresString: g.ExpiresString, StorageClass: g.StorageClass, TagCount: g.TagCount, //nolint:staticcheck // both are read
		ChecksumType: g.ChecksumType, ChecksumCRC32: g.ChecksumCRC32, ChecksumCRC32C: g.ChecksumCRC32C, ChecksumCRC64NVME: g.ChecksumCRC64NVME,
		ChecksumSHA1: g.ChecksumSHA1, ChecksumSHA256: g.ChecksumSHA256,
	}, nil
}
