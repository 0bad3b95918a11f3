package s3

import (
	"maps"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is S3's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	all := bucketOperations()
	maps.Copy(all, objectOperations())
	maps.Copy(all, unsetOperations())
	return all
}

func bucketOperations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CreateBucket":                    wire.Op(CreateBucket),
		"HeadBucket":                      wire.Op(HeadBucket),
		"DeleteBucket":                    wire.Op(DeleteBucket),
		"ListBuckets":                     wire.Op(ListBuckets),
		"GetBucketLocation":               wire.Op(GetBucketLocation),
		"PutPublicAccessBlock":            wire.Op(PutPublicAccessBlock),
		"GetPublicAccessBlock":            wire.Op(GetPublicAccessBlock),
		"DeletePublicAccessBlock":         wire.Op(DeletePublicAccessBlock),
		"PutBucketOwnershipControls":      wire.Op(PutBucketOwnershipControls),
		"GetBucketOwnershipControls":      wire.Op(GetBucketOwnershipControls),
		"DeleteBucketOwnershipControls":   wire.Op(DeleteBucketOwnershipControls),
		"PutBucketVersioning":             wire.Op(PutBucketVersioning),
		"GetBucketVersioning":             wire.Op(GetBucketVersioning),
		"PutBucketEncryption":             wire.Op(PutBucketEncryption),
		"GetBucketEncryption":             wire.Op(GetBucketEncryption),
		"DeleteBucketEncryption":          wire.Op(DeleteBucketEncryption),
		"PutBucketPolicy":                 wire.Op(PutBucketPolicy),
		"GetBucketPolicy":                 wire.Op(GetBucketPolicy),
		"GetBucketPolicyStatus":           wire.Op(GetBucketPolicyStatus),
		"DeleteBucketPolicy":              wire.Op(DeleteBucketPolicy),
		"PutBucketTagging":                wire.Op(PutBucketTagging),
		"GetBucketTagging":                wire.Op(GetBucketTagging),
		"DeleteBucketTagging":             wire.Op(DeleteBucketTagging),
		"PutBucketLifecycleConfiguration": wire.Op(PutBucketLifecycleConfiguration),
		"GetBucketLifecycleConfiguration": wire.Op(GetBucketLifecycleConfiguration),
		"DeleteBucketLifecycle":           wire.Op(DeleteBucketLifecycle),
	}
}

func objectOperations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"PutObject":          wire.Op(PutObject),
		"GetObject":          wire.Op(GetObject),
		"HeadObject":         wire.Op(HeadObject),
		"DeleteObject":       wire.Op(DeleteObject),
		"DeleteObjects":      wire.Op(DeleteObjects),
		"ListObjectsV2":      wire.Op(ListObjectsV2),
		"ListObjectVersions": wire.Op(ListObjectVersions),
	}
}

// unsetOperations read settings that no bucket has here.
func unsetOperations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"GetBucketAcl":                       wire.Op(GetBucketAcl),
		"GetBucketAccelerateConfiguration":   wire.Op(GetBucketAccelerateConfiguration),
		"GetBucketCors":                      wire.Op(GetBucketCors),
		"GetBucketLogging":                   wire.Op(GetBucketLogging),
		"GetBucketNotificationConfiguration": wire.Op(GetBucketNotificationConfiguration),
		"GetBucketReplication":               wire.Op(GetBucketReplication),
		"GetBucketRequestPayment":            wire.Op(GetBucketRequestPayment),
		"GetBucketWebsite":                   wire.Op(GetBucketWebsite),
		"GetObjectLockConfiguration":         wire.Op(GetObjectLockConfiguration),
	}
}
