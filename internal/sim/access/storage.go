package access

// s3Table follows the Amazon S3 user guide, "Required permissions for Amazon S3 API operations": actions and operations have
// different names.
const s3Table = `
CreateBucket {Bucket}
+ ?s3:TagResource {Bucket}
+ s3:PutBucketOwnershipControls #ownership
DeleteBucket {Bucket}
DeleteBucketEncryption >s3:PutEncryptionConfiguration {Bucket}
DeleteBucketLifecycle >s3:PutLifecycleConfiguration {Bucket}
DeleteBucketOwnershipControls >s3:PutBucketOwnershipControls {Bucket}
DeleteBucketPolicy {Bucket}
DeleteBucketTagging >s3:PutBucketTagging {Bucket}
DeleteObject >- #objects
DeleteObjects >- #objects
DeletePublicAccessBlock >s3:PutBucketPublicAccessBlock {Bucket}
GetBucketAccelerateConfiguration >s3:GetAccelerateConfiguration {Bucket}
GetBucketAcl {Bucket}
GetBucketCors >s3:GetBucketCORS {Bucket}
GetBucketEncryption >s3:GetEncryptionConfiguration {Bucket}
GetBucketLifecycleConfiguration >s3:GetLifecycleConfiguration {Bucket}
GetBucketLocation {Bucket}
GetBucketLogging {Bucket}
GetBucketNotificationConfiguration >s3:GetBucketNotification {Bucket}
GetBucketOwnershipControls {Bucket}
GetBucketPolicy {Bucket}
GetBucketPolicyStatus {Bucket}
GetBucketReplication >s3:GetReplicationConfiguration {Bucket}
GetBucketRequestPayment {Bucket}
GetBucketTagging {Bucket}
GetBucketVersioning {Bucket}
GetBucketWebsite {Bucket}
GetObject >- #objects
GetObjectLockConfiguration >s3:GetBucketObjectLockConfiguration {Bucket}
GetPublicAccessBlock >s3:GetBucketPublicAccessBlock {Bucket}
HeadBucket >s3:ListBucket {Bucket}
HeadObject >- #objects
ListBuckets >s3:ListAllMyBuckets
ListObjectVersions >s3:ListBucketVersions {Bucket}
ListObjectsV2 >s3:ListBucket {Bucket}
PutBucketEncryption >s3:PutEncryptionConfiguration {Bucket}
PutBucketLifecycleConfiguration >s3:PutLifecycleConfiguration {Bucket}
PutBucketOwnershipControls {Bucket}
PutBucketPolicy {Bucket}
PutBucketTagging {Bucket}
PutBucketVersioning {Bucket}
PutObject {Bucket}/{Key}
+ s3:GetObject #ifmatch
PutPublicAccessBlock >s3:PutBucketPublicAccessBlock {Bucket}
`

// ssmTable follows "Actions, resources, and condition keys for AWS Systems Manager".
const ssmTable = `
DescribeParameters
GetParameter #parameters
GetParameters #parameters
GetParametersByPath parameter/{Path}
`

// objects are the objects of a call, each with the action for one version or for the newest.
func objects(n need) []need {
	bucket := text(n.in, "Bucket")
	one := func(key, version string) need {
		o := n
		o.action, o.resource = "s3:GetObject", "arn:aws:s3:::"+bucket+"/"+key
		if n.Operation == "DeleteObject" || n.Operation == "DeleteObjects" {
			o.action = "s3:DeleteObject"
		}
		if version != "" {
			o.action += "Version"
		}
		return o
	}
	if n.Operation != "DeleteObjects" {
		return append([]need{one(text(n.in, "Key"), text(n.in, "VersionId"))}, absence(n, bucket)...)
	}
	var out []need
	for _, o := range values(n.in, "Delete.Objects") {
		out = append(out, one(text(o.Interface(), "Key"), text(o.Interface(), "VersionId")))
	}
	return out
}

// absence is the permission to hear that an object is not there: without it S3 answers 403, and not 404 (S3 API reference,
// GetObject).
func absence(n need, bucket string) []need {
	b, stands := n.S3.Buckets.Get(bucket)
	if n.Operation != "GetObject" && n.Operation != "HeadObject" || !stands {
		return nil
	}
	if o, there := b.Objects.Get(text(n.in, "Key")); there && !o.Versions[0].Marker {
		return nil
	}
	n.action, n.resource = "s3:ListBucket", "arn:aws:s3:::"+bucket
	return []need{n}
}

// ownership is the choice of an object ownership while a bucket is made.
func ownership(n need) []need {
	if text(n.in, "ObjectOwnership") == "" {
		return nil
	}
	n.resource = "arn:aws:s3:::" + text(n.in, "Bucket")
	return []need{n}
}

// ifMatch is the reading that a write upon a condition takes (Amazon S3 user guide, "Conditional writes": If-Match needs
// s3:GetObject too).
func ifMatch(n need) []need {
	if text(n.in, "IfMatch") == "" {
		return nil
	}
	n.resource = "arn:aws:s3:::" + text(n.in, "Bucket") + "/" + text(n.in, "Key")
	return []need{n}
}
