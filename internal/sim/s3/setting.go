package s3

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// PutBucketVersioning turns versioning on or suspends it.
func PutBucketVersioning(c *world.Call, in *s3.PutBucketVersioningInput) (*s3.PutBucketVersioningOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if in.VersioningConfiguration == nil {
		return nil, malformedXML()
	}
	status := in.VersioningConfiguration.Status
	switch {
	case status == "":
		return nil, wire.Errorf("IllegalVersioningConfigurationException", "The Versioning element must be specified")
	case !slices.Contains(status.Values(), status):
		return nil, malformedXML()
	}
	sweep(c, b) // what has expired has expired under the old status
	b.Versioning = string(status)
	return &s3.PutBucketVersioningOutput{}, nil
}

// GetBucketVersioning shows whether versioning is on or suspended, or nothing if it never was on.
func GetBucketVersioning(c *world.Call, in *s3.GetBucketVersioningInput) (*s3.GetBucketVersioningOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketVersioningOutput{Status: types.BucketVersioningStatus(b.Versioning)}, nil
}

// PutBucketEncryption sets how new objects are encrypted.
func PutBucketEncryption(c *world.Call, in *s3.PutBucketEncryptionInput) (*s3.PutBucketEncryptionOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	cfg := in.ServerSideEncryptionConfiguration
	if cfg == nil || len(cfg.Rules) != 1 {
		return nil, malformedXML()
	}
	if by := cfg.Rules[0].ApplyServerSideEncryptionByDefault; by != nil {
		if !slices.Contains(by.SSEAlgorithm.Values(), by.SSEAlgorithm) {
			return nil, malformedXML()
		}
		if by.SSEAlgorithm == types.ServerSideEncryptionAes256 && by.KMSMasterKeyID != nil {
			return nil, wire.Errorf("InvalidArgument", "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse")
		}
	}
	text, err := json.Marshal(cfg)
	if err != nil {
		return nil, malformedXML()
	}
	b.Encryption = string(text)
	return &s3.PutBucketEncryptionOutput{}, nil
}

// GetBucketEncryption shows how new objects are encrypted; there is always something.
func GetBucketEncryption(c *world.Call, in *s3.GetBucketEncryptionInput) (*s3.GetBucketEncryptionOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketEncryptionOutput{ServerSideEncryptionConfiguration: encryption(b)}, nil
}

// DeleteBucketEncryption goes back to SSE-S3.
func DeleteBucketEncryption(c *world.Call, in *s3.DeleteBucketEncryptionInput) (*s3.DeleteBucketEncryptionOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Encryption = ""
	return &s3.DeleteBucketEncryptionOutput{}, nil
}

// encryption is what holds for new objects.
func encryption(b *world.StorageBucket) *types.ServerSideEncryptionConfiguration {
	var cfg types.ServerSideEncryptionConfiguration
	if b.Encryption == "" || json.Unmarshal([]byte(b.Encryption), &cfg) != nil {
		cfg.Rules = []types.ServerSideEncryptionRule{{}}
	}
	if r := &cfg.Rules[0]; r.ApplyServerSideEncryptionByDefault == nil {
		r.ApplyServerSideEncryptionByDefault = &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256}
	}
	cfg.Rules[0].BucketKeyEnabled = cmp.Or(cfg.Rules[0].BucketKeyEnabled, aws.Bool(false))
	return &cfg
}

// How many tags a bucket and an object may have.
const (
	mostTags       = 50
	mostObjectTags = 10
)

// tagSet checks a whole set of tags.
func tagSet(in []types.Tag, most int) (world.Tags, error) {
	var out world.Tags
	if len(in) > most {
		return nil, wire.Errorf("BadRequest", "Tag count cannot be greater than %d", most)
	}
	for _, t := range in {
		key, value := aws.ToString(t.Key), aws.ToString(t.Value)
		if key == "" || len(key) > 128 {
			return nil, wire.Errorf("InvalidTag", "The TagKey you have provided is invalid")
		}
		if len(value) > 256 {
			return nil, wire.Errorf("InvalidTag", "The TagValue you have provided is invalid")
		}
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, wire.Errorf("InvalidTag", "System tags cannot be added/updated by requester")
		}
		if _, twice := out.Get(key); twice {
			return nil, wire.Errorf("InvalidTag", "Cannot provide multiple Tags with the same key")
		}
		out = append(out, world.Tag{Key: key, Value: value})
	}
	return out, nil
}

// PutBucketTagging replaces all the bucket's tags.
func PutBucketTagging(c *world.Call, in *s3.PutBucketTaggingInput) (*s3.PutBucketTaggingOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if in.Tagging == nil {
		return nil, malformedXML()
	}
	t, err := tagSet(in.Tagging.TagSet, mostTags)
	if err != nil {
		return nil, err
	}
	b.Tags = t
	return &s3.PutBucketTaggingOutput{}, nil
}

// GetBucketTagging lists the bucket's tags.
func GetBucketTagging(c *world.Call, in *s3.GetBucketTaggingInput) (*s3.GetBucketTaggingOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if len(b.Tags) == 0 {
		return nil, missing("NoSuchTagSet", "The TagSet does not exist")
	}
	out := &s3.GetBucketTaggingOutput{}
	for _, t := range b.Tags {
		out.TagSet = append(out.TagSet, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return out, nil
}

// DeleteBucketTagging removes all the bucket's tags.
func DeleteBucketTagging(c *world.Call, in *s3.DeleteBucketTaggingInput) (*s3.DeleteBucketTaggingOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Tags = nil
	return &s3.DeleteBucketTaggingOutput{}, nil
}
