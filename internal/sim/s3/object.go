package s3

import (
	"cmp"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// PutObject writes an object, unless its conditions do not hold: If-None-Match "*" wants no object there, If-Match
// wants one with that ETag.
func PutObject(c *world.Call, in *s3.PutObjectInput) (*s3.PutObjectOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	key := aws.ToString(in.Key)
	if err := checkKey(key); err != nil {
		return nil, err
	}
	sweepKey(c, b, key)
	if err := checkWrite(b, key, in); err != nil {
		return nil, err
	}
	v, err := newVersion(b, in)
	if err != nil {
		return nil, err
	}
	v.ID, v.Modified = newVersionID(c, b), now(c)
	push(b, key, v)
	out := &s3.PutObjectOutput{
		ETag: aws.String(v.ETag), VersionId: shown(b, v.ID), ServerSideEncryption: types.ServerSideEncryption(v.Encryption),
		ChecksumType: types.ChecksumTypeFullObject,
	}
	if v.KMSKey != "" {
		out.SSEKMSKeyId = aws.String(v.KMSKey)
	}
	s := sumOf(&v)
	out.ChecksumCRC32, out.ChecksumCRC32C, out.ChecksumCRC64NVME, out.ChecksumSHA1, out.ChecksumSHA256 = s.crc32, s.crc32c, s.crc64, s.sha1, s.sha256
	return out, nil
}

// checkWrite holds the call's conditions against what is there.
func checkWrite(b *world.StorageBucket, key string, in *s3.PutObjectInput) error {
	if !slices.Contains([]types.ObjectCannedACL{"", types.ObjectCannedACLPrivate, types.ObjectCannedACLBucketOwnerFullControl}, in.ACL) {
		return wire.Errorf("AccessControlListNotSupported", "The bucket does not allow ACLs")
	}
	if in.IfNoneMatch != nil && *in.IfNoneMatch != "*" || in.IfNoneMatch != nil && in.IfMatch != nil {
		return unsupported()
	}
	v, there := current(b, key)
	switch {
	case in.IfNoneMatch != nil && there:
		return preconditionFailed()
	case in.IfMatch != nil && !there:
		return noKey()
	case in.IfMatch != nil && !matches(v.ETag, *in.IfMatch):
		return preconditionFailed()
	}
	return nil
}

// newVersion reads the body and everything that S3 keeps with it.
func newVersion(b *world.StorageBucket, in *s3.PutObjectInput) (world.ObjectVersion, error) {
	v := world.ObjectVersion{Meta: maps.Clone(in.Metadata), StorageClass: string(cmp.Or(in.StorageClass, types.StorageClassStandard))}
	if in.Body != nil {
		data, err := io.ReadAll(in.Body)
		if err != nil {
			return v, wire.Errorf("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header")
		}
		v.Data = data
	}
	sum := md5.Sum(v.Data)
	v.ETag = `"` + hex.EncodeToString(sum[:]) + `"`
	if !slices.Contains(types.StorageClass("").Values(), types.StorageClass(v.StorageClass)) {
		return v, wire.Errorf("InvalidStorageClass", "The storage class you specified is not valid")
	}
	var err error
	if v.Tags, err = tagQuery(aws.ToString(in.Tagging)); err != nil {
		return v, err
	}
	v.Headers = headersOf(in)
	v.Encryption, v.KMSKey = encryptionOf(b, in)
	v.Algorithm, v.Checksum = given(in)
	if v.Algorithm == "" {
		v.Algorithm, v.Checksum = "CRC64NVME", crc64NVME(v.Data)
	}
	return v, nil
}

// tagQuery reads tags in the form of a URL's query.
func tagQuery(text string) (world.Tags, error) {
	query, err := url.ParseQuery(text)
	if err != nil {
		return nil, wire.Errorf("InvalidArgument", "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.")
	}
	var set []types.Tag
	for _, key := range slices.Sorted(maps.Keys(query)) {
		for _, value := range query[key] {
			set = append(set, types.Tag{Key: aws.String(key), Value: aws.String(value)})
		}
	}
	return tagSet(set, mostObjectTags)
}

func headersOf(in *s3.PutObjectInput) world.ObjectHeaders {
	h := world.ObjectHeaders{
		ContentType: aws.ToString(in.ContentType), ContentEncoding: aws.ToString(in.ContentEncoding),
		ContentLanguage: aws.ToString(in.ContentLanguage), ContentDisposition: aws.ToString(in.ContentDisposition),
		CacheControl: aws.ToString(in.CacheControl), Redirect: aws.ToString(in.WebsiteRedirectLocation),
	}
	if h.ContentType == "" {
		h.ContentType = "binary/octet-stream"
	}
	if in.Expires != nil {
		h.Expires = in.Expires.UTC().Format(http.TimeFormat)
	}
	return h
}

// encryptionOf is how a new object is encrypted: as the call says, else as the bucket does.
func encryptionOf(b *world.StorageBucket, in *s3.PutObjectInput) (algorithm, key string) {
	usual := encryption(b).Rules[0].ApplyServerSideEncryptionByDefault
	by := cmp.Or(in.ServerSideEncryption, usual.SSEAlgorithm)
	if by == types.ServerSideEncryptionAes256 {
		return string(by), ""
	}
	managed := fmt.Sprintf("arn:aws:kms:%s:%s:alias/aws/s3", b.Region, world.Account)
	return string(by), cmp.Or(aws.ToString(in.SSEKMSKeyId), aws.ToString(usual.KMSMasterKeyID), managed)
}
